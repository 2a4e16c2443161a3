"""Examples that are nearly the same: across the split, twice on one side, answered differently."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rapidfuzz import fuzz

from rft_core.checks.wording import plain_text
from rft_core.examples.answer_form import Values, expected_values, held_values
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
from rft_core.records import AnswerPart, Example

DECIDING = ("choice", "ranked", "number")
"""Kinds of parts that say what is decided; others only say why, or where it stands."""
NEARLY = "nearly the same"
ANSWER = ""
"""In place of a name: the whole answer."""
SHOWN_CHARS = 40

NEAR_ANSWER = 80.0
"""Similarity in per cent from which two answers to nearly the same case are one answer."""


def contradictions(
    examples: Sequence[Example], near: Sequence[Pair], names: Sequence[str],
    form: Sequence[AnswerPart] = (),
) -> Iterable[Finding]:  # fmt: skip
    """Name equal cases that are answered differently, and near ones with other labels.

    `names` are the expected values that are part of an answer; others are remarks. In an answer
    form with parts that decide, only those make a difference, and values beside it.
    """
    by_text = grouped((plain_text(prompt_text(e)), e) for e in examples if e.case_text.strip())
    groups = [g for g in by_text.values() if len(g) > 1 and _differences(g, names, form)]
    if groups:
        yield finding(
            "warn",
            "contradiction",
            (example for group in groups for example in group),
            f"The same case is answered in different ways: {_told(groups, names, form)}.",
            "Decide on one answer, or write what makes the cases differ.",
        )
    pairs = list(_contradicting(examples, near, names, form))
    if pairs:
        yield finding(
            "warn",
            "near_contradiction",
            (example for pair in pairs for example in pair),
            f"Nearly the same case is answered in different ways: {_told(pairs, names, form)}.",
            "Decide on one answer. If the small difference is what decides, put the cases in one "
            "group.",
        )


def repeats(
    examples: Sequence[Example], near: Sequence[Pair], names: Sequence[str],
    form: Sequence[AnswerPart] = (),
) -> Iterable[Finding]:  # fmt: skip
    """Name pairs across the split, and pairs on one side whose answers are nearly the same too.

    `names` and `form` as in `contradictions`.
    """
    told = {pair_ids(pair) for pair in _contradicting(examples, near, names, form)}
    across = [_train_first(pair) for pair in near if _across(pair)]
    if across:
        yield finding(
            "warn",
            "near_duplicate",
            (example for pair in across for example in pair),
            f"The answer is visible: test cases are {_alike(across)} as a case to learn from "
            f"({named(f'{test.id} and {train.id}' for train, test in across)}).",
            "Delete one of the two, or put both on the same side.",
        )
    beside = [
        pair
        for pair in near
        if pair[0].split == pair[1].split
        and pair_ids(pair) not in told
        and (not _differences(pair, names, form) or _same_answers(*pair, names))
    ]
    if beside:
        yield finding(
            "warn",
            "repeated_case",
            (example for pair in beside for example in pair),
            f"{_capital(_alike(beside))} case is there more than once, and counts so often: "
            f"{named(f'{one.id} and {other.id}' for one, other in beside)}.",
            "Keep one of them. If all are meant, put them in one group.",
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _alike(pairs: Sequence[Pair]) -> str:
    """Say how near pairs are, in a word that is true of all."""
    same = [plain_text(prompt_text(one)) == plain_text(prompt_text(two)) for one, two in pairs]
    return "the same" if all(same) else "the same or nearly the same" if any(same) else NEARLY


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
    examples: Sequence[Example],
    near: Sequence[Pair],
    names: Sequence[str],
    form: Sequence[AnswerPart],
) -> Iterable[Pair]:
    """Yield near pairs, not equal ones nor of one cluster, whose labels differ.

    Without labels their answers are compared: those of near cases seldom differ in a word.
    """
    names = [
        name
        for name in names
        if name not in _passed_over(form)
        and are_labels([e.fields[name] for e in holders(examples, name)])
    ]
    for one, other in near:
        twins = one.cluster is not None and one.cluster == other.cluster
        if twins or plain_text(prompt_text(one)) == plain_text(prompt_text(other)):
            continue
        both = [n for n in names if n in one.fields and n in other.fields]
        if any(label(one.fields[n]) != label(other.fields[n]) for n in both) or (
            not both and _differences((one, other), names, form)
        ):
            yield one, other


def _told(
    groups: Sequence[Sequence[Example]], names: Sequence[str], form: Sequence[AnswerPart]
) -> str:
    """Name the first groups and what differs in each."""
    shown = [
        f"{' and '.join(e.id for e in g)}{_what(_differences(g, names, form))}" for g in groups[:3]
    ]
    more = f" and {len(groups) - 3} more" if len(groups) > 3 else ""
    return ", ".join(shown) + more


def _what(differences: dict[str, list[str]]) -> str:
    values = {
        name: " / ".join(f"“{_cut(text)}”" for text in texts[:3])
        for name, texts in differences.items()
        if name != ANSWER
    }
    return f" ({', '.join(f'{name}: {texts}' for name, texts in values.items())})" * bool(values)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"


def _differences(
    group: Sequence[Example], names: Sequence[str], form: Sequence[AnswerPart]
) -> dict[str, list[str]]:
    """Return by name what the answers of some cases say, where they do not say the same."""
    said = grouped((name, text) for e in group for name, text in _answers(e, names, form).items())
    apart = {name: _distinct(texts) for name, texts in said.items()}
    return {name: texts for name, texts in apart.items() if len(texts) > 1}


def _distinct(texts: Sequence[str]) -> list[str]:
    return list({plain_text(text): text for text in texts}.values())


def _answers(example: Example, names: Sequence[str], form: Sequence[AnswerPart]) -> dict[str, str]:
    """Return by name what is compared: the parts that decide, else the answer; and other values."""
    compared = set(names) - _passed_over(form)
    values = {n: v for n, v in example.fields.items() if n in compared}
    labels = {part.field: part.label for part in form}
    held = held_values(form, example) if _decides(form) else None
    values |= _decided(held or {}, form)
    answers = {labels.get(name, name): _shown(value) for name, value in values.items()}
    if held is None and example.reference:
        answers[ANSWER] = example.reference
    return answers


def _decided(held: Values, form: Sequence[AnswerPart]) -> dict[str, Any]:
    """Return what the deciding parts hold: numbers as numbers, ranked lists whole."""
    said = expected_values(form, held)
    said |= {part.field: held.get(part.field) for part in form if part.kind == "ranked"}
    decided = {part.field: said[part.field] for part in form if part.kind in DECIDING}
    return {name: value for name, value in decided.items() if value is not None}


def _decides(form: Sequence[AnswerPart]) -> bool:
    return any(part.kind in DECIDING for part in form)


def _passed_over(form: Sequence[AnswerPart]) -> set[str]:
    """Return the values of the form that decide nothing, where others do."""
    return {part.field for part in form if part.kind not in DECIDING} if _decides(form) else set()


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


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
