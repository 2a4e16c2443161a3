"""A rule that asks for two things with an "and", as two criteria: each checked in its own way."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rft_core.checks.formula import Part, formula_of
from rft_core.records import Aspect, CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.candidates import is_counted
from rft_core.rubric.ids import slug
from rft_core.rubric.proposals import Proposal, propose
from rft_core.rubric.said_keys import asks_for_json
from rft_core.rubric.said_words import said_words
from rft_core.rubric.two_demands import QUOTED, begins_with_verb, joins_two_demands, without_subject

_AND = re.compile(r"\s*,?\s+(?:and|as well as)\s+", re.I)


class Half(NamedTuple):
    """One of the two things that a rule asks for."""

    text: str
    way: Proposal


def divided(
    rule: str, train: Sequence[Example], rubric: Rubric | None = None
) -> tuple[Half, Half] | None:
    """Return the halves of a rule at the first "and" that joins two rules with checks of their own.

    None where no "and" does, as in "between 3 and 20 words". One in quotation marks never does, nor
    one in a list of words or keys.
    An AI grader could be asked anything, so a half is left to it only where both parts of the rule
    say what to do.
    """
    if asks_for_json(rule) or (said_words(rule).is_all and not is_counted(rule)):
        return None
    two = joins_two_demands(rule)
    for texts in _cut(rule):
        ways = [
            [
                way
                for way in propose(text, train, rubric=rubric)
                if not way.is_guess and (two or way.was_tried)
            ]
            for text in texts
        ]
        if all(ways) and ways[0][0].check != ways[1][0].check:
            first, second = (Half(text, way[0]) for text, way in zip(texts, ways, strict=True))
            return first, second
    return None


def as_criteria(
    halves: Sequence[Half], points: float, free: Callable[[str], str]
) -> tuple[Criterion, ...]:
    """Return a criterion for each half, worth so many points; `free` makes ids that are free."""
    return tuple(
        Criterion(
            id=free(slug(text)),
            text=text,
            points=-abs(points) if way.is_penalty else abs(points),
            aspect="form" if way.is_form else "substance",
            check=way.check,
        )
        for text, way in halves
    )


def only_together(
    rule: str, halves: Sequence[Half], points: float, free: Callable[[str], str]
) -> tuple[Criterion, ...]:
    """Return the halves without points of their own, and a criterion that both must be met."""
    parts = as_criteria(halves, 0.0, free)
    named = [Part(one.id, half.way.is_penalty) for one, half in zip(parts, halves, strict=True)]
    check = CheckSpec.model_validate({"kind": "formula", "formula": formula_of("all", named)})
    aspect: Aspect = "form" if all(half.way.is_form for half in halves) else "substance"
    both = Criterion(
        id=free(f"{slug(rule)}_both"), text=rule, points=abs(points), aspect=aspect, check=check
    )
    return (*parts, both)


def _cut(rule: str) -> Iterator[tuple[str, str]]:
    """Yield a rule cut at each of its "and"s; what lacks a verb then begins with the rule's."""
    masked = QUOTED.sub(lambda match: "x" * len(match[0]), rule)
    demand = without_subject(rule)
    subject = rule[: len(rule) - len(demand)]
    verb = demand.split(maxsplit=1)[0] if demand.strip() else ""
    for joint in _AND.finditer(masked):
        first, second = rule[: joint.start()].strip(), rule[joint.end() :].strip()
        if not first or not second:
            continue
        if begins_with_verb(second):
            second = f"{subject}{second}"
        elif without_subject(second) == second:
            second = f"{subject}{verb} {second}"
        yield first, second[:1].upper() + second[1:]
