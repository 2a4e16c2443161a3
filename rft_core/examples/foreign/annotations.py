"""Argilla and Label Studio: cases that several people may have labelled.

A row becomes a plain one: what was asked about, and one value a question. Where people differ, the
answer of more than half of them counts; without one the value is left out and noted. Every answer
stays with the row, under "answers".
"""

from collections.abc import Collection
from typing import Any

from rft_core.errors import InputError
from rft_core.examples.foreign.parts import (
    Note,
    Values,
    agreed,
    disagreement,
    listed,
)

Rewritten = tuple[dict[str, Any], list[Note]]

ANSWERS = "all answers"
_RESPONSES = ".responses"
_BOOKKEEPING = ("_server_id", "status", "inserted_at", "updated_at", "external_id")
_SINGLE = {"choices": "choices", "textarea": "text", "taxonomy": "taxonomy"}
_VALUE_KEYS = {"rating": "rating", "number": "number", "datetime": "datetime"}


def looks_like_argilla(columns: Collection[str]) -> bool:
    return any(column.endswith(_RESPONSES) for column in columns)


def argilla_row(values: Values) -> Rewritten:
    """Read a flat record: fields, and `Q.responses`, `Q.responses.status`, `Q.suggestion…`."""
    questions = [key.removesuffix(_RESPONSES) for key in values if key.endswith(_RESPONSES)]
    about = tuple(f"{name}{end}" for name in questions for end in (".responses", ".suggestion"))
    answers = {name: _argilla_answers(values, name) for name in questions}
    row = {
        key: value
        for key, value in values.items()
        if key not in _BOOKKEEPING and not key.startswith(about)
    }
    return _with_answers(row, answers)


def looks_like_label_studio(columns: Collection[str]) -> bool:
    return {"data", "annotations"} <= set(columns)


def is_label_studio_task(values: Values) -> bool:
    return isinstance(values.get("data"), dict) and isinstance(values.get("annotations"), list)


def label_studio_row(values: Values) -> Rewritten:
    """Read a task: `id, data{}, annotations[{was_cancelled, result[{from_name, type, value}]}]`."""
    data, annotations = values.get("data"), listed(values.get("annotations"))
    if not isinstance(data, dict) or not all(isinstance(one, dict) for one in annotations):
        raise InputError("The task has no data.", "Export it from Label Studio as JSON.")
    answers: dict[str, list[Any]] = {}
    for annotation in annotations:
        if not annotation.get("was_cancelled"):
            for name, value in _label_studio_values(annotation).items():
                answers.setdefault(name, []).append(value)
    row = {"id": values.get("id"), **data}
    return _with_answers({key: value for key, value in row.items() if value is not None}, answers)


def _with_answers(row: dict[str, Any], answers: dict[str, list[Any]]) -> Rewritten:
    notes = []
    several = {name: given for name, given in answers.items() if len(given) > 1}
    for name, given in answers.items():
        value = agreed(given)
        if value is not None:
            row[name if name not in row else f"{name} (answer)"] = value
        elif given:
            notes.append(disagreement(name))
    if not any(answers.values()):
        notes.append(Note("Nobody has answered this one.", "Write the expert answer yourself."))
    return (row | {ANSWERS: several} if several else row), notes


def _argilla_answers(values: Values, name: str) -> list[Any]:
    given = listed(values.get(f"{name}.responses"))
    states = listed(values.get(f"{name}.responses.status"))
    if len(states) != len(given):
        states = ["submitted"] * len(given)
    pairs = zip(given, states, strict=True)
    return [answer for answer, state in pairs if state == "submitted" and answer is not None]


def _label_studio_values(annotation: dict[str, Any]) -> dict[str, Any]:
    """Return the values of one annotation by the name of what was asked."""
    found: dict[str, Any] = {}
    results = [one for one in listed(annotation.get("result")) if isinstance(one, dict)]
    spans: dict[str, list[str]] = {}
    several: dict[str, list[Any]] = {}
    for result in results:
        name, kind, value = str(result.get("from_name")), result.get("type"), result.get("value")
        if not isinstance(value, dict):
            continue
        if kind in _SINGLE:
            several.setdefault(name, []).extend(listed(value.get(_SINGLE[kind])))
        elif kind in _VALUE_KEYS:
            found[name] = value.get(_VALUE_KEYS[kind])
        elif "text" in value and isinstance(value.get(str(kind)), list):
            spans.setdefault(name, []).append(
                f"{', '.join(map(str, value[str(kind)]))}: {value['text']}"
            )
        else:
            found[name] = [*listed(found.get(name)), value]
    return found | {name: _one_or_all(given) for name, given in several.items()} | spans


def _one_or_all(values: list[Any]) -> Any:
    plain = [" / ".join(map(str, one)) if isinstance(one, list) else one for one in values]
    return plain[0] if len(plain) == 1 else plain
