"""What differs between two versions of a project, part by part, for people to read."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.checks import build
from rft_core.differences import differences
from rft_core.errors import InputError
from rft_core.examples.answer_form import offered, rewritten
from rft_core.records import (
    AnswerPart,
    CheckSpec,
    Criterion,
    Example,
    Project,
    Record,
    Rubric,
    content_id,
)
from rft_core.rubric.form_changes import (
    choice_changes,
    criteria_called,
    examples_called,
    form_called,
    parts_gone,
)
from rft_core.rubric.from_form import follow_form, follow_form_in_cases

Contents = tuple[Project, Sequence[Example], Rubric]
Item = Example | Criterion
MOST_NAMED = 5
"""Cases with another name that are listed."""
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
    """Return all differences: settings, cases in their order, criteria in their order.

    What follows by itself from a changed answer form is one sentence, and so are cases that are
    the same under another name.
    """
    return [
        *_of_record("Settings", before[0], after[0], SETTINGS),
        *_of_cases(before, after),
        *_of_criteria(before, after),
        *_of_record(
            "Rubric",
            _alone(before[2]),
            _alone(after[2]),
            {"name": "Name", "scoring": "How points are counted"},
        ),
    ]


def _alone(rubric: Rubric) -> Rubric:
    return rubric.with_changes(criteria=())


def _of_cases(before: Contents, after: Contents) -> Iterator[Change]:
    found = differences(before[1], after[1])
    renamed = _renamed(found.removed, found.added)
    yield from _gone(e for e in found.removed if e.id not in renamed)
    form, new_form = before[0].answer, after[0].answer
    followed = 0
    for old, new in found.changed:
        in_form = _in_form(old, form, new_form) if form != new_form else old
        follows = in_form != old and in_form.reference == new.reference
        followed += follows
        if follows:
            old = _without_gone(in_form, new, form, new_form)
        yield from _of_record(_where(new), old, new, OF_CASE)
    yield from _new(e for e in found.added if e.id not in renamed.values())
    if renamed:
        yield Change("Cases", "Name", "", _renamed_text(renamed))
    if followed:
        answers = "1 expert answer was" if followed == 1 else f"{followed} expert answers were"
        text = f"{answers} written anew in the changed answer form."
        yield Change("Cases", "Expert answer", "", text)
    if found.moved:
        yield _order("Case order", before[1], after[1])


def _in_form(case: Example, form: Sequence[AnswerPart], new_form: Sequence[AnswerPart]) -> Example:
    """Return a case as a changed answer form makes it by itself, renamed choices as well."""
    renamed, _ = choice_changes(form, new_form)
    called, between = examples_called([case], form, renamed), form_called(form, renamed)
    return follow_form_in_cases(rewritten(called, between, new_form), between, new_form)[0]


def _without_gone(
    case: Example, new: Example, form: Sequence[AnswerPart], new_form: Sequence[AnswerPart]
) -> Example:
    """Return a case without the values of parts that are gone which the new one lacks."""
    gone = {part.field for part in parts_gone(form, new_form)} - new.fields.keys()
    return case.with_changes(fields={n: v for n, v in case.fields.items() if n not in gone})


def _of_criteria(before: Contents, after: Contents) -> Iterator[Change]:
    criteria, new_criteria = before[2].criteria, after[2].criteria
    found = differences(criteria, new_criteria)
    form, new_form = before[0].answer, after[0].answer
    renamed, _ = choice_changes(form, new_form)
    called = before[2].with_changes(criteria=criteria_called(criteria, form, renamed))
    between = form_called(form, renamed)
    as_form = {c.id: c for c in follow_form(called, between, new_form).criteria}
    yield from _gone(found.removed)
    followed = 0
    for old, new in found.changed:
        in_form = as_form[new.id] if form != new_form else old
        follows = in_form != old and in_form.check == new.check
        followed += follows
        yield from _of_record(_where(new), in_form if follows else old, new, OF_CRITERION)
    yield from _new(found.added)
    if followed:
        follow = "1 criterion follows" if followed == 1 else f"{followed} criteria follow"
        text = f"{follow} the changed answer form."
        yield Change("Criteria", "Rule and how it is checked", "", text)
    if found.moved:
        yield _order("Criterion order", criteria, new_criteria)


def _gone(records: Iterable[Item]) -> Iterator[Change]:
    return (Change(_where(record), "Deleted", _summary(record), "") for record in records)


def _new(records: Iterable[Item]) -> Iterator[Change]:
    return (Change(_where(record), "Added", "", _summary(record)) for record in records)


def _order(where: str, before: Sequence[Item], after: Sequence[Item]) -> Change:
    old, new = [record.id for record in before], [record.id for record in after]
    stayed, moved = ([i for i in ids if i in old and i in new] for ids in (old, new))
    return Change(where, "Order", ", ".join(stayed), ", ".join(moved))


def _renamed(removed: Sequence[Example], added: Sequence[Example]) -> dict[str, str]:
    """Return new ids by old ids of cases that are the same but for their id."""
    left = {_nameless(example): example.id for example in reversed(added)}
    found = ((e.id, left.pop(_nameless(e), None)) for e in removed)
    return {old: new for old, new in found if new is not None}


def _nameless(example: Example) -> str:
    return content_id(example.model_copy(update={"id": ""}))


def _renamed_text(renamed: Mapping[str, str]) -> str:
    pairs = [f"{old} → {new}" for old, new in renamed.items()]
    listed = ", ".join(pairs[:MOST_NAMED]) + (", …" if len(pairs) > MOST_NAMED else "")
    have = "1 case has another name" if len(pairs) == 1 else f"{len(pairs)} cases have other names"
    return f"{have}: {listed}"


def _of_record(
    where: str, before: Record, after: Record, parts: Mapping[str, str]
) -> Iterator[Change]:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    for key in dict.fromkeys((*parts, *old, *new)):
        if old.get(key) != new.get(key):
            what = parts.get(key, key.replace("_", " ").capitalize())
            yield Change(where, what, _text(key, old.get(key)), _text(key, new.get(key)))


def _where(record: Item) -> str:
    if isinstance(record, Example):
        return f"Case {record.id}"
    return f"Criterion: {record.text}"


def _summary(record: Item) -> str:
    if isinstance(record, Example):
        return f"{record.case_text}\n\n{record.reference or ''}".strip()
    return f"{record.points:+g}  {record.text}"


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
    listed = f": {', '.join(offered(part).values())}" if offered(part) else ""
    return f"{part.label} ({part.kind.replace('_', ' ')}){listed}"


def _item(item: Any) -> str:
    """Return a message as "user: …", another object on one line."""
    if isinstance(item, Mapping) and {"role", "content"} <= item.keys():
        return f"{item['role']}: {item['content']}"
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
