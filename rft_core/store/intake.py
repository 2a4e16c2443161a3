"""Read a job's folder as the store takes it in; nothing is written here.

A job may be running while its folder is read, and may have died in the middle of a line: a line
that is not a JSON object is left out, and comes with the next import if it was only half written.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from rft_core.errors import StoreError
from rft_core.jobs.folder import JobFolder, JobState, read_lines
from rft_core.records import Example, Project, Rubric
from rft_core.store.rows import Row, text, to_json, utc

NOT_METRICS = ("stage", "step", "time")
TEXTS = ("split", "prompt", "reference", "answer", "adapter_sha256")
NUMBERS = ("seconds", "score", "substance", "form", "earned", "possible", "penalty")


class JobSnapshot(NamedTuple):
    """What a job's folder held when it was read."""

    run_id: str
    folder: Path
    created_at: datetime
    """UTC, without a zone."""
    config: dict[str, Any]
    state: JobState
    project: Project
    examples: tuple[Example, ...]
    rubric: Rubric | None
    metrics: list[Row]
    answers: list[Row]
    report: dict[str, Any] | None


def read_job(folder: Path) -> JobSnapshot:
    """Read a job's folder. Raises JobError or StoreError where its config cannot be used."""
    job = JobFolder(folder.resolve())
    config = job.config()
    # State first: what it says is finished has been written before it.
    state = job.state()
    project, examples, rubric = _contents(job, config)
    owner = {
        "workspace_id": project.workspace_id,
        "project_id": project.id,
        "run_id": str(config.get("job_id") or job.id),
    }
    return JobSnapshot(
        run_id=owner["run_id"],
        folder=job.path,
        created_at=utc(config.get("created_at")) or _written_at(job.path / "config.json"),
        config=config,
        state=state,
        project=project,
        examples=examples,
        rubric=rubric,
        metrics=[owner | row for line in read_lines(job.metrics_file) for row in _metrics(line)],
        answers=[owner | row for row in _answers(job.answers_file)],
        report=_report(job.report_file),
    )


def _contents(
    job: JobFolder, config: dict[str, Any]
) -> tuple[Project, tuple[Example, ...], Rubric | None]:
    if not config.get("project"):
        raise StoreError(
            f"The job {job.id!r} ({config.get('kind')}) belongs to no project.",
            "Only jobs of a project have results to keep.",
        )
    try:
        project = Project.model_validate(config["project"])
        examples = tuple(Example.model_validate(e) for e in config.get("examples", ()))
        rubric = Rubric.model_validate(config["rubric"]) if config.get("rubric") else None
    except (ValidationError, TypeError) as error:
        raise StoreError(
            f"The config.json of the job {job.id!r} is damaged.",
            "Delete the run and start it again.",
        ) from error
    if "workspace_id" not in config["project"] and config.get("workspace_id"):
        project = project.with_changes(workspace_id=config["workspace_id"])
    return project, examples, rubric


def _metrics(line: dict[str, Any]) -> Iterator[Row]:
    stage, step = str(line.get("stage", "")), line.get("step")
    if not isinstance(step, int | float):
        return
    for name, value in line.items():
        if name not in NOT_METRICS and isinstance(value, int | float):
            yield {"stage": stage, "step": int(step), "name": name, "value": float(value)}


def _answers(path: Path) -> Iterator[Row]:
    named = (line for line in read_lines(path) if line.get("model") and line.get("example_id"))
    for position, line in enumerate(named):
        tokens, truncated = _number(line.get("tokens")), line.get("truncated")
        yield {
            "model": str(line["model"]),
            "example_id": str(line["example_id"]),
            "position": position,
            **{name: text(line.get(name)) for name in TEXTS},
            "truncated": None if truncated is None else bool(truncated),
            "tokens": None if tokens is None else int(tokens),
            **{name: _number(line.get(name)) for name in NUMBERS},
            "criteria": to_json(line.get("values") or {}),
            "reasons": to_json(line.get("reasons") or {}),
        }


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _report(path: Path) -> dict[str, Any] | None:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return report if isinstance(report, dict) else None


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
