"""JSON and JSONL files as rows."""

from collections.abc import Iterator
from typing import Any

from rft_core.errors import InputError
from rft_core.examples.jsontext import load_json, split_lines
from rft_core.examples.sheets import Problem, Sheet, object_sheet
from rft_core.examples.testsuites import entries_sheet
from rft_core.refusals import syntax_reason


def read_json(text: str, lines: bool) -> Sheet:
    """Read a list of objects, or one object a line (`lines`); either form under either name.

    An object may hold the list, as the tests of a promptfoo configuration. Broken lines are
    reported, as at the end of a file that was cut off, where others can be read.

    Raises InputError for a bad list (with the line), another shape, or too many entries.
    """
    is_list = text.lstrip("\ufeff \t\r\n").startswith("[")
    if is_list or (not lines and not _is_one_a_line(text)):
        return _load_list(text)
    sheet = object_sheet(_load_lines(text))
    if sheet.problems and not sheet.rows:
        raise InputError(sheet.problems[0].message, sheet.problems[0].fix)
    return sheet


def _is_one_a_line(text: str) -> bool:
    first = next((line for line in split_lines(text) if line.strip()), "")
    try:
        return isinstance(load_json(first), dict) and text.strip() != first.strip()
    except ValueError:
        return False


def _load_list(text: str) -> Sheet:
    try:
        value = load_json(text)
    except ValueError as error:
        raise InputError(
            f"Line {getattr(error, 'lineno', 1)} is not valid JSON: {syntax_reason(error)}.",
            "Correct the file there; it should be a list of objects.",
        ) from None
    sheet = entries_sheet(value)
    if sheet is None:
        raise InputError(
            "The JSON file does not hold a list of cases.",
            'Write it as [{"prompt": "…", "reference": "…"}, …].',
        )
    return sheet


def _load_lines(text: str) -> Iterator[tuple[int, Any]]:
    """Yield the number and the value of each line that is not blank, or a `Problem` for it."""
    lines = [(n, line) for n, line in enumerate(split_lines(text), start=1) if line.strip()]
    for number, line in lines:
        try:
            yield number, load_json(line)
        except ValueError as error:
            is_last = number == lines[-1][0]
            yield number, _broken(number, error, is_last and not text.endswith("\n"))


def _broken(number: int, error: ValueError, cut_off: bool) -> Problem:
    return Problem(
        row=number,
        message=f"Line {number} is not valid JSON: {syntax_reason(error)}.",
        fix="The file seems to be cut off there: export or copy it again."
        if cut_off
        else "Correct that line; every line should be one object.",
    )
