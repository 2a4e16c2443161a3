"""Cases as they were typed and not saved yet, so that nothing is lost with the browser."""

import json

from rft_core.records import Example, Record
from rft_core.store import versions
from rft_core.store.database import Cursor
from rft_core.store.rows import insert, to_json, utc_now


class Draft(Record):
    """What was typed for a case."""

    case: Example
    answer: dict[str, str | tuple[str, ...]] | None = None
    """Parts of an answer that is not whole yet, by field; None for one that is a text."""
    of: str
    """Content id of the case when it was begun; "" for a new case."""


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
