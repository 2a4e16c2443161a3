"""Points as pages and reports show them; the score itself never leaves here."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from rft_core.records import Aspect, Criterion, Record, Scoring
from rft_core.reports.answers import Case


class Scale(Record):
    """What a score is worth in points, on average over the cases."""

    positive: float
    negative: float
    """Sum of the penalties; 0 or negative."""
    scoring: Scoring = "normalised"

    def points(self, score: float | None) -> float | None:
        """Return a score as points."""
        if score is None:
            return None
        least = self.negative if self.scoring == "normalised" else 0.0
        return self.difference(score) + least

    def difference(self, score_difference: float) -> float:
        """Return a difference of scores as points."""
        spared = self.negative if self.scoring == "normalised" else 0.0
        return score_difference * (self.positive - spared)


def scale(cases: Sequence[Case], aspect: Aspect | None = None) -> Scale:
    """Return the scale of these cases, over all criteria or those of one aspect."""
    how = cases[0].scoring if cases else "normalised"
    return scale_of([case.criteria for case in cases], aspect, how)


def scale_of(
    criteria: Sequence[Sequence[Criterion]],
    aspect: Aspect | None = None,
    how: Scoring = "normalised",
) -> Scale:
    """Return the scale of cases from the criteria of each (all 0 without any)."""
    worth = [[c.points for c in own if aspect in (None, c.aspect)] for own in criteria] or [[]]
    return Scale(
        positive=fmean(sum(p for p in case if p > 0) for case in worth),
        negative=fmean(sum(p for p in case if p < 0) for case in worth),
        scoring=how,
    )


def shown(value: float | None, digits: int = 1) -> str:
    """Return a number as page text: "4.7", "−2", "–" where there is none."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


def exact(value: float | None) -> str:
    """Return points that are given or can be earned, which are no means: "11.25"."""
    return shown(value, 2)


def counted(value: float) -> str:
    """Return a mean of points with its word: "1 point", "4.7 points"."""
    text = shown(value)
    return f"{text} {'point' if text == '1' else 'points'}"


def signed(value: float | None) -> str:
    """Return a difference as page text: "+4.7", "−2", "0"."""
    text = shown(value)
    return f"+{text}" if value is not None and value > 0 and text != "0" else text


def from_to(case: Case, new: str = "tuned", old: str = "base") -> str:
    """Return the points of two answers to a case: "from −1 to 10 points"."""
    before, after = (case.answers[model].grade.net for model in (old, new))
    return f"from {exact(before)} to {exact(after)} points"


def in_column(value: float | None) -> str:
    """Return a number for a column of numbers: always one decimal."""
    return "–" if value is None else f"{value:.1f}".replace("-0.0", "0.0").replace("-", "−")


def mean_difference(result: Mapping[str, Any], on: Scale) -> str:
    """Return the mean difference of a paired result and its likely range as sentences."""
    delta = on.difference(result["delta"])
    possible = f"a case can earn {exact(on.negative)} to {exact(on.positive)}"
    if shown(delta) == "0":
        first = f"On average a case earns as many points as before ({possible})."
    else:
        more = "more" if delta > 0 else "fewer"
        first = f"On average a case earns {counted(abs(delta))} {more} than before ({possible})."
    return f"{first} {likely_range(result, on)}"


def likely_range(result: Mapping[str, Any], on: Scale) -> str:
    """Return the likely range of a difference as a sentence."""
    low, high = result["ci95"]
    if low is None or high is None:
        return "The likely range cannot be estimated."
    low, high = on.difference(low), on.difference(high)
    if low >= 0:
        return f"Likely range: {shown(low)} to {shown(high)} points more."
    if high <= 0:
        return f"Likely range: {shown(-high)} to {shown(-low)} points fewer."
    return f"Likely range: from {counted(-low)} fewer to {counted(high)} more."


def signed_range(result: Mapping[str, Any] | None, on: Scale) -> str:
    """Return "+1.2 (+0.3 to +2.1)" for a table."""
    if result is None:
        return "–"
    low, high = result["ci95"]
    middle = signed(on.difference(result["delta"]))
    if low is None or high is None:
        return middle
    return f"{middle} ({signed(on.difference(low))} to {signed(on.difference(high))})"
