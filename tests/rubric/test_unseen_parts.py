"""Parts of an answer that no criterion looks at."""

from collections.abc import Sequence
from typing import Any

import pytest

from rft_core.examples.folder import read_project
from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, ReviewRule, Rubric
from rft_core.rubric.from_form import rubric_of_form
from rft_core.rubric.lint import lint
from rft_core.rubric.unseen_parts import Kept, kept_with_others
from rft_core.settings import samples_folder

FORM = (
    AnswerPart(kind="choice", label="Our position", field="decision", options=("accept", "reject")),
    AnswerPart(kind="free_text", label="Reason", field="reason"),
)
REASONS = {
    "accept": "The notice period is usual because both sides have it.",
    "reject": "The cap is missing, see clause 9, because the supplier struck it.",
}
CASES = [
    Example(
        id=f"c{i}", prompt=f"Clause {i} of the agreement.",
        reference=f"Our position: {right}\nReason: {REASONS[right]}",
        fields={"decision": right}, split="train",
    )
    for i, right in enumerate(["accept", "reject", "accept", "reject"])
]  # fmt: skip
LABEL = {"kind": "label", "labels": ["accept", "reject"], "field": "decision"}
LAYOUT = {"kind": "pattern", "pattern": r"Our position: .+\nReason: [\s\S]+", "whole": True}


def rubric(*checks: dict[str, Any]) -> Rubric:
    return Rubric(
        criteria=tuple(
            Criterion(id=f"c{i}", text=f"rule {i}", points=2, aspect="substance",
                      check=CheckSpec(**check))
            for i, check in enumerate(checks)
        )
    )  # fmt: skip


def unseen(
    made: Rubric, form: Sequence[AnswerPart] = FORM, review: Sequence[ReviewRule] = (),
    cases: Sequence[Example] = CASES,
) -> list[str]:  # fmt: skip
    found = lint(made, cases, "", form, review)
    return [f.message for f in found if f.message.startswith("Nothing looks at")]


def test_a_reason_that_nothing_looks_at_is_found_with_what_to_do() -> None:
    made = rubric({**LABEL, "line": "Our position"}, LAYOUT, {"kind": "length", "max_words": 40})
    found = [f for f in lint(made, CASES, "", FORM) if "“Reason”" in f.message]
    assert [f.message for f in found] == [
        "Nothing looks at what is written as “Reason”, so any text there earns full points."
    ]
    assert found[0].severity == "warn"
    assert "your own review" in found[0].fix
    assert kept_with_others(made, CASES, FORM) == {"Reason": Kept(1.0, None)}


def test_a_reason_of_which_only_the_length_is_looked_at_is_said_so() -> None:
    made = rubric({**LABEL, "line": "Our position"},
                  {"kind": "length", "max_words": 40, "line": "reason"})  # fmt: skip
    found = [f for f in lint(made, CASES, "", FORM) if "“Reason”" in f.message]
    assert [f.message for f in found] == [
        "Only the length of “Reason” is looked at, not what it says: any text of that length "
        "earns full points."
    ]


def test_the_rubric_of_a_form_with_a_reason_says_so() -> None:
    assert unseen(Rubric(criteria=rubric_of_form(FORM, CASES)))


@pytest.mark.parametrize(
    "check",
    [
        {"kind": "contains_any", "phrases": ["because"]},
        {"kind": "contains_any", "phrases": ["notice", "cap"], "line": "Reason"},
        {"kind": "forbidden", "phrases": ["perhaps"], "line": "Reason"},
        {"kind": "overlap"},
        {"kind": "overlap", "line": "Reason", "metric": "rouge_1"},
        {"kind": "meaning", "threshold": 0.1},
        {"kind": "judge", "question": "Is the reason sound?"},
        {"kind": "python", "code": "def grade(answer, case):\n    return 1"},
        {"kind": "not known here"},
    ],
)
def test_what_looks_at_the_whole_answer_or_the_part_is_no_false_alarm(
    check: dict[str, Any],
) -> None:
    assert unseen(rubric(LABEL, LAYOUT, check)) == []


def test_a_rule_for_ones_own_review_that_names_the_part_is_enough() -> None:
    made = rubric(LABEL, LAYOUT)
    assert unseen(made)
    assert unseen(made, review=[ReviewRule(text="The reason names the clause")]) == []
    assert unseen(made, review=[ReviewRule(text="Is polite")])


def test_nothing_is_said_where_nothing_was_tried() -> None:
    made = rubric(LABEL, LAYOUT)
    assert unseen(made, form=()) == []
    assert unseen(made, form=FORM[:1]) == []
    assert unseen(made, cases=[]) == []
    assert kept_with_others(made, [], FORM) == {}
    without = [case.with_changes(reference=None) for case in CASES]
    assert unseen(made, cases=without) == []
    assert kept_with_others(made, without, FORM) == {}


def test_another_cases_reason_loses_where_it_is_looked_at() -> None:
    made = rubric(LABEL, {"kind": "overlap", "line": "Reason"})
    kept = kept_with_others(made, CASES, FORM)["Reason"]
    assert kept.own is not None
    assert kept.own < 0.8, "of the points for the reason"
    assert kept.whole == pytest.approx((1 + kept.own) / 2), "those for the position stay"


def test_reasoning_before_the_answer_is_a_part_too() -> None:
    form = (AnswerPart(kind="reasoning", label="Reasoning", field="why"), FORM[0])
    cases = [
        case.with_changes(
            reference=f"{REASONS[case.fields['decision']]}\nAnswer:\n"
            f"Our position: {case.fields['decision']}"
        )
        for case in CASES
    ]
    assert unseen(rubric(LABEL, {"kind": "reasoned", "min_words": 5}), form, cases=cases)
    about_answer = {"kind": "overlap"}  # a criterion looks at the answer after the reasons
    assert unseen(rubric(LABEL, about_answer), form, cases=cases)


@pytest.mark.parametrize("name", ["finance", "legal", "healthcare", "insurance"])
def test_the_samples_have_no_such_part(name: str) -> None:
    files = read_project(samples_folder() / name)
    assert unseen(files.rubric, files.project.answer, cases=files.examples[:40]) == []
    assert kept_with_others(files.rubric, files.examples[:40], files.project.answer) == {}


def test_the_rules_of_a_form_hold_for_any_label() -> None:
    form = (
        AnswerPart(kind="quote", label="Words that matter", field="words"),
        AnswerPart(kind="text", label="Why so", field="why"),
        FORM[0],
    )
    assert [c.text for c in rubric_of_form(form)] == [
        "Gives the right “Our position”",
        "Quotes the words that decide as “Words that matter”",
        "Gives “Why so” in words close to the expert's",
        "Gives more than one “Our position”",
        "Keeps the layout",
    ]
