"""Which row of a table holds the headings: titles and headings of groups may stand above it.

Spreadsheets that people keep often begin with what they are about, in one cell that may be merged
over the columns, and with a blank row; then come the headings. Others name groups of columns above
the headings. What all of these share is that they fill fewer cells than the headings do.
"""

from collections.abc import Sequence
from statistics import median

from rft_core.errors import InputError
from rft_core.examples.cells import clean
from rft_core.examples.columns import known_roles
from rft_core.examples.headings import Headings, are_values, find_headings
from rft_core.examples.sheets import Problem, Sheet, Start, header_names
from rft_core.records import Project

NO_HEADINGS = 0
"""In place of the number of a row: the first row is a case already."""
START_ROWS = 20
"""Rows that are looked at."""
MOST_TITLES = 5
FEWEST_COLUMNS = 3
"""From here a row with text in half of the cells is a title, whatever the headings say."""
_START_CHARS = 200
_SHOWN_CHARS = 80


def start_of(rows: Sequence[tuple[int, Sequence[str]]]) -> Start:
    """Return the first rows of a table, long cells cut and blank ones at the end dropped."""
    return tuple(
        (number, header_names([cell[:_START_CHARS] for cell in cells]))
        for number, cells in rows[:START_ROWS]
    )


def count_titles(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the first rows stand above the headings."""
    places = range(min(MOST_TITLES, len(rows) - 1), 0, -1)
    return next((place for place in places if _are_titles(rows[:place], rows[place:])), 0)


def find_head(start: Start) -> int:
    """Return the number of the row with the headings, if any row has them."""
    return start[count_titles([cells for _, cells in start])][0] if start else NO_HEADINGS


def guess_head(start: Start, project: Project | None = None) -> tuple[int, bool]:
    """Return the number of the row that likely has the headings, or 0, and whether that is sure."""
    head = find_head(start)
    rows = [cells for number, cells in start if number >= head]
    found = Headings(True, True) if len(rows) < len(start) else find_headings(rows, project)
    return head if found.found else NO_HEADINGS, found.sure


def begin_sheet(
    rows: Sequence[tuple[int, Sequence[str]]], head: int | None, width: int | None = None
) -> Sheet:
    """Return a sheet with the columns that the first rows of a table give it, and no rows yet.

    `head` is the number of the row with the headings, or 0 for none: then there are `width`
    columns, called "Column 1" and so on. None stands for what is likely. Rows above the headings
    are reported. Raises InputError where no such row is among the first.
    """
    start = start_of(rows)
    if head is None:
        head = find_head(start)
    if head == NO_HEADINGS:
        count = max((len(cells) for _, cells in start), default=0) if width is None else width
        columns = tuple(f"Column {n}" for n in range(1, count + 1))
    else:
        named = next((cells for number, cells in rows if number == head), None)
        if named is None:
            raise InputError(f"Row {head} has no headings.", "Choose another row.")
        columns = header_names(list(named))
    titles = [_title(number, cells) for number, cells in start if number < head]
    return Sheet(columns=columns, is_text=True, problems=titles, start=start, head=head)


def _are_titles(above: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether some rows stand above others that begin with the headings."""
    most, here = max(map(_filled, above)), _filled(rows[0])
    usual = median(map(_filled, rows))
    case_above = any("prompt" in known_roles(row) for row in above)
    if most >= here or 2 * here <= usual or (case_above and "prompt" not in known_roles(rows[0])):
        return False
    if usual >= FEWEST_COLUMNS and 2 * most <= usual and not are_values(rows):
        return True
    return find_headings(rows).found


def _filled(row: Sequence[str]) -> int:
    return sum(bool(clean(cell)) for cell in row)


def _title(number: int, cells: Sequence[str]) -> Problem:
    text = " | ".join(filter(None, map(clean, cells))).replace('"', "'")
    shown = text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
    return Problem(
        row=number,
        message=f'Row {number} is a title above the headings: "{shown}"',
        fix="Choose the row with the headings if it is another one.",
    )
