"""Wording overlap, and that fragments do not pass for the whole."""

import pytest

from rft_core.checks import Unscored, build, overlap
from rft_core.records import CheckSpec, Example

TEXT = "The tenant pays the rent on the first day of each month"
METRICS = ("ratio", "token_set", "partial")


def value(answer, reference=TEXT, **parameters):
    check = build(CheckSpec(kind="overlap", **parameters))
    return check.grade(answer, Example(id="e", prompt="case", reference=reference)).value


@pytest.mark.parametrize("metric", METRICS)
def test_the_same_words_are_full_and_none_is_nothing(metric):
    assert value(TEXT.upper(), metric=metric) == 1
    assert value("", metric=metric) == 0


@pytest.mark.parametrize("metric", METRICS)
def test_a_fragment_earns_at_most_its_share(metric):
    assert value("the", metric=metric) < 0.2
    assert value("The tenant pays the rent", metric=metric) < 0.7


def test_word_order_does_not_count_in_a_token_set():
    shuffled = " ".join(reversed(TEXT.split()))
    assert value(shuffled, metric="token_set") == pytest.approx(1)
    assert value(shuffled, metric="ratio") < 0.7


def test_a_field_may_take_the_place_of_the_reference():
    check = build(CheckSpec(kind="overlap", field="gold"))
    example = Example(id="e", prompt="case", fields={"gold": ["one thing", "another"]})
    assert check.reads == "gold"
    assert check.grade("another", example).value == 1


@pytest.mark.parametrize("reference", [None, "", "  "])
def test_no_reference_is_unscored(reference):
    with pytest.raises(Unscored):
        value("text", reference=reference)


def test_only_the_first_5000_characters_are_compared():
    assert value("a" * 5_000 + "b" * 90_000, reference="a" * 5_000 + "c" * 90_000) == 1


@pytest.mark.parametrize("letter", ["ΐ", "İ", "ﬁ"])
def test_letters_that_grow_without_capitals_are_not_read_further(letter, monkeypatch):
    read = []
    monkeypatch.setitem(
        overlap._MEASURES, "partial", lambda *texts: read.extend(map(len, texts)) or 0.0
    )
    value(letter * 9_000, reference=letter * 9_000, metric="partial")
    assert read == [overlap.MAX_PARTIAL_CHARS] * 2


def test_rouge_l_is_the_f_measure_of_the_longest_run_in_order():
    check = build(CheckSpec(kind="overlap", metric="rouge_l"))
    wanted = Example(id="e", prompt="p", reference="Police killed the gunman.")
    assert check.grade("police kill the gunman", wanted).value == pytest.approx(3 / 4)
    assert check.grade("the gunman kill police", wanted).value == pytest.approx(2 / 4)
    assert check.grade("gunman", wanted).value == pytest.approx(2 / 5)
    assert check.grade("?", wanted).value == 0
