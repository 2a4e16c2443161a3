"""Rules as experts dictate them: none is checked by the opposite, or by what it does not say."""

from typing import Any

import pytest

from rft_core.examples.answer_form import expected_values, write_answer
from rft_core.records import AnswerPart, Example, Rubric
from rft_core.rubric.rules.left_out import condition_left_out, is_part_left_out
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import propose
from rft_core.rubric.rules.reading import read
from rft_core.rubric.rules.said_points import points_said
from rft_core.rubric.rules.two_criteria import divided
from tests.rubric.clauses import CLAUSES

_FORM = (
    AnswerPart(kind="choice", label="Outcome", field="outcome", options=("pay", "decline", "ask")),
    AnswerPart(kind="number", label="Amount", field="amount"),
    AnswerPart(kind="text", label="Letter", field="letter"),
)
_CLAIMS = (
    ("A burst pipe; repairs cost 900 EUR.", "pay", "900", "Dear customer, we will pay 900 EUR."),
    ("A bicycle, left unlocked, was stolen.", "decline", "0", "Dear customer, theft is excluded."),
    (
        "A fire, the third this year; 5,000 EUR.",
        "ask",
        "5000",
        "Dear customer, send us 2 receipts.",
    ),
    ("Hail on a car; 1,200 EUR.", "pay", "1200", "Dear customer, the hail damage is covered."),
    ("A flood in zone 4.", "decline", "0", "Dear customer, floods in zone 4 are excluded."),
    ("A broken window; 150 EUR.", "pay", "150", "Dear customer, we will pay for the glass."),
)


def _claim(number: int, case: str, *said: str) -> Example:
    values = dict(zip(("outcome", "amount", "letter"), said, strict=True))
    return Example(
        id=f"n{number}", prompt=case, reference=write_answer(_FORM, values),
        fields=expected_values(_FORM, values), split="train",
    )  # fmt: skip


CLAIMS = [_claim(number, *claim) for number, claim in enumerate(_CLAIMS)]


@pytest.mark.parametrize(
    ("rule", "kind", "parameters", "is_penalty"),
    [
        ("The word 'buy' is banned", "forbidden", {"phrases": ["buy"]}, True),
        ("The answer shouldn't contain 'buy'", "forbidden", {"phrases": ["buy"]}, True),
        ("Doesn't say 'don't worry'", "forbidden", {"phrases": ["don't worry"]}, True),
        ("Anything over 60 words is too long", "length", {"max_words": 60}, False),
        ("More than 60 words are not allowed", "length", {"max_words": 60}, False),
        ("Fewer than 3 words is not acceptable", "length", {"min_words": 3}, False),
        ("Never pays a claim that should be declined", "mistake",
         {"given": ["pay"], "right": ["decline"]}, True),
        ("A claim that should be declined is never paid or marked as pay", "mistake",
         {"given": ["pay"], "right": ["decline"]}, True),
        ("Minus 5 for paying what should be declined", "mistake",
         {"given": ["pay"], "right": ["decline"]}, True),
        ("Does not say pay and decline at once", "several_labels", {"line": "Outcome"}, True),
        ("Pay only if it is covered", "label", {"field": "outcome"}, False),
        ("First the outcome, then the amount, then the letter", "pattern", {"whole": True}, False),
        ("It should start with the outcome", "pattern", {"whole": True}, False),
        ("The amount is right", "number", {"field": "amount", "line": "Amount"}, False),
        ("The amount is right to within 50 EUR", "number",
         {"line": "Amount", "tolerance": 50.0}, False),
        ("The amount is right, give or take 5%", "number",
         {"tolerance": 5.0, "tolerance_unit": "percent"}, False),
    ],
)  # fmt: skip
def test_the_first_way_is_what_was_dictated(
    rule: str, kind: str, parameters: dict[str, Any], is_penalty: bool
) -> None:
    first, *_ = propose(rule, CLAIMS)
    assert (first.check.kind, first.is_penalty) == (kind, is_penalty)
    assert parameters.items() <= first.check.parameters.items()


@pytest.mark.parametrize(
    "rule",
    ["The reason mustn't mention the names of the parties",
     "The reason must refer to the policy by number", "Doesn't contradict the quote"],
)  # fmt: skip
def test_what_a_part_is_to_say_is_not_checked_by_comparing_that_part(rule: str) -> None:
    assert propose(rule, CLAUSES) == []


@pytest.mark.parametrize(
    "rule",
    ["The amount is rounded to whole euros", "The amount lies between 0 and 10,000",
     "The letter contains a number", "The letter names both the amount and the cause"],
)  # fmt: skip
def test_no_number_is_compared_where_another_thing_is_asked(rule: str) -> None:
    assert "number" not in [way.check.kind for way in propose(rule, CLAIMS)]


def test_where_words_stand_is_said_to_be_left_out() -> None:
    rule = "Starts the letter with 'Dear customer'"
    (way,) = propose(rule, CLAIMS)
    assert way.check.kind == "contains_all"
    assert is_part_left_out(rule, way)


def test_what_is_refused_together_is_not_divided() -> None:
    assert divided("Does not say pay and decline at once", CLAIMS) is None


def test_points_off_for_words_are_a_penalty() -> None:
    (way,) = propose("3 points off for the word 'obviously'", CLAIMS)
    assert (way.check.kind, way.is_penalty) == ("forbidden", True)


DRUGS_FORM = (
    AnswerPart(
        kind="choice", label="Decision", field="decision",
        options=("Hold", "Give", "Adjust dose", "Call the prescriber"), alone=("cannot tell",),
    ),
    AnswerPart(kind="quote", label="Passage", field="passage"),
    AnswerPart(kind="free_text", label="Reason", field="reason"),
)  # fmt: skip
_DRUGS = (
    ("Simvastatin; clarithromycin started today.", "Hold", "clarithromycin started today",
     "Clarithromycin raises simvastatin levels, so pause the statin."),
    ("Paracetamol 1 g; liver tests normal.", "Give", "liver tests normal",
     "No interaction and the dose is usual for the weight."),
    ("Enoxaparin 80 mg; eGFR 22 ml/min.", "Adjust dose", "eGFR 22 ml/min",
     "Kidneys clear the drug slowly, so once a day is enough."),
    ("Methotrexate 10 mg daily for arthritis.", "Call the prescriber", "10 mg daily",
     "Methotrexate is given weekly, and daily doses may kill."),
    ("Metformin 1 g; eGFR 25 ml/min today.", "Hold", "eGFR 25 ml/min",
     "Kidneys are too weak for metformin until they recover."),
    ("Amlodipine 5 mg; blood pressure 138/82.", "Give", "blood pressure 138/82",
     "Pressure is steady and the dose is usual."),
    ("Gentamicin 240 mg; trough level pending.", "Call the prescriber", "trough level pending",
     "Wait for the level before another dose is given."),
    ("Omeprazole 20 mg; clopidogrel 75 mg daily.", "Call the prescriber", "clopidogrel 75 mg",
     "No interaction and the dose is usual for the weight."),
)  # fmt: skip


def _drug(number: int, case: str, decision: str, passage: str, reason: str) -> Example:
    values = {"decision": decision, "passage": (passage,), "reason": reason}
    return Example(
        id=f"d{number}", prompt=case, reference=write_answer(DRUGS_FORM, values),
        fields=expected_values(DRUGS_FORM, values), split="train",
    )  # fmt: skip


DRUGS = [_drug(number, *drug) for number, drug in enumerate(_DRUGS)]
CHOICES = ["Hold", "Give", "Adjust dose", "Call the prescriber", "cannot tell"]


@pytest.mark.parametrize(
    ("rule", "points", "kind", "parameters"),
    [
        ("The decision must be the right one", 1, "label", {"labels": CHOICES}),
        ("The decision must be the right one - five points", 5, "label", {"labels": CHOICES}),
        ("Must name exactly one decision", -1, "several_labels", {"labels": CHOICES}),
        ("The quotation must be no longer than 15 words.", 1, "length",
         {"max_words": 15, "line": "Passage"}),
        ("At least two words must be quoted.", 1, "length", {"min_words": 2, "line": "Passage"}),
        ("The passage must really stand in the note", 1, "quote", {}),
        ("No Latin: inter alia, ab initio", -1, "forbidden",
         {"phrases": ["inter alia", "ab initio"]}),
        ("It must not use Latin (inter alia, ab initio)", -1, "forbidden",
         {"phrases": ["inter alia", "ab initio"]}),
        ('[+2] Never says "as an AI"', -2, "forbidden", {"phrases": ["as an AI"]}),
        ('Minus two if it promises an outcome: never promise that it "will help"', -2,
         "forbidden", {"phrases": ["will help"]}),
        ("Minus 3 if the decision is give: a daily overdose is never given.", -3, "mistake",
         {"given": ["Give"]}),
        ("Give only with a reason", 1, "label", {"labels": CHOICES}),
    ],
)  # fmt: skip
def test_both_doors_read_a_rule_alike(
    rule: str, points: float, kind: str, parameters: dict[str, Any]
) -> None:
    (made,) = paste(rule, DRUGS, Rubric(), DRUGS_FORM).criteria
    assert (made.points, made.check.kind) == (points, kind)
    assert parameters.items() <= made.check.parameters.items()
    first, *_ = read(rule.removeprefix("[+2] "), DRUGS, None, Rubric(), DRUGS_FORM).ways
    assert (first.check, first.is_penalty) == (made.check, points < 0)


@pytest.mark.parametrize(
    "rule",
    ["If kidney function is given the reason talks about kidneys",
     "When in doubt, it is better to call than to give", "If the decision is Hold say until when",
     "Rather call than give when the level is missing", "Reason must not just repeat the quote",
     "The reason shouldn't repeat the passage", "The reason has not more than two lines",
     "Doesn't quote more than one passage", "Minus 1 if the reason is kind though it is Hold"],
)  # fmt: skip
def test_what_no_check_tells_is_kept_for_review_at_both_doors(rule: str) -> None:
    made = paste(rule, DRUGS, Rubric(), DRUGS_FORM)
    assert (made.criteria, [kept.text for kept in made.review]) == ((), [rule])
    assert read(rule, DRUGS, None, Rubric(), DRUGS_FORM) == ([], None)


@pytest.mark.parametrize(
    "rule",
    ['Never tell the nurse to crush a tablet or to "use clinical judgement"',
     'Never say "unfortunately" or blame the patient', 'Says "sorry" or apologises'],
)  # fmt: skip
def test_what_stands_beside_quoted_words_is_said_to_be_left_out(rule: str) -> None:
    (way,) = read(rule, DRUGS).ways
    assert is_part_left_out(rule, way)
    assert paste(rule, DRUGS, Rubric()).criteria == ()


@pytest.mark.parametrize(
    "rule", ['Never say "x" or "y"', 'Uses the word or phrase "no harm"', 'Says "as an AI" or so']
)
def test_of_words_that_are_all_quoted_nothing_is_left_out(rule: str) -> None:
    first, *_ = read(rule, DRUGS).ways
    assert not is_part_left_out(rule, first)


def test_what_hangs_on_the_answer_is_a_condition_also_for_an_expected_quotation() -> None:
    rule = "If it rejects, it must quote the words."
    ways = read(rule, CLAUSES).ways
    assert ways and {condition_left_out(rule, way) for way in ways} == {"if it rejects"}
    assert paste(rule, CLAUSES, Rubric()).criteria == ()


@pytest.mark.parametrize(
    ("rule", "checks"),
    [
        ("The passage should be short, at most 12 words or so, and really stand in the note",
         [("length", "Passage"), ("quote", None)]),
        ("The decision should be right and the passage too", [("label", "Decision"),
                                                              ("contains_all", None)]),
        ("Not more than 60 words in the reason, and the passage no more than 10",
         [("length", "Reason"), ("length", "Passage")]),
    ],
)  # fmt: skip
def test_a_rule_is_divided_alike_at_both_doors(
    rule: str, checks: list[tuple[str, str | None]]
) -> None:
    made = paste(rule, DRUGS, Rubric(), DRUGS_FORM).criteria
    assert [(c.check.kind, c.check.parameters.get("line")) for c in made] == checks
    parts = read(rule, DRUGS, None, Rubric(), DRUGS_FORM).parts or ()
    assert [half.way.check for half in parts] == [criterion.check for criterion in made]


def test_texts_that_hardly_repeat_are_no_choice() -> None:
    """As reasons that came from a file are; a decision is one without a form, too."""
    told = [
        drug.with_changes(fields=drug.fields | {"reason": said})
        for drug, (*_, said) in zip(DRUGS, _DRUGS, strict=True)
    ]
    for rule in ("The right reason", "Gives one reason", "The right decision"):
        for way in read(rule, told).ways:
            assert way.check.parameters.get("line") != "Reason" or way.check.kind == "overlap"
    assert read("The right decision", told).ways[0].check.kind == "label"
    assert read("The right reason", DRUGS).ways == []


def test_a_half_that_leaves_something_out_is_not_one_of_two_criteria() -> None:
    rule = 'The reason has at most 20 words and must begin with "Kidneys"'
    assert read(rule, DRUGS, None, Rubric(), DRUGS_FORM).parts is None
    assert paste(rule, DRUGS, Rubric(), DRUGS_FORM).criteria == ()


LETTERS_FORM = (
    AnswerPart(
        kind="choice", label="Decision", field="decision",
        options=("pay", "decline", "ask for papers"),
    ),
    AnswerPart(kind="number", label="Amount", field="amount", unit="EUR"),
    AnswerPart(kind="quote", label="Words that decide", field="words_that_decide"),
    AnswerPart(kind="free_text", label="Reason", field="reason"),
)  # fmt: skip
_LETTERS = (
    ("My bike was stolen from the locked cellar. It cost 800 EUR.", "pay", "800",
     "stolen from the locked cellar", "The bike was locked, so the theft is covered."),
    ("My bike is gone, it was not locked. It cost 500 EUR.", "decline", "0", "not locked",
     "Theft of an unlocked bike is excluded."),
    ("Water ran from the washing machine; the floor costs 1200 EUR.", "pay", "1200",
     "Water ran from the washing machine", "Tap water damage is insured."),
    ("My phone is gone, I have no bill. It cost 600 EUR.", "ask for papers", "0",
     "I have no bill", "The bill is missing and must be sent in."),
    ("The flood reached the cellar, 3000 EUR.", "decline", "0", "The flood reached the cellar",
     "Floods are only covered with the extra module."),
    ("The window broke in the hail, 450 EUR.", "pay", "450", "broke in the hail",
     "Hail is a storm peril and covered."),
    ("My laptop fell, 900 EUR, no police report.", "ask for papers", "0", "no police report",
     "The report is missing, so we ask for it."),
)  # fmt: skip


def _letter(number: int, case: str, *said: str) -> Example:
    decision, amount, words, reason = said
    values = {
        "decision": decision, "amount": amount, "words_that_decide": (words,), "reason": reason,
    }  # fmt: skip
    return Example(
        id=f"l{number}", prompt=case, reference=write_answer(LETTERS_FORM, values),
        fields=expected_values(LETTERS_FORM, values), split="train",
    )  # fmt: skip


LETTERS = [_letter(number, *letter) for number, letter in enumerate(_LETTERS)]


@pytest.mark.parametrize(
    "rule",
    ["Minus 4 if the decision is decline and the amount is not 0.",
     "Minus 4 if the amount is not 0", "Minus 2 if the decision is not pay",
     "Minus 3 if the amount is not 0 when the decision is decline.",
     "Minus 2 unless the decision is decline and the amount is 0"],
)  # fmt: skip
def test_the_opposite_of_a_fault_with_conditions_is_no_reward(rule: str) -> None:
    made = paste(rule, LETTERS, Rubric(), LETTERS_FORM)
    assert (made.criteria, [kept.text for kept in made.review]) == ((), [rule])
    ways = read(rule, LETTERS, None, Rubric(), LETTERS_FORM).ways
    assert not [way for way in ways if way.text]


def test_points_off_for_two_parts_together_are_not_taken_for_one() -> None:
    rule = "Minus 4 if the decision is decline and the amount is 500."
    assert paste(rule, LETTERS, Rubric(), LETTERS_FORM).criteria == ()
    ways = read(rule, LETTERS, None, Rubric(), LETTERS_FORM).ways
    assert all(is_part_left_out(rule, way) for way in ways)


@pytest.mark.parametrize(
    ("rule", "text", "points", "kind"),
    [
        ("The word 'guarantee' must not appear, minus 3.", None, -3, "forbidden"),
        ("The word 'guarantee' must never appear (minus 3)", None, -3, "forbidden"),
        ("2 points if the reason contains 'must be'.", "The reason contains 'must be'.", 2,
         "contains_all"),
        ("3 points: the decision must be right", "The decision must be right", 3, "label"),
        ("The decision is right. 2 points.", "The decision is right", 2, "label"),
        ("The decision is right, plus 2.", "The decision is right", 2, "label"),
        ("The reason must contain 'missing', minus 2", "The reason must contain 'missing'", 2,
         "contains_all"),
    ],
)  # fmt: skip
def test_points_at_the_start_or_the_end_are_those_of_the_criterion(
    rule: str, text: str | None, points: float, kind: str
) -> None:
    (made,) = paste(rule, LETTERS, Rubric(), LETTERS_FORM).criteria
    assert (made.text, made.points, made.check.kind) == (text or rule, points, kind)
    first, *_ = read(rule, LETTERS, None, Rubric(), LETTERS_FORM).ways
    assert (first.check, abs(points_said(rule) or 0)) == (made.check, abs(points))
    assert first.is_penalty == (points < 0)


def test_points_before_a_condition_are_read_and_the_rule_is_kept_for_review() -> None:
    rule = "3 points: when papers are asked for, the reason names what is missing"
    made = paste(rule, LETTERS, Rubric(), LETTERS_FORM)
    (kept,) = made.review
    assert (kept.text, kept.points) == (
        "When papers are asked for, the reason names what is missing", 3
    )  # fmt: skip


def test_words_that_are_quoted_are_no_decision() -> None:
    rule = "The deciding words must be quoted from the letter, at most 12 words (1 point)."
    quoted, short = paste(rule, LETTERS, Rubric(), LETTERS_FORM).criteria
    assert quoted.check.kind == "quote"
    assert short.check.parameters == {"max_words": 12, "line": "Words that decide"}
    parts = read(rule, LETTERS, None, Rubric(), LETTERS_FORM).parts or ()
    assert [part.way.check for part in parts] == [quoted.check, short.check]
    other = "The deciding words have at most 12 words"
    assert read(other, LETTERS, None, Rubric(), LETTERS_FORM) == ([], None)


def test_words_that_stand_in_the_letter_are_not_looked_for_in_the_answer() -> None:
    for rule in (
        'Minus 3 when the decision is pay although the words "not locked" stand in the letter.',
        'If "no bill" is in the letter, the reason says "missing"',
    ):
        ways = read(rule, LETTERS, None, Rubric(), LETTERS_FORM).ways
        phrases = [way.check.parameters.get("phrases", ["missing"]) for way in ways]
        assert phrases == [["missing"]]


@pytest.mark.parametrize(
    "rule",
    ['The reason contains "missing"', 'When there is no bill, the reason contains "missing"',
     'Minus 2 if the decision is pay and the reason says "obviously"'],
)  # fmt: skip
def test_words_of_one_part_are_looked_for_in_that_part(rule: str) -> None:
    ways = read(rule, LETTERS, None, Rubric(), LETTERS_FORM).ways
    looked = [way.check.parameters for way in ways if "phrases" in way.check.parameters]
    assert [found["line"] for found in looked] == ["Reason"]


@pytest.mark.parametrize(
    "rule",
    ["If the customer writes angrily, the letter stays calm.",
     "When papers are asked for, the letter names the missing paper: bill, report or invoice."],
)  # fmt: skip
def test_what_an_expected_text_is_to_say_in_some_cases_is_kept_for_review(rule: str) -> None:
    made = paste(rule, CLAIMS, Rubric(), _FORM)
    assert (made.criteria, [kept.text for kept in made.review]) == ((), [rule])
    assert read(rule, CLAIMS, None, Rubric(), _FORM) == ([], None)


def test_a_part_that_goes_over_several_lines_is_one_part_too() -> None:
    case, *said, _ = _LETTERS[3]
    longer = [*LETTERS, _letter(9, f"{case} Please help.", *said, "The bill is missing.\nSend it.")]
    for rule, kind in (
        ('The reason contains "missing"', "contains_all"),
        ("The reason has at most 20 words", "length"),
    ):
        (made,) = paste(rule, longer, Rubric(), LETTERS_FORM).criteria
        first, *_ = read(rule, longer, None, Rubric(), LETTERS_FORM).ways
        assert (made.check.kind, made.check.parameters["line"]) == (kind, "Reason")
        assert first.check == made.check
