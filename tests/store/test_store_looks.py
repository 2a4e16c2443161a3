import pytest

from rft_core.records import Rubric, content_id
from rft_core.store import Studio


@pytest.fixture
def looked(studio: Studio, project, examples, rubric, make_job) -> Studio:
    """A studio in which a run's held-out results have been opened."""
    studio.save_project(project, examples, rubric)
    studio.import_job(make_job())
    studio.record_look("alerts", "train-1", "comparison page")
    return studio


def test_nothing_is_exploratory_before_a_look(studio: Studio, project, examples, rubric) -> None:
    studio.save_project(project, examples, rubric)
    saved = studio.save_rubric("alerts", Rubric())
    assert studio.is_exploratory("alerts", saved.example_set_id, saved.rubric_version_id) is None
    assert studio.changed_after_look("alerts") == []


def test_each_look_is_kept(looked: Studio) -> None:
    looked.record_look("alerts", "train-1", "report")
    assert list(looked.looks("alerts")["what"]) == ["comparison page", "report"]


def test_what_is_unchanged_since_the_look_stays_confirmatory(looked: Studio) -> None:
    latest = looked.latest_version("alerts")
    ids = latest.example_set_id, latest.rubric_version_id
    assert looked.is_exploratory("alerts", *ids) is None


def test_a_rubric_changed_after_the_look_is_exploratory(looked: Studio) -> None:
    saved = looked.save_rubric("alerts", Rubric(name="Kinder"))
    reason = looked.is_exploratory("alerts", saved.example_set_id, saved.rubric_version_id)
    assert reason.startswith("The rubric was changed after test results")
    (sentence,) = looked.changed_after_look("alerts")
    assert sentence.startswith("Version 2, ")
    assert "the rubric was changed" in sentence


def test_both_changed_are_both_named(looked: Studio, examples) -> None:
    looked.save_rubric("alerts", Rubric(name="Kinder"))
    saved = looked.save_examples("alerts", examples[1:])
    reason = looked.is_exploratory("alerts", saved.example_set_id, saved.rubric_version_id)
    assert reason.startswith("The rubric was changed and the examples were changed after")
    assert len(looked.changed_after_look("alerts")) == 2


def test_restoring_what_was_there_before_the_look_is_not_exploratory(looked: Studio) -> None:
    looked.save_rubric("alerts", Rubric(name="Kinder"))
    back = looked.restore_version("alerts", 1)
    assert looked.is_exploratory("alerts", back.example_set_id, back.rubric_version_id) is None


def test_contents_that_are_not_saved_yet_count_as_changed(looked: Studio) -> None:
    latest = looked.latest_version("alerts")
    unsaved = content_id(Rubric(name="Draft"))
    assert looked.is_exploratory("alerts", latest.example_set_id, unsaved)


def test_the_report_of_a_later_run_carries_the_reason(looked: Studio, make_job, tools) -> None:
    folder = make_job(
        "train-2",
        created_at="2126-11-03T10:00:00Z",
        rubric=Rubric(name="Kinder").model_dump(mode="json"),
    )
    tools.write(folder / "report.json", {"verdict": "better", "exploratory": None})
    looked.import_job(folder)
    assert "rubric was changed" in looked.report("train-2")["exploratory"]
    assert looked.run_history("alerts").set_index("run_id").loc["train-2", "exploratory"]
    assert looked.changed_after_look("alerts")[0].startswith("Run train-2, ")


def test_a_test_case_corrected_after_the_look_is_named(looked: Studio, examples) -> None:
    assert looked.corrected_after_look("alerts") == ()
    corrected = [
        e.with_changes(reference="escalate") if e.id in ("case-2", "case-7") else e
        for e in examples
    ]
    looked.save_examples("alerts", corrected)
    assert looked.corrected_after_look("alerts") == ("case-7",)


def test_a_look_survives_the_deletion_of_its_run(looked: Studio) -> None:
    looked.delete_run("train-1")
    assert len(looked.looks("alerts")) == 1
    saved = looked.save_rubric("alerts", Rubric(name="Kinder"))
    assert looked.is_exploratory("alerts", saved.example_set_id, saved.rubric_version_id)
