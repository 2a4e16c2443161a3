"""Why the content of a file was refused, in words for a person who does not program.

The parsers of JSON and YAML and the validation of records each say what is wrong in a
programmer's words; here these become half a sentence that says what stands there and what should.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

_SYNTAX = {
    "Expecting value": "a value is missing there, or is a text without quotation marks",
    "Expecting property name": "a name in quotation marks should stand there; often the comma "
    "before it is one too many",
    "Expecting ':'": "a colon is missing there after a name",
    "Expecting ','": "a comma is missing there, or a quotation mark stands within a text, where it "
    'has to be written as \\"',
    "Extra data": "something follows there though the content has ended",
    "Unterminated string": "a text begins there that has no closing quotation mark",
    "Invalid control character": "a text holds a line end or a tab there, which has to be written "
    "as \\n or \\t",
    "Invalid \\": "a backslash stands there alone; it has to be written twice",
    "Exceeds the limit": "a number has too many digits",
}
"""By the beginning of what Python's JSON reader says."""
_YAML = {
    "mapping values": "a colon stands where none can be; put that text into quotation marks",
    "cannot start any token": "a tab, or a sign such as @ or %, begins a text; use spaces, or put "
    "the text into quotation marks",
    "end of stream": "a quotation mark or a bracket is not closed",
    "unknown escape": "a backslash stands alone; it has to be written twice",
    "did not find expected": "the lines are not set in alike, or a quotation mark or a bracket is "
    "not closed",
    "could not find expected": "a colon after a name is missing, or a quotation mark is not closed",
    "sequence entries": "a list begins where none can be; set it in by two spaces on a line of its "
    "own",
    "could not determine a constructor": 'a text begins with "!"; put it into quotation marks',
    "occurs twice": "",
}
"""By what the YAML reader's words hold; "" for those that are said as they are."""
_NEEDED = {
    "string": "a text in quotation marks",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "tuple": "a list in square brackets",
    "list": "a list in square brackets",
    "dict": "names with values in curly brackets",
    "model": "names with values in curly brackets",
    "finite": "an ordinary number",
}
"""By the first word of a pydantic error type, such as "float_parsing"."""
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_ENTRIES = {
    "criteria": "criterion",
    "prompt": "turn",
    "answer": "part of the answer",
    "review": "rule for review",
}
"""What one entry of a list is called, by the list's key."""
_SENTENCES = ("value_error", "assertion_error")
"""Types of errors whose words are this program's own."""
_SHOWN_CHARS = 60


def syntax_reason(error: ValueError) -> str:
    """Say why a JSON text was refused, in a few words that follow its place or a colon."""
    said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    if isinstance(error, json.JSONDecodeError) and not error.doc.strip():
        return "it is empty"
    return next((words for start, words in _SYNTAX.items() if said.startswith(start)), said)


def syntax_place(error: ValueError) -> str:
    """Return "line 3, character 7: " where the place is known, otherwise ""."""
    if not isinstance(error, json.JSONDecodeError) or not error.doc.strip():
        return ""
    return f"line {error.lineno}, character {error.colno}: "


def yaml_reason(problem: str | None) -> str:
    """Say why a YAML text was refused, from what its reader says."""
    known = next((words for part, words in _YAML.items() if part in (problem or "")), None)
    if known is None:
        return "what stands there cannot be read"
    return known or str(problem)


def validation_reason(error: ValidationError, content: Any = None) -> str:
    """Say the first thing that is wrong with a record: its place, its key, and what it should be.

    With the `content` that was refused, a criterion is also named by its text.
    """
    first = _first(error)
    *above, subject = _names([part for part in first["loc"] if not _is_branch(part)], content)
    if first["type"] == "missing":
        what = f"{subject} is missing"
    elif first["type"] in _SENTENCES:
        what = value_reason(first)
    else:
        what = f"{subject} {value_reason(first)}"
    return ": ".join(part for part in (", ".join(above), what) if part)


def value_reason(one: Mapping[str, Any]) -> str:
    """Say of one of pydantic's errors what the value is and what it should be."""
    kind, limits = str(one["type"]), one.get("ctx", {})
    if kind in _SENTENCES:
        return str(limits["error"]).rstrip(".")
    if kind == "string_too_short" or (kind == "too_short" and not one["input"]):
        return "is empty"
    return f"is {_shown(one['input'])}, but should be {_needed(kind, limits)}"


def _needed(kind: str, limits: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        return str(limits["expected"]).replace("'", '"')
    if kind == "text_or_turns":
        return "a text in quotation marks, or a list of turns in square brackets"
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"{words} {limits[limit]:,}"
    if kind == "string_too_long":
        return f"at most {limits['max_length']:,} characters long"
    if kind in ("too_short", "too_long"):
        least = limits.get("min_length")
        many = f"at least {least:,}" if least else f"at most {limits['max_length']:,}"
        return f"a list of {many} entries"
    return _NEEDED.get(kind.partition("_")[0], "something else")


def _first(error: ValidationError) -> dict[str, Any]:
    """Return the first error; of a value of either of two forms that of the form it looks like."""
    errors: Sequence[Any] = error.errors(include_url=False)
    first: dict[str, Any] = dict(errors[0])
    *above, last = first["loc"] if first["loc"] else ("",)
    if last != "str":
        return first
    depth = len(above)
    others = [one for one in errors[1:] if list(one["loc"][:depth]) == above]
    if not others:
        return first
    is_list = isinstance(first["input"], (list, tuple))
    return dict(others[0]) if is_list else {**first, "type": "text_or_turns"}


def _is_branch(part: Any) -> bool:
    """Tell whether a part of a place is pydantic's own name of a form, and stands in no file."""
    return isinstance(part, str) and (part == "str" or part.startswith("tuple["))


def _names(loc: Sequence[Any], content: Any) -> list[str]:
    """Return what each part of a place is called, as ['criterion 2 ("Says yes")', '"points"']."""
    names: list[str] = []
    here = content
    for above, part in zip(("", *loc), loc, strict=False):
        here = _inside(here, part)
        if isinstance(part, int) and names:
            names[-1] = _entry(part, str(above), here)
        else:
            names.append(f'"{part}"')
    return names or ["the content"]


def _entry(number: int, key: str, value: Any) -> str:
    called = (
        f"{_ENTRIES[key]} {number + 1}" if key in _ENTRIES else f'entry {number + 1} of "{key}"'
    )
    if not isinstance(value, dict):
        return called
    name = value.get("text") or value.get("id") or value.get("label")
    return f"{called} ({_shown(name)})" if isinstance(name, str) else called


def _inside(value: Any, part: Any) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, (list, tuple)) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _shown(value: Any) -> str:
    """Return a value as it stands in a file, in short."""
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None:
        return "empty (null)"
    if isinstance(value, bool | int | float | str):
        whole = json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()
        text = " ".join(whole.split())
        return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
    return "names with values"
