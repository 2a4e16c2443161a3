"""Formulas over other criteria: what can be written, what they come to, what they cannot do."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rft_core.checks import Unscored, build
from rft_core.checks.expression import (
    MAX_FORMULA_CHARS,
    NoFormula,
    NoValue,
    evaluate,
    names,
    parse,
    renamed,
    written,
)
from rft_core.checks.formula import Part, formula_of, shape_of
from rft_core.errors import InputError
from rft_core.records import CheckSpec


def formula(text):
    return build(CheckSpec(kind="formula", formula=text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 - 2 - 3", -4),
        ("8 / 4 / 2", 1),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("2 ^ 3 ^ 2", 512),
        ("-2 ^ 2", -4),
        ("2 ^ -1", 0.5),
        ("--1 - -+2", 3),
        (".5 + 1. + 1e-1", 1.6),
        ("min(3, a, 2) + max(a, b)", 0.5 + 0.75),
        ("min(a)", 0.5),
        ("abs(-a) + floor(1.9) + ceil(1.1)", 3.5),
        ("exp(0) + sqrt(4) + log(exp(2))", 5),
        ('"2nd rule" * "max" * max', 0.25 * 0.75 * 0.75),
        (" a\n*\tb ", 0.375),
        ("é_2 + a", 1.5),
    ],
)
def test_it_is_computed_as_written(text, value):
    values = {"a": 0.5, "b": 0.75, "2nd rule": 0.25, "max": 0.75, "é_2": 1.0}
    assert evaluate(parse(text), values) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("a +", "ends too early"),
        ("a b", '"b" stands where it cannot'),
        ("* a", '"\\*" stands where it cannot'),
        ("(a", r'"\)" is missing at the end'),
        ("min(a b)", r'"\)" is missing before "b"'),
        ("sqrt(a, b)", "takes one value, not 2"),
        ("min()", "stands where it cannot"),
        ("eval(a)", '"eval" is no function'),
        ("a.b", "cannot be read"),
        ("a ** b", "stands where it cannot"),
        ("a if b else c", "stands where it cannot"),
        ("'a'", "cannot be read"),
        ("[a for a in b]", "cannot be read"),
        ('"a', "cannot be read"),
        ("9e999 * a", "too large"),
        ("(" * 100 + "a" + ")" * 100, "inside brackets"),
        ("-" * 500 + "a", "inside brackets"),
        ("a^" * 300 + "a", "inside brackets"),
        ("a+" * MAX_FORMULA_CHARS + "a", "longer than"),
    ],
)
def test_anything_else_is_refused_with_the_reason(text, why):
    with pytest.raises(NoFormula, match=why):
        parse(text)


def test_a_long_sum_is_no_deep_one():
    assert evaluate(parse("a+" * 2_000 + "a"), {"a": 1.0}) == 2_001


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 / (a - a)", "divides by 0"),
        ("log(a - a)", "does not exist"),
        ("log(-a)", "does not exist"),
        ("sqrt(-a)", "does not exist"),
        ("(-a) ^ 0.5", "does not exist"),
        ("(a - a) ^ -1", "does not exist"),
        ("exp(exp(exp(9)))", "too large"),
        ("10 ^ 999 * a", "too large"),
        ("9e300 * 9e300 - 9e300 * 9e300", "too large"),
        ("floor(9e300 * 9e300)", "too large"),
    ],
)
def test_what_has_no_value_is_said(text, why):
    with pytest.raises(NoValue, match=why):
        evaluate(parse(text), {"a": 1.0})


PIECES = st.sampled_from(
    ["a", "b", '"c d"', "min", "max(", "log(", "exp(", "sqrt(", "floor(", "(", ")", ",", "+", "-",
     "*", "/", "^", "0", "1", "9e300", "1e-300", ".5", " ", "é", "\x00", "\ud800"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    text=st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60),
    value=st.floats(0, 1) | st.none(),
)
@example(text="a" + "*9e300" * 9, value=0.5)
def test_any_text_is_refused_or_comes_to_a_value_from_0_to_1_or_is_unscored(text, value):
    try:
        check = formula(text)
    except InputError as error:
        assert error.message.startswith('The check "Several criteria together" cannot be used: ')
        return
    values = dict.fromkeys(check.parts, value)
    try:
        found, reason = check.computed(values)
    except Unscored as failure:
        assert str(failure).endswith(".")
    else:
        assert 0 <= found <= 1
        assert reason.endswith(".")


@settings(max_examples=100)
@given(
    name=st.text(min_size=1, max_size=12),
    other=st.sampled_from(["min(a, a, {0})", "-{0} ^ 2 + a", "({0}/2)"]),
)
def test_any_name_that_can_stand_in_a_formula_is_read_as_it_is(name, other):
    try:
        text = other.format(written(name))
    except NoFormula:
        assert '"' in name or "\n" in name
        return
    assert name in names(parse(text))
    assert renamed(text, {name: "a"}) == other.format("a")


def test_names_are_replaced_all_at_once_and_the_rest_stays():
    text = 'max( a ,"b c") * max - a2 * a'
    swapped = renamed(text, {"a": "max", "max": "a", "b c": "(1 - d)"})
    assert swapped == "max( max ,(1 - d)) * a - a2 * max"


@pytest.mark.parametrize("shape", ["all", "best", "average"])
@pytest.mark.parametrize(
    "parts", [[Part("a")], [Part("a"), Part("2 b", True)], [Part("c", True), Part("a"), Part("b")]]
)
def test_ready_made_formulas_are_recognised(shape, parts):
    assert shape_of(parse(formula_of(shape, parts))) == (shape, parts)


@pytest.mark.parametrize(
    "text", ["a", "a * b", "min(a, 2)", "(a + b) / 3", "(a - b) / 2", "max(a, 2 - b)", "min(a) * 1"]
)
def test_other_formulas_are_no_ready_made_ones(text):
    assert shape_of(parse(text)) is None


def test_the_sentence_names_the_rules_and_says_what_counts():
    texts = {"right": "Makes the right decision", "slang": "Uses slang"}
    assert formula("min(right, 1 - slang)").described({}) == (
        'Earns as much as the least met of "right" and avoiding "slang".'
    )
    assert formula("(right + slang) / 2").described(texts) == (
        'Earns the average of "Makes the right decision" and "Uses slang".'
    )
    free = formula("right ^ 2 *\n(1 - slang)").described(texts)
    assert '"Makes the right decision" ^ 2 * (1 - "Uses slang")' in free
    assert "how far that rule is met" in free


def test_a_part_that_could_not_be_graded_leaves_it_unscored():
    check = formula("max(a, b)")
    assert check.computed({"a": 1.0, "b": 0.5}).value == 1
    with pytest.raises(Unscored, match=r'needs "b", which could not be graded\.'):
        check.computed({"a": 1.0, "b": None})
    with pytest.raises(Unscored, match=r'needs "b", which does not count for this case\.'):
        check.computed({"a": 1.0})
    with pytest.raises(Unscored, match='needs "a"'):
        formula("a / b").computed({"a": None, "b": 0.0})


@pytest.mark.parametrize("text", ["a / b", "a * log(b)", "a * b ^ -1"])
def test_an_answer_whose_values_leave_the_formula_without_one_earns_nothing(text):
    verdict = formula(text).computed({"a": 1.0, "b": 0.0})
    assert verdict.value == 0
    assert verdict.reason.startswith("The formula has no value here: it ")


def test_values_that_leave_a_formula_without_one_are_found():
    assert formula("a / (1 - b)").gap().values == {"a": 0.0, "b": 1.0}
    assert formula("a / (1 + b)").gap() is None
    many = " + ".join(f"a{n}" for n in range(40))
    assert formula(f"1 / ({many})").gap().why == "it divides by 0"


def test_a_value_beyond_0_to_1_is_kept_within_and_said():
    verdict = formula("3 * a - 1").computed({"a": 1.0})
    assert verdict.value == 1
    assert verdict.reason == 'Comes to 2, counted as 1, from 1 for "a".'
    assert formula("-a").computed({"a": 0.5}).value == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [("1 + 1", "names no criterion"), ("a +", "ends too early"), ("", "the formula is empty")],
)
def test_a_bad_formula_is_a_sentence(text, message):
    with pytest.raises(InputError, match=message):
        formula(text)


def test_reasons_call_the_parts_by_their_rules():
    texts = {"a": "Names the date", "b": "Names the sum"}
    said = formula("(a + b) / 2").computed({"a": 1.0, "b": 0.0}, texts).reason
    assert said == 'Comes to 0.5, from 1 for "Names the date" and 0 for "Names the sum".'
    with pytest.raises(Unscored, match='needs "Names the sum", which could not be graded'):
        formula("min(a, b)").computed({"a": 1.0, "b": None}, texts)
