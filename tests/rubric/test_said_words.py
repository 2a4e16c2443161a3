"""Rules that name words, a line, JSON keys or a length: the ways offered look for just that."""

from typing import Any

import pytest

from rft_core.checks import build
from rft_core.checks.sentences import count_sentences
from rft_core.records import CheckSpec, Criterion, Rubric
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import Proposal, propose
from rft_core.rubric.rules.said_words import said_words
from rft_core.rubric.shown import on_cases
from tests.rubric.clauses import CLAUSES

BY_ID = {example.id: example for example in CLAUSES}
ALL, ANY, NONE = "contains_all", "contains_any", "forbidden"


def first(rule: str) -> Proposal:
    return propose(rule, CLAUSES)[0]


@pytest.mark.parametrize(
    ("rule", "kind", "phrases", "line"),
    [
        ("The decision line contains the word escalate", ALL, ["escalate"], "Decision"),
        ('The decision line contains the word "escalate"', ALL, ["escalate"], "Decision"),
        ("The word escalate appears in the decision line", ALL, ["escalate"], "Decision"),
        ("Mentions escalate", ALL, ["escalate"], None),
        ("Says 'Pay'", ALL, ["Pay"], None),
        ("The answer says pay", ALL, ["pay"], None),
        ("The reason mentions the policy", ALL, ["policy"], "Reason"),
        ("Mentions force majeure in the reason", ALL, ["force majeure"], "Reason"),
        ("The decision says accept or negotiate", ANY, ["accept", "negotiate"], "Decision"),
        ("Mentions at least one of policy, mandate or law", ANY, ["policy", "mandate", "law"],
         None),
        ("Contains the phrase subject to contract", ALL, ["subject to contract"], None),
        ("Must not contain whereas", NONE, ["whereas"], None),
        ("The reason must not contain whereas", NONE, ["whereas"], "Reason"),
        ("Never uses the words herein or whereof", NONE, ["herein", "whereof"], None),
        ("Avoids the word whereas", NONE, ["whereas"], None),
    ],
)  # fmt: skip
def test_a_rule_about_words_is_checked_by_these_words(
    rule: str, kind: str, phrases: list[str], line: str | None
) -> None:
    (way,) = propose(rule, CLAUSES)
    at = {"line": line} if line else {}
    assert (way.check.kind, way.check.parameters) == (kind, {"phrases": phrases} | at)
    assert way.is_penalty == (kind == NONE)
    check = build(way.check)
    good, bad = (
        check.grade(shown.answer, BY_ID[shown.example_id]).value
        for shown in (way.passes, way.fails)
    )
    assert (good, bad) == ((0, 1) if way.is_penalty else (1, 0))


@pytest.mark.parametrize(
    "rule",
    [
        "Mentions a date", "Says why the clause is a risk", "Mentions whether it is mutual",
        "The reason is polite", "Every line begins with a capital letter", "Mentions 30 days",
        "States the risk in the reason", 'Uses the word "shall" at most once', "Uses plain English",
    ],
)  # fmt: skip
def test_where_no_check_fits_none_is_offered(rule: str) -> None:
    assert propose(rule, CLAUSES) == []
    made = paste(f"[+2] {rule}", CLAUSES, Rubric())
    assert (made.criteria, [kept.points for kept in made.review]) == ((), [2])


@pytest.mark.parametrize("rule", ["Quotes the words that decide", "Quotes the words used there"])
def test_the_words_need_not_be_named(rule: str) -> None:
    assert said_words(rule).phrases == ()
    assert first(rule).check.kind == "quote"


def test_a_choice_under_a_condition_is_kept_for_review_with_what_no_check_looks_at() -> None:
    for rule, words in (
        ("Says escalate where it is unlimited", "where it is unlimited"),
        ('Says "escalate" if it is unlimited', "if it is unlimited"),
    ):
        made = paste(rule, CLAUSES, Rubric())
        assert (made.criteria, made.left_out) == ((), {rule: words})


@pytest.mark.parametrize(
    ("rule", "is_taken"),
    [
        ("Contains the word remedies", True),
        ("Contains remedies", False),
        ("Does not contain personal data", False),
        ("Does not contain the words personal data", True),
    ],
)
def test_of_pasted_rules_only_words_that_are_set_apart_are_taken_letter_by_letter(
    rule: str, is_taken: bool
) -> None:
    assert bool(paste(rule, CLAUSES, Rubric()).criteria) == is_taken
    assert propose(rule, CLAUSES)


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("The answer must be JSON with the keys decision, quote and reason",
         {"keys": ["decision", "quote", "reason"]}),
        ("A JSON object with fields a, b", {"keys": ["a", "b"]}),
        ('JSON with exactly the keys "decision" and "reason"',
         {"keys": ["decision", "reason"], "only": True}),
        ("Return JSON: decision, quote", {}),
        ("Return JSON with decision, quote and reason only",
         {"keys": ["decision", "quote", "reason"], "only": True}),
        ("JSON; fields: decision (text), quote (list)", {"keys": ["decision", "quote"]}),
        ("Is valid JSON", {}),
    ],
)  # fmt: skip
def test_a_rule_about_json_is_checked_by_its_keys(rule: str, parameters: dict[str, Any]) -> None:
    (way,) = propose(rule, CLAUSES)
    assert (way.check.kind, way.check.parameters, way.is_form) == ("json", parameters, True)
    check = build(way.check)
    assert check.grade(way.passes.answer, CLAUSES[0]).value == 1
    assert check.grade(way.fails.answer, CLAUSES[0]).value == 0
    assert (way.met_by, way.of) == (0, len(CLAUSES))
    if "decision" in parameters.get("keys", ["decision"]):
        assert '"decision": "negotiate"' in way.passes.answer
    (made,) = paste(rule, CLAUSES, Rubric()).criteria
    assert made.check == way.check


def test_an_answer_that_must_not_be_json_loses_points_for_it() -> None:
    (way,) = propose("Is not JSON", CLAUSES)
    assert way.is_penalty
    assert way.fails.answer.startswith("{")


def test_any_words_of_the_case_come_first_where_the_rule_does_not_say_which() -> None:
    anything, expected, *_ = propose("Quotes the case word for word", CLAUSES)
    assert (anything.check.parameters, expected.check.parameters) == ({}, {"field": "quote"})
    assert 'Quote: "The Supplier shall"' in anything.passes.answer
    assert 'Quote: "The Supplier shall"' in expected.fails.answer
    assert 'Quote: "Either party may"' in anything.fails.answer
    assert first("Quotes the words that decide").check.parameters == {"field": "quote"}


@pytest.mark.parametrize(
    ("rule", "bounds", "reason"),
    [
        ("The reason is at most fifteen words", {"max_words": 15}, 15 + 8),
        ("The reason is fewer than a dozen words", {"max_words": 11}, 11 + 8),
        ("The reason has at most half a dozen words", {"max_words": 6}, 6 + 8),
        ("The reason is at least three words", {"min_words": 3}, 2),
        ("The reason has at least a single word", {"min_words": 1}, 0),
    ],
)
def test_a_length_is_shown_by_that_part_too_long_or_too_short(
    rule: str, bounds: dict[str, int], reason: int
) -> None:
    (way,) = propose(rule, CLAUSES)
    assert way.check.parameters == bounds | {"line": "Reason"}
    expert = BY_ID[way.fails.example_id].reference or ""
    for answer in (way.fails.answer, _unmet(way).answer):
        *others, last = answer.split("\n")
        assert len(others) == 2
        assert last.startswith("Reason:") and len(last.split()) - 1 == reason
    assert way.fails.answer.split("\n")[:2] == expert.split("\n")[:2]


@pytest.mark.parametrize(
    ("rule", "bounds", "sentences"),
    [
        ("The reason is at most two sentences", {"max_sentences": 2}, 3),
        ("The reason is a single sentence", {"max_sentences": 1}, 2),
        ("The reason has exactly one short sentence",
         {"min_sentences": 1, "max_sentences": 1}, 2),
    ],
)  # fmt: skip
def test_a_number_of_sentences_is_read_from_the_rule(
    rule: str, bounds: dict[str, int], sentences: int
) -> None:
    (way,) = propose(rule, CLAUSES)
    assert way.check.parameters == bounds | {"line": "Reason"}
    for answer in (way.fails.answer, _unmet(way).answer):
        assert count_sentences(answer.split("Reason: ")[1]) == sentences
        assert answer.count("Reason:") == 1
    (made,) = paste(f"[+1] {rule}", CLAUSES, Rubric()).criteria
    assert made.check == way.check


def _unmet(way: Proposal) -> Any:
    criterion = Criterion(id="a", text="A", points=1, aspect="form", check=way.check)
    return on_cases(criterion, CLAUSES).unmet


def test_a_length_of_the_whole_answer_is_shown_by_more_or_fewer_words() -> None:
    for check, words in (({"max_words": 40}, 48), ({"min_words": 4}, 3)):
        criterion = Criterion(
            id="a", text="A", points=1, aspect="form", check=CheckSpec(kind="length", **check)
        )
        unmet = on_cases(criterion, CLAUSES).unmet
        assert unmet is not None
        assert len(unmet.answer.split()) == words


def test_the_layout_is_offered_for_rules_about_all_lines() -> None:
    for rule in (
        "The answer has the lines Decision, Quote and Reason",
        'Contains the lines "Decision", "Quote" and "Reason" in this order',
        "Keeps the three lines",
    ):
        assert first(rule).check.kind == "pattern"


def test_words_and_keys_in_a_list_are_one_rule() -> None:
    for rule in ('Contains "policy" and "mandate"', "JSON with the keys decision and reason"):
        assert len(paste(rule, CLAUSES, Rubric()).criteria) == 1
