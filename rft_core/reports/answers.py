"""The graded answers of a run by case: what each model said, what it earned, what changed."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any, Literal

from rft_core.evaluation.statistics import SAME
from rft_core.records import Criterion, Example, Grade, Record, Rubric, Scoring
from rft_core.rubric import grading, scoring

Change = Literal["better", "worse", "same", "could not be graded"]

Row = Mapping[str, Any]


class Answer(Record):
    """One graded answer."""

    model: str
    text: str
    truncated: bool
    """Whether it was cut off at the length limit."""
    seconds: float | None
    adapter_sha256: str | None
    grade: Grade

    @property
    def points(self) -> str:
        """The points as pages show them: "6 of 10 points, penalty −2"."""
        return grading.points_text(self.grade)


class Case(Record):
    """One held-out example with every model's answer to it."""

    example: Example
    criteria: tuple[Criterion, ...]
    """The criteria that grade this case, as `Rubric.criteria_for` returns them."""
    answers: dict[str, Answer]
    scoring: Scoring = "normalised"

    def difference(self, new: str = "tuned", old: str = "base") -> float | None:
        """Return the points that `new` earned more than `old`; None if either has no score."""
        scores = [self.answers[m].grade.score if m in self.answers else None for m in (new, old)]
        if scores[0] is None or scores[1] is None:
            return None
        counted = (c.points for c in self.criteria if c.points > 0 or self.scoring == "normalised")
        return (scores[0] - scores[1]) * sum(map(abs, counted))

    def change(self, new: str = "tuned", old: str = "base") -> Change:
        """Say how `new` did against `old` on this case."""
        points = self.difference(new, old)
        if points is None:
            return "could not be graded"
        if abs(points) <= SAME:
            return "same"
        return "better" if points > 0 else "worse"


class TagRow(Record):
    """How the models did on the cases with one tag."""

    tag: str
    cases: int
    points: dict[str, float | None]
    """Mean points by model."""
    possible: float
    better: int
    worse: int


def by_case(rows: Iterable[Row], examples: Sequence[Example], rubric: Rubric) -> list[Case]:
    """Return the held-out examples that have answers, in the examples' order."""
    answers: dict[str, dict[str, Row]] = {}
    for row in rows:
        answers.setdefault(str(row["example_id"]), {})[str(row["model"])] = row
    cases = []
    for example in examples:
        if example.split == "heldout" and example.id in answers:
            criteria = rubric.criteria_for(example)
            graded = {m: _answer(row, criteria) for m, row in answers[example.id].items()}
            cases.append(
                Case(example=example, criteria=criteria, answers=graded, scoring=rubric.scoring)
            )
    return cases


def by_tag(cases: Sequence[Case]) -> list[TagRow]:
    """Return one row a tag, the commonest first."""
    tags = dict.fromkeys(tag for case in cases for tag in case.example.tags)
    rows = [_tag_row(tag, [c for c in cases if tag in c.example.tags]) for tag in tags]
    return sorted(rows, key=lambda row: -row.cases)


def wins_and_losses(cases: Sequence[Case], wins: int = 3) -> tuple[list[Case], list[Case]]:
    """Return the cases with the biggest gains, and every case that got worse, worst first."""
    ranked = sorted(cases, key=lambda case: case.difference() or 0.0)
    losses = [case for case in ranked if case.change() == "worse"]
    gains = [case for case in reversed(ranked) if case.change() == "better"]
    return gains[:wins], losses


def _tag_row(tag: str, cases: Sequence[Case]) -> TagRow:
    models = dict.fromkeys(model for case in cases for model in case.answers)
    return TagRow(
        tag=tag,
        cases=len(cases),
        points={model: _mean_points(cases, model) for model in models},
        possible=fmean(sum(c.points for c in case.criteria if c.points > 0) for case in cases),
        better=sum(case.change() == "better" for case in cases),
        worse=sum(case.change() == "worse" for case in cases),
    )


def _mean_points(cases: Sequence[Case], model: str) -> float | None:
    grades = [case.answers[model].grade for case in cases if model in case.answers]
    points = [grade.net for grade in grades if grade.score is not None]
    return fmean(points) if points else None


def _answer(row: Row, criteria: Sequence[Criterion]) -> Answer:
    values = {c.id: _number(row["criteria"].get(c.id)) for c in criteria}
    reasons = {c.id: str(row["reasons"].get(c.id, "")) for c in criteria}
    return Answer(
        model=row["model"],
        text=_text(row["answer"]) or "",
        truncated=row["truncated"] is True,
        seconds=_number(row["seconds"]),
        adapter_sha256=_text(row["adapter_sha256"]),
        grade=Grade(
            values=values,
            reasons=reasons,
            score=_number(row["score"]),
            substance=_number(row["substance"]),
            form=_number(row["form"]),
            earned=_number(row["earned"]) or 0.0,
            possible=_number(row["possible"]) or 0.0,
            penalty=_number(row["penalty"]) or 0.0,
            coverage=scoring.coverage(values, criteria),
        ),
    )


def _number(value: Any) -> float | None:
    """Return a number from the store, where a missing one may come as NaN."""
    if value is None or value != value:
        return None
    return float(value)


def _text(value: Any) -> str | None:
    """Return a text from the store, where a missing one may come as NaN."""
    return value if isinstance(value, str) else None
