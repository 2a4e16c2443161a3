"""The text of a Word or PDF document, to be pasted into a case.

Text only: pictures, comments, headers and footers are left out, tables are written row by row,
footnotes come last. A .docx file is a zip file of XML, so its sizes and declarations are checked
before it is opened.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.cells import clean
from rft_core.examples.decoding import decode_text
from rft_core.examples.wordtext import word_blocks
from rft_core.examples.zipfiles import require_plain_xml, require_sizes

MAX_PAGES = 200
MAX_STREAM_MB = 20
"""Of one page's drawing commands, unpacked."""
KINDS = (".docx", ".pdf", ".txt", ".md")

_SPACES = re.compile(r"[ \u00a0]+")
_GAPS = re.compile(r"\n{3,}")


def text_of(filename: str, data: bytes) -> str:
    """Return the text of a .docx, .pdf, .txt or .md file, paragraphs apart by blank lines.

    Raises InputError for another kind of file, one that is too large, damaged, unsafe to unpack or
    locked by a password, one of more than `MAX_PAGES` pages, one without text (a scan), and a text
    longer than `settings.MAX_TEXT_CHARS`.
    """
    kind = PurePath(filename).suffix.lower()
    if kind not in KINDS:
        raise InputError(
            f'The text of "{filename}" cannot be read here.',
            "Use a Word document (.docx), a PDF or a text file.",
        )
    if len(data) > settings.MAX_UPLOAD_MB * 2**20:
        raise InputError(
            f'"{filename}" has {len(data) / 2**20:.1f} MB; the limit is {settings.MAX_UPLOAD_MB} '
            "MB.",
            "Keep the pages that matter.",
        )
    if not data:
        raise InputError(f'"{filename}" is empty.', "Choose another file.")
    readers = {".docx": _word_text, ".pdf": _pdf_text}
    text = _tidy(readers[kind](data) if kind in readers else decode_text(data))
    if not text:
        raise InputError(
            f'"{filename}" holds no text.',
            "It may be a scan: read it with text recognition first, or type the passage.",
        )
    return text


def _word_text(data: bytes) -> str:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            "The document is locked by a password, or is of an older kind.",
            "Open it in Word and save it as .docx, without a password.",
        )
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            require_sizes(archive.infolist(), "document")
            require_plain_xml(archive, "document")
        return _joined(word_blocks(docx.Document(io.BytesIO(data))))
    except InputError:
        raise
    except Exception:  # a damaged part makes zipfile, lxml and docx raise anything
        raise InputError(
            "The document is damaged, or is no Word document.",
            "Open it in Word and save it again as .docx.",
        ) from None


def _pdf_text(data: bytes) -> str:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not _opens(reader):
            raise InputError(
                "The PDF is locked by a password.", "Save a copy of it without a password."
            )
        pages = len(reader.pages)
        if pages > MAX_PAGES:
            raise InputError(
                f"The PDF has {pages:,} pages; the limit is {MAX_PAGES}.",
                "Keep the pages that matter.",
            )
        return _joined(_page_text(page) for page in reader.pages)
    except InputError:
        raise
    except Exception:  # damaged files make pypdf raise anything
        raise InputError(
            "The PDF is damaged, or is no PDF, and cannot be read.",
            "Open it in a PDF program and print it into a new PDF.",
        ) from None


def _opens(reader: Any) -> bool:
    """Tell whether a locked PDF opens without a password; some kinds of locks are not known."""
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        return False


def _page_text(page: Any) -> str:
    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > MAX_STREAM_MB * 2**20:
        raise InputError(
            "A page of the PDF is a drawing too large to be read.", "Keep the other pages."
        )
    return str(page.extract_text())


def _joined(parts: Iterator[str]) -> str:
    """Join parts, and stop where there is more text than a case may hold."""
    found: list[str] = []
    size = 0
    for part in parts:
        found.append(part)
        size += len(part)
        if size > 2 * settings.MAX_TEXT_CHARS:
            break
    return "\n\n".join(found)


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = [_SPACES.sub(" ", line).strip(" ") for line in text.split("\n")]
    tidy = clean(_GAPS.sub("\n\n", "\n".join(lines)))
    if len(tidy) > settings.MAX_TEXT_CHARS:
        raise InputError(
            f"The document has more than {settings.MAX_TEXT_CHARS:,} characters, which is more "
            "than a case may hold.",
            "Copy the passages that matter for the answer.",
        )
    return tidy
