"""Answers made from expected values: a table whose answer stands in several columns."""

import pytest

from rft_core.examples.answer_form import CANNOT_TELL, passages, rewritten
from rft_core.examples.form_of_values import answer_names, form_of_values
from rft_core.examples.quality import check_examples
from rft_core.records import AnswerPart, Example, Project, Rubric
from rft_core.rubric.new_form import with_form

PROJECT = Project(id="p", name="Clauses", case_noun="clause")
POSITIONS = ("accept", "negotiate", "reject")


def clause(number: int, **changes: object) -> Example:
    fields = {
        "Our position": POSITIONS[number % 3],
        "Words that matter": f"within {number} days",
        "Comment": "Usual.",
        "Partner initials": "MJH",
        "Clause no": f"{number}.1",
    }
    case = {"id": f"{number}", "prompt": f"The Buyer pays within {number} days.", "fields": fields}
    return Example.model_validate(case | changes)


CLAUSES = [clause(n) for n in range(10, 30)]


def valued(*values: object, prompt: str = "A case.") -> list[Example]:
    return [Example(id=f"{n}", prompt=prompt, fields={"x": v}) for n, v in enumerate(values)]


def test_the_columns_of_a_table_make_the_answer_without_remarks_and_initials() -> None:
    assert answer_names(CLAUSES) == ["Our position", "Words that matter"]
    form = form_of_values(CLAUSES)
    assert [(p.kind, p.label, p.field) for p in form] == [
        ("choice", "Our position", "Our position"),
        ("quote", "Words that matter", "Words that matter"),
    ]
    assert set(form[0].options) == set(POSITIONS)
    made = with_form(PROJECT, CLAUSES, Rubric(), form)
    assert made.examples[0].reference == (
        'Our position: negotiate\nWords that matter: "within 10 days"'
    )
    assert all(example.reference for example in made.examples)
    assert "Our position: negotiate, reject or accept" in made.project.instruction
    assert made.rubric.criteria[0].text == "Gives the right “Our position”"


def test_a_value_that_few_have_is_no_part_of_every_answer() -> None:
    few = [e.with_changes(fields=e.fields | {"Risk": "high"}) for e in CLAUSES[:3]]
    assert "Risk" not in answer_names([*few, *CLAUSES[3:]])


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((1200, "1,250", "EUR 30", 2.5), "number"),
        (("yes", "no", "yes", "no"), "choice"),
        ((True, False, True, False), "choice"),
        (("A case", "A case.", "case", "case."), "quote"),
        (("Paris", "Rome", "Oslo", "Bern"), "text"),
        (("A long reason. " * 9, "Another long reason. " * 9), "free_text"),
        (("Two\nlines", "More\nlines"), "free_text"),
    ],
)
def test_the_kind_of_a_part_follows_from_its_values(values: tuple[object, ...], kind: str) -> None:
    assert [part.kind for part in form_of_values(valued(*values), ["x"])] == [kind]


def test_a_free_text_ends_the_answer_and_a_slip_is_no_choice() -> None:
    cases = [
        Example(
            id=f"{n}", prompt="A case.",
            fields={"why": "Because of this and of that. " * 5, "what": label},
        )
        for n, label in enumerate([*["accept", "Accept", "reject"] * 4, "acept", CANNOT_TELL])
    ]  # fmt: skip
    form = form_of_values(cases)
    assert [part.field for part in form] == ["what", "why"]
    assert form[0].options == ("accept", "reject")
    assert form[0].alone == (CANNOT_TELL,)
    assert "what: acept" in (rewritten(cases, (), form)[12].reference or "").lower()


def test_values_that_are_no_text_make_no_form() -> None:
    assert form_of_values(valued({"a": 1}, {"a": 2}), ["x"]) == ()
    assert form_of_values([]) == ()


def test_a_part_is_filled_from_the_value_that_is_called_so_and_answers_stay() -> None:
    own = clause(30, reference="My own words.")
    form = [
        AnswerPart(kind="choice", label="OUR POSITION", field="decision", options=POSITIONS),
        AnswerPart(kind="quote", label="Quote", field="words_that_matter"),
    ]
    made = with_form(PROJECT, [*CLAUSES, own], Rubric(), form)
    assert [part.field for part in made.project.answer] == ["Our position", "Words that matter"]
    assert made.examples[0].reference == 'OUR POSITION: negotiate\nQuote: "within 10 days"'
    assert made.examples[-1] == own
    again = with_form(made.project, made.examples, made.rubric, made.project.answer)
    assert again == made


def test_what_lacks_a_value_keeps_the_others_and_has_no_answer() -> None:
    lacking = clause(31, fields={"Words that matter": "within 31 days"})
    made = with_form(PROJECT, [*CLAUSES, lacking], Rubric(), form_of_values(CLAUSES))
    assert made.examples[-1].reference is None
    assert made.examples[-1].fields == lacking.fields


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("at its sole discretion", ("at its sole discretion",)),
        ("sole discretion; any time", ("sole discretion", "any time")),
        ("at any time … discretion", ("at any time", "discretion")),
        ('"any time", "sole"', ("any time", "sole")),
        ("sole discretion; never", ("sole discretion; never",)),
        (["a", "b"], ("a", "b")),
        (7, ()),
    ],
)
def test_several_passages_in_one_cell_are_several(value: object, found: tuple[str, ...]) -> None:
    assert passages(value, "The fees change at any time, at its sole discretion.") == found


def test_without_answers_the_finding_says_that_values_can_make_them() -> None:
    found = check_examples([e.with_changes(split="train") for e in CLAUSES])
    fix = next(f.fix for f in found if f.kind == "no_reference")
    assert fix == "Write the expert answers, or make them of expected values under “Answer form”."
