"""Counting sentences, and the length of an answer in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.checks import build
from rft_core.checks.sentences import count_sentences, first_sentences
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Example
from rft_core.settings import MAX_TEXT_CHARS

CASE = Example(id="e", prompt="case")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("...", 0),
        ("No end mark", 1),
        ("It is void. It is unfair.", 2),
        ("Is it? Yes! No.", 3),
        ("Art. 5 No. 2 applies, e.g. to 1.5 t.", 1),
        ("The answer is no. We escalate.", 2),
        ("See Sec. 4(2), cl. 7 and Sch. IV. It applies.", 2),
        ("cf. Smith v. Jones. It held.", 2),
        ("J. Smith Ltd. signed. It binds.", 2),
        ("Due at 5 p.m. on Monday.", 1),
        ("Due at 5 p.m. The fee is 3.5%.", 2),
        ("Wait... what? Fine… and good.", 2),
        ("“What?” he asked. “No.”", 2),
        ("all small. letters here. count too.", 3),
        ("this is\nwrapped text.", 1),
        ("Decision: accept\nReason: fair", 2),
        ("1. The fees.\n2. The term.", 2),
        ("Kranvik AB (publ.) had a covenant of 4.25x.", 1),
        ("Sampo Oyj publ. reports it. It is 2.4x.", 2),
        ("It is owed to Handelsbanken AB et al. on a rolling basis.", 1),
        ("Roche et al. (2020) say so. So do we.", 2),
        ("It was signed by Smith et al. The rest follows.", 2),
        ("It rises approx. 5% p.a. on average, cf. Fig. 3.", 1),
        ("Acme S.A. and Brask N.V. merge. Acme Corp. of Spain agrees.", 2),
        ("Take it b.d. with food, max. 5 days. The no. of tablets is 10.", 2),
        ("It took 5 min. She left.", 2),
        ("The answer is no. The fee is due (see cl. 4.) It is late.", 3),
        ("これは一文。これも。", 2),
    ],
)
def test_sentences_are_counted_as_a_person_would(text: str, count: int) -> None:
    assert count_sentences(text) == count


@given(st.text(alphabet='Aa. !?\n"1e', max_size=60), st.integers(0, 4))
def test_the_first_sentences_are_a_beginning_with_so_many(text: str, count: int) -> None:
    begun = first_sentences(text, count)
    assert text.startswith(begun)
    assert count_sentences(begun) <= max(count, 0)


@pytest.mark.parametrize("piece", ["a. ", ".", "A. ", "e.g. ", "1. ", "a\n", '."', "\n", "x"])
def test_the_longest_text_is_counted(piece: str) -> None:
    assert count_sentences(piece * (MAX_TEXT_CHARS // len(piece))) >= 0


@pytest.mark.parametrize(
    ("answer", "parameters", "value"),
    [
        ("One. Two. Three.", {"max_sentences": 3}, 1),
        ("One. Two. Three. Four.", {"max_sentences": 3}, 0),
        ("", {"max_sentences": 3}, 0),
        ("One.", {"min_sentences": 2}, 0),
        ("One. Two.", {"min_sentences": 2, "max_sentences": 2}, 1),
        ("One. Two.", {"min_sentences": 2, "max_words": 1}, 0),
        ("One. Two.\nReason: three", {"max_sentences": 1, "line": "Reason"}, 1),
        ("One.", {"max_sentences": 1, "line": "Reason"}, 0),
    ],
)
def test_a_length_in_sentences(answer: str, parameters: dict[str, object], value: float) -> None:
    assert build(CheckSpec(kind="length", **parameters)).grade(answer, CASE).value == value


def test_a_length_in_sentences_is_read_back_and_explained() -> None:
    check = build(CheckSpec(kind="length", max_sentences=3))
    assert check.describe() == "Met when the answer has at most 3 sentences."
    assert check.grade("It is. So. It is. So.", CASE).reason.endswith(
        "expected at most 3 sentences."
    )
    assert check.grade("It is. So.", CASE).reason == "Has 2 sentences."
    both = build(CheckSpec(kind="length", max_words=40, min_sentences=2, max_sentences=2))
    assert "at most 40 words and exactly 2 sentences" in both.describe()
    with pytest.raises(InputError, match="fewer sentences than it asks for"):
        build(CheckSpec(kind="length", min_sentences=3, max_sentences=2))
