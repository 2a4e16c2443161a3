"""Sets of items and rankings."""

import pytest

from rft_core.checks import Unscored, build, collection
from rft_core.checks.wording import tokens
from rft_core.records import CheckSpec, Example


def grade(answer, expected, **check):
    fields = {} if expected is None else {"items": expected}
    return build(CheckSpec(**{"field": "items", **check})).grade(
        answer, Example(id="e", prompt="case", fields=fields)
    )


@pytest.mark.parametrize(
    ("answer", "metric", "value"),
    [
        ("a, b, c", "f1", 1),
        ("A; B\nC", "f1", 1),
        ("a, b and c.", "f1", 1),
        ("Items: a, b, and c", "f1", 1),
        ("- a\n- b\n- c", "f1", 1),
        ("1. a\n2) b\n(3) c", "f1", 1),
        ("a, a, a, b, c", "f1", 1),
        ("a, b", "f1", 0.8),
        ("a, b", "precision", 1),
        ("a, b", "recall", 2 / 3),
        ("a, b, x, y", "precision", 0.5),
        ("a, b, c, x", "recall", 1),
        ("x", "f1", 0),
        ("", "f1", 0),
        ("", "precision", 0),
        ("", "recall", 0),
    ],
)
def test_set(answer, metric, value):
    verdict = grade(answer, ["a", "b", "c"], kind="set", metric=metric)
    assert verdict.value == pytest.approx(value)


def test_an_expected_item_may_hold_a_separator():
    expected = ["salt and pepper", "Smith, John", "oil"]
    assert grade("oil, salt and pepper; Smith, John", expected, kind="set").value == 1


def test_expected_items_may_be_written_as_a_text():
    assert grade("b, a", "a; b", kind="set").value == 1


@pytest.mark.parametrize(("answer", "value"), [("None.", 1), ("", 0), ("a", 0), ("none, a", 0)])
def test_where_nothing_is_expected_the_answer_must_say_so(answer, value):
    assert grade(answer, [], kind="set").value == value


def test_set_reads_a_named_line():
    assert grade("Codes: a, b\nWhy: c, d", ["a", "b"], kind="set", line="Codes").value == 1


def test_set_says_what_is_missing():
    verdict = grade("a, x", ["a", "b"], kind="set")
    assert verdict.reason == '1 of 2 expected items, 1 others; lacks "b".'


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("Marfan syndrome, flu, gout", 1),
        ("flu > marfan SYNDROME > gout", 1 / 2),
        ("1. flu\n2. gout\n3. Marfan syndrome (likely)", 1 / 3),
        ("Most likely first:\n1. Marfan syndrome: tall, lens\n2. flu", 1),
        ("1. flu 2. Marfan syndrome 3. gout", 1 / 2),
        ("- flu\n- Marfan syndrome – tall", 1 / 2),
        ("flu\nMarfan syndrome", 1 / 2),
        ("Diagnoses: Marfan syndrome; flu", 1),
        ("flu, flu, Marfan syndrome", 1 / 2),
        ("**Marfan syndrome**", 1),
        ("flu, gout", 0),
        ("not Marfan syndrome", 0),
        ("", 0),
    ],
)
def test_ranked(answer, value):
    assert grade(answer, "Marfan syndrome", kind="ranked").value == pytest.approx(value)


def test_any_acceptable_item_counts():
    assert grade("gout, flu", ["flu", "influenza"], kind="ranked").value == 0.5


@pytest.mark.parametrize(
    ("answer", "value"),
    [("flu, made up", 0.75), ("made up, flu", 0.25), ("x, y, z, flu", 0), ("gout, flu", 0.5)],
)
def test_unknown_items_cost(answer, value):
    verdict = grade(answer, "flu", kind="ranked", known=["flu", "gout"])
    assert verdict.value == pytest.approx(value)


@pytest.mark.parametrize(("kind", "expected"), [("set", None), ("ranked", None), ("ranked", [])])
def test_a_missing_expectation_is_unscored(kind, expected):
    with pytest.raises(Unscored):
        grade("a", expected, kind=kind)


GENES = ["FBN1", "TGFBR1/2", "CBS"]
PANEL = {"kind": "ranked", "field": "gene", "known": GENES, "alone": ["cannot tell"],
         "line": "Genes"}  # fmt: skip


def ranked(answer, right):
    case = Example(id="e", prompt="case", fields={"gene": right})
    return build(CheckSpec(**PANEL)).grade(answer, case).value


@pytest.mark.parametrize(
    ("answer", "right", "value"),
    [
        ("Genes: CBS, FBN1", "CBS", 1),
        ("Genes: FBN1, CBS", "CBS", 0.5),
        ("Genes: cannot tell", "cannot tell", 1),
        ("Genes: Cannot tell.", "cannot tell", 1),
        ("Genes: cannot tell, FBN1", "cannot tell", 0),
        ("Genes: FBN1, cannot tell", "FBN1", 0),
        ("Genes: FBN1", "cannot tell", 0),
    ],
)
def test_an_item_that_must_stand_alone_is_wrong_beside_others(answer, right, value):
    assert ranked(answer, right) == value


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        ("Genes: tgfbr1/2, CBS", "TGFBR1/2"),
        ("Genes: FBN3, CBS", None),
        ("Genes: cannot tell", "cannot tell"),
        ("Genes: cannot tell, CBS", None),
        ("", None),
    ],
)
def test_the_first_item_is_what_a_ranking_decides(answer, first):
    assert build(CheckSpec(**PANEL)).decided(answer) == first


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Genes: CBS, FBN1", 0),
        ("Genes: cbs > fbn1", 0),
        ("Genes: cannot tell", 0),
        ("Genes: CBS, FBN3", 1),
        ("Genes: TGFBR1", 1),
        ("Genes:", 0),
        ("", 0),
    ],
)
def test_an_unknown_item_is_a_fault(answer, found):
    check = CheckSpec(kind="unknown_item", known=[*GENES, "cannot tell"], line="Genes")
    assert build(check).grade(answer, Example(id="e", prompt="case")).value == found


def test_an_answer_is_taken_apart_once_for_all_items_with_an_and(monkeypatch):
    read = []
    monkeypatch.setattr(collection, "tokens", lambda text: read.append(text) or tokens(text))
    answer = "salt and pepper, oil and vinegar"
    items = [f"salt and {n}" for n in range(200)] + ["salt and pepper", "oil and vinegar"]
    assert grade(answer, items, kind="set", metric="precision").value == 1
    assert sum("pepper, oil" in text or "pepper , oil" in text for text in read) == 1
