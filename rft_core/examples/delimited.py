"""CSV and TSV: the separator found, the cells read as every spreadsheet program writes them."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.cells import clean, unguard
from rft_core.examples.columns import known_roles
from rft_core.examples.sheets import Problem, Sheet, Start, filled_rows, header_names
from rft_core.examples.titles import START_ROWS, begin_sheet, count_titles, start_of

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

_SHORT_ROW = 0.75
"""How well a row fits that leaves out cells at its end, as exports do with empty ones."""
_ONE_COLUMN = 0.7
"""How well rows of one cell fit under one heading: any text without the separator does."""

csv.field_size_limit(settings.MAX_UPLOAD_MB * 2**20)


def read_delimited(text: str, head: int | None = None) -> Sheet:
    """Read a table; `head` is the row with the headings, if known (see `titles.begin_sheet`).

    Quotation marks inside text may be written twice or, where all of the file fits to that, with a
    backslash. Rows with others in the middle of a quoted text are reported. Raises InputError where
    a quotation mark is never closed, or for too many rows.
    """
    told, text = _told_separator(_without_stray_returns(text))
    plain = _without_backslashes(text, told)
    separator = told or find_separator(plain)
    stray = _stray_rows(plain, separator)
    filled = filled_rows(_unguarded(_records(plain, separator)), str)
    first = list(itertools.islice(filled, START_ROWS))
    sheet = begin_sheet(first, head)
    width = next((len(cells) for n, cells in first if n == sheet.head), len(sheet.columns))
    for number, cells in itertools.chain(first, filled):
        if number <= sheet.head:
            continue
        sheet.count_row()
        sheet.add_cells(number, cells, notes_beside=not any(map(clean, cells[width:])))
        if number in stray:
            sheet.problems.append(_stray_quote(number))
    if plain != text:
        sheet.problems.append(_BACKSLASHES)
    return sheet


def read_pasted(text: str, head: int | None = None) -> Sheet:
    """Read rows copied from a spreadsheet: tabs between the cells, or else as in a file.

    `head` is the row with the headings, if known (see `titles.begin_sheet`). A row that is wider
    than the others has fallen apart and is left out; of one that is narrower the last cells are
    empty. Both are reported. Raises InputError where there are no rows, where a quotation mark is
    never closed, or for too many rows.
    """
    rows = _pasted_rows(text)
    usual = Counter(len(cells) for _, cells in rows)
    width = max(usual.items(), key=lambda item: item[::-1], default=(0, 0))[0]
    sheet = begin_sheet(rows[:START_ROWS], head, width)
    rows = [(number, cells) for number, cells in rows if number > sheet.head]
    if not rows:
        raise InputError("There are no rows yet.", "Copy rows in the spreadsheet, and paste them.")
    for number, cells in rows:
        sheet.count_row()
        if len(cells) < len(sheet.columns):
            sheet.problems.append(_narrow(number, len(sheet.columns) - len(cells)))
        sheet.add_cells(number, cells)
    return sheet


def pasted_start(text: str) -> Start:
    """Return the first of the pasted rows that are not blank, whether or not the text is whole."""
    separator = _pasted_separator(text)
    records = _reader(_without_stray_returns(text[:_SAMPLE_CHARS]), separator)
    filled = filled_rows(_unguarded(records), str)
    return start_of(list(itertools.islice(filled, START_ROWS)))


def _unguarded(records: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Number the records from 1, their cells without guarding apostrophes."""
    for number, cells in enumerate(records, start=1):
        yield number, [unguard(cell) for cell in cells]


def _pasted_rows(text: str) -> list[tuple[int, list[str]]]:
    records = _records(_without_stray_returns(text), _pasted_separator(text))
    return [(n, list(cells)) for n, cells in filled_rows(_unguarded(records), str)]


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
    rows = list(itertools.islice((row for row in reader if any(map(clean, row))), START_ROWS))
    if not rows:
        return False, 0, 0.0, 0
    if titles := count_titles(rows):
        rows = rows if _is_prose(text, separator, rows[titles]) else rows[titles:]
    head = header_names(rows[0])
    roles = known_roles(head)
    return "prompt" in roles, len(roles), _rows_fit(rows[1:], len(rows[0])), len(rows[0])


def _is_prose(text: str, separator: str, row: Sequence[str]) -> bool:
    """Tell whether a row is a sentence with commas rather than cells: a space follows each."""
    return separator == "," and ", ".join(row) in text


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
