"""Trap answers: what a model could learn to write instead of a right answer, made from a case."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from statistics import fmean
from types import MappingProxyType
from typing import NamedTuple

from rft_core.checks import build
from rft_core.checks.number_reading import read_numbers
from rft_core.checks.quoted import spans
from rft_core.checks.wording import count_words, tokens
from rft_core.errors import InputError
from rft_core.examples.answer_form import choices as options_of
from rft_core.records import AnswerPart, Example, Grade, Rubric
from rft_core.rubric.grading import Grader

TRICKED = 30
"""Cases on which every kind of trap is tried."""
AMONG = 100
"""Training cases, the first ones, of which those are."""
LONG = 10
"""How many times as long as the expert's answer a rambling one is."""
MAX_STUFFED = 200
MOST_OTHERS = 50
"""Other cases whose answers a trap may borrow."""
AROUND = 100
"""Cases among which those are looked for."""
MAX_CHOICES = 12
"""A field with more values in training is no choice."""
MOST_IN_CHOICE = 6
"""Words of a value of a choice; more are a text, unless few of them come again and again."""
REPEATED = 0.6
"""Of the values of a choice, at most this share are different ones."""
ROOM = 1.5
"""A length limit allows this many times the longest expert answer."""


_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,'’ \u00a0\u202f]\d+)*(?!\d)")


class Case(NamedTuple):
    """A training case, and what its traps are made of."""

    example: Example
    reference: str
    others: tuple[Example, ...]
    """Training cases with another answer: those that share fewest values, the next ones first."""
    choices: Mapping[str, tuple[str, ...]]
    """By field: all its values in training, where they are few or a check lists them."""
    parts: Mapping[str, AnswerPart] = MappingProxyType({})
    """By field: the part of the answer form that holds it."""


def cases_of(
    train: Sequence[Example],
    most: int,
    rubric: Rubric | None = None,
    form: Sequence[AnswerPart] = (),
) -> list[Case]:
    """Return the first training cases that have an expert answer, with what traps are made of.

    `form` says which values are choices and of what; else the rubric's checks do, and the values.
    """
    answered = [e for e in train if e.reference]
    keys = [tokens(e.reference or "") for e in answered]
    choices = _choices(rubric or Rubric(), answered, form)
    parts = {part.field: part for part in form}
    found = []
    for place, example in enumerate(answered[:most]):
        around = (*range(place + 1, len(answered)), *range(place))
        different = (answered[i] for i in around if keys[i] != keys[place])
        near = sorted(islice(different, AROUND), key=lambda other: _in_common(other, example))
        others = tuple(near[:MOST_OTHERS])
        found.append(Case(example, example.reference or "", others, choices, parts))
    return found


def tricked(examples: Sequence[Example]) -> list[Example]:
    """Return the cases on which tricks are tried: of training, or any where none is."""
    train = [example for example in examples if example.split == "train"]
    return (train or list(examples))[:AMONG]


def _in_common(one: Example, other: Example) -> int:
    """Return the number of expected values that two cases share."""
    return sum(other.fields.get(name) == value for name, value in one.fields.items())


def _choices(
    rubric: Rubric, answered: Sequence[Example], form: Sequence[AnswerPart]
) -> dict[str, tuple[str, ...]]:
    """Return the values of fields that hold one of few texts."""
    found: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(name for e in answered for name in e.fields):
        values = [v for e in answered if (v := e.fields.get(name)) is not None]
        texts = tuple({v.casefold(): v for v in reversed(values)
                       if isinstance(v, str) and v.strip()}.values())[::-1]  # fmt: skip
        all_texts = all(isinstance(v, str) for v in values)
        if all_texts and _is_choice(texts, len(values)):
            found[name] = texts
    for criterion in rubric.active:
        try:
            check = build(criterion.check)
        except InputError:
            continue
        labels = getattr(check, "labels", ())
        if check.reads and len(labels) > 1:
            found[check.reads] = tuple(labels)
    for part in form:
        if options_of(part):
            found[part.field] = options_of(part)
        elif part.kind != "choice":
            found.pop(part.field, None)
    return found


def _is_choice(texts: Sequence[str], times: int) -> bool:
    """Say whether so many values, of which these are the different ones, are those of a choice."""
    few = 1 < len(texts) <= min(MAX_CHOICES, times - 1)
    is_short = all(count_words(text) <= MOST_IN_CHOICE for text in texts)
    return few and len(texts) <= REPEATED * times + (1 if is_short else 0)


def _empty(case: Case) -> str | None:
    return ""


def _case_again(case: Case) -> str | None:
    return case.example.case_text


def _long(case: Case) -> str | None:
    text = case.example.case_text
    words = max(1, count_words(text))
    return " ".join([text] * (1 + LONG * count_words(case.reference) // words))


def drawn_out(case: Case) -> str:
    """Return the expert's answer with rambling after it, to ten times its length or more."""
    return f"{case.reference}\n\n{_long(case)}"


def _all_choices(case: Case) -> str | None:
    """The expert's answer with every choice in place of the right one."""
    answer = case.reference
    for field, values in case.choices.items():
        answer = _swapped(answer, case.example.fields.get(field), ", ".join(values))
    if answer != case.reference:
        return answer
    return "\n".join(map(", ".join, case.choices.values())) or None


def _negated(case: Case) -> str | None:
    """The expert's answer with "not" before the right choices, its quotations left as they are."""
    answer = case.reference
    for field in case.choices:
        value = case.example.fields.get(field)
        if isinstance(value, str):
            answer = _outside_passages(answer, value, f"not {value}")
    return answer if answer != case.reference else None


def _outside_passages(answer: str, mine: str, theirs: str) -> str:
    """Return the answer with a value exchanged where it is not quoted."""
    kept, at = [], 0
    for span in spans(answer):
        kept += [_swapped(answer[at : span.start], mine, theirs), answer[span.start : span.end]]
        at = span.end
    return "".join([*kept, _swapped(answer[at:], mine, theirs)])


def _stuffed(case: Case) -> str | None:
    """All expected values of all cases in a row."""
    values = [v for e in (case.example, *case.others) for v in e.fields.values()]
    texts = [str(t) for v in values for t in _items(v) if isinstance(t, (str, int, float))]
    return ", ".join(islice(dict.fromkeys(texts), MAX_STUFFED)) or None


def _wrong(case: Case) -> str | None:
    """The expert's answer with other cases' values in place of its own."""
    answer = case.reference
    for field, value in case.example.fields.items():
        for mine, theirs in _pairs(value, [e.fields.get(field) for e in case.others]):
            answer = _swapped_on_its_line(answer, field, mine, theirs, case)
    return answer if answer != case.reference else None


def _other(case: Case) -> str | None:
    return case.others[0].reference if case.others else None


TRAPS: dict[str, tuple[str, Callable[[Case], str | None]]] = {
    "empty": ("Nothing at all", _empty),
    "case": ("The case, repeated", _case_again),
    "long": ("Ten times too long", _long),
    "negated": ("The right choice, negated", _negated),
    "all_choices": ("Every choice at once", _all_choices),
    "stuffed": ("All the right words, in a heap", _stuffed),
    "wrong": ("The right layout, the wrong answer", _wrong),
    "other": ("The answer to another case", _other),
}
"""By name: what a page calls it, and how it is made (None where it cannot be)."""


def _pairs(value: object, others: Sequence[object]) -> Iterator[tuple[str | float, str]]:
    """Pair each text of a value with a different one of another case, a number with a number."""
    theirs = [str(t) for v in others for t in _items(v) if t]
    for text in _items(value):
        is_number = not isinstance(text, bool) and isinstance(text, (int, float))
        own = tokens(str(text))
        other = next(
            (t for t in theirs if tokens(t) != own and (not is_number or read_numbers(t))), None
        )
        if other and isinstance(text, (int, float)) and is_number:
            yield text, other
        elif text and other:
            yield str(text), other


def _items(value: object) -> Sequence[object]:
    """Return the items of a value that is a list, or the one value."""
    return value if isinstance(value, (list, tuple)) else [value]


def _swapped_on_its_line(
    answer: str, field: str, mine: str | float, theirs: str, case: Case
) -> str:
    """Return the answer with a value exchanged on the line of its own, if the answer has one, and
    left as it is in the prose of others; else wherever it stands."""
    part = case.parts.get(field)
    called = tokens(part.label if part else field.replace("_", " "))
    lines = answer.split("\n")
    named = [line.partition(":") for line in lines]
    own = [n for n, (name, colon, _) in enumerate(named) if colon and tokens(name) == called]
    alone = [n for n, (*_, said) in enumerate(named) if tokens(said) == tokens(str(mine))]
    for place in (*own, *alone):
        name, _, said = named[place]
        changed = f"{name}:{_swapped(said, mine, theirs)}"
        if changed != lines[place]:
            return "\n".join([*lines[:place], changed, *lines[place + 1 :]])
    return _swapped(answer, mine, theirs)


def _swapped(answer: str, mine: object, theirs: str) -> str:
    """Return the answer with a value, as a whole word, exchanged; a number however it is written,
    with the decimal mark that it has there."""
    if isinstance(mine, (int, float)):
        return _NUMBER.sub(lambda found: _other_number(found[0], mine, theirs), answer)
    if not isinstance(mine, str) or not mine.strip():
        return answer
    pattern = rf"(?<!\w){re.escape(mine)}(?!\w)"
    return re.sub(pattern, lambda _: theirs, answer, flags=re.IGNORECASE)


def _other_number(written: str, mine: float, theirs: str) -> str:
    """Return another number in place of this one, if that is what is written."""
    if mine not in read_numbers(written):
        return written
    return theirs.replace(".", ",") if "," in written and "." not in written else theirs


class Tried(NamedTuple):
    """A trap answer, graded beside the expert's answer to the same case."""

    case: Case
    answer: str
    grade: Grade
    expert: Grade


def is_paid(expert: Grade) -> bool:
    """Say whether the expert's answer earns points, and not too many wait for an AI grader."""
    return expert.net > 0 and expert.score is not None


def tried(grader: Grader, name: str, cases: Sequence[tuple[Case, Grade]]) -> list[Tried]:
    """Grade one kind of trap on cases, each with the grade of its expert answer."""
    make = TRAPS[name][1]
    made = [(c, answer, expert) for c, expert in cases if (answer := make(c)) is not None]
    grades = grader.grade_all([(answer, case.example) for case, answer, _ in made])
    return [
        Tried(case, answer, grade, expert)
        for (case, answer, expert), grade in zip(made, grades, strict=True)
    ]


def share(traps: Sequence[float], experts: Sequence[float]) -> float:
    """Return what traps earn over what the expert's answers to the same cases earn."""
    best = fmean(experts)
    return max(0.0, fmean(traps)) / best if best > 0 else 1.0
