"""JSON and JSONL files as rows."""

from typing import Any

from rft_core.errors import InputError
from rft_core.examples.jsontext import load_json, split_lines, syntax_reason
from rft_core.examples.sheets import Sheet, object_sheet
from rft_core.examples.testsuites import entries_sheet


def read_json(text: str, lines: bool) -> Sheet:
    """Read a list of objects, or one object a line (`lines`); either form under either name.

    An object may hold the list, as the tests of a promptfoo configuration.

    Raises InputError for bad JSON (with the line), another shape, or too many entries.
    """
    is_list = text.lstrip("\ufeff \t\r\n").startswith("[")
    if is_list or (not lines and not _is_one_a_line(text)):
        return _load_list(text)
    numbered = enumerate(split_lines(text), start=1)
    return object_sheet((n, _load_line(line, n)) for n, line in numbered if line.strip())


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


def _load_line(line: str, number: int) -> Any:
    try:
        return load_json(line)
    except ValueError as error:
        raise InputError(
            f"Line {number} is not valid JSON: {syntax_reason(error)}.",
            "Correct that line; every line should be one object.",
        ) from None
