"""What a model's decisions mean where the right ones are as frequent as in real use.

A test set is balanced so that every label can be seen; in use, one may be rare. By Bayes' rule, of
the cases to which the model gives a label, the share for which it is right is

    p·s / (p·s + (1 - p)·f)

with the label's frequency p in use, the share s of its cases that get it, and the share f of all
other cases that get it too. s and f are known from few test cases: their uncertainty (Jeffreys'
Beta posterior) is carried through by drawing both. Cases of one cluster are alike, so the posterior
is that of the effective number of cases: counts are divided by their design effect, as Rao and
Scott (1992) do with binomial counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rft_core.errors import InputError
from rft_core.evaluation.statistics import Interval, design_effect
from rft_core.records import Record

DRAWS = 20_000
SEED = 20_263
LEAST_GIVEN = 3
"""Test cases with a label from which something is said about what it is worth."""


class _Seen(NamedTuple):
    """Of test cases: how many got the label, how many there are, how many the clusters leave."""

    given: int
    cases: int
    effective: float

    def draw(self, generator: "np.random.Generator") -> "np.ndarray":
        """Draw shares that get the label from what these cases leave open."""
        kept = self.effective / self.cases
        others = self.cases - self.given
        return generator.beta(kept * self.given + 0.5, kept * others + 0.5, DRAWS)


class InUse(Record):
    """A model's use of one label; the intervals are counts of 100 with their 95 % ranges."""

    label: str
    frequency: float
    """Share of cases in use for which the label is right, over 0 and under 1."""
    times_given: int
    """Test cases to which the model gave the label."""
    right_of_given: Interval
    """Of 100 cases to which the model gives the label, those for which it is right."""
    given_of_right: Interval
    """Of 100 cases for which the label is right, those to which the model gives it."""
    given_of_all: Interval
    """Of 100 cases in use, those to which the model gives the label."""

    def sentence(self, many: str) -> str:
        """Return what giving the label is worth, with its likely ranges; `many`: say, alerts."""
        if not self.times_given:
            return f"It marked none of the test cases “{self.label}”."
        if self.times_given < LEAST_GIVEN:
            return (
                f"It marked only {self.times_given} of the test cases “{self.label}”: too few to "
                "say what that is worth."
            )
        return (
            f"Of 100 {many} that it marks “{self.label}”, {_about(self.right_of_given)} are right. "
            f"Of 100 that should be marked so, it marks {_about(self.given_of_right)}."
        )


def in_use(table: Sequence[Mapping[str, Any]], label: str, frequency: float) -> InUse:
    """Return what giving `label` means at a `frequency` between 0 and 1.

    `table` has a model's counts on held-out cases: right, given, n, and as `clusters` the number of
    each one's cluster (left out: each is its own). The mix of the other labels is that of the test.
    Raises InputError for a frequency of 0 or 1, and where the test has no case of the label, or no
    other.
    """
    if not 0 < frequency < 1:
        raise InputError(
            f"A frequency of {frequency:.0%} leaves nothing to tell apart.",
            "Enter a share above 0 and below 100 percent.",
        )
    real, others = _seen(table, label, is_right=True), _seen(table, label, is_right=False)
    if not real.cases or not others.cases:
        which = f'Every test case has "{label}"' if real.cases else f'No test case has "{label}"'
        raise InputError(
            f"{which} as its right answer, so this cannot be said.",
            "Keep cases of both kinds aside for the test.",
        )
    generator = np.random.default_rng(SEED)
    caught, alarmed = real.draw(generator), others.draw(generator)
    true_given = frequency * caught
    given = true_given + (1 - frequency) * alarmed
    return InUse(
        label=label,
        frequency=frequency,
        times_given=real.given + others.given,
        right_of_given=_of_100(true_given / given),
        given_of_right=_of_100(caught),
        given_of_all=_of_100(given),
    )


def _about(counts: Interval) -> str:
    low, high = round(counts.low or 0), round(counts.high or 0)
    return f"about {round(counts.estimate)} (likely {low} to {high})"


def _seen(table: Sequence[Mapping[str, Any]], label: str, is_right: bool) -> _Seen:
    """Return how cases for which the label is (or is not) right came out."""
    wanted = label.casefold()
    sizes: Counter[object] = Counter()
    given: Counter[object] = Counter()
    for place, cell in enumerate(table):
        if (str(cell["right"]).casefold() == wanted) == is_right:
            n = int(cell["n"])
            clusters = cell.get("clusters") or [(place, i) for i in range(n)]
            sizes.update(clusters)
            if str(cell["given"]).casefold() == wanted:
                given.update(clusters)
    effect = design_effect([given[name] for name in sizes], list(sizes.values()))
    return _Seen(given.total(), sizes.total(), sizes.total() / effect)


def _of_100(shares: "np.ndarray") -> Interval:
    low, middle, high = (float(100 * q) for q in np.quantile(shares, [0.025, 0.5, 0.975]))
    return Interval(estimate=middle, low=low, high=high)
