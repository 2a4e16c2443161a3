"""Points that a rule gives in words are those of its criterion."""

import pytest

from rft_core.records import Rubric
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.reading import read
from rft_core.rubric.rules.said_points import Worth, given_for, points_said
from tests.rubric.clauses import CLAUSES


@pytest.mark.parametrize(
    "rule",
    ["The right decision: 5 points", "Five points for the right decision",
     "The right decision - five points", "The right decision is worth 5 points.",
     "Give 5 points if the decision is right", "+5 for the right decision",
     "Worth five points: the right decision", "The right decision (5 points)"],
)  # fmt: skip
def test_points_in_words_are_those_of_the_criterion(rule: str) -> None:
    (made,) = paste(rule, CLAUSES, Rubric()).criteria
    assert (made.points, made.check.kind) == (5, "label")
    first, *_ = read(rule, CLAUSES).ways
    assert (first.check, points_said(rule)) == (made.check, 5)


@pytest.mark.parametrize(
    "rule",
    ["Names two points", "Two points for the defence are named",
     "Says that the index gains 5 points",
     "The reason names the cost of 2 points", "At most 5 words"],
)  # fmt: skip
def test_points_that_an_answer_is_to_name_are_not_its_worth(rule: str) -> None:
    assert given_for(rule) is None


def test_a_rule_is_read_without_its_points() -> None:
    assert given_for("The position must be right - five points") == Worth(
        "The position must be right", 5
    )
