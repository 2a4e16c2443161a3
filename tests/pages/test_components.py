"""Parts of pages by themselves."""

from types import SimpleNamespace
from typing import Any

import pytest

from pages.components import import_preview, plain, trial, ways
from pages.components.words import (
    an,
    as_labelled,
    in_words_of,
    plural,
    reason_in_words_of,
)
from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Rubric
from rft_core.reports import points
from rft_core.rubric.rule_words import broken
from rft_core.rubric.rules.reading import Reading


def criterion(points: float, kind: str) -> Criterion:
    return Criterion(
        id="c", text="Rule", points=points, aspect="substance",
        check=CheckSpec(kind=kind, phrases=["x"]),
    )  # fmt: skip


def test_ways_to_check_a_rule_are_looked_for_anew_once_the_meaning_could_not_be_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def none_found(rule: str, *_: Any) -> Reading:
        asked.append(rule)
        return Reading([], None)

    case = Example(id="e", prompt="case", reference="answer")
    owner: Any = SimpleNamespace(
        found=SimpleNamespace(
            rubric=Rubric(criteria=(criterion(1, "contains_any"),)),
            project=SimpleNamespace(answer=()),
        ),
        case=case, cases=(case,),
    )  # fmt: skip
    monkeypatch.setattr(ways, "read", none_found)
    monkeypatch.setattr(ways, "_say_none", lambda owner: None)
    for failures in (0, 0, 1):
        monkeypatch.setattr("rft_core.models.embedder.EMBEDDER.failures", failures)
        assert ways.choose(owner, "A rule asked of nothing else", 1.0, lambda: None) is None
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("points", "kind", "is_good"),
    [(1, "contains_any", True), (-1, "contains_any", False), (0, "contains_any", True),
     (0, "forbidden", False), (-1, "forbidden", False), (1, "forbidden", True)],
)  # fmt: skip
def test_a_fault_that_only_counts_in_a_formula_is_shown_as_one(
    points: float, kind: str, is_good: bool
) -> None:
    rule = criterion(points, kind)
    assert trial._mark(1.0, rule) == (trial.MET if is_good else trial.NOT)
    assert trial._mark(0.0, rule) == (trial.NOT if is_good else trial.MET)
    assert broken(rule, rule.text) == ("Rule" if is_good else "Penalty: Rule")


@pytest.mark.parametrize(
    ("noun", "one", "many"),
    [
        ("clause", "a clause", "clauses"), ("invoice", "an invoice", "invoices"),
        ("unit", "a unit", "units"), ("X-ray", "an X-ray", "X-rays"),
        ("hour", "an hour", "hours"), ("CT scan", "a CT scan", "CT scans"),
        ("inquiry", "an inquiry", "inquiries"), ("diagnosis", "a diagnosis", "diagnoses"),
        ("breach", "a breach", "breaches"),
    ],
)  # fmt: skip
def test_the_noun_of_a_project_has_its_article_and_plural(noun: str, one: str, many: str) -> None:
    assert (an(noun), plural(noun)) == (one, many)


def test_findings_speak_of_cases_as_the_project_does() -> None:
    text = 'Cases case-001 and "in case of": delete a case, or keep these 2 cases.'
    assert in_words_of("invoice", text) == (
        'Invoices case-001 and "in case of": delete an invoice, or keep these 2 invoices.'
    )
    assert in_words_of("case", text) == text
    title = "The check “Quotes the case word for word” cannot be used."
    assert in_words_of("alert", title) == title.replace("case", "alert")
    assert in_words_of("clause", "Has “in cases”, in any letter case, in every case.") == (
        "Has “in cases”, in any letter case, in every clause."
    )


def test_expected_values_are_called_as_the_answer_form_does() -> None:
    form = (
        AnswerPart(kind="choice", label="Our position", field="decision", options=("a", "b")),
        AnswerPart(kind="text", label="Tags", field="why"),
    )
    told = 'It is the expected "decision", not "dosage" or decision.'
    assert as_labelled(told, form) == 'It is the expected "Our position", not "dosage" or decision.'
    formula = 'It names "decision", which is no criterion.'
    assert as_labelled(formula, form) == formula
    case = Example(id="c", prompt="x", fields={"decision": "a", "why": "so", "key_words": "x"})
    (row,) = import_preview.table([case], "case", form=form)
    assert list(row) == ["Name", "Used for", "Case", "Our position", "Why", "Key words",
                         "Expert answer"]  # fmt: skip


def test_quotation_marks_inside_others_are_single() -> None:
    assert (
        plain.curly('"Gives the right “Decision”" is met') == "“Gives the right ‘Decision’” is met"
    )
    assert plain.quoted('Has "a" and «b»') == "“Has ‘a’ and ‘b’”"


def test_a_reason_calls_the_expected_value_as_its_part_is_labelled() -> None:
    form = (AnswerPart(kind="number", label="Net debt / EBITDA", field="amount"),)
    check = CheckSpec.model_validate({"kind": "number", "field": "amount"})
    rule = criterion(1, "number").with_changes(check=check)
    reason = 'The case has no "amount" to compare with.'
    said = 'The paragraph has no "Net debt / EBITDA" to compare with.'
    assert reason_in_words_of("paragraph", rule, reason, form) == said


def test_points_are_shown_as_exact_as_they_are_given_and_means_are_rounded() -> None:
    assert (points.exact(11.25), points.exact(5.0), points.exact(-0.5)) == ("11.25", "5", "−0.5")
    assert points.counted(14 / 3) == "4.7 points"
