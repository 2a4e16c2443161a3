"""Files of other tools, recognised by their columns and rewritten row by row.

A format's `row` turns one row into an example as this program writes it (with `fields`), or into
a plain row whose columns still get roles. Whatever has no place here is kept under its own key, or
noted; a row that cannot be read whole is not taken.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from rft_core.errors import InputError
from rft_core.examples.columns import FIELD
from rft_core.examples.foreign import annotations, promptfoo, rubrics
from rft_core.examples.foreign.parts import Note, Values
from rft_core.examples.sheets import Problem, Sheet, object_sheet

_ROWS_NAMED = 5


class Format(NamedTuple):
    """A format: the name that pages show, how it is told, and how a row of it is read."""

    name: str
    looks_like: Callable[[Collection[str]], bool]
    row: Callable[[Values], tuple[dict[str, Any], list[Note]]]
    """From a row to the rewritten row and notes on it. Raises InputError."""
    has_shape: Callable[[Values], bool] = bool
    """Tells whether the values of a row are of the right kinds; one such row is asked for."""


FORMATS = (
    Format("HealthBench", rubrics.looks_like_healthbench, rubrics.healthbench_row),
    Format("PRBench", rubrics.looks_like_prbench, rubrics.prbench_row),
    Format("ProfBench", rubrics.looks_like_profbench, rubrics.profbench_row),
    Format("promptfoo tests", promptfoo.looks_like_tests, promptfoo.test_row, promptfoo.is_test),
    Format("Argilla", annotations.looks_like_argilla, annotations.argilla_row),
    Format(
        "Label Studio",
        annotations.looks_like_label_studio,
        annotations.label_studio_row,
        annotations.is_label_studio_task,
    ),
)


def recognise(sheet: Sheet) -> Format | None:
    """Return the format whose columns these are; None for plain tables, chats and own files.

    A heading "field: NAME" makes a table one of our own, whatever the name.
    """
    if "messages" in sheet.columns and not sheet.is_text:
        return None
    if any(column.startswith(FIELD) for column in sheet.columns):
        return None
    return next((known for known in FORMATS if _fits(sheet, known)), None)


def _fits(sheet: Sheet, known: Format) -> bool:
    return known.looks_like(sheet.columns) and any(
        known.has_shape(row.values) for row in sheet.rows
    )


def rewrite(sheet: Sheet, known: Format) -> Sheet:
    """Return the sheet with every row rewritten; rows that cannot be are reported."""
    problems = list(sheet.problems)
    rewritten: list[tuple[int, dict[str, Any]]] = []
    noted: dict[Note, list[int]] = {}
    for row in sheet.rows:
        try:
            values, notes = known.row(row.values)
        except InputError as error:
            problems.append(Problem(row=row.number, message=error.message, fix=error.fix))
            continue
        rewritten.append((row.number, values))
        for note in dict.fromkeys(notes):
            noted.setdefault(note, []).append(row.number)
    result = object_sheet(rewritten)
    result.rows_read = sheet.rows_read
    result.problems = problems + [_problem(note, numbers) for note, numbers in noted.items()]
    return result


def _problem(note: Note, numbers: list[int]) -> Problem:
    if len(numbers) == 1:
        return Problem(row=numbers[0], message=note.message, fix=note.fix)
    named = ", ".join(map(str, numbers[:_ROWS_NAMED]))
    more = len(numbers) - _ROWS_NAMED
    where = f"Rows {named}{f' and {more:,} others' if more > 0 else ''}"
    return Problem(row=None, message=f"{where}: {note.message}", fix=note.fix)
