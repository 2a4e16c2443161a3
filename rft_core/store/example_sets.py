"""Example sets: contents in their order, each stored once for its project.

Saving one case of a thousand writes one content and a list of names. A set is named by its whole
content (`records.content_id`), so the same cases are the same set, whoever stores them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rft_core.records import Example, Project, canonical_json, content_id_of_json
from rft_core.store.database import Cursor
from rft_core.store.rows import Row, insert, to_json

KEPT_SETS = 8


class Contents(NamedTuple):
    """A set of examples as this process knows it."""

    examples: tuple[Example, ...]
    texts: tuple[str, ...]
    """Their canonical JSON."""


class KnownSets:
    """The sets that were read or stored last, so that the same content is the same object.

    Pages read a set several times a turn, and most of its examples are those of the set before.
    """

    def __init__(self) -> None:
        self._sets: dict[tuple[str, str], Contents] = {}

    def get(self, project_id: str, set_id: str) -> tuple[Example, ...] | None:
        """Return a known set, which then counts as used last."""
        found = self._sets.pop((project_id, set_id), None)
        if found is None:
            return None
        self._sets[project_id, set_id] = found
        return found.examples

    def put(self, project_id: str, set_id: str, contents: Contents) -> None:
        self._sets[project_id, set_id] = contents
        for key in list(self._sets)[:-KEPT_SETS]:
            self._sets.pop(key, None)

    def set_id(self, examples: Sequence[Example]) -> str:
        """Return the content id of examples in their order."""
        for (_, set_id), contents in reversed(list(self._sets.items())):
            if contents.examples is examples:
                return set_id
        return content_id_of_json(f"[{','.join(self.contents(examples).texts)}]")

    def contents(self, examples: Sequence[Example]) -> Contents:
        """Return examples as they come back from the store, with their canonical JSON."""
        known = {
            id(example): (example, text)
            for contents in list(self._sets.values())
            for example, text in zip(*contents, strict=True)
        }
        pairs = [known.get(id(example)) or _as_stored(example) for example in examples]
        return Contents(tuple(e for e, _ in pairs), tuple(text for _, text in pairs))

    def clear(self) -> None:
        """Forget all examples that this process has read."""
        self._sets.clear()
        _parsed.cache_clear()


def keep(
    cursor: Cursor, project: Project, examples: Sequence[Example], origin: Row, known: KnownSets
) -> str:
    """Store a set of examples unless the project has it already; return its id.

    `origin` says when and where it first appeared (created_at, version, run_id).
    """
    contents = known.contents(examples)
    set_id = content_id_of_json(f"[{','.join(contents.texts)}]")
    if not _is_stored(cursor, project.id, set_id):
        owner: Row = {"workspace_id": project.workspace_id, "project_id": project.id}
        members = [content_id_of_json(text) for text in contents.texts]
        _keep_bodies(cursor, owner, dict(zip(members, contents.examples, strict=True)))
        counts = {f"n_{s}": sum(e.split == s for e in examples) for s in ("train", "heldout")}
        row = owner | {"example_set_id": set_id, "members": members} | origin | counts
        insert(cursor, "example_sets", [row])
    known.put(project.id, set_id, contents)
    return set_id


def read(
    cursor: Cursor, project_id: str, set_id: str, known: KnownSets | None = None
) -> tuple[Example, ...]:
    """Return the examples of a set, in their order; `known` spares reading known ones."""
    found = known.get(project_id, set_id) if known else None
    if found is not None:
        return found
    bodies = cursor.execute(_BODIES, [project_id, set_id]).fetchall()
    pairs = [_parsed(body) for (body,) in bodies]
    contents = Contents(tuple(e for e, _ in pairs), tuple(text for _, text in pairs))
    if known:
        known.put(project_id, set_id, contents)
    return contents.examples


_BODIES = """
    SELECT b.body FROM (
        SELECT project_id, unnest(members) AS body_id, generate_subscripts(members, 1) AS position
        FROM example_sets WHERE project_id = ? AND example_set_id = ?
    ) JOIN example_bodies b USING (project_id, body_id) ORDER BY position
"""


def _keep_bodies(cursor: Cursor, owner: Row, bodies: dict[str, Example]) -> None:
    """Store the contents, by id, that the project does not have."""
    stored = cursor.execute(
        "SELECT body_id FROM example_bodies WHERE project_id = ?", [owner["project_id"]]
    ).fetchall()
    rows = [
        owner | {"body_id": body_id, "body": to_json(bodies[body_id].model_dump(mode="json"))}
        for body_id in bodies.keys() - {body_id for (body_id,) in stored}
    ]
    insert(cursor, "example_bodies", rows)


def _is_stored(cursor: Cursor, project_id: str, set_id: str) -> bool:
    found = cursor.execute(
        "SELECT 1 FROM example_sets WHERE project_id = ? AND example_set_id = ?",
        [project_id, set_id],
    ).fetchone()
    return found is not None


def _as_stored(example: Example) -> tuple[Example, str]:
    return _parsed(to_json(example.model_dump(mode="json")))


@lru_cache(maxsize=4_096)
def _parsed(body: str) -> tuple[Example, str]:
    """Return an example and its canonical JSON."""
    example = Example.model_validate_json(body)
    return example, canonical_json(example)
