"""Rules that call parts as the answer form does, and expected values by their own names."""

from typing import Any

import pytest

from rft_core.records import AnswerPart, Example, Rubric
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import Proposal, first_rubric
from rft_core.rubric.rules.reading import read
from rft_core.rubric.templates import offers

_ROWS = (
    ("Net debt is 300m and EBITDA 100m.", "3.0x", "stable", "Low: the covenant is 4.25x.", "4.25x"),
    ("Leverage fell to 2.4x from 2.8x.", "2.4x", "improving", "Low: far below 3.5x.", "3.5x"),
    ("It rose to 4.1x; 4.5x applies.", "4.1x", "worse", "High: near the 4.5x allowed.", "4.5x"),
    ("No EBITDA is reported.", "cannot tell", "cannot tell", "Unknown.", None),
    ("Flat at 2.0x.", "2.0x", "stable", "Low: 4.0x is far.", "4.0x"),
    ("3.6x after 3.9x.", "3.6x", "improving", "Medium: near 4.0x.", "4.0x"),
    ("Nothing is said of Brask plc.", "cannot tell", "cannot tell", "Not known.", None),
)


def _form(field: str) -> tuple[AnswerPart, ...]:
    return (
        AnswerPart(kind="number", label="Net debt / EBITDA", field=field),
        AnswerPart(
            kind="choice", label="Trend", field="trend", options=("improving", "stable", "worse"),
            alone=("cannot tell",),
        ),
        AnswerPart(kind="free_text", label="Covenant risk", field="covenant_risk"),
    )  # fmt: skip


def _paragraphs(field: str) -> list[Example]:
    made = []
    for number, (text, ratio, trend, risk, level) in enumerate(_ROWS):
        lines = (f"Net debt / EBITDA: {ratio}", f"Trend: {trend}", f"Covenant risk: {risk}")
        fields: dict[str, Any] = {
            field: ratio if ratio == "cannot tell" else float(ratio[:-1]), "trend": trend,
        } | ({"Covenant level": level} if level else {})  # fmt: skip
        made.append(
            Example(id=f"p{number}", prompt=text, reference="\n".join(lines), fields=fields)
        )
    return made


def _first(rule: str, field: str = "amount") -> Proposal:
    return read(rule, _paragraphs(field), form=_form(field)).ways[0]


@pytest.mark.parametrize("field", ["amount", "net_debt_ebitda"])
@pytest.mark.parametrize(
    ("rule", "tolerance"),
    [
        ("Net debt / EBITDA is within 0.1 of the right figure", 0.1),
        ("Gives the right “Net debt / EBITDA”, give or take 0.1", 0.1),
        ("The net debt/EBITDA is right to within 0.1", 0.1),
        ("net debt to EBITDA is off by no more than 0.1", 0.1),
        ("the ratio is at most 0.1 off", 0.1),
        ("The figure is within 0.1 of the right one", 0.1),
        ("The ratio is not more than 0.1 off", 0.1),
        ("The net debt / EBITDA must not deviate from the right figure by more than 0.1", 0.1),
        ("Gives the right net debt / EBITDA", None),
        ("Gives the right number", None),
    ],
)
def test_a_number_is_known_by_its_label_and_by_what_it_is(
    rule: str, tolerance: float | None, field: str
) -> None:
    way = _first(rule, field)
    expected = {"field": field, "line": "Net debt / EBITDA"}
    assert way.check.kind == "number"
    assert expected.items() <= way.check.parameters.items()
    assert way.check.parameters.get("tolerance") == tolerance
    assert (way.met_by, way.of) == (5, 5) or way.of == len(_ROWS)


def test_a_tolerance_in_percent_is_read_as_one() -> None:
    parameters = _first("Net debt / EBITDA is correct within 5%").check.parameters
    assert (parameters["tolerance"], parameters["tolerance_unit"]) == (5.0, "percent")


def test_no_way_drops_the_tolerance_of_a_rule() -> None:
    found = read("The amount is within 0.1 of the right figure", _paragraphs("amount"),
                 form=_form("amount"))  # fmt: skip
    assert [way.check.parameters.get("tolerance") for way in found.ways] == [0.1]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("The covenant risk names the covenant level", "Covenant risk"),
        ("Covenant risk must mention the covenant level", "Covenant risk"),
        ("Covenant risk states the right covenant level", "Covenant risk"),
        ("The covenant level is named in the covenant risk", "Covenant risk"),
        ("Names the “Covenant level”", None),
        ("Mentions the covenant level", None),
    ],
)
def test_an_expected_value_is_looked_for_where_the_rule_names_it(
    rule: str, line: str | None
) -> None:
    check = _first(rule).check
    assert (check.kind, check.parameters["field"]) == ("contains_all", "Covenant level")
    assert check.parameters.get("line") == line


def test_a_value_that_must_not_be_named_is_not_checked_by_comparing_it() -> None:
    rule = "The covenant risk does not name the covenant level"
    assert read(rule, _paragraphs("amount"), form=_form("amount")).ways == []


def test_two_demands_on_such_parts_are_cut_between_them() -> None:
    rule = "Net debt / EBITDA must be within 0.1 and the covenant risk names the covenant level"
    parts = read(rule, _paragraphs("amount"), form=_form("amount")).parts or ()
    assert [part.text for part in parts] == [
        "Net debt / EBITDA must be within 0.1", "The covenant risk names the covenant level",
    ]  # fmt: skip


def test_words_that_are_set_apart_are_looked_for_as_they_stand() -> None:
    check = _first("Contains the word “Trend”").check
    assert check.parameters["phrases"] == ["Trend"]


def test_a_first_rubric_and_ready_rules_call_values_as_the_form_does() -> None:
    found, form = _paragraphs("amount"), _form("amount")
    texts = [criterion.text for criterion in first_rubric(found, form)]
    assert "Gives the right “Net debt / EBITDA”" in texts
    assert "Gives the right trend" in texts
    offered = [offer.text for offer in offers("Finance", found, Rubric(), form)]
    assert any("“Net debt / EBITDA”" in text for text in offered)


def test_a_value_named_in_the_answer_and_on_a_line_of_it_is_not_checked_alike() -> None:
    rules = "Names the covenant level\nThe covenant risk names the covenant level"
    pasted = paste(rules, _paragraphs("amount"), Rubric(), _form("amount"))
    assert [made.check.parameters.get("line") for made in pasted.criteria] == [
        None, "Covenant risk",
    ]  # fmt: skip
    assert pasted.repeated == {}
