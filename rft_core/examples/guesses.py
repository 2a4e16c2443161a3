"""What the values of a table's columns tell of their roles, where the headings do not."""

from collections.abc import Collection, Iterable, Mapping
from statistics import median

from rft_core.examples.cells import clean
from rft_core.examples.columns import FIELD, field_name, is_identifier
from rft_core.examples.headings import TEXT_CHARS, core_words
from rft_core.examples.sheets import Sheet
from rft_core.records import Project

_ROWS = 100
"""Rows whose texts are measured."""
_REMARKS = ("note", "source", "cluster")
"""Roles whose heading may be the project's own word for a case."""


def likely_case(sheet: Sheet, roles: Mapping[str, str], project: Project | None) -> str | None:
    """Return the column that likely holds the cases, None where it is known or none holds texts.

    It is the one with the longest texts among those that are no part of the answer, or one headed
    with a word of the project's noun, as far as its texts are half as long.
    """
    if "prompt" in roles.values():
        return None
    parts = {part.field for part in project.answer} if project is not None else set()
    noun = set(core_words(project.case_noun)) if project is not None else set()
    near = {column for column in roles if noun & set(core_words(column))}
    usual = {
        column: length
        for column, role in roles.items()
        if (_is_free(column, role, parts) or (column in near and role in _REMARKS))
        and (length := _usual_length(sheet, column)) >= TEXT_CHARS
    }
    longest = max(usual.values(), default=0.0)
    return max(
        usual,
        key=lambda column: (column in near and 2 * usual[column] >= longest, usual[column]),
        default=None,
    )


def unique_columns(sheet: Sheet, columns: Iterable[str], used: Collection[str]) -> list[str]:
    """Return those columns that have another value in every row, none of them `used` already."""
    return [column for column in columns if _is_unique(sheet, column, set(used))]


def _is_free(column: str, role: str, parts: Collection[str]) -> bool:
    """Tell whether a column is an expected value only because nothing else is known of it."""
    name = field_name(column)
    return role == f"{FIELD}{name}" and name not in parts and not is_identifier(column)


def _usual_length(sheet: Sheet, column: str) -> float:
    values = [row.values.get(column) for row in sheet.rows[:_ROWS]]
    return median([len(value) for value in values if isinstance(value, str)] or [0])


def _is_unique(sheet: Sheet, column: str, used: set[str]) -> bool:
    values = [clean(str(row.values[column])) for row in sheet.rows if column in row.values]
    return len(set(values)) == len(values) > 0 and used.isdisjoint(values)
