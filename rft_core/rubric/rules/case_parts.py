"""The parts of the expert's answers: expected values and shared lines, as a rule may call them."""

from collections.abc import Sequence
from typing import Any

from rft_core.checks.number_reading import read_numbers
from rft_core.checks.wording import line_part, tokens
from rft_core.rubric.rules.said_lines import line_said
from rft_core.rubric.traps import Case

_OWN = {"our", "my", "your", "their", "its", "the", "a", "an"}
"""Words of a field's name that a rule need not say: "the position" is "our position"."""


def words_of(field: str) -> str:
    """Return the name of an expected value as it is spoken."""
    return field.replace("_", " ")


def spoken(rule: str) -> set[str]:
    """Return the words of a rule."""
    return set(tokens(rule).split())


def fields_in(cases: Sequence[Case]) -> list[str]:
    """Return the names of the cases' expected values."""
    return list(dict.fromkeys(name for case in cases for name in case.example.fields))


def answer_words(cases: Sequence[Case]) -> list[str]:
    """Return the names of the answers' lines and expected values, and their choices."""
    choices = [label for labels in cases[0].choices.values() for label in labels] if cases else []
    return [*filter(None, shared_lines(cases)), *map(words_of, fields_in(cases)), *choices]


def names_of(field: str, cases: Sequence[Case]) -> tuple[str, ...]:
    """Return what a rule may call an expected value: as the answer form does, and by its own name.

    Not by the latter where that is another part's name.
    """
    parts, own = cases[0].parts, words_of(field)
    if field not in parts:
        return (own,)
    label = parts[field].label
    others = (parts[name].label for name in parts if name != field)
    is_free = tokens(own) not in map(tokens, (label, *others))
    return (label, own) if is_free else (label,)


def is_named(name: str, said: set[str]) -> bool:
    """Say whether a rule's words are those of a name, whatever signs stand between them."""
    words = {word for word in spoken(words_of(name)) if word[0].isalnum()}
    return bool(words) and all(is_said(word, said) for word in words - _OWN or words)


def is_field_named(field: str, said: set[str], cases: Sequence[Case]) -> bool:
    """Say whether a rule's words name an expected value."""
    return any(is_named(name, said) for name in names_of(field, cases))


def is_said(word: str, said: set[str]) -> bool:
    """Say whether a word is among those of the rule, with another ending or the same."""
    endings = {word, word.removesuffix("s"), f"{word}s", f"{word.removesuffix('e')}ing"}
    return any(
        spoken in endings
        or (len(word) > 3 and spoken.startswith(word) and len(spoken) <= len(word) + 2)
        for spoken in said
    )


def parts_of(cases: Sequence[Case]) -> dict[str, str]:
    """Return the lines that all expert answers have, by the names that a rule may give them.

    These are a line's own, and that of an expected value which stands on the line: a "why" may be
    given as "Reason: …".
    """
    lines = [*filter(None, shared_lines(cases))] or _lines_in_all(cases)
    named = {line: line for line in lines}
    for field in fields_in(cases) if lines else ():
        name = names_of(field, cases)[-1]
        line = None if line_said(name, lines) else _own_line(field, lines, cases)
        if line:
            named[name] = line
    quoting_line = line_of_quotes(lines, cases) if not line_said("quote", named) else None
    return named | {"quote": quoting_line} if quoting_line else named


def shared_lines(cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the names of the lines that all expert answers have, "" for a line without one."""
    layouts = {
        tuple(line.partition(":")[0] if ":" in line else "" for line in c.reference.split("\n"))
        for c in cases
    }
    return layouts.pop() if len(layouts) == 1 else ()


def _lines_in_all(cases: Sequence[Case]) -> list[str]:
    """Return the names of lines that each answer has, where some of them go over several lines."""
    named = [
        [name for line in c.reference.split("\n") if (name := line.partition(":")[0]) != line]
        for c in cases
    ]
    first = named[0] if len(named) > 1 else []
    return [name for name in first if all(name in names for names in named)]


def _own_line(field: str, lines: Sequence[str], cases: Sequence[Case]) -> str | None:
    """Return the line of a value's part, else the one on which the value stands in every case."""
    part = cases[0].parts.get(field)
    if part is not None and part.label in lines:
        return part.label
    return _line_with(field, lines, cases)


def line_of(field: str, cases: Sequence[Case]) -> str | None:
    """Return the name of the answer's line that gives this value, if all answers have one."""
    part = cases[0].parts.get(field)
    if part is not None and all(line_part(c.reference, part.label) is not None for c in cases):
        return part.label
    names: set[str] | None = None
    for case in cases:
        value = case.example.fields.get(field)
        if not isinstance(value, (str, int, float)):
            continue
        lines = (line.partition(":") for line in case.reference.split("\n"))
        here = {name.strip() for name, colon, rest in lines if colon and _holds(rest, value)}
        names = here if names is None else names & here
    return min(names) if names else None


def _holds(text: str, value: str | float) -> bool:
    """Say whether a text holds an expected value: as it stands, or a number as the only one."""
    if isinstance(value, str):
        return value in text
    return read_numbers(text) == [value]


def line_of_quotes(lines: Sequence[str], cases: Sequence[Case]) -> str | None:
    """Return the line that holds the passages of the case which are expected, whatever its name."""
    for field in fields_in(cases) if lines else ():
        values = [(v, c) for c in cases if (v := c.example.fields.get(field))]
        if values and all(
            isinstance(v, (list, tuple)) and all(str(t) in c.example.case_text for t in v)
            for v, c in values
        ):
            return _line_with(field, lines, cases)
    return None


def _line_with(field: str, lines: Sequence[str], cases: Sequence[Case]) -> str | None:
    """Return the line on which each case's expected value stands, the shortest of several."""
    values = [(str(v), c) for c in cases for v in texts_of(c.example.fields.get(field))]
    found = {}
    for line in lines:
        parts = [(value, line_part(case.reference, line) or "") for value, case in values]
        if parts and all(value in part for value, part in parts):
            found[line] = sum(len(part) for _, part in parts)
    return min(found, key=lambda line: found[line]) if found else None


def texts_of(value: Any) -> list[str]:
    """Return the texts of an expected value; none where there is no value."""
    several = value if isinstance(value, (list, tuple)) else [value]
    return [str(one) for one in several if one not in (None, "")]
