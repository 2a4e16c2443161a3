"""Trying to fool a rubric: what trap answers earn, and which criterion would close a hole.

Practice finds whatever the rubric pays for. A kind of trap *slips through* where it earns half of
what the expert's answers earn, or more; one that gets only one value of several wrong, where it
earns half of the points for that value (`partial_tricks.py`).
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from statistics import fmean
from typing import Any

from rft_core.checks.wording import count_words
from rft_core.records import CheckSpec, Criterion, Example, Grade, Record, Rubric
from rft_core.rubric import scoring
from rft_core.rubric.grading import Grader, Verdicts
from rft_core.rubric.ids import free_id
from rft_core.rubric.partial_tricks import SLIPS_AT, changed_fields, earned, own_criteria, paid
from rft_core.rubric.scoring import Values
from rft_core.rubric.traps import (
    ROOM,
    TRAPS,
    TRICKED,
    Case,
    Tried,
    cases_of,
    drawn_out,
    is_paid,
    share,
    tricked,
    tried,
)

Rules = tuple[Criterion, ...]

FEW = 30
"""Cases on which drawn out answers are tried."""
FEW_ASKED = 5
"""Cases on which tricks are tried where an AI grader is asked."""
MINDS_LENGTH = 0.95
"""Share of its points that a right answer keeps at most where a rubric minds its length."""
KEEPS = 0.95
"""Share of their score that the expert's answers must keep under a remedy."""


class Caught(Record):
    """What one kind of trap earns on all cases."""

    name: str
    title: str
    answers: int
    """Such answers that were tried, each to another case."""
    share: float
    """Mean points, penalties taken off, over those of the expert's answers; of a partial trick only
    the points for what it changes."""
    whole: float
    """The same of all points."""
    is_partial: bool
    """Whether it leaves other values right, for which it rightly keeps their points."""
    slips: bool
    example_id: str
    """The case on which it earns the most."""
    answer: str
    """The trap answer to that case."""
    paid_by: tuple[str, ...]
    """Ids of the criteria that paid for it there, the dearest first."""
    remedy: Criterion | None
    """What would close the hole: a criterion to add, or one of the rubric's with more points. None
    where nothing is needed, or nothing is known."""


class DrawnOut(Record):
    """What a right answer keeps when rambling makes it ten times as long."""

    share: float
    """Of the points of the expert's answers; it is no trick, since what it says is right."""
    remedy: Criterion | None
    """A limit of length to add, where the rubric does not mind it."""


def drawn_out_answers(
    rubric: Rubric, train: Sequence[Example], known: Verdicts | None = None
) -> DrawnOut | None:
    """Grade the expert's answers drawn out to ten times their length; no AI grader is asked.

    None where there is no expert answer that earns points. Raises InputError for a rubric that
    cannot grade.
    """
    grader = Grader(rubric, train, known=known)
    cases = _earning(grader, cases_of(train, FEW, rubric))
    if not cases:
        return None
    long = grader.grade_all([(drawn_out(case), case.example) for case, _ in cases])
    kept = share([grade.net for grade in long], [expert.net for _, expert in cases])
    remedy = _limit(rubric, [case for case, _ in cases]) if kept > MINDS_LENGTH else None
    return DrawnOut(share=kept, remedy=remedy)


def spring(
    rubric: Rubric,
    train: Sequence[Example],
    asking: bool = False,
    known: Verdicts | None = None,
) -> list[Caught]:
    """Grade every kind of trap on training cases with an expert answer, the dearest kind first.

    With `asking` an AI grader is asked, on few cases. What is among the `known` verdicts is not
    graded again. Empty where there is nothing to compare with:
    no case, or no expert answer that earns points and has a score.
    Raises InputError for a rubric that cannot grade.
    """
    grader = Grader(rubric, train, asking, known)
    cases = _earning(grader, cases_of(tricked(train), FEW_ASKED if asking else TRICKED, rubric))
    found = (_caught(grader, name, cases) for name in TRAPS)
    return sorted((c for c in found if c is not None), key=lambda caught: -caught.whole)


def _earning(grader: Grader, cases: Sequence[Case]) -> list[tuple[Case, Grade]]:
    """Return the cases whose expert answer earns points and has a score, with its grade."""
    grades = grader.grade_all([(case.reference, case.example) for case in cases])
    graded = zip(cases, grades, strict=True)
    return [(c, expert) for c, expert in graded if is_paid(expert)]


def _caught(grader: Grader, name: str, cases: Sequence[tuple[Case, Grade]]) -> Caught | None:
    found = tried(grader, name, cases)
    if not found:
        return None
    earns = earned(grader, name, found)
    best = max(found, key=lambda one: one.grade.net)
    return Caught(
        name=name,
        title=TRAPS[name][0],
        answers=len(found),
        share=earns.share,
        whole=earns.whole,
        is_partial=earns.is_partial,
        slips=earns.slips,
        example_id=best.case.example.id,
        answer=best.answer,
        paid_by=_paid_by(grader, name, best),
        remedy=_remedy(grader, name, cases, found) if earns.slips else None,
    )


def _paid_by(grader: Grader, name: str, one: Tried) -> tuple[str, ...]:
    """Return the ids of what paid for the trick, of what it changes where that is looked at."""
    criteria = grader.criteria_for(one.case.example)
    changed = changed_fields(name, one.case)
    own = own_criteria(grader, changed, one.case, one.grade.values, one.expert.values)
    by = {c.id: paid(c, one.grade.values) for c in criteria if own is None or c.id in own}
    return tuple(sorted((i for i in by if by[i] > 0), key=lambda i: -by[i]))


def _remedy(
    grader: Grader, name: str, cases: Sequence[tuple[Case, Grade]], traps: Sequence[Tried]
) -> Criterion | None:
    """Return the criterion, a present one with more points or a new one, that closes the hole.

    The first that does, with as few points as do; the expert's own answers must keep their score.
    """
    rubric = grader.rubric
    least = KEEPS * fmean(expert.score or 0.0 for _, expert in cases)
    most = int(sum(c.points for c in rubric.active if c.points > 0)) + 1
    changed = [changed_fields(name, one.case) for one in traps]
    present = [(c, c.points) for c in rubric.active if c.points > 0 and c.aspect == "substance"]
    for draft, has in (*present, *((c, 0) for c in _drafts(rubric, [case for case, _ in cases]))):
        examples = [case.example for case, _ in cases]
        with_it = Grader(rubric.with_criterion(draft), examples, grader.asking, grader.known)
        trial = _Trial(with_it, draft, [case for case, _ in cases], traps, changed)
        prices = [has + more * math.copysign(1, draft.points) for more in range(1, most + 1)]
        closing = next((i for i, price in enumerate(prices) if trial.share(price) < SLIPS_AT), None)
        if closing is None:
            continue
        if all(trial.expert_score(price) >= least for price in prices[: closing + 1]):
            return draft.with_changes(points=prices[closing])
    return None


class _Trial:
    """A criterion tried at several prices: answers are graded once, points are counted anew."""

    def __init__(
        self,
        grader: Grader,
        draft: Criterion,
        cases: Sequence[Case],
        traps: Sequence[Tried],
        changed: Sequence[Collection[str]],
    ) -> None:
        self.grader = grader
        self.draft = draft
        self.cases = self._graded([(case.reference, case.example) for case in cases])
        self.experts = self._graded([(t.case.reference, t.case.example) for t in traps])
        self.traps = self._graded([(t.answer, t.case.example) for t in traps])
        graded = zip(traps, changed, self.traps, self.experts, strict=True)
        self.owns = [own_criteria(grader, fields, one.case, trap, expert)
                     for one, fields, (trap, _), (expert, _) in graded]  # fmt: skip

    def share(self, points: float) -> float:
        """Return what the traps earn, as `partial_tricks.earned` does."""
        every = [None] * len(self.owns)
        whole = share(self._net(self.traps, points, every), self._net(self.experts, points, every))
        if whole < SLIPS_AT:
            return whole
        return share(
            self._net(self.traps, points, self.owns), self._net(self.experts, points, self.owns)
        )

    def expert_score(self, points: float) -> float:
        """Return the mean score of the expert's answers."""
        priced = self._priced(points)
        how = self.grader.rubric.scoring
        scores = (scoring.score(v, priced(rules), how=how) for v, rules in self.cases)
        return fmean(score or 0.0 for score in scores)

    def _net(
        self,
        graded: Sequence[tuple[Values, Rules]],
        points: float,
        owns: Sequence[frozenset[str] | None],
    ) -> list[float]:
        priced = self._priced(points)
        return [
            sum(scoring.won_and_lost(
                values, [c for c in priced(rules) if own is None or c.id in own]
            ))
            for (values, rules), own in zip(graded, owns, strict=True)
        ]  # fmt: skip

    def _priced(self, points: float) -> Callable[[Rules], Rules]:
        """Return what gives the criterion these points among others."""
        own = self.draft.model_copy(update={"points": points})
        return lambda rules: tuple(own if rule.id == own.id else rule for rule in rules)

    def _graded(self, answers: Sequence[tuple[str, Example]]) -> list[tuple[Values, Rules]]:
        grades = zip(answers, self.grader.grade_all(answers), strict=True)
        return [(grade.values, self.grader.criteria_for(case)) for (_, case), grade in grades]


def _drafts(rubric: Rubric, cases: Sequence[Case]) -> Iterator[Criterion]:
    """Yield new criteria that may close a hole, worth one point each (a penalty: minus one)."""
    used = {criterion.id for criterion in rubric.criteria}
    read = {str(c.check.parameters.get("field")) for c in rubric.active if c.points > 0}
    for field, values in sorted(cases[0].choices.items(), key=lambda item: len(item[1])):
        labels, name = list(values), field.replace("_", " ")
        if field not in read:
            yield _draft(used, f"right_{field}", f"Gives the right {name}", 1, kind="label",
                         labels=labels, field=field)  # fmt: skip
        yield _draft(used, f"several_{field}", f"Gives more than one {name}", -1,
                     kind="several_labels", labels=labels)  # fmt: skip
    yield _limit(rubric, cases)


def _limit(rubric: Rubric, cases: Sequence[Case]) -> Criterion:
    """Return a new criterion that limits the length to what the expert's answers need."""
    used = {criterion.id for criterion in rubric.criteria}
    longest = int(ROOM * max(count_words(case.reference) for case in cases)) + 1
    text = f"Has at most {longest} words"
    return _draft(used, "length", text, 1, kind="length", max_words=longest).with_changes(
        aspect="form"
    )


def _draft(used: "set[str]", wanted: str, text: str, points: float, **check: Any) -> Criterion:
    return Criterion(
        id=free_id(used, wanted), text=text, points=points, aspect="substance",
        check=CheckSpec(**check),
    )  # fmt: skip
