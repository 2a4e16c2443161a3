import math
import os
from pathlib import Path

import pandas as pd
import pytest

from rft_core.errors import RftError, StoreError
from rft_core.jobs.folder import JobFolder
from rft_core.store import Studio

METRIC = {"stage": "reinforcement", "step": 1, "time": 1.0, "reward": 0.5, "loss": 0.1}


def dump(studio: Studio) -> dict[str, pd.DataFrame]:
    tables = ("runs", "run_events", "metrics", "answers", "reports", "example_sets", "rubrics")
    return {name: studio.database.read(f"SELECT rowid, * FROM {name}") for name in tables}


@pytest.fixture
def finished(make_job, tools) -> Path:
    folder = make_job()
    tools.write_lines(folder / "metrics.jsonl", [METRIC | {"stage": "warm_start"}, METRIC])
    rows = [
        tools.answer_line("base", "case-6", 0.2),
        tools.answer_line("base", "case-7", None),
        tools.answer_line("tuned", "case-6", 1.0, answer="a\u2028b $x$ <b>"),
        tools.answer_line("tuned", "case-7", 0.5),
    ]
    tools.write_lines(folder / "answers.jsonl", rows)
    report = {"verdict": "better", "headline": "1 better", "wall_seconds": 90.0}
    tools.write(folder / "report.json", report)
    return folder


def test_a_finished_job_is_taken_in_whole(studio: Studio, finished: Path, examples, rubric) -> None:
    assert studio.import_job(finished) == "train-1"
    run = studio.run("train-1")
    assert (run["status"], run["model_id"], run["preset"]) == ("finished", "smollm2-135m", "quick")
    assert run["created_at"].isoformat() == "2026-11-01T10:00:00"
    assert "examples" not in run["config"]
    assert studio.run_contents("train-1") == (examples, rubric)
    metrics = studio.metrics("train-1")
    assert list(metrics["stage"]) == ["warm_start", "warm_start", "reinforcement", "reinforcement"]
    assert set(metrics["name"]) == {"reward", "loss"}
    answers = studio.answers("train-1")
    assert answers["answer"][2] == "a\u2028b $x$ <b>"
    assert answers["criteria"][2] == {"decision": 1.0}
    assert pd.isna(answers["score"][1])
    assert studio.report("train-1")["verdict"] == "better"
    assert list(studio.runs("alerts")["run_id"]) == ["train-1"]
    assert studio.runs("other").empty


def test_importing_again_changes_nothing(studio: Studio, finished: Path) -> None:
    studio.import_job(finished)
    before = dump(studio)
    studio.import_job(finished)
    after = dump(studio)
    for name, table in before.items():
        pd.testing.assert_frame_equal(table, after[name])


def test_a_job_that_went_on_adds_what_is_new(studio: Studio, make_job, tools) -> None:
    folder = make_job(status="running")
    lock = JobFolder(folder).take_lock()
    lines = [METRIC, METRIC | {"step": 2, "loss": float("nan")}]
    tools.write_lines(folder / "metrics.jsonl", lines[:1], torn='{"step": 2, "rew')
    studio.import_job(folder)
    assert studio.run("train-1")["status"] == "running"
    assert len(studio.metrics("train-1")) == 2
    assert studio.report("train-1") is None

    os.close(lock)
    tools.write_lines(folder / "metrics.jsonl", lines)
    tools.write_lines(folder / "answers.jsonl", [tools.answer_line("base", "case-6", 0.2)])
    tools.set_state(folder, "finished")
    studio.import_job(folder)
    studio.import_job(folder)
    metrics = studio.metrics("train-1")
    assert len(metrics) == 4
    assert math.isnan(metrics.query("step == 2 and name == 'loss'")["value"].iloc[0])
    assert len(studio.answers("train-1")) == 1
    assert list(studio.run_events("train-1")["status"]) == ["running", "finished"]


def test_a_job_that_died_is_interrupted(studio: Studio, make_job) -> None:
    studio.import_job(make_job(status="running"))
    run = studio.run("train-1")
    assert run["status"] == "interrupted"
    assert "Start it again" in run["error"]


def test_answers_graded_anew_replace_the_old_ones(studio: Studio, finished: Path, tools) -> None:
    studio.import_job(finished)
    rows = [tools.answer_line("base", "case-6", 0.9), tools.answer_line("base", "case-7", 0.1)]
    tools.write_lines(finished / "answers.jsonl", rows)
    tools.write(finished / "report.json", {"verdict": "worse"})
    studio.import_job(finished)
    answers = studio.answers("train-1")
    assert sorted(answers.query("model == 'base'")["score"]) == [0.1, 0.9]
    assert len(answers) == 4
    assert studio.report("train-1")["verdict"] == "worse"
    assert studio.database.rows("SELECT count(*) AS n FROM reports") == [{"n": 2}]


def test_damaged_lines_and_half_characters_do_no_harm(studio: Studio, make_job, tools) -> None:
    folder = make_job()
    good = tools.answer_line("base", "case-6", 0.2, answer="x")
    damaged = b'\xff\xfe\n[1]\nnull\n{"model": "base"}\n{"model": "base", "example_id": "case-7", '
    damaged += b'"answer": "half \\ud83d", "score": "high"}\n{"torn": '
    tools.write_lines(folder / "answers.jsonl", [good])
    with (folder / "answers.jsonl").open("ab") as file:
        file.write(damaged)
    studio.import_job(folder)
    answers = studio.answers("train-1")
    assert list(answers["answer"]) == ["x", "half ?"]
    assert pd.isna(answers["score"][1])


def test_what_cannot_be_imported_is_said(studio: Studio, make_job, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="belongs to no project"):
        studio.import_job(make_job("time-1", kind="time", project=None))
    with pytest.raises(StoreError, match="damaged"):
        studio.import_job(make_job("train-9", examples=[{"id": ""}]))
    (tmp_path / "empty").mkdir()
    with pytest.raises(RftError, match=r"config\.json"):
        studio.import_job(tmp_path / "empty")
    with pytest.raises(StoreError, match="does not exist"):
        studio.run("train-9")
    assert studio.runs().empty


def test_a_moved_folder_is_noted(studio: Studio, finished: Path, tmp_path: Path) -> None:
    studio.import_job(finished)
    moved = finished.rename(tmp_path / "moved")
    studio.import_job(moved)
    assert studio.run("train-1")["folder"] == str(moved)
    assert len(studio.runs()) == 1


def test_run_history_shows_means_verdict_and_minutes(
    studio: Studio, finished: Path, make_job
) -> None:
    studio.import_job(finished)
    studio.import_job(make_job("train-2", created_at="2026-11-02T10:00:00Z", seed=7))
    studio.import_job(make_job("answer-1", kind="answer", rubric=None))
    table = studio.run_history("alerts").set_index("run_id")
    assert list(table.index) == ["train-2", "train-1"]
    row = table.loc["train-1"]
    assert (row["verdict"], row["minutes"], row["seed"]) == ("better", 1.5, 0)
    assert row["score_base"] == pytest.approx(0.2)
    assert row["score_tuned"] == pytest.approx(0.75)
    assert row["substance_tuned"] == pytest.approx(0.75)
    assert pd.isna(row["form_tuned"])
    assert table.loc["train-2", "minutes"] == 3.0
    assert pd.isna(table.loc["train-2", "verdict"])
