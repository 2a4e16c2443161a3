"""What every file format is turned into before its rows become examples."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.cells import clean
from rft_core.records import Record

MAX_BLANK_ROWS = 50_000

Cell = TypeVar("Cell")
Start = tuple[tuple[int, tuple[str, ...]], ...]
"""The number of each of the first rows that are not blank, and its cells."""


class Problem(Record):
    """Something in a file that could not be taken as it is."""

    row: int | None
    """Row (tables; the headings are row 1), line (JSONL) or entry (JSON); None: the whole file."""
    message: str
    fix: str
    left_out: bool = False
    """Whether the row is not among the cases; else it was taken with a change."""


@dataclass(frozen=True)
class Row:
    """One row: `number` as the user sees it, `values` by column (blank cells left out)."""

    number: int
    values: dict[str, Any]


@dataclass
class Sheet:
    """A file's columns and rows. `is_text`: values are cell texts, to be read by `cells`."""

    columns: tuple[str, ...]
    is_text: bool
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows_read: int = 0
    start: Start = ()
    """The first rows of a table of cell texts, long cells cut, whatever they are."""
    head: int = 0
    """The number of the row with the headings; 0 for none."""

    def count_row(self) -> None:
        """Count a row that is not blank; raise InputError over the limit."""
        self.rows_read += 1
        if self.rows_read > settings.MAX_EXAMPLES:
            raise InputError(
                f"The file has more than {settings.MAX_EXAMPLES:,} rows.",
                "Split it, or keep the cases that matter most: a few dozen are enough.",
            )

    def add_cells(self, number: int, cells: Sequence[str], notes_beside: bool = False) -> None:
        """Take a row of cell texts.

        Values past the last heading are notes (`notes_beside`), or else a row fallen apart.
        """
        if not notes_beside and any(clean(cell) for cell in cells[len(self.columns) :]):
            self.problems.append(
                Problem(
                    row=number,
                    message=f"The row has {len(cells)} cells for {len(self.columns)} columns.",
                    fix="Put a text that holds commas, semicolons or tabs between quotation marks.",
                )
            )
            return
        pairs = zip(self.columns, cells, strict=False)
        values = {name: cell for name, cell in pairs if name and clean(cell)}
        self.rows.append(Row(number, values))
        if len(values) < sum(bool(clean(cell)) for cell in cells):
            self._report_headless()

    def _report_headless(self) -> None:
        note = Problem(
            row=None,
            message="A column without a heading was left out.",
            fix="Give it a heading in the first row if it matters.",
        )
        if note not in self.problems:
            self.problems.append(note)


def filled_rows(
    records: Iterable[tuple[int, Sequence[Cell]]], text: Callable[[Cell], str]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows that are not blank. After `MAX_BLANK_ROWS` blank ones the table has ended."""
    blank = 0
    for number, cells in records:
        if any(clean(text(cell)) for cell in cells):
            yield number, cells
        else:
            blank += 1
            if blank > MAX_BLANK_ROWS:
                return


def header_names(cells: list[str]) -> tuple[str, ...]:
    """Clean headings, the blank ones at the end dropped."""
    names = [clean(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def object_sheet(entries: Iterable[tuple[int, Any]]) -> Sheet:
    """Return numbered objects as a sheet; its columns are the keys of those of other programs.

    A `Problem` in place of an object is a row that could not be read. Raises InputError for too
    many entries.
    """
    sheet = Sheet(columns=(), is_text=False)
    columns: dict[str, None] = {}
    for number, entry in entries:
        sheet.count_row()
        if isinstance(entry, dict):
            sheet.rows.append(Row(number, entry))
            columns.update(dict.fromkeys(entry) if not is_own(entry) else {})
        elif isinstance(entry, Problem):
            sheet.problems.append(entry)
        else:
            sheet.problems.append(_not_an_object(number, entry))
    sheet.columns = tuple(columns)
    return sheet


def is_own(entry: dict[str, Any]) -> bool:
    """Tell whether an object is an example as this program writes it: it has `fields`."""
    return "prompt" in entry and isinstance(entry.get("fields"), dict)


def _not_an_object(number: int, entry: Any) -> Problem:
    kind = "a list" if isinstance(entry, list) else repr(entry)[:40]
    return Problem(
        row=number,
        message=f"An object with the parts of a case was expected, not {kind}.",
        fix='Write it as {"prompt": "…", "reference": "…"}.',
    )
