"""Whether the labels can be learned and tested: seen on both sides, often enough, in balance."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rft_core.checks.number import NO_NUMBER
from rft_core.examples.quality.finding import (
    Finding,
    are_labels,
    called,
    finding,
    holders,
    label,
    named,
    on,
    quoted,
)
from rft_core.records import AnswerPart, Example

MOST_OF_ONE = 0.8
"""Share of one label above which always saying it looks like success."""
FEWEST_TAUGHT = 3
"""Training examples of a label below which it is hardly learned."""


def labels(
    examples: Sequence[Example], names: Sequence[str], form: Sequence[AnswerPart] = ()
) -> Iterable[Finding]:
    """Look at each of these fields whose values are labels; `form` says what they are called.

    Of a number it is not asked whether each value was taught: one number is no label.
    """
    numbers = {part.field for part in form if part.kind == "number"}
    for name in names:
        having = holders(examples, name)
        values = [e.fields[name] for e in having]
        if len(having) > 1 and len(set(map(repr, values))) == 1:
            yield _always_the_same(name, values[0], having, form)
        elif values and are_labels(values):
            told = [e for e in having if name not in numbers or e.fields[name] in NO_NUMBER]
            yield from _unseen_labels(name, told, form)
            yield from _too_common(name, having, form)
            yield from _hardly_taught(name, told, form)


def _always_the_same(
    name: str, value: Any, having: list[Example], form: Sequence[AnswerPart]
) -> Finding:
    return finding(
        "warn",
        "single_label",
        having,
        f'{called(name, form)} is "{named([str(value)])}" in every case: always saying so would be '
        "right.",
        "Add cases with other values, or leave this value out of the rubric.",
    )


def _unseen_labels(
    name: str, having: list[Example], form: Sequence[AnswerPart]
) -> Iterable[Finding]:
    """Name the values that stand on one side of the split only."""
    unseen = _only_on("heldout", "train", name, having)
    if unseen:
        yield finding(
            "warn",
            "unseen_label",
            unseen,
            f"Only test cases have {_values(name, unseen, form)}. The model has no case to learn "
            f"{_them(name, unseen)} from.",
            f"Move a case with {_each(name, unseen)} to the training cases.",
        )
    untested = _only_on("train", "heldout", name, having)
    if untested:
        yield finding(
            "warn",
            "untested_label",
            untested,
            f"No test case has {_values(name, untested, form)}. How well the model does there will "
            "not be seen.",
            f"Move a case with {_each(name, untested)} to the test cases.",
        )


def _too_common(name: str, having: list[Example], form: Sequence[AnswerPart]) -> Iterable[Finding]:
    """Say where one value is so common that always saying it would be right nearly always."""
    by_label = Counter(label(e.fields[name]) for e in having)
    commonest, count = by_label.most_common(1)[0]
    if count > MOST_OF_ONE * len(having):
        rest = [e for e in having if label(e.fields[name]) != commonest]
        value = next(e.fields[name] for e in having if label(e.fields[name]) == commonest)
        yield finding(
            "warn",
            "label_too_common",
            rest,
            f'{called(name, form)} is "{named([str(value)])}" in {count} of {len(having)} cases: '
            "always saying so would look like success.",
            "Add cases with other values; these are the ones that have them now.",
        )


def _hardly_taught(
    name: str, having: list[Example], form: Sequence[AnswerPart]
) -> Iterable[Finding]:
    """Name the values with too few train examples to learn them from."""
    train = on(having, "train")
    taught = Counter(label(e.fields[name]) for e in train)
    rare = [e for e in train if taught[label(e.fields[name])] < FEWEST_TAUGHT]
    if rare:
        yield finding(
            "warn",
            "label_hardly_taught",
            rare,
            f"Fewer than {FEWEST_TAUGHT} training cases have {_values(name, rare, form)}. From so "
            f"few the model hardly learns {_them(name, rare)}.",
            f"Add training cases with {_each(name, rare)}.",
        )


def _only_on(split: str, other: str, name: str, having: list[Example]) -> list[Example]:
    """Return the examples of a split with a value that the other lacks; none if that is empty."""
    there = {label(e.fields[name]) for e in on(having, other)}
    return [e for e in on(having, split) if there and label(e.fields[name]) not in there]


def _values(name: str, having: Sequence[Example], form: Sequence[AnswerPart]) -> str:
    """Return "this value of "Urgency": “routine”", or "these values" of several."""
    what = "this value" if _are_one(name, having) else "these values"
    return f"{what} of {called(name, form)}: {quoted(str(e.fields[name]) for e in having)}"


def _them(name: str, having: Sequence[Example]) -> str:
    return "it" if _are_one(name, having) else "them"


def _each(name: str, having: Sequence[Example]) -> str:
    return "it" if _are_one(name, having) else "each of them"


def _are_one(name: str, having: Sequence[Example]) -> bool:
    return len({label(example.fields[name]) for example in having}) == 1
