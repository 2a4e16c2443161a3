"""Who saw held-out results when, and what was changed after that.

Held-out cases are a fair test only of choices made before anyone saw how models did on them. A
rubric or an example set that first appeared after the project's first look makes the verdicts of
later runs exploratory; so does one that is not stored yet. An old content that is restored is
as old as it was.
"""

from datetime import datetime
from typing import Any

from rft_core.records import LOCAL_WORKSPACE, Example
from rft_core.store import example_sets, versions
from rft_core.store.database import Cursor
from rft_core.store.rows import insert, utc_now

_CHANGED = """
    SELECT 'examples' AS part, created_at, version, run_id FROM example_sets
    WHERE project_id = $project AND created_at > $look
    UNION ALL
    SELECT 'rubric' AS part, created_at, version, run_id FROM rubrics
    WHERE project_id = $project AND created_at > $look
    ORDER BY created_at, part
"""
_WORDS = {"examples": "the examples were changed", "rubric": "the rubric was changed"}


def record(cursor: Cursor, project_id: str, run_id: str | None, what: str) -> None:
    """Append a look at held-out results, now."""
    found = cursor.execute(
        "SELECT workspace_id FROM latest_projects WHERE project_id = $project "
        "UNION ALL SELECT workspace_id FROM runs WHERE project_id = $project LIMIT 1",
        {"project": project_id},
    ).fetchone()
    row = {
        "workspace_id": found[0] if found else LOCAL_WORKSPACE,
        "project_id": project_id,
        "run_id": run_id,
        "looked_at": utc_now(),
        "what": what,
    }
    insert(cursor, "looks", [row])


def first(cursor: Cursor, project_id: str) -> datetime | None:
    """Return when held-out results of the project were first opened; None if never."""
    found = cursor.execute(
        "SELECT min(looked_at) FROM looks WHERE project_id = ?", [project_id]
    ).fetchone()
    looked_at: datetime | None = found[0]
    return looked_at


def changes_since(cursor: Cursor, project_id: str) -> list[str]:
    """Return a sentence for each example set and rubric that is newer than the first look."""
    look = first(cursor, project_id)
    if look is None:
        return []
    rows = cursor.execute(_CHANGED, {"project": project_id, "look": look}).fetchall()
    return [
        f"{f'Version {version}' if version else f'Run {run_id}'}, {when(created_at)}: "
        f"{_WORDS[part]} after test results were first opened ({when(look)})."
        for part, created_at, version, run_id in rows
    ]


def reason(
    cursor: Cursor, project_id: str, example_set_id: str | None, rubric_version_id: str | None
) -> str | None:
    """Return why a verdict on these contents is exploratory; None if it is not."""
    look = first(cursor, project_id)
    if look is None:
        return None
    parts = [
        _WORDS[part]
        for part, table, column, content in (
            ("rubric", "rubrics", "rubric_version_id", rubric_version_id),
            ("examples", "example_sets", "example_set_id", example_set_id),
        )
        if content and not _is_older(cursor, table, column, project_id, content, look)
    ]
    if not parts:
        return None
    sentence = " and ".join(parts)
    return (
        f"{sentence[0].upper()}{sentence[1:]} after test results of this project were first "
        f"opened ({when(look)})."
    )


def corrected_cases(cursor: Cursor, project_id: str) -> tuple[str, ...]:
    """Return ids of held-out cases whose text or expert answer changed after a look at them.

    They should leave the test set: the correction may have been prompted by what models said.
    """
    latest = versions.find(cursor, project_id)
    now = {e.id: e for e in example_sets.read(cursor, project_id, latest["example_set_id"])}
    seen_sets = cursor.execute(
        "SELECT DISTINCT r.example_set_id FROM looks l JOIN runs r USING (run_id) "
        "WHERE l.project_id = ?",
        [project_id],
    ).fetchall()
    return tuple(
        sorted(
            {
                seen.id
                for (set_id,) in seen_sets
                for seen in example_sets.read(cursor, project_id, set_id)
                if seen.split == "heldout" and seen.id in now and _differ(seen, now[seen.id])
            }
        )
    )


def when(moment: datetime) -> str:
    """Return a stored time as page text, such as "3 Nov 2026, 14:05 UTC"."""
    return f"{moment:%-d %b %Y, %H:%M} UTC"


def _differ(one: Example, other: Example) -> bool:
    def judged(example: Example) -> tuple[Any, ...]:
        return example.prompt, example.reference, example.fields, example.criteria

    return judged(one) != judged(other)


def _is_older(
    cursor: Cursor, table: str, column: str, project_id: str, content: str, look: datetime
) -> bool:
    found = cursor.execute(
        f"SELECT 1 FROM {table} WHERE project_id = ? AND {column} = ? AND created_at <= ?",
        [project_id, content, look],
    ).fetchone()
    return found is not None
