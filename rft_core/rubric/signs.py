"""Points that go the other way than a criterion's check or the words of its rule."""

from typing import NamedTuple

from rft_core.checks import Check
from rft_core.records import Criterion
from rft_core.rubric.rules.faults import reads_like_fault

RIGHT = ("label", "cost_table", "exact", "number", "set", "ranked", "quote")
"""Checks that an answer meets by being right, where they read an expected value."""


class WrongSign(NamedTuple):
    """Why the points of a criterion go the wrong way."""

    says: str
    """What is wrong, said of the rule: "is met by a fault, yet it gives points."."""
    fix: str


def wrong_sign(criterion: Criterion, check: Check) -> WrongSign | None:
    """Return why a criterion's points go the wrong way; None where they do not."""
    if criterion.points > 0 and check.finds_fault:
        return WrongSign("is met by a fault, yet it gives points.", "Make its points negative.")
    if criterion.points > 0 and reads_like_fault(criterion.text):
        return WrongSign(
            "reads like a fault, yet it gives points.",
            "Make its points negative, or say what the answer should do instead.",
        )
    if criterion.points < 0 and check.kind in RIGHT and check.reads:
        return WrongSign(
            "takes points from answers that are right by its check.",
            "Make its points positive, or check for the mistake instead.",
        )
    return None


def may_be_meant_as_reward(criterion: Criterion, check: Check) -> bool:
    """Say whether neither the check nor the rule of a penalty names a fault."""
    return not check.finds_fault and not reads_like_fault(criterion.text)
