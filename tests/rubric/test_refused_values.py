"""Rules that refuse an expected value or a choice: none is checked by what pays for it."""

from itertools import product

import pytest

from rft_core.checks import build
from rft_core.examples.answer_form import expected_values, write_answer
from rft_core.records import AnswerPart, Example, Rubric
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.reading import read

FORM = (
    AnswerPart(kind="number", label="Net debt / EBITDA", field="ratio", alone=("cannot tell",)),
    AnswerPart(
        kind="choice", label="Trend", field="trend", options=("improving", "stable", "worsening"),
        alone=("cannot tell",),
    ),
    AnswerPart(kind="text", label="Covenant risk", field="covenant_risk"),
)  # fmt: skip
_ROWS = (
    ("3.1x after 3.4x; the covenant is 3.5x.", "3.1", "improving", "Thin against 3.5x.", "3.5x"),
    ("2.9x, as before; the covenant is 4.0x.", "2.9", "stable", "Well below the 4.0x.", "4.0x"),
    ("It rose to 3.2x; 3.0x is allowed.", "3.2", "worsening", "A breach of 3.0x.", "3.0x"),
    ("Leverage rose to 4.0x; 4.25x holds.", "4.0", "worsening", "Close to 4.25x.", "4.25x"),
    ("No figures; the covenant is 3.5x.", "cannot tell", "cannot tell", "Just the 3.5x.", "3.5x"),
    ("2.0x, down from 2.4x; it is 3.5x.", "2.0", "improving", "Ample against 3.5x.", "3.5x"),
)


def _paragraph(number: int, text: str, *said: str) -> Example:
    values = dict(zip(("ratio", "trend", "covenant_risk"), said[:3], strict=True))
    return Example(
        id=f"p{number}", prompt=text, reference=write_answer(FORM, values), split="train",
        fields=expected_values(FORM, values) | {"Covenant level": said[3]},
    )  # fmt: skip


PARAGRAPHS = [_paragraph(number, *row) for number, row in enumerate(_ROWS)]
_VALUES = ("covenant level", "trend", "covenant risk", "net debt / EBITDA")
_REFUSALS = (
    "Must not give the {}",
    "Must not give the {} as the {other}",
    "Must not use the {} as the ratio",
    "The {} must not stand for the {other}",
    "The {} is never given as the {other}",
    "Does not confuse the {} with the {other}",
    "Does not mistake the {} for the {other}",
    "Never names the {}",
    "Avoids the {}",
    "Refuses to give the {}",
    "It is forbidden to give the {}",
    "Shouldn't state the {}",
    "Must not treat the {} as a choice",
    "Confuses the {} with the {other}",
    "Leaves the {} out",
)


@pytest.mark.parametrize(("refusal", "value"), product(_REFUSALS, _VALUES))
def test_a_refused_value_is_not_paid_for(refusal: str, value: str) -> None:
    other = _VALUES[_VALUES.index(value) - 1]
    rule = refusal.format(value, other=other)
    assert [way.check for way in read(rule, PARAGRAPHS, form=FORM).ways if not way.is_penalty] == []
    assert [c.check for c in paste(rule, PARAGRAPHS, Rubric(), FORM).criteria if c.points > 0] == []


@pytest.mark.parametrize(
    ("rule", "given", "right"),
    [
        ("Must not say improving when the trend is worsening", ["improving"], ["worsening"]),
        ("Never says improving when it should be worsening", ["improving"], ["worsening"]),
        ("Must not give the trend as improving", ["improving"],
         ["stable", "worsening", "cannot tell"]),
        ("Must not say improving or stable", ["improving", "stable"],
         ["worsening", "cannot tell"]),
        ("Never says improving or stable when it should be worsening", ["improving", "stable"],
         ["worsening"]),
    ],
)  # fmt: skip
def test_a_refused_choice_takes_points_off(rule: str, given: list[str], right: list[str]) -> None:
    (made,) = paste(rule, PARAGRAPHS, Rubric(), FORM).criteria
    assert (made.check.kind, made.points) == ("mistake", -1)
    assert (made.check.parameters["given"], made.check.parameters["right"]) == (given, right)
    worse = PARAGRAPHS[2]
    said = (worse.reference or "").replace("worsening", "improving")
    assert build(made.check).grade(said, worse).value == 1
    assert build(made.check).grade(worse.reference or "", worse).value == 0


@pytest.mark.parametrize(
    "rule",
    ["The trend must not be wrong", "Does not change the trend", "Never leaves out the trend",
     "Must not fail to give the trend", "Gives the trend, not the ratio"],
)  # fmt: skip
def test_what_must_not_be_missed_or_wrong_is_paid_for(rule: str) -> None:
    first = read(rule, PARAGRAPHS, form=FORM).ways[0]
    assert (first.check.kind, first.check.parameters["field"]) == ("label", "trend")


@pytest.mark.parametrize(
    "rule",
    ["Does not give a trend when net debt / EBITDA is cannot tell",
     "Gives no trend if net debt / EBITDA is cannot tell",
     "If net debt / EBITDA is cannot tell, does not give a trend",
     "Must not give the trend when the covenant level is 3.5x",
     "Never states the covenant level where the trend is cannot tell"],
)  # fmt: skip
def test_a_choice_named_for_another_part_is_not_what_is_refused(rule: str) -> None:
    assert read(rule, PARAGRAPHS, form=FORM).ways == []
    made = paste(rule, PARAGRAPHS, Rubric(), FORM)
    assert (made.criteria, [kept.text for kept in made.review]) == ((), [rule])


def test_a_refusal_under_a_condition_on_another_part_says_that_it_is_left_out() -> None:
    rule = "Must not say improving when net debt / EBITDA is cannot tell"
    made = paste(rule, PARAGRAPHS, Rubric(), FORM)
    assert made.criteria == ()
    assert made.left_out == {rule: "when net debt / EBITDA is cannot tell"}


def test_what_an_answer_cannot_tell_may_stand_before_a_condition() -> None:
    rule = "Does not say cannot tell when net debt / EBITDA is given"
    made = paste(rule, PARAGRAPHS, Rubric(), FORM)
    assert made.left_out == {rule: "when net debt / EBITDA is given"}


def test_a_refused_confusion_has_no_words_that_a_tag_could_stand_for() -> None:
    made = paste(
        "Does not confuse the covenant level with net debt / EBITDA", PARAGRAPHS, Rubric(), FORM
    )
    assert (len(made.review), made.left_out) == (1, {})
