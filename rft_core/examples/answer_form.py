"""The answer form: what an answer is made of, and from it the text, the values, the instruction.

An answer is written as one line a part, named by its label:

    Quote: "safe account"
    Kind: impersonation
    Decision: block

A passage with quotation marks in it stands in others if it could not be told from two otherwise.
Reasoning comes first, above a line "Answer:"; a free text comes last and may have several lines.
A form of one free text has no labels at all.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rft_core.checks import quoted
from rft_core.checks.number import NO_NUMBER, NONE
from rft_core.checks.number_reading import read_numbers
from rft_core.checks.wording import has_word, holds, listing, plain_text, shown
from rft_core.errors import InputError
from rft_core.examples.columns import plain_heading
from rft_core.examples.similar import prompt_text
from rft_core.records import AnswerPart, Example, PartKind

Value = str | tuple[str, ...]
"""What a part holds: phrases of a quote and items of a ranked list in order, else a text."""
Values = Mapping[str, Value]
"""By the part's field; parts that are not filled in are missing."""

CANNOT_TELL, OUT_OF_SCOPE = ALONE = NO_NUMBER[:2]
"""What a choice can say where there is no answer."""
LISTS: tuple[PartKind, ...] = ("quote", "ranked")
OWN_WORDS: tuple[PartKind, ...] = ("free_text", "reasoning")
"""Parts that stand in the answer alone and are no expected values."""
ONE_LINE: tuple[PartKind, ...] = ("choice", "ranked", "number", "text")
CHOICES: tuple[PartKind, ...] = ("choice", "ranked")
MAY_LACK: Mapping[PartKind, tuple[str, ...]] = {
    "choice": ALONE,
    "ranked": ALONE,
    "number": NO_NUMBER,
    "text": NO_NUMBER,
}
"""By the kind of a part, what it can be offered to say where there is no answer; "none" is for
those whose choices are not written anyway."""
_EMPTY = {"n/a", "n.a.", "na", "-", "–", "—"}
"""What a table has in the place of a number that is not there."""
_NONE_SAID = re.compile(rf"""["“‘'«]{NONE}["”’'»]|\bor (?:(?:say|write|answer) )?{NONE}\b""", re.I)
MAX_PARTS = 12
ANSWER = "Answer:"


def choices(part: AnswerPart) -> tuple[str, ...]:
    """Return all that can be chosen in a choice or a ranked list; nothing for other parts."""
    return (*part.options, *part.alone) if part.kind in CHOICES else ()


def offered(part: AnswerPart) -> dict[str, str]:
    """Return by its plain text what the form offers: choices, or what stands for a number."""
    found = choices(part) or (part.alone if part.kind in MAY_LACK else ())
    return {plain_text(name): name for name in found}


def alone_said(told: str, kind: PartKind) -> tuple[str, ...]:
    """Return what an instruction names for where a part of this kind has no answer."""
    return tuple(
        none
        for none in MAY_LACK.get(kind, ())
        if (_NONE_SAID.search(told) if none == NONE else holds(told, none))
    )


def check_form(parts: Sequence[AnswerPart]) -> None:
    """Raise InputError, with a sentence, for a form that cannot be answered in."""
    if len(parts) > MAX_PARTS:
        raise InputError(
            f"The answer has {len(parts)} parts; the limit is {MAX_PARTS}.",
            "Keep the parts that matter.",
        )
    _check_names(parts)
    for part in parts:
        _check_options(part)
    for kind, where in (("reasoning", 0), ("free_text", len(parts) - 1)):
        places = [i for i, part in enumerate(parts) if part.kind == kind]
        if len(places) > 1 or (places and places[0] != where):
            first = "first" if kind == "reasoning" else "last"
            raise InputError(
                f'"{parts[places[-1]].label}" has to be the {first} part, and the only such one.',
                "Move it there, or make it a short text.",
            )


def _check_names(parts: Sequence[AnswerPart]) -> None:
    for part in parts:
        if not has_word(part.label) or re.search(r"[:\n\r]", part.label):
            raise InputError(
                f'A part cannot be called "{part.label}".',
                "Use a word or two with letters and without a colon, such as Decision.",
            )
    for name in ("label", "field"):
        used = [getattr(part, name).strip().casefold() for part in parts]
        twice = next((n for n in used if used.count(n) > 1), None)
        if twice is not None:
            raise InputError(f'Two parts are called "{twice}".', "Give each its own name.")


def _check_options(part: AnswerPart) -> None:
    if part.kind not in CHOICES:
        return
    if len(part.options) < 2:
        raise InputError(
            f'"{part.label}" has fewer than two choices.', "Write each choice on a line of its own."
        )
    folded = [plain_text(option) for option in choices(part)]
    twice = next((option for option in folded if folded.count(option) > 1), None)
    if twice is not None:
        raise InputError(f'"{part.label}" has the choice "{twice}" twice.', "Delete one of them.")
    if part.kind == "ranked" and any("," in option for option in choices(part)):
        raise InputError(
            f'A choice of "{part.label}" has a comma, which sets the items of a list apart.',
            "Write it without the comma.",
        )


def write_answer(parts: Sequence[AnswerPart], values: Values) -> str | None:
    """Return the answer as text; None if no part is filled in.

    Raises InputError where a part is missing, or holds what its kind cannot.
    """
    filled = {field: value for field, value in values.items() if is_filled(value)}
    if not filled:
        return None
    missing = [part.label for part in parts if part.field not in filled]
    if missing:
        lacking = listing([f'"{label}"' for label in missing])
        fix = "Fill it in, or clear the whole answer."
        numbers = [part for part in parts if part.label in missing and part.kind == "number"]
        if numbers:
            fix += f" Where there is no number, {_way_out(numbers[0])}."
        raise InputError(f"The answer lacks {lacking}.", fix)
    for part in parts:
        _check_value(part, filled[part.field])
    if [part.kind for part in parts] == ["free_text"]:
        return str(filled[parts[0].field]).strip()
    lines = [write_line(part, filled[part.field]) for part in parts]
    if parts[0].kind == "reasoning":
        lines.insert(1, ANSWER)
    return "\n".join(lines)


def _check_value(part: AnswerPart, value: Value) -> None:
    if part.kind == "number":
        _check_number(part, str(value))
    if part.kind == "ranked" and len(value) > 1 and set(value) & set(part.alone):
        raise InputError(
            f'"{part.label}" lists others beside "{next(v for v in value if v in part.alone)}".',
            "Keep one or the other.",
        )
    if part.kind == "quote":
        lost = next((p for p in _phrases(value) if quoted.written(p) is None), None)
        if lost is not None:
            raise InputError(
                f'"{part.label}" has a passage with quotation marks of all kinds: {shown(lost)}.',
                "Quote it in two passages.",
            )
    lines = value if part.kind == "ranked" else (str(value).strip(),)
    if part.kind in ONE_LINE and any("\n" in line for line in lines):
        raise InputError(f'"{part.label}" has more than one line.', "Write it on one line.")
    if part.kind == "reasoning" and re.search(r"(?im)^\s*answer\s*:", str(value)):
        raise InputError(
            f'A line of "{part.label}" begins with "Answer:", which ends the reasoning.',
            "Reword that line.",
        )


def _check_number(part: AnswerPart, value: str) -> None:
    """Raise InputError for a text without digits, even if its words say a number as "a hundred"
    does, and for one of several numbers; not for what is offered in place of one."""
    if plain_text(value) in offered(part):
        return
    if not re.search(r"\d", value):
        way_out = _way_out(part)
        if plain_text(value) in NO_NUMBER:
            way_out = f"offer “{plain_text(value)}” under “Answer form”"
        fix = f"Write it in digits, such as 100, or {way_out}."
        raise InputError(f'"{part.label}" holds no number: {_ended(value)}', fix)
    if len(read_numbers(value)) != 1:
        raise InputError(
            f'"{part.label}" is not one number: {_ended(value)}', "Write only the one."
        )


def _ended(value: str) -> str:
    """Return a value as the end of a sentence, with one full stop."""
    return f"{value.rstrip(' .')}."


def _way_out(part: AnswerPart) -> str:
    """Say what can be done where there is no number to write."""
    if part.alone:
        return f"write {listing([f'“{none}”' for none in part.alone], 'or')}"
    return f"offer “{NONE}” or “{CANNOT_TELL}” under “Answer form”"


def read_answer(parts: Sequence[AnswerPart], reference: str | None) -> dict[str, Value] | None:
    """Return what the parts of an answer hold; None for a text that is not in the form's layout."""
    if not reference or not parts:
        return {}
    try:
        values = _read(parts, reference)
        text = write_answer(parts, values) if values is not None else None
    except InputError:
        return None
    return values if text is not None and _read(parts, text) == values else None


def _read(parts: Sequence[AnswerPart], text: str) -> dict[str, Value] | None:
    if [part.kind for part in parts] == ["free_text"]:
        return {parts[0].field: text}
    values: dict[str, Value] = {}
    rest = list(parts)
    if rest[0].kind == "reasoning":
        reasoning, found, text = text.partition(f"\n{ANSWER}\n")
        if not found:
            return None
        values[rest.pop(0).field] = reasoning
    lines = text.split("\n", max(0, len(rest) - 1))
    if len(lines) != len(rest):
        return None
    for part, line in zip(rest, lines, strict=True):
        start = f"{part.label}: "
        if not line.startswith(start):
            return None
        values[part.field] = _value(part, line.removeprefix(start))
    return values


def expected_values(parts: Sequence[AnswerPart], values: Values) -> dict[str, Any]:
    """Return the expected values that checks read; None for a part that is not filled in.

    Of a ranked list it is the first item; a number is a number, or the text that is offered in
    place of one; a free text and a reasoning have none.
    """
    return {
        part.field: _expected(part, values.get(part.field))
        for part in parts
        if part.kind not in OWN_WORDS
    }


def _expected(part: AnswerPart, value: Value | None) -> Any:
    if value is None or not is_filled(value):
        return None
    if part.kind == "ranked":
        return value[0]
    if part.kind == "quote":
        return list(value)
    if part.kind == "number":
        none = offered(part).get(plain_text(str(value)))
        if none is not None:
            return none
        numbers = read_numbers(str(value), percent="number")
        number = numbers[0] if len(numbers) == 1 else None
        return int(number) if number is not None and number == int(number) else number
    return str(value).strip()


def held_values(parts: Sequence[AnswerPart], example: Example) -> dict[str, Value] | None:
    """Return what the parts of a case's answer hold; None for one in another layout.

    Without an answer it is what the expected values say, as in a table that has only those.
    """
    if example.reference:
        return read_answer(parts, example.reference)
    found = {part.field: _from_expected(part, example.fields.get(part.field)) for part in parts}
    return {field: value for field, value in found.items() if value is not None}


def _from_expected(part: AnswerPart, value: Any) -> Value | None:
    if value in (None, "", []) or isinstance(value, dict):
        return None
    items = tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
    if part.kind in LISTS:
        return items
    return items[0] if len(items) == 1 else ", ".join(items)


def rewritten(
    examples: Sequence[Example], old: Sequence[AnswerPart], new: Sequence[AnswerPart]
) -> tuple[Example, ...]:
    """Return the examples, answers in the old form written anew where the new form holds them.

    Where there is no answer yet and the expected values make a whole one, it is written: values
    are a part's that have its name, field or label, however it is spelled. Where an answer is in
    the form already, expected values that are missing are read from it. Free text and reasoning
    that stand in the answer are no longer kept as expected values beside it.
    """
    named = _by_name(new)
    return tuple(
        _said_once(
            _rewritten(example, old, new) if example.reference else _answered(example, named, new),
            new,
        )
        for example in examples
    )


def in_form(examples: Sequence[Example], parts: Sequence[AnswerPart]) -> tuple[Example, ...]:
    """Return imported examples with their answers in the form, where their values make one.

    An expected value whose name is a part's field or label, however it is spelled, becomes that
    part's; one phrase of a part that holds several becomes a list.
    """
    named = _by_name(parts)
    return rewritten([_named(example, named) for example in examples], (), parts)


def _by_name(parts: Sequence[AnswerPart]) -> dict[str, AnswerPart]:
    return {plain_heading(name): part for part in parts for name in (part.label, part.field)}


def _answered(
    example: Example, named: Mapping[str, AnswerPart], parts: Sequence[AnswerPart]
) -> Example:
    """Return an unanswered example with the answer that its values make, if they make one."""
    values = _named(example, named)
    kept = held_values(parts, values) or {}
    try:
        if parts and len(kept) == len(parts):
            return values.with_changes(reference=write_answer(parts, kept))
    except InputError:
        pass
    return example if values.fields.keys() == example.fields.keys() else values


def _named(example: Example, named: Mapping[str, AnswerPart]) -> Example:
    fields: dict[str, Any] = {}
    for name, value in example.fields.items():
        part = named.get(plain_heading(name))
        taken = part is not None and (part.field in fields or part.field in example.fields)
        if part is None or (name != part.field and taken):
            fields[name] = value
        else:
            if part.kind == "quote" and isinstance(value, str):
                value = list(passages(value, prompt_text(example)))
            as_list = part.kind in LISTS and isinstance(value, str)
            fields[part.field] = _as_offered(part, [value] if as_list else value)
    return example if fields == example.fields else example.with_changes(fields=fields)


def _as_offered(part: AnswerPart, value: Any) -> Any:
    """Return a value with its choices spelled as the part offers them."""
    if isinstance(value, (list, tuple)):
        return [_as_offered(part, item) for item in value]
    if not isinstance(value, str):
        return value
    found = offered(part)
    if part.kind == "number" and is_empty_mark(value):
        return found.get(NONE, value)
    return found.get(plain_text(value), value)


def is_empty_mark(value: object) -> bool:
    """Say whether a cell holds what stands for no number, such as "n/a" or a dash."""
    return plain_text(str(value)) in _EMPTY


def _rewritten(example: Example, old: Sequence[AnswerPart], new: Sequence[AnswerPart]) -> Example:
    if not new:
        return example
    read = read_answer(new, example.reference)
    if read:
        known = {n: v for n, v in expected_values(new, read).items() if v is not None}
        return example.with_changes(fields=known | example.fields)
    values = read_answer(old, example.reference) or {}
    kept = {part.field: v for part in new if (v := values.get(part.field)) is not None}
    kinds = {part.field: part.kind in LISTS for part in old}
    if len(kept) < len(new) or any(kinds[p.field] != (p.kind in LISTS) for p in new):
        return example
    try:
        return example.with_changes(reference=write_answer(new, kept))
    except InputError:
        return example


def _said_once(example: Example, parts: Sequence[AnswerPart]) -> Example:
    own = {part.field for part in parts if part.kind in OWN_WORDS}
    if not example.reference or own.isdisjoint(example.fields):
        return example
    read = read_answer(parts, example.reference) or {}
    twice = {n for n in own & read.keys() if _same(example.fields.get(n), read[n])}
    fields = {name: value for name, value in example.fields.items() if name not in twice}
    return example.with_changes(fields=fields) if twice else example


def _same(value: Any, text: Value) -> bool:
    return plain_text(str(value)) == plain_text(str(text))


def is_filled(value: Value) -> bool:
    """Say whether a part holds anything but spaces."""
    return bool(value.strip()) if isinstance(value, str) else any(map(str.strip, value))


def write_line(part: AnswerPart, value: Value) -> str:
    """Return a part as its line of an answer; of reasoning and free text, as its lines."""
    if part.kind == "reasoning":
        return str(value).strip()
    return f"{part.label}: {_text(part, value)}"


def _text(part: AnswerPart, value: Value) -> str:
    if part.kind == "quote":
        return ", ".join(quoted.written(phrase) or f'"{phrase}"' for phrase in _phrases(value))
    if part.kind == "ranked":
        return ", ".join(value)
    return str(value).strip()


def _value(part: AnswerPart, text: str) -> Value:
    if part.kind == "quote":
        return read_quotes(text)
    return tuple(text.split(", ")) if part.kind == "ranked" else text


def _phrases(value: Value) -> list[str]:
    """Return passages on one line each, without empty ones."""
    one_line = (re.sub(r"\s*\n\s*", " ", phrase.strip()) for phrase in value)
    return list(filter(None, one_line))


def read_quotes(text: str) -> tuple[str, ...]:
    """Return the passages that a quotation's line holds; none for another layout.

    Where the marks do not say where a passage ends, it ends at `", "` or with the line.
    """
    passages = quoted.listed(text)
    if not passages and len(text) > 2 and text[0] == text[-1] == '"':
        return tuple(text[1:-1].split('", "'))
    return passages


def passages(value: object, case: str) -> tuple[str, ...]:
    """Return the passages that an expected value quotes from a case; none for no text.

    A text is one passage, unless it is several in quotation marks, or several set apart by
    semicolons, dots or lines that all stand in the case.
    """
    if isinstance(value, (list, tuple)):
        return tuple(map(str, value))
    if not isinstance(value, str) or not value.strip():
        return ()
    text = value.strip()
    if holds(case, text, False):
        return (text,)
    pieces = (piece.strip() for piece in re.split(r"[;\n…]|\.{3}", text))
    for found in (read_quotes(text), tuple(filter(None, pieces))):
        if found and len(standing_quotes(found, case)) == len(found):
            return found
    return (text,)


def standing_quotes(phrases: Sequence[str], case: str) -> tuple[str, ...]:
    """Return those phrases that stand in the case."""
    return tuple(phrase for phrase in phrases if holds(case, phrase, False))
