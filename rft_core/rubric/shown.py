"""Answers to the expert's own cases that show what a criterion does."""

from collections.abc import Iterator, Sequence

from rft_core.errors import InputError
from rft_core.records import Criterion, Example, Rubric
from rft_core.rubric.grading import Grader
from rft_core.rubric.ingredients import formula_in
from rft_core.rubric.proposals import WRONG_ANSWERS, Shown
from rft_core.rubric.traps import TRAPS, Case, cases_of

MAX_TRIED = 40


def met_and_unmet(
    criterion: Criterion, train: Sequence[Example], rubric: Rubric | None = None
) -> tuple[Shown | None, Shown | None]:
    """Return an answer that meets the criterion and one that does not, the expert's own first.

    None where no answer does: neither the expert's to training cases, nor a wrong one made of them.
    A formula takes its parts from `rubric`.
    """
    alone = criterion.with_changes(points=1.0, enabled=True, tags=())
    rubric = Rubric(criteria=(alone, *_parts(criterion, rubric or Rubric())))
    found: dict[bool, Shown] = {}
    try:
        grader = Grader(rubric)
        for case, answer in _answers(cases_of(train, MAX_TRIED, rubric)):
            value = grader.grade(answer, case.example).values.get(criterion.id)
            if value in (0, 1):
                shown = Shown(example_id=case.example.id, answer=answer)
                found.setdefault(value == 1, shown)
            if len(found) == 2:
                break
    except InputError:
        return None, None
    return found.get(True), found.get(False)


def _parts(criterion: Criterion, rubric: Rubric) -> Iterator[Criterion]:
    formula = formula_in(criterion.check)
    for other in rubric.criteria:
        if formula is not None and other.id in formula.parts and other.id != criterion.id:
            yield other.with_changes(points=0.0, tags=())


def _answers(cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
    for case in cases:
        yield case, case.reference
    for name in WRONG_ANSWERS:
        for case in cases:
            answer = TRAPS[name][1](case)
            if answer is not None:
                yield case, answer
