"""What becomes of renamed choices and of parts that are gone."""

from typing import Any

import pytest

from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Project, Rubric
from rft_core.rubric.form_changes import Gone, Renamed, choice_changes
from rft_core.rubric.from_form import rubric_of_form
from rft_core.rubric.lint import lint
from rft_core.rubric.new_form import with_form

QUOTE = AnswerPart(kind="quote", label="Quote", field="quote")
DECISION = AnswerPart(
    kind="choice", label="Decision", field="decision", options=("answer", "refuse", "refer"),
    alone=("cannot tell",),
)  # fmt: skip
FORM = (QUOTE, DECISION)


def offering(*options: str, **more: Any) -> AnswerPart:
    return DECISION.with_changes(options=options, **more)


@pytest.mark.parametrize(
    ("options", "renamed", "gone"),
    [
        (("answer", "decline", "refer"), {"refuse": "decline"}, ()),
        (("decline", "answer", "refer"), {"refuse": "decline"}, ()),
        (("say", "decline", "refer"), {"answer": "say", "refuse": "decline"}, ()),
        (("answer", "refer"), {}, ("refuse",)),
        (("say", "refer", "decline", "ask"), {}, ("answer", "refuse")),
        (("answer", "refuse", "refer", "ask"), {}, ()),
        (("refer", "answer", "refuse"), {}, ()),
    ],
)
def test_a_choice_is_renamed_where_it_is_clear_which(
    options: tuple[str, ...], renamed: dict[str, str], gone: tuple[str, ...]
) -> None:
    found = choice_changes(FORM, (QUOTE, offering(*options)))
    assert {one.was: one.now for one in found[0]} == renamed
    assert found[1] == tuple(Gone("decision", choice) for choice in gone)


def test_that_cannot_tell_is_offered_no_longer_is_no_renaming() -> None:
    new = offering("answer", "refuse", "refer", "ask", alone=())
    assert choice_changes(FORM, (QUOTE, new)) == ((), (Gone("decision", "cannot tell"),))


def test_answers_values_criteria_and_frequencies_take_the_new_name() -> None:
    labels = ["refuse", "answer"]
    own = Criterion(
        id="own", text="Says “refuse”", points=2, aspect="substance",
        check={"kind": "mistake", "given": ["refuse"], "right": ["answer"], "line": "Decision",
               "field": "decision", "labels": labels},
    )  # fmt: skip
    other = Criterion(
        id="other", text="Does not say “refuse”", points=1, aspect="substance",
        check={"kind": "forbidden", "phrases": ["refuse"]},
    )  # fmt: skip
    rubric = Rubric(criteria=(own, other))
    project = Project(id="p", name="P", answer=FORM, frequencies={"refuse": 0.2})
    cases = [
        Example(id="a", prompt="x", reference='Quote: "x"\nDecision: refuse',
                fields={"decision": "refuse", "topic": "refuse"}, criteria=(own,)),
        Example(id="b", prompt="x", reference="Decision: refuse\nas I said",
                fields={"decision": "Refuse"}),
        Example(id="c", prompt="x", fields={"decision": "answer"}),
    ]  # fmt: skip
    new = (QUOTE, offering("answer", "decline", "refer"))
    made = with_form(project, cases, rubric, new, [Renamed("decision", "refuse", "decline")])
    assert [e.reference for e in made.examples] == [
        'Quote: "x"\nDecision: decline', "Decision: decline\nas I said", None,
    ]  # fmt: skip
    assert [e.fields["decision"] for e in made.examples] == ["decline", "decline", "answer"]
    assert made.examples[0].fields["topic"] == "refuse", "another value of the same name"
    followed, kept = made.rubric.criteria
    assert followed.text == "Says “decline”" and kept == other
    assert followed.check.parameters["given"] == ["decline"]
    assert followed.check.parameters["labels"] == ["decline", "answer"]
    assert made.examples[0].criteria == (followed,)
    assert made.project.frequencies == {"decline": 0.2}
    assert "Decision: answer, decline, refer or cannot tell" in made.project.instruction


def test_the_first_rubric_of_a_form_stays_one_when_a_choice_is_renamed() -> None:
    new = (QUOTE, offering("answer", "decline", "refer"))
    project = Project(id="p", name="P", answer=FORM)
    rubric = Rubric(criteria=rubric_of_form(FORM))
    made = with_form(project, (), rubric, new, [Renamed("decision", "refuse", "decline")])
    assert made.rubric.criteria == rubric_of_form(new)


def test_a_value_of_a_part_that_is_gone_stays_where_a_cases_own_criterion_reads_it() -> None:
    own = rubric_of_form(FORM)[1].with_changes(id="own")
    assert own.check.parameters["field"] == "quote"
    answer, fields = 'Quote: "x"\nDecision: refer', {"quote": ["x"], "decision": "refer"}
    cases = [
        Example(id="a", prompt="x", reference=answer, fields=fields, criteria=(own,)),
        Example(id="b", prompt="x", reference=answer, fields=fields),
    ]
    project, rubric = Project(id="p", name="P", answer=FORM), Rubric(criteria=rubric_of_form(FORM))
    made = with_form(project, cases, rubric, (DECISION,))
    assert [set(e.fields) for e in made.examples] == [{"quote", "decision"}, {"decision"}]
    made = with_form(project, cases, rubric, (DECISION,), keeps_criteria=False)
    assert [set(e.fields) for e in made.examples] == [{"decision"}, {"decision"}]
    assert made.examples[0].criteria is None


def test_a_criterion_about_a_part_that_is_gone_is_found_in_the_rubric_and_in_cases() -> None:
    rubric = Rubric(criteria=rubric_of_form(FORM))
    quotes = rubric.criteria[1]
    own = quotes.with_changes(id="own")
    case = Example(id="a", prompt="x", reference="Decision: refer", fields={"decision": "refer"})
    cases = [case, case.with_changes(id="b", criteria=(own,))]
    says = "is about “Quote”, which is no part of your answers."

    def told(form: tuple[AnswerPart, ...], examples: list[Example] = cases) -> list[tuple]:
        found = lint(rubric, examples, "", form)
        return [(f.criterion_id, f.example_ids) for f in found if f.message.endswith(says)]

    assert told((DECISION,)) == [(quotes.id, ()), ("own", ("b",))]
    assert told(FORM) == told(()) == []
    advice = AnswerPart(kind="free_text", label="Advice", field="advice")
    has_line = case.with_changes(reference='Decision: refer\nAdvice: wait\nQuote: "x"')
    assert told((DECISION, advice), [has_line]) == []
    assert told((DECISION, advice), [case]) == [(quotes.id, ())]


def test_a_first_rubric_pays_most_for_the_decision_not_for_the_amount_behind_it() -> None:
    decision = AnswerPart(kind="choice", label="Decision", field="decision", options=("a", "b"))
    amount = AnswerPart(kind="number", label="Amount", field="amount")
    for form, main in (((decision, amount), "decision"), ((amount,), "amount")):
        best = max(rubric_of_form(form), key=lambda criterion: criterion.points)
        assert best.check.parameters["field"] == main


AMOUNT = AnswerPart(kind="number", label="Amount", field="amount")
RATIO = AMOUNT.with_changes(label="Net debt / EBITDA")


def test_a_part_that_was_renamed_before_a_case_has_its_value_names_the_value() -> None:
    project = Project(id="p", name="P")
    first = with_form(project, (), Rubric(), (RATIO,))
    assert [part.field for part in first.project.answer] == ["net_debt_ebitda"]
    assert first.rubric.criteria[0].check.parameters["field"] == "net_debt_ebitda"
    was = with_form(project, (), Rubric(), (AMOUNT,))
    later = with_form(was.project, was.examples, was.rubric, (RATIO,))
    assert later == first


@pytest.mark.parametrize(
    ("case", "rubric", "in_use"),
    [
        ({"reference": "Amount: 5", "fields": {"amount": 5}}, Rubric(), ()),
        ({"fields": {"amount": 5}}, Rubric(), ()),
        ({}, Rubric(criteria=(Criterion(id="r", text="r", points=1.0, aspect="substance",
              check=CheckSpec(kind="number", field="amount")),)), ()),
        ({}, Rubric(), ("amount",)),
    ],
)  # fmt: skip
def test_the_name_of_a_value_stays_where_a_case_a_criterion_or_a_draft_has_it(
    case: dict[str, Any], rubric: Rubric, in_use: tuple[str, ...]
) -> None:
    project = Project(id="p", name="P", answer=(AMOUNT,))
    example = Example(id="e", prompt="Text.", **case)
    made = with_form(project, [example], rubric, (RATIO,), in_use=in_use)
    assert [part.field for part in made.project.answer] == ["amount"]
    assert made.examples[0].fields == example.fields


def test_a_name_that_another_part_has_is_not_given_twice() -> None:
    project = Project(id="p", name="P")
    kept = AnswerPart(kind="text", label="Note", field="net_debt_ebitda")
    example = Example(id="e", prompt="Text.", fields={"net_debt_ebitda": "x"})
    made = with_form(project, [example], Rubric(), (RATIO, kept))
    assert [part.field for part in made.project.answer] == ["net_debt_ebitda_2", "net_debt_ebitda"]
