"""The text of Word and PDF documents, ordinary, awkward and hostile."""

import io

import docx
import pypdf
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples import documents
from rft_core.examples.documents import text_of
from tests.examples.archives import packed

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(*parts) -> bytes:
    """Build a document of paragraphs (texts) and tables (lists of rows)."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(rows=0, cols=len(part[0]))
        for row in part:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    return saved(document)


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf(*pages: str) -> bytes:
    """Build a PDF with one line of text a page; a page of "" has none."""
    writer = pypdf.PdfWriter()
    for text in pages:
        page = writer.add_blank_page(300, 300)
        font = pypdf.generic.DictionaryObject(
            {
                pypdf.generic.NameObject("/Type"): pypdf.generic.NameObject("/Font"),
                pypdf.generic.NameObject("/Subtype"): pypdf.generic.NameObject("/Type1"),
                pypdf.generic.NameObject("/BaseFont"): pypdf.generic.NameObject("/Helvetica"),
            }
        )
        fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
        page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
            {pypdf.generic.NameObject("/Font"): fonts}
        )
        stream = pypdf.generic.StreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode() if text else b"")
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def locked(data: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(data))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_paragraphs_and_tables_of_a_word_document_in_their_order():
    data = word("Clause 1", [["Rent", "Due"], ["900", "1  March\nat noon"]], "", "", "Signed, Zoë")
    assert text_of("lease.DOCX", data) == (
        "Clause 1\n\nRent\tDue\n900\t1 March at noon\n\nSigned, Zoë"
    )


def test_merged_cells_come_once_and_tables_within_tables_are_read():
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Both"
    inner = table.cell(1, 0).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "Inside"
    assert text_of("a.docx", saved(document)) == "Both\nInside"


def inside(document, xml: str) -> None:
    """Put raw XML into the last paragraph of a document."""
    spaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    root = parse_xml(f"<w:r {spaces}>{xml}</w:r>")
    for child in list(root):
        document.paragraphs[-1]._p.append(child)


def test_tracked_changes_read_as_accepted_and_content_controls_are_read():
    document = docx.Document()
    document.add_paragraph("Rent is ")
    run = "<w:r><w:t>{}</w:t></w:r>"
    inside(document, f"<w:ins>{run.format('950')}</w:ins>")
    inside(document, "<w:del><w:r><w:delText>900</w:delText></w:r></w:del>")
    inside(document, f"<w:moveFrom>{run.format(' gone')}</w:moveFrom>")
    inside(document, f"<w:sdt><w:sdtContent>{run.format(' euros')}</w:sdtContent></w:sdt>")
    assert text_of("a.docx", saved(document)) == "Rent is 950 euros"


def test_footnotes_come_last_with_their_numbers():
    document = docx.Document()
    document.add_paragraph("See the law")
    inside(document, '<w:r><w:footnoteReference w:id="1"/></w:r>')
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    notes = (
        f'<w:footnotes xmlns:w="{name}"><w:footnote w:type="separator" w:id="0"/>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>Section 5.</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    part = Part(PackURI("/word/footnotes.xml"), "text/xml", notes.encode(), document.part.package)
    document.part.relate_to(part, f"{RELATIONS}/footnotes")
    assert text_of("a.docx", saved(document)) == (
        "See the law [footnote 1]\n\nFootnote 1: Section 5."
    )


def test_pages_of_a_pdf():
    assert text_of("a.pdf", pdf("First page", "", "Last page")) == "First page\n\nLast page"


def test_plain_text_in_any_encoding():
    assert text_of("a.txt", "Grüße\r\n\r\n\r\n\r\nEnde   x".encode("cp1252")) == "Grüße\n\nEnde x"


def test_a_pdf_that_opens_without_a_password_is_read():
    assert text_of("a.pdf", locked(pdf("Open"), "")) == "Open"


@pytest.mark.parametrize(
    ("filename", "data", "said"),
    [
        pytest.param("a.doc", b"x", '"a.doc" cannot be read', id="old word"),
        pytest.param("a", b"x", "cannot be read", id="no ending"),
        pytest.param("a.pdf", b"", "empty", id="no bytes"),
        pytest.param("a.pdf", b"%PDF-1.7 nothing", "damaged", id="no pdf"),
        pytest.param("a.pdf", b"PK\x03\x04", "damaged", id="zip renamed"),
        pytest.param("a.pdf", pdf("x" * 400)[:300], "damaged", id="cut off"),
        pytest.param("a.pdf", pdf("", ""), "holds no text", id="scan"),
        pytest.param("a.pdf", locked(pdf("Secret"), "pass"), "password", id="locked pdf"),
        pytest.param("a.docx", b"\xd0\xcf\x11\xe0rest", "password", id="locked word"),
        pytest.param("a.docx", b"text", "damaged", id="no zip"),
        pytest.param("a.docx", word("A")[:-300], "damaged", id="word cut off"),
        pytest.param("a.docx", packed("xl/workbook.xml", b"<x/>"), "damaged", id="workbook"),
        pytest.param("a.docx", packed("word/document.xml", b" " * 30_000_000), "29 MB", id="bomb"),
        pytest.param(
            "a.docx",
            packed("word/document.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
            "declaration",
            id="entities",
        ),
        pytest.param(
            "a.docx",
            packed("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16")),
            "declaration",
            id="entities in utf-16",
        ),
        pytest.param("a.docx", word("", " \u00a0 "), "holds no text", id="word without text"),
        pytest.param("a.docx", word("x" * 100_001), "100,000 characters", id="long word"),
        pytest.param("a.txt", b"a\0b", "not plain text", id="binary"),
    ],
)
def test_documents_that_cannot_be_used(filename, data, said):
    with pytest.raises(InputError) as caught:
        text_of(filename, data)
    assert said in caught.value.message
    assert caught.value.fix


def test_limits(monkeypatch):
    monkeypatch.setattr(documents, "MAX_PAGES", 1)
    with pytest.raises(InputError, match="2 pages; the limit is 1"):
        text_of("a.pdf", pdf("A", "B"))
    monkeypatch.setattr(documents, "MAX_STREAM_MB", 0)
    with pytest.raises(InputError, match="too large to be read"):
        text_of("a.pdf", pdf("A"))
    monkeypatch.setattr(settings, "MAX_UPLOAD_MB", 0)
    with pytest.raises(InputError, match="the limit is 0 MB"):
        text_of("a.txt", b"text")
