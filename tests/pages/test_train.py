"""Train: what stands in the way, what it takes, how the last run ended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from rft_core.examples.folder import read_project
from rft_core.jobs import submission, supervisor
from rft_core.jobs.folder import JobFolder, JobState, append_line
from rft_core.models import timing
from rft_core.settings import jobs_folder, samples_folder
from rft_core.store import Studio

Open = Callable[[str], AppTest]


@pytest.fixture
def sample(studio: Studio):
    files = read_project(samples_folder() / "finance")
    studio.save_project(files.project, files.examples, files.rubric)
    return files


def said(page: AppTest) -> str:
    kinds = ("title", "subheader", "text", "markdown", "caption", "info", "warning")
    return "\n".join(str(e.value) for kind in kinds for e in page.get(kind))


def test_without_a_project_it_says_where_to_start(open_page: Open) -> None:
    page = open_page("train")
    assert "There is no project yet" in said(page)
    assert not [b for b in page.button if b.key == "start"]


def test_the_sample_is_ready_and_says_what_it_takes(
    sample, timed_tiny: str, open_page: Open
) -> None:
    page = open_page("train")
    page.selectbox(key="model").select(timed_tiny).run()
    assert page.title[0].value == "Train"
    text = said(page)
    assert "Alerts and rubric are ready" in text
    assert "40 alerts to learn from, 60 kept aside" in text
    assert "practises for 10 rounds" in text
    assert page.button(key="start").label == "Start training"


def test_what_is_to_be_known_is_said_before_it_is_called_ready(
    sample, timed_tiny: str, studio: Studio, open_page: Open
) -> None:
    cases = [
        case.with_changes(prompt=f"{case.case_text} Mail: jane@roe-law.co.uk") if i == 3 else case
        for i, case in enumerate(sample.examples)
    ]
    studio.save_project(sample.project, cases, sample.rubric)
    page = open_page("train")
    text = said(page)
    assert "are ready" not in text and "It can start, but there is 1 thing to know" in text
    assert "e-mail address" in text


def test_on_a_slow_computer_a_quick_run_is_shortened_and_says_so(
    sample, timed_tiny: str, open_page: Open
) -> None:
    kept = timing.saved(timed_tiny)
    assert kept is not None
    timing.save(kept.with_changes(train_tokens_per_s=150, decode_tokens_per_s=150))
    page = open_page("train")
    page.selectbox(key="model").select(timed_tiny).run()
    text = said(page)
    assert "practises for 10 rounds" not in text
    assert "Shortened for this computer" in text and "Usually: 10 rounds" in text
    page.radio(key="preset").set_value("standard").run()
    assert "Shortened" not in said(page)


def test_the_speed_can_be_measured_again(sample, timed_tiny: str, open_page: Open) -> None:
    page = open_page("train")
    page.selectbox(key="model").select(timed_tiny).run()
    page.button(key="time-again").click().run()
    assert "Getting to know this computer" in said(page)
    measured = supervisor.active("time")
    for job in measured:
        supervisor.end_now(job)
    assert timed_tiny in [job.config()["model"]["id"] for job in measured]


def test_too_few_cases_stop_it_with_a_sentence(
    sample, studio: Studio, timed_tiny: str, open_page: Open
) -> None:
    few = [e for e in sample.examples if e.split == "heldout"] + list(sample.examples[:3])
    studio.save_examples(sample.project.id, few)
    page = open_page("train")
    assert "Not yet" in said(page)
    assert not [b for b in page.button if b.key == "start"]


def test_a_model_that_is_not_here_can_be_downloaded_not_started(sample, open_page: Open) -> None:
    page = open_page("train")
    page.selectbox(key="model").select("qwen3-0.6b").run()
    assert "not on this machine" in said(page)
    assert page.button(key="download").label == "Download (1.5 GB)"
    assert not [b for b in page.button if b.key == "start"]


def test_a_run_that_died_says_so_and_another_can_start(
    sample, timed_tiny: str, open_page: Open
) -> None:
    plan = submission.make_plan(sample.project, sample.examples, "quick", timed_tiny)
    config = submission.train_config(
        sample.project, sample.examples, sample.rubric, plan, timed_tiny, 0
    )
    job = JobFolder(jobs_folder() / "train-dead")
    job.create(config | {"job_id": "train-dead", "created_at": "2026-01-01T00:00:00+00:00"})
    job.write_state(JobState(status="running", stage="reinforcement", step=2, steps=8))
    page = open_page("train")
    page.selectbox(key="model").select(timed_tiny).run()
    assert "ended without saying why" in said(page)
    assert page.button(key="start")


def practising(sample, timed_tiny: str, rounds: list[list[tuple[float, float]]]) -> JobFolder:
    """Make a run that goes on, with (earned, possible) of each round's answers."""
    plan = submission.make_plan(sample.project, sample.examples, "quick", timed_tiny)
    config = submission.train_config(
        sample.project, sample.examples, sample.rubric, plan, timed_tiny, 0
    )
    job = JobFolder(jobs_folder() / "train-live")
    job.create(config | {"job_id": "train-live", "created_at": "2026-01-01T00:00:00+00:00"})
    begun = (datetime.now(UTC) - timedelta(minutes=4)).isoformat()
    job.write_state(
        JobState(status="running", stage="reinforcement", step=2, steps=8, started_at=begun)
    )
    for step, answers in enumerate(rounds, start=1):
        for earned, possible in answers:
            row = {"step": step, "example_id": "a", "answer": "x", "score": 0.5}
            more = {"earned": earned, "possible": possible, "penalty": 0.0}
            append_line(job.practice_file, row | more)
    assert job.take_lock()
    return job


def test_a_run_says_what_its_rounds_earn_of_what_is_possible(
    sample, timed_tiny: str, open_page: Open
) -> None:
    practising(sample, timed_tiny, [[(2, 10), (4, 10)], [(6, 10), (8, 10)]])
    text = said(open_page("train"))
    assert "Under way for 4 of about" in text
    assert open_page("home").button("next").label == "Watch the training"
    assert "Practice round 2: 7.0 of 10 points on average, 3.0 in the first round." in text


def test_where_points_depend_on_the_case_a_round_is_measured_by_its_own_cases(
    sample, timed_tiny: str, open_page: Open
) -> None:
    practising(sample, timed_tiny, [[(2, 8), (4, 8)], [(6, 8), (12, 13)]])
    page = open_page("train")
    text = said(page)
    assert "round 2: 9.0 of 10.5 points on average, 3.0 of 8 points in the first round." in text
    figure = page.get("plotly_chart")[0].proto.spec
    assert "Share of the possible points" in figure
