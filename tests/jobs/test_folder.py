"""A job's folder tells the truth about the job."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rft_core.errors import JobError
from rft_core.jobs.folder import JobFolder, JobState, append_line, read_lines, write_json


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    folder = JobFolder(tmp_path / "train-1")
    folder.create({"kind": "train"})
    return folder


def test_a_job_without_a_live_process_is_interrupted(job: JobFolder) -> None:
    job.write_state(JobState(status="running", stage="reinforcement", step=3, steps=8))
    state = job.state()
    assert state.status == "interrupted"
    assert state.step == 3
    assert state.fix


def test_a_held_lock_means_alive_and_a_killed_holder_means_interrupted(job: JobFolder) -> None:
    code = (
        "import sys, pathlib; from rft_core.jobs.folder import JobFolder\n"
        "f = JobFolder(pathlib.Path(sys.argv[1])); fd = f.take_lock()\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(job.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout is not None and holder.stdin is not None
    with holder, holder.stdin, holder.stdout:
        assert holder.stdout.readline() == b"held\n"
        job.write_state(JobState(status="running"))
        assert job.state().status == "running"
        with pytest.raises(JobError, match="already running"):
            job.take_lock()
        holder.kill()
        holder.wait()
    assert job.state().status == "interrupted"


def test_a_torn_last_line_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    append_line(file, {"answer": "one\u2028line"})
    with file.open("a") as log:
        log.write('{"answer": "to')
    assert list(read_lines(file)) == [{"answer": "one\u2028line"}]
    assert list(read_lines(tmp_path / "missing.jsonl")) == []


def test_state_is_never_half_written(job: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = (job.path / "state.json").read_text()
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_json(job.path / "state.json", {"status": "finished"})
    assert (job.path / "state.json").read_text() == before


def test_a_missing_config_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"no readable config\.json"):
        JobFolder(tmp_path).config()


def test_log_tail_returns_the_end(job: JobFolder) -> None:
    job.log_file.write_text("x" * 10_000 + "the end")
    assert job.log_tail(20).endswith("the end")
    assert json.loads((job.path / "config.json").read_text()) == {"kind": "train"}
