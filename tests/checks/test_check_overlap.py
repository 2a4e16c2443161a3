"""Wording overlap, and that fragments do not pass for the whole."""

import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.checks import Unscored, build, ngrams, overlap
from rft_core.records import CheckSpec, Example

TEXT = "The tenant pays the rent on the first day of each month"
METRICS = get_args(overlap.Metric)
FRAGMENTS = ("ratio", "token_set", "partial", "rouge_l", "rouge_1", "rouge_2", "bleu", "gleu")
WORDS = st.lists(st.sampled_from("abc"), max_size=12)


def value(answer, reference=TEXT, **parameters):
    check = build(CheckSpec(kind="overlap", **parameters))
    return check.grade(answer, Example(id="e", prompt="case", reference=reference)).value


@pytest.mark.parametrize("metric", METRICS)
def test_the_same_words_are_full_and_none_is_nothing(metric):
    assert value(TEXT.upper(), metric=metric) == 1
    assert value("", metric=metric) == 0


@pytest.mark.parametrize("metric", FRAGMENTS)
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


@pytest.mark.parametrize(
    ("n", "expected"), [(1, 2 * 3 / 9), (2, 2 * 2 / 7), (3, 2 * 1 / 5), (4, 0), (5, 0)]
)
def test_rouge_n_is_the_f1_of_runs_of_n_words(n, expected):
    wanted = "the cat sat on mats"
    assert value("a, the CAT sat", wanted, metric=f"rouge_{n}") == pytest.approx(expected)


def test_a_word_counts_as_often_as_both_texts_have_it():
    wanted = "the cat is on the mat"
    assert value("the the the the the the", wanted, metric="rouge_1") == pytest.approx(2 / 6)


def test_bleu_is_the_mean_of_four_shares_and_less_for_a_short_answer():
    wanted = "the cat sat on the mat"
    five = value("the cat sat on mats", wanted, metric="bleu")
    shares = (4 / 5) * (4 / 5) * (3 / 4) * (2 / 3)
    assert five == pytest.approx(shares**0.25 * math.exp(1 - 6 / 5))
    assert value("dogs ran", wanted, metric="bleu") == 0


def test_gleu_is_the_smaller_of_missing_and_superfluous_runs():
    wanted = "the cat sat on the mat"  # 18 runs of 1 to 4 words
    assert value("the cat sat", wanted, metric="gleu") == pytest.approx(6 / 18)
    assert value(f"{wanted} the cat sat", wanted, metric="gleu") == pytest.approx(18 / 30)


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_an_expected_text_shorter_than_the_runs_cannot_be_compared_with(n):
    with pytest.raises(Unscored, match=f"fewer than {n} words, so there is no run of {n} words"):
        value(TEXT, reference=" ".join(["word"] * (n - 1)), metric=f"rouge_{n}")
    assert value("word", reference=" ".join(["word"] * n), metric=f"rouge_{n}") == 0


@given(WORDS, WORDS)
def test_measures_of_words_are_shares_and_full_for_the_same_words(one, other):
    for measure in overlap._OF_WORDS.values():
        assert 0 <= measure(one, other) <= 1
    for measure in (ngrams.bleu, ngrams.gleu):
        assert measure(one, one) == pytest.approx(float(bool(one)))
    assert ngrams.gleu(one, other) == ngrams.gleu(other, one)


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("ratio", "letters"),
        ("rouge_1", "words"),
        ("rouge_3", "runs of 3 words"),
        ("bleu", "runs of 1 to 4 words"),
    ],
)
def test_what_is_compared_is_read_back(metric, said):
    sentence = build(CheckSpec(kind="overlap", metric=metric)).describe()
    assert sentence == (
        f"Earns more the more {said} are as in the expert's answer; it tells what is worded alike, "
        "not what is right."
    )


def test_one_line_is_compared_with_an_expected_value_or_with_that_line_of_the_expert_answer():
    reference = "Decision: accept\nReason: uncapped indemnity"
    case = Example(id="e", prompt="case", reference=reference, fields={"why": "our usual law"})
    by_line = build(CheckSpec(kind="overlap", metric="rouge_1", line="Reason"))
    by_value = build(CheckSpec(kind="overlap", metric="rouge_1", line="Reason", field="why"))
    assert "in what follows" in by_line.describe()
    for answer, alike, usual in (
        ("Decision: escalate\nReason: uncapped indemnity", 1, 0),
        ("Decision: escalate\nReason: indemnity without limit", 2 / 5, 0),
        ("Reason: usual law\nDecision: accept", 0, 4 / 5),
        ("Uncapped indemnity", 0, 0),
        ("Reason:", 0, 0),
    ):
        assert by_line.grade(answer, case).value == pytest.approx(alike)
        assert by_value.grade(answer, case).value == pytest.approx(usual)
    with pytest.raises(Unscored):
        by_line.grade("Reason: none", case.with_changes(reference="It is fine."))


def test_of_a_long_list_of_expected_texts_the_first_are_compared_with():
    fields = {"gold": [f"text {n}" for n in range(100_000)]}
    check = build(CheckSpec(kind="overlap", field="gold", metric="rouge_1"))
    values = [
        check.grade(f"text {n}", Example(id="e", prompt="case", fields=fields)).value
        for n in (overlap.MAX_TEXTS - 1, overlap.MAX_TEXTS)
    ]
    assert values == [1, 0.5]


def test_expected_texts_are_read_together_where_the_best_stretch_is_looked_for(monkeypatch):
    read = []
    monkeypatch.setitem(
        overlap._MEASURES, "partial", lambda given, wanted: read.append(len(wanted)) or 0.0
    )
    gold = ["a" * 1_500, "b" * 1_500, "c" * 1_500]
    check = build(CheckSpec(kind="overlap", field="gold", metric="partial"))
    check.grade("a", Example(id="e", prompt="case", fields={"gold": gold}))
    assert sum(read) == overlap.MAX_PARTIAL_CHARS
