"""Tricks that get only some values of an answer wrong: what they earn for what they change.

Where an answer gives a ratio and a trend, one with the wrong trend rightly keeps the points of the
ratio. So a trick that keeps half of all points, but leaves another value right, is judged by the
criteria that read what it changes, and by those that mind it; every other trick by all points.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from rft_core.records import Criterion, Grade
from rft_core.rubric.grading import Grader
from rft_core.rubric.scoring import Values
from rft_core.rubric.traps import TRAPS, Case, Tried, share

CHANGING = ("negated", "all_choices", "wrong")
"""Traps that are the expert's answer with some of its values changed."""
SLIPS_AT = 0.5
"""Share of the expert answers' points from which a trick pays."""
DECIDED = ("label", "cost_table", "exact", "number", "set", "ranked")
"""Checks by which a value is right or wrong for itself; a quotation or a reason only backs one."""


class Earned(NamedTuple):
    """What one kind of trick earns, as shares of what the expert's answers earn."""

    share: float
    """Of the points for what it changes; of all points where it leaves no other value right."""
    whole: float
    """Of all points."""
    is_partial: bool
    """Whether some of the tricks are judged by what they change."""

    @property
    def slips(self) -> bool:
        """Whether the trick pays."""
        return self.share >= SLIPS_AT


def earned(grader: Grader, name: str, tries: Sequence[Tried]) -> Earned:
    """Return what trap answers of one kind earn."""
    whole = share([one.grade.net for one in tries], [one.expert.net for one in tries])
    if whole < SLIPS_AT:
        return Earned(whole, whole, False)
    owns = [
        own_criteria(
            grader, changed_fields(name, one.case), one.case, one.grade.values, one.expert.values
        )
        for one in tries
    ]
    judged = [
        (one, grader.criteria_for(one.case.example), own)
        for one, own in zip(tries, owns, strict=True)
    ]
    return Earned(
        share([_net(one.grade, criteria, own) for one, criteria, own in judged],
              [_net(one.expert, criteria, own) for one, criteria, own in judged]),
        whole,
        any(own is not None for own in owns),
    )  # fmt: skip


def own_criteria(
    grader: Grader, changed: Collection[str], case: Case, trap: Values, expert: Values
) -> frozenset[str] | None:
    """Return the ids of the criteria by which a trick that changes these fields is judged.

    None where all of them count: it changes no value, or leaves no other value that is graded.
    """
    if not changed:
        return None
    criteria = grader.criteria_for(case.example)
    reads = grader.reads(case.example)
    decided = {
        reads[c.id] for c in criteria
        if c.id in reads and c.points > 0 and c.check.kind in DECIDED and expert.get(c.id)
    }  # fmt: skip
    if decided.issubset(changed):
        return None
    return frozenset(
        c.id for c in criteria
        if reads.get(c.id) in changed or paid(c, trap) < paid(c, expert)
    )  # fmt: skip


def changed_fields(name: str, case: Case) -> set[str]:
    """Return the fields whose values a trap changes in the expert's answer."""
    if name not in CHANGING:
        return set()
    return {field for field in case.example.fields if _is_changed(name, case, field)}


def _is_changed(name: str, case: Case, field: str) -> bool:
    """Say whether the trap made for this field alone is the expert's answer with another value."""
    example = case.example.model_copy(update={"fields": {field: case.example.fields[field]}})
    choices = {field: case.choices[field]} if field in case.choices else {}
    made = TRAPS[name][1](case._replace(example=example, choices=choices))
    no_answer = ", ".join(choices.get(field, ()))
    return made not in (None, case.reference, no_answer)


def paid(criterion: Criterion, values: Values) -> float:
    """Return the points that an answer has by a criterion, negative for a penalty."""
    return (values.get(criterion.id) or 0.0) * criterion.points


def _net(grade: Grade, criteria: Sequence[Criterion], own: frozenset[str] | None) -> float:
    if own is None:
        return grade.net
    return sum(paid(c, grade.values) for c in criteria if c.id in own)
