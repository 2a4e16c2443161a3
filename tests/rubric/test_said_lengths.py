"""Rules that give lengths: each is read from its own clause, and held to the line it speaks of."""

from typing import Any

import pytest

from rft_core.checks import build
from rft_core.records import Rubric
from rft_core.rubric.rules.left_out import is_part_left_out
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import propose
from rft_core.rubric.rules.said_lengths import said_lengths
from rft_core.rubric.rules.said_lines import line_said
from rft_core.rubric.rules.two_criteria import divided
from tests.rubric.clauses import CLAUSES

LINES = ("Decision", "Quote", "Reason")


@pytest.mark.parametrize(
    ("rule", "lengths"),
    [
        ("The quotation is shorter than 12 words.", [("Quote", {"max_words": 11})]),
        ("The quoted words are at least 3 words", [("Quote", {"min_words": 3})]),
        ("Answer no longer than three sentences and under 60 words",
         [("", {"max_sentences": 3}), ("", {"max_words": 59})]),
        ("The quotation must have fewer than twelve words and the reason no more than two "
         "sentences.", [("Quote", {"max_words": 11}), ("Reason", {"max_sentences": 2})]),
        ("The quotation is copied exactly from the letter and is shorter than 12 words.",
         [("Quote", {"max_words": 11})]),
        ("The quotation is copied exactly, and it is shorter than 12 words",
         [("Quote", {"max_words": 11})]),
        ("The reason must not be longer than 25 words", [("Reason", {"max_words": 25})]),
        ("The reason should not have fewer than 3 words", [("Reason", {"min_words": 3})]),
        ("The reason doesn't exceed 25 words", [("Reason", {"max_words": 25})]),
        ("The reasoning has 20 words or more", [("Reason", {"min_words": 20})]),
        ("The reason has at least 2 and at most 20 words",
         [("Reason", {"min_words": 2, "max_words": 20})]),
        ("Reason: at most 10 words", [("Reason", {"max_words": 10})]),
        ("In under 12 words, the reason explains why", [("Reason", {"max_words": 11})]),
        ("Keeps the reason short and under 20 words", [("Reason", {"max_words": 19})]),
        ("The reason for the decision has at most 20 words", [("Reason", {"max_words": 20})]),
        ("Makes the right decision and has at most 40 words", [("", {"max_words": 40})]),
        ("The reason is polite and the answer has at most 40 words", [("", {"max_words": 40})]),
        ("Quotes the words that decide, and has at most 30 words", [("", {"max_words": 30})]),
        ("Quotes at most 10 words", [("Quote", {"max_words": 10})]),
        ("Each sentence has at most 20 words", []),
        ("The summary has at most 20 words", []),
        ("The grounds for the decision have at most 20 words", []),
        ("The quote and the reason have at most 10 words", []),
        ('Contains "at most 40 words"', []),
    ],
)  # fmt: skip
def test_a_length_is_read_from_its_own_clause(
    rule: str, lengths: list[tuple[str, dict[str, int]]]
) -> None:
    found = [*said_lengths(rule, LINES)]
    assert [(one.line, one.bounds) for one in found] == lengths
    assert not any(one.may_blame for one in found if "under" not in rule.lower())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("the quotations", "Quote"), ("the quoted words", "Quote"), ("its reasoning", "Reason"),
        ("what it decides", "Decision"), ("The reason for the decision", "Reason"),
        ("not short", None), ("the amount", None),
    ],
)  # fmt: skip
def test_a_line_is_named_in_any_form_of_its_word(text: str, line: str | None) -> None:
    assert line_said(text, (*LINES, "Note")) == line


def test_without_named_lines_a_part_that_is_no_smaller_one_is_the_answer() -> None:
    (length,) = said_lengths("The advice has at most 40 words", ())
    assert length.line == ""
    assert [*said_lengths("The quotation has at most 12 words", ())] == []


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        ("The quotation is copied exactly from the letter and is shorter than 12 words.",
         [("The quotation is copied exactly from the letter", {}),
          ("The quotation is shorter than 12 words.", {"max_words": 11, "line": "Quote"})]),
        ("Answer no longer than three sentences and under 60 words",
         [("Answer no longer than three sentences", {"max_sentences": 3}),
          ("Answer under 60 words", {"max_words": 59})]),
        ("The quotation must have fewer than twelve words and the reason no more than two "
         "sentences.",
         [("The quotation must have fewer than twelve words", {"max_words": 11, "line": "Quote"}),
          ("The reason must have no more than two sentences.",
           {"max_sentences": 2, "line": "Reason"})]),
        ("The quotation must not exceed twelve words and the reason two sentences",
         [("The quotation must not exceed twelve words", {"max_words": 12, "line": "Quote"}),
          ("The reason must not exceed two sentences", {"max_sentences": 2, "line": "Reason"})]),
        ("Quote has at most 10 words and reason at most 20 words",
         [("Quote has at most 10 words", {"max_words": 10, "line": "Quote"}),
          ("Reason has at most 20 words", {"max_words": 20, "line": "Reason"})]),
        ("The answer must be no longer than three sentences and under 60 words",
         [("The answer must be no longer than three sentences", {"max_sentences": 3}),
          ("The answer must be under 60 words", {"max_words": 59})]),
        ("The quotation is copied exactly and it is shorter than 12 words",
         [("The quotation is copied exactly", {}),
          ("The quotation is shorter than 12 words", {"max_words": 11, "line": "Quote"})]),
        ("Keeps the reason short and under 20 words",
         [("Keeps the reason short", {"max_words": 8, "line": "Reason"}),
          ("Keeps the reason under 20 words", {"max_words": 19, "line": "Reason"})]),
        ("Names the right decision but has at most 25 words",
         [("Names the right decision", None), ("Has at most 25 words", {"max_words": 25})]),
        ("The quote has at most 10 words and the reason at most 20",
         [("The quote has at most 10 words", {"max_words": 10, "line": "Quote"}),
          ("The reason has at most 20 words", {"max_words": 20, "line": "Reason"})]),
        ("The answer has the lines Decision, Quote and Reason and at most 40 words",
         [("The answer has the lines Decision, Quote and Reason", None),
          ("The answer has at most 40 words", {"max_words": 40})]),
    ],
)  # fmt: skip
def test_two_lengths_become_two_sentences_each_read_rightly(
    rule: str, parts: list[tuple[str, dict[str, Any] | None]]
) -> None:
    halves = divided(rule, CLAUSES)
    assert halves is not None
    assert [half.text for half in halves] == [text for text, _ in parts]
    for half, (_, wanted) in zip(halves, parts, strict=True):
        assert wanted is None or half.way.check.parameters == wanted
        assert not half.way.is_penalty
    made = paste(f"[+4] {rule}", CLAUSES, Rubric()).criteria
    assert [criterion.points for criterion in made] == [2, 2]


@pytest.mark.parametrize(
    "rule",
    ["The reason has at least 2 and at most 20 words",
     "The quote and the reason together have at most 10 words"],
)  # fmt: skip
def test_a_length_is_not_cut_in_two(rule: str) -> None:
    assert divided(rule, CLAUSES) is None


def test_a_half_that_may_be_a_fault_or_not_is_no_criterion_by_itself() -> None:
    assert divided("Makes the right decision; more than 40 words", CLAUSES) is None
    halves = divided("Makes the right decision and more than 40 words", CLAUSES)
    assert halves is None or not halves[1].way.is_penalty
    made = paste("More than 40 words\n[-1] Over 40 words", CLAUSES, Rubric())
    assert [(c.points, c.text) for c in made.criteria] == [(-1, "Over 40 words")]
    assert [rule.text for rule in made.review] == ["More than 40 words"]


def test_a_pasted_length_of_a_line_is_taken() -> None:
    (made,) = paste("[+2] The quotation is shorter than 12 words", CLAUSES, Rubric()).criteria
    assert (made.points, made.check.parameters) == (2, {"max_words": 11, "line": "Quote"})


def test_each_length_of_a_rule_is_offered_as_a_reward() -> None:
    ways = propose("Answer no longer than three sentences and under 60 words", CLAUSES)
    assert [way.check.parameters for way in ways] == [{"max_sentences": 3}, {"max_words": 59}]
    assert not any(way.is_penalty for way in ways)


@pytest.mark.parametrize(
    ("rule", "share"),
    [
        ("The quote has at most half of the words of the clause.", 1 / 2),
        ("The quote is at most a third of the clause", 0.3334),
        ("The quote is not more than half of the clause", 1 / 2),
        ("The quote is less than one half of the clause", 1 / 2),
        ("The quote must not be longer than half the clause", 1 / 2),
        ("Quotes no more than two thirds of the clause", 0.6667),
        ("The quote has at most 50 % of the clause", 0.5),
        ("The quotation is 40% of the clause or less", 0.4),
        ("The quotation does not exceed 50 per cent of the words of the clause", 0.5),
    ],
)
def test_how_much_of_the_case_may_be_quoted_is_that_of_the_rule(rule: str, share: float) -> None:
    (way,) = propose(rule, CLAUSES)
    assert (way.check.kind, way.check.parameters) == ("quote", {"max_share": share})
    assert not is_part_left_out(rule, way)
    clause = CLAUSES[0].prompt
    words = clause.split()
    check = build(way.check)
    for quoted, earns in ((int(share * len(words)), 1), (len(words) - 1, 0)):
        answer = f"Decision: accept\nQuote: {' '.join(words[:quoted])}"
        assert check.grade(answer, CLAUSES[0]).value == earns


def test_a_number_of_words_and_a_share_of_the_case_are_two_criteria() -> None:
    rule = "The quote is at least two words long and not more than half of the clause."
    ways = propose(rule, CLAUSES)
    assert {way.check.kind for way in ways} == {"length", "quote"}
    assert all(is_part_left_out(rule, way) for way in ways)
    halves = divided(rule, CLAUSES)
    assert halves is not None
    assert [(half.way.check.kind, half.way.check.parameters) for half in halves] == [
        ("length", {"min_words": 2, "line": "Quote"}), ("quote", {"max_share": 0.5}),
    ]  # fmt: skip
    made = paste(rule, CLAUSES, Rubric())
    assert [criterion.check.kind for criterion in made.criteria] == ["length", "quote"]


@pytest.mark.parametrize(
    "rule",
    ["The quote is at least half of the clause", "The quote is not less than half of the clause",
     "Quotes more than half of the clause"],
)  # fmt: skip
def test_a_least_share_of_the_case_is_not_checked_as_the_largest(rule: str) -> None:
    assert propose(rule, CLAUSES) == []
