"""What differs between two versions of a project, part by part, for people to read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.checks import build
from rft_core.errors import InputError
from rft_core.examples.answer_form import choices
from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Project, Record, Rubric

Contents = tuple[Project, Sequence[Example], Rubric]
SETTINGS = {
    "name": "Name",
    "case_noun": "What a case is called",
    "instruction": "Instruction",
    "answer": "Answer form",
    "answer_style": "How the model answers",
    "purpose": "What it is for",
    "not_for": "What it is not for",
    "frequencies": "Frequencies in use",
    "review": "Rules for own review",
}
OF_CASE = {
    "prompt": "Case",
    "reference": "Expert answer",
    "fields": "Expected values",
    "tags": "Tags",
    "split": "Used for",
    "cluster": "Group",
    "source": "Source",
    "note": "Note",
    "criteria": "Criteria of its own",
}
OF_CRITERION = {
    "text": "Rule",
    "points": "Points",
    "aspect": "Is about",
    "check": "How it is checked",
    "applies_to": "Looks at",
    "enabled": "Switched on",
    "tags": "Only for cases tagged",
}
SIDES = {"train": "Training", "heldout": "Test", None: "Not decided"}


class Change(NamedTuple):
    """One part that differs."""

    where: str
    """"Settings", "Case fin-001" or "Criterion: Makes the right decision"."""
    what: str
    """The part, or "Added", "Deleted" or "Order"."""
    old: str
    new: str


def changes(before: Contents, after: Contents) -> list[Change]:
    """Return all differences: settings, cases in their order, criteria in their order."""
    project, examples, rubric = before
    new_project, new_examples, new_rubric = after
    return [
        *_of_record("Settings", project, new_project, SETTINGS),
        *_of_list("Case", _cases(examples), _cases(new_examples), OF_CASE),
        *_of_list("Criterion", _criteria(rubric), _criteria(new_rubric), OF_CRITERION),
        *_of_record(
            "Rubric",
            _alone(rubric),
            _alone(new_rubric),
            {"name": "Name", "scoring": "How points are counted"},
        ),
    ]


def _cases(examples: Sequence[Example]) -> dict[str, Record]:
    return {example.id: example for example in examples}


def _criteria(rubric: Rubric) -> dict[str, Record]:
    return {criterion.id: criterion for criterion in rubric.criteria}


def _alone(rubric: Rubric) -> Rubric:
    return rubric.with_changes(criteria=())


def _of_list(
    kind: str, before: Mapping[str, Record], after: Mapping[str, Record], parts: Mapping[str, str]
) -> Iterator[Change]:
    for name, record in before.items():
        if name not in after:
            yield Change(_where(kind, record), "Deleted", _summary(record), "")
    for name, record in after.items():
        if name not in before:
            yield Change(_where(kind, record), "Added", "", _summary(record))
        else:
            yield from _of_record(_where(kind, record), before[name], record, parts)
    stayed = [name for name in before if name in after]
    moved = [name for name in after if name in before]
    if stayed != moved:
        yield Change(f"{kind} order", "Order", ", ".join(stayed), ", ".join(moved))


def _of_record(
    where: str, before: Record, after: Record, parts: Mapping[str, str]
) -> Iterator[Change]:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    for key in dict.fromkeys((*parts, *old, *new)):
        if old.get(key) != new.get(key):
            what = parts.get(key, key.replace("_", " ").capitalize())
            yield Change(where, what, _text(key, old.get(key)), _text(key, new.get(key)))


def _where(kind: str, record: Record) -> str:
    return f"{kind}: {record.text}" if isinstance(record, Criterion) else f"{kind} {_id(record)}"


def _id(record: Record) -> str:
    return str(getattr(record, "id", ""))


def _summary(record: Record) -> str:
    if isinstance(record, Example):
        return f"{record.case_text}\n\n{record.reference or ''}".strip()
    return f"{record.points:+g}  {record.text}" if isinstance(record, Criterion) else _id(record)


def _text(key: str, value: Any) -> str:
    """Return a value as lines that a person reads."""
    if key == "split":
        return SIDES.get(value, str(value))
    if key == "check" and isinstance(value, Mapping):
        return _described(value)
    if key == "criteria":
        return "\n".join(_criterion(Criterion.model_validate(one)) for one in value or [])
    if key == "review":
        return "\n".join(str(rule["text"]) for rule in value or [])
    if key == "answer":
        return "\n".join(_part(AnswerPart.model_validate(part)) for part in value or [])
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_text('', item)}" for name, item in value.items())
    if isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return ", ".join(value)
        return "\n".join(_item(item) for item in value)
    return value if isinstance(value, str) else f"{value:g}" if _is_number(value) else str(value)


def _criterion(criterion: Criterion) -> str:
    off = "" if criterion.enabled else " (switched off)"
    return f"{_summary(criterion)}{off}: {_described(criterion.check.model_dump())}"


def _described(check: Mapping[str, Any]) -> str:
    try:
        return build(CheckSpec.model_validate(check)).describe()
    except InputError as error:
        return error.message


def _part(part: AnswerPart) -> str:
    listed = f": {', '.join(choices(part))}" if choices(part) else ""
    return f"{part.label} ({part.kind.replace('_', ' ')}){listed}"


def _item(item: Any) -> str:
    """Return a message as "user: …", another object on one line."""
    if isinstance(item, Mapping) and {"role", "content"} <= item.keys():
        return f"{item['role']}: {item['content']}"
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
