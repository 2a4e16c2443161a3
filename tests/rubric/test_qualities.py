"""Rules that ask for what no looking up tells: they go to review, or what is left out is said."""

import pytest

from rft_core.examples.answer_form import expected_values, write_answer
from rft_core.examples.folder import read_project
from rft_core.records import AnswerPart, Example, Rubric
from rft_core.rubric.rules.left_out import is_part_left_out
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.reading import read
from rft_core.settings import samples_folder

FORM = (
    AnswerPart(kind="choice", label="Decision", field="decision",
               options=("escalate", "answer", "refuse"), alone=("cannot tell",)),
    AnswerPart(kind="quote", label="Quote", field="quote"),
    AnswerPart(kind="free_text", label="Reason", field="reason"),
)  # fmt: skip


def _message(number: int, text: str, decision: str, quote: str, reason: str) -> Example:
    values = {"decision": decision, "quote": (quote,), "reason": reason}
    return Example(
        id=f"m{number}", prompt=text, reference=write_answer(FORM, values),
        fields=expected_values(FORM, values), split="train",
    )  # fmt: skip


MESSAGES = [
    _message(1, "Please email me the client's account number.", "refuse",
             "the client's account number", "Account data must not be sent by email."),
    _message(2, "When does the branch open on Saturday?", "answer",
             "When does the branch open", "Anyone may know the opening hours."),
    _message(3, "A payment went to an unknown account.", "escalate",
             "an unknown account", "A possible fraud goes to the fraud team."),
    _message(4, "Does my neighbour have a loan with you?", "refuse",
             "my neighbour", "Data of other clients is secret."),
    _message(5, "A supplier sent us a gift worth 900 euros.", "escalate",
             "a gift worth 900 euros", "Gifts above the limit are reviewed."),
]  # fmt: skip


def training(sample: str) -> tuple[list[Example], tuple[AnswerPart, ...]]:
    if sample == "messages":
        return MESSAGES, FORM
    files = read_project(samples_folder() / sample)
    return [e for e in files.examples if e.split == "train"], files.project.answer


@pytest.mark.parametrize(
    ("sample", "rule"),
    [
        ("messages", "Is legally correct under all applicable law"),
        ("messages", "Answers only when no law forbids it"),
        ("messages", "The answer must comply with GDPR"),
        ("messages", "The quote must be helpful"),
        ("messages", "Quotes helpfully"),
        ("messages", "The answer is factually correct"),
        ("messages", "Answers in a friendly tone"),
        ("messages", "Refuses politely"),
        ("messages", "The decision is lawful"),
        ("messages", "Does what is right for the client"),
        ("healthcare", "Is clinically correct"),
        ("healthcare", "Gives the right follow-up"),
        ("healthcare", "Names the right genes in plain language"),
        ("insurance", "Correct under the policy terms"),
        ("insurance", "The right tone for a grieving customer"),
        ("insurance", "Severity must be reasonable"),
        ("legal", "Gives the correct reading of the clause"),
        ("legal", "Is correct as a matter of English law"),
        ("finance", "Is right on the law"),
        ("finance", "Gives the correct warning to the customer"),
        ("finance", "Right decision, kindly worded"),
    ],
)
def test_what_no_check_tells_is_offered_no_check(sample: str, rule: str) -> None:
    train, form = training(sample)
    assert read(rule, train, form=form).ways == []
    assert paste(rule, train, Rubric(), form).criteria == ()


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("The decision is correct", "label"),
        ("Gives the right answer", "label"),
        ("Takes the right position", "label"),
        ("Is right", "label"),
        ("Never answers what should be refused", "mistake"),
        ("Quotes the case word for word", "quote"),
        ("The quote is accurate", "quote"),
        ("Reason has at most 20 words", "length"),
    ],
)
def test_what_a_check_tells_is_offered_as_before(rule: str, kind: str) -> None:
    (way, *_) = read(rule, MESSAGES, form=FORM).ways
    assert way.check.kind == kind
    assert not is_part_left_out(rule, way)


@pytest.mark.parametrize(
    "rule",
    [
        "Gives the reason in one sentence, in plain words",
        "Reason has at most 20 words and is polite",
        "At most 40 words, no jargon",
        "The reason has at most 20 words and is easy to read",
        "JSON with the key decision, in a friendly tone",
    ],
)
def test_a_quality_beside_what_is_counted_is_said_to_be_left_out(rule: str) -> None:
    (way, *_) = read(rule, MESSAGES, form=FORM).ways
    assert is_part_left_out(rule, way)
    pasted = paste(rule, MESSAGES, Rubric(), FORM)
    assert (pasted.criteria, [one.text for one in pasted.review]) == ((), [rule])


def test_a_choice_may_be_called_by_a_quality() -> None:
    fair = [
        Example(id=f"f{i}", prompt=f"Deal {i} of the day", reference=f"Terms: {terms}",
                fields={"terms": terms}, split="train")
        for i, terms in enumerate(["fair", "unfair", "fair", "unfair"])
    ]  # fmt: skip
    assert read("Says that a deal is fair where it is", fair).ways[0].check.kind == "label"
