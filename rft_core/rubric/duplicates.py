"""Criteria that are checked in the same way."""

from rft_core.checks import Check, Unknown
from rft_core.errors import InputError
from rft_core.examples.answer_form import CANNOT_TELL, OUT_OF_SCOPE
from rft_core.records import Criterion
from rft_core.rubric.findings import try_build


def checked_alike(one: Criterion, other: Criterion) -> bool:
    """Say whether the checks of two criteria give every answer the same."""
    if one.check.kind != other.check.kind or one.applies_to != other.applies_to:
        return False
    checks = try_build(one), try_build(other)
    if any(isinstance(check, InputError | Unknown) for check in checks):
        return one.check == other.check
    first, second = (_without_alone(check) for check in checks)
    return first == second


def _without_alone(check: object) -> object:
    """Return a check without the choices that say that there is no answer: two that differ in
    these, or in the order of theirs, are told apart by no answer but those."""
    labels = getattr(check, "labels", None)
    if not isinstance(check, Check) or not labels:
        return check
    return check.model_copy(
        update={"labels": tuple(sorted(set(labels) - {CANNOT_TELL, OUT_OF_SCOPE}))}
    )
