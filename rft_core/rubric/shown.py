"""Answers to the expert's own cases that show what a criterion does."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rft_core.checks import Check, build
from rft_core.errors import InputError
from rft_core.records import Criterion, Example, Rubric
from rft_core.rubric.grading import NOT_ASKED, Grader
from rft_core.rubric.ingredients import formula_in
from rft_core.rubric.rules.proposals import WRONG_ANSWERS, Shown, shown_by
from rft_core.rubric.tailored import made_for
from rft_core.rubric.traps import TRAPS, Case, cases_of

MAX_TRIED = 40


class OnCases(NamedTuple):
    """What a criterion does on the expert's own cases."""

    met: Shown | None = None
    unmet: Shown | None = None
    failed: Mapping[str, Sequence[str]] = {}
    """Ids of cases whose expert answer it cannot grade, by the reason."""


def on_cases(
    criterion: Criterion, train: Sequence[Example], rubric: Rubric | None = None
) -> OnCases:
    """Return an answer that meets the criterion and one that does not, the expert's own first.

    None where no answer does: neither the expert's to training cases, nor a wrong one made of them.
    Of a criterion with tags only cases that it is for are shown.
    A formula takes its parts from `rubric`. No AI grader is asked. What cannot grade anything here
    shows nothing.
    """
    alone = criterion.with_changes(points=1.0, enabled=True)
    train = [example for example in train if alone.counts_for(example)]
    alone = alone.with_changes(tags=())
    rubric = Rubric(criteria=(alone, *_parts(criterion, rubric or Rubric())))
    found: dict[bool, Shown] = {}
    failed: dict[str, list[str]] = defaultdict(list)
    try:
        check = build(criterion.check)
        if check.obstacle:
            return OnCases()
        grader, cases = Grader(rubric), cases_of(train, MAX_TRIED, rubric)
        for case, answer, is_own in _answers(check, cases):
            if len(found) == 2 and not is_own:
                break
            grade = grader.grade(answer, case.example)
            value, reason = grade.values.get(criterion.id), grade.reasons.get(criterion.id, "")
            if value is None and is_own and reason != NOT_ASKED:
                failed[reason].append(case.example.id)
            if value in (0, 1) and (value == 1) not in found:
                found[value == 1] = shown_by(check, answer, case.example)
    except InputError:
        return OnCases()
    return OnCases(found.get(True), found.get(False), dict(failed))


def _parts(criterion: Criterion, rubric: Rubric) -> Iterator[Criterion]:
    formula = formula_in(criterion.check)
    for other in rubric.criteria:
        if formula is not None and other.id in formula.parts and other.id != criterion.id:
            yield other.with_changes(points=0.0, tags=())


def _answers(check: Check, cases: Sequence[Case]) -> Iterator[tuple[Case, str, bool]]:
    """Yield answers to the cases, first the expert's own; the last value says whether it is.

    Then those that show best what the check looks at, then what a model could write instead.
    """
    for case in cases:
        yield case, case.reference, True
    for case in cases:
        met, unmet = made_for(check, case)
        yield from ((case, answer, False) for answer in (*met, *unmet))
    for name in WRONG_ANSWERS:
        for case in cases:
            answer = TRAPS[name][1](case)
            if answer is not None:
                yield case, answer, False
