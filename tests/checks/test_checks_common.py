"""What holds for every check: range, no exception, plain sentences."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rft_core.checks import KINDS, Unknown, Unscored, build
from rft_core.checks.overlap import MAX_OVERLAP_CHARS, MAX_PARTIAL_CHARS
from rft_core.checks.words import KIND_WORDS
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.grading import Grader
from rft_core.settings import MAX_TEXT_CHARS

LABELS = ["release", "call", "block", "cannot tell"]
SPECS = [
    {"kind": "exact", "field": "text"},
    {"kind": "exact", "text": "block"},
    {"kind": "label", "labels": LABELS, "field": "decision"},
    {"kind": "label", "labels": LABELS, "field": "decision", "line": "Decision"},
    {"kind": "several_labels", "labels": LABELS},
    {
        "kind": "mistake",
        "labels": LABELS,
        "field": "decision",
        "given": ["release"],
        "right": ["call", "block"],
    },
    {
        "kind": "cost_table",
        "labels": LABELS,
        "field": "decision",
        "table": {right: {g: 1.0 if g == right else 0.25 for g in LABELS} for right in LABELS},
    },
    {"kind": "contains_all", "phrases": ["safe account", "gift cards"]},
    {"kind": "contains_any", "field": "items"},
    {"kind": "forbidden", "phrases": ["guarantee"]},
    {"kind": "pattern", "pattern": r"(a*)*b|\w+"},
    {"kind": "pattern", "pattern": r"Decision: \w+", "whole": True},
    {"kind": "length", "min_words": 2, "max_words": 50},
    {"kind": "length", "max_words": 50, "line": "2nd part"},
    {"kind": "length", "max_sentences": 3, "line": "2nd part"},
    {"kind": "reasoned", "min_words": 2},
    {"kind": "number", "field": "number", "tolerance": 1, "tolerance_unit": "percent"},
    {"kind": "number", "field": "number", "which": "only", "decimal_mark": "comma"},
    {"kind": "set", "field": "items"},
    {"kind": "set", "field": "items", "metric": "precision"},
    {"kind": "ranked", "field": "items", "known": ["a", "b"]},
    {"kind": "ranked", "field": "items", "known": ["a"], "alone": ["none"], "line": "Items"},
    {"kind": "unknown_item", "known": ["a", "safe account"]},
    {"kind": "citation"},
    {"kind": "citation", "in_case": True},
    {"kind": "quote"},
    {"kind": "quote", "field": "items"},
    {"kind": "overlap"},
    {"kind": "overlap", "metric": "rouge_l"},
    {"kind": "overlap", "metric": "token_set"},
    {"kind": "overlap", "metric": "partial"},
    {"kind": "overlap", "metric": "rouge_1"},
    {"kind": "overlap", "metric": "rouge_2"},
    {"kind": "overlap", "metric": "bleu"},
    {"kind": "overlap", "metric": "gleu"},
    {"kind": "overlap", "metric": "rouge_1", "line": "Decision"},
    {"kind": "meaning"},
    {"kind": "meaning", "field": "text", "threshold": 0.1, "graded": True},
    {"kind": "json"},
    {"kind": "json", "keys": ["decision"], "only": True, "json_schema": '{"type": "object"}'},
    {
        "kind": "python",
        "code": "def grade(sample, item):\n"
        "    words = sample['output_text'].split()\n"
        "    known = set(str(item).split())\n"
        "    return sum([word in known for word in words]) / max(1, len(words))",
    },
    {"kind": "contains_all", "field": "items", "line": "Decision"},
    {"kind": "contains_any", "phrases": ["safe account"], "line": "Decision"},
    {"kind": "forbidden", "phrases": ["guarantee"], "line": "Decision"},
]
CHECKS = [build(CheckSpec(**spec)) for spec in SPECS]
FORMULAS = [
    {"kind": "formula", "formula": "min(c2, 1 - c4)"},
    {"kind": "formula", "formula": "log(c0) / c13 + exp(9 * c12) ^ sqrt(c15 - c16)"},
]
"""They are computed only together with the others, c0 being the first of them."""
EVERY_KIND = Grader(
    Rubric(
        criteria=tuple(
            Criterion(
                id=f"c{n}", text="x", points=-1 if check.finds_fault else 1, aspect="substance",
                check=CheckSpec(**spec),
            )
            for n, (spec, check) in enumerate(
                (spec, build(CheckSpec(**spec))) for spec in (*SPECS, *FORMULAS)
            )
        )
    )
)  # fmt: skip
GOOD = Example(
    id="good",
    prompt='He moved it to a "safe account", see clause 4.2.',
    reference="Decision: block",
    fields={"text": "block", "decision": "block", "number": 12.5, "items": ["safe account", "a"]},
)

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
LIKELY_TEXT = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Decision: ",
                "block",
                "call",
                '"',
                "“",
                "”",
                "\n",
                " ",
                "Quote: ",
                "safe account",
                "12",
                ".",
                ",",
                "%",
                "(",
                ")",
                "-",
                "−",
                "million",
                "§ 4",
                "1. ",
                ">",
                "and",
                "$",
                "Art. 5",
                "„",
                "«",
                "_",
                "*",
                "́",
                "\u200b",
                "\x00",
            ]
        ),
        ANY_TEXT,
    ),
    max_size=30,
).map("".join)
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)


def test_every_kind_is_tried_here():
    """But the AI grader, which needs somebody to answer: see test_check_judge.py."""
    assert {spec["kind"] for spec in (*SPECS, *FORMULAS)} | {"judge"} == set(KINDS)


@settings(max_examples=300, deadline=None)
@given(answer=st.one_of(ANY_TEXT, LIKELY_TEXT))
def test_any_text_is_graded_between_0_and_1(answer):
    for check in CHECKS:
        value, reason = check.grade(answer, GOOD)
        assert 0 <= value <= 1
        assert reason.endswith(".")


@settings(max_examples=300, deadline=None)
@given(
    answer=LIKELY_TEXT,
    prompt=ANY_TEXT,
    reference=st.none() | ANY_TEXT,
    fields=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("text", "decision", "number", "items"), ANY_VALUE)
    ),
)
def test_any_example_is_graded_or_unscored(answer, prompt, reference, fields):
    example = Example.model_construct(id="e", prompt=prompt, reference=reference, fields=fields)
    for check in CHECKS:
        try:
            value, _ = check.grade(answer, example)
        except Unscored as failure:
            assert str(failure).endswith(".")
        else:
            assert 0 <= value <= 1


@settings(max_examples=150, deadline=None)
@given(
    answer=ANY_TEXT | LIKELY_TEXT,
    reference=ANY_TEXT | LIKELY_TEXT,
    expected=ANY_TEXT | LIKELY_TEXT | st.lists(ANY_TEXT | LIKELY_TEXT, max_size=4),
)
def test_a_rubric_of_every_kind_grades_any_text_against_any_expected_text(
    answer, reference, expected
):
    fields = dict.fromkeys(("text", "decision", "number", "items"), expected)
    example = Example(id="e", prompt=reference or "x", reference=reference, fields=fields)
    grade = EVERY_KIND.grade(answer, example)
    assert set(grade.values) == {c.id for c in EVERY_KIND.rubric.criteria}
    assert all(value is None or 0 <= value <= 1 for value in grade.values.values())
    assert grade.score is None or 0 <= grade.score <= 1
    assert not any("failed" in reason for reason in grade.reasons.values()), "no check broke down"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
def test_an_empty_answer_earns_nothing_rather_than_unscored(check):
    assert check.grade("", GOOD).value == 0


@pytest.mark.parametrize("check", [c for c in CHECKS if c.reads], ids=lambda check: check.kind)
def test_a_missing_field_is_unscored_and_named(check):
    with pytest.raises(Unscored, match=f'"{check.reads}"'):
        check.grade("block", Example(id="bare", prompt="case"))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
def test_description_is_one_sentence(check):
    text = check.describe()
    assert text[0].isupper()
    assert text.endswith(".")
    assert "\n" not in text


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
@pytest.mark.parametrize("piece", ["a", '"a" ', "1,", "block ", "§ 1 ", "> a", "(A 2", "Art. 5\n"])
def test_the_longest_answer_is_graded_and_no_more_of_it_is_read(check, piece):
    text = (piece * MAX_TEXT_CHARS)[:MAX_TEXT_CHARS]
    value, reason = check.grade(text, GOOD)
    assert 0 <= value <= 1
    assert check.grade(text + "\nDecision: block\n12.5", GOOD) == (value, reason)


@pytest.mark.parametrize(
    ("metric", "read"),
    [
        ("ratio", MAX_OVERLAP_CHARS),
        ("rouge_l", MAX_OVERLAP_CHARS),
        ("token_set", MAX_OVERLAP_CHARS),
        ("partial", MAX_PARTIAL_CHARS),
        ("rouge_5", MAX_OVERLAP_CHARS),
        ("bleu", MAX_OVERLAP_CHARS),
        ("gleu", MAX_OVERLAP_CHARS),
    ],
)
def test_a_measure_that_takes_quadratic_time_reads_only_so_much(metric, read):
    check = build(CheckSpec(kind="overlap", metric=metric))
    words = " ".join(f"w{n}" for n in range(read))[:read].rpartition(" ")[0]
    example = GOOD.with_changes(reference=words + " lemon" * read)
    assert check.grade(words.ljust(read) + " melon" * read, example).value > 0.99


def test_an_unknown_kind_is_unscored():
    check = build(CheckSpec(kind="telepathy", depth=3))
    assert isinstance(check, Unknown)
    assert "Telepathy" in check.describe()
    with pytest.raises(Unscored, match="This version does not know the check"):
        check.grade("x", GOOD)


def test_unknown_parameters_are_tolerated():
    assert build(CheckSpec(kind="exact", text="a", colour="blue")).grade("a", GOOD).value == 1


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            {"kind": "label", "labels": LABELS},
            '"Compared with what you gave as" is not filled in',
        ),
        ({"kind": "label", "field": "d"}, '"The choices" is not filled in'),
        (
            {"kind": "label", "field": "", "labels": LABELS},
            '"Compared with what you gave as" is not filled in',
        ),
        ({"kind": "exact"}, "an expected value or with a text"),
        ({"kind": "exact", "field": "a", "text": "b"}, "an expected value or with a text"),
        ({"kind": "contains_all"}, "write at least one word or phrase, or choose the expected"),
        (
            {"kind": "contains_all", "field": "n", "phrases": ["a"]},
            "write phrases, or name the expected value that lists them, not both",
        ),
        ({"kind": "contains_any", "phrases": ["a", " "]}, "is empty"),
        (
            {"kind": "length", "min_words": "many"},
            '"At least this many words" is "many", but should be a whole number',
        ),
        ({"kind": "length", "min_words": 5, "max_words": 2}, "allows fewer words than"),
        ({"kind": "length", "min_words": 0}, '"At least this many words" is 0'),
        ({"kind": "number", "field": "n", "tolerance": -1}, '"Give or take" is -1'),
        ({"kind": "number", "field": "n", "tolerance": float("nan")}, '"Give or take"'),
        (
            {"kind": "number", "field": "n", "which": "best"},
            '"Which number of the answer counts" is',
        ),
        ({"kind": "quote", "max_share": 2}, "from 1% to 100% of the case can be quoted at most"),
        ({"kind": "quote", "max_share": 0.006}, "at most, not 0.6%"),
        ({"kind": "quote", "max_share": float("nan")}, "at most, not nan%"),
        ({"kind": "overlap", "metric": "meaning"}, '"What is counted" is'),
        ({"kind": "pattern"}, '"The layout, in signs" is not filled in'),
        ({"kind": "pattern", "pattern": ""}, '"The layout, in signs" is not filled in'),
        ({"kind": "pattern", "pattern": "\ud800"}, '"The layout, in signs" is'),
        ({"kind": "citation", "pattern": "("}, "is refused"),
        *(
            ({**spec, "line": line}, "which holds no letter and no digit")
            for spec in SPECS
            if "line" in KINDS[spec["kind"]].model_fields
            for line in (":", "*", " _ ")
        ),
    ],
)
def test_bad_parameters_are_sentences(spec, message):
    with pytest.raises(InputError) as caught:
        build(CheckSpec(**spec))
    assert message in caught.value.message
    title = KIND_WORDS[spec["kind"]]
    assert caught.value.message.startswith(f'The check "{title}" cannot be used: ')
    said = caught.value.message.partition(", but should be")[0]
    assert not re.search(r"[a-z]_[a-z]", said), "no names as in the file"
    assert caught.value.fix
