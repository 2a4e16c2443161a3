"""Rows pasted from a spreadsheet."""

import pytest

from rft_core.errors import InputError
from rft_core.examples.delimited import pasted_start, read_pasted
from rft_core.examples.headings import project_roles
from rft_core.examples.importing import TABLE, repeated_rows, take_examples
from rft_core.examples.titles import guess_head
from rft_core.records import AnswerPart, Project

CLAUSES = Project(
    id="p",
    name="P",
    case_noun="clause",
    answer=(
        AnswerPart(kind="quote", label="Quote", field="key_words"),
        AnswerPart(kind="choice", label="Decision", field="decision", options=("accept", "refuse")),
    ),
)
LONG = "The supplier may change its prices at any time and without notice."


def take(text, head=1, mapping=None):
    return take_examples(read_pasted(text, head), TABLE, (), mapping)


def test_rows_with_headings():
    text = 'Case\tanswer\tdecision\r\n"Line one\nline ""two"""\tYes\tblock\r\nNext\t\t\r\n'
    result = take(text)
    assert guess_head(pasted_start(text)) == (1, True)
    assert [e.prompt for e in result.examples] == ['Line one\nline "two"', "Next"]
    assert (result.examples[0].reference, result.examples[0].fields) == (
        "Yes", {"decision": "block"},
    )  # fmt: skip
    assert not result.problems


def test_a_row_that_is_there_twice_is_told_with_the_row_that_it_repeats():
    text = (
        "case\tanswer\tUsed for\nOne.\tYes\ttrain\nTwo.\tNo\ttest\none.\tYes\ttest\nTWO.\tYes\t\n"
    )
    result = take(text)
    assert [(p.row, p.message) for p in repeated_rows(result.examples, result.rows)] == [
        (4, "The case has the text of row 2, with the same answer: one is for training, the other "
         "for the test."),
        (5, "The case has the text of row 3, with another answer."),
    ]  # fmt: skip


def test_rows_without_headings():
    text = "First, with comma\tYes\nSecond\tNo\n"
    assert guess_head(pasted_start(text)) == (0, False)
    sheet = read_pasted(text, 0)
    assert sheet.columns == ("Column 1", "Column 2")
    result = take(text, 0, {"Column 1": "prompt", "Column 2": "reference"})
    assert [(e.prompt, e.reference) for e in result.examples] == [
        ("First, with comma", "Yes"),
        ("Second", "No"),
    ]


def test_uneven_rows_are_reported_and_only_those_too_long_are_left_out():
    result = take("a\tb\tx\nshort\nc\td\tx\te\n\nf\tg\nh\ti\tx\n", 0, {"Column 1": "prompt"})
    assert [(e.prompt, e.fields) for e in result.examples] == [
        ("a", {"Column 2": "b", "Column 3": "x"}), ("short", {}),
        ("f", {"Column 2": "g"}), ("h", {"Column 2": "i", "Column 3": "x"}),
    ]  # fmt: skip
    assert [(p.row, p.message, p.left_out) for p in result.problems] == [
        (2, "The last 2 cells are missing and taken as empty.", False),
        (3, "The row has 4 cells for 3 columns.", True),
        (5, "The last cell is missing and taken as empty.", False),
    ]


def test_rows_with_commas_alone_are_read_too():
    assert [e.fields for e in take("prompt,x\nP,1\n").examples] == [{"x": 1}]


@pytest.mark.parametrize(
    ("text", "head", "said"),
    [
        ("", 0, "no rows"),
        ("prompt\tx\n\n", 1, "no rows"),
        ('prompt\tx\n"open\tb\n', 1, "never closed"),
        ("one\ttwo\na\tb\n", 1, "No column"),
    ],
)
def test_text_that_cannot_be_used(text, head, said):
    with pytest.raises(InputError, match=said):
        take(text, head)


def test_headings_are_told_even_where_a_cell_is_still_open():
    assert guess_head(pasted_start('prompt\tx\n"open\t')) == (1, True)


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        (f"Clause\tVerdict\n{LONG}\tfair\n", (1, True)),
        (f"the clauses\tx\n{LONG}\tfair\n", (1, True)),
        (f"Passage\tDecision\n{LONG}\taccept\n", (1, False)),
        (f"Passage\tDecision\tQuote\n{LONG}\taccept\tat any time\n", (1, True)),
        (f"Contract clause\tDecision\n{LONG}\taccept\n", (1, True)),
        (f"Clause no\tDecision\n{LONG}\taccept\n", (1, False)),
        (f"Decision\tQuote\naccept\t{LONG}\n", (1, True)),
        (f"Decision\tQuote\tRefuse\n{LONG}\tx\ty\n", (0, False)),
        (f"Clause type\tRisk\n{LONG}\thigh\n", (1, False)),
        (f"Passage\tVerdict\n{LONG}\tfair\n", (1, False)),
        ("Rent\tfair\nDogs\tunfair\n", (0, False)),
        (f"Rent is due.\taccept\n{LONG}\trefuse\n", (0, True)),
        (f"Dogs\tfair\n{LONG}\tfair\n", (0, True)),
        (f"{LONG}\tfair\n", (0, True)),
    ],
)
def test_the_first_row_is_told_by_the_words_of_the_project_or_by_its_looks(text, headings):
    assert guess_head(pasted_start(text), CLAUSES) == headings


def test_titles_above_the_headings_are_left_aside():
    text = f"Clauses of the lease\t\t\n\nClause\tRent\tVerdict\n{LONG}\t17\tfair\n"
    assert guess_head(pasted_start(text), CLAUSES) == (3, True)
    result = take(text, None, {"Clause": "prompt"})
    assert [e.fields for e in result.examples] == [{"Rent": 17, "Verdict": "fair"}]
    assert [(p.row, p.message) for p in result.problems] == [
        (1, 'Row 1 is a title above the headings: "Clauses of the lease"')
    ]


def test_columns_named_after_the_project_get_their_roles():
    assert project_roles(["Our decision", "the clauses", "Key words", "Risk"], CLAUSES) == {
        "Our decision": "field: decision",
        "the clauses": "prompt",
        "Key words": "field: key_words",
    }
    assert project_roles(["clause", "text"], CLAUSES) == {}
    assert project_roles(["My decision", "decision"], CLAUSES) == {"decision": "field: decision"}
