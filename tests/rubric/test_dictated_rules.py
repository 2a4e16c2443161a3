"""Rules as experts dictate them: none is checked by the opposite, or by what it does not say."""

from typing import Any

import pytest

from rft_core.examples.answer_form import expected_values, write_answer
from rft_core.records import AnswerPart, Example
from rft_core.rubric.left_out import is_part_left_out
from rft_core.rubric.proposals import propose
from rft_core.rubric.two_criteria import divided
from tests.rubric.clauses import CLAUSES

_FORM = (
    AnswerPart(kind="choice", label="Outcome", field="outcome", options=("pay", "decline", "ask")),
    AnswerPart(kind="number", label="Amount", field="amount"),
    AnswerPart(kind="text", label="Letter", field="letter"),
)
_CLAIMS = (
    ("A burst pipe; repairs cost 900 EUR.", "pay", "900", "Dear customer, we will pay 900 EUR."),
    ("A bicycle, left unlocked, was stolen.", "decline", "0", "Dear customer, theft is excluded."),
    (
        "A fire, the third this year; 5,000 EUR.",
        "ask",
        "5000",
        "Dear customer, send us 2 receipts.",
    ),
    ("Hail on a car; 1,200 EUR.", "pay", "1200", "Dear customer, the hail damage is covered."),
    ("A flood in zone 4.", "decline", "0", "Dear customer, floods in zone 4 are excluded."),
    ("A broken window; 150 EUR.", "pay", "150", "Dear customer, we will pay for the glass."),
)


def _claim(number: int, case: str, *said: str) -> Example:
    values = dict(zip(("outcome", "amount", "letter"), said, strict=True))
    return Example(
        id=f"n{number}", prompt=case, reference=write_answer(_FORM, values),
        fields=expected_values(_FORM, values), split="train",
    )  # fmt: skip


CLAIMS = [_claim(number, *claim) for number, claim in enumerate(_CLAIMS)]


@pytest.mark.parametrize(
    ("rule", "kind", "parameters", "is_penalty"),
    [
        ("The word 'buy' is banned", "forbidden", {"phrases": ["buy"]}, True),
        ("The answer shouldn't contain 'buy'", "forbidden", {"phrases": ["buy"]}, True),
        ("Doesn't say 'don't worry'", "forbidden", {"phrases": ["don't worry"]}, True),
        ("Anything over 60 words is too long", "length", {"max_words": 60}, False),
        ("More than 60 words are not allowed", "length", {"max_words": 60}, False),
        ("Fewer than 3 words is not acceptable", "length", {"min_words": 3}, False),
        ("Never pays a claim that should be declined", "mistake",
         {"given": ["pay"], "right": ["decline"]}, True),
        ("A claim that should be declined is never paid or marked as pay", "mistake",
         {"given": ["pay"], "right": ["decline"]}, True),
        ("Does not say pay and decline at once", "several_labels", {"line": "Outcome"}, True),
        ("Pay only if it is covered", "label", {"field": "outcome"}, False),
        ("First the outcome, then the amount, then the letter", "pattern", {"whole": True}, False),
        ("It should start with the outcome", "pattern", {"whole": True}, False),
        ("The amount is right", "number", {"field": "amount", "line": "Amount"}, False),
        ("The amount is right to within 50 EUR", "number",
         {"line": "Amount", "tolerance": 50.0}, False),
        ("The amount is right, give or take 5%", "number",
         {"tolerance": 5.0, "tolerance_unit": "percent"}, False),
    ],
)  # fmt: skip
def test_the_first_way_is_what_was_dictated(
    rule: str, kind: str, parameters: dict[str, Any], is_penalty: bool
) -> None:
    first, *_ = propose(rule, CLAIMS)
    assert (first.check.kind, first.is_penalty) == (kind, is_penalty)
    assert parameters.items() <= first.check.parameters.items()


@pytest.mark.parametrize(
    "rule",
    ["The reason mustn't mention the names of the parties",
     "The reason must refer to the policy by number", "Doesn't contradict the quote"],
)  # fmt: skip
def test_what_a_part_is_to_say_is_not_checked_by_comparing_that_part(rule: str) -> None:
    assert propose(rule, CLAUSES) == []


@pytest.mark.parametrize(
    "rule",
    ["The amount is rounded to whole euros", "The amount lies between 0 and 10,000",
     "The letter contains a number", "The letter names both the amount and the cause"],
)  # fmt: skip
def test_no_number_is_compared_where_another_thing_is_asked(rule: str) -> None:
    assert "number" not in [way.check.kind for way in propose(rule, CLAIMS)]


def test_where_words_stand_is_said_to_be_left_out() -> None:
    rule = "Starts the letter with 'Dear customer'"
    (way,) = propose(rule, CLAIMS)
    assert way.check.kind == "contains_all"
    assert is_part_left_out(rule, way)


def test_what_is_refused_together_is_not_divided() -> None:
    assert divided("Does not say pay and decline at once", CLAIMS) is None


def test_points_off_for_words_are_a_penalty() -> None:
    (way,) = propose("3 points off for the word 'obviously'", CLAIMS)
    assert (way.check.kind, way.is_penalty) == ("forbidden", True)
