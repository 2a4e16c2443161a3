"""Expected values that are probably a slip of the pen for another one: "acept" beside "accept".

Only one letter more, less, other or exchanged with its neighbour is taken for a slip, and only in
a long word: "high" and "nigh", "type 1" and "type 2" or "atypical" and "typical" are two values.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA

from rft_core.checks.wording import plain_text
from rft_core.errors import InputError
from rft_core.examples.answer_form import choices, read_answer, write_answer
from rft_core.records import AnswerPart, Example

MORE_OFTEN = 3
"""How many times as often the right value is used, where no answer form names it."""
WORD_CHARS = 5
"""Letters of the shortest word that is taken to be meant."""
MOST_CHARS = 60
"""Of a value that is looked at: longer ones are texts."""


class LookAlike(NamedTuple):
    """A value that some examples have, and the one that is probably meant."""

    field: str
    wrong: str
    """As it is spelled in the first of the examples."""
    right: str
    ids: tuple[str, ...]


def look_alikes(
    examples: Sequence[Example],
    form: Sequence[AnswerPart] = (),
    names: Sequence[str] | None = None,
) -> tuple[LookAlike, ...]:
    """Return the values that look like a slip for one that is far more frequent, or is offered.

    What the answer form offers is no slip. `names` are the expected values looked at, else all.
    """
    offered = {part.field: choices(part) for part in form if part.kind == "choice"}
    found: list[LookAlike] = []
    if names is None:
        names = list(dict.fromkeys(name for example in examples for name in example.fields))
    for name in names:
        having = [(e, e.fields[name]) for e in examples if _is_short(e.fields.get(name))]
        found += _of_field(name, having, offered.get(name, ()))
    return tuple(found)


def _of_field(
    name: str, having: Sequence[tuple[Example, str]], offered: Sequence[str]
) -> Iterable[LookAlike]:
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for example, value in having:
        spellings[plain_text(value)][value.strip()] += 1
        ids[plain_text(value)].append(example.id)
    known = {plain_text(option): option for option in offered}
    often = sorted(ids, key=lambda folded: -len(ids[folded]))
    for wrong, those in ids.items():
        frequent = _at_least(MORE_OFTEN * len(those), often, ids)
        right = next((f for f in (known or frequent) if is_slip(wrong, f)), None)
        if wrong not in known and right is not None:
            spelled = known.get(right) or spellings[right].most_common(1)[0][0]
            yield LookAlike(name, next(iter(spellings[wrong])), spelled, tuple(those))


def _at_least(count: int, often: Sequence[str], ids: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """Yield values that so many examples have; they are given in the order of how many."""
    return takewhile(lambda value: len(ids[value]) >= count, often)


def is_slip(wrong: str, right: str) -> bool:
    """Tell whether two folded texts differ in one letter of one long word."""
    ones, others = wrong.split(), right.split()
    if len(ones) != len(others) or abs(len(wrong) - len(right)) > 1:
        return False
    differing = [(a, b) for a, b in zip(ones, others, strict=True) if a != b]
    if len(differing) != 1:
        return False
    one, other = differing[0]
    return (
        len(other) >= WORD_CHARS
        and one.isalpha()
        and other.isalpha()
        and not one.endswith(other)
        and not other.endswith(one)
        and OSA.distance(one, other, score_cutoff=1) == 1
    )


def corrected(
    examples: Sequence[Example], found: Iterable[LookAlike], form: Sequence[AnswerPart] = ()
) -> tuple[Example, ...]:
    """Return the examples with the right values, in answers in the form as well.

    An answer that is nothing but the value is put right too.
    """
    by_id: defaultdict[str, list[LookAlike]] = defaultdict(list)
    for alike in found:
        for example_id in alike.ids:
            by_id[example_id].append(alike)
    return tuple(_corrected(e, by_id[e.id], form) if e.id in by_id else e for e in examples)


def _corrected(example: Example, found: Sequence[LookAlike], form: Sequence[AnswerPart]) -> Example:
    fields: dict[str, Any] = dict(example.fields)
    reference = example.reference
    values = read_answer(form, reference) if form else None
    for alike in found:
        wrong = plain_text(alike.wrong)
        if _is(fields.get(alike.field), wrong):
            fields[alike.field] = alike.right
        if values and _is(values.get(alike.field), wrong):
            values[alike.field] = alike.right
        elif not form and _is(reference, wrong):
            reference = alike.right
    if values:
        try:
            reference = write_answer(form, values)
        except InputError:
            reference = example.reference
    return example.with_changes(fields=fields, reference=reference)


def _is(value: object, wrong: str) -> bool:
    return isinstance(value, str) and plain_text(value) == wrong


def _is_short(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MOST_CHARS
