"""What the readers of other tools' rows share."""

import ast
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.errors import InputError
from rft_core.examples.cells import clean
from rft_core.examples.jsontext import dump_json, load_json
from rft_core.models import endpoint
from rft_core.records import Example, content_id
from rft_core.rubric.rule_words import from_fault

Values = Mapping[str, Any]
MAX_LITERAL_CHARS = 100_000


class Note(NamedTuple):
    """Something about a row that was taken with a change."""

    message: str
    fix: str


def for_an_ai_grader() -> Note:
    """Say what becomes of rules of a case that only an AI grader can decide."""
    message = "The case has rules of its own, which only an AI grader can decide."
    if endpoint.obstacle():
        return Note(
            message,
            "They are kept with the case. It gets no points until an AI grader is set up, or these "
            "rules get another check.",
        )
    return Note(message, "They are kept with the case; it is asked in a run.")


def own_row(values: Values, used: Collection[str], **parts: Any) -> dict[str, Any]:
    """Return an example's parts with all other keys of the row kept beside them."""
    kept = {
        f"{key}_in_file" if key in Example.model_fields else key: value
        for key, value in values.items()
        if key not in used and value is not None
    }
    given = {key: value for key, value in parts.items() if value is not None}
    return kept | {"prompt": "", "fields": {}} | given


def text_of(values: Values, key: str) -> str | None:
    """Return a text (numbers are written out), None where it is missing or blank."""
    value = values.get(key)
    if value is None:
        return None
    text = value if isinstance(value, str) else dump_json(value)
    return text if clean(text) else None


def listed(value: Any) -> list[Any]:
    """Return a list that a cell may hold as text: JSON, or as Python writes it; None: empty."""
    if value is None or (isinstance(value, str) and not clean(value)):
        return []
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _literal(value)
    return list(value) if isinstance(value, (list, tuple)) else [value]


def objects(value: Any, name: str) -> list[dict[str, Any]]:
    """Return a list of objects. Raises InputError, naming the key, for anything else."""
    found = listed(value)
    if not found or not all(isinstance(item, dict) for item in found):
        raise InputError(
            f'"{name}" is not a list of criteria.', "Export the file again, or remove the row."
        )
    return found


def judged(
    text: str, points: Any, aspect: str, given_id: Any = None, **kept: Any
) -> dict[str, Any]:
    """Return a criterion that only an AI grader can decide; further keys are kept with it.

    Raises InputError for a criterion without a text or without points.
    """
    if not clean(text):
        raise InputError("A criterion has no text.", "Write it, or remove it from the file.")
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not points:
        raise InputError(
            f'The criterion "{text[:60]}" has no points.', "Give it points other than 0."
        )
    return {
        "id": str(given_id or content_id(text, [points])),
        "text": from_fault(text, points),
        "points": float(points),
        "aspect": aspect,
        "check": {"kind": "judge", "question": text},
        **{key: value for key, value in kept.items() if value is not None},
    }


def distinct_ids(criteria: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the criteria with a number behind an id that an earlier one has."""
    seen: Counter[str] = Counter()
    result = []
    for criterion in criteria:
        seen[criterion["id"]] += 1
        count = seen[criterion["id"]]
        name = criterion["id"] if count == 1 else f"{criterion['id']}-{count}"
        result.append(criterion | {"id": name})
    return result


def agreed(answers: Sequence[Any]) -> Any:
    """Return what more than half of the answers say, None if there is no such answer."""
    plain = [dump_json(answer) for answer in answers]
    if not plain:
        return None
    commonest, count = Counter(plain).most_common(1)[0]
    return answers[plain.index(commonest)] if 2 * count > len(plain) else None


def disagreement(name: str) -> Note:
    return Note(
        f'People gave different answers to "{name}", none of them more often than not.',
        "The value was left out. Decide it yourself after the import.",
    )


def _literal(text: str) -> Any:
    try:
        return load_json(text)
    except ValueError:
        pass
    try:
        return ast.literal_eval(text) if len(text) <= MAX_LITERAL_CHARS else text
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
