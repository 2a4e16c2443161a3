"""A part that is a number, or that there is none: its instruction, answers, rubric and tricks."""

import re

import pytest

from rft_core.examples.answer_form import expected_values, in_form, read_answer, write_answer
from rft_core.examples.exporting import to_csv
from rft_core.examples.folder import ProjectFiles
from rft_core.examples.form_of_cases import form_of_cases
from rft_core.examples.form_of_values import form_of_values
from rft_core.examples.importing import read_examples
from rft_core.examples.quality import check_examples
from rft_core.records import AnswerPart, Example, Project, Rubric
from rft_core.rubric.fooling import spring
from rft_core.rubric.form_changes import Gone, choice_changes
from rft_core.rubric.from_form import is_of_form, rubric_of_form
from rft_core.rubric.grading import Grader
from rft_core.rubric.lint import lint
from rft_core.rubric.new_form import with_form
from rft_core.rubric.rules.proposals import propose
from rft_core.rubric.traps import TRAPS, cases_of

RATIO = AnswerPart(kind="number", label="Net debt / EBITDA", field="ratio", alone=("cannot tell",))
TREND = AnswerPart(
    kind="choice", label="Trend", field="trend", options=("better", "worse"), alone=("cannot tell",)
)
FORM = (RATIO, TREND)
ROWS = (
    ("2.4x", "better", "Leverage came down to 2.4x, well inside the covenant."),
    ("3.0x", "worse", "After the purchase net debt stands at 3.0x EBITDA."),
    ("cannot tell", "worse", "The board asked its banks for a waiver."),
    ("Cannot Tell", "cannot tell", "The company makes paper and employs many people."),
    ("4.1", "worse", "The ratio rose to 4.1 as earnings fell in the north."),
    ("1.9x", "better", "A quiet year with repayments, so gearing is 1.9x."),
    ("2.2x", "better", "Disposals brought the multiple to 2.2x in June."),
    ("cannot tell", "better", "Bonds worth EUR 300m were bought back early."),
)


def project() -> ProjectFiles:
    cases = [
        Example(id=f"p-{n}", prompt=text, fields={"Net Debt / EBITDA": ratio, "trend": trend},
                split="train")
        for n, (ratio, trend, text) in enumerate(ROWS)
    ]  # fmt: skip
    told = 'Read the paragraph. Give the ratio as a number, or "cannot tell".'
    start = Project(id="p", name="Credit", case_noun="paragraph", instruction=told)
    return with_form(start, in_form(cases, FORM), Rubric(), FORM)


MADE = project()
BY_RATIO = {str(example.fields["ratio"]): example for example in MADE.examples}


def answer(ratio: str, example: Example) -> str:
    return f"Net debt / EBITDA: {ratio}\nTrend: {example.fields['trend']}"


def test_the_model_is_told_that_there_may_be_no_number() -> None:
    assert "\nNet debt / EBITDA: a number, or cannot tell\n" in MADE.project.instruction


def test_a_column_in_which_some_cases_have_no_number_makes_whole_answers() -> None:
    assert [e.fields["ratio"] for e in MADE.examples][2:4] == ["cannot tell", "cannot tell"]
    assert all(e.reference for e in MADE.examples)
    again = read_examples("a.csv", to_csv(MADE.examples)).examples
    assert in_form(again, FORM) == MADE.examples


def test_the_form_is_found_in_such_answers_and_values() -> None:
    (ratio, _) = form_of_cases(MADE.examples)
    assert (ratio.kind, ratio.alone) == ("number", ("cannot tell",))
    (ratio,) = form_of_values(MADE.examples, ["ratio"])
    assert (ratio.kind, ratio.alone) == ("number", ("cannot tell",))


def test_that_there_is_none_is_found_in_values_and_answers() -> None:
    cells = ["none", "n/a", "3", "6", "12", "1"]
    cases = [
        Example(id=f"c{n}", prompt=f"Clause {n}", fields={"months": cell}, split="train")
        for n, cell in enumerate(cells)
    ]
    form = form_of_values(cases, ["months"])
    assert [(part.kind, part.alone) for part in form] == [("number", ("none",))]
    answered = in_form(cases, form)
    assert [e.fields["months"] for e in answered][:3] == ["none", "none", "3"]
    assert [(part.kind, part.alone) for part in form_of_cases(answered)] == [("number", ("none",))]
    grader = Grader(with_form(Project(id="p", name="P"), answered, Rubric(), form).rubric)
    assert {grader.grade(e.reference or "", e).score for e in answered} == {1.0}


def test_the_first_rubric_grades_every_answer_of_the_expert() -> None:
    assert lint(MADE.rubric, MADE.examples, MADE.project.instruction) == []
    grader = Grader(MADE.rubric)
    assert all(grader.grade(e.reference or "", e).score == 1 for e in MADE.examples)
    read = {"ratio": "Gives the right ratio", "trend": "Gives the right trend"}
    kinds = {f.kind for f in check_examples(MADE.examples, read, form=FORM)}
    assert kinds.isdisjoint({"not_laid_out", "missing_field", "no_reference", "not_offered"})


@pytest.mark.parametrize(
    ("expected", "given", "is_right"),
    [
        ("2.4x", "2.4x (GBP 540m / GBP 216m)", True),
        ("3.0x", "3.0x (2022: 2.8x)", True),
        ("3.0x", "2.8x (2022: 3.0x)", False),
        ("3.0x", "cannot tell", False),
        ("cannot tell", "cannot tell", True),
        ("cannot tell", "Cannot tell.", True),
        ("cannot tell", "3.0x", False),
        ("cannot tell", "Cannot tell, figures for 2023 are not given.", True),
        ("cannot tell", "perhaps 3.0x, I cannot tell", False),
        ("3.0x", "cannot tell, perhaps 3.0x", False),
    ],
)
def test_the_first_number_of_the_line_counts_or_that_there_is_none(
    expected: str, given: str, is_right: bool
) -> None:
    example = BY_RATIO[expected]
    (about_it,) = (c for c in MADE.rubric.criteria if c.check.kind == "number")
    assert (
        Grader(MADE.rubric).grade(answer(given, example), example).values[about_it.id] == is_right
    )


def test_such_a_part_is_no_choice_among_one_for_the_tricks() -> None:
    (first, *_) = cases_of(MADE.examples, 1, MADE.rubric, FORM)
    assert list(first.choices) == ["trend"]
    assert not [caught.name for caught in spring(MADE.rubric, MADE.examples) if caught.slips]


def test_a_wrong_answer_has_another_number_also_where_there_is_none() -> None:
    typed = [
        e.with_changes(fields=expected_values(FORM, read_answer(FORM, e.reference) or {}))
        for e in MADE.examples
    ]
    for case in cases_of(typed, len(typed), MADE.rubric, FORM):
        line = (TRAPS["wrong"][1](case) or "").split("\n")[0]
        assert re.fullmatch(r"Net debt / EBITDA: \d(\.\d)?x?", line)
        assert line not in case.reference


def test_a_rule_about_the_number_reads_the_first_of_its_line() -> None:
    sure = [e for e in MADE.examples if e.fields["ratio"] != "cannot tell"]
    (way, *_) = propose("The ratio is right to within 0.1", sure, form=FORM)
    assert way.check.kind == "number"
    assert way.check.parameters["which"] == "first"
    assert way.check.parameters["tolerance"] == 0.1


def test_a_first_rubric_that_read_the_last_number_is_still_one() -> None:
    before = tuple(
        c.with_changes(check={"kind": "number", "field": "ratio", "line": RATIO.label})
        if c.check.kind == "number"
        else c
        for c in MADE.rubric.criteria
    )
    assert before != rubric_of_form(FORM)
    assert is_of_form(before, FORM, MADE.examples)


def test_that_it_is_offered_no_longer_is_said_before_it_is_saved() -> None:
    now = (RATIO.with_changes(alone=()), TREND)
    assert choice_changes(FORM, now) == ((), (Gone("ratio", "cannot tell"),))
    assert choice_changes(FORM, FORM) == ((), ())


def test_a_few_words_may_be_that_it_cannot_be_told_too() -> None:
    note = AnswerPart(kind="text", label="Covenant", field="note", alone=("out of scope",))
    made = with_form(MADE.project.with_changes(answer=()), (), Rubric(), (note, TREND))
    assert "Covenant: a few words, or out of scope" in made.project.instruction
    assert write_answer((note,), {"note": "out of scope"}) == "Covenant: out of scope"
