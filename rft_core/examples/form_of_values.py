"""The answer form that expected values make: for a table with answers in several columns."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from rft_core.checks.number import NO_NUMBER, NONE
from rft_core.checks.number_reading import read_numbers
from rft_core.checks.wording import plain_text
from rft_core.errors import InputError
from rft_core.examples.answer_form import (
    ALONE,
    MAX_PARTS,
    check_form,
    is_empty_mark,
    passages,
    standing_quotes,
)
from rft_core.examples.columns import is_identifier
from rft_core.examples.form_of_cases import are_choices
from rft_core.examples.look_alikes import look_alikes
from rft_core.examples.similar import prompt_text
from rft_core.records import AnswerPart, Example

FILLED = 0.8
"""Share of the examples that have a value which is taken for a part of every answer."""
STANDING = 0.8
"""Share of the values that stand in their case from which they are quotations."""
LONG_WORDS = 12
"""Words on average from which a value is a text of its own, which ends the answer."""
LABEL_CHARS = 40
_NO_ANSWER = {
    "comment", "comments", "initials", "lawyer", "note", "notes", "owner", "partner", "remark",
    "remarks", "reviewer",
}  # fmt: skip
"""Last words of names over what is said about a row, not about the case."""


def answer_names(examples: Sequence[Example]) -> list[str]:
    """Return the expected values that seem to make the answer: those that nearly all have.

    Remarks, initials, and names and numbers of rows are none.
    """
    filled = Counter(n for e in examples for n, value in e.fields.items() if _is_filled(value))
    return [
        name
        for name in value_names(examples)
        if filled[name] >= FILLED * len(examples) and not is_remark(name)
    ]


def value_names(examples: Sequence[Example]) -> list[str]:
    """Return the names of the expected values that can be parts of an answer, in their order."""
    names = dict.fromkeys(name for example in examples for name in example.fields)
    return [name for name in names if _values(name, examples)]


def form_of_values(
    examples: Sequence[Example], names: Sequence[str] | None = None
) -> tuple[AnswerPart, ...]:
    """Return the form whose parts are these expected values, or those that seem to be the answer.

    The kinds follow from the values. What looks like a slip for another choice is no choice. Empty
    where the values make no form.
    """
    names = answer_names(examples) if names is None else names
    parts = [_part(name, examples) for name in names if _values(name, examples)][:MAX_PARTS]
    free = [part for part in parts if part.kind == "free_text"]
    if free:
        last = max(free, key=lambda part: _words(_values(part.field, examples)))
        short = [p.model_copy(update={"kind": "text"}) if p in free else p for p in parts]
        parts = [*(p for p in short if p.field != last.field), last]
    try:
        check_form(parts)
    except InputError:
        return ()
    return tuple(parts)


def options_of(name: str, examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the choices among an expected value's texts, as most spell them; slips left out."""
    slips = {plain_text(alike.wrong) for alike in look_alikes(examples, names=[name])}
    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, value in _values(name, examples):
        for item in value if isinstance(value, (list, tuple)) else [value]:
            text = " ".join(str(item).split())
            spelled[plain_text(text)][text] += 1
    return tuple(
        texts.most_common(1)[0][0] for folded, texts in spelled.items() if folded not in slips
    )


def _part(name: str, examples: Sequence[Example]) -> AnswerPart:
    having = _values(name, examples)
    label = _label(name)
    lists = any(isinstance(value, (list, tuple)) for _, value in having)
    said = {NONE if is_empty_mark(v) else plain_text(str(v)) for _, v in having}
    alone = tuple(none for none in NO_NUMBER if none in said)
    numbers = [v for _, v in having if not is_empty_mark(v) and plain_text(str(v)) not in alone]
    if not lists and numbers and all(map(_is_number, numbers)):
        return AnswerPart(kind="number", label=label, field=name, alone=alone)
    options = options_of(name, examples)
    if not lists and len(options) > 1 and are_choices(options, len(having)):
        alone = tuple(option for option in options if option in ALONE)
        rest = tuple(option for option in options if option not in alone)
        return AnswerPart(kind="choice", label=label, field=name, options=rest, alone=alone)
    standing = sum(_stands(example, value) for example, value in having)
    if standing >= STANDING * len(having):
        return AnswerPart(kind="quote", label=label, field=name)
    broken = any("\n" in str(value).strip() for _, value in having)
    if broken or _words(having) >= LONG_WORDS * len(having):
        return AnswerPart(kind="free_text", label=label, field=name)
    return AnswerPart(kind="text", label=label, field=name)


def _values(name: str, examples: Sequence[Example]) -> list[tuple[Example, Any]]:
    """Return the examples that have the value, with it; none where one is no text of any kind."""
    having = [(e, e.fields[name]) for e in examples if _is_filled(e.fields.get(name))]
    return [] if any(isinstance(value, dict) for _, value in having) else having


def _is_filled(value: object) -> bool:
    return value not in (None, "", [], ()) and bool(str(value).strip())


def is_remark(name: str) -> bool:
    """Tell whether a name is one over remarks, initials, or names and numbers of rows."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return is_identifier(name) or (bool(words) and words[-1] in _NO_ANSWER)


def _is_number(value: object) -> bool:
    """Tell whether a value is a number, with at most a sign or a unit of a word."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return False
    text = str(value)
    letters = sum(map(str.isalpha, text))
    return len(read_numbers(text)) == 1 and letters <= sum(map(str.isdigit, text)) + 2


def _stands(example: Example, value: object) -> bool:
    case = prompt_text(example)
    found = passages(value, case)
    return bool(found) and len(standing_quotes(found, case)) == len(found)


def _words(having: Sequence[tuple[Example, Any]]) -> int:
    return sum(len(str(value).split()) for _, value in having)


def _label(name: str) -> str:
    """Return what the part is called: its name as it would be written in a text."""
    text = " ".join(name.replace("_", " ").replace(":", " ").split())[:LABEL_CHARS].strip()
    return text[:1].upper() + text[1:]
