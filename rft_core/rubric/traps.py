"""Trap answers: what a model could learn to write instead of a right answer, and what it earns.

Practice finds whatever the rubric pays for. Each trap is made from a training case and graded; a
kind of trap *slips through* where it earns half of what the expert's answers earn, or more.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from statistics import fmean
from typing import Any, NamedTuple

from rft_core.checks import build
from rft_core.checks.wording import count_words, tokens
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Criterion, Example, Grade, Record, Rubric
from rft_core.rubric import scoring
from rft_core.rubric.grading import Grader
from rft_core.rubric.ids import free_id
from rft_core.rubric.scoring import Values

Rules = tuple[Criterion, ...]

SLIPS_AT = 0.5
"""Share of the expert answers' points from which a trap slips through."""
MAX_TRIED = 60
FEW = 30
"""Cases on which remedies are tried."""
LONG = 10
"""How many times as long as the expert's answer a rambling one is."""
MAX_STUFFED = 200
MOST_OTHERS = 50
"""Other cases whose answers a trap may borrow."""
MAX_CHOICES = 12
"""A field with more values in training is no choice."""
ROOM = 1.5
"""A length limit allows this many times the longest expert answer."""
KEEPS = 0.95
"""Share of their score that the expert's answers must keep under a remedy."""


class Case(NamedTuple):
    """A training case, and what its traps are made of."""

    example: Example
    reference: str
    others: tuple[Example, ...]
    """Training cases with another answer, the next ones first."""
    choices: Mapping[str, tuple[str, ...]]
    """By field: all its values in training, where they are few or a check lists them."""


class Caught(Record):
    """What one kind of trap earns on all cases."""

    name: str
    title: str
    share: float
    """Mean points, penalties taken off, over those of the expert's answers."""
    slips: bool
    example_id: str
    """The case on which it earns the most."""
    answer: str
    """The trap answer to that case."""
    paid_by: tuple[str, ...]
    """Ids of the criteria that paid for it there, the dearest first."""
    remedy: Criterion | None
    """What would close the hole: a criterion to add, or one of the rubric's with more points. None
    where nothing is needed, or nothing is known."""


def spring(rubric: Rubric, train: Sequence[Example]) -> list[Caught]:
    """Grade every kind of trap on training cases with an expert answer, the dearest kind first.

    Empty where there is nothing to compare with: no case, or no expert answer that earns points.
    Raises InputError for a rubric that cannot grade.
    """
    grader = Grader(rubric)
    graded = ((c, grader.grade(c.reference, c.example)) for c in cases_of(train, MAX_TRIED, rubric))
    cases = [(case, expert) for case, expert in graded if expert.net > 0]
    found = (_caught(grader, name, cases) for name in TRAPS)
    return sorted((c for c in found if c is not None), key=lambda caught: -caught.share)


def cases_of(train: Sequence[Example], most: int, rubric: Rubric | None = None) -> list[Case]:
    """Return the first training cases that have an expert answer, with what traps are made of."""
    answered = [e for e in train if e.reference]
    keys = [tokens(e.reference or "") for e in answered]
    choices = _choices(rubric or Rubric(), answered)
    found = []
    for place, example in enumerate(answered[:most]):
        around = (*range(place + 1, len(answered)), *range(place))
        different = (answered[i] for i in around if keys[i] != keys[place])
        others = tuple(islice(different, MOST_OTHERS))
        found.append(Case(example, example.reference or "", others, choices))
    return found


def _choices(rubric: Rubric, answered: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """Return the values of fields that hold one of few texts."""
    found: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(name for e in answered for name in e.fields):
        values = [v for e in answered if (v := e.fields.get(name)) is not None]
        texts = tuple({v.casefold(): v for v in reversed(values)
                       if isinstance(v, str) and v.strip()}.values())[::-1]  # fmt: skip
        all_texts = all(isinstance(v, str) for v in values)
        if all_texts and 1 < len(texts) <= min(MAX_CHOICES, len(answered) - 1):
            found[name] = texts
    for criterion in rubric.active:
        try:
            check = build(criterion.check)
        except InputError:
            continue
        labels = getattr(check, "labels", ())
        if check.reads and len(labels) > 1:
            found[check.reads] = tuple(labels)
    return found


def _empty(case: Case) -> str | None:
    return ""


def _case_again(case: Case) -> str | None:
    return case.example.case_text


def _long(case: Case) -> str | None:
    text = case.example.case_text
    words = max(1, count_words(text))
    return " ".join([text] * (1 + LONG * count_words(case.reference) // words))


def _all_choices(case: Case) -> str | None:
    """The expert's answer with every choice in place of the right one."""
    answer = case.reference
    for field, values in case.choices.items():
        answer = _swapped(answer, case.example.fields.get(field), ", ".join(values))
    if answer != case.reference:
        return answer
    return "\n".join(map(", ".join, case.choices.values())) or None


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
            answer = _swapped(answer, mine, theirs)
    return answer if answer != case.reference else None


def _other(case: Case) -> str | None:
    return case.others[0].reference if case.others else None


TRAPS: dict[str, tuple[str, Callable[[Case], str | None]]] = {
    "empty": ("Nothing at all", _empty),
    "case": ("The case, repeated", _case_again),
    "long": ("Ten times too long", _long),
    "all_choices": ("Every choice at once", _all_choices),
    "stuffed": ("All the right words, in a heap", _stuffed),
    "wrong": ("The right layout, the wrong answer", _wrong),
    "other": ("The answer to another case", _other),
}
"""By name: what a page calls it, and how it is made (None where it cannot be)."""


def _pairs(value: object, others: Sequence[object]) -> Iterator[tuple[str, str]]:
    """Pair each text of a value with a different one of another case."""
    theirs = [t for v in others for t in _items(v)]
    for text in _items(value):
        different = (str(t) for t in theirs if t and tokens(str(t)) != tokens(str(text)))
        other = next(different, None)
        if text and other:
            yield str(text), other


def _items(value: object) -> Sequence[object]:
    """Return the items of a value that is a list, or the one value."""
    return value if isinstance(value, (list, tuple)) else [value]


def _swapped(answer: str, mine: object, theirs: str) -> str:
    """Return the answer with a value, as a whole word, exchanged."""
    if not isinstance(mine, str) or not mine.strip():
        return answer
    pattern = rf"(?<!\w){re.escape(mine)}(?!\w)"
    return re.sub(pattern, lambda _: theirs, answer, flags=re.IGNORECASE)


class _Tried(NamedTuple):
    """A trap answer, graded beside the expert's answer to the same case."""

    case: Case
    answer: str
    grade: Grade
    expert: Grade


def _caught(grader: Grader, name: str, cases: Sequence[tuple[Case, Grade]]) -> Caught | None:
    title, make = TRAPS[name]
    tried = [
        _Tried(case, answer, grader.grade(answer, case.example), expert)
        for case, expert in cases
        if (answer := make(case)) is not None
    ]
    if not tried:
        return None
    share = _share([t.grade.net for t in tried], [t.expert.net for t in tried])
    best = max(tried, key=lambda one: one.grade.net)
    slips = share >= SLIPS_AT
    return Caught(
        name=name,
        title=title,
        share=share,
        slips=slips,
        example_id=best.case.example.id,
        answer=best.answer,
        paid_by=_paid_by(grader.criteria_for(best.case.example), best.grade),
        remedy=_remedy(grader.rubric, cases[:FEW], tried[:FEW]) if slips else None,
    )


def _share(traps: Sequence[float], experts: Sequence[float]) -> float:
    """Return what the traps earn over what the expert's answers to the same cases earn."""
    best = fmean(experts)
    return max(0.0, fmean(traps)) / best if best > 0 else 1.0


def _paid_by(criteria: Sequence[Criterion], grade: Grade) -> tuple[str, ...]:
    paid = {c.id: (grade.values.get(c.id) or 0.0) * c.points for c in criteria}
    return tuple(sorted((i for i in paid if paid[i] > 0), key=lambda i: -paid[i]))


def _remedy(
    rubric: Rubric, cases: Sequence[tuple[Case, Grade]], tried: Sequence[_Tried]
) -> Criterion | None:
    """Return the criterion, a present one with more points or a new one, that closes the hole.

    The first that does, with as few points as do; the expert's own answers must keep their score.
    """
    least = KEEPS * fmean(expert.score or 0.0 for _, expert in cases)
    most = int(sum(c.points for c in rubric.active if c.points > 0)) + 1
    present = [(c, c.points) for c in rubric.active if c.points > 0 and c.aspect == "substance"]
    for draft, has in (*present, *((c, 0) for c in _drafts(rubric, [case for case, _ in cases]))):
        trial = _Trial(rubric, draft, [case for case, _ in cases], tried)
        prices = [has + more * math.copysign(1, draft.points) for more in range(1, most + 1)]
        closing = next((i for i, price in enumerate(prices) if trial.share(price) < SLIPS_AT), None)
        if closing is None:
            continue
        if all(trial.expert_score(price) >= least for price in prices[: closing + 1]):
            return draft.with_changes(points=prices[closing])
    return None


class _Trial:
    """A criterion tried at several prices: answers are graded once, points are counted anew."""

    def __init__(
        self, rubric: Rubric, draft: Criterion, cases: Sequence[Case], tried: Sequence[_Tried]
    ) -> None:
        self.grader = Grader(rubric.with_criterion(draft))
        self.draft = draft
        self.cases = [self._graded(case.reference, case.example) for case in cases]
        self.experts = [self._graded(t.case.reference, t.case.example) for t in tried]
        self.traps = [self._graded(t.answer, t.case.example) for t in tried]

    def share(self, points: float) -> float:
        return _share(self._net(self.traps, points), self._net(self.experts, points))

    def expert_score(self, points: float) -> float:
        """Return the mean score of the expert's answers."""
        priced = self._priced(points)
        how = self.grader.rubric.scoring
        scores = (scoring.score(v, priced(rules), how=how) for v, rules in self.cases)
        return fmean(score or 0.0 for score in scores)

    def _net(self, graded: Sequence[tuple[Values, Rules]], points: float) -> list[float]:
        priced = self._priced(points)
        return [sum(scoring.won_and_lost(values, priced(rules))) for values, rules in graded]

    def _priced(self, points: float) -> Callable[[Rules], Rules]:
        """Return what gives the criterion these points among others."""
        own = self.draft.model_copy(update={"points": points})
        return lambda rules: tuple(own if rule.id == own.id else rule for rule in rules)

    def _graded(self, answer: str, example: Example) -> tuple[Values, Rules]:
        return self.grader.grade(answer, example).values, self.grader.criteria_for(example)


def _drafts(rubric: Rubric, cases: Sequence[Case]) -> Iterator[Criterion]:
    """Yield new criteria that may close a hole, worth one point each (a penalty: minus one)."""
    used = {criterion.id for criterion in rubric.criteria}
    read = {str(c.check.parameters.get("field")) for c in rubric.active if c.points > 0}
    for field, values in sorted(cases[0].choices.items(), key=lambda item: len(item[1])):
        labels, name = list(values), field.replace("_", " ")
        if field not in read:
            yield _draft(used, f"right_{field}", f"Gives the right {name}", 1, kind="label",
                         labels=labels, field=field)  # fmt: skip
        yield _draft(used, f"several_{field}", f"Gives more than one {name}", -1,
                     kind="several_labels", labels=labels)  # fmt: skip
    longest = int(ROOM * max(count_words(case.reference) for case in cases)) + 1
    yield _draft(
        used, "length", f"Has at most {longest} words", 1, kind="length", max_words=longest
    ).with_changes(aspect="form")


def _draft(used: "set[str]", wanted: str, text: str, points: float, **check: Any) -> Criterion:
    return Criterion(
        id=free_id(used, wanted), text=text, points=points, aspect="substance",
        check=CheckSpec(**check),
    )  # fmt: skip
