"""Rules pasted as lines: points, what becomes of each, and what is not taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.examples.folder import read_project
from rft_core.records import ReviewRule, Rubric, content_id
from rft_core.rubric.grading import Grader
from rft_core.rubric.pasting import MAX_RULES, paste, read_rules
from rft_core.settings import samples_folder

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
        ("1. Short", 1, "Short"),
        ("12) Short [5].", 5, "Short"),
        ("• Names  Article 5 (2) GDPR", 1, "Names Article 5 (2) GDPR"),
        ("At most 40 words", 1, "At most 40 words"),
        ("[2024] EWCA is cited", 1, "[2024] EWCA is cited"),
    ],
)
def test_a_line_is_read_with_its_points(line: str, points: float, rule: str) -> None:
    rules, problems = read_rules(line)
    assert (rules, problems) == ([ReviewRule(text=rule, points=points)], [])


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
        "[+1] Is polite\n[+1] Makes the right decision, really"
    )
    made = paste(text, TRAIN, Rubric())
    assert [(c.points, c.check.kind) for c in made.criteria] == [
        (5, "label"), (-2, "mistake"), (-1, "forbidden"), (1, "label"),
    ]  # fmt: skip
    assert len({c.id for c in made.criteria}) == 4
    assert made.review == (ReviewRule(text="Is polite"),)
    grader = Grader(Rubric(criteria=made.criteria, review=made.review))
    case = TRAIN[0]
    assert grader.grade(case.reference or "", case).score == 1, "what is for review counts nothing"


def test_a_rubric_without_rules_for_review_keeps_its_content_id() -> None:
    assert "review" not in FILES.rubric.model_dump()
    with_rule = FILES.rubric.with_changes(review=(ReviewRule(text="Is polite"),))
    assert content_id(with_rule) != content_id(FILES.rubric)
    assert Rubric.model_validate(with_rule.model_dump(mode="json")) == with_rule


@given(st.text(max_size=200))
def test_any_text_can_be_pasted(text: str) -> None:
    made = paste(text, TRAIN[:5], FILES.rubric)
    assert all(rule.points for rule in made.review)
