"""What decisions mean at the frequency of real use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.evaluation.in_use import in_use


def table(hits: int, real: int, false: int, others: int) -> list[dict[str, object]]:
    return [
        {"right": "block", "given": "block", "n": hits},
        {"right": "block", "given": "release", "n": real - hits},
        {"right": "release", "given": "block", "n": false},
        {"right": "release", "given": "release", "n": others - false},
    ]


def test_many_cases_give_bayes_rule() -> None:
    found = in_use(table(9_000, 10_000, 1_000, 20_000), "block", 0.02)
    exact = 100 * 0.02 * 0.9 / (0.02 * 0.9 + 0.98 * 0.05)
    assert found.right_of_given.estimate == pytest.approx(exact, abs=0.5)
    assert found.given_of_right.estimate == pytest.approx(90, abs=0.5)
    assert found.given_of_all.estimate == pytest.approx(100 * (0.018 + 0.049), abs=0.1)


def test_a_flawless_test_of_forty_does_not_promise_flawless_use() -> None:
    found = in_use(table(20, 20, 0, 40), "block", 0.01)
    low, high = found.right_of_given.low, found.right_of_given.high
    assert low is not None and high is not None
    assert found.right_of_given.estimate < 90
    assert low < 30 and high > 95


def test_the_same_counts_say_less_where_the_label_is_rare() -> None:
    shares = [in_use(table(18, 20, 2, 40), "Block", p).right_of_given.estimate
              for p in (0.3, 0.1, 0.01)]  # fmt: skip
    assert shares[0] > shares[1] > shares[2]


def test_a_label_that_was_never_given_is_said_to_be() -> None:
    assert not in_use(table(0, 20, 0, 40), "block", 0.1).ever_given
    assert in_use(table(0, 20, 1, 40), "block", 0.1).ever_given


@pytest.mark.parametrize("frequency", [0, 1, -0.1, 1.5])
def test_a_frequency_that_leaves_nothing_to_tell_apart_is_refused(frequency: float) -> None:
    with pytest.raises(InputError, match="above 0 and below 100"):
        in_use(table(18, 20, 2, 40), "block", frequency)


def test_a_test_without_the_label_or_with_nothing_else_says_so() -> None:
    with pytest.raises(InputError, match='No test case has "call"'):
        in_use(table(18, 20, 2, 40), "call", 0.1)
    with pytest.raises(InputError, match='Every test case has "block"'):
        in_use(table(18, 20, 0, 0), "block", 0.1)


@given(
    hits=st.integers(0, 30), misses=st.integers(0, 30), false=st.integers(0, 30),
    sound=st.integers(0, 30), frequency=st.floats(0.001, 0.999),
)  # fmt: skip
def test_ranges_hold_their_estimate_and_stay_within_100(
    hits: int, misses: int, false: int, sound: int, frequency: float
) -> None:
    if not hits + misses or not false + sound:
        return
    found = in_use(table(hits, hits + misses, false, false + sound), "block", frequency)
    for interval in (found.right_of_given, found.given_of_right, found.given_of_all):
        assert interval.low is not None and interval.high is not None
        assert 0 <= interval.low <= interval.estimate <= interval.high <= 100
