import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rft_core.jobs.folder import JobFolder
from rft_core.records import CheckSpec, Criterion, Example, Project, Rubric
from rft_core.store import Database, Studio

MakeJob = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    with Database(home / "studio.duckdb") as opened:
        yield opened


@pytest.fixture
def studio(database: Database) -> Studio:
    return Studio(database)


@pytest.fixture
def project() -> Project:
    return Project(id="alerts", name="Alert triage", domain="finance", colour="blue")


@pytest.fixture
def examples() -> tuple[Example, ...]:
    return tuple(
        Example(
            id=f"case-{n}",
            prompt=f"Alert {n}: transfer of {n}00 euros – «ünüsual»",
            reference="block" if n % 2 else "allow",
            fields={"decision": "block" if n % 2 else "allow"},
            split="train" if n < 6 else "heldout",
        )
        for n in range(8)
    )


@pytest.fixture
def rubric() -> Rubric:
    check = CheckSpec(kind="label", labels=["block", "allow"], field="decision")
    criterion = Criterion(
        id="decision", text="The decision is right", points=5, aspect="substance", check=check
    )
    return Rubric(criteria=(criterion,))


@pytest.fixture
def make_job(tmp_path: Path, project: Project, examples, rubric: Rubric) -> MakeJob:
    """Write a job's folder as a child of the jobs package would."""

    def make(run_id: str = "train-1", status: str = "finished", **config: object) -> Path:
        job = JobFolder(tmp_path / "jobs" / run_id)
        job.path.mkdir(parents=True)
        write(
            job.path / "config.json",
            {
                "kind": "train",
                "job_id": run_id,
                "created_at": "2026-11-01T10:00:00+00:00",
                "workspace_id": project.workspace_id,
                "project": project.model_dump(mode="json"),
                "examples": [e.model_dump(mode="json") for e in examples],
                "rubric": rubric.model_dump(mode="json"),
                "model": {"id": "smollm2-135m"},
                "preset": "quick",
                "seed": 0,
            }
            | config,
        )
        set_state(job.path, status)
        return job.path

    return make


def write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def set_state(folder: Path, status: str, message: str = "") -> None:
    state = {"status": status, "message": message, "started_at": "2026-11-01T10:01:00+00:00"}
    ended = {"finished_at": "2026-11-01T10:04:00+00:00"} if status == "finished" else {}
    write(folder / "state.json", state | ended)


def answer_line(model: str, example_id: str, score: float | None, answer: str = "block") -> dict:
    return {
        "model": model,
        "example_id": example_id,
        "split": "heldout",
        "prompt": "Alert",
        "reference": "block",
        "answer": answer,
        "truncated": False,
        "seconds": 0.5,
        "tokens": 3,
        "score": score,
        "substance": score,
        "form": None,
        "earned": 5 * (score or 0),
        "possible": 5,
        "penalty": 0,
        "adapter_sha256": "abc" if model == "tuned" else None,
        "values": {"decision": score},
        "reasons": {"decision": "as it reads"},
    }


def write_lines(path: Path, rows: list[dict], torn: str = "") -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text + torn, encoding="utf-8")


@pytest.fixture
def tools():
    """The helpers above, for test modules (which cannot import a conftest)."""
    from types import SimpleNamespace

    return SimpleNamespace(
        write=write, set_state=set_state, answer_line=answer_line, write_lines=write_lines
    )
