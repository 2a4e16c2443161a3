"""Statistics that are right for 10 to 50 held-out examples.

The unit is the example; examples of one cluster (a document, a twin group) stay together: the
interval is cluster-robust and the test flips the signs of whole clusters. With clusters of one
these are the paired t interval and the ordinary sign-flip permutation test.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from rft_core.records import Record

EXACT_UP_TO = 20
"""Clusters up to which all sign patterns are tried (2^20 at most)."""
RESAMPLES = 50_000
SEED = 20_261
SAME = 1e-9


class Interval(Record):
    """An estimate with its 95 % interval; None where it cannot be estimated."""

    estimate: float
    low: float | None
    high: float | None


class PairedResult(Record):
    """The paired difference of two models over the same examples."""

    delta: float
    """Mean difference."""
    ci95: tuple[float | None, float | None]
    p: float | None
    test: str
    n_pairs: int
    n_clusters: int
    better: int
    same: int
    worse: int


def paired(differences: Sequence[float], clusters: Sequence[str]) -> PairedResult | None:
    """Compare two models from differences d = new - old, one an example; None without any.

    `clusters` names each example's cluster. The interval is d̄ ± t(0.975, G-1)·SE with G clusters
    and the cluster-robust SE; the p-value is of a two-sided sign-flip permutation test.
    """
    if not differences:
        return None
    d = np.asarray(differences, dtype=float)
    low, high = t_interval(d, clusters)
    p, test = sign_flip(d, clusters)
    return PairedResult(
        delta=float(d.mean()),
        ci95=(low, high),
        p=p,
        test=test,
        n_pairs=len(d),
        n_clusters=len(set(clusters)),
        better=int((d > SAME).sum()),
        same=int((np.abs(d) <= SAME).sum()),
        worse=int((d < -SAME).sum()),
    )


def t_interval(d: "np.ndarray", clusters: Sequence[str]) -> tuple[float | None, float | None]:
    """Return the 95 % interval of the mean, (None, None) if the spread cannot be estimated."""
    sums = _cluster_sums(d - d.mean(), clusters)
    groups = len(sums)
    if groups < 2:
        return None, None
    error = math.sqrt(groups / (groups - 1) * float((sums**2).sum())) / len(d)
    if error < SAME:
        return None, None
    half = float(stats.t.ppf(0.975, groups - 1)) * error
    return float(d.mean()) - half, float(d.mean()) + half


def sign_flip(d: "np.ndarray", clusters: Sequence[str]) -> tuple[float | None, str]:
    """Return the two-sided p-value of the sign-flip test of a zero mean, and the test's name.

    Exact up to 20 clusters that differ, else from 50,000 seeded sign patterns (never below 1 in
    50,001). None if no cluster differs.
    """
    sums = _cluster_sums(d, clusters)
    sums = sums[np.abs(sums) > SAME]
    if len(sums) == 0:
        return None, "no difference to test"
    observed = abs(float(sums.sum())) - SAME
    if len(sums) <= EXACT_UP_TO:
        totals = np.zeros(1)
        for value in sums:
            totals = np.concatenate([totals + value, totals - value])
        return float((np.abs(totals) >= observed).mean()), "sign-flip, exact"
    generator = np.random.default_rng(SEED)
    hits = 0
    for _ in range(10):
        signs = generator.choice([-1.0, 1.0], size=(RESAMPLES // 10, len(sums)))
        hits += int((np.abs(signs @ sums) >= observed).sum())
    return (hits + 1) / (RESAMPLES + 1), f"sign-flip, {RESAMPLES:,} resamples"


def sign_test(wins: int, losses: int) -> float | None:
    """Return the exact two-sided sign test over untied pairs; None without any."""
    if wins + losses == 0:
        return None
    return float(stats.binomtest(wins, wins + losses).pvalue)


def wilson(successes: int, n: int, effect: float = 1.0) -> Interval | None:
    """Return a rate with its 95 % Wilson interval; None if n is 0.

    Where cases come in clusters it is that of n / `effect` cases; see `design_effect`.
    """
    if n == 0:
        return None
    p, kept, z = successes / n, n / effect, float(stats.norm.ppf(0.975))
    middle = (p + z**2 / (2 * kept)) / (1 + z**2 / kept)
    half = z / (1 + z**2 / kept) * math.sqrt(p * (1 - p) / kept + z**2 / (4 * kept**2))
    return Interval(estimate=p, low=max(0.0, middle - half), high=min(1.0, middle + half))


def design_effect(successes: Sequence[int], sizes: Sequence[int]) -> float:
    """Return by how much clusters make the variance of a rate larger than lone cases would.

    Each cluster has `successes` of `sizes` cases. This is the d of Rao and Scott (1992), Biometrics
    48:577: v / (p(1-p)/n) with v = m/(m-1)·Σ(y - n_i·p)²/n² over m clusters; n/d is the effective
    number of cases. It is kept between 1 and Σn_i²/n, where all cases of a cluster come out alike
    (Kish 1965, Survey Sampling); that is also taken where all cases came out alike, or there is one
    cluster, since then nothing can be estimated. 1 without any case.
    """
    y, n_i = np.asarray(successes, dtype=float), np.asarray(sizes, dtype=float)
    n = float(n_i.sum())
    if not n:
        return 1.0
    largest = float((n_i**2).sum()) / n
    p, m = float(y.sum()) / n, len(n_i)
    if m < 2 or not 0 < p < 1:
        return largest
    variance = m / (m - 1) * float(((y - n_i * p) ** 2).sum()) / n**2
    return min(largest, max(1.0, variance * n / (p * (1 - p))))


def _cluster_sums(d: "np.ndarray", clusters: Sequence[str]) -> "np.ndarray":
    _, index = np.unique(np.asarray(clusters), return_inverse=True)
    return np.bincount(index, weights=d)
