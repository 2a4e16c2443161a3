"""Answers to own cases that show what a criterion does."""

import pytest

from rft_core.examples.folder import read_project
from rft_core.records import CheckSpec, Criterion, Rubric
from rft_core.rubric.grading import Grader
from rft_core.rubric.shown import OnCases, on_cases
from rft_core.settings import samples_folder

SAMPLES = [read_project(samples_folder() / n) for n in ("finance", "legal", "healthcare")]
CRITERIA = [(files, criterion) for files in SAMPLES for criterion in files.rubric.criteria]


@pytest.mark.parametrize(("files", "criterion"), CRITERIA, ids=lambda x: getattr(x, "id", ""))
def test_every_criterion_of_the_samples_is_shown_on_cases(files, criterion) -> None:
    train = [e for e in files.examples if e.split == "train"]
    by_id = {e.id: e for e in train}
    met, unmet, failed = on_cases(criterion, train)
    grader = Grader(Rubric(criteria=(criterion.with_changes(points=1),)))
    assert met and unmet and not failed
    for shown, value in ((met, 1), (unmet, 0)):
        assert grader.grade(shown.answer, by_id[shown.example_id]).values[criterion.id] == value
    if criterion.points > 0:
        assert met.answer == by_id[met.example_id].reference


def test_what_cannot_grade_shows_nothing() -> None:
    train = SAMPLES[0].examples
    for check in (CheckSpec(kind="label"), CheckSpec(kind="not known")):
        criterion = Criterion(id="a", text="A", points=1, aspect="form", check=check)
        assert on_cases(criterion, train) == OnCases()
    fine = SAMPLES[0].rubric.criteria[0]
    assert on_cases(fine, []) == OnCases()


def test_only_cases_with_a_tag_of_the_criterion_are_shown() -> None:
    train = [e.with_changes(tags=()) for e in SAMPLES[0].examples if e.split == "train"]
    train[5] = train[5].with_changes(tags=("papers", "late"))
    criterion = SAMPLES[0].rubric.criteria[0].with_changes(tags=("papers", "other"))
    met, unmet, _ = on_cases(criterion, train)
    assert met and unmet and {met.example_id, unmet.example_id} == {train[5].id}
    assert on_cases(criterion.with_changes(tags=("other",)), train) == OnCases()


def test_answers_that_a_criterion_cannot_grade_are_named_with_the_reason() -> None:
    train = [e for e in SAMPLES[0].examples if e.split == "train"][:4]
    code = "def grade(sample, item):\n    return sample['output_text'].index('released')"
    criterion = Criterion(
        id="a", text="A", points=1, aspect="form", check=CheckSpec(kind="python", code=code)
    )
    tried = on_cases(criterion, train)
    assert tried.met is None
    assert list(tried.failed.values()) == [[e.id for e in train]]
    assert next(iter(tried.failed)).startswith("The Python code gave no value: line 2")
