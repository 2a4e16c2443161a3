"""Which formulas are weighted sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.checks.expression import evaluate, parse
from rft_core.rubric.foreign.formulas import extremes, weighted_sum


@pytest.mark.parametrize(
    ("formula", "weights", "constant"),
    [
        ("a", {"a": 1}, 0),
        ("0.6 * a + 0.4*b", {"a": 0.6, "b": 0.4}, 0),
        ("(2 * a - b + 1) / 3", {"a": 2, "b": -1}, 1),
        ("a / 4 + b * (3 - 1)", {"a": 0.25, "b": 2}, 0),
        ("-(a - 2*a)", {"a": 1}, 0),
        ("(a - 1) / -2", {"a": -1}, 1),
        ("0.5 * max(a, b) + c", {"a,b": 0.5, "c": 1}, 0),
    ],
)
def test_weights_are_read(formula: str, weights: dict[str, float], constant: float) -> None:
    found = weighted_sum(formula)
    assert found is not None
    assert {",".join(names): w for names, w in found.weights.items()} == pytest.approx(weights)
    assert found.constant == pytest.approx(constant)


@pytest.mark.parametrize(
    "formula",
    ["a * b", "a ^ 2", "min(a, b)", "sqrt(a)", "a / b", "a / 0", "1", "a - a", "", "a +", "a.b",
     "max(a)", "max(a, 2 * b)", "'a'", "True * a", "1e999 * a", "(" * 3000, "a" * 9000,
     "__import__('os')", "9" * 400 + " * a"],
)  # fmt: skip
def test_other_formulas_are_none(formula: str) -> None:
    assert weighted_sum(formula) is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_none(text: str) -> None:
    found = weighted_sum(text)
    assert found is None or found.weights


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        ("a + 3 * b * a", 0, 4),
        ("b * a - 2 * (1 - c)", -2, 1),
        ("a - a * b", 0, 1),
        ("max(a * b, 0.5 * c)", 0, 1),
        ("min(a, b) ^ 2 / 2", 0, 0.5),
        ("-2 * max(a, 2 * b) + 1", -3, 1),
        ("floor((a + b) / 2)", 0, 1),
        ("sqrt(a * b)", 0, 1),
        (" + ".join(f"a{n}" for n in range(30)), 0, 30),
    ],
)
def test_between_what_values_a_formula_lies(formula: str, low: float, high: float) -> None:
    assert extremes(formula) == pytest.approx((low, high))


@pytest.mark.parametrize(
    "formula",
    ["12 * a * (1 - a)", "a / b", "a / 0", "log(a)", "abs(a - b)", "(a - b) ^ 2", "2 ^ a"],
)
def test_where_its_values_lie_is_not_known(formula: str) -> None:
    assert extremes(formula) is None


TERMS = st.recursive(
    st.sampled_from(["a", "b", "c", "1", "2", "0.5"]),
    lambda inner: st.tuples(
        st.sampled_from(["({}+{})", "({}-{})", "({}*{})", "max({},{})", "min({},{})", "({}/{})",
                         "-{}*{}", "({}^{})", "sqrt({})*{}", "floor({})-{}", "exp({})*{}"]),
        inner, inner,
    ).map(lambda made: made[0].format(made[1], made[2])),
    max_leaves=8,
)  # fmt: skip


@given(TERMS, st.tuples(*[st.floats(0, 1)] * 3))
def test_no_value_of_a_formula_leaves_its_range(
    formula: str, values: tuple[float, float, float]
) -> None:
    found = extremes(formula)
    if found is None:
        return
    value = evaluate(parse(formula), dict(zip("abc", values, strict=True)))
    room = 1e-9 * max(1.0, abs(found.low), abs(found.high))
    assert found.low - room <= value <= found.high + room
