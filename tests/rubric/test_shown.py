"""Answers to own cases that show what a criterion does."""

import pytest

from rft_core.examples.folder import read_project
from rft_core.records import CheckSpec, Criterion, Rubric
from rft_core.rubric.grading import Grader
from rft_core.rubric.shown import met_and_unmet
from rft_core.settings import samples_folder

SAMPLES = [read_project(samples_folder() / n) for n in ("finance", "legal", "healthcare")]
CRITERIA = [(files, criterion) for files in SAMPLES for criterion in files.rubric.criteria]


@pytest.mark.parametrize(("files", "criterion"), CRITERIA, ids=lambda x: getattr(x, "id", ""))
def test_every_criterion_of_the_samples_is_shown_met_and_unmet(files, criterion) -> None:
    train = [e for e in files.examples if e.split == "train"]
    by_id = {e.id: e for e in train}
    met, unmet = met_and_unmet(criterion, train)
    grader = Grader(Rubric(criteria=(criterion.with_changes(points=1),)))
    assert met and unmet
    for shown, value in ((met, 1), (unmet, 0)):
        assert grader.grade(shown.answer, by_id[shown.example_id]).values[criterion.id] == value
    if criterion.points > 0:
        assert met.answer == by_id[met.example_id].reference


def test_what_cannot_grade_shows_nothing() -> None:
    train = SAMPLES[0].examples
    for check in (CheckSpec(kind="label"), CheckSpec(kind="not known")):
        criterion = Criterion(id="a", text="A", points=1, aspect="form", check=check)
        assert met_and_unmet(criterion, train) == (None, None)
    fine = SAMPLES[0].rubric.criteria[0]
    assert met_and_unmet(fine, []) == (None, None)
