"""What a check takes of a rule is what the rule says, or it is said what it does not take."""

import pytest

from rft_core.checks import build
from rft_core.records import CheckSpec, Example, Rubric
from rft_core.rubric.rules.left_out import are_examples, condition_left_out, is_part_left_out
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import Proposal
from rft_core.rubric.rules.reading import read
from tests.rubric.messages import FORM, MESSAGES

_RATIOS = (
    ("Net debt was 540 and EBITDA 216.", "2.5x", "better"),
    ("Net debt fell to 300, EBITDA was 100.", "3.0x", "better"),
    ("The covenant is 4.0x; no EBITDA is given.", "cannot tell", "cannot tell"),
    ("Net debt 800, EBITDA 200, up from 3.1x.", "4.0x", "worse"),
    ("Net debt 90, EBITDA 60.", "1.5x", "stable"),
    ("Net debt 100, EBITDA 50, after 1.0x.", "2.0x", "worse"),
)
PARAGRAPHS = [
    Example(
        id=f"p{number}", prompt=text, split="train", fields={"trend": trend},
        reference=f"Net debt / EBITDA: {ratio}\nTrend: {trend}",
    )
    for number, (text, ratio, trend) in enumerate(_RATIOS)
]  # fmt: skip


def first(rule: str) -> Proposal:
    return read(rule, MESSAGES, form=FORM).ways[0]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("Says “cannot tell” as net debt / EBITDA when there is no ratio", "Net debt / EBITDA"),
        ("Says “cannot tell” as “Net debt / EBITDA” when there is no ratio", "Net debt / EBITDA"),
        ('Says "cannot tell" as the trend if nothing is compared', "Trend"),
    ],
)
def test_what_words_are_given_as_is_the_line_that_is_looked_at(rule: str, line: str) -> None:
    way, *_ = read(rule, PARAGRAPHS).ways
    assert (way.check.kind, way.check.parameters["line"]) == ("contains_all", line)
    check = build(way.check)
    other = "Net debt / EBITDA: 2.0x\nTrend: better".replace(f"{line}: ", f"{line}: x ")
    assert check.grade(other, PARAGRAPHS[0]).value == 0
    assert condition_left_out(rule, way).startswith(("when", "if"))


@pytest.mark.parametrize(
    "rule",
    ['Must not recommend the dose of a medicine, such as "500 mg" or "two tablets"',
     'Must not name a dose (e.g. "500 mg" or "two tablets")',
     'Must not name a dose: "500 mg" or "two tablets", for example'],
)  # fmt: skip
def test_words_named_as_examples_are_looked_for_only_once_a_person_says_so(rule: str) -> None:
    way = first(rule)
    assert way.check.parameters["phrases"] == ["500 mg", "two tablets"]
    assert are_examples(rule, way) and is_part_left_out(rule, way)
    assert paste(rule, MESSAGES, Rubric(), FORM).criteria == ()


def test_words_that_are_all_that_is_meant_are_no_examples() -> None:
    rule = 'Does not say "antibiotics" or "steroids"'
    assert not are_examples(rule, first(rule))
    assert len(paste(rule, MESSAGES, Rubric(), FORM).criteria) == 1


@pytest.mark.parametrize(
    ("phrase", "answer", "is_found"),
    [
        ("500 mg", "Take 500mg at night", 1), ("500mg", "Take 500 mg at night", 1),
        ("500 mg", "Take 1500mg", 0), ("500 mg", "Take 500 mgs", 0), ("500 mg", "Take 300mg", 0),
        ("A4", "A 4", 0), ("3 days", "in 3days", 1),
    ],
)  # fmt: skip
def test_a_unit_stands_with_or_without_a_space(phrase: str, answer: str, is_found: int) -> None:
    for kind in ("contains_all", "contains_any", "forbidden"):
        check = build(CheckSpec.model_validate({"kind": kind, "phrases": [phrase]}))
        assert check.grade(answer, MESSAGES[0]).value == is_found


@pytest.mark.parametrize(
    ("rule", "kind", "phrases"),
    [
        ("Red flag symptoms are always escalated: the reason names the duty doctor or 999",
         "contains_any", ["duty doctor", "999"]),
        ('Red flags are always escalated: the reason says "duty doctor"',
         "contains_all", ["duty doctor"]),
    ],
)  # fmt: skip
def test_what_stands_behind_a_colon_is_offered_first(
    rule: str, kind: str, phrases: list[str]
) -> None:
    words, choice, *_ = read(rule, MESSAGES, form=FORM).ways
    assert words.check.kind == kind
    assert words.check.parameters == {"phrases": phrases, "line": "Reason"}
    assert (choice.check.kind, choice.check.parameters["line"]) == ("label", "Red flag")
    assert is_part_left_out(rule, words) and is_part_left_out(rule, choice)


@pytest.mark.parametrize(
    "rule", ['Does not say "red flag"', 'Doesn\'t say "red flag"', "Never says “Urgency”"]
)
def test_a_word_that_is_the_name_of_a_line_is_looked_for_in_another_one(rule: str) -> None:
    way = first(rule)
    assert (way.check.kind, way.check.parameters["line"]) == ("forbidden", "Reason")
    assert "is the name of a line" in way.note and "“Reason:”" in way.note


@pytest.mark.parametrize(
    "rule", ["Quotes one whole sentence", "Quotes a full sentence", "Copies a complete sentence"]
)
def test_a_whole_sentence_is_quoted_not_counted(rule: str) -> None:
    ways = read(rule, MESSAGES, form=FORM).ways
    assert ways and all(way.check.kind != "length" for way in ways)
    assert all(is_part_left_out(rule, way) for way in ways)


def test_from_where_a_length_comes_that_the_rule_does_not_give_is_said() -> None:
    way = first("The reason is short")
    longest = max(len(str(e.fields["reason"]).split()) for e in MESSAGES)
    assert way.check.parameters["max_words"] == int(1.5 * longest) + 1
    assert f"Your longest has {longest}" in way.note
    assert first("The reason has at most 15 words").note == ""
