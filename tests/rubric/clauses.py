"""Eight clauses with answers in a form: a choice, a quotation, and a reason of a few words."""

from rft_core.examples.answer_form import expected_values, write_answer
from rft_core.records import AnswerPart, Example

FORM = (
    AnswerPart(kind="choice", label="Decision", field="decision",
               options=("accept", "negotiate", "escalate")),
    AnswerPart(kind="quote", label="Quote", field="quote"),
    AnswerPart(kind="text", label="Reason", field="reason"),
)  # fmt: skip
_CLAUSES = (
    ("The Supplier shall indemnify the Customer against all claims without limit.",
     "negotiate", "without limit", "uncapped indemnity"),
    ("Either party may terminate this Agreement on thirty days' written notice.",
     "accept", "thirty days' written notice", "mutual and fair notice"),
    ("The Customer may audit the Supplier at any time without prior notice.",
     "negotiate", "at any time without prior notice", "audit needs notice"),
    ("The Supplier waives all rights to bring any legal proceedings whatsoever.",
     "escalate", "waives all rights", "waiver of remedies against policy"),
    ("Payment is due within 30 days of receipt of a valid invoice.",
     "accept", "within 30 days", "standard payment term"),
    ("The Supplier shall pay liquidated damages of 5% per day of delay.",
     "escalate", "5% per day of delay", "penalty beyond our mandate"),
    ("This Agreement is governed by the laws of England and Wales.",
     "accept", "laws of England and Wales", "our usual law"),
    ("The Customer may assign this Agreement to any third party without consent.",
     "negotiate", "without consent", "assignment needs our consent"),
)  # fmt: skip


def _example(number: int, clause: str, decision: str, quote: str, reason: str) -> Example:
    values = {"decision": decision, "quote": (quote,), "reason": reason}
    return Example(
        id=f"c{number}", prompt=clause, reference=write_answer(FORM, values),
        fields=expected_values(FORM, values), split="train",
    )  # fmt: skip


CLAUSES = [_example(number, *clause) for number, clause in enumerate(_CLAUSES, start=1)]
