"""The score: its formula, the 80 % rule, aspects, groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.records import CheckSpec, Criterion
from rft_core.rubric.scoring import (
    comparable_scores,
    coverage,
    empty_share,
    mean_score,
)
from rft_core.rubric.scoring import score as score_of


def criteria(*points, aspects=None):
    aspects = aspects or ["substance"] * len(points)
    return [
        Criterion(id=f"c{i}", text="t", points=p, aspect=a, check=CheckSpec(kind="exact", text="x"))
        for i, (p, a) in enumerate(zip(points, aspects, strict=True))
    ]


def values(*given):
    return {f"c{i}": v for i, v in enumerate(given)}


@pytest.mark.parametrize(
    ("points", "given", "score"),
    [
        ((5, 5), (1, 1), 1),
        ((5, 5), (1, 0), 0.5),
        ((5, 5), (0.5, 0), 0.25),
        ((6, -2), (1, 0), 1),
        ((6, -2), (1, 1), 0.75),
        ((6, -2), (0, 0), 0.25),
        ((6, -2), (0, 1), 0),
        ((0.1, 0.2, -0.1), (1, 1, 0), 1),
    ],
)
def test_the_formula(points, given, score):
    assert score_of(values(*given), criteria(*points)) == pytest.approx(score)


@pytest.mark.parametrize(
    ("points", "given", "score"),
    [
        ((8, 2), (1, None), 1),
        ((8, 2), (0, None), 0),
        ((79, 21), (1, None), None),
        ((0.8, 0.2), (1, None), 1),
        ((1, -9), (None, 0), None),
        ((4, -1), (0.5, None), 0.5),
        ((5,), (None,), None),
        ((-5,), (0,), None),
        ((), (), None),
    ],
)
def test_unscored_leaves_the_formula_and_80_percent_must_be_scored(points, given, score):
    assert score_of(values(*given), criteria(*points)) == score


def test_a_criterion_without_a_value_is_unscored():
    assert score_of({"c0": 1.0}, criteria(5, 5)) is None


def test_an_aspect_is_scored_alone():
    rules = criteria(5, 2, -1, aspects=["substance", "form", "form"])
    assert score_of(values(0, 1, 0), rules, "substance") == 0
    assert score_of(values(0, 1, 0), rules, "form") == 1
    assert score_of(values(0, 1, 1), rules, "form") == pytest.approx(2 / 3)
    assert score_of(values(None, 1, 0), rules, "substance") is None
    assert score_of(values(1, 1, 0), criteria(5, 2, -1), "form") is None


def test_a_group_is_compared_on_what_all_answers_were_scored_on():
    rules = criteria(8, 2)
    assert comparable_scores([values(1, 0), values(1, None)], rules) == [1, 1]
    assert comparable_scores([values(1, 0), values(1, 1)], rules) == [0.8, 1]
    assert comparable_scores([values(1, 0), values(None, 1)], rules) == [None, None]
    assert comparable_scores([], rules) == []


def test_the_first_of_two_criteria_with_one_id_counts():
    twice = [*criteria(4), *criteria(2)]
    assert coverage({"c0": 1.0}, twice) == 1
    assert comparable_scores([{"c0": 0.5}], twice) == [0.5]


def test_coverage_and_empty_share():
    assert coverage(values(1, None), criteria(3, -1)) == 0.75
    assert coverage({}, []) == 0
    assert empty_share(criteria(10, -1, -2)) == pytest.approx(3 / 13)
    assert empty_share([]) == 0


POINTS = st.floats(-100, 100).filter(lambda p: abs(p) > 0.01)
VALUE = st.none() | st.floats(0, 1)


@given(st.lists(st.tuples(POINTS, VALUE), min_size=1, max_size=12))
def test_the_score_is_none_or_in_range(pairs):
    rules = criteria(*(p for p, _ in pairs))
    score = score_of(values(*(v for _, v in pairs)), rules)
    assert score is None or 0 <= score <= 1


@given(st.lists(st.tuples(POINTS, st.floats(0, 1)), min_size=1, max_size=8), st.data())
def test_meeting_more_never_lowers_the_score(pairs, data):
    rules = criteria(*(p for p, _ in pairs))
    before = values(*(v for _, v in pairs))
    i = data.draw(st.integers(0, len(pairs) - 1))
    better = before | {f"c{i}": 1.0 if pairs[i][0] > 0 else 0.0}
    low, high = score_of(before, rules), score_of(better, rules)
    assert low is None or high >= low - 1e-9


@pytest.mark.parametrize(
    ("points", "given", "score"),
    [
        ((6, -2), (1, 0), 1),
        ((6, -2), (1, 1), 4 / 6),
        ((6, -2), (0, 0), 0),
        ((6, -2), (0, 1), -2 / 6),
        ((8, 2), (1, None), 1),
        ((79, 21), (1, None), None),
        ((-5,), (0,), None),
    ],
)
def test_healthbenchs_formula(points, given, score):
    found = score_of(values(*given), criteria(*points), how="healthbench")
    assert found == (None if score is None else pytest.approx(score))


def test_only_the_mean_of_healthbenchs_scores_is_clipped():
    assert mean_score([1, -0.5, None], "healthbench") == 0.25
    assert mean_score([-1, -0.5], "healthbench") == 0
    assert mean_score([-1, -0.5]) == -0.75
    assert mean_score([None], "healthbench") is None


def test_an_empty_answer_is_spared_nothing_under_healthbench():
    assert empty_share(criteria(10, -1, -2), "healthbench") == 0


@given(st.lists(st.tuples(POINTS, st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8))
def test_both_scores_order_two_answers_alike(triples):
    rules = criteria(*(p for p, _, _ in triples))
    one, other = (values(*(t[i] for t in triples)) for i in (1, 2))
    usual = [score_of(v, rules) for v in (one, other)]
    theirs = [score_of(v, rules, how="healthbench") for v in (one, other)]
    if usual[0] is None:
        assert theirs == [None, None]
    elif abs(usual[0] - usual[1]) > 1e-6:
        assert (usual[0] > usual[1]) == (theirs[0] > theirs[1])
