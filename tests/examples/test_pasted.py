"""Rows pasted from a spreadsheet."""

import pytest

from rft_core.errors import InputError
from rft_core.examples.delimited import pasted_headings, read_pasted
from rft_core.examples.importing import TABLE, take_examples


def take(text, has_headings=True, mapping=None):
    return take_examples(read_pasted(text, has_headings), TABLE, (), mapping)


def test_rows_with_headings():
    text = 'Case\tanswer\tdecision\r\n"Line one\nline ""two"""\tYes\tblock\r\nNext\t\t\r\n'
    result = take(text)
    assert pasted_headings(text)
    assert [e.prompt for e in result.examples] == ['Line one\nline "two"', "Next"]
    assert (result.examples[0].reference, result.examples[0].fields) == (
        "Yes", {"decision": "block"},
    )  # fmt: skip
    assert not result.problems


def test_rows_without_headings():
    text = "First, with comma\tYes\nSecond\tNo\n"
    assert not pasted_headings(text)
    sheet = read_pasted(text, False)
    assert sheet.columns == ("Column 1", "Column 2")
    result = take(text, False, {"Column 1": "prompt", "Column 2": "reference"})
    assert [(e.prompt, e.reference) for e in result.examples] == [
        ("First, with comma", "Yes"),
        ("Second", "No"),
    ]


def test_uneven_rows_are_reported_and_not_taken():
    result = take("a\tb\nbroken\nc\td\te\n\nf\tg\n", False, {"Column 1": "prompt"})
    assert [e.prompt for e in result.examples] == ["a", "f"]
    assert [(p.row, p.message) for p in result.problems] == [
        (2, "The row has 1 of 2 cells."),
        (3, "The row has 3 values for 2 columns."),
    ]


def test_rows_with_commas_alone_are_read_too():
    assert [e.fields for e in take("prompt,x\nP,1\n").examples] == [{"x": 1}]


@pytest.mark.parametrize(
    ("text", "has_headings", "said"),
    [
        ("", False, "no rows"),
        ("prompt\tx\n\n", True, "no rows"),
        ('prompt\tx\n"open\tb\n', True, "never closed"),
        ("one\ttwo\na\tb\n", True, "No column"),
    ],
)
def test_text_that_cannot_be_used(text, has_headings, said):
    with pytest.raises(InputError, match=said):
        take(text, has_headings)


def test_headings_are_told_even_where_a_cell_is_still_open():
    assert pasted_headings('prompt\tx\n"open\t')
