"""Deleting a project or a run so that nothing of it stays in the database's files.

Rows go in one transaction, which also notes the deletion. Then the file is rewritten (see
`Database.rewrite`), and backups that still hold the rows are removed. A marker file, written
before and removed after, lets the next start finish what a crash interrupted.

What this cannot promise: that the disk itself, or a backup made by other software, keeps nothing.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from rft_core.errors import StoreError
from rft_core.records import LOCAL_WORKSPACE, Record
from rft_core.store.database import Cursor, Database, connect
from rft_core.store.rows import insert, to_json, utc_now

RUN_TABLES = ("runs", "run_events", "metrics", "answers", "reports")
PROJECT_TABLES = (
    "projects", "example_sets", "example_bodies", "rubrics", "drafts", "form_drafts", *RUN_TABLES,
    "looks",
)  # fmt: skip
MARKER_NAME = "studio.erasing.json"


class Deletion(Record):
    """What was deleted, and what is left to do."""

    workspace_id: str
    project_id: str
    run_id: str | None
    """None where the whole project was deleted."""
    name: str
    deleted_at: datetime
    """UTC, without a zone."""
    counts: dict[str, int]
    """Rows that were deleted, by table."""
    folders: tuple[Path, ...]
    """Job folders; the caller removes them."""
    backups_removed: tuple[str, ...]
    """Names of backups of the database that held the same rows and were removed too."""


def erase_project(database: Database, project_id: str) -> Deletion:
    """Erase all rows of a project, looks included. Raises StoreError if there are none."""
    return _erase(database, "project_id", project_id, PROJECT_TABLES)


def erase_run(database: Database, run_id: str) -> Deletion:
    """Erase a run and its results. Raises StoreError if there is none.

    Looks at its results stay noted, because what was seen cannot be unseen.
    """
    return _erase(database, "run_id", run_id, RUN_TABLES)


def finish_interrupted(database: Database) -> None:
    """Finish an erasure that a crash interrupted after its rows were deleted."""
    marker = _marker(database)
    if not marker.exists():
        return
    try:
        wanted = json.loads(marker.read_text(encoding="utf-8"))
        column, value = str(wanted["column"]), str(wanted["value"])
    except (ValueError, KeyError, TypeError):
        column = value = ""
    _purge(database, column, value)


def _erase(database: Database, column: str, value: str, tables: tuple[str, ...]) -> Deletion:
    finish_interrupted(database)
    _marker(database).write_text(json.dumps({"column": column, "value": value}), encoding="utf-8")
    try:
        with database.write() as cursor:
            found = _describe(cursor, column, value, tables)
            counts = {table: _delete(cursor, table, column, value) for table in tables}
            note = found | {"deleted_at": utc_now()}
            folders = note.pop("folders")
            insert(cursor, "deletions", [note | {"counts": to_json(counts)}])
    except BaseException:
        _marker(database).unlink(missing_ok=True)
        raise
    removed = _purge(database, column, value)
    return Deletion(**note, counts=counts, folders=folders, backups_removed=removed)


def _describe(cursor: Cursor, column: str, value: str, tables: tuple[str, ...]) -> dict[str, Any]:
    """Return whose rows these are and their job folders; StoreError if there are no rows."""
    if not any(_holds(cursor, table, column, value) for table in tables):
        what = "project" if column == "project_id" else "run"
        raise StoreError(f"There is no {what} {value!r} to delete.", "It may be deleted already.")
    runs = cursor.execute(
        f"SELECT project_id, workspace_id, folder FROM runs WHERE {column} = ?", [value]
    ).fetchall()
    project_id = runs[0][0] if column == "run_id" else value
    named = cursor.execute(
        "SELECT body->>'$.name', workspace_id FROM latest_projects WHERE project_id = ?",
        [project_id],
    ).fetchone()
    name, workspace_id = named or (project_id, runs[0][1] if runs else LOCAL_WORKSPACE)
    return {
        "workspace_id": workspace_id,
        "project_id": project_id,
        "run_id": value if column == "run_id" else None,
        "name": name,
        "folders": tuple(Path(folder) for _, _, folder in runs),
    }


def _purge(database: Database, column: str, value: str) -> tuple[str, ...]:
    """Take deleted rows out of the file and out of the backups; return the backups removed."""
    database.rewrite()
    removed = []
    for backup in database.backups():
        if _backup_holds(backup, column, value):
            backup.unlink()
            removed.append(backup.name)
    _marker(database).unlink(missing_ok=True)
    return tuple(removed)


def _backup_holds(backup: Path, column: str, value: str) -> bool:
    """Say whether a backup holds such rows; one that cannot be read might."""
    try:
        with connect(backup, read_only=True) as connection:
            tables = connection.execute(
                "SELECT table_name FROM duckdb_columns() JOIN duckdb_tables() USING (table_name) "
                "WHERE column_name = ? AND table_name <> 'deletions'",
                [column],
            ).fetchall()
            return not tables or any(_holds(connection, t, column, value) for (t,) in tables)
    except StoreError:
        return True


def _holds(cursor: Cursor, table: str, column: str, value: str) -> bool:
    found = cursor.execute(f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1", [value]).fetchone()
    return found is not None


def _delete(cursor: Cursor, table: str, column: str, value: str) -> int:
    return int(cursor.execute(f"DELETE FROM {table} WHERE {column} = ?", [value]).fetchone()[0])


def _marker(database: Database) -> Path:
    return database.path.with_name(MARKER_NAME)
