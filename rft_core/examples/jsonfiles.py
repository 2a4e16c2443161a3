"""JSON and JSONL files as rows."""

from typing import Any

from rft_core.errors import InputError
from rft_core.examples.jsontext import load_json, split_lines, syntax_reason
from rft_core.examples.sheets import Problem, Row, Sheet


def read_json(text: str, lines: bool) -> Sheet:
    """Read a list of objects, or one object a line (`lines`); either form under either name.

    Raises InputError for bad JSON (with the line), another shape, or too many entries.
    """
    is_list = text.lstrip("\ufeff \t\r\n").startswith("[")
    if is_list or (not lines and not _is_one_a_line(text)):
        return _sheet(list(enumerate(_load_list(text), start=1)))
    numbered = enumerate(split_lines(text), start=1)
    return _sheet([(n, _load_line(line, n)) for n, line in numbered if line.strip()])


def _is_one_a_line(text: str) -> bool:
    first = next((line for line in split_lines(text) if line.strip()), "")
    try:
        return isinstance(load_json(first), dict) and text.strip() != first.strip()
    except ValueError:
        return False


def _load_list(text: str) -> list[Any]:
    try:
        value = load_json(text)
    except ValueError as error:
        raise InputError(
            f"Line {getattr(error, 'lineno', 1)} is not valid JSON: {syntax_reason(error)}.",
            "Correct the file there; it should be a list of objects.",
        ) from None
    if not isinstance(value, list):
        raise InputError(
            "The JSON file does not hold a list of cases.",
            'Write it as [{"prompt": "…", "reference": "…"}, …].',
        )
    return value


def _load_line(line: str, number: int) -> Any:
    try:
        return load_json(line)
    except ValueError as error:
        raise InputError(
            f"Line {number} is not valid JSON: {syntax_reason(error)}.",
            "Correct that line; every line should be one object.",
        ) from None


def _sheet(entries: list[tuple[int, Any]]) -> Sheet:
    sheet = Sheet(columns=(), is_text=False)
    columns: dict[str, None] = {}
    for number, entry in entries:
        sheet.count_row()
        if isinstance(entry, dict):
            sheet.rows.append(Row(number, entry))
            columns.update(dict.fromkeys(entry) if not is_own(entry) else {})
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
