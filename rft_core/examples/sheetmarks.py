"""What openpyxl's quick reader passes over: formulas without a saved result, and merged cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from lxml import etree

Place = tuple[int, int]
"""Row and column of a cell, from 1."""


@dataclass
class Marks:
    """What a sheet's own XML says beside the values of its cells."""

    unsaved: set[Place] = field(default_factory=set)
    """Cells with a formula that no program has calculated yet."""
    merged: dict[Place, int] = field(default_factory=dict)
    """First cell of each range merged over several rows, and the last of these rows."""


def read_marks(source: IO[bytes]) -> Marks:
    """Read the XML of one sheet. Raises whatever lxml and openpyxl raise for a damaged one."""
    from openpyxl.utils.cell import range_boundaries

    marks = Marks()
    number = 0
    for _, element in etree.iterparse(
        source, tag=("{*}row", "{*}mergeCell"), resolve_entities=False, no_network=True
    ):
        if element.tag.endswith("mergeCell"):
            left, top, _, bottom = range_boundaries(element.get("ref"))
            if top and left and bottom and bottom > top:
                marks.merged[top, left] = bottom
        else:
            number = int(element.get("r", number + 1))
            marks.unsaved.update((number, column) for column in _unsaved(element))
            element.clear()
    return marks


def fill_merged(
    rows: Iterator[tuple[int, Sequence[Any]]], marks: Marks
) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield the rows with the first cell of a merged range in each empty cell below it.

    Only the first column of a range is filled.
    """
    columns = sorted({column for _, column in marks.merged})
    open_ranges: dict[int, tuple[int, Any]] = {}
    for number, cells in rows:
        row = list(cells)
        for column in [one for one in columns if one <= len(cells)]:
            cell = cells[column - 1]
            last, first = open_ranges.get(column, (0, None))
            if (number, column) in marks.merged:
                open_ranges[column] = marks.merged[number, column], cell
            elif number <= last and cell.value is None:
                row[column - 1] = first
        yield number, row


def _unsaved(row: Any) -> Iterator[int]:
    from openpyxl.utils.cell import coordinate_to_tuple

    column = 0
    for cell in row:
        place = cell.get("r")
        column += 1
        if cell.find("{*}f") is None:
            continue
        if place:
            column = coordinate_to_tuple(place)[1]
        if cell.get("t") != "str" and not cell.findtext("{*}v"):
            yield column
