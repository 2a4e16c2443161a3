"""What was typed into forms and not saved."""

import pytest

from rft_core.errors import StoreError
from rft_core.records import Example, Project, Rubric
from rft_core.store import Studio
from rft_core.store.drafts import MAX_CHARS, NO_PROJECT


@pytest.fixture
def saved(studio: Studio, project: Project, examples: list[Example], rubric: Rubric) -> Studio:
    studio.save_project(project, examples, rubric)
    return studio


def test_the_last_typed_of_a_form_is_kept_and_the_last_typed_form_comes_last(
    saved: Studio, project: Project
) -> None:
    for place, typed in [("form", {"a": [1]}), ("rules", "ü \ud800"), ("form", {"a": [2]})]:
        assert saved.keep_form_draft(project.id, place, typed)
    assert list(saved.form_drafts(project.id).items()) == [("rules", "ü ?"), ("form", {"a": [2]})]
    assert not saved.keep_form_draft(project.id, "form", None)
    assert saved.form_drafts(project.id) == {"rules": "ü ?"}


def test_a_form_without_a_project_is_kept_apart(saved: Studio, project: Project) -> None:
    assert saved.keep_form_draft(NO_PROJECT, "new", {"name": "Leases"})
    assert saved.form_drafts(NO_PROJECT) == {"new": {"name": "Leases"}}
    assert saved.form_drafts(project.id) == {}


def test_what_is_too_long_is_not_kept(saved: Studio, project: Project) -> None:
    assert saved.keep_form_draft(project.id, "rows", "short")
    assert not saved.keep_form_draft(project.id, "rows", "x" * MAX_CHARS)
    assert saved.form_drafts(project.id) == {}


def test_a_form_of_an_unknown_project_is_refused(saved: Studio) -> None:
    with pytest.raises(StoreError):
        saved.keep_form_draft("unknown", "rows", "text")
