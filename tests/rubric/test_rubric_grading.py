"""Grading: points, unscored criteria, parts of an answer, an example's own criteria."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rft_core.checks import Check, Verdict
from rft_core.checks.choice import Label
from rft_core.checks.parts import split_answer
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric import grading
from rft_core.rubric.grading import Grader, Verdicts, points_text
from rft_core.rubric.scoring import comparable_scores

DECISIONS = ["release", "call", "block", "cannot tell"]
EXAMPLE = Example(
    id="e",
    prompt="A caller asked him to move it to a safe account today, and he would not listen.",
    reference='Decision: block\nKind: impersonation\nQuote: "move it to a safe account"',
    fields={"decision": "block", "key_words": ["safe account"]},
)


def criterion(name, points, aspect="substance", applies_to="answer", **check):
    return Criterion(
        id=name,
        text=f"about {name}",
        points=points,
        aspect=aspect,
        applies_to=applies_to,
        check=CheckSpec(**check),
    )


DECISION = criterion("decision", 5, kind="label", labels=DECISIONS, field="decision")
KEY_WORDS = criterion("key_words", 2, kind="quote", field="key_words")
LAYOUT = criterion(
    "layout", 3, "form", kind="pattern", pattern=r"Decision: \w+\n(?s:.*)", whole=True
)
MISTAKE = criterion(
    "released_scam",
    -2,
    kind="mistake",
    labels=DECISIONS,
    field="decision",
    given=["release"],
    right=["call", "block"],
)
RUBRIC = Rubric(criteria=(DECISION, KEY_WORDS, LAYOUT, MISTAKE))


def test_known_verdicts_change_no_grade_and_are_given_once(monkeypatch) -> None:
    """Of a rubric with another price nothing is graded again; another text or case is."""
    known, graded = Verdicts(), []
    give = Label._grade
    monkeypatch.setattr(Label, "_grade", lambda self, *a: (graded.append(a), give(self, *a))[1])
    dearer = RUBRIC.with_criterion(DECISION.with_changes(points=DECISION.points + 1))
    other = EXAMPLE.with_changes(fields=EXAMPLE.fields | {"decision": "call"})
    for rubric in (RUBRIC, dearer):
        for case in (EXAMPLE, other):
            for answer in (EXAMPLE.reference, "Decision: call", ""):
                grade = Grader(rubric, known=known).grade(answer, case)
                count = len(graded)
                assert grade == Grader(rubric).grade(answer, case)
                assert len(graded) == count + 1, "a grader without them grades each time"
    assert len(graded) == 6 + 12
    known.forget()
    Grader(RUBRIC, known=known).grade(EXAMPLE.reference, EXAMPLE)
    assert len(graded) == 6 + 12 + 1


def test_the_reference_gets_full_points():
    grade = Grader(RUBRIC).grade(EXAMPLE.reference, EXAMPLE)
    assert grade.score == grade.substance == grade.form == grade.coverage == 1
    assert (grade.earned, grade.possible, grade.penalty) == (10, 10, 0)
    assert points_text(grade) == "10 of 10 points"


def test_a_mistake_costs_points():
    answer = EXAMPLE.reference.replace("block", "release")
    grade = Grader(RUBRIC).grade(answer, EXAMPLE)
    assert grade.values == {"decision": 0, "key_words": 1, "layout": 1, "released_scam": 1}
    assert grade.reasons["decision"] == 'Says "release"; expected "block".'
    assert grade.score == pytest.approx(5 / 12)
    assert (grade.substance, grade.form) == (pytest.approx(2 / 9), 1)
    assert points_text(grade) == "3 of 10 points (5 won, 2 lost by penalties)"


def test_an_empty_answer_earns_nothing_and_is_scored():
    grade = Grader(RUBRIC).grade("", EXAMPLE)
    assert (grade.earned, grade.penalty, grade.coverage) == (0, 0, 1)
    assert grade.score == pytest.approx(2 / 12)


def test_a_missing_field_leaves_the_criterion_unscored():
    example = EXAMPLE.with_changes(fields={"decision": "block"})
    grade = Grader(RUBRIC).grade(EXAMPLE.reference, example)
    assert grade.values["key_words"] is None
    assert grade.score == 1
    assert (
        points_text(grade) == "8 of 10 points; 17% of all points and penalties could not be graded"
    )
    assert "key_words" in grade.reasons["key_words"]


def test_too_little_scored_means_no_score():
    grade = Grader(RUBRIC).grade(EXAMPLE.reference, EXAMPLE.with_changes(fields={}))
    assert grade.score is None
    assert grade.substance is None
    assert grade.form == 1


def test_an_unknown_kind_grades_as_unscored():
    rubric = Rubric(criteria=(criterion("new", 5, kind="telepathy"),))
    grade = Grader(rubric).grade("x", EXAMPLE)
    assert grade.values == {"new": None}
    assert points_text(grade) == "could not be graded"


class Crashing(Check):
    kind: str = "crashing"
    value: float = 0.0

    def describe(self):
        return "Crashes."

    def _grade(self, answer, example):
        if self.value:
            return Verdict(self.value, "Odd.")
        raise RuntimeError(f"secret {answer}")


def test_a_crash_in_a_check_is_unscored_and_logged_without_the_text(monkeypatch, caplog):
    monkeypatch.setattr(grading, "build", lambda spec: Crashing())
    with caplog.at_level(logging.WARNING):
        grade = Grader(RUBRIC).grade("patient Jane", EXAMPLE)
    assert set(grade.values.values()) == {None}
    assert "RuntimeError" in caplog.text
    assert "Jane" not in caplog.text + str(grade.reasons)


@pytest.mark.parametrize(("value", "kept"), [(float("nan"), None), (7.0, 1.0), (-1.0, 0.0)])
def test_a_value_out_of_range_is_clamped_and_no_number_unscored(monkeypatch, value, kept):
    monkeypatch.setattr(grading, "build", lambda spec: Crashing(value=value))
    grade = Grader(Rubric(criteria=(DECISION,))).grade("x", EXAMPLE)
    assert grade.values["decision"] == kept


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("block", "", "block"),
        ("It is odd.\nAnswer: block", "It is odd.", "block"),
        ("It is odd.\n**Answer:** block", "It is odd.", "block"),
        ("a\nAnswer: call\nno\nanswer: block\nnow", "a\nAnswer: call\nno", "block\nnow"),
        ("<think>odd</think>block", "odd", "block"),
        ("<think>odd</think>\nso\nAnswer: block", "odd</think>\nso", "block"),
        ("odd</think>block", "odd", "block"),
        ("<think>never ends, call", "never ends, call", ""),
        ("My answer: block", "", "My answer: block"),
        ("", "", ""),
    ],
)
def test_split_answer(text, reasoning, answer):
    parts = split_answer(text)
    assert (parts.reasoning, parts.answer, parts.whole) == (reasoning, answer, text)


def test_a_criterion_reads_the_part_that_it_applies_to():
    def word(name, part):
        return criterion(name, 1, applies_to=part, kind="contains_any", phrases=["because"])

    rubric = Rubric(criteria=tuple(word(p, p) for p in ("answer", "reasoning", "whole")))
    grade = Grader(rubric).grade("because it is odd\nAnswer: block", EXAMPLE)
    assert grade.values == {"answer": 0, "reasoning": 1, "whole": 1}


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("He was told to move it at once.\nAnswer: block", 1),
        ("<think>He was told to move it at once.</think>block", 1),
        ("Answer: block\nHe was told to move it at once.", 0),
        ("Odd.\nAnswer: block", 0),
        ("He was told to move it at once.\nAnswer:", 0),
        ("He was told to move it at once: block", 0),
        ("", 0),
    ],
)
def test_reasons_are_looked_for_before_the_answer_whatever_the_criterion_looks_at(answer, value):
    for part in ("answer", "reasoning", "whole"):
        rule = criterion("reasons", 1, applies_to=part, kind="reasoned")
        assert Grader(Rubric(criteria=(rule,))).grade(answer, EXAMPLE).values["reasons"] == value


def test_an_examples_own_criteria_are_graded_beside_the_rubrics():
    own = criterion("own", 4, kind="contains_any", phrases=["police"])
    example = EXAMPLE.with_changes(criteria=(own,))
    grader = Grader(RUBRIC)
    grade = grader.grade(EXAMPLE.reference, example)
    assert grade.values["own"] == 0
    assert grade.possible == 14
    assert [c.id for c in grader.criteria_for(example)][-1] == "own"
    assert "own" not in grader.grade(EXAMPLE.reference, EXAMPLE).values


def test_an_own_criterion_never_replaces_one_of_the_rubric():
    own = criterion("decision", 40, kind="contains_any", phrases=["police"])
    grade = Grader(RUBRIC).grade(EXAMPLE.reference, EXAMPLE.with_changes(criteria=(own,)))
    assert (grade.earned, grade.possible) == (10, 10)


def test_an_own_criterion_that_cannot_be_built_is_unscored():
    own = criterion("own", 1, kind="pattern", pattern="(")
    grade = Grader(RUBRIC).grade(EXAMPLE.reference, EXAMPLE.with_changes(criteria=(own,)))
    assert grade.values["own"] is None
    assert "refused" in grade.reasons["own"]


def test_a_rubric_without_criteria_grades_cases_that_bring_their_own():
    own = criterion("own", 3, kind="contains_any", phrases=["police"])
    case = EXAMPLE.with_changes(criteria=(own,))
    for rubric in (Rubric(), Rubric(criteria=(DECISION.with_changes(enabled=False),))):
        grade = Grader(rubric, [case, EXAMPLE]).grade("Call the police.", case)
        assert (grade.score, grade.earned, grade.possible) == (1, 3, 3)
        assert Grader(rubric, [case]).grade("x", EXAMPLE).score is None, "never 0"
        with pytest.raises(InputError):
            Grader(rubric, [EXAMPLE])


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ((), "no criteria"),
        ((MISTAKE,), 'only penalties, such as "about released_scam"'),
        ((DECISION, criterion("zero", 0, kind="length")), '"about zero" has 0 points'),
        ((DECISION, criterion("bad", 1, kind="pattern", pattern="(")), 'Criterion "about bad": '),
    ],
)
def test_a_rubric_that_cannot_grade_is_refused(criteria, message):
    with pytest.raises(InputError) as caught:
        Grader(Rubric(criteria=criteria))
    assert message in caught.value.message
    assert caught.value.fix


@pytest.mark.parametrize(
    ("earned", "possible", "penalty", "text"),
    [
        (6, 10, -2, "4 of 10 points (6 won, 2 lost by penalties)"),
        (6.5, 10, 0, "6.5 of 10 points"),
        (1 / 3, 1, -0.1, "0.23 of 1 point (0.33 won, 0.1 lost by penalties)"),
        (0, 1_000, -0.0, "0 of 1000 points"),
    ],
)
def test_points_text(earned, possible, penalty, text):
    grade = Grader(RUBRIC).grade("", EXAMPLE)
    changed = grade.with_changes(earned=earned, possible=possible, penalty=penalty)
    assert points_text(changed) == text


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec=None)))
def test_any_text_is_graded(answer):
    grade = Grader(RUBRIC).grade(answer, EXAMPLE)
    assert 0 <= grade.score <= 1
    assert grade.coverage == 1


def test_a_criterion_that_is_switched_off_grades_nothing():
    off = LAYOUT.with_changes(enabled=False, check={"kind": "pattern", "pattern": "("})
    grader = Grader(Rubric(criteria=(DECISION, off)))
    grade = grader.grade("Decision: block", EXAMPLE)
    assert grade.values == {"decision": 1}
    assert points_text(grade) == "5 of 5 points"
    assert grader.criteria_for(EXAMPLE) == (DECISION,)


def test_a_rubric_with_every_criterion_switched_off_is_refused():
    with pytest.raises(InputError, match="Every criterion of the rubric is switched off"):
        Grader(Rubric(criteria=(DECISION.with_changes(enabled=False),)))


def test_a_criterion_counts_only_for_cases_with_one_of_its_tags():
    grader = Grader(Rubric(criteria=(DECISION, LAYOUT.with_changes(tags=["phone", "letter"]))))
    other = grader.grade(EXAMPLE.reference, EXAMPLE.with_changes(tags=("mail",)))
    assert points_text(other) == "5 of 5 points"
    tagged = grader.grade(EXAMPLE.reference, EXAMPLE.with_changes(tags=("mail", "phone")))
    assert points_text(tagged) == "8 of 8 points"


def test_an_own_criterion_never_stands_in_for_one_that_is_switched_off():
    own = criterion("decision", 4, kind="contains_any", phrases=["police"])
    rubric = Rubric(criteria=(LAYOUT, DECISION.with_changes(enabled=False)))
    grade = Grader(rubric).grade(EXAMPLE.reference, EXAMPLE.with_changes(criteria=(own,)))
    assert grade.values == {"layout": 1}


def test_a_case_without_a_criterion_that_gives_points_has_no_score():
    grade = Grader(Rubric(criteria=(DECISION.with_changes(tags=["phone"]),))).grade("x", EXAMPLE)
    assert (grade.score, grade.values) == (None, {})


def test_healthbenchs_score_may_fall_below_0_while_practice_stays_between_0_and_1():
    rubric = RUBRIC.with_changes(scoring="healthbench")
    grader = Grader(rubric)
    grade = grader.grade("Decision: release and block, or release", EXAMPLE)
    wrong = grader.grade("release", EXAMPLE)
    assert (wrong.earned, wrong.penalty, wrong.score) == (0, -2, pytest.approx(-0.2))
    assert grader.grade(EXAMPLE.reference, EXAMPLE).score == 1
    practice = comparable_scores([grade.values, wrong.values], grader.criteria_for(EXAMPLE))
    assert practice[1] == 0
    assert 0 < practice[0] <= 1
