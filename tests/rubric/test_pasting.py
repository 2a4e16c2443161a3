"""Rules pasted as lines: points, what becomes of each, and what is not taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.examples.folder import read_project
from rft_core.records import CheckSpec, ReviewRule, Rubric
from rft_core.rubric.from_form import rubric_of_form
from rft_core.rubric.grading import Grader
from rft_core.rubric.rules.pasting import MAX_RULES, Line, paste, read_rules
from rft_core.settings import samples_folder
from tests.rubric.clauses import CLAUSES, FORM

FILES = read_project(samples_folder() / "finance")
TRAIN = [e for e in FILES.examples if e.split == "train"]


@pytest.mark.parametrize(
    ("line", "points", "rule"),
    [
        ("[+2] Names the deadline", 2, "Names the deadline"),
        ("[-0.2] If it invents a citation", -0.2, "If it invents a citation"),
        ("[−2] Rude", -2, "Rude"),
        ("(+1) Short", 1, "Short"),
        ("[+0,5]: Short", 0.5, "Short"),
        ("[3 points] Short", 3, "Short"),
        ("- Short (2 points)", 2, "Short"),
        ("1. Short", None, "Short"),
        ("12) Short [5].", 5, "Short"),
        ("• Names  Article 5 (2) GDPR", None, "Names Article 5 (2) GDPR"),
        ("+2 Gives the deadline", 2, "Gives the deadline"),
        ("-1: Rude", -1, "Rude"),
        ("• -1 point: Rude", -1, "Rude"),
        ("At most 40 words", None, "At most 40 words"),
        ("[2024] EWCA is cited", None, "[2024] EWCA is cited"),
        ("See section (2)", None, "See section (2)"),
        ("(2) Short", None, "(2) Short"),
        ("- 2 things", None, "2 things"),
        ("[+.5] Short", 0.5, "Short"),
        ("-.5 Rude", -0.5, "Rude"),
        ("[＋２] Short", 2, "Short"),
        ("（－1）Rude", -1, "Rude"),
        ("[+1000] Short", 1000, "Short"),
        ("[+0.1234] Short", 0.1234, "Short"),
        ("[+2]. Short", 2, "Short"),
        ("**[+2]** Short", 2, "Short"),
        ("* **+2** Short", 2, "Short"),
        ("**[-2] Rude**", -2, "Rude"),
        ("`[+2]` Short", 2, "Short"),
        ("Short **[+2]**.", 2, "Short"),
        ("**Short** and sweet", None, "**Short** and sweet"),
        ("| [+2] | Short |", 2, "Short"),
        ("| **-2** | Rude |", -2, "Rude"),
        ("| Short | 2 points |", 2, "Short"),
        ("| 7 | [+2] | Short |", 2, "Short"),
        ("| Short [+2] | |", 2, "Short"),
        ("Yes | no", None, "Yes | no"),
        ("[x] Short", None, "[x] Short"),
        ("Kept at (-5 to 10 °C)", None, "Kept at (-5 to 10 °C)"),
    ],
)
def test_a_line_is_read_with_its_points(line: str, points: float | None, rule: str) -> None:
    rules, problems = read_rules(line)
    assert (rules, problems) == ([Line(rule, points)], [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[+two] Short", '"[+two]" could not be read as points'),
        ("[±2] Short", '"[±2]" could not be read as points'),
        ("[+2/5] Short", '"[+2/5]" could not be read as points'),
        ("Short [-1 000].", '"[-1 000]." could not be read as points'),
        ("[+1,000] Short", '"[+1,000]" could not be read as points'),
        ("(+2 of 5) Short", '"(+2 of 5)" could not be read as points'),
        ("[+2000000] Short", "more than 1,000,000 points"),
        ("[5000] Short", '"[5000]" may be points or not'),
        ("[+2", '"[+2" could not be read as points'),
        ("[+2 Names the deadline", '"[+2" could not be read as points'),
        ("| Points | Rule |", "one cell with points and one with the rule"),
        ("| +2 | -1 | Short |", "one cell with points and one with the rule"),
    ],
)
def test_a_line_whose_points_are_not_understood_is_left_out_and_said(line: str, why: str) -> None:
    rules, (problem,) = read_rules(f"[+1] Fine\n|:--|---|\n{line}")
    assert rules == [Line("Fine", 1)]
    assert problem.startswith("Line 3 is not understood: ") and why in problem


@pytest.mark.parametrize(
    ("line", "points", "text"),
    [
        ("3 points: Decision has at most 20 words", 3, "Decision has at most 20 words"),
        ("Decision has at most 20 words: 3 points", 3, "Decision has at most 20 words"),
        ("2 points if the decision is right", 2, "The decision is right"),
    ],
)
def test_points_in_words_are_no_part_of_the_rule(line: str, points: float, text: str) -> None:
    (made,) = paste(line, TRAIN, Rubric()).criteria
    assert (made.points, made.text) == (points, text)


@pytest.mark.parametrize("line", ["[+2]", "+2", "2", "[+2] 3", "(+1) …"])
def test_points_alone_are_no_rule(line: str) -> None:
    assert read_rules(line) == ([], ["Line 1 has no rule."])


def test_a_rule_that_is_there_in_other_words_is_known() -> None:
    there = paste("Makes the right decision\n[-1] Says “as an AI”", TRAIN, Rubric())
    rubric = Rubric(criteria=there.criteria)
    again = paste("[+3] Decision is right\n[-1] Says “I cannot”\nKind is right", TRAIN, rubric)
    assert [again.known.get(made.id) for made in again.criteria] == [
        "Makes the right decision", None, None,
    ]  # fmt: skip
    twice = paste("Decision is right\nMakes the right decision", TRAIN, Rubric())
    assert (twice.known, list(twice.repeated.values())) == ({}, ["Decision is right"])


def test_words_in_the_answer_and_on_a_line_of_it_are_not_checked_alike() -> None:
    rules = 'The answer contains the word "policy"\nThe reason contains the word "policy"'
    pasted = paste(rules, CLAUSES, Rubric(), FORM)
    assert [made.check.parameters.get("line") for made in pasted.criteria] == [None, "Reason"]
    assert (pasted.known, pasted.repeated) == ({}, {})


def test_the_rules_of_a_first_rubric_are_known_where_they_are_pasted_again() -> None:
    rubric = Rubric(criteria=rubric_of_form(FORM, CLAUSES))
    text = 'Gives the right “Decision”\nDecision is right\nGives the right "Decision"'
    again = paste(text, CLAUSES, rubric, FORM)
    assert set(again.known.values()) == {"Gives the right “Decision”"}
    assert len(again.known) == len(again.criteria) == 3


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ('The reason names a place such as "page 3"', "examples"),
        ('The reason is kind: the reason contains "policy"', "part"),
        ("The reason has a length of 3 words", "guess"),
        ("Is polite", None),
    ],
)
def test_why_a_rule_is_kept_for_review_is_told(rule: str, why: str | None) -> None:
    made = paste(rule, CLAUSES, Rubric(), FORM)
    assert (made.criteria, made.partly.get(rule)) == ((), why)


def test_long_lines_are_no_rules() -> None:
    for part in ("[+", "[+a", "**[", "|-", "(+1 ", "*[+2*", "-"):
        rules, problems = read_rules(f"{part * 20_000}x\n|{part * 20_000}")
        assert rules == []
        assert problems and all(len(problem) < 200 for problem in problems)


def test_what_is_not_taken_is_named_by_its_line() -> None:
    text = f"[+1]\n\n[0] Nothing\nShort\n[+2] short\n{'long ' * 300}\n" + "\n".join(
        f"Rule {n}" for n in range(MAX_RULES)
    )
    rules, problems = read_rules(text)
    assert len(rules) == MAX_RULES
    assert problems == [
        "Line 1 has no rule.",
        "Line 3 is worth 0 points.",
        "Line 5 repeats an earlier one.",
        "Line 6 is longer than 1,000 characters.",
        "Line 206 and what follows: at most 200 rules are taken.",
    ]


def test_rules_become_criteria_with_a_check_or_are_kept_for_review() -> None:
    text = (
        "[+5] Makes the right decision\n[-2] Releases a scam\n[-1] Says “as an AI”\n"
        "[+1] Is polite\n[+1] Makes the right decision, really\nNever releases a scam\n"
        "[-1] More than 40 words"
    )
    made = paste(text, TRAIN, Rubric())
    assert [(c.points, c.check.kind) for c in made.criteria] == [
        (5, "label"), (-2, "mistake"), (-1, "forbidden"), (1, "label"), (-1, "mistake"),
        (-1, "length"),
    ]  # fmt: skip
    assert len({c.id for c in made.criteria}) == 6
    assert made.review == (ReviewRule(text="Is polite"),)
    grader = Grader(Rubric(criteria=made.criteria))
    case = TRAIN[0]
    assert grader.grade(case.reference or "", case).score == 1, "what is for review counts nothing"


def test_no_rule_is_checked_by_half() -> None:
    """Two demands become two criteria; a limit of words to one part counts that part alone."""
    text = (
        "[+4] The answer makes the right decision and quotes the words that decide\n"
        "[+1] The quote is no longer than ten words\n[+1] At most 40 words\n"
        "[+1] The quote has at least fifty words\n"
        "[-2] Makes the right decision and quotes the words that decide"
    )
    made = paste(text, TRAIN, Rubric())
    assert [(c.points, c.check.kind) for c in made.criteria] == [
        (2, "label"), (2, "quote"), (1, "length"), (1, "length"),
    ]  # fmt: skip
    assert made.criteria[2].check == CheckSpec(kind="length", max_words=10, line="Quote")
    assert made.criteria[1].text == "The answer quotes the words that decide"
    assert [rule.text for rule in made.review] == [
        "The quote has at least fifty words",
        "Makes the right decision and quotes the words that decide",
    ]
    begin_alike = "The answer names the decision and names the right kind of scam"
    twins = paste(begin_alike, TRAIN, Rubric()).criteria
    assert len({criterion.id for criterion in twins}) == len(twins) == 2


@given(st.text(max_size=200))
def test_any_text_can_be_pasted(text: str) -> None:
    made = paste(text, TRAIN[:5], FILES.rubric)
    assert all(rule.points for rule in made.review)
