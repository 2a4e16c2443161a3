"""Jobs are real processes here: they start once, wait their turn, fail with a sentence, stop."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from rft_core import settings
from rft_core.jobs import supervisor
from rft_core.jobs.folder import JobFolder


def finished(job: JobFolder, seconds: float = 60) -> str:
    end = time.monotonic() + seconds
    while job.state().status in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.05)
    return job.state().status


@pytest.fixture
def turn(home: Path):
    """Hold the turn, so that jobs queue until it is let go."""
    import fcntl

    descriptor = os.open(settings.jobs_folder() / "turn.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield lambda: fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


def test_a_double_click_starts_one_job(turn) -> None:
    config = {"kind": "embed", "texts": ["a"]}
    first = supervisor.submit(config)
    second = supervisor.submit(config)
    other = supervisor.submit({"kind": "embed", "texts": ["b"]})
    assert first.path == second.path
    assert other.path != first.path
    assert len(supervisor.active()) == 2
    for job in (first, other):
        supervisor.end_now(job)
        assert finished(job) == "stopped"


def test_a_job_waits_for_its_turn_then_fails_with_a_sentence(turn) -> None:
    job = supervisor.submit({"kind": "nonsense"})
    time.sleep(1)
    assert job.state().status == "queued"
    turn()
    assert finished(job) == "failed"
    assert "no job of the kind 'nonsense'" in job.state().message


def test_a_killed_job_is_interrupted(turn) -> None:
    job = supervisor.submit({"kind": "embed", "texts": ["a"]})
    os.kill(int((job.path / "pid").read_text()), signal.SIGKILL)
    assert finished(job) == "interrupted"


def test_unknown_model_is_a_sentence_with_the_known_ones() -> None:
    job = supervisor.submit({"kind": "time", "model": {"id": "gpt-9"}})
    assert finished(job) == "failed"
    assert "gpt-9" in job.state().message
    assert "embedded" in job.state().fix


def test_test_cases_are_never_answered_outside_a_comparison() -> None:
    job = supervisor.submit(
        {
            "kind": "answer", "model": {"id": "embedded"}, "dtype": "float32", "threads": 1,
            "max_new_tokens": 4, "project": {"id": "p", "name": "P"},
            "examples": [{"id": "a", "prompt": "x", "split": "heldout"}],
        }
    )  # fmt: skip
    assert finished(job) == "failed"
    assert "kept aside" in job.state().message


def test_embedding_tells_meaning_apart() -> None:
    texts = ["He moved the money to a safe account.", "The funds went to a secure account.",
             "The car park is full."]  # fmt: skip
    job = supervisor.submit({"kind": "embed", "texts": texts})
    assert finished(job) == "finished"
    rows = [json.loads(x) for x in (job.path / "embeddings.jsonl").read_text().splitlines()]
    a, b, c = (row["vector"] for row in rows)

    def dot(x: list[float], y: list[float]) -> float:
        return sum(i * j for i, j in zip(x, y, strict=True))

    assert dot(a, b) > dot(a, c) + 0.3
    assert dot(a, a) == pytest.approx(1, abs=1e-4)


def test_a_damaged_job_folder_hides_nothing_else(turn) -> None:
    good = supervisor.submit({"kind": "embed", "texts": ["a"]})
    damaged = settings.jobs_folder() / "train-damaged"
    damaged.mkdir()
    (damaged / "config.json").write_text('{"kind": "tra')
    assert [job.path for job in supervisor.jobs()] == [good.path]
    supervisor.end_now(good)
    assert finished(good) == "stopped"
