"""A first answer to a training case, from the training case that is worded most alike.

It is for the expert to correct. Test cases get none: they are answered unaided.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from rft_core.examples.answer_form import Value, read_answer, standing_quotes
from rft_core.records import AnswerPart, Example

ENOUGH = 12
"""Answered training cases from which drafts are worth reading."""
_MOST_CHARS = 5_000


class Draft(NamedTuple):
    """What the answer might be."""

    values: dict[str, Value]
    """By field; what cannot be taken over is missing."""
    like: Example
    """The case that it was taken from."""


def nearest_case(case: Example, train: Sequence[Example]) -> Example | None:
    """Return the answered training case that is worded most like this one, but for itself."""
    answered = [e for e in train if e.reference and e.id != case.id]
    best = process.extractOne(
        case.case_text[:_MOST_CHARS],
        [e.case_text[:_MOST_CHARS] for e in answered],
        scorer=fuzz.token_sort_ratio,
    )
    return answered[best[2]] if best else None


def draft(parts: Sequence[AnswerPart], case: Example, train: Sequence[Example]) -> Draft | None:
    """Return a draft for a training case; None for others, and before there are enough answers.

    Choices, ranked lists and texts are those of the most similar case. A quotation is taken only
    if it stands in this case too, a number never.
    """
    if case.split != "train" or sum(bool(e.reference) for e in train) < ENOUGH:
        return None
    like = nearest_case(case, [e for e in train if read_answer(parts, e.reference)])
    if like is None:
        return None
    values = dict(read_answer(parts, like.reference) or {})
    for part in parts:
        if part.kind == "quote":
            values[part.field] = standing_quotes(values[part.field], case.case_text)
        elif part.kind == "number":
            del values[part.field]
    return Draft({field: value for field, value in values.items() if value}, like)
