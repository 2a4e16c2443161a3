"""Trap answers: which slip through, and that the remedy closes the hole."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.examples.folder import read_project
from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.fooling import MINDS_LENGTH, Caught, drawn_out_answers, spring
from rft_core.rubric.partial_tricks import SLIPS_AT
from rft_core.rubric.traps import TRAPS, cases_of
from rft_core.settings import samples_folder
from tests.models.grader_server import GraderServer

WORDS = {"yes": "leaking roof", "no": "clean windows", "unclear": "a faded stamp"}
CASES = [
    Example(
        id=f"t{i}",
        prompt=f"Report {i} of the surveyor mentions {WORDS[right]} and many other things.",
        reference=f"Because of {WORDS[right]}.\nCovered: {right}",
        fields={"covered": right, "words": [WORDS[right]]},
        split="train",
    )
    for i, right in enumerate(["yes", "no", "unclear", "yes", "no"])
]
LABELS = list(WORDS)


def rubric(*criteria: tuple[float, dict[str, Any]]) -> Rubric:
    return Rubric(
        criteria=tuple(
            Criterion(id=f"c{i}", text="x", points=points, aspect="substance",
                      check=CheckSpec(**check))
            for i, (points, check) in enumerate(criteria)
        )
    )  # fmt: skip


def caught(made: Rubric, cases: Sequence[Example] = CASES) -> dict[str, Caught]:
    return {one.name: one for one in spring(made, cases)}


LABEL = {"kind": "label", "labels": LABELS, "field": "covered", "line": "Covered"}
ANY_LABEL = {"kind": "contains_any", "phrases": LABELS}
KEY_WORDS = {"kind": "contains_all", "field": "words"}
LAYOUT = {"kind": "pattern", "pattern": "(?s).*Covered: .*"}


def test_a_rubric_that_asks_for_the_right_label_lets_nothing_through() -> None:
    found = caught(rubric((5, LABEL), (1, LAYOUT)))
    assert set(found) == set(TRAPS)
    assert not [one.name for one in found.values() if one.slips or one.remedy]


@pytest.mark.parametrize(
    ("criteria", "through"),
    [
        ([(1, ANY_LABEL)], {"all_choices", "negated", "stuffed", "wrong", "other"}),
        ([(1, KEY_WORDS)], {"all_choices", "negated", "case", "long", "stuffed"}),
        ([(1, LAYOUT)], {"all_choices", "negated", "wrong", "other"}),
        ([(1, LABEL), (3, LAYOUT)], {"all_choices", "negated", "wrong", "other"}),
    ],
)
def test_what_slips_through_follows_from_what_is_paid_for(
    criteria: list[tuple[float, dict[str, Any]]], through: set[str]
) -> None:
    made = rubric(*criteria)
    found = caught(made)
    assert {one.name for one in found.values() if one.slips} == through
    for one in found.values():
        assert one.slips == (one.share >= SLIPS_AT)
        if one.slips:
            assert one.paid_by, "it says which criterion paid"
            assert one.remedy is not None
            assert not caught(made.with_criterion(one.remedy))[one.name].slips


def test_the_remedy_costs_as_few_points_as_do() -> None:
    made = rubric((4, LAYOUT))
    remedy = caught(made)["wrong"].remedy
    assert remedy is not None
    assert remedy.check.kind == "label"
    less = remedy.with_changes(points=remedy.points - 1)
    assert less.points
    assert caught(made.with_criterion(less))["wrong"].slips


def test_the_remedy_may_be_more_points_for_what_is_there() -> None:
    made = rubric((1, LABEL), (3, LAYOUT))
    remedy = caught(made)["wrong"].remedy
    assert remedy == made.criteria[0].with_changes(points=4)


def test_a_free_text_that_nothing_here_can_check_has_no_remedy() -> None:
    cases = [
        Example(id=f"f{i}", prompt=f"case {i}", reference=f"answer {word}", split="train")
        for i, word in enumerate(["one", "two", "three"])
    ]
    found = caught(rubric((1, {"kind": "contains_any", "phrases": ["answer"]})), cases)
    assert found["other"].slips
    assert found["other"].remedy is None


def test_without_expert_answers_there_is_nothing_to_compare() -> None:
    assert spring(rubric((1, LABEL)), [c.with_changes(reference=None) for c in CASES]) == []
    assert spring(rubric((1, LABEL)), []) == []


@pytest.mark.parametrize("name", ["finance", "legal", "healthcare", "insurance"])
def test_no_trap_slips_through_in_a_sample(name: str) -> None:
    files = read_project(samples_folder() / name)
    found = caught(files.rubric, [e for e in files.examples if e.split == "train"])
    assert set(found) == set(TRAPS)
    assert max(one.share for one in found.values()) < SLIPS_AT


def test_a_right_answer_drawn_out_keeps_all_where_nothing_minds_length() -> None:
    made = rubric((5, LABEL), (1, KEY_WORDS))
    found = drawn_out_answers(made, CASES)
    assert found is not None
    assert found.share == 1
    assert found.remedy is not None
    assert found.remedy.check.kind == "length"
    with_it = drawn_out_answers(made.with_criterion(found.remedy), CASES)
    assert with_it is not None
    assert with_it.share == pytest.approx(6 / 7), "the limit of length is all that it loses"
    assert with_it.remedy is None
    assert drawn_out_answers(made, []) is None


@pytest.mark.parametrize("name", ["finance", "legal", "healthcare", "insurance"])
def test_a_right_answer_drawn_out_loses_something_in_a_sample(name: str) -> None:
    files = read_project(samples_folder() / name)
    found = drawn_out_answers(files.rubric, [e for e in files.examples if e.split == "train"])
    assert found is not None
    assert SLIPS_AT < found.share < MINDS_LENGTH
    assert found.remedy is None


def test_the_right_choice_is_negated_outside_of_quotations() -> None:
    quoted = CASES[0].with_changes(reference='Quote: "yes, it leaks"\nCovered: yes')
    found = caught(rubric((5, LABEL), (1, KEY_WORDS)), [quoted, *CASES[1:]])["negated"]
    assert not found.slips
    assert caught(rubric((5, ANY_LABEL)))["negated"].slips
    made = TRAPS["negated"][1](cases_of([quoted, *CASES[1:]], 1)[0])
    assert made == 'Quote: "yes, it leaks"\nCovered: not yes'


@given(
    st.lists(
        st.builds(
            Example,
            id=st.uuids().map(str), prompt=st.text(max_size=80),
            reference=st.one_of(st.none(), st.text(max_size=80)),
            fields=st.dictionaries(
                st.sampled_from(["covered", "words", "n"]),
                st.one_of(st.text(max_size=9), st.lists(st.text(max_size=9), max_size=3),
                          st.integers(), st.none(), st.booleans()),
                max_size=3,
            ),
            split=st.just("train"),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_any_cases_can_be_tried(cases: list[Example]) -> None:
    made = rubric((2, LABEL), (1, KEY_WORDS), (-1, ANY_LABEL))
    for one in (*spring(made, cases), drawn_out_answers(made, cases)):
        assert one is None or one.share >= 0


def test_the_answer_to_another_case_is_a_wrong_one_where_there_is_any() -> None:
    same = CASES[0].with_changes(id="same", reference="Covered: yes\nBecause it leaks.")
    first = cases_of([CASES[0], same, *CASES[1:]], 1)[0]
    assert first.others[0].fields["covered"] != "yes"
    assert first.others[-1].fields == CASES[0].fields


def test_an_ai_grader_is_asked_about_traps_only_where_that_is_wanted(
    ai_grader: GraderServer,
) -> None:
    ai_grader.rule = lambda asked: "Covered:" in asked.answer
    made = rubric((5, {"kind": "judge", "question": "Does it say what is covered?"}))
    assert spring(made, CASES) == [] and ai_grader.asked == []
    found = {one.name: one for one in spring(made, CASES, asking=True)}
    assert {name for name, one in found.items() if one.slips} == {
        "wrong",
        "other",
        "all_choices",
        "negated",
    }
    assert found["wrong"].remedy is not None
    answers = {(one.case, one.answer) for one in ai_grader.asked}
    assert len(ai_grader.asked) == len(answers), "nothing is asked twice"


FIRMS = [
    Example(
        id=f"p{i}",
        prompt=f"Firm {i}: debt of {debt} times its earnings, {word} than a year ago.",
        reference=f"Net debt: {debt}x\nTrend: {trend}\nRisk: The lender may ask firm {i} for more",
        fields={"debt": debt, "trend": trend, "risk": f"The lender may ask firm {i} for more"},
        split="train",
    )
    for i, (debt, trend, word) in enumerate(
        [("3.1", "worse", "more"), ("2.4", "better", "less"), ("4.0", "flat", "no more"),
         ("1.8", "worse", "more"), ("5.2", "better", "less")]
    )
]  # fmt: skip
TREND = {"kind": "label", "labels": ["worse", "better", "flat"], "field": "trend", "line": "Trend"}
DEBT = {"kind": "number", "field": "debt", "line": "Net debt"}
RISK = {"kind": "overlap", "metric": "rouge_1", "field": "risk", "line": "Risk"}


def test_a_trick_that_changes_one_value_of_several_is_judged_by_the_points_for_it() -> None:
    found = caught(rubric((5, TREND), (5, DEBT), (3, RISK)), FIRMS)
    negated = found["negated"]
    assert negated.is_partial and not negated.slips
    assert negated.whole == pytest.approx(8 / 13), "the ratio and the risk stay right"
    assert negated.share == 0
    assert not found["other"].is_partial, "nothing of that is right"


def test_a_trick_keeps_half_of_nothing_where_no_criterion_minds_what_it_changes() -> None:
    made = rubric((5, DEBT), (3, RISK))
    negated = caught(made, FIRMS)["negated"]
    assert negated.slips and negated.remedy is not None
    assert (negated.remedy.check.parameters["field"], negated.remedy.points) == ("trend", 1)
    assert not caught(made.with_criterion(negated.remedy), FIRMS)["negated"].slips


def test_reasons_beside_a_lone_decision_do_not_lower_what_a_wrong_one_may_keep() -> None:
    made = rubric((5, TREND), (6, RISK))
    negated = caught(made, FIRMS)["negated"]
    assert not negated.is_partial and negated.slips
    assert negated.share == negated.whole == pytest.approx(6 / 11)
    assert negated.remedy == made.criteria[0].with_changes(points=7)


def _leverage(example_id: str, ratio: str, value: object, flag: str, reason: str) -> Example:
    return Example(
        id=example_id, prompt=f"Paragraph {example_id}",
        reference=f"Leverage: {ratio}\nFlag: {flag}\nReason: {reason}",
        fields={"leverage": value, "flag": flag},
    )  # fmt: skip


@pytest.mark.parametrize("has_form", [True, False])
def test_a_wrong_value_stands_on_its_own_line_and_is_written_as_the_right_one_was(
    has_form: bool,
) -> None:
    form = (
        AnswerPart(kind="number", label="Leverage", field="leverage"),
        AnswerPart(kind="choice", label="Flag", field="flag", options=("none", "escalate")),
        AnswerPart(kind="free_text", label="Reason", field="reason"),
    )
    cases = cases_of(
        [
            _leverage("a", "3,0x", 3, "escalate", "They escalate it within 3 days."),
            _leverage("b", "3.9x (EUR 1,234m / EUR 316m)", 3.9, "none", "There is none."),
        ],
        2,
        form=form if has_form else (),
    )
    assert [TRAPS["wrong"][1](case) for case in cases] == [
        "Leverage: 3,9x\nFlag: none\nReason: They escalate it within 3 days.",
        "Leverage: 3x (EUR 1,234m / EUR 316m)\nFlag: escalate\nReason: There is none.",
    ]
