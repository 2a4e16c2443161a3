"""Rules that take points off: what for, how many, and how that becomes a penalty."""

import pytest

from rft_core.records import Rubric
from rft_core.rubric.rules.faults import Fault, reads_like_fault, taken_off
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import propose
from rft_core.rubric.rules.reading import read
from rft_core.rubric.rules.two_criteria import divided
from tests.rubric.clauses import CLAUSES

OBVIOUSLY = {"phrases": ["obviously"]}
IN_REASON = OBVIOUSLY | {"line": "Reason"}


@pytest.mark.parametrize(
    ("rule", "kind", "parameters", "points"),
    [
        ('Takes off 2 points if the reason uses the word "obviously".', "forbidden", IN_REASON, -2),
        ('Minus 2 if the word "obviously" stands in the reason.', "forbidden", IN_REASON, -2),
        ('The answer loses 2 points when the reason says "obviously"', "forbidden", IN_REASON, -2),
        ('It costs 1 point if the answer says "obviously"', "forbidden", OBVIOUSLY, -1),
        ('Deduct three points for the word "obviously"', "forbidden", OBVIOUSLY, -3),
        ('Penalise the word "obviously" in the reason', "forbidden", IN_REASON, -1),
        ('Penalize answers that say "obviously"', "forbidden", OBVIOUSLY, -1),
        ('If the reason uses the word "obviously", take off 0.5 points', "forbidden", IN_REASON,
         -0.5),
        ("Minus two points for answers over 40 words", "length", {"min_words": 41}, -2),
        ("An answer with more than 40 words loses a point", "length", {"min_words": 41}, -1),
    ],
)  # fmt: skip
def test_a_rule_that_takes_points_off_is_a_penalty_of_so_many(
    rule: str, kind: str, parameters: dict[str, object], points: float
) -> None:
    (way,) = propose(rule, CLAUSES)
    assert (way.check.kind, way.check.parameters, way.is_penalty) == (kind, parameters, True)
    assert reads_like_fault(rule)
    (made,) = paste(rule, CLAUSES, Rubric()).criteria
    assert (made.points, made.text, made.check) == (points, rule, way.check)
    (own,) = paste(f"[-5] {rule}", CLAUSES, Rubric()).criteria
    assert own.points == -5


@pytest.mark.parametrize(
    ("rule", "text", "kind"),
    [
        ('Takes off 2 points if the reason does not contain the word "policy"',
         'The reason contains the word "policy"', "contains_all"),
        ('Takes off 2 points unless the reason contains the word "policy"',
         'The reason contains the word "policy"', "contains_all"),
        ("Minus 2 if it quotes words that are not in the clause",
         "It quotes words that are in the clause", "quote"),
        ("-2 if a quote is not in the clause", "A quote is in the clause", "quote"),
        ("Minus two if the quotation is not word for word from the clause",
         "The quotation is word for word from the clause", "quote"),
        ("Minus 2 if it fails to quote the clause", "It quotes the clause", "quote"),
    ],
)  # fmt: skip
def test_points_off_for_what_is_not_there_are_points_for_what_is(
    rule: str, text: str, kind: str
) -> None:
    (made,) = paste(rule, CLAUSES, Rubric()).criteria
    assert (made.points, made.text, made.check.kind) == (2, text, kind)
    first, *_ = read(rule, CLAUSES).ways or read(rule.removeprefix("-2 "), CLAUSES, -2).ways
    assert (first.text, first.check, first.is_penalty) == (text, made.check, False)


def test_what_is_missed_in_more_than_one_way_is_kept_for_review() -> None:
    made = paste("Minus 2 if it names no date and does not say why", CLAUSES, Rubric())
    assert (made.criteria, [kept.points for kept in made.review]) == ((), [-2])


@pytest.mark.parametrize(
    "rule",
    ["Names what it costs", "Says that the index loses 3 points", "The decision takes a position",
     "Costs are named if they matter", "Takes the right decision when it is urgent",
     "The reason names the cost of 2 points"],
)  # fmt: skip
def test_what_an_answer_tells_of_losses_takes_no_points_off(rule: str) -> None:
    assert taken_off(rule) is None


def test_the_word_one_in_a_rule_is_no_number() -> None:
    assert taken_off('Minus 0.5 points for the word "one"') == Fault('the word "one"', 0.5)


def test_the_if_of_a_rule_worth_minus_points_is_no_condition() -> None:
    rule = '[-2] If the reason uses the word "obviously"'
    (made,) = paste(rule, CLAUSES, Rubric()).criteria
    assert (made.points, made.check.parameters) == (-2, IN_REASON)


def test_what_takes_points_off_is_one_rule() -> None:
    assert divided('Minus 2 if it says "obviously" and has more than 40 words', CLAUSES) is None
