"""Excel workbooks: opened with care, read as text, written without formulas.

An .xlsx file is a zip file. Its sizes are checked before anything is unpacked, and a document
type declaration (which Excel never writes) is refused: both are ways to fill the memory. openpyxl
takes long to load, so that is done where it is used.
"""

import io
import itertools
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import Any

from rft_core.errors import InputError
from rft_core.examples.cells import unguard
from rft_core.examples.columns import known_roles
from rft_core.examples.sheetmarks import Marks, fill_merged, read_marks
from rft_core.examples.sheets import Problem, Sheet, filled_rows
from rft_core.examples.titles import START_ROWS, begin_sheet
from rft_core.examples.zipfiles import require_plain_xml, require_sizes

MAX_CELL_CHARS = 32_767
"""Excel's own limit for the text of a cell."""

_WIDEST = 256
"""Columns that are looked at; more than `columns.MAX_COLUMNS`, so that too many are noticed."""
_EXACT_INTEGER = 10**15
_ZEROS = re.compile("00+")
"""A number format that shows leading zeros, as of a postcode."""
_ROWS_NAMED = 5
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff]|[Ff]{3}[EeFf])_")
_NEEDS_ESCAPE = re.compile(
    r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x(?:00[01][0-9A-Fa-f]|005[Ff]|[Ff]{3}[EeFf])_)"
)


def read_workbook(data: bytes, head: int | None = None) -> Sheet:
    """Read the first sheet that has a prompt column, else the first that is not empty.

    `head` is the row with its headings, if known (see `titles.begin_sheet`).
    Raises InputError for a file that is damaged, unsafe to unpack or no workbook.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _require_safe_zip(data)
            return _read(data, head)
        except InputError:
            raise
        except Exception as error:  # a damaged part makes zipfile and openpyxl raise anything
            raise InputError(
                "The workbook is damaged, or no workbook, and cannot be opened.",
                "Open it in Excel, save it again as .xlsx, or save the sheet as CSV.",
            ) from error


def write_workbook(rows: Iterable[Sequence[str | int | float]]) -> bytes:
    """Write one sheet, text as text.

    Raises InputError for a text longer than an Excel cell can hold.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Cases")
    for cells in [[_written(sheet, value) for value in row] for row in rows]:
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def is_exact_number(value: Any) -> bool:
    """Tell whether a workbook keeps this number, its type included."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if isinstance(value, int):
        return abs(value) < _EXACT_INTEGER
    return not value.is_integer() and float(f"{value:.16g}") == value


def _read(data: bytes, head: int | None) -> Sheet:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        tops = {sheet.title: top for sheet in book.worksheets if (top := _top(sheet))}
        if not tops:
            raise InputError("The workbook is empty.", "Choose a file with at least one case.")
        with_cases = (
            t for t in tops if "prompt" in known_roles(begin_sheet(tops[t], None).columns)
        )
        chosen = next(with_cases, next(iter(tops)))
        sheet = _filled(book[chosen], begin_sheet(tops[chosen], head))
        others = [title for title in tops if title != chosen]
        if others:
            sheet.problems.insert(0, _unread(chosen, others))
        return sheet
    finally:
        book.close()


def _top(sheet: Any) -> list[tuple[int, list[str]]]:
    """Return the first rows of a sheet that are not blank."""
    rows = itertools.islice(filled_rows(_rows(sheet), _text), START_ROWS)
    return [(number, [unguard(_text(cell)) for cell in cells]) for number, cells in rows]


def _filled(source: Any, sheet: Sheet) -> Sheet:
    """Put the rows below the headings into the sheet that was begun with them."""
    width = len(sheet.columns)
    with source._get_source() as xml:
        marks = read_marks(xml)
    filled = filled_rows(
        _rows(source), lambda cell: "=" if _is_unsaved(cell, marks) else _text(cell)
    )
    below = ((number, cells) for number, cells in filled if number > sheet.head)
    merged: list[int] = []
    for number, cells in fill_merged(below, marks):
        sheet.count_row()
        wrong = _unreadable(number, cells[:width], marks)
        if wrong is not None:
            sheet.problems.append(wrong)
            continue
        sheet.add_cells(number, [unguard(_text(cell)) for cell in cells], notes_beside=True)
        if any(cell.value is not None and cell.row != number for cell in cells[:width]):
            merged.append(number)
    if merged:
        sheet.problems.append(_merged(merged))
    return sheet


def _unreadable(number: int, cells: Sequence[Any], marks: Marks) -> Problem | None:
    """Name the first cell that shows an error, or whose formula has no result yet."""
    for cell in cells:
        if cell.data_type == "e":
            return Problem(
                row=number,
                message=f"The cell {cell.coordinate} shows the error {cell.value}.",
                fix="Correct its formula, or write the value itself.",
            )
        if _is_unsaved(cell, marks):
            return Problem(
                row=number,
                message=f"The cell {cell.coordinate} holds a formula without a saved result.",
                fix="Open the file in your spreadsheet program and save it, or write the value "
                "itself.",
            )
    return None


def _is_unsaved(cell: Any, marks: Marks) -> bool:
    """Tell whether a cell's formula has no result; cells that the file lacks have no place."""
    if cell.value is not None or not hasattr(cell, "row"):
        return False
    return (cell.row, cell.column) in marks.unsaved


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield (row number, cells), disbelieving the size that the file claims for itself."""
    sheet.reset_dimensions()
    yield from enumerate(sheet.iter_rows(max_col=_WIDEST), start=1)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) and abs(value) < _EXACT_INTEGER and value == int(value):
        return _with_zeros(int(value), cell.number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return _unescape(value) if isinstance(value, str) else str(value)


def _with_zeros(number: int, number_format: str) -> str:
    """Write a number as it is shown where its format is of zeros only: 00123 for 123."""
    if not _ZEROS.fullmatch(number_format):
        return str(number)
    return f"{'-' if number < 0 else ''}{abs(number):0{len(number_format)}d}"


def _written(sheet: Any, value: str | int | float) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=None)
    if not isinstance(value, str):
        cell.value = value
        return cell
    cell._value = _escaped(value)  # past openpyxl, which would make a formula of a leading "="
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    return cell


def check_cells(rows: Iterable[Sequence[str | int | float]]) -> None:
    """Raise InputError for a text that `write_workbook` would refuse."""
    for row in rows:
        for value in row:
            if isinstance(value, str):
                _escaped(value)


def _escaped(value: str) -> str:
    text = _NEEDS_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", value)
    if len(text.encode("utf-16-le")) > 2 * MAX_CELL_CHARS:
        raise InputError(
            f"A text of {len(value):,} characters is too long for a cell of Excel, which holds "
            f"{MAX_CELL_CHARS:,}.",
            "Export as CSV or JSONL instead.",
        )
    return text


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _unread(chosen: str, others: list[str]) -> Problem:
    return Problem(
        row=None,
        message=f'Only the sheet "{chosen}" was read, not {", ".join(others)}.',
        fix="Put all cases on one sheet if the others hold cases too.",
    )


def _merged(numbers: list[int]) -> Problem:
    named = ", ".join(map(str, numbers[:_ROWS_NAMED]))
    more = len(numbers) - _ROWS_NAMED
    return Problem(
        row=None,
        message="A cell merged over several rows counts for each of them. Its value was taken in "
        f"{'row' if len(numbers) == 1 else 'rows'} {named}{f' and {more:,} more' * (more > 0)}.",
        fix="Unmerge the cells in your spreadsheet program if it belongs to the first row alone.",
    )


def _require_safe_zip(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        require_sizes(parts, "workbook")
        if not any(part.filename.startswith("xl/") for part in parts):
            raise InputError(
                "The file is not an Excel workbook, whatever its name says.",
                "Open it in Excel and save it as .xlsx.",
            )
        require_plain_xml(archive, "workbook")
