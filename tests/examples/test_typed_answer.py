"""Answers that are still being typed, from the form to text and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.examples.answer_form import read_answer, write_answer
from rft_core.examples.typed_answer import as_text, as_values, other_layout
from rft_core.records import AnswerPart


def part(kind: Any, label: str, *options: str, **more: Any) -> AnswerPart:
    return AnswerPart(kind=kind, label=label, field=label.lower(), options=options, **more)


REASONS = part("reasoning", "Reasons")
DECISION = part("choice", "Decision", "accept", "escalate", alone=("cannot tell",))
GENES = part("ranked", "Genes", "FBN1", "CBS", "FBN2", top=2)
QUOTE = part("quote", "Quote")
NOTE = part("text", "Note")
ADVICE = part("free_text", "Advice")
FORM = (DECISION, QUOTE, GENES, NOTE, ADVICE)

LINE = st.text('ab: .,;()"“”„«»', max_size=12).map(str.strip)


@given(
    decision=st.sampled_from(["", "accept", "cannot tell"]),
    quote=st.lists(LINE.filter(bool), max_size=3).map(tuple),
    genes=st.lists(st.sampled_from(["FBN1", "CBS"]), unique=True).map(tuple),
    note=LINE,
    advice=st.text("ab: .\n", max_size=12).map(str.strip),
)
def test_what_is_typed_in_the_form_goes_to_text_and_back(**typed: Any) -> None:
    text = as_text(FORM, typed)
    try:
        again = as_values(FORM, text)
    except InputError:
        with pytest.raises(InputError, match="marks of all kinds"):
            write_answer([QUOTE], typed)
        return
    lost = {f: v for f, v in typed.items() if v and again.get(f) != v}
    if lost:  # a passage with marks of all kinds, in which its ends cannot be told
        assert set(lost) == {"quote"}
        with pytest.raises(InputError):
            write_answer([QUOTE], typed)


def test_a_whole_answer_is_written_as_ever_and_reasons_stand_above() -> None:
    values = {"reasons": "It may rise.\nNobody asked.", "decision": "accept", "quote": ("a", "b")}
    form = (REASONS, DECISION, QUOTE)
    text = as_text(form, values)
    assert text == write_answer(form, values)
    assert as_values(form, text) == values == read_answer(form, text)
    begun = as_text(form, {"reasons": "It may rise."})
    assert as_values(form, begun) == {"reasons": "It may rise."}
    assert as_text(form, {"reasons": " "}) == "" and as_values(form, " \n") == {}
    assert as_values([ADVICE], " Wait.\nSign. ") == {"advice": "Wait.\nSign."}
    assert as_text([ADVICE], {"advice": "Wait."}) == "Wait."


def test_lines_are_read_in_any_order_and_spelling() -> None:
    text = " genes : cbs,  fbn1\n\nDECISION: Accept\nQuote: at any time\nAdvice: Wait.\nNote: no"
    assert as_values(FORM, text) == {
        "genes": ("CBS", "FBN1"), "decision": "accept", "quote": ("at any time",),
        "advice": "Wait.\nNote: no",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Block it.", 'The line "Block it." does not begin with "Decision:", "Quote:"'),
        ("Decision: accept\nSo: yes", 'The line "So: yes" does not begin'),
        ("Decision: maybe", '"maybe" is none of the choices of "Decision".'),
        ("Genes: CBS, X", '"X" is none of the choices of "Genes".'),
        ("Genes: CBS, FBN1, FBN2", '"Genes" lists more than 2.'),
        ("Decision: accept\ndecision: accept", 'Two lines begin with "Decision:".'),
        ('Quote: "a" and “b”', 'The passages of "Quote" are not in quotation marks'),
    ],
)
def test_why_a_text_does_not_fit_is_said(text: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        as_values(FORM, text)
    assert caught.value.message.startswith(why) and caught.value.fix
    assert (other_layout(FORM, text) or "").startswith(why)


def test_what_a_text_lacks_of_the_layout_is_said() -> None:
    form = (DECISION, QUOTE)
    assert other_layout(form, 'Decision: accept\nQuote: "a"') is None
    assert other_layout(form, "Decision: accept") == 'The answer lacks "Quote".'
    assert other_layout(form, 'Quote: "a"\nDecision: accept') == (
        "Its lines stand in another order."
    )
    assert other_layout(form, 'Decision: accept\n\nQuote: "a"') == "Spaces or empty lines differ."
    assert other_layout(form, 'decision: accept\nQuote: "a"') == (
        'The line "decision: accept" should be "Decision: accept".'
    )
    assert other_layout(form, "Decision: Accept\nQuote: a") == (
        'The passages of "Quote" are not in quotation marks.'
    )
