"""A job's folder: everything the job needs and everything it leaves.

    config.json     what to do; written once, before the job starts
    state.json      how far it is; written whole, then moved into place
    lock            held with flock while the job is alive
    stop            asks the job to finish early and keep what it has
    out.log         what the job's process printed
    metrics.jsonl   one line a logged step
    practice.jsonl  sampled answers of the practice rounds, with their points
    answers.jsonl   answers to held-out (or asked) cases
    report.json     the comparison
    adapter_warm/ adapter/

A job is alive if its lock is held, never because its process number exists. A job that is not
alive but whose state says queued or running was interrupted.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rft_core.errors import JobError
from rft_core.records import Record

Status = Literal["queued", "running", "finished", "failed", "stopped", "interrupted"]
ACTIVE: tuple[Status, ...] = ("queued", "running")


class JobState(Record):
    """How far a job is."""

    status: Status
    stage: str = ""
    """What the job does now: waiting, warm_start, reinforcement, answering, …"""
    step: int = 0
    steps: int = 0
    """Steps of the stage; 0 where they cannot be counted."""
    started_at: str | None = None
    finished_at: str | None = None
    heartbeat: str | None = None
    message: str = ""
    """What went wrong, in a sentence."""
    fix: str = ""


class JobFolder:
    """Reads and writes the files of one job."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def metrics_file(self) -> Path:
        return self.path / "metrics.jsonl"

    @property
    def practice_file(self) -> Path:
        return self.path / "practice.jsonl"

    @property
    def answers_file(self) -> Path:
        return self.path / "answers.jsonl"

    @property
    def report_file(self) -> Path:
        return self.path / "report.json"

    @property
    def warm_adapter(self) -> Path:
        return self.path / "adapter_warm"

    @property
    def adapter(self) -> Path:
        return self.path / "adapter"

    @property
    def log_file(self) -> Path:
        return self.path / "out.log"

    def create(self, config: Mapping[str, Any]) -> None:
        """Make the folder with its config and a queued state."""
        self.path.mkdir(parents=True, mode=0o700)
        write_json(self.path / "config.json", config)
        self.write_state(JobState(status="queued", stage="waiting"))

    def config(self) -> dict[str, Any]:
        """Return the config; JobError if it is missing or unreadable."""
        try:
            config: dict[str, Any] = json.loads((self.path / "config.json").read_text())
        except (OSError, ValueError) as error:
            raise JobError(
                f"The job folder {self.path.name!r} has no readable config.json.",
                "Delete the folder and start the job again.",
            ) from error
        return config

    def write_state(self, state: JobState) -> None:
        write_json(self.path / "state.json", state.model_dump() | {"heartbeat": utc_now()})

    def state(self) -> JobState:
        """Return the state as it truly is: a job that died shows as interrupted."""
        written = self._written_state()
        if written.status in ACTIVE and not self.is_alive():
            # The job may have finished between the two looks.
            written = self._written_state()
            if written.status in ACTIVE and self.stop_asked():
                return written.with_changes(
                    status="stopped", message="The run was ended before it could be evaluated."
                )
            if written.status in ACTIVE:
                return written.with_changes(
                    status="interrupted",
                    message="The run ended without saying why (switched off, killed or crashed).",
                    fix="What it had saved is kept. Start it again.",
                )
        return written

    def _written_state(self) -> JobState:
        try:
            return JobState.model_validate_json((self.path / "state.json").read_text())
        except (OSError, ValueError):
            return JobState(status="interrupted", message="The run's state cannot be read.")

    def is_alive(self) -> bool:
        """Say whether a process holds the job's lock."""
        try:
            descriptor = os.open(self.path / "lock", os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def take_lock(self) -> int:
        """Take the job's lock and return its descriptor; JobError if another process has it.

        The lock is freed when the descriptor, and any inherited copy, is closed.
        """
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise JobError(
                f"The job {self.id} is already running.", "Wait for it, or stop it first."
            ) from error
        return descriptor

    def ask_to_stop(self) -> None:
        (self.path / "stop").touch()

    def stop_asked(self) -> bool:
        return (self.path / "stop").exists()

    def log_tail(self, characters: int = 4_000) -> str:
        """Return the end of what the job's process printed."""
        try:
            with self.log_file.open("rb") as log:
                log.seek(0, os.SEEK_END)
                log.seek(max(0, log.tell() - characters))
                return log.read().decode(errors="replace")
        except FileNotFoundError:
            return ""


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file; a torn or damaged line is skipped."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    # Not splitlines(): that also cuts at U+2028 and its like, which may stand inside an answer.
    for line in text.split("\n"):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def append_line(path: Path, row: Mapping[str, Any]) -> None:
    """Append one JSON object as a line."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_json(path: Path, value: Any) -> None:
    """Write JSON beside `path`, then move it into place, so that nobody reads half of it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    partial.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
    os.replace(partial, path)


def utc_now() -> str:
    """Return the time now as ISO 8601 in UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()
