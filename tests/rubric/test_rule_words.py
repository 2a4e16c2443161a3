"""How penalties are spoken of: a fault is avoided, what must (not) be is kept."""

import pytest

from rft_core.records import CheckSpec, Criterion
from rft_core.rubric.rule_words import as_fault, broken, from_fault, is_demand, kept


def penalty(text: str, kind: str = "forbidden", points: float = -2) -> Criterion:
    return Criterion(id="c", text=text, points=points, aspect="substance",
                     check=CheckSpec(kind=kind))  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        'Must not recommend the dose of a medicine, such as "500 mg"',
        'Never says "red flag"',
        'Doesn\'t say "red flag"',
        "Does not name a drug",
        "The reason must not name a drug",
        "Answers should not exceed 60 words",
        "Quotes must come from the letter",
        "Don’t name a drug",
        "Prices never appear",
        "If a child has a fever, must not say self-care",
        "No jargon",
    ],
)
def test_a_penalty_worded_as_what_must_be_is_kept_or_broken(text: str) -> None:
    rule = penalty(text)
    assert is_demand(rule)
    assert kept(rule, text) == f"Kept: {text}"
    assert broken(rule, text) == f"Broken: {text}"
    assert as_fault(rule) == f"Breaks this rule: {text}"
    assert from_fault(as_fault(rule), -2) == text


@pytest.mark.parametrize(
    "text",
    [
        "Invents a citation",
        "Releases a scam",
        "Fails to say that it must stop",
        "Misses a red flag that must be seen",
        "Says that the patient must not drive",
        "Tells the patient they must not worry",
        "Uses words that are not in the letter",
        "Takes off 2 points if the reason must be longer",
        "Wrong position on a must-have clause",
        'Contains the word "never"',
    ],
)
def test_a_penalty_worded_as_a_fault_is_avoided_or_got(text: str) -> None:
    rule = penalty(text)
    assert not is_demand(rule)
    assert (kept(rule, text), broken(rule, text)) == (f"Avoided: {text}", f"Penalty: {text}")
    assert as_fault(rule) == text


def test_what_an_ai_grader_decides_may_be_a_fault_that_something_lacks() -> None:
    def asked(text: str, question: str) -> Criterion:
        return penalty(text).with_changes(check={"kind": "judge", "question": question})

    doctor = "Does not name the duty doctor"
    assert not is_demand(asked(doctor, doctor))
    assert not is_demand(asked(doctor, "Is the duty doctor missing?"))
    assert is_demand(asked("Must not name a drug", "Does it name a drug?"))
    assert is_demand(asked(doctor, f"Breaks this rule: {doctor}"))


def test_a_reward_is_told_as_it_is() -> None:
    rule = penalty("Must not name a drug", "contains_all", 2)
    assert {kept(rule, "x"), broken(rule, "x")} == {"x"}
    assert as_fault(rule) == rule.text == from_fault(rule.text, 2)
