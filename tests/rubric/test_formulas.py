"""Which formulas are weighted sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.rubric.foreign.formulas import weighted_sum


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
