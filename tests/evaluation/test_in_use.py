"""What decisions mean at the frequency of real use."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.evaluation.in_use import in_use
from rft_core.evaluation.report import decision
from rft_core.records import CheckSpec, Criterion, Example, Rubric


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


def in_pairs(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return a table whose cases come in pairs of one cluster."""
    return [
        cell | {"clusters": [f"{place}-{i // 2}" for i in range(int(str(cell["n"])))]}
        for place, cell in enumerate(found)
    ]


def test_pairs_of_cases_that_come_out_alike_say_no_more_than_half_as_many_cases() -> None:
    lone, half = table(16, 20, 4, 40), table(8, 10, 2, 20)
    found, apart, fewer = (in_use(t, "block", 0.1) for t in (in_pairs(lone), lone, half))
    for part in ("right_of_given", "given_of_right", "given_of_all"):
        wide, narrow, alike = (getattr(one, part) for one in (found, apart, fewer))
        assert wide.high - wide.low > 1.1 * (narrow.high - narrow.low)
        assert wide.estimate == pytest.approx(alike.estimate, abs=1)
        assert wide.high - wide.low == pytest.approx(alike.high - alike.low, rel=0.06)


def test_clusters_of_one_case_change_nothing() -> None:
    lone = table(16, 20, 4, 40)
    named = [cell | {"clusters": [f"{i}-{j}" for j in range(int(str(cell["n"])))]}
             for i, cell in enumerate(lone)]  # fmt: skip
    assert in_use(named, "block", 0.1) == in_use(lone, "block", 0.1)


def test_pairs_of_which_one_is_right_and_one_wrong_do_not_narrow_the_range() -> None:
    mixed = [
        {"right": "block", "given": "block", "n": 10, "clusters": list(range(10))},
        {"right": "block", "given": "release", "n": 10, "clusters": list(range(10))},
        {"right": "release", "given": "release", "n": 40, "clusters": list(range(10, 50))},
    ]
    assert in_use(mixed, "block", 0.1) == in_use(table(10, 20, 0, 40), "block", 0.1)


def test_intervals_of_pairs_hold_what_is_true_more_often_than_those_of_lone_cases() -> None:
    """200 tests of 20 pairs, in which the two of a pair come out alike, as twins do."""
    generator = np.random.default_rng(7)
    held = {"pairs": 0, "lone": 0}
    for _ in range(200):
        hits = 2 * int(generator.binomial(20, 0.7))
        lone = table(hits, 40, 5, 40)
        for name, one in (("pairs", in_pairs(lone)), ("lone", lone)):
            interval = in_use(one, "block", 0.1).given_of_right
            held[name] += interval.low <= 70 <= interval.high
    assert held["pairs"] >= 186, held
    assert held["lone"] <= 175, held


def test_a_label_that_was_never_given_is_said_to_be() -> None:
    none, one, three = (in_use(table(0, 20, n, 40), "block", 0.1) for n in (0, 1, 3))
    assert (none.times_given, one.times_given, three.times_given) == (0, 1, 3)
    assert "marked none" in none.sentence("alerts")
    assert "only 1 of the test cases “block”: too few" in one.sentence("alerts")
    assert "Of 100 alerts that it marks “block”" in three.sentence("alerts")


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


def test_a_report_tells_which_cases_are_alike_and_counts_them_so() -> None:
    check = CheckSpec(kind="label", labels=["block", "release"], field="decision")
    decides = Criterion(id="d", text="Decides", points=5, aspect="substance", check=check)
    cases = [
        Example(id=f"c{i}", prompt="?", fields={"decision": "block" if i < 8 else "release"},
                cluster=f"g{i // 2}", split="heldout")
        for i in range(16)
    ]  # fmt: skip
    answers = {c.id: {"answer": "block" if i < 6 else "release"} for i, c in enumerate(cases)}
    alone = [c.with_changes(cluster=None) for c in cases]
    rubric = Rubric(criteria=(decides,))
    pairs, lone = (decision({"tuned": answers}, rubric, e) for e in (cases, alone))
    assert pairs is not None and lone is not None
    paired, apart = (found["models"]["tuned"] for found in (pairs, lone))
    assert (paired["right"], paired["n"]) == (apart["right"], apart["n"]) == (14, 16)
    assert [cell["clusters"] for cell in paired["table"]] == [
        [0, 0, 1, 1, 2, 2], [3, 3], [4, 4, 5, 5, 6, 6, 7, 7],
    ]  # fmt: skip
    assert paired["accuracy"]["low"] < apart["accuracy"]["low"] - 0.05
    wide, narrow = (in_use(one["table"], "block", 0.1).given_of_right for one in (paired, apart))
    assert wide.low < narrow.low
