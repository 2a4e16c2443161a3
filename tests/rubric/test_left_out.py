"""What a way to check a rule leaves out of it is said."""

import pytest

from rft_core.records import Rubric
from rft_core.rubric.rules.left_out import condition_left_out, condition_of, is_part_left_out
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import propose
from tests.rubric.clauses import CLAUSES, FORM


@pytest.mark.parametrize(
    ("rule", "condition"),
    [
        ('The word "today" must stand in the Reason line when the repair is urgent.',
         "when the repair is urgent"),
        ("If the repair is urgent, the reason has at most 10 words", "if the repair is urgent"),
        ("At most 40 words unless it is urgent, and polite", "unless it is urgent"),
        ('Takes off 2 points if it says "now" when it is urgent', "when it is urgent"),
        ('Takes off 2 points if it says "now"', ""),
        ("If it invents a citation", ""),
        ("Says when the notice was sent", ""),
        ("Says whether or when it was sent", ""),
        ("Keeps it short where possible", ""),
        ('The reason says "if needed"', ""),
    ],
)  # fmt: skip
def test_a_condition_is_found_in_a_rule(rule: str, condition: str) -> None:
    assert condition_of(rule) == condition


def test_a_condition_is_left_out_by_what_does_not_know_the_case() -> None:
    rule = 'The word "policy" must stand in the reason when the clause is urgent'
    (words,) = propose(rule, CLAUSES)
    assert condition_left_out(rule, words) == "when the clause is urgent"
    rule = "Says escalate where it is unlimited"
    assert [condition_left_out(rule, way) for way in propose(rule, CLAUSES)] == [
        "where it is unlimited"
    ]
    rule = "Never says accept where escalate is right"
    assert {condition_left_out(rule, way) for way in propose(rule, CLAUSES)} == {""}
    made = paste("[+1] At most 40 words if the clause is short", CLAUSES, Rubric())
    assert (made.criteria, len(made.review)) == ((), 1)


@pytest.mark.parametrize(
    ("rule", "is_left_out"),
    [
        ("The reason cites the lease or names a danger, and is not longer than 25 words.", True),
        ("Answer no longer than three sentences and under 60 words", True),
        ("The reason is not longer than 25 words", False),
        ("Makes the right decision", False),
    ],
)
def test_a_part_of_a_rule_is_left_out(rule: str, is_left_out: bool) -> None:
    ways = propose(rule, CLAUSES)
    assert ways
    assert any(is_part_left_out(rule, way) for way in ways) == is_left_out


@pytest.mark.parametrize(
    ("rule", "condition"),
    [
        ('If the decision is "accept" the reason must not contain "policy".',
         'if the decision is "accept"'),
        ('If the decision is "accept", the reason must not contain "policy".',
         'if the decision is "accept"'),
        ('If the decision is accept the reason must not contain "policy".',
         "if the decision is accept"),
        ('When the decision is "accept" the reason never says "policy".',
         'when the decision is "accept"'),
        ('The reason must not contain "policy" if the decision is "accept".',
         'if the decision is "accept"'),
        ('The reason must not contain "policy" unless it says "mandate".',
         'unless it says "mandate"'),
    ],
)  # fmt: skip
def test_words_quoted_in_a_condition_are_never_looked_for(rule: str, condition: str) -> None:
    (way,) = propose(rule, CLAUSES, form=FORM)
    assert (way.check.kind, way.is_penalty) == ("forbidden", True)
    assert way.check.parameters == {"phrases": ["policy"], "line": "Reason"}
    assert condition_left_out(rule, way) == condition
    made = paste(rule, CLAUSES, Rubric(), FORM)
    assert (made.criteria, made.left_out) == ((), {rule: condition})


def test_words_asked_for_under_a_condition_are_looked_for_on_their_line() -> None:
    rule = 'If the decision is "escalate" the reason contains the word "policy"'
    (way,) = propose(rule, CLAUSES, form=FORM)
    assert way.check.kind == "contains_all"
    assert way.check.parameters == {"phrases": ["policy"], "line": "Reason"}
    assert condition_left_out(rule, way) == 'if the decision is "escalate"'


def test_a_length_asked_for_under_a_condition_is_that_of_its_own_line() -> None:
    rule = 'If the decision is "accept" the reason has at most 15 words'
    (way,) = propose(rule, CLAUSES, form=FORM)
    assert way.check.parameters == {"max_words": 15, "line": "Reason"}
    assert condition_left_out(rule, way) == 'if the decision is "accept"'


def test_cases_that_are_called_as_a_choice_hide_no_line() -> None:
    rule = 'For accept clauses the reason contains the word "notice"'
    way = propose(rule, CLAUSES, form=FORM)[0]
    assert way.check.parameters == {"phrases": ["notice"], "line": "Reason"}
    assert condition_left_out(rule, way) == "for accept clauses"
