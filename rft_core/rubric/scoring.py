"""The score of an answer from its criteria's values: pure, no checks, no files.

For values v in [0, 1] and signed points w the score is

    (Σ v·w − Σ negative w) / (Σ positive w − Σ negative w)

over scored criteria, which lies in [0, 1] (PRBench's normalisation). HealthBench's score is

    Σ v·w / Σ positive w

which penalties may take below 0; only its mean over examples is clipped to [0, 1]. For answers to
one example each is a rising linear function of the other, so training always takes the first. A
value of None is *unscored*: the grader failed. It never counts as 0; it leaves the formula.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from rft_core.records import Aspect, Criterion, Scoring

MIN_COVERAGE = 0.8
"""Share of absolute points that must be scored for an answer to have a score."""
_ROUNDING = 1e-9

Values = Mapping[str, float | None]


def too_little(scored: float, total: float) -> bool:
    """Say whether so few of the absolute points are scored that there is no score."""
    return scored < MIN_COVERAGE * total - _ROUNDING


def score(
    values: Values,
    criteria: Sequence[Criterion],
    aspect: Aspect | None = None,
    how: Scoring = "normalised",
) -> float | None:
    """Return the score over all criteria, or over those of one aspect.

    None unless at least one positive criterion is scored, and 80 % of absolute points.
    """
    points = _points(criteria, aspect)
    scored = {i: w for i, w in points.items() if values.get(i) is not None}
    positive = sum(w for w in scored.values() if w > 0)
    negative = sum(w for w in scored.values() if w < 0)
    if positive <= 0 or too_little(positive - negative, _absolute(points)):
        return None
    won = sum((values[i] or 0.0) * w for i, w in scored.items())
    if how == "healthbench":
        return min(1.0, won / positive)
    return min(1.0, max(0.0, (won - negative) / (positive - negative)))


def mean_score(scores: Iterable[float | None], how: Scoring = "normalised") -> float | None:
    """Return the mean of the scores that there are; HealthBench's is clipped to [0, 1]."""
    present = [one for one in scores if one is not None]
    if not present:
        return None
    return min(1.0, max(0.0, fmean(present))) if how == "healthbench" else fmean(present)


def comparable_scores(group: Sequence[Values], criteria: Sequence[Criterion]) -> list[float | None]:
    """Return the normalised scores of answers to one prompt, over criteria scored for all of them.

    Scores over different criteria would rank answers by which grader failed.
    """
    shared = [c for c in criteria if all(values.get(c.id) is not None for values in group)]
    if too_little(_absolute(_points(shared)), _absolute(_points(criteria))):
        return [None] * len(group)
    return [score(values, shared) for values in group]


def won_and_lost(values: Values, criteria: Sequence[Criterion]) -> tuple[float, float]:
    """Return the points won and the points lost (0 or negative); unscored criteria give none."""
    points = [(values[c.id] or 0.0) * c.points for c in criteria]
    return sum(p for p in points if p > 0), sum(p for p in points if p < 0)


def coverage(values: Values, criteria: Sequence[Criterion]) -> float:
    """Return the share of absolute points that are scored, 0 to 1 (0 without any points)."""
    points = _points(criteria)
    scored = {i: w for i, w in points.items() if values.get(i) is not None}
    total = _absolute(points)
    return _absolute(scored) / total if total else 0.0


def empty_share(criteria: Sequence[Criterion], how: Scoring = "normalised") -> float:
    """Return the score of an answer that meets nothing: the penalties it is spared."""
    if how == "healthbench":
        return 0.0
    points = _points(criteria)
    negative = -sum(w for w in points.values() if w < 0)
    return negative / _absolute(points) if points else 0.0


def _points(criteria: Sequence[Criterion], aspect: Aspect | None = None) -> dict[str, float]:
    """Return points by id; of two criteria with one id the first counts."""
    points: dict[str, float] = {}
    for criterion in criteria:
        if criterion.points and aspect in (None, criterion.aspect):
            points.setdefault(criterion.id, criterion.points)
    return points


def _absolute(points: Mapping[str, float]) -> float:
    return sum(map(abs, points.values()))
