"""CSV and TSV: the separator found, the cells read as every spreadsheet program writes them."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.cells import clean, unguard
from rft_core.examples.columns import known_roles
from rft_core.examples.sheets import Problem, Sheet, filled_rows, header_names

_SEPARATORS = (",", ";", "\t", "|")
_NONE = "\x1f"
"""The separator of a file with one column: a character that text does not hold."""
_TOLD = re.compile(r'\ufeff?"?sep=(.)"?\r?\n')
_STRAY = re.compile(r"\r(?!\n)")
_QUOTED = re.compile(r'(?<![^,;\t|\r\n ])"(?:[^"\\]++|\\.|"")*+"', re.DOTALL)
"""A cell between quotation marks, where a backslash can stand before one inside."""
_ESCAPED = re.compile(r'\\(["\\])')
_AFTER_QUOTE = re.compile(r'" ++(?=[,;\t|\r\n]|$)')
_SAMPLE_CHARS = 65_536
_SAMPLE_ROWS = 20

_SHORT_ROW = 0.75
"""How well a row fits that leaves out cells at its end, as exports do with empty ones."""
_ONE_COLUMN = 0.7
"""How well rows of one cell fit under one heading: any text without the separator does."""

csv.field_size_limit(settings.MAX_UPLOAD_MB * 2**20)


def read_delimited(text: str) -> Sheet:
    """Read a table whose first row that is not blank holds the headings.

    Quotation marks inside text may be written twice or, where all of the file fits to that, with a
    backslash. Rows with others in the middle of a quoted text are reported. Raises InputError where
    a quotation mark is never closed, or for too many rows.
    """
    told, text = _told_separator(_without_stray_returns(text))
    plain = _without_backslashes(text, told)
    separator = told or find_separator(plain)
    stray = _stray_rows(plain, separator)
    filled = filled_rows(enumerate(_records(plain, separator), start=1), str)
    _, head = next(filled, (0, []))
    sheet = Sheet(columns=header_names([unguard(cell) for cell in head]), is_text=True)
    for number, cells in filled:
        sheet.count_row()
        under_headings = not any(map(clean, cells[len(head) :]))
        sheet.add_cells(number, [unguard(cell) for cell in cells], notes_beside=under_headings)
        if number in stray:
            sheet.problems.append(_stray_quote(number))
    if plain != text:
        sheet.problems.append(_BACKSLASHES)
    return sheet


def read_pasted(text: str, has_headings: bool) -> Sheet:
    """Read rows copied from a spreadsheet: tabs between the cells, or else as in a file.

    Without headings the columns are called "Column 1" and so on. A row that is wider than the
    others has fallen apart and is left out; of one that is narrower the last cells are empty. Both
    are reported. Raises InputError where there are no rows,
    where a quotation mark is never closed, or for too many rows.
    """
    rows = _pasted_rows(text)
    if len(rows) <= has_headings:
        raise InputError("There are no rows yet.", "Copy rows in the spreadsheet, and paste them.")
    width = max(Counter(len(cells) for _, cells in rows).items(), key=lambda item: item[::-1])[0]
    columns = tuple(f"Column {n}" for n in range(1, width + 1))
    if has_headings:
        columns = header_names([unguard(cell) for cell in rows.pop(0)[1]])
        width = len(columns)
    sheet = Sheet(columns=columns, is_text=True)
    for number, cells in rows:
        sheet.count_row()
        if len(cells) < width:
            sheet.problems.append(_narrow(number, width - len(cells)))
        sheet.add_cells(number, [unguard(cell) for cell in cells])
    return sheet


def pasted_start(text: str) -> list[list[str]]:
    """Return the first of the pasted rows that are not blank, as cells."""
    separator = _pasted_separator(text)
    rows = _reader(_without_stray_returns(text[:_SAMPLE_CHARS]), separator)
    return list(itertools.islice((row for row in rows if any(map(clean, row))), _SAMPLE_ROWS))


def _pasted_rows(text: str) -> list[tuple[int, Sequence[str]]]:
    records = _records(_without_stray_returns(text), _pasted_separator(text))
    return list(filled_rows(enumerate(records, start=1), str))


def _pasted_separator(text: str) -> str:
    return "\t" if "\t" in text else find_separator(text)


_BACKSLASHES = Problem(
    row=None,
    message=r'This file writes quotation marks inside text with a backslash: \" was taken as ", '
    r"and \\ as \.",
    fix='Where that is wrong, write quotation marks inside text twice ("").',
)


def _stray_quote(number: int) -> Problem:
    return Problem(
        row=number,
        message="A quotation mark stands in the middle of a quoted text, so the text may be wrong.",
        fix='Compare it with the file, and write quotation marks inside text twice ("").',
    )


def _narrow(number: int, missing: int) -> Problem:
    last = "last cell is" if missing == 1 else f"last {missing} cells are"
    return Problem(
        row=number,
        message=f"The {last} missing and taken as empty.",
        fix="Where a text was torn at a line break, put it between quotation marks.",
    )


def find_separator(text: str) -> str:
    """Return the separator under which the headings make most sense.

    What counts, in this order: headings known here, rows that fit under them, more columns.
    """
    best = max(_SEPARATORS, key=lambda separator: _fit(text, separator))
    return best if _fit(text, best)[-1] > 1 else _NONE


def _fit(text: str, separator: str) -> tuple[bool, int, float, int]:
    """Return (a prompt is found, roles found, how well rows fit under the headings, columns)."""
    reader = _reader(text[:_SAMPLE_CHARS], separator)
    rows = list(itertools.islice((row for row in reader if any(map(clean, row))), _SAMPLE_ROWS))
    if not rows:
        return False, 0, 0.0, 0
    head = header_names(rows[0])
    roles = known_roles(head)
    return "prompt" in roles, len(roles), _rows_fit(rows[1:], len(rows[0])), len(rows[0])


def _rows_fit(rows: Sequence[list[str]], width: int) -> float:
    """Return how well rows fit under so many headings, 0 to 1."""
    if not rows:
        return 1.0
    exact = sum(len(row) == width for row in rows)
    if width == 1:
        return _ONE_COLUMN * exact / len(rows)
    return (exact + _SHORT_ROW * sum(1 < len(row) < width for row in rows)) / len(rows)


def _without_stray_returns(text: str) -> str:
    """Make spaces of carriage returns outside quotation marks, where line feeds end the lines."""
    if len(_STRAY.findall(text)) >= text.count("\n"):
        return text
    parts = text.split('"')
    parts[::2] = [_STRAY.sub(" ", part) for part in parts[::2]]
    return '"'.join(parts)


def _without_backslashes(text: str, told: str | None) -> str:
    """Write \\" as "" where that makes a clean table of one that is none as it stands."""
    if '\\"' not in text or _is_clean(text, told or find_separator(text)):
        return text
    plain = _QUOTED.sub(lambda cell: _ESCAPED.sub(_doubled, cell[0]), text)
    return plain if _is_clean(plain, told or find_separator(plain)) else text


def _doubled(match: re.Match[str]) -> str:
    return '""' if match[1] == '"' else match[1]


def _is_clean(text: str, separator: str) -> bool:
    """Tell whether each quoted text ends where its cell ends, spaces aside."""
    try:
        for _ in _reader(_AFTER_QUOTE.sub('"', text), separator, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _stray_rows(text: str, separator: str) -> set[int]:
    """Return the numbers of the rows that are not clean."""
    if _is_clean(text, separator):
        return set()
    lines = io.StringIO(text, newline="").readlines()
    rows: Any = _reader(text, separator)
    found, start = set(), 0
    for number, _ in enumerate(rows, start=1):
        if not _is_clean("".join(lines[start : rows.line_num]), separator):
            found.add(number)
        start = rows.line_num
    return found


def _told_separator(text: str) -> tuple[str | None, str]:
    """Take off the line `sep=;` that Excel puts first."""
    match = _TOLD.match(text)
    return (match[1], text[match.end() :]) if match else (None, text)


def _reader(text: str, separator: str, strict: bool = False) -> Iterator[list[str]]:
    source = io.StringIO(text, newline="")
    return csv.reader(source, delimiter=separator, skipinitialspace=True, strict=strict)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the records; one row more is put last, which an open quotation mark would swallow."""
    end = "\0the end"
    while end in text:
        end += "\0"
    reader = _reader(f"{text}\r\n{end}\r\n", separator)
    for number, cells in enumerate(reader, start=1):
        if cells == [end]:
            return
        if any(end in cell for cell in cells):
            raise InputError(
                f"A quotation mark opened in row {number} is never closed.",
                'Close it, and write quotation marks inside text twice ("").',
            )
        yield cells
