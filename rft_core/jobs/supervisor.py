"""Start jobs and look after them: submit, list, stop, wait.

Jobs are processes of their own; they wait for their turn at a lock in the jobs folder, so that
the app, the command line and a second window need no common queue.
"""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from rft_core import settings
from rft_core.errors import JobError
from rft_core.jobs.__main__ import INHERITED_LOCK
from rft_core.jobs.folder import ACTIVE, JobFolder, JobState, utc_now
from rft_core.records import LOCAL_WORKSPACE, content_id

SAME_JOB_IGNORES = ("job_id", "created_at")

_children: list[subprocess.Popen[bytes]] = []
"""Kept so that ended children are reaped; whether a job lives is read from its lock."""


def submit(config: Mapping[str, Any], jobs_folder: Path | None = None) -> JobFolder:
    """Start a job and return its folder; an equal job that is still active is returned instead.

    `config` holds `kind` and all the job needs. A second click, or a second window, therefore
    starts nothing.
    """
    root = jobs_folder or settings.jobs_folder()
    with FileLock(str(root / "submit.lock")):
        twin = _active_twin(root, config)
        if twin is not None:
            return twin
        job = JobFolder(root / f"{config['kind']}-{uuid.uuid4().hex[:12]}")
        job.create(
            {"workspace_id": LOCAL_WORKSPACE}
            | dict(config)
            | {"job_id": job.id, "created_at": utc_now()}
        )
        _spawn(job)
    return job


def jobs(jobs_folder: Path | None = None) -> list[JobFolder]:
    """Return all jobs whose config can be read, newest first."""
    root = jobs_folder or settings.jobs_folder()
    _children[:] = [child for child in _children if child.poll() is None]
    found = [job for job in map(JobFolder, root.iterdir()) if _is_readable(job)]
    return sorted(found, key=lambda job: (job.path / "config.json").stat().st_mtime, reverse=True)


def active(kind: str | None = None, jobs_folder: Path | None = None) -> list[JobFolder]:
    """Return the jobs that are queued or running, newest first."""
    return [
        job
        for job in jobs(jobs_folder)
        if job.state().status in ACTIVE and (kind is None or job.config().get("kind") == kind)
    ]


def wait(
    job: JobFolder,
    on_state: Callable[[JobState], None] | None = None,
    poll_s: float = 0.5,
) -> JobState:
    """Wait until the job has ended and return its last state."""
    while True:
        state = job.state()
        if on_state is not None:
            on_state(state)
        if state.status not in ACTIVE:
            return state
        time.sleep(poll_s)


def end_now(job: JobFolder) -> None:
    """End the job's process at once, without an evaluation."""
    job.ask_to_stop()
    try:
        process = int((job.path / "pid").read_text())
    except (OSError, ValueError) as error:
        raise JobError("The run's process is not known.", "It may have ended already.") from error
    if job.is_alive():
        os.kill(process, signal.SIGTERM)


def _is_readable(job: JobFolder) -> bool:
    try:
        return bool(job.config())
    except JobError:
        return False


def _active_twin(root: Path, config: Mapping[str, Any]) -> JobFolder | None:
    wanted = _identity(config)
    for job in active(str(config["kind"]), root):
        if _identity(job.config()) == wanted:
            return job
    return None


def _identity(config: Mapping[str, Any]) -> str:
    plain = {"workspace_id": LOCAL_WORKSPACE} | dict(config)
    return content_id({k: v for k, v in plain.items() if k not in SAME_JOB_IGNORES})


def _spawn(job: JobFolder) -> None:
    """Start the child in its own session, niced, holding the job's lock from its first moment."""
    lock = job.take_lock()
    try:
        with job.log_file.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "rft_core.jobs", str(job.path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[lock],
                env={**os.environ, INHERITED_LOCK: str(lock), "PYTHONUNBUFFERED": "1"},
            )
        (job.path / "pid").write_text(str(process.pid))
        _children.append(process)
    finally:
        os.close(lock)
