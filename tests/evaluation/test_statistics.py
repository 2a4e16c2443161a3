"""The statistics say what a textbook would, and hold for clusters."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from rft_core.evaluation import statistics

LONE = [str(i) for i in range(100)]


def test_interval_is_the_paired_t_interval_without_clusters() -> None:
    d = [0.3, -0.1, 0.4, 0.2, 0.0, 0.5]
    result = statistics.paired(d, LONE[:6])
    expected = stats.t.interval(0.95, 5, loc=np.mean(d), scale=stats.sem(d))
    assert result is not None
    assert result.ci95 == pytest.approx(expected)
    assert (result.better, result.same, result.worse) == (4, 1, 1)


def test_exact_sign_flip_equals_enumeration() -> None:
    d = [0.3, -0.1, 0.4, 0.2]
    totals = [abs(sum(s * x for s, x in zip(p, d, strict=True)))
              for p in itertools.product((1, -1), repeat=4)]  # fmt: skip
    expected = sum(t >= sum(d) - 1e-9 for t in totals) / 16
    result = statistics.paired(d, LONE[:4])
    assert result is not None
    assert result.p == pytest.approx(expected)
    assert "exact" in result.test


def test_twins_that_move_together_count_once() -> None:
    d = [0.5, 0.2, 0.4, -0.1, 0.3, 0.1]
    twice = [x for x in d for _ in range(2)]
    alone = statistics.paired(d, LONE[:6])
    together = statistics.paired(twice, [str(i // 2) for i in range(12)])
    apart = statistics.paired(twice, LONE[:12])
    assert alone is not None and together is not None and apart is not None
    assert together.ci95 == pytest.approx(alone.ci95)
    assert together.p == pytest.approx(alone.p)
    assert apart.ci95[0] > together.ci95[0]


def test_equal_changes_give_no_interval() -> None:
    result = statistics.paired([0.2] * 8, LONE[:8])
    assert result is not None
    assert result.ci95 == (None, None)


def test_no_difference_cannot_be_tested() -> None:
    result = statistics.paired([0.0] * 8, LONE[:8])
    assert result is not None
    assert result.p is None
    assert result.same == 8
    assert statistics.paired([], []) is None


def test_resampled_p_is_close_to_the_t_test_and_repeatable() -> None:
    d = np.random.default_rng(1).normal(0.08, 0.3, 60)
    first = statistics.sign_flip(d, LONE[:60])
    assert first == statistics.sign_flip(d, LONE[:60])
    assert first[0] == pytest.approx(stats.ttest_1samp(d, 0).pvalue, abs=0.02)


def test_coverage_of_the_interval_at_ten_examples() -> None:
    generator = np.random.default_rng(3)
    draws = generator.choice([0.0, 0.0, 0.5, 1.0, -0.5], size=(1500, 10))
    inside = 0
    for d in draws:
        low, high = statistics.t_interval(d, LONE[:10])
        inside += low is not None and high is not None and low <= 0.2 <= high
    assert 0.92 <= inside / 1500 <= 0.98


def test_wilson_is_that_of_the_effective_number_of_cases() -> None:
    for right, n in ((0, 50), (16, 20), (20, 20)):
        expected = stats.binomtest(right, n).proportion_ci(method="wilson")
        found = statistics.wilson(right, n)
        assert found is not None
        assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    pairs, half = statistics.wilson(16, 20, 2.0), statistics.wilson(8, 10)
    assert pairs is not None and half is not None
    assert (pairs.low, pairs.high) == pytest.approx((half.low, half.high))


def test_wilson_of_nothing_found_reaches_about_three_over_n() -> None:
    interval = statistics.wilson(0, 50)
    assert interval is not None
    assert interval.low == 0
    assert 0.05 < interval.high < 0.08
    assert statistics.wilson(0, 0) is None


def test_sign_test_needs_six_decided_pairs() -> None:
    assert statistics.sign_test(5, 0) == pytest.approx(2 / 32)
    assert statistics.sign_test(6, 0) < 0.05
    assert statistics.sign_test(0, 0) is None
    assert math.isclose(statistics.sign_test(3, 3), 1.0)


WEIL_CONTROL = ([13, 12, 9, 9, 8, 8, 12, 11, 9, 9, 8, 11, 4, 5, 7, 7],
                [13, 12, 9, 9, 8, 8, 13, 12, 10, 10, 9, 13, 5, 7, 10, 10])  # fmt: skip
WEIL_TREATED = ([12, 11, 10, 9, 10, 9, 9, 8, 8, 4, 7, 4, 5, 3, 3, 0],
                [12, 11, 10, 9, 11, 10, 10, 9, 9, 5, 9, 7, 10, 6, 10, 7])  # fmt: skip


@pytest.mark.parametrize(
    ("litters", "effect"), [(WEIL_CONTROL, 1.232495), (WEIL_TREATED, 3.952861)]
)
def test_the_design_effect_is_that_of_rao_and_scott(
    litters: tuple[list[int], list[int]], effect: float
) -> None:
    """Pups of rats that survived, by litter: table 1 of their paper."""
    assert statistics.design_effect(*litters) == pytest.approx(effect, abs=1e-6)


def test_cases_that_come_out_alike_in_each_cluster_count_once() -> None:
    assert statistics.design_effect([2, 0, 2, 0, 0, 2], [2] * 6) == pytest.approx(2)


@pytest.mark.parametrize(
    ("successes", "sizes", "effect"),
    [([1, 0, 1], [1, 1, 1], 1), ([2, 2], [2, 2], 2), ([0, 0], [3, 3], 3), ([2], [5], 5),
     ([1, 1, 1], [2, 2, 2], 1), ([], [], 1)],
)  # fmt: skip
def test_the_design_effect_stays_between_lone_cases_and_clusters(
    successes: list[int], sizes: list[int], effect: float
) -> None:
    assert statistics.design_effect(successes, sizes) == pytest.approx(effect)
