"""Floors: what needs no model at all. A tuned model that does not beat them learned little."""

from collections.abc import Sequence

from rft_core.examples.drafting import nearest_case
from rft_core.records import Example
from rft_core.rubric.grading import Grader

TRIED_AT_MOST = 200
"""Training answers tried as the constant answer."""


def commonest_answer(grader: Grader, train: Sequence[Example]) -> str:
    """Return the one training answer that, given to every training case, earns the most.

    This is the best constant; it never sees a held-out case. No AI grader is asked: that would be
    thousands of questions. Ties go to what earns more points, then to the earlier example.
    """
    grader = grader.not_asking()
    references = [e.reference for e in train if e.reference][:TRIED_AT_MOST]
    cases = train[:TRIED_AT_MOST]
    return max(dict.fromkeys(references), key=lambda text: _total(grader, text, cases), default="")


def nearest_answer(case: Example, train: Sequence[Example]) -> str:
    """Return the answer of the training case with the most similar wording."""
    found = nearest_case(case, train)
    return (found.reference or "") if found else ""


def _total(grader: Grader, text: str, cases: Sequence[Example]) -> tuple[float, float]:
    grades = [grader.grade(text, case) for case in cases]
    return sum(grade.score or 0.0 for grade in grades), sum(grade.net for grade in grades)
