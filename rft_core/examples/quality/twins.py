"""Examples that are nearly the same: across the split, twice on one side, answered differently."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from rft_core.checks.wording import plain_text
from rft_core.examples.quality.finding import (
    Finding,
    are_labels,
    finding,
    grouped,
    holders,
    label,
    named,
)
from rft_core.examples.similar import Pair, prompt_text
from rft_core.records import Example

NEAR_ANSWER = 80.0
"""Similarity in per cent from which two answers to nearly the same case are one answer."""


def contradictions(
    examples: Sequence[Example], near: Sequence[Pair], names: Sequence[str]
) -> Iterable[Finding]:
    """Name equal cases with any difference in their answers, and near ones with other labels.

    `names` are the expected values that are part of an answer; others are remarks.
    """
    by_text = grouped((plain_text(prompt_text(e)), e) for e in examples if e.case_text.strip())
    groups = [group for group in by_text.values() if len(group) > 1 and _differ(group)]
    if groups:
        yield finding(
            "warn",
            "contradiction",
            (example for group in groups for example in group),
            "The same case is answered in different ways: "
            f"{named(' and '.join(e.id for e in group) for group in groups)}.",
            "Decide on one answer, or write what makes the cases differ.",
        )
    pairs = list(_contradicting(examples, near, names))
    if pairs:
        yield finding(
            "warn",
            "near_contradiction",
            (example for pair in pairs for example in pair),
            "Nearly the same case is answered in different ways: "
            f"{named(f'{one.id} and {other.id}' for one, other in pairs)}.",
            "Decide on one answer. If the small difference is what decides, put the cases in one "
            "group.",
        )


def repeats(
    examples: Sequence[Example], near: Sequence[Pair], names: Sequence[str]
) -> Iterable[Finding]:
    """Name pairs across the split, and pairs on one side whose answers are nearly the same too.

    `names` as in `contradictions`.
    """
    told = {pair_ids(pair) for pair in _contradicting(examples, near, names)}
    across = [_train_first(pair) for pair in near if _across(pair)]
    if across:
        yield finding(
            "warn",
            "near_duplicate",
            (example for pair in across for example in pair),
            "The answer is visible: test cases are nearly the same as a case to learn from "
            f"({named(f'{test.id} and {train.id}' for train, test in across)}).",
            "Delete one of the two, or put both on the same side.",
        )
    beside = [
        pair
        for pair in near
        if pair[0].split == pair[1].split
        and pair_ids(pair) not in told
        and (_same_answers(*pair, names) if _differ(pair) else True)
    ]
    if beside:
        yield finding(
            "warn",
            "repeated_case",
            (example for pair in beside for example in pair),
            "Nearly the same case is there more than once, and counts so often: "
            f"{named(f'{one.id} and {other.id}' for one, other in beside)}.",
            "Keep one of them. If all are meant, put them in one group.",
        )


def same_meaning(
    examples: Sequence[Example], near: Sequence[Pair], close: Sequence[Pair]
) -> Iterable[Finding]:
    """Name pairs that mean the same in other words, as far as they are not near ones already."""
    told = {pair_ids(pair) for pair in near}
    fresh = [pair for pair in close if pair_ids(pair) not in told]
    across = [_train_first(pair) for pair in fresh if _across(pair)]
    if across:
        yield finding(
            "warn",
            "same_meaning",
            (example for pair in across for example in pair),
            "Test cases seem to mean the same as a case to learn from "
            f"({named(f'{test.id} and {train.id}' for train, test in across)}).",
            "Read both. If they are one case in other words, delete one or put both on the same "
            "side.",
        )
    beside = [pair for pair in fresh if pair[0].split == pair[1].split]
    if beside:
        yield finding(
            "warn",
            "repeated_meaning",
            (example for pair in beside for example in pair),
            "Cases seem to mean the same in other words: "
            f"{named(f'{one.id} and {other.id}' for one, other in beside)}.",
            "Read them. If they are one case, keep one or put them in one group.",
        )


def pair_ids(pair: Pair) -> tuple[str, str]:
    """Name a pair whatever its order."""
    first, second = sorted((pair[0].id, pair[1].id))
    return first, second


def _contradicting(
    examples: Sequence[Example], near: Sequence[Pair], answers: Sequence[str]
) -> Iterable[Pair]:
    """Yield near pairs, not equal ones nor of one cluster, whose labels differ.

    Without labels their references are compared: those of near cases seldom differ in a word.
    """
    names = [
        name for name in answers if are_labels([e.fields[name] for e in holders(examples, name)])
    ]
    for one, other in near:
        twins = one.cluster is not None and one.cluster == other.cluster
        if twins or plain_text(prompt_text(one)) == plain_text(prompt_text(other)):
            continue
        both = [n for n in names if n in one.fields and n in other.fields]
        if any(label(one.fields[n]) != label(other.fields[n]) for n in both) or (
            not both and _differ((one, other))
        ):
            yield one, other


def _differ(group: Sequence[Example]) -> bool:
    """Tell whether references, or values of one field, differ."""
    answers = {plain_text(example.reference) for example in group if example.reference}
    values = grouped((name, repr(v)) for e in group for name, v in e.fields.items())
    return len(answers) > 1 or any(len(set(found)) > 1 for found in values.values())


def _same_answers(one: Example, other: Example, names: Sequence[str]) -> bool:
    """Tell whether two near, not equal, examples have answers that differ in a few letters only."""
    if plain_text(prompt_text(one)) == plain_text(prompt_text(other)):
        return False
    both = [
        (one.fields[n], other.fields[n]) for n in names if n in one.fields and n in other.fields
    ]
    if one.reference and other.reference:
        both.append((one.reference, other.reference))
    return all(_nearly_equal(_as_text(a), _as_text(b)) for a, b in both)


def _nearly_equal(one: str, other: str) -> bool:
    """Tell whether texts are nearly equal: other digits make another one."""
    same_digits = re.findall(r"\d+", one) == re.findall(r"\d+", other)
    return one == other or (same_digits and fuzz.ratio(one, other) >= NEAR_ANSWER)


def _as_text(value: object) -> str:
    items = value if isinstance(value, (list, tuple)) else [value]
    return plain_text("; ".join(map(str, items)))


def _across(pair: Pair) -> bool:
    return {pair[0].split, pair[1].split} == {"train", "heldout"}


def _train_first(pair: Pair) -> Pair:
    return pair if pair[0].split == "train" else (pair[1], pair[0])
