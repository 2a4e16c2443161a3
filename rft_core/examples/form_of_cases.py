"""The answer form that the answers of given cases already follow."""

from collections.abc import Sequence

from rft_core.checks.number import NO_NUMBER
from rft_core.checks.number_reading import read_numbers
from rft_core.checks.wording import tokens
from rft_core.errors import InputError
from rft_core.examples.answer_form import (
    ALONE,
    check_form,
    read_answer,
    read_quotes,
)
from rft_core.records import AnswerPart, Example
from rft_core.rubric.ids import slug

MAX_CHOICES = 12
USED_TWICE = 2
"""How often a label is used on average where a part is a choice."""


def form_of_cases(examples: Sequence[Example]) -> tuple[AnswerPart, ...]:
    """Return the form in which all expert answers are written; empty where there is none.

    Choices are the labels that the answers use. Parts keep the names of the expected values that
    hold the same.
    """
    answered = [e for e in examples if e.reference]
    lines = [[line.partition(": ") for line in (e.reference or "").split("\n")] for e in answered]
    names = {tuple(label for label, *_ in rows) for rows in lines}
    if not answered or len(names) != 1 or not all(mark for rows in lines for _, mark, _ in rows):
        return ()
    columns = [[rows[i][2] for rows in lines] for i in range(len(lines[0]))]
    used: set[str] = set()
    parts = []
    for label, column in zip(names.pop(), columns, strict=True):
        part = _part(label, column, answered, used)
        used.add(part.field)
        parts.append(part)
    try:
        check_form(parts)
    except InputError:
        return ()
    held = all(read_answer(parts, e.reference) is not None for e in answered)
    return tuple(parts) if held else ()


def _part(
    label: str, texts: Sequence[str], answered: Sequence[Example], used: set[str]
) -> AnswerPart:
    quotes = [[read_quotes(text)] for text in texts]
    if all(found for (found,) in quotes):
        return AnswerPart(kind="quote", label=label, field=_field(label, quotes, answered, used))
    lists = [text.split(", ") for text in texts]
    items = list(dict.fromkeys(item for found in lists for item in found))
    if max(map(len, lists)) > 1 and are_choices(items, len(texts)):
        alone = tuple(i for i in items if i in ALONE)
        return AnswerPart(
            kind="ranked", label=label, field=_field(label, [x[:1] for x in lists], answered, used),
            options=tuple(i for i in items if i not in alone), alone=alone,
            top=max(map(len, lists)),
        )  # fmt: skip
    labels = list(dict.fromkeys(texts))
    field = _field(label, [[text] for text in texts], answered, used)
    alone = tuple(i for i in labels if i in ALONE)
    options = tuple(i for i in labels if i not in alone)
    if len(labels) > 1 and are_choices(labels, len(texts)):
        return AnswerPart(kind="choice", label=label, field=field, options=options, alone=alone)
    alone = tuple(i for i in labels if i in NO_NUMBER)
    numbers = [i for i in labels if i not in alone]
    if numbers and all(len(read_numbers(text)) == 1 for text in numbers):
        return AnswerPart(kind="number", label=label, field=field, alone=alone)
    return AnswerPart(kind="text", label=label, field=field)


def are_choices(labels: Sequence[str], answers: int) -> bool:
    """Tell whether so many answers choose among these labels: few, and used often."""
    return len(labels) <= min(MAX_CHOICES, answers // USED_TWICE)


def _field(
    label: str, values: Sequence[Sequence[object]], answered: Sequence[Example], used: set[str]
) -> str:
    """Return the expected value that holds what the part's lines say, else a name for a new one."""
    said = [_plain(value) for value in values]
    for name in dict.fromkeys(n for e in answered for n in e.fields):
        if name not in used and [_plain([e.fields.get(name)]) for e in answered] == said:
            return name
    return slug(label)


def _plain(values: Sequence[object]) -> list[str]:
    """Return the texts of a value, or of a list of values, folded."""
    flat = [i for v in values for i in (v if isinstance(v, (list, tuple)) else [v])]
    return [tokens(str(item)) for item in flat]
