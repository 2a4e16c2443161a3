"""Whole runs as jobs, with a tiny random model: what is left behind, repeatable, stoppable."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from rft_core.errors import InputError
from rft_core.jobs import submission, supervisor
from rft_core.jobs.folder import JobFolder, read_lines
from rft_core.models import catalogue, endpoint, timing
from rft_core.records import CheckSpec, Criterion, Example, Project, Rubric
from rft_core.training import reward
from rft_core.training.plan import TrainingPlan
from rft_core.training.run import FIRST_ASKED, train_and_compare
from tests.models.grader_server import Asked, GraderServer
from tests.models.tiny import tiny_folder

PROJECT = Project(id="p", name="P", instruction="Say yes or no.")
RUBRIC = Rubric(
    criteria=(
        Criterion(
            id="right", text="Right", points=3, aspect="substance",
            check=CheckSpec(kind="label", labels=["yes", "no"], field="answer"),
        ),
        Criterion(
            id="short", text="Short", points=1, aspect="form",
            check=CheckSpec(kind="length", max_words=3),
        ),
    )
)  # fmt: skip


def example(i: int, split: str) -> Example:
    word = "yes" if i % 2 else "no"
    return Example(
        id=f"{split}-{i}", prompt=f"Case {i}: {word}?", reference=word,
        fields={"answer": word}, split=split,
    )  # fmt: skip


EXAMPLES = [*(example(i, "train") for i in range(8)), *(example(i, "heldout") for i in range(6))]


@pytest.fixture
def config(tmp_path: Path) -> dict:
    catalogue.add_local("tiny", tiny_folder(tmp_path / "tiny"))
    plan = TrainingPlan(
        preset="quick", dtype="float32", threads=1, lora_rank=4, lora_alpha=8, warm_epochs=2,
        warm_learning_rate=1e-2, steps=2, prompts_per_step=2, group_size=4, learning_rate=1e-2,
        max_new_tokens=6, row_tokens=60, micro_batch=4, answer_batch=4, minutes=1,
    )  # fmt: skip
    return submission.train_config(PROJECT, EXAMPLES, RUBRIC, plan, "local:tiny", seed=3)


def finish(job: JobFolder) -> JobFolder:
    state = supervisor.wait(job, poll_s=0.1)
    assert state.status in ("finished", "stopped"), state.message + job.log_tail()
    return job


def test_a_run_leaves_two_adapters_answers_and_a_report(config: dict, tmp_path: Path) -> None:
    job = finish(supervisor.submit(config))
    for folder in (job.warm_adapter, job.adapter):
        assert sorted(p.name for p in folder.iterdir()) == [
            "adapter_config.json", "adapter_model.safetensors",
        ]  # fmt: skip
        text = (folder / "adapter_config.json").read_text()
        assert json.loads(text)["base_model_name_or_path"] == "local:tiny"
        assert str(tmp_path) not in text
    rows = list(read_lines(job.answers_file))
    models = {row["model"] for row in rows}
    assert models == {"base", "few_shot", "warm_start", "tuned", "commonest", "nearest"}
    assert all(row["split"] == "heldout" for row in rows)
    shas = {row["model"]: row["adapter_sha256"] for row in rows}
    assert shas["base"] is None
    assert shas["warm_start"] != shas["tuned"]
    report = json.loads(job.report_file.read_text())
    assert report["heldout_n"] == 6
    assert set(report["paired"]) == {"tuned_vs_base", "tuned_vs_warm_start", "tuned_vs_few_shot"}
    assert report["models"]["tuned"]["adapter_sha256"] == shas["tuned"]
    stages = {row["stage"] for row in read_lines(job.metrics_file)}
    assert stages == {"warm_start", "reinforcement"}
    assert "Case 0" not in job.log_tail(200_000)
    assert not (job.path / "scratch").exists()
    practised = {row["example_id"] for row in read_lines(job.practice_file)}
    assert practised and all(i.startswith("train-") for i in practised)


def test_the_same_config_and_seed_give_the_same_run_bit_for_bit(config: dict) -> None:
    first = finish(supervisor.submit(config))
    second = finish(supervisor.submit(config))
    assert first.path != second.path
    for name in ("adapter_warm", "adapter"):
        one, two = ((job.path / name / "adapter_model.safetensors") for job in (first, second))
        assert one.read_bytes() == two.read_bytes()
    other = finish(supervisor.submit(config | {"seed": 4}))
    assert (other.adapter / "adapter_model.safetensors").read_bytes() != (
        first.adapter / "adapter_model.safetensors"
    ).read_bytes()


def _without_end(config: dict) -> dict:
    """Return a run that practises for long: in larger steps it soon has nothing to tell apart."""
    return config | {"plan": config["plan"] | {"steps": 5000, "learning_rate": 1e-6}}


def test_stop_keeps_what_was_learned_and_compares_it(config: dict) -> None:
    job = supervisor.submit(_without_end(config))
    while job.state().stage != "reinforcement" or job.state().step < 1:
        assert job.state().status in ("queued", "running"), job.log_tail()
        time.sleep(0.05)
    job.ask_to_stop()
    finish(job)
    assert job.state().status == "stopped"
    assert json.loads(job.report_file.read_text())["models"]["tuned"]["scored"] == 6


def test_a_killed_run_shows_as_interrupted_and_keeps_the_warm_start(config: dict) -> None:
    job = supervisor.submit(_without_end(config))
    while job.state().stage != "reinforcement":
        assert job.state().status in ("queued", "running"), job.log_tail()
        time.sleep(0.05)
    os.kill(int((job.path / "pid").read_text()), signal.SIGKILL)
    assert supervisor.wait(job, poll_s=0.1).status == "interrupted"
    assert (job.warm_adapter / "adapter_model.safetensors").is_file()


def test_reinforcement_only_compares_without_a_warm_start(config: dict) -> None:
    job = finish(supervisor.submit(config | {"plan": config["plan"] | {"warm_epochs": 0}}))
    report = json.loads(job.report_file.read_text())
    assert set(report["models"]) == {"base", "few_shot", "tuned"}


def test_a_case_that_does_not_fit_is_refused_before_training(config: dict) -> None:
    long = example(99, "train").model_dump(mode="json") | {"prompt": "word " * 200}
    job = supervisor.submit(config | {"examples": [*config["examples"], long]})
    state = supervisor.wait(job, poll_s=0.1)
    assert state.status == "failed"
    assert '"train-99"' in state.message and "reads at once" in state.message
    assert not job.warm_adapter.exists()


def test_passes_that_do_not_divide_a_round_are_refused_before_training(config: dict) -> None:
    state = supervisor.wait(
        supervisor.submit(config | {"plan": config["plan"] | {"micro_batch": 3}}), poll_s=0.1
    )
    assert state.status == "failed"
    assert "A round of 8 answers, 4 to a case, cannot be learned from 3 at a time." in state.message


def test_a_full_disk_is_a_sentence(config: dict) -> None:
    """The child really fails to write: its answers go to a device that is always full."""
    job = JobFolder(supervisor.submit({"kind": "embed", "texts": []}).path.parent / "train-full")
    job.create(config)
    job.answers_file.symlink_to("/dev/full")
    job.metrics_file.symlink_to("/dev/full")
    import subprocess

    subprocess.run([sys.executable, "-m", "rft_core.jobs", str(job.path)], check=False)
    assert job.state().status == "failed"
    assert job.state().message == "The disk is full."
    assert job.state().fix


def test_too_few_cases_and_a_rubric_without_points_are_refused_at_submission(config: dict) -> None:
    plan = TrainingPlan.model_validate(config["plan"])
    with pytest.raises(InputError, match="3 training cases; at least 8"):
        submission.train_config(PROJECT, EXAMPLES[:3], RUBRIC, plan, "local:tiny", 0)
    with pytest.raises(InputError, match="0 cases are kept aside"):
        submission.train_config(PROJECT, EXAMPLES[:8], RUBRIC, plan, "local:tiny", 0)
    penalties = Rubric(criteria=(RUBRIC.criteria[0].with_changes(points=-1),))
    with pytest.raises(InputError):
        submission.train_config(PROJECT, EXAMPLES, penalties, plan, "local:tiny", 0)


def test_a_rubric_without_criteria_trains_where_every_case_has_its_own(config: dict) -> None:
    cases = [e.with_changes(criteria=RUBRIC.criteria) for e in EXAMPLES]
    plan = TrainingPlan.model_validate(config["plan"])
    with pytest.raises(InputError, match="no criteria"):
        submission.train_config(PROJECT, EXAMPLES, Rubric(), plan, "local:tiny", 0)
    own = submission.train_config(PROJECT, cases, Rubric(), plan, "local:tiny", 0)
    job = finish(supervisor.submit(own))
    assert job.state().status == "finished", job.state().message
    tuned = json.loads(job.report_file.read_text())["models"]["tuned"]
    assert (tuned["scored"], list(tuned["criteria"])) == (6, [c.id for c in RUBRIC.criteria])


def test_timing_decides_the_plan_once(config: dict) -> None:
    with pytest.raises(InputError, match="not been timed"):
        submission.make_plan(PROJECT, EXAMPLES, "quick", "local:tiny")
    finish(submission.start_timing("local:tiny"))
    measured = timing.saved("local:tiny")
    assert measured is not None and measured.train_tokens_per_s > 0
    assert measured.dtype == ("bfloat16" if measured.bf16_speedup >= 1.3 else "float32")
    plan = submission.make_plan(PROJECT, EXAMPLES, "quick", "local:tiny")
    assert plan.dtype == measured.dtype
    assert plan.minutes > 0


def test_a_step_that_is_not_a_number_is_undone_and_said(config: dict) -> None:
    """Steps so large that the weights overflow: the lessons end there, and the run is compared."""
    plan = config["plan"] | {"warm_learning_rate": 1e38, "warm_epochs": 5}
    job = finish(supervisor.submit(config | {"plan": plan}))
    assert job.state().status == "finished"
    assert "lessons ended in step" in job.state().message
    assert "not a number" in job.state().message
    from safetensors.torch import load_file

    weights = load_file(job.warm_adapter / "adapter_model.safetensors")
    assert all(bool(w.isfinite().all()) for w in weights.values())
    assert not job.adapter.exists()
    assert json.loads(job.report_file.read_text())["models"]["tuned"]["scored"] == 6


KIND = Criterion(
    id="kind", text="Is kind", points=1, aspect="substance",
    check=CheckSpec(kind="judge", question="Does it say yes?"),
)  # fmt: skip


def test_an_ai_grader_takes_part_in_practice_and_in_the_test(
    config: dict, ai_grader: GraderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(endpoint.KEY, "sk-secret")
    rubric = RUBRIC.with_criterion(KIND).model_dump(mode="json")
    job = finish(supervisor.submit(config | {"rubric": rubric}))
    rows = list(read_lines(job.answers_file))
    assert {row["values"]["kind"] for row in rows} <= {0, 1}
    for row in rows:
        assert row["values"]["kind"] == ("yes" in row["answer"].lower())
    asked = {one.answer for one in ai_grader.asked}
    assert {row["answer"] for row in read_lines(job.practice_file)} <= asked
    left = b"".join(f.read_bytes() for f in job.path.rglob("*") if f.is_file())
    assert b"sk-secret" not in left


def test_an_ai_grader_that_cannot_be_reached_ends_the_run_before_anything_is_trained(
    config: dict, ai_grader: GraderServer
) -> None:
    ai_grader.stop()
    rubric = RUBRIC.with_criterion(KIND).model_dump(mode="json")
    job = supervisor.submit(config | {"rubric": rubric})
    state = supervisor.wait(job, poll_s=0.1)
    assert state.status == "failed"
    assert "AI grader at 127.0.0.1" in state.message and "could not be reached" in state.message
    assert "start the run again" in state.fix
    assert not job.warm_adapter.exists()


def test_an_ai_grader_that_falls_silent_ends_practice_and_what_was_learned_is_compared(
    config: dict, tmp_path: Path, ai_grader: GraderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reward, "PATIENCE_S", 0.0)

    def falls_silent(asked: Asked) -> bool:
        if len(ai_grader.asked) > FIRST_ASKED + 4:
            ai_grader.status = 400
        return True

    ai_grader.rule = falls_silent
    job = JobFolder(tmp_path / "job")
    job.path.mkdir()
    rubric = RUBRIC.with_criterion(KIND).model_dump(mode="json")
    message = train_and_compare(job, config | {"rubric": rubric})
    assert message.startswith("Practice ended early. The AI grader at 127.0.0.1")
    assert {row["step"] for row in read_lines(job.practice_file)} == {1}
    assert job.adapter.exists()
    report = json.loads(job.report_file.read_text())
    assert report["models"]["tuned"]["scored"] == 6 and "chance" not in report["floors"]


def test_which_ai_grader_was_asked_is_kept_with_the_run(ai_grader: GraderServer) -> None:
    plan = TrainingPlan.model_construct(preset="quick")
    known = [PROJECT, EXAMPLES, RUBRIC.with_criterion(KIND), plan, catalogue.EMBEDDED_ID, 0]
    host = ai_grader.url[7:-3]
    kept = submission.train_config(*known)["ai_grader"]
    assert kept == {"host": host, "model": "grader-1", "here": True}
    known[2] = RUBRIC
    assert submission.train_config(*known)["ai_grader"] is None
