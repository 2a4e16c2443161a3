"""How a rule in plain words is read: the same where it is pasted as where it is typed."""

from collections.abc import Sequence
from typing import NamedTuple

from rft_core.records import AnswerPart, Example, Rubric
from rft_core.rubric.rules.faults import reads_like_fault
from rft_core.rubric.rules.proposals import Proposal, propose
from rft_core.rubric.rules.two_criteria import Half, divided


class Reading(NamedTuple):
    """What a rule may mean."""

    ways: list[Proposal]
    """To check all of it, the likeliest first."""
    parts: tuple[Half, ...] | None
    """Where it asks for several things."""


def read(
    rule: str,
    train: Sequence[Example],
    points: float | None = None,
    rubric: Rubric | None = None,
    form: Sequence[AnswerPart] = (),
) -> Reading:
    """Return how a rule worth so many points, or its parts, can be checked on training cases.

    Of a rule that names a fault only ways that find it, or that pay for what it misses: others
    would pay for the opposite.
    """
    fault = (points or 0) < 0 or reads_like_fault(rule)
    ways = propose(rule, train, fault, rubric, form)
    fitting = [way for way in ways if way.is_penalty or way.text or not fault]
    return Reading(fitting, divided(rule, train, rubric, fault, form))
