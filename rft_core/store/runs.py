"""Storing what a job left, and asking for it."""

import json
from typing import Any

from rft_core.errors import StoreError
from rft_core.store import example_sets, looks, versions
from rft_core.store.database import Cursor, Database, rows_of
from rft_core.store.example_sets import KnownSets
from rft_core.store.intake import JobSnapshot
from rft_core.store.rows import bring_up_to_date, insert, text, to_json, utc, utc_now

MODELS = ("base", "few_shot", "warm_start", "tuned", "commonest", "nearest")
ENDED = ("finished", "failed", "stopped", "interrupted")


def store(cursor: Cursor, job: JobSnapshot, known: KnownSets) -> None:
    """Add what is new in a job; what is stored and equal stays untouched.

    Raises StoreError where the run or its project was deleted after the job was made.
    """
    _refuse_deleted(cursor, job)
    owner = {
        "workspace_id": job.project.workspace_id,
        "project_id": job.project.id,
        "run_id": job.run_id,
    }
    ids = _keep_contents(cursor, job, known)
    _keep_run(cursor, job, owner | ids)
    _append_event(cursor, job, owner)
    bring_up_to_date(cursor, "metrics", ("stage", "step", "name"), job.metrics, job.run_id)
    bring_up_to_date(cursor, "answers", ("model", "example_id"), job.answers, job.run_id)
    if job.report is not None:
        _append_report(cursor, job, owner, ids)


def one(database: Database, run_id: str) -> dict[str, Any]:
    """Return a run with its status and `config`. Raises StoreError if there is none."""
    found = database.rows("SELECT * FROM latest_runs WHERE run_id = ?", [run_id])
    if not found:
        raise StoreError(f"The run {run_id!r} does not exist.", "Choose another from the list.")
    return found[0] | {"config": json.loads(found[0]["config"])}


HISTORY = f"""
    WITH scores AS (
        SELECT run_id,
            {
    ", ".join(
        f"avg({column}) FILTER (model = '{model}') AS {name}_{model}"
        for model in MODELS
        for column, name in (("score", "score"), ("substance", "substance"), ("form", "form"))
    )
}
        FROM answers WHERE split IS DISTINCT FROM 'train' GROUP BY run_id
    )
    SELECT r.run_id, r.project_id, r.created_at AS "at", r.status, r.preset, r.model_id, r.seed,
        r.recorded, r.example_set_id, r.rubric_version_id, b.body->>'$.name' AS rubric,
        p.body->>'$.verdict' AS verdict, p.body->>'$.headline' AS headline, p.exploratory,
        coalesce((p.body->>'$.wall_seconds')::DOUBLE, epoch(r.finished_at - r.started_at)) / 60
            AS minutes,
        scores.* EXCLUDE (run_id)
    FROM latest_runs r
    LEFT JOIN rubrics b ON b.project_id = r.project_id
        AND b.rubric_version_id = r.rubric_version_id
    LEFT JOIN scores ON scores.run_id = r.run_id
    LEFT JOIN latest_reports p ON p.run_id = r.run_id
    WHERE r.kind = 'train' AND r.project_id = coalesce(?, r.project_id)
    ORDER BY r.created_at DESC, r.run_id
"""


def _refuse_deleted(cursor: Cursor, job: JobSnapshot) -> None:
    found = cursor.execute(
        "SELECT max(deleted_at) FROM deletions WHERE deleted_at >= ? "
        "AND (run_id = ? OR (run_id IS NULL AND project_id = ? AND NOT ?))",
        [job.created_at, job.run_id, job.project.id, _is_recorded(job)],
    ).fetchone()
    if found[0] is not None:
        raise StoreError(
            f"The run {job.run_id!r} was deleted on {looks.when(found[0])}.",
            "Its folder can be removed.",
        )


def _keep_contents(cursor: Cursor, job: JobSnapshot, known: KnownSets) -> dict[str, str | None]:
    origin = versions.Origin(job.created_at, run_id=job.run_id)
    rubric_id = None
    if job.rubric is not None:
        rubric_id = versions.keep_rubric(cursor, job.project, job.rubric, origin)
    set_id = example_sets.keep(cursor, job.project, job.examples, origin._asdict(), known)
    return {"example_set_id": set_id, "rubric_version_id": rubric_id}


def _keep_run(cursor: Cursor, job: JobSnapshot, row: dict[str, Any]) -> None:
    """Insert the run, or note that its folder has moved."""
    known = cursor.execute("SELECT folder FROM runs WHERE run_id = ?", [job.run_id]).fetchone()
    if known is None:
        # The examples and the rubric are stored by id.
        config = {k: v for k, v in job.config.items() if k not in ("examples", "rubric")}
        described = {
            "kind": str(job.config.get("kind", "")),
            "created_at": job.created_at,
            "model_id": text((job.config.get("model") or {}).get("id")),
            "preset": text(job.config.get("preset")),
            "seed": job.config.get("seed"),
            "folder": str(job.folder),
            "config": to_json(config),
            "recorded": _is_recorded(job),
        }
        insert(cursor, "runs", [row | described])
    elif known[0] != str(job.folder):
        cursor.execute("UPDATE runs SET folder = ? WHERE run_id = ?", [str(job.folder), job.run_id])


def _append_event(cursor: Cursor, job: JobSnapshot, owner: dict[str, str]) -> None:
    """Append the job's state where it differs from the last one stored."""
    state = job.state
    row = owner | {
        "status": state.status,
        "message": text(state.message),
        "fix": text(state.fix),
        "started_at": utc(state.started_at),
        "finished_at": utc(state.finished_at),
    }
    last = rows_of(cursor.execute("SELECT * FROM latest_events WHERE run_id = ?", [job.run_id]))
    if last and all(last[0][name] == value for name, value in row.items()):
        return
    number = last[0]["number"] + 1 if last else 1
    insert(cursor, "run_events", [row | {"number": number, "happened_at": _happened_at(job)}])


def _happened_at(job: JobSnapshot) -> Any:
    """Return when the job came to its state, as far as the state tells."""
    if job.state.status == "queued":
        return job.created_at
    told = job.state.finished_at if job.state.status in ENDED else job.state.started_at
    return utc(told) or utc_now()


def _append_report(
    cursor: Cursor, job: JobSnapshot, owner: dict[str, str], ids: dict[str, str | None]
) -> None:
    """Append the report unless it equals the last one stored."""
    report = job.report or {}
    body = to_json(report)
    last = rows_of(cursor.execute("SELECT * FROM latest_reports WHERE run_id = ?", [job.run_id]))
    if last and last[0]["body"] == body:
        return
    reason = report.get("exploratory") or looks.reason(
        cursor, job.project.id, ids["example_set_id"], ids["rubric_version_id"]
    )
    row = owner | {
        "number": last[0]["number"] + 1 if last else 1,
        "created_at": utc(job.state.finished_at) or utc_now(),
        "exploratory": text(reason or None),
        "body": body,
    }
    insert(cursor, "reports", [row])


def _is_recorded(job: JobSnapshot) -> bool:
    return bool(job.config.get("recorded", False))
