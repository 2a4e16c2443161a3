"""The schema, as numbered steps: MIGRATIONS[0] makes version 1, and so on.

Append a function to change the schema; never edit one that was released. Steps run in one
transaction, each is noted in `_migrations`, and a file of a newer version is left alone.

Every table carries the workspace and project it belongs to, so that a project can be erased
whole; ids of contents are `records.content_id` of what is stored beside them.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rft_core.errors import StoreError
from rft_core.records import canonical_json, content_id_of_json

Migration = Callable[[Any], None]


def first_schema(connection: Any) -> None:
    """Projects, examples, rubrics, runs with what they measured, looks and deletions."""
    connection.execute(_PROJECTS)
    connection.execute(_RUNS)
    connection.execute(_RECORDS)
    connection.execute(_VIEWS)


def drafts_of_cases(connection: Any) -> None:
    """Cases that were typed and not saved."""
    connection.execute(_DRAFTS)


def contents_of_examples(connection: Any) -> None:
    """Each content of an example once for its project, in place of once for each set."""
    connection.execute(_EXAMPLE_BODIES)
    sets = connection.execute(
        "SELECT workspace_id, project_id, example_set_id FROM example_sets"
    ).fetchall()
    for workspace_id, project_id, set_id in sets:
        bodies = connection.execute(
            "SELECT body FROM examples WHERE project_id = ? AND example_set_id = ? "
            "ORDER BY position",
            [project_id, set_id],
        ).fetchall()
        members = [content_id_of_json(canonical_json(json.loads(body))) for (body,) in bodies]
        connection.execute(
            "INSERT INTO example_bodies SELECT ?, ?, unnest(?::VARCHAR[]), unnest(?::JSON[]) "
            "ON CONFLICT DO NOTHING",
            [workspace_id, project_id, members, [body for (body,) in bodies]],
        )
        connection.execute(
            "INSERT INTO example_members VALUES (?, ?, ?)", [project_id, set_id, members]
        )
    connection.execute(_EXAMPLE_SETS_WITH_MEMBERS)


def versions_name_what_they_restore(connection: Any) -> None:
    """Each version names the one whose content it brought back; until now its note said so."""
    connection.execute(_RESTORES)


def drafts_of_forms(connection: Any) -> None:
    """What was typed into other forms and not saved."""
    connection.execute(_FORM_DRAFTS)


MIGRATIONS: list[Migration] = [
    first_schema,
    drafts_of_cases,
    contents_of_examples,
    versions_name_what_they_restore,
    drafts_of_forms,
]


def version(connection: Any) -> int:
    """Return the schema version of an open file; 0 for one without tables.

    Raises StoreError for a DuckDB file that something else made.
    """
    tables = {
        row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    }
    if "_migrations" not in tables:
        if tables:
            raise StoreError(
                "The database file was not made by RFT Studio.",
                "Move it away, or have another folder chosen.",
                "RFT_HOME names the folder.",
            )
        return 0
    row = connection.execute("SELECT coalesce(max(version), 0) FROM _migrations").fetchone()
    return int(row[0])


def check(found: int, path: Path) -> None:
    """Raise StoreError where a file is newer than this code."""
    if found > len(MIGRATIONS):
        raise StoreError(
            f"The database {path} was made by a newer RFT Studio (version {found} of its layout; "
            f"this one knows {len(MIGRATIONS)}).",
            "Update RFT Studio. The file was not touched.",
        )


def migrate(connection: Any) -> None:
    """Bring an open file up to date, all steps or none."""
    done = version(connection)
    if done >= len(MIGRATIONS):
        return
    connection.begin()
    try:
        connection.execute(_MIGRATIONS_TABLE)
        for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
            step(connection)
            now = datetime.now(UTC).replace(tzinfo=None)
            connection.execute(
                "INSERT INTO _migrations VALUES (?, ?, ?)", [number, step.__name__, now]
            )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


_MIGRATIONS_TABLE = """
CREATE TABLE IF NOT EXISTS _migrations (
    version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL
)
"""

_PROJECTS = """
CREATE TABLE projects (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL, body JSON NOT NULL, content_id VARCHAR NOT NULL,
    example_set_id VARCHAR NOT NULL, rubric_version_id VARCHAR NOT NULL,
    changed VARCHAR NOT NULL, note VARCHAR NOT NULL,
    PRIMARY KEY (project_id, version)
);
CREATE TABLE example_sets (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, example_set_id VARCHAR NOT NULL,
    version INTEGER, run_id VARCHAR, created_at TIMESTAMP NOT NULL,
    n_train INTEGER NOT NULL, n_heldout INTEGER NOT NULL,
    PRIMARY KEY (project_id, example_set_id)
);
CREATE TABLE examples (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, example_set_id VARCHAR NOT NULL,
    position INTEGER NOT NULL, example_id VARCHAR NOT NULL, split VARCHAR, body JSON NOT NULL
);
CREATE TABLE rubrics (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL,
    rubric_version_id VARCHAR NOT NULL, version INTEGER, run_id VARCHAR,
    created_at TIMESTAMP NOT NULL, body JSON NOT NULL,
    PRIMARY KEY (project_id, rubric_version_id)
);
"""

_RUNS = """
CREATE TABLE runs (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, run_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL, created_at TIMESTAMP NOT NULL, example_set_id VARCHAR NOT NULL,
    rubric_version_id VARCHAR, model_id VARCHAR, preset VARCHAR, seed BIGINT,
    folder VARCHAR NOT NULL, config JSON NOT NULL, recorded BOOLEAN NOT NULL
);
CREATE TABLE run_events (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL,
    number INTEGER NOT NULL, happened_at TIMESTAMP NOT NULL, status VARCHAR NOT NULL,
    message VARCHAR NOT NULL, fix VARCHAR NOT NULL, started_at TIMESTAMP, finished_at TIMESTAMP,
    PRIMARY KEY (run_id, number)
);
CREATE TABLE metrics (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL, step BIGINT NOT NULL, name VARCHAR NOT NULL, value DOUBLE
);
CREATE TABLE answers (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL,
    model VARCHAR NOT NULL, example_id VARCHAR NOT NULL, position INTEGER NOT NULL,
    split VARCHAR, prompt VARCHAR, reference VARCHAR, answer VARCHAR, truncated BOOLEAN,
    seconds DOUBLE, tokens BIGINT, score DOUBLE, substance DOUBLE, form DOUBLE, earned DOUBLE,
    possible DOUBLE, penalty DOUBLE, adapter_sha256 VARCHAR, criteria JSON, reasons JSON
);
CREATE TABLE reports (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL,
    number INTEGER NOT NULL, created_at TIMESTAMP NOT NULL, exploratory VARCHAR,
    body JSON NOT NULL, PRIMARY KEY (run_id, number)
);
"""

_RECORDS = """
CREATE TABLE looks (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, run_id VARCHAR,
    looked_at TIMESTAMP NOT NULL, what VARCHAR NOT NULL
);
CREATE TABLE deletions (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, run_id VARCHAR,
    name VARCHAR NOT NULL, deleted_at TIMESTAMP NOT NULL, counts JSON NOT NULL
);
"""

_DRAFTS = """
CREATE TABLE drafts (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, case_id VARCHAR NOT NULL,
    typed_at TIMESTAMP NOT NULL, body JSON NOT NULL
);
"""

_FORM_DRAFTS = """
CREATE TABLE form_drafts (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, place VARCHAR NOT NULL,
    typed_at TIMESTAMP NOT NULL, body JSON NOT NULL
);
"""

_EXAMPLE_BODIES = """
CREATE TABLE example_bodies (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, body_id VARCHAR NOT NULL,
    body JSON NOT NULL, PRIMARY KEY (project_id, body_id)
);
CREATE TABLE example_members (
    project_id VARCHAR NOT NULL, example_set_id VARCHAR NOT NULL, members VARCHAR[] NOT NULL
);
"""
_EXAMPLE_SETS_WITH_MEMBERS = """
ALTER TABLE example_sets RENAME TO sets_without_members;
CREATE TABLE example_sets (
    workspace_id VARCHAR NOT NULL, project_id VARCHAR NOT NULL, example_set_id VARCHAR NOT NULL,
    version INTEGER, run_id VARCHAR, created_at TIMESTAMP NOT NULL,
    n_train INTEGER NOT NULL, n_heldout INTEGER NOT NULL, members VARCHAR[] NOT NULL,
    PRIMARY KEY (project_id, example_set_id)
);
INSERT INTO example_sets
    SELECT s.*, m.members FROM sets_without_members s
    JOIN example_members m USING (project_id, example_set_id);
DROP TABLE sets_without_members;
DROP TABLE example_members;
DROP TABLE examples;
"""

_RESTORES = r"""
DROP VIEW latest_projects;
ALTER TABLE projects ADD COLUMN restores INTEGER;
UPDATE projects
    SET restores = try_cast(regexp_extract(note, '^version (\d+) restored$', 1) AS INTEGER);
CREATE VIEW latest_projects AS
    SELECT * FROM projects
    QUALIFY row_number() OVER (PARTITION BY project_id ORDER BY version DESC) = 1;
"""

_VIEWS = """
CREATE VIEW latest_projects AS
    SELECT * FROM projects
    QUALIFY row_number() OVER (PARTITION BY project_id ORDER BY version DESC) = 1;
CREATE VIEW latest_events AS
    SELECT * FROM run_events
    QUALIFY row_number() OVER (PARTITION BY run_id ORDER BY number DESC) = 1;
CREATE VIEW latest_reports AS
    SELECT * FROM reports
    QUALIFY row_number() OVER (PARTITION BY run_id ORDER BY number DESC) = 1;
CREATE VIEW latest_runs AS
    SELECT r.*, e.status, e.message, e.fix, e.started_at, e.finished_at,
        CASE WHEN e.status IN ('failed', 'interrupted') THEN trim(e.message || ' ' || e.fix) END
            AS error
    FROM runs r LEFT JOIN latest_events e USING (run_id);
"""
