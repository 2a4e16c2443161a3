"""Excel workbooks: opened with care, read as text, written without formulas.

An .xlsx file is a zip file. Its sizes are checked before anything is unpacked, and a document
type declaration (which Excel never writes) is refused: both are ways to fill the memory. openpyxl
takes long to load, so that is done where it is used.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import Any

from rft_core.errors import InputError
from rft_core.examples.cells import unguard
from rft_core.examples.columns import known_roles
from rft_core.examples.sheets import Problem, Sheet, filled_rows, header_names
from rft_core.examples.zipfiles import require_plain_xml, require_sizes

MAX_CELL_CHARS = 32_767
"""Excel's own limit for the text of a cell."""

_WIDEST = 256
"""Columns that are looked at; more than `columns.MAX_COLUMNS`, so that too many are noticed."""
_EXACT_INTEGER = 10**15
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff]|[Ff]{3}[EeFf])_")
_NEEDS_ESCAPE = re.compile(
    r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x(?:00[01][0-9A-Fa-f]|005[Ff]|[Ff]{3}[EeFf])_)"
)


def read_workbook(data: bytes) -> Sheet:
    """Read the first sheet that has a prompt column, else the first that is not empty.

    Raises InputError for a file that is damaged, unsafe to unpack or no workbook.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _require_safe_zip(data)
            return _read(data)
        except InputError:
            raise
        except Exception as error:  # a damaged part makes zipfile and openpyxl raise anything
            raise InputError(
                f"The workbook is damaged and cannot be opened ({type(error).__name__}).",
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


def _read(data: bytes) -> Sheet:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        heads = {sheet.title: head for sheet in book.worksheets if (head := _head(sheet))}
        if not heads:
            raise InputError("The workbook is empty.", "Choose a file with at least one case.")
        chosen = next((t for t in heads if "prompt" in known_roles(heads[t])), next(iter(heads)))
        sheet = _sheet(book[chosen], heads[chosen])
        others = [title for title in heads if title != chosen]
        if others:
            sheet.problems.insert(0, _unread(chosen, others))
        return sheet
    finally:
        book.close()


def _head(sheet: Any) -> tuple[str, ...]:
    _, first = next(filled_rows(_rows(sheet), _text), (0, []))
    return header_names([unguard(_text(cell)) for cell in first])


def _sheet(source: Any, head: tuple[str, ...]) -> Sheet:
    sheet = Sheet(columns=head, is_text=True)
    filled = filled_rows(_rows(source), _text)
    next(filled)
    for number, cells in filled:
        sheet.count_row()
        wrong = next((cell for cell in cells if cell.data_type == "e"), None)
        if wrong is not None:
            sheet.problems.append(_formula_error(number, wrong))
            continue
        sheet.add_cells(number, [unguard(_text(cell)) for cell in cells], notes_beside=True)
    return sheet


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
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGER:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return _unescape(value) if isinstance(value, str) else str(value)


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


def _formula_error(number: int, cell: Any) -> Problem:
    return Problem(
        row=number,
        message=f"The cell {cell.coordinate} shows the error {cell.value}.",
        fix="Correct its formula, or write the value itself.",
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
