"""An answer that is still being typed: from the answer form to text and back, whole or not."""

import re
from collections.abc import Mapping, Sequence

from rft_core.checks.wording import listing, plain_text, shown
from rft_core.errors import InputError
from rft_core.examples.answer_form import (
    ANSWER,
    Value,
    Values,
    is_filled,
    offered,
    read_answer,
    read_quotes,
    write_answer,
    write_line,
)
from rft_core.records import AnswerPart

_FIX = "Change it, or leave the answer as text."


def as_text(parts: Sequence[AnswerPart], values: Values) -> str:
    """Return what is filled in so far, in the form's layout, whatever it says."""
    filled = [part for part in parts if is_filled(values.get(part.field, ""))]
    if [part.kind for part in parts] == ["free_text"]:
        return "".join(str(values[part.field]).strip() for part in filled)
    lines = [write_line(part, values[part.field]) for part in filled]
    if filled and filled[0].kind == "reasoning":
        lines.insert(1, ANSWER)
    return "\n".join(lines)


def as_values(parts: Sequence[AnswerPart], text: str) -> dict[str, Value]:
    """Return what a text says of the parts that it names, in any order; a free text takes the rest.

    Raises InputError, with the reason, for a text that the form's inputs cannot hold.
    """
    text = text.strip()
    if not text:
        return {}
    if [part.kind for part in parts] == ["free_text"]:
        return {parts[0].field: text}
    found: dict[str, str] = {}
    if parts and parts[0].kind == "reasoning":
        reasons, answer, rest = f"{text}\n".partition(f"\n{ANSWER}\n")
        if answer:
            found[parts[0].field], text = reasons, rest.strip()
    _read_lines({part.label: part for part in parts if part.kind != "reasoning"}, text, found)
    by_field = {part.field: part for part in parts}
    values = {field: _value(by_field[field], line.strip()) for field, line in found.items()}
    return {field: value for field, value in values.items() if is_filled(value)}


def _read_lines(named: Mapping[str, AnswerPart], text: str, found: dict[str, str]) -> None:
    by_name = {plain_text(label): part for label, part in named.items()}
    lines = text.split("\n")
    for place, line in enumerate(lines):
        label, colon, rest = line.partition(":")
        part = by_name.get(plain_text(label)) if colon else None
        if part is None and line.strip():
            labels = listing([f'"{label}:"' for label in named], "or")
            raise InputError(f"The line {shown(line)} does not begin with {labels}.", _FIX)
        if part is None:
            continue
        if part.field in found:
            raise InputError(f'Two lines begin with "{part.label}:".', _FIX)
        if part.kind == "free_text":
            found[part.field] = "\n".join([rest, *lines[place + 1 :]])
            return
        found[part.field] = rest


def _value(part: AnswerPart, text: str) -> Value:
    if part.kind == "choice":
        return _offered(part, text) if text else ""
    if part.kind == "ranked":
        items = [item.strip() for item in text.split(",") if item.strip()]
        if len(items) > part.top:
            raise InputError(f'"{part.label}" lists more than {part.top}.', _FIX)
        return tuple(dict.fromkeys(_offered(part, item) for item in items))
    if part.kind == "quote" and re.search('["“”„«»]', text):
        passages = read_quotes(text)
        if not passages:
            raise InputError(
                f'The passages of "{part.label}" are not in quotation marks with commas between.',
                _FIX,
            )
        return passages
    if part.kind == "quote":
        return (text,)
    return offered(part).get(plain_text(text), text)


def _offered(part: AnswerPart, text: str) -> str:
    found = offered(part).get(plain_text(text))
    if found is None:
        raise InputError(f'{shown(text)} is none of the choices of "{part.label}".', _FIX)
    return found


def other_layout(parts: Sequence[AnswerPart], text: str) -> str | None:
    """Return why a text is not an answer in the form's layout, in a sentence; None if it is."""
    if read_answer(parts, text) is not None:
        return None
    try:
        right = write_answer(parts, as_values(parts, text)) or ""
    except InputError as error:
        return error.message
    return _difference(parts, text, right)


def _difference(parts: Sequence[AnswerPart], text: str, right: str) -> str:
    """Return in a sentence what differs between a text and the same answer in the form's layout."""
    given, wanted = (
        [line.strip() for line in whole.split("\n") if line.strip()] for whole in (text, right)
    )
    if given == wanted:
        return "Spaces or empty lines differ."
    if sorted(given) == sorted(wanted):
        return "Its lines stand in another order."
    rest = [line for line in wanted if line not in given]
    for line in (line for line in given if line not in wanted):
        label = plain_text(line.partition(":")[0])
        like = next((w for w in rest if plain_text(w.partition(":")[0]) == label), None)
        if like is not None and not _reads_as(line, like):
            return _line_difference(parts, line, like)
    return "Order, spelling or spaces of its lines differ."


def _reads_as(line: str, right: str) -> bool:
    """Say whether a line has the right name and, but for capital letters, the right value."""
    name = f"{right.partition(':')[0]}: "
    return line.startswith(name) and plain_text(line) == plain_text(right)


def _line_difference(parts: Sequence[AnswerPart], line: str, right: str) -> str:
    """Return what differs in a line: quotation marks, or what stands there and should."""
    quotes = {part.label for part in parts if part.kind == "quote"}
    if right.partition(":")[0] in quotes and _MARKS.sub("", line) == _MARKS.sub("", right):
        return f'The passages of "{right.partition(":")[0]}" are not in quotation marks.'
    if shown(line) == shown(right):  # in spaces, or behind what is shown of them
        return f'Spelling or spaces of the line "{right.partition(":")[0]}" differ.'
    return f"The line {shown(line)} should be {shown(right)}."


_MARKS = re.compile('["“”„«»]')
