"""Rules that say one thing of several parts of an answer: each part has a criterion of its own."""

import pytest

from rft_core.records import Example, Rubric
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import propose
from rft_core.rubric.rules.two_criteria import divided
from tests.rubric.clauses import CLAUSES

TWO, THREE = ["Quote", "Reason"], ["Quote", "Reason", "Decision"]


@pytest.mark.parametrize(
    ("rule", "first", "lines", "bounds"),
    [
        ("The quote and the reason have at most 10 words", "The quote has at most 10 words",
         TWO, {"max_words": 10}),
        ("Both the quote and the reason must be shorter than 12 words",
         "The quote must be shorter than 12 words", TWO, {"max_words": 11}),
        ("Quote and reason: at most 10 words each", "Quote: at most 10 words",
         TWO, {"max_words": 10}),
        ("The quote, the reason and the decision each have at most 10 words",
         "The quote has at most 10 words", THREE, {"max_words": 10}),
        ("Each of the quotation and the reasoning has at least 2 words",
         "The quotation has at least 2 words", TWO, {"min_words": 2}),
        ("The lines Quote and Reason are at most 10 words each", "Quote is at most 10 words",
         TWO, {"max_words": 10}),
        ("Neither the quote nor the reason has more than 10 words",
         "The quote has not more than 10 words", TWO, {"max_words": 10}),
        ("Neither the quote nor the reason exceeds 10 words",
         "The quote does not exceed 10 words", TWO, {"max_words": 10}),
        ("No more than 10 words in the quote and the reason",
         "No more than 10 words in the quote", TWO, {"max_words": 10}),
        ("Keep the quote and the reason under 10 words", "Keep the quote under 10 words",
         TWO, {"max_words": 9}),
    ],
)  # fmt: skip
def test_a_length_that_several_parts_have_is_one_criterion_each(
    rule: str, first: str, lines: list[str], bounds: dict[str, int]
) -> None:
    halves = divided(rule, CLAUSES)
    assert halves is not None
    assert halves[0].text == first
    assert [half.way.check.parameters for half in halves] == [
        bounds | {"line": line} for line in lines
    ]
    assert propose(rule, CLAUSES) == [], "no one check looks at all of them"
    made = paste(f"[+6] {rule}", CLAUSES, Rubric()).criteria
    assert [criterion.points for criterion in made] == [6 / len(lines)] * len(lines)


@pytest.mark.parametrize(
    "rule",
    ["The quote and the reason together have at most 10 words",
     "The quote and the reason combined must not exceed 30 words",
     "The quote and the reason have at most 10 and 20 words respectively",
     "The quote or the reason has at most 10 words",
     'The word "policy" must appear in the quote or the reason'],
)  # fmt: skip
def test_what_holds_of_no_part_by_itself_is_not_divided(rule: str) -> None:
    assert divided(rule, CLAUSES) is None
    assert propose(rule, CLAUSES) == []


@pytest.mark.parametrize(
    ("rule", "is_penalty"),
    [
        ('The word "whereas" must not appear in the quote or the reason', True),
        ('The quote and the reason never contain "whereas"', True),
        ('Takes off 2 points if the quote or the reason contains "whereas"', True),
        ('The quote and the reason contain the word "notice"', False),
    ],
)
def test_words_of_several_parts_are_looked_for_in_each(rule: str, is_penalty: bool) -> None:
    halves = divided(rule, CLAUSES)
    assert halves is not None
    assert [half.way.check.parameters["line"] for half in halves] == TWO
    assert [half.way.is_penalty for half in halves] == [is_penalty] * 2


def _renamed(example: Example) -> Example:
    """Return a case whose reason is an expected value of another name than its line."""
    fields = {"why" if name == "reason" else name: v for name, v in example.fields.items()}
    return example.with_changes(fields=fields)


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("The why has at most 10 words", "length"),
        ("Keeps the why brief", "length"),
        ('The why must not contain "whereas"', "forbidden"),
    ],
)
def test_an_expected_value_is_held_to_the_line_on_which_it_stands(rule: str, kind: str) -> None:
    (way, *_) = propose(rule, [_renamed(example) for example in CLAUSES])
    assert (way.check.kind, way.check.parameters["line"]) == (kind, "Reason")


def test_an_expected_value_is_a_part_among_others() -> None:
    cases = [_renamed(example) for example in CLAUSES]
    halves = divided("The quote and the why have at most 10 words", cases)
    assert halves and [half.way.check.parameters["line"] for half in halves] == TWO
