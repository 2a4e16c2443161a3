"""What practice has to work with: how often each criterion is met before it, by whom.

Practice learns from answers to a case that earn differently. A criterion that all of the model's
answers meet, or none, moves nothing.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from rft_core.records import Criterion, Grade
from rft_core.rubric.ingredients import is_penalty

LEAST_SEEN = 3
"""Answers from which it is said that a criterion comes out alike on all."""


class Leeway(NamedTuple):
    """How one criterion comes out on the expert's and on the model's answers to the same cases."""

    criterion: Criterion
    expert: float | None
    """Mean value, 0 to 1; None where none of the answers could be graded."""
    model: float | None
    remark: str
    """One sentence where it comes out alike on all of the model's answers; else empty."""


def leeways(
    criteria: Sequence[Criterion], expert: Sequence[Grade], model: Sequence[Grade]
) -> list[Leeway]:
    """Return a row for each criterion with points that counted for any of the cases."""
    rows = []
    for criterion in criteria:
        by_model = _values(model, criterion)
        if criterion.points and (by_model or _is_in(model, criterion)):
            by_expert = _values(expert, criterion)
            rows.append(
                Leeway(criterion, _mean(by_expert), _mean(by_model), _remark(criterion, by_model))
            )
    return rows


def _remark(criterion: Criterion, values: Sequence[float]) -> str:
    if len(values) < LEAST_SEEN or len(set(values)) > 1 or values[0] not in (0, 1):
        return ""
    always = values[0] == 1
    if is_penalty(criterion):
        return (
            "Always lost: practice cannot yet find a way out."
            if always
            else "Never lost: practice gains nothing here."
        )
    if always:
        return "Always met: practice gains nothing here."
    return "Never met yet: your answers must teach it first."


def _values(grades: Sequence[Grade], criterion: Criterion) -> list[float]:
    found = (grade.values.get(criterion.id) for grade in grades)
    return [value for value in found if value is not None]


def _is_in(grades: Sequence[Grade], criterion: Criterion) -> bool:
    return any(criterion.id in grade.values for grade in grades)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
