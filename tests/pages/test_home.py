"""Home: starting projects, the steps, settings, versions, deleting."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.words import BANNED
from rft_core import settings
from rft_core.jobs.folder import JobFolder, JobState, read_lines
from rft_core.records import AnswerPart, Example, Project, Rubric
from rft_core.rubric.from_form import rubric_of_form
from rft_core.store import Studio
from tests.pages.acting import opened

Open = Callable[[str], AppTest]
HOSTILE = "<img src=x onerror=alert(1)> $x$ :red[no]"


def texts(page: AppTest) -> str:
    """Return all that the page says, as markdown."""
    kinds = (page.markdown, page.caption, page.text, page.title, page.subheader, page.info,
             page.success, page.warning)  # fmt: skip
    parts = [element.value for kind in kinds for element in kind]
    return "\n".join([*parts, *(b.label for b in page.button)])


def start_sample(page: AppTest) -> AppTest:
    return page.button("sample-finance").click().run()


def current(studio: Studio) -> tuple[Project, tuple[Example, ...], Rubric]:
    return studio.load_project(str(studio.list_projects()["project_id"].iloc[0]))


def test_the_first_visit_says_what_this_is_and_offers_a_sample(open_page: Open) -> None:
    page = open_page("home")
    assert page.title[0].value == "RFT Studio"
    assert "see honestly whether it helped" in page.markdown[0].value
    assert [tab.label for tab in page.tabs] == [
        "From a sample", "From a file of yours", "From nothing",
    ]  # fmt: skip
    assert not [word for word in BANNED if word.lower() in texts(page).lower()]


def test_a_sample_gives_40_training_and_60_test_cases_and_one_next_step(
    open_page: Open, studio: Studio
) -> None:
    page = start_sample(open_page("home"))
    assert not page.exception
    assert "40 training and 60 test alerts." in texts(page)
    assert page.button("next").label == "Check before training"
    _, examples, rubric = current(studio)
    assert (sum(e.split == "train" for e in examples), len(examples)) == (40, 100)
    assert len(rubric.criteria) == 7


def test_the_check_is_done_once_its_verdict_on_these_cases_and_this_rubric_was_seen(
    timed_tiny: str, open_page: Open, studio: Studio
) -> None:
    start_sample(open_page("home"))
    assert open_page("home").button("next").label == "Check before training", "timed alone is not"
    open_page("train")
    assert open_page("home").button("next").label == "Train"
    project, examples, rubric = current(studio)
    changed = rubric.with_changes(name="Another")
    studio.save_project(project, examples, changed)
    assert open_page("home").button("next").label == "Check before training"
    open_page("train")
    studio.save_project(project, examples[1:], changed)
    assert open_page("home").button("next").label == "Check before training"


def test_the_same_sample_twice_opens_the_project_or_makes_a_fresh_copy(
    open_page: Open, studio: Studio
) -> None:
    page = start_sample(open_page("home"))
    page = opened(page, "another")
    assert page.button("sample-finance").label == "Open"
    page = start_sample(page)
    assert len(studio.list_projects()) == 1
    opened(page, "another").button("copy-finance").click().run()
    names = sorted(studio.list_projects()["name"])
    assert names == ["Scam alerts", "Scam alerts (2)"]


def test_a_file_becomes_a_project_with_both_sides(open_page: Open, studio: Studio) -> None:
    rows = "".join(f"Clause {n} says {n * 7}.,keep,{'yes' if n % 2 else 'no'}\n" for n in range(20))
    page = open_page("home")
    page.file_uploader[0].upload(
        "clauses.csv", ("case,answer,decision\n" + rows).encode(), "text/csv"
    ).run()
    assert "20 cases would be taken" in texts(page)
    assert studio.list_projects().empty
    page.text_input("new-file-name").set_value("Lease clauses")
    page.text_input("new-file-noun").set_value("clause")
    submit = page.button("new-file-create")
    submit.click().run()
    project, examples, _ = current(studio)
    assert (project.name, project.case_noun) == ("Lease clauses", "clause")
    assert [e.id for e in examples[:2]] == ["clause-001", "clause-002"]
    assert sum(e.split == "train" for e in examples) == 12
    assert sum(e.split == "heldout" for e in examples) == 8
    assert page.button("next").label == "Write the rubric"


def test_a_project_from_nothing_needs_a_name(open_page: Open, studio: Studio) -> None:
    page = open_page("home")
    submit = page.button("new-blank-create")
    submit.click().run()
    assert "The project has no name." in texts(page)
    page.text_input("new-blank-name").set_value("Triage")
    page.button("new-blank-create").click().run()
    assert page.button("next").label == "Add cases"
    assert current(studio)[1] == ()


def name_of_new(page: AppTest):
    """Return the field for the name of a project that is started from nothing."""
    inputs = (t for t in page.text_input if t.key.startswith("new-blank"))
    return next(t for t in inputs if t.key.endswith("-name"))


def create(page: AppTest, name: str) -> AppTest:
    """Start another project from nothing."""
    page = opened(page, "another")
    name_of_new(page).set_value(name)
    return page.button("new-blank-create").click().run()


def test_another_project_is_shown_once_it_is_created_and_its_form_is_closed_and_empty(
    open_page: Open, studio: Studio
) -> None:
    page = create(start_sample(open_page("home")), "Ward notes")
    assert page.subheader[0].value == "Ward notes"
    assert not [t for t in page.text_input if t.key.startswith("new-blank")]
    assert name_of_new(opened(page, "another")).value == ""
    assert len(studio.list_projects()) == 2


def test_a_name_that_another_project_has_is_refused(open_page: Open, studio: Studio) -> None:
    page = create(start_sample(open_page("home")), "Ward notes")
    page = create(page, "ward notes")
    assert "There is a project “ward notes” already." in texts(page)
    assert "such as “ward notes (2)”" in texts(page)
    assert name_of_new(page).value == "ward notes"
    page = opened(page, "settings")
    name = next(t for t in page.text_input if t.key.startswith("settings-") and "-name" in t.key)
    name.set_value("Scam alerts")
    next(b for b in page.button if "FormSubmitter:settings-" in b.key).click().run()
    assert "There is a project “Scam alerts” already." in texts(page)
    assert sorted(studio.list_projects()["name"]) == ["Scam alerts", "Ward notes"]


def test_settings_are_saved_as_a_version_that_can_be_taken_back(
    open_page: Open, studio: Studio
) -> None:
    page = opened(start_sample(open_page("home")), "settings")
    name = next(t for t in page.text_input if t.key.startswith("settings-") and "-name" in t.key)
    name.set_value(HOSTILE)
    next(b for b in page.button if "FormSubmitter:settings-" in b.key).click().run()
    assert current(studio)[0].name == HOSTILE
    assert "Saved" in page.toast[0].value
    shown = page.subheader[0].value
    assert "\\<img src" in shown
    assert "\\$x\\$" in shown
    assert "\\:red\\[no\\]" in shown
    opened(page, "versions").button("restore").click().run()
    assert current(studio)[0].name == "Scam alerts"


def test_the_differences_from_an_earlier_version_are_shown(open_page: Open, studio: Studio) -> None:
    page = start_sample(open_page("home"))
    project, examples, rubric = current(studio)
    shorter = rubric.with_changes(criteria=rubric.criteria[1:])
    edited = [examples[0].with_changes(prompt=HOSTILE), *examples[1:]]
    studio.save_project(project, edited, shorter, "two things")
    page = opened(page, "versions")
    assert "**2 changes since version 1**" in [m.value for m in page.markdown]
    assert "**Case fin\\-001**" in [m.value for m in page.markdown]
    shown = "\n".join(element.proto.body for element in page.get("html"))
    assert "&lt;img" in shown and "<img" not in shown


def delete(page: AppTest, name: str) -> AppTest:
    next(t for t in page.text_input if t.key.startswith("delete-")).set_value(name).run()
    return page.button("delete").click().run()


def job_of(project_id: str, status: str = "finished") -> JobFolder:
    job = JobFolder(settings.jobs_folder() / "answer-1")
    job.create({"kind": "answer", "project": {"id": project_id, "name": "P"}})
    job.write_state(JobState(status=status))
    return job


def test_deleting_needs_the_name_and_removes_project_and_folders(
    open_page: Open, studio: Studio
) -> None:
    page = start_sample(open_page("home"))
    job = job_of(current(studio)[0].id)
    page = delete(page, "scam")
    assert "nothing was deleted" in page.warning[0].value
    assert len(studio.list_projects()) == 1
    page = delete(page, "Scam alerts")
    assert studio.list_projects().empty
    assert not job.path.exists()
    assert "“Scam alerts” was deleted\\: 1 version, 1 folder on disk" in page.toast[0].value
    assert page.dataframe[0].value["Project"].tolist() == ["Scam alerts"]


def test_a_project_with_a_job_under_way_is_not_deleted(open_page: Open, studio: Studio) -> None:
    page = start_sample(open_page("home"))
    job = job_of(current(studio)[0].id, "running")
    descriptor = job.take_lock()
    try:
        page = delete(page, "Scam alerts")
        assert "A run of this project is still going on." in texts(page)
        assert len(studio.list_projects()) == 1
    finally:
        os.close(descriptor)


@pytest.fixture
def recorded_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a samples folder whose one sample has a recorded run; return the run's id."""
    sample = settings.samples_folder() / "finance"
    copy = tmp_path / "samples" / "finance"
    (copy / "recorded").mkdir(parents=True)
    for file in ("project.json", "examples.jsonl", "rubric.json"):
        (copy / file).write_bytes((sample / file).read_bytes())
    config = {
        "job_id": "recorded-1", "kind": "train", "recorded": True,
        "created_at": "2026-11-01T10:00:00+00:00",
        "project": json.loads((copy / "project.json").read_text()),
        "examples": list(read_lines(copy / "examples.jsonl")),
        "rubric": json.loads((copy / "rubric.json").read_text()),
        "model": {"id": "embedded"}, "preset": "quick", "seed": 0,
    }  # fmt: skip
    (copy / "recorded" / "config.json").write_text(json.dumps(config))
    (copy / "recorded" / "state.json").write_text(JobState(status="finished").model_dump_json())
    monkeypatch.setattr(settings, "samples_folder", lambda: copy.parent)
    return "recorded-1"


def test_a_recorded_run_can_be_seen_without_training(
    open_page: Open, studio: Studio, recorded_sample: str
) -> None:
    page = open_page("home")
    page.button("recorded-finance").click().run()
    assert studio.runs()["run_id"].tolist() == [recorded_sample]
    assert bool(studio.runs()["recorded"].iloc[0])
    assert page.session_state["run_id"] == recorded_sample
    assert page.title[0].value == "Compare"


def test_without_a_recorded_run_none_is_offered(open_page: Open) -> None:
    page = open_page("home")
    has = (settings.samples_folder() / "finance" / "recorded").is_dir()
    assert any(b.key == "recorded-finance" for b in page.button) == has


def test_a_rubric_made_from_the_answer_form_is_to_be_looked_at(
    studio: Studio, open_page: Callable[[str], AppTest]
) -> None:
    form = (
        AnswerPart(kind="choice", label="Decision", field="decision", options=("pay", "refuse")),
    )
    rubric = Rubric(criteria=rubric_of_form(form))
    studio.save_project(Project(id="mine", name="Mine", answer=form), (), rubric)
    assert "Made from your answer form" in texts(open_page("home"))
    changed = rubric.with_changes(criteria=rubric.criteria[:1])
    studio.save_rubric("mine", changed)
    assert "Made from your answer form" not in texts(open_page("home"))


def test_home_counts_what_is_to_be_looked_at_as_the_page_of_the_cases_does(
    open_page: Open, studio: Studio
) -> None:
    cases = [Example(id=f"{n}", prompt="The same.", reference="yes", split="train") for n in (1, 2)]
    studio.save_project(Project(id="p", name="P"), cases, Rubric())
    told = re.search(r"\d things to look at: 1 of them stops training\.", texts(open_page("home")))
    assert told is not None
    count = told[0].split(":")[0]
    assert count in [box.label for box in open_page("examples").expander]


def test_home_counts_what_is_to_be_looked_at_in_the_rubric(open_page: Open, studio: Studio) -> None:
    form = (
        AnswerPart(kind="choice", label="Decision", field="decision", options=("pay", "refuse")),
        AnswerPart(kind="free_text", label="Reason", field="reason"),
    )
    cases = [
        Example(id=f"c{i}", prompt=f"Claim {i}.", fields={"decision": d}, split="train",
                reference=f"Decision: {d}\nReason: It is number {i}.")
        for i, d in enumerate(["pay", "refuse"] * 3)
    ]  # fmt: skip
    rubric = Rubric(criteria=rubric_of_form(form, cases))
    studio.save_project(Project(id="mine", name="Mine", answer=form), cases, rubric)
    told = re.search(r"perfect answer.*?(\d+ things? to look at)", texts(open_page("home")), re.S)
    assert told is not None
    assert told[1] in [box.label for box in open_page("rubric").expander]


def test_a_file_with_the_answer_in_several_columns_starts_a_project_with_an_answer_form(
    open_page: Open, studio: Studio
) -> None:
    rows = [f"Pay within {n} days.,{('accept', 'reject')[n % 2]},{n} days" for n in range(12)]
    page = open_page("home")
    page.file_uploader[0].upload(
        "own.csv", "\n".join(["case,Our position,Key words", *rows]).encode(), "text/csv"
    ).run()
    page.text_input("new-file-name").set_value("Clauses")
    page.text_input("new-file-noun").set_value("clause")
    next(b for b in page.button if b.label == "Create the project").click().run()
    project, examples, rubric = current(studio)
    assert [part.kind for part in project.answer] == ["choice", "quote"]
    assert "copied from the clause" in project.instruction
    assert examples[1].reference == 'Our position: reject\nKey words: "1 days"'
    assert rubric.criteria == rubric_of_form(project.answer, examples)
