"""The embedded model really trains: few and short, the proofs are in benchmarks/."""

import json
from pathlib import Path

import pytest

from rft_core.examples.folder import read_project
from rft_core.jobs import submission, supervisor
from rft_core.jobs.folder import JobFolder, read_lines
from rft_core.models.timing import BF16_MUST_BE_FASTER, best_threads, bf16_speedup
from rft_core.records import CheckSpec, Criterion, Example, Project, Rubric
from rft_core.settings import samples_folder
from rft_core.training.plan import TrainingPlan

pytestmark = pytest.mark.slow


def faster_dtype() -> str:
    return "bfloat16" if bf16_speedup() >= BF16_MUST_BE_FASTER else "float32"


def plan(**changes: object) -> TrainingPlan:
    base = {
        "preset": "quick", "dtype": faster_dtype(), "threads": best_threads(), "warm_epochs": 3,

        "steps": 1, "prompts_per_step": 2, "group_size": 4, "learning_rate": 3e-5,
        "warm_learning_rate": 1e-3, "max_new_tokens": 40, "row_tokens": 180, "micro_batch": 4,
        "answer_batch": 8, "minutes": 2,
    }  # fmt: skip
    return TrainingPlan.model_validate(base | changes)


def finish(config: dict) -> JobFolder:
    job = supervisor.submit(config)
    state = supervisor.wait(job, poll_s=0.5)
    assert state.status == "finished", state.message + job.log_tail()
    return job


def test_both_stages_train_and_the_answers_change(embedded_model: Path) -> None:
    files = read_project(samples_folder() / "finance")
    train = [e for e in files.examples if e.split == "train"][:16]
    heldout = [e for e in files.examples if e.split == "heldout"][:8]
    config = submission.train_config(
        files.project, [*train, *heldout], files.rubric, plan(), "embedded", 0
    )
    job = finish(config)
    report = json.loads(job.report_file.read_text())
    models = report["models"]
    layout = {name: model["criteria"]["layout"] for name, model in models.items()}
    assert layout["tuned"] > layout["base"] + 0.5
    assert models["tuned"]["adapter_sha256"] != models["warm_start"]["adapter_sha256"]
    losses = [r["loss"] for r in read_lines(job.metrics_file)
              if r["stage"] == "warm_start" and "loss" in r]  # fmt: skip
    assert sum(losses[-3:]) < sum(losses[:3]) / 2
    assert report["identical_to_base"] < 0.5
    assert {p.name for p in job.adapter.iterdir()} == {
        "adapter_config.json", "adapter_model.safetensors",
    }  # fmt: skip


def test_reinforcement_alone_raises_a_reward_the_base_meets_now_and_then(
    embedded_model: Path,
) -> None:
    project = Project(id="short", name="Short", instruction="Answer in one short sentence.")
    questions = [
        f"What is {what}?"
        for what in ("rain", "a bank", "a contract", "a cat", "music", "a river", "salt", "a train",
                     "bread", "snow", "a clock", "a forest", "wind", "a key")
    ]  # fmt: skip
    examples = [
        Example(id=str(i), prompt=q, split="train" if i < 8 else "heldout")
        for i, q in enumerate(questions)
    ]
    brief = Criterion(
        id="brief", text="At most sixteen words", points=1, aspect="substance",
        check=CheckSpec(kind="length", max_words=16),
    )  # fmt: skip
    config = submission.train_config(
        project, examples, Rubric(criteria=(brief,)),
        plan(warm_epochs=0, steps=12, prompts_per_step=4, group_size=8, learning_rate=2e-4,
             max_new_tokens=24, row_tokens=64, micro_batch=16),
        "embedded", 0,
    )  # fmt: skip
    job = finish(config)
    rewards = [r["reward"] for r in read_lines(job.metrics_file) if "reward" in r]
    first, last = sum(rewards[:2]) / 2, sum(rewards[-3:]) / 3
    assert 0.05 <= first <= 0.5  # about 0.23, but some questions are never met and others often
    assert last >= first + 0.2
