"""What was typed and is not saved yet, so that nothing is lost with the browser.

Cases are kept as records. Other forms (a criterion, the answer form, pasted rows, ...) are kept as
the JSON that their page makes of them, each under the name of its place in the project.
"""

import json
from typing import Any

from rft_core.records import LOCAL_WORKSPACE, Example, Record
from rft_core.store import versions
from rft_core.store.database import Cursor
from rft_core.store.rows import insert, to_json, utc_now

NO_PROJECT = ""
"""Stands for the project where one is begun that is not saved yet."""
MAX_CHARS = 4_000_000
"""Of a form, as JSON."""


class Draft(Record):
    """What was typed for a case."""

    case: Example
    answer: dict[str, str | tuple[str, ...]] | None = None
    """Parts of an answer that is not whole yet, by field; None for one that is a text."""
    of: str
    """Content id of the case when it was begun; "" for a new case."""
    copy_of: str | None = None
    """Id of the case that a new one was begun as a copy of."""


def keep(cursor: Cursor, project_id: str, case_id: str, draft: Draft | None) -> None:
    """Keep a draft in place of the earlier one of the case; None forgets it."""
    cursor.execute("DELETE FROM drafts WHERE project_id = ? AND case_id = ?", [project_id, case_id])
    if draft is None:
        return
    row = {
        "workspace_id": versions.find(cursor, project_id)["workspace_id"],
        "project_id": project_id,
        "case_id": case_id,
        "typed_at": utc_now(),
        "body": to_json(draft.model_dump(mode="json")),
    }
    insert(cursor, "drafts", [row])


def of_project(cursor: Cursor, project_id: str) -> dict[str, Draft]:
    """Return the drafts of a project by case id ("" for a new case), oldest first."""
    rows = cursor.execute(
        "SELECT case_id, body FROM drafts WHERE project_id = ? ORDER BY typed_at", [project_id]
    ).fetchall()
    return {case_id: Draft.model_validate(json.loads(body)) for case_id, body in rows}


def keep_form(cursor: Cursor, project_id: str, place: str, typed: Any | None) -> bool:
    """Keep what a form holds, as JSON, in place of the earlier; None forgets it.

    Return whether it is kept: not if it is longer than `MAX_CHARS`. Raises StoreError for an
    unknown project.
    """
    where = [project_id, place]
    cursor.execute("DELETE FROM form_drafts WHERE project_id = ? AND place = ?", where)
    body = to_json(typed)
    if typed is None or len(body) > MAX_CHARS:
        return False
    own = {"workspace_id": LOCAL_WORKSPACE}
    row = {
        "workspace_id": (versions.find(cursor, project_id) if project_id else own)["workspace_id"],
        "project_id": project_id,
        "place": place,
        "typed_at": utc_now(),
        "body": body,
    }
    insert(cursor, "form_drafts", [row])
    return True


def forms_of_project(cursor: Cursor, project_id: str) -> dict[str, Any]:
    """Return what the forms of a project hold, by place, oldest first."""
    rows = cursor.execute(
        "SELECT place, body FROM form_drafts WHERE project_id = ? ORDER BY typed_at", [project_id]
    ).fetchall()
    return {place: json.loads(body) for place, body in rows}
