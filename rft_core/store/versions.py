"""Versions of a project: appended, never changed; undo appends an old content again.

A version names its project record, its example set and its rubric by their content. A content is
stored once for each project, with the time at which it first appeared.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from rft_core.errors import StoreError
from rft_core.records import Example, Project, Record, Rubric, content_id
from rft_core.store import example_sets
from rft_core.store.database import Cursor, rows_of
from rft_core.store.example_sets import KnownSets
from rft_core.store.rows import Row, insert, to_json, utc_now
from rft_core.store.undo import Saved

PARTS = {"project": "content_id", "examples": "example_set_id", "rubric": "rubric_version_id"}
"""What can change from one version to the next, and the column that tells."""
_KEPT_AS_THEY_ARE = (
    "project_id",
    "workspace_id",
    "version",
    "created_at",
    "example_set_id",
    "rubric_version_id",
    "note",
)


class Origin(NamedTuple):
    """Where a content first appeared: in a version of its project, or in a run."""

    created_at: datetime
    """UTC, without a zone."""
    version: int | None = None
    run_id: str | None = None


class ProjectVersion(Record):
    """One version of a project, without its contents."""

    project_id: str
    workspace_id: str
    version: int
    created_at: datetime
    """UTC, without a zone."""
    changed: tuple[str, ...]
    """Of project, examples and rubric, those that differ from the version before."""
    example_set_id: str
    rubric_version_id: str
    n_train: int
    n_heldout: int
    note: str = ""


def rubric_version_id(rubric: Rubric) -> str:
    """Return the content id of a rubric."""
    return content_id(rubric)


def append(
    cursor: Cursor,
    project: Project,
    examples: Sequence[Example],
    rubric: Rubric,
    known: KnownSets,
    note: str = "",
) -> ProjectVersion:
    """Append a version with these contents, or return the latest where nothing changed."""
    origin = Origin(utc_now(), version=_next_number(cursor, project))
    row: Row = {
        "workspace_id": project.workspace_id,
        "project_id": project.id,
        "body": to_json(project.model_dump(mode="json")),
        "content_id": content_id(project),
        "example_set_id": example_sets.keep(cursor, project, examples, origin._asdict(), known),
        "rubric_version_id": keep_rubric(cursor, project, rubric, origin),
        "note": note,
    }
    return _append_row(cursor, row)


def append_rubric(
    cursor: Cursor, project_id: str, rubric: Rubric, note: str = ""
) -> ProjectVersion:
    """Append the latest version with another rubric; the cases stay as they are stored.

    Raises StoreError for an unknown project.
    """
    latest = find(cursor, project_id)
    project = Project.model_validate(json.loads(latest["body"]))
    origin = Origin(utc_now(), version=latest["version"] + 1)
    rubric_id = keep_rubric(cursor, project, rubric, origin)
    changed = {"rubric_version_id": rubric_id, "note": note}
    return _append_row(cursor, _contents_of(latest) | changed)


def append_old(cursor: Cursor, project_id: str, version: int, note: str = "") -> ProjectVersion:
    """Append the contents of an earlier version as the newest; StoreError if there is none."""
    old = find(cursor, project_id, version)
    note = note or f"version {version} restored"
    return _append_row(cursor, _contents_of(old) | {"note": note, "restores": version})


def find(cursor: Cursor, project_id: str, version: int | None = None) -> Row:
    """Return the row of a version (None: the latest). Raises StoreError if there is none."""
    found = rows_of(
        cursor.execute(
            "SELECT * FROM projects WHERE project_id = ? AND version = coalesce(?, version) "
            "ORDER BY version DESC LIMIT 1",
            [project_id, version],
        )
    )
    if found:
        return found[0]
    what = f"The project {project_id!r}" + (f" has no version {version}" if version else "")
    raise StoreError(
        f"{what}." if version else f"{what} does not exist.", "Choose another from the list."
    )


def saved(cursor: Cursor, project_id: str) -> list[Saved]:
    """Return what undo needs of all versions, in order. Raises StoreError if there is none."""
    found = cursor.execute(
        "SELECT version, note, restores FROM projects WHERE project_id = ? ORDER BY version",
        [project_id],
    ).fetchall()
    if not found:
        find(cursor, project_id)
    return [Saved(*row) for row in found]


def contents(
    cursor: Cursor, row: Row, known: KnownSets
) -> tuple[Project, tuple[Example, ...], Rubric]:
    """Return the records that a version's row names."""
    project_id = row["project_id"]
    return (
        Project.model_validate(json.loads(row["body"])),
        example_sets.read(cursor, project_id, row["example_set_id"], known),
        rubric_of(cursor, project_id, row["rubric_version_id"]),
    )


def rubric_of(cursor: Cursor, project_id: str, version_id: str) -> Rubric:
    """Return a rubric by its content id. Raises StoreError if it is not stored."""
    found = cursor.execute(
        "SELECT body FROM rubrics WHERE project_id = ? AND rubric_version_id = ?",
        [project_id, version_id],
    ).fetchone()
    if found is None:
        raise StoreError(f"The rubric version {version_id!r} is not stored.", "Save it again.")
    return Rubric.model_validate(json.loads(found[0]))


def keep_rubric(
    cursor: Cursor,
    project: Project,
    rubric: Rubric,
    origin: Origin,
) -> str:
    """Store a rubric unless the project has it already; return its id."""
    version_id = rubric_version_id(rubric)
    stored = cursor.execute(
        "SELECT 1 FROM rubrics WHERE project_id = ? AND rubric_version_id = ?",
        [project.id, version_id],
    ).fetchone()
    if stored is None:
        row = {
            "workspace_id": project.workspace_id,
            "project_id": project.id,
            "rubric_version_id": version_id,
            **origin._asdict(),
            "body": to_json(rubric.model_dump(mode="json")),
        }
        insert(cursor, "rubrics", [row])
    return version_id


def as_version(cursor: Cursor, row: Row) -> ProjectVersion:
    """Return a version's row as a record, with the counts of its example set."""
    n_train, n_heldout = cursor.execute(
        "SELECT n_train, n_heldout FROM example_sets WHERE project_id = ? AND example_set_id = ?",
        [row["project_id"], row["example_set_id"]],
    ).fetchone()
    return ProjectVersion(
        **{name: row[name] for name in _KEPT_AS_THEY_ARE},
        changed=tuple(filter(None, row["changed"].split(", "))),
        n_train=n_train,
        n_heldout=n_heldout,
    )


def _contents_of(row: Row) -> Row:
    """Return what names the contents of a version's row."""
    return {name: row[name] for name in ("workspace_id", "project_id", "body", *PARTS.values())}


def _append_row(cursor: Cursor, row: Row) -> ProjectVersion:
    latest = _latest(cursor, row["project_id"])
    changed = [
        part for part, column in PARTS.items() if not latest or row[column] != latest[column]
    ]
    if latest and not changed:
        return as_version(cursor, latest)
    row = row | {
        "version": latest["version"] + 1 if latest else 1,
        "created_at": utc_now(),
        "changed": ", ".join(changed),
    }
    insert(cursor, "projects", [row])
    return as_version(cursor, row)


def _next_number(cursor: Cursor, project: Project) -> int:
    """Return the number of the next version; StoreError if the id is another workspace's."""
    latest = _latest(cursor, project.id)
    if latest and latest["workspace_id"] != project.workspace_id:
        raise StoreError(
            f"The project id {project.id!r} is already used in another workspace.",
            "Save the project under another id.",
        )
    return latest["version"] + 1 if latest else 1


def _latest(cursor: Cursor, project_id: str) -> Row:
    found = rows_of(
        cursor.execute("SELECT * FROM latest_projects WHERE project_id = ?", [project_id])
    )
    return found[0] if found else {}
