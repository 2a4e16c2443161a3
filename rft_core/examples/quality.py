"""What is wrong with a set of examples, before any minutes are spent on it.

A finding of severity "stop" makes a run useless or its result untrue; "warn" is for the expert to
judge. Each names the examples it is about.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from rft_core.errors import InputError
from rft_core.examples.similar import near_pairs, plain_text, prompt_text
from rft_core.records import Example, Record
from rft_core.settings import MIN_HELDOUT_EXAMPLES, MIN_TRAIN_EXAMPLES

Severity = Literal["stop", "warn"]

MAX_LABELS = 20
"""A field with more different values is not taken for a label."""
VISIBLE_WORDS = 3
"""An answer of so few words may stand in the case without giving anything away."""


class Finding(Record):
    """One thing that is wrong, the examples it concerns, and what to do."""

    severity: Severity
    kind: str
    """Stable name, such as "cluster_divided"."""
    message: str
    fix: str
    example_ids: tuple[str, ...] = ()


def check_examples(
    examples: Sequence[Example], required_fields: Mapping[str, str] | None = None
) -> list[Finding]:
    """Return what is wrong, stops first.

    `required_fields` names the expected fields that the rubric reads, each with the text of the
    criterion that reads it.
    """
    found = [
        *_duplicate_ids(examples),
        *_empty_prompts(examples),
        *_counts(examples),
        *_divided_clusters(examples),
        *_references(examples),
        *_missing_fields(examples, required_fields or {}),
        *_contradictions(examples),
        *_visible_answers(examples),
        *_near_duplicates(examples),
        *_labels(examples),
    ]
    return sorted(found, key=lambda finding: finding.severity != "stop")


def detectable_difference(n: int, s: float = 0.3) -> float:
    """Return the smallest mean difference that n held-out examples show reliably: 2.8·s/√n.

    `s` is the standard deviation of the paired differences, on the 0 to 1 scale of the score
    (two-sided 5 %, power 80 %). Raises InputError for n below 1.
    """
    if n < 1:
        raise InputError("There are no test cases.", "Keep some cases aside for the test.")
    return 2.8 * s / math.sqrt(n)


def _finding(
    severity: Severity, kind: str, examples: Iterable[Example], message: str, fix: str
) -> Finding:
    ids = tuple(dict.fromkeys(example.id for example in examples))
    return Finding(severity=severity, kind=kind, message=message, fix=fix, example_ids=ids)


def _on(examples: Sequence[Example], split: str | None) -> list[Example]:
    return [example for example in examples if example.split == split]


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def _named(names: Iterable[str]) -> str:
    shown = [name if len(name) <= 40 else f"{name[:39]}…" for name in dict.fromkeys(names)]
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def _duplicate_ids(examples: Sequence[Example]) -> Iterable[Finding]:
    by_id = _grouped((example.id, example) for example in examples)
    twice = [example for group in by_id.values() if len(group) > 1 for example in group]
    if twice:
        yield _finding(
            "stop",
            "duplicate_id",
            twice,
            f"Several cases have the same id: {_named(example.id for example in twice)}.",
            "Give each case an id of its own.",
        )


def _empty_prompts(examples: Sequence[Example]) -> Iterable[Finding]:
    empty = [example for example in examples if not example.case_text.strip()]
    if empty:
        yield _finding(
            "stop",
            "empty_prompt",
            empty,
            f"There is no text in {_cases(len(empty))}.",
            "Write the text of the case, or delete it.",
        )


def _counts(examples: Sequence[Example]) -> Iterable[Finding]:
    train, heldout, unplaced = (_on(examples, split) for split in ("train", "heldout", None))
    if unplaced:
        yield _finding(
            "warn",
            "no_split",
            unplaced,
            f"The side is not decided for {_cases(len(unplaced))}: to learn from, or kept aside.",
            "Let the tool divide the cases.",
        )
    if len(train) < MIN_TRAIN_EXAMPLES:
        yield _finding(
            "stop",
            "too_few_train",
            train,
            f"The set has {_cases(len(train))} to learn from; "
            f"at least {MIN_TRAIN_EXAMPLES} are needed.",
            "Add cases, or keep fewer aside.",
        )
    if len(heldout) < MIN_HELDOUT_EXAMPLES:
        yield _finding(
            "stop",
            "too_few_heldout",
            heldout,
            f"The set has {_cases(len(heldout))} kept aside for the test; "
            f"at least {MIN_HELDOUT_EXAMPLES} are needed to tell an improvement from chance.",
            "Keep more cases aside; twenty or more make small improvements visible.",
        )


def _divided_clusters(examples: Sequence[Example]) -> Iterable[Finding]:
    placed = [example for example in examples if example.split]
    clusters = _grouped((e.cluster, e) for e in placed if e.cluster is not None)
    divided = {name: group for name, group in clusters.items() if len({e.split for e in group}) > 1}
    if divided:
        yield _finding(
            "stop",
            "cluster_divided",
            (example for group in divided.values() for example in group),
            "Cases that belong together are partly for training and partly kept aside: "
            f"{_named(map(str, divided))}.",
            "Put all cases of one document or group on the same side.",
        )


def _references(examples: Sequence[Example]) -> Iterable[Finding]:
    train = _on(examples, "train")
    without = [example for example in train if not (example.reference or "").strip()]
    left = len(train) - len(without)
    if not without:
        return
    too_few = len(train) >= MIN_TRAIN_EXAMPLES > left
    rest = f"; only {left} remain, and at least {MIN_TRAIN_EXAMPLES} are needed" if too_few else ""
    yield _finding(
        "stop" if too_few else "warn",
        "no_reference",
        without,
        f"There is no expert answer to learn from in {_cases(len(without))}{rest}.",
        "Write the expert answers.",
    )


def _missing_fields(examples: Sequence[Example], required: Mapping[str, str]) -> Iterable[Finding]:
    for name, criterion in required.items():
        without = [example for example in examples if example.fields.get(name) in (None, "")]
        if without:
            yield _finding(
                "stop" if len(without) == len(examples) else "warn",
                "missing_field",
                without,
                f'There is no "{name}" in {_cases(len(without))}; needed by: {criterion}',
                "Fill in the expected value, or change the criterion.",
            )


def _contradictions(examples: Sequence[Example]) -> Iterable[Finding]:
    by_text = _grouped((plain_text(prompt_text(e)), e) for e in examples if e.case_text.strip())
    groups = [group for group in by_text.values() if len(group) > 1 and _contradict(group)]
    if groups:
        yield _finding(
            "warn",
            "contradiction",
            (example for group in groups for example in group),
            "The same case is answered in different ways: "
            f"{_named(' and '.join(e.id for e in group) for group in groups)}.",
            "Decide on one answer, or write what makes the cases differ.",
        )


def _contradict(group: list[Example]) -> bool:
    """Tell whether references, or values of one field, differ."""
    answers = {plain_text(example.reference) for example in group if example.reference}
    values = _grouped((name, repr(v)) for e in group for name, v in e.fields.items())
    return len(answers) > 1 or any(len(set(found)) > 1 for found in values.values())


def _visible_answers(examples: Sequence[Example]) -> Iterable[Finding]:
    visible = []
    for example in examples:
        answer = plain_text(example.reference or "")
        if len(answer.split()) > VISIBLE_WORDS and answer in plain_text(prompt_text(example)):
            visible.append(example)
    if visible:
        yield _finding(
            "warn",
            "answer_in_prompt",
            visible,
            f"The whole expert answer is visible in {_cases(len(visible))}.",
            "Take the answer out of the case, unless copying it is the task.",
        )


def _near_duplicates(examples: Sequence[Example]) -> Iterable[Finding]:
    filled = [example for example in examples if example.case_text.strip()]
    pairs = near_pairs(_on(filled, "train"), _on(filled, "heldout"))
    if pairs:
        yield _finding(
            "warn",
            "near_duplicate",
            (example for pair in pairs for example in pair),
            "The answer is visible: test cases are nearly the same as a case to learn from "
            f"({_named(f'{test.id} and {train.id}' for train, test in pairs)}).",
            "Delete one of the two, or put both on the same side.",
        )


def _labels(examples: Sequence[Example]) -> Iterable[Finding]:
    for name in dict.fromkeys(name for example in examples for name in example.fields):
        holders = [e for e in examples if e.fields.get(name) not in (None, "")]
        values = [e.fields[name] for e in holders]
        if len(holders) > 1 and len(set(map(repr, values))) == 1:
            yield _always_the_same(name, values[0], holders)
        elif _are_labels(values):
            yield from _unseen_labels(name, holders)


def _are_labels(values: list[Any]) -> bool:
    """Tell whether values are labels: plain, few, and on average used at least twice."""
    plain = all(isinstance(value, (str, bool, int)) for value in values)
    return plain and len({_label(value) for value in values}) <= min(MAX_LABELS, len(values) / 2)


def _label(value: Any) -> str:
    return plain_text(str(value))


def _always_the_same(name: str, value: Any, holders: list[Example]) -> Finding:
    return _finding(
        "warn",
        "single_label",
        holders,
        f'"{name}" is "{_named([str(value)])}" in every case: always saying so would be right.',
        "Add cases with other values, or leave this value out of the rubric.",
    )


def _unseen_labels(name: str, holders: list[Example]) -> Iterable[Finding]:
    """Name the values that stand on one side of the split only."""
    unseen = _only_on("heldout", "train", name, holders)
    if unseen:
        yield _finding(
            "warn",
            "unseen_label",
            unseen,
            f'Values of "{name}" that are in the test but in no case to learn from: '
            f"{_values(name, unseen)}.",
            "Move a case with each value to the cases to learn from.",
        )
    untested = _only_on("train", "heldout", name, holders)
    if untested:
        yield _finding(
            "warn",
            "untested_label",
            untested,
            f'Values of "{name}" that no test case has: {_values(name, untested)}. How well the '
            "model does there will not be seen.",
            "Move a case with each value to the test.",
        )


def _only_on(split: str, other: str, name: str, holders: list[Example]) -> list[Example]:
    """Return the cases of a split with a value that the other lacks; none if that has no cases."""
    there = {_label(e.fields[name]) for e in _on(holders, other)}
    return [e for e in _on(holders, split) if there and _label(e.fields[name]) not in there]


def _values(name: str, holders: Iterable[Example]) -> str:
    return _named(str(example.fields[name]) for example in holders)


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return groups
