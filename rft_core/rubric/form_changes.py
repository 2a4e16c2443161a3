"""What a changed answer form does to what was written in the one before.

A choice that is renamed is renamed in answers, expected values and criteria; with a part that is
gone go its expected values and, if the expert wants it, the criteria about it.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.checks import build
from rft_core.checks.wording import plain_text
from rft_core.errors import InputError
from rft_core.examples.answer_form import offered, read_answer, write_answer
from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.ingredients import named_in_formulas

NAMES = ("kind", "field", "line")
"""Of a check: what is no choice, whatever it is called."""


class Renamed(NamedTuple):
    """A choice that is called otherwise from now on."""

    field: str
    """Of the part that offers it."""
    was: str
    now: str


class Gone(NamedTuple):
    """A choice that is offered no longer and has no new name."""

    field: str
    choice: str


def choice_changes(
    old: Sequence[AnswerPart], new: Sequence[AnswerPart]
) -> tuple[tuple[Renamed, ...], tuple[Gone, ...]]:
    """Return the choices with another name, and those that are gone.

    It is another name where one choice went and one came, or one stands in the place of another
    in a list that is as long as before.
    """
    before = {part.field: part for part in old if offered(part)}
    renamed: list[Renamed] = []
    gone: list[Gone] = []
    for part in new:
        was = before.get(part.field)
        if was is None or bool(part.options) != bool(was.options):
            continue
        then, now = offered(was).values(), offered(part).values()
        lost = [choice for choice in then if choice not in now]
        came = [choice for choice in part.options if choice not in then]
        pairs = dict(_pairs(was.options, part.options, lost, came))
        renamed += [Renamed(part.field, one, other) for one, other in pairs.items()]
        gone += [Gone(part.field, choice) for choice in lost if choice not in pairs]
    return tuple(renamed), tuple(gone)


def _pairs(
    before: Sequence[str], after: Sequence[str], lost: Sequence[str], came: Sequence[str]
) -> Iterable[tuple[str, str]]:
    own = [choice for choice in lost if choice in before]
    if len(own) == len(came) == 1:
        return [(own[0], came[0])]
    if len(before) != len(after):
        return []
    pairs = zip(before, after, strict=True)
    return [(one, other) for one, other in pairs if one in lost and other in came]


def having(
    examples: Iterable[Example], form: Sequence[AnswerPart], field: str, choice: str
) -> list[Example]:
    """Return the examples with this choice in their answer or as their expected value."""
    return [
        e
        for e in examples
        if _has(e.fields.get(field), choice)
        or _has((read_answer(form, e.reference) or {}).get(field), choice)
    ]


def _has(value: object, choice: str) -> bool:
    values = value if isinstance(value, list | tuple) else (value,)
    return any(isinstance(one, str) and plain_text(one) == plain_text(choice) for one in values)


def form_called(form: Sequence[AnswerPart], renamed: Sequence[Renamed]) -> tuple[AnswerPart, ...]:
    """Return the form with choices under their new names."""
    return tuple(
        part.with_changes(options=[_called(o, of) for o in part.options])
        if (of := [one for one in renamed if one.field == part.field])
        else part
        for part in form
    )


def examples_called(
    examples: Iterable[Example], form: Sequence[AnswerPart], renamed: Sequence[Renamed]
) -> tuple[Example, ...]:
    """Return the examples with choices under their new names: answers, values, own criteria.

    `form` is the one that the answers are in.
    """
    if not renamed:
        return tuple(examples)
    return tuple(
        e.with_changes(
            fields=_fields_called(e.fields, renamed),
            reference=_answer_called(e.reference, form, renamed),
            criteria=e.criteria and criteria_called(e.criteria, form, renamed),
        )
        for e in examples
    )


def _fields_called(fields: dict[str, Any], renamed: Sequence[Renamed]) -> dict[str, Any]:
    """Return values by field with choices under their new names."""
    return {
        name: _called(value, [one for one in renamed if one.field == name])
        for name, value in fields.items()
    }


def _called(value: Any, renamed: Sequence[Renamed]) -> Any:
    """Return a value, or a list or table of such, with choices under their new names."""
    if isinstance(value, dict):
        return {_called(key, renamed): _called(item, renamed) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_called(item, renamed) for item in value)
    if not isinstance(value, str):
        return value
    return next((o.now for o in renamed if plain_text(o.was) == plain_text(value)), value)


def _answer_called(
    answer: str | None, form: Sequence[AnswerPart], renamed: Sequence[Renamed]
) -> str | None:
    """Return an answer with new names; of one in another layout, in lines that say a choice."""
    values = read_answer(form, answer)
    if answer and values:
        try:
            return write_answer(form, _fields_called(values, renamed))
        except InputError:
            return answer
    for part in form if answer else ():
        of = [one for one in renamed if one.field == part.field]
        line = rf"(?m)^({re.escape(part.label)}: *)(.+?)( *)$"
        if of and answer:
            found = re.split(line, answer)
            found[2::4] = [_called(said, of) for said in found[2::4]]
            answer = "".join(found)
    return answer


def criteria_called(
    criteria: Iterable[Criterion], form: Sequence[AnswerPart], renamed: Sequence[Renamed]
) -> tuple[Criterion, ...]:
    """Return criteria with choices under their new names.

    Of those that look at the part; of a pattern, where a line of the part has them in brackets.
    """
    labels = {part.field: part.label for part in form}
    found = []
    for criterion in criteria:
        check, text = criterion.check.model_dump(mode="json"), criterion.text
        if isinstance(check.get("pattern"), str):
            pattern = _pattern_called(check["pattern"], labels, renamed)
            criterion = criterion.with_changes(check=CheckSpec(**check | {"pattern": pattern}))
            check["pattern"] = pattern
        of = [
            o
            for o in renamed
            if check.get("field") == o.field or check.get("line") == labels.get(o.field, "")
        ]
        for one in of:
            text = text.replace(f"“{one.was}”", f"“{one.now}”")
            text = text.replace(f'"{one.was}"', f'"{one.now}"')
        if of:
            spec = {n: v if n in NAMES else _called(v, of) for n, v in check.items()}
            criterion = criterion.with_changes(check=CheckSpec(**spec), text=text)
        found.append(criterion)
    return tuple(found)


def _pattern_called(pattern: str, labels: Mapping[str, str], renamed: Iterable[Renamed]) -> str:
    """Return a pattern with new names among the choices in brackets after the part's label."""
    for one in renamed:
        label, was = (_as_written(name) for name in (labels.get(one.field, ""), one.was))
        choice = re.compile(rf"((?:{label}): \([^()]*(?<=[(|]))(?:{was})(?=[|)])")
        now = re.escape(one.now).replace("\\", r"\\")
        pattern = choice.sub(rf"\g<1>{now}", pattern)
    return pattern


def _as_written(name: str) -> str:
    """Return a pattern that finds a name in a pattern, with and without its signs escaped."""
    return f"{re.escape(name)}|{re.escape(re.escape(name))}"


def parts_gone(old: Sequence[AnswerPart], new: Sequence[AnswerPart]) -> tuple[AnswerPart, ...]:
    """Return the parts that the new form lacks."""
    kept = {part.field for part in new}
    return tuple(part for part in old if part.field not in kept)


def about(criteria: Sequence[Criterion], part: AnswerPart) -> list[Criterion]:
    """Return the criteria that look at a part and at no more; not those that formulas name."""
    named = named_in_formulas(criteria)
    return [c for c in criteria if c.id not in named and _is_about(c, part)]


def _is_about(criterion: Criterion, part: AnswerPart) -> bool:
    check = criterion.check.model_dump(mode="json")
    line = check.get("line")
    return bool(line == part.label if line else check.get("field") == part.field)


def without_criteria_about(
    criteria: Sequence[Criterion], parts: Iterable[AnswerPart]
) -> tuple[Criterion, ...]:
    """Return the criteria without those about parts that are gone."""
    ids = {criterion.id for part in parts for criterion in about(criteria, part)}
    return tuple(criterion for criterion in criteria if criterion.id not in ids)


def without_values(
    examples: Sequence[Example], rubric: Rubric, parts: Iterable[AnswerPart]
) -> tuple[Example, ...]:
    """Return the examples without the values of parts that are gone, if no criterion reads them."""
    fields = {part.field for part in parts} - read_by(rubric.criteria)
    if not fields:
        return tuple(examples)
    return tuple(
        _lacking(example, fields - read_by(example.criteria or ())) for example in examples
    )


def _lacking(example: Example, fields: Collection[str]) -> Example:
    kept = {name: value for name, value in example.fields.items() if name not in fields}
    return example if len(kept) == len(example.fields) else example.with_changes(fields=kept)


def read_by(criteria: Iterable[Criterion]) -> set[str]:
    """Return the expected values that criteria read, also those that are switched off."""
    found: set[str] = set()
    for criterion in criteria:
        try:
            found.add(build(criterion.check).reads or "")
        except InputError:
            found.add(str(criterion.check.model_dump().get("field")))
    return found
