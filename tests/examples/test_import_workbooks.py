"""Excel workbooks, ordinary, awkward and hostile."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.importing import open_sheet, read_examples


def workbook(*rows, **sheets) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, others in sheets.items():
        sheet = book.create_sheet(title)
        for row in others:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def changed(data: bytes, part: str, change) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return buffer.getvalue()


def read(data: bytes, **options):
    return read_examples("cases.xlsx", data, **options)


SHEET = "xl/worksheets/sheet1.xml"


def test_numbers_dates_and_truth_values():
    moment = datetime.datetime.fromisoformat("2024-03-01 14:30")
    data = workbook(
        [" ID ", "Prompt\r\n", "answer", "n", "x", "day", "at", "ok", "text"],
        [1, "P", 12.0, 3, 0.25, datetime.date(2024, 3, 1), moment, True, "12.50"],
    )
    [example] = read(data).examples
    assert (example.id, example.prompt, example.reference) == ("1", "P", "12")
    assert example.fields == {
        "n": 3,
        "x": 0.25,
        "day": "2024-03-01",
        "at": "2024-03-01 14:30:00",
        "ok": True,
        "text": "12.50",
    }


def test_blank_rows_and_the_row_numbers_after_them():
    data = workbook([None], [None, "prompt", "split"], [], [None, "A"], [None, "B", "soon"])
    result = read(data)
    assert [example.prompt for example in result.examples] == ["A"]
    assert [problem.row for problem in result.problems] == [5]
    assert result.rows_read == 2


def test_sheet_with_the_cases_is_found_and_the_others_are_named():
    data = workbook(["About"], ["Made by M."], Cases=[["prompt"], ["A"]])
    result = read(data)
    assert [example.prompt for example in result.examples] == ["A"]
    assert 'Only the sheet "Cases" was read, not Sheet' in result.problems[0].message


def test_the_row_with_the_headings_can_be_told():
    rows = [["A", None, 1], ["B", "x", 2]]
    for head, columns in ((0, 3), (1, 3), (2, 3)):
        sheet, _ = open_sheet("cases.xlsx", workbook(*rows, ["C"]), head=head)
        assert (len(sheet.columns), len(sheet.rows)) == (columns, 3 - head)
    assert sheet.columns == ("B", "x", "2")


def test_notes_beside_the_table_do_not_cost_the_row():
    result = read(workbook(["prompt"], ["A", None, "check this"], ["B"]))
    assert [example.prompt for example in result.examples] == ["A", "B"]
    assert [problem.row for problem in result.problems] == [None]


def test_error_cells_are_named():
    result = read(workbook(["prompt", "x"], ["A", "#REF!"], ["B", 1]))
    assert [example.prompt for example in result.examples] == ["B"]
    assert "B2 shows the error #REF!" in result.problems[0].message


def test_size_that_the_sheet_claims_is_not_believed():
    data = workbook(["prompt", "x"], ["A", 1], ["B", 2])
    for claimed in (b"A1", b"A1:XFD1048576"):
        lied = changed(
            data, SHEET, lambda xml, claimed=claimed: xml.replace(b'"A1:B3"', b'"%s"' % claimed)
        )
        assert lied != data
        assert len(read(lied).examples) == 2


def test_row_with_an_absurd_number_ends_the_sheet():
    data = workbook(["prompt"], ["A"], ["B"])
    far = changed(data, SHEET, lambda xml: xml.replace(b'r="3"', b'r="999999999999"'))
    assert [example.prompt for example in read(far).examples] == ["A"]


def test_row_limit(monkeypatch):
    monkeypatch.setattr(settings, "MAX_EXAMPLES", 2)
    with pytest.raises(InputError, match="more than 2 rows"):
        read(workbook(["prompt"], ["A"], ["B"], ["C"]))
