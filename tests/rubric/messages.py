"""Ten messages from patients with answers in a form of four parts; some are tagged."""

from rft_core.examples.answer_form import expected_values, write_answer
from rft_core.records import AnswerPart, Example

FORM = (
    AnswerPart(kind="choice", label="Red flag", field="red_flag", options=("none", "escalate")),
    AnswerPart(kind="choice", label="Urgency", field="urgency",
               options=("same day", "within a week", "routine", "self-care", "cannot tell")),
    AnswerPart(kind="quote", label="Quote", field="quote"),
    AnswerPart(kind="text", label="Reason", field="reason"),
)  # fmt: skip
_MESSAGES = (
    ("My 3 year old has had a fever for three days and will not drink.", "none", "same day",
     "will not drink", "A small child who does not drink is seen today.", "under five"),
    ("I have had a cold and a runny nose since yesterday.", "none", "self-care",
     "a runny nose since yesterday", "A cold gets better by itself.", ""),
    ("Crushing pain in my chest since this morning, and my arm is numb.", "escalate", "same day",
     "Crushing pain in my chest", "The duty doctor is told at once and 999 is called.", ""),
    ("Could I have my yearly blood test for the thyroid?", "none", "routine",
     "yearly blood test", "A yearly test is booked as usual.", ""),
    ("My knee has been swollen for two weeks and I limp.", "none", "within a week",
     "swollen for two weeks", "A swollen knee is looked at this week.", ""),
    ("I feel odd, please call me.", "none", "cannot tell", "I feel odd",
     "Nothing says what is wrong.", ""),
    ("I am pregnant and the baby has moved less since last night.", "escalate", "same day",
     "the baby has moved less", "The duty doctor rings the patient now.", "pregnant"),
    ("A small graze on my elbow from the garden.", "none", "self-care", "small graze",
     "Clean water and a plaster will do.", ""),
    ("My daughter of two has a runny nose but plays and eats.", "none", "routine",
     "plays and eats", "She is well in herself.", "under five"),
    ("My repeat inhaler runs out next month.", "none", "routine", "runs out next month",
     "A repeat prescription is due.", ""),
)  # fmt: skip


def _example(number: int, text: str, flag: str, urgency: str, quote: str, *rest: str) -> Example:
    reason, tag = rest
    values = {"red_flag": flag, "urgency": urgency, "quote": (quote,), "reason": reason}
    return Example(
        id=f"m{number}", prompt=text, reference=write_answer(FORM, values),
        fields=expected_values(FORM, values), split="train", tags=(tag,) if tag else (),
    )  # fmt: skip


MESSAGES = [_example(number, *message) for number, message in enumerate(_MESSAGES, start=1)]
