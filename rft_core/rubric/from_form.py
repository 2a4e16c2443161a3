"""A first rubric from the answer form alone, before there is any case."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rft_core.checks.wording import count_words
from rft_core.examples.answer_form import choices
from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.ids import free_id, slug

MAIN_POINTS = 5
"""Of the last choice, ranked list or number, which the parts before lead up to; others have 1."""
NAME_WORDS = 2
"""Words of an expected value up to which it is a name, right or wrong as a whole."""
CLOSE = "rouge_1"
"""How a short text is compared: by its words, superfluous and missing ones costing alike."""
MAIN_KINDS = ("choice", "ranked", "number")


def rubric_of_form(
    parts: Sequence[AnswerPart], examples: Sequence[Example] = ()
) -> tuple[Criterion, ...]:
    """Return a criterion for each part that can be checked, and one for the layout.

    A short text is compared by the words that it shares with the expert's; letter by letter only
    where it is a word or two in all the examples. Empty for a form of free text and reasoning:
    nothing that those say can be looked up.
    """
    main = main_part(parts)
    found: list[Criterion] = []

    def add(text: str, points: float, check: CheckSpec, is_form: bool = False) -> None:
        own = free_id({c.id for c in found}, slug(text))
        found.append(
            Criterion(id=own, text=text, points=points, check=check,
                      aspect="form" if is_form else "substance")
        )  # fmt: skip

    for part in sorted(parts, key=lambda part: part is not main):
        check = _check(part, are_names([e.fields.get(part.field) for e in examples]))
        if check is not None:
            points = MAIN_POINTS if part is main else 1
            is_close = check.kind == "overlap"
            text = close_to(_called(part)) if is_close else _rule(part)
            add(text, points, check, is_form=part.kind == "reasoning")
    if not any(criterion.aspect == "substance" for criterion in found):
        return ()
    if main is not None and main.kind == "choice":
        both = _spec("several_labels", labels=list(choices(main)), line=main.label)
        add(_several(main), -1, both)
    pattern = _layout(parts)
    add("Keeps the layout", 1, _spec("pattern", pattern=pattern, whole=True), is_form=True)
    return tuple(found)


def is_of_form(
    criteria: Sequence[Criterion], parts: Sequence[AnswerPart], examples: Sequence[Example]
) -> bool:
    """Say whether criteria are those of a form, made before there were examples or since.

    Those made before the first number of a line counted are as well.
    """
    read_now = tuple(map(_reading_first, criteria))
    return read_now in (rubric_of_form(parts), rubric_of_form(parts, examples))


def _reading_first(criterion: Criterion) -> Criterion:
    check = criterion.check
    if check.kind != "number" or "which" in check.parameters:
        return criterion
    return criterion.with_changes(check=check.model_copy(update={"which": "first"}))


def are_names(values: Iterable[object]) -> bool:
    """Say whether expected values are texts of a word or two, such as a country or a drug."""
    texts = [value for value in values if isinstance(value, str) and value.strip()]
    return bool(texts) and all(count_words(text) <= NAME_WORDS for text in texts)


def close_to(name: str) -> str:
    """Return the rule that a part is to be worded as the expert words it."""
    return f"Gives {name} in words close to the expert's"


def main_part(parts: Sequence[AnswerPart]) -> AnswerPart | None:
    """Return the decision of a form: its last choice or ranked list, else its last number."""
    last = [part for part in reversed(parts) if part.kind in MAIN_KINDS]
    return next((part for part in last if part.kind != "number"), last[0] if last else None)


def follow_form(rubric: Rubric, old: Sequence[AnswerPart], new: Sequence[AnswerPart]) -> Rubric:
    """Return the rubric with what it says of a changed form put right: lines, choices, the layout.

    Parts are the same where their field is. Criteria of parts that are gone stay as they are.
    """
    return rubric.with_changes(criteria=_all_followed(rubric.criteria, old, new))


def follow_form_in_cases(
    examples: Iterable[Example], old: Sequence[AnswerPart], new: Sequence[AnswerPart]
) -> tuple[Example, ...]:
    """Return the examples, their own criteria put right as those of the rubric are."""
    return tuple(
        e.with_changes(criteria=_all_followed(e.criteria, old, new)) if e.criteria else e
        for e in examples
    )


def _all_followed(
    criteria: Iterable[Criterion], old: Sequence[AnswerPart], new: Sequence[AnswerPart]
) -> tuple[Criterion, ...]:
    before = {part.field: part for part in old}
    pairs = [(before[part.field], part) for part in new if part.field in before]
    layouts = _layout(old), _layout(new)
    return tuple(_followed(criterion, pairs, layouts) for criterion in criteria)


def _followed(
    criterion: Criterion,
    pairs: Sequence[tuple[AnswerPart, AnswerPart]],
    layouts: tuple[str, str],
) -> Criterion:
    check, text = criterion.check.model_dump(mode="json"), criterion.text
    pattern = check.get("pattern")
    if isinstance(pattern, str):
        renamed = {re.escape(was.label): re.escape(now.label) for was, now in pairs}
        check["pattern"] = layouts[1] if pattern == layouts[0] else _renamed(pattern, renamed)
    was, now = next(
        ((a, b) for a, b in pairs if check.get("line") == a.label or check.get("field") == a.field),
        (None, None),
    )
    if was is None or now is None:
        return criterion.with_changes(check=check)
    if check.get("line") == was.label:
        check["line"] = now.label
    for key, before, after in (
        ("labels", choices(was), choices(now)),
        ("known", was.options, now.options),
        ("alone", was.alone, now.alone),
    ):
        if check.get(key) == list(before):
            check[key] = list(after)
    for said in (_rule, _several, lambda part: close_to(_called(part))):
        if criterion.text == said(was):
            text = said(now)
    return criterion.with_changes(check=check, text=text)


def _renamed(pattern: str, names: Mapping[str, str]) -> str:
    """Return a pattern with the names of lines exchanged, all at once, where a line begins."""
    lines = r"(\A|\n|\\n)"
    every = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    if not every:
        return pattern
    return re.sub(f"{lines}({every}):", lambda m: f"{m[1]}{names[m[2]]}:", pattern)


def _called(part: AnswerPart) -> str:
    """Return a part's name as rules speak of it; its label may be any words."""
    return f"“{part.label}”"


def _several(part: AnswerPart) -> str:
    return f"Gives more than one {_called(part)}"


def _layout(parts: Sequence[AnswerPart]) -> str:
    """Return the pattern of an answer in the form."""
    several = {"free_text": r"[\s\S]+"}
    lines = [part for part in parts if part.kind != "reasoning"]
    return "\n".join(f"{re.escape(p.label)}: {several.get(p.kind, '.+')}" for p in lines)


def _spec(kind: str, **parameters: Any) -> CheckSpec:
    return CheckSpec(kind=kind, **parameters)


def _rule(part: AnswerPart) -> str:
    """Return the rule of a part."""
    name = _called(part)
    return {
        "quote": f"Quotes the words that decide as {name}",
        "ranked": f"Puts the right one first in {name}",
        "reasoning": f"Gives {name} before the answer",
    }.get(part.kind, f"Gives the right {name}")


def _check(part: AnswerPart, is_name: bool) -> CheckSpec | None:
    at = {"field": part.field, "line": part.label}
    match part.kind:
        case "choice":
            return _spec("label", labels=list(choices(part)), **at)
        case "quote":
            return _spec("quote", min_words=1, **at)
        case "ranked":
            return _spec("ranked", known=list(part.options), alone=list(part.alone), **at)
        case "number":
            return _spec("number", which="first", **at)
        case "text":
            return (
                _spec("contains_all", field=part.field)
                if is_name
                else _spec("overlap", metric=CLOSE, **at)
            )
        case "reasoning":
            return _spec("reasoned")
        case _:
            return None
