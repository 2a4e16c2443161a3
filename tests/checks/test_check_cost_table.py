"""The cost of mistakes: a table of right label by given label, its grades and what is refused."""

import copy

import pytest

from rft_core.checks import Unscored, build
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Example

LABELS = ["release", "call", "call back", "block"]
TABLE = {
    "release": {"release": 1, "call": 0.8, "call back": 0.8, "block": 0.5},
    "call": {"release": 0, "call": 1, "call back": 0.9, "block": 0.6},
    "call back": {"release": 0, "call": 0.9, "call back": 1, "block": 0.6},
    "block": {"release": 0, "call": 0.6, "call back": 0.6, "block": 1},
}


def check(table=TABLE, **changes):
    parameters = {"labels": LABELS, "field": "decision", "line": "Decision", "table": table}
    return build(CheckSpec(kind="cost_table", **(parameters | changes)))


def grade(answer, right):
    return check().grade(answer, Example(id="e", prompt="case", fields={"decision": right}))


@pytest.mark.parametrize("right", LABELS)
@pytest.mark.parametrize("given", LABELS)
def test_each_cell_is_what_the_answer_keeps(right, given):
    assert grade(f"Decision: {given}", right).value == TABLE[right][given]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [("", "none of the choices"), ("Decision: perhaps", "none of the choices"),
     ("Decision: release or block", "more than one: release and block")],
)  # fmt: skip
def test_an_answer_without_one_label_keeps_nothing_even_where_no_mistake_costs_all(answer, reason):
    verdict = grade(answer, "release")
    assert verdict.value == 0
    assert reason in verdict.reason


def test_case_and_spaces_do_not_tell_labels_apart():
    assert grade("decision:  CALL   back", "Call  Back").value == 1
    folded = {"Release ": TABLE["release"], **{k: v for k, v in TABLE.items() if k != "release"}}
    case = Example(id="e", prompt="case", fields={"decision": "release"})
    assert check(folded).grade("Decision: call", case).value == 0.8


def test_a_case_whose_right_label_is_unknown_cannot_be_graded():
    with pytest.raises(Unscored):
        grade("Decision: block", "refuse")


def test_of_several_right_labels_the_best_counts():
    case = Example(id="e", prompt="case", fields={"decision": ["call", "release"]})
    assert check().grade("Decision: call back", case).value == 0.9


def changed(change):
    table = copy.deepcopy(TABLE)
    change(table)
    return table


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (changed(lambda t: t.pop("call")), 'no row for "call"'),
        (changed(lambda t: t["call"].pop("block")), 'row "call" has no points for "block"'),
        (changed(lambda t: t.update(refuse={})), 'row "refuse" is not among the choices'),
        (changed(lambda t: t["call"].update(refuse=0)), '"refuse" is not among the choices'),
        (changed(lambda t: t.update({"CALL ": t["call"]})), 'two rows for "CALL"'),
        (changed(lambda t: t["call"].update({"Block": 0})), 'two columns in the row "call"'),
        (changed(lambda t: t["call"].update(block=1.5)), "between 0 and 1"),
        (changed(lambda t: t["call"].update(block=-1)), "between 0 and 1"),
        (changed(lambda t: t["block"].update(block=0.5)), "would earn more than the right"),
        (changed(lambda t: t.update(block=dict.fromkeys(LABELS, 0))), "right answer earns nothing"),
        ({}, '"What each answer earns" is not filled in'),
    ],
)
def test_a_table_that_does_not_fit_is_refused_in_words(table, said):
    with pytest.raises(InputError) as caught:
        check(table)
    assert said in caught.value.message


def test_labels_that_differ_by_case_only_are_refused():
    with pytest.raises(InputError, match="are the same"):
        check(labels=[*LABELS, "Call"])


def test_the_dearest_mistakes_are_named_first():
    errors = check().named_errors()
    assert {(e.right, e.given) for e in errors[:3]} == {
        ("call", "release"), ("call back", "release"), ("block", "release"),
    }  # fmt: skip
    assert [e.cost for e in errors] == sorted((e.cost for e in errors), reverse=True)
    assert len(errors) == 12
    assert '"release" where "call" is right' in check().describe()
