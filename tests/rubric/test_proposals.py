"""Ways to check a rule: the rule's words lead to checks that work on the expert's own cases."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.checks import build
from rft_core.checks.words import way_titles
from rft_core.examples.folder import read_project
from rft_core.records import CheckSpec, Example, Rubric
from rft_core.rubric.fooling import spring
from rft_core.rubric.from_form import is_of_form, rubric_of_form
from rft_core.rubric.grading import Grader
from rft_core.rubric.lint import lint
from rft_core.rubric.rules.proposals import MOST, first_rubric, propose
from rft_core.rubric.rules.two_criteria import divided
from rft_core.settings import samples_folder
from tests.models.grader_server import GraderServer
from tests.rubric.clauses import CLAUSES, FORM


def training(name: str) -> list[Example]:
    files = read_project(samples_folder() / name)
    return [e for e in files.examples if e.split == "train"]


TRAIN = {name: training(name) for name in ("finance", "healthcare", "legal", "insurance")}


@pytest.mark.parametrize(
    ("sample", "rule", "kind", "parameters"),
    [
        ("finance", "Makes the right decision", "label", {"field": "decision", "line": "Decision"}),
        ("finance", "Names the right kind of scam", "label", {"field": "kind", "line": "Kind"}),
        ("finance", "Quotes the words that decide", "quote", {"field": "key_words"}),
        ("finance", "Uses all key words", "contains_all", {"field": "key_words"}),
        ("finance", "Answers in exactly three lines", "pattern", {"whole": True}),
        ("finance", "Never releases a scam", "mistake", {"given": ["release"]}),
        ("finance", "Gives only one decision", "several_labels", {"line": "Decision"}),
        ("finance", 'Does not say "as an AI"', "forbidden", {"phrases": ["as an AI"]}),
        ("finance", "Mentions “Decision”", "contains_all", {"phrases": ["Decision"]}),
        ("finance", "Has 'Quote' or 'Kind'", "contains_any", {"phrases": ["Quote", "Kind"]}),
        ("finance", "At most 20 words", "length", {"max_words": 20}),
        ("finance", "No more than 40 words", "length", {"max_words": 40}),
        ("finance", "At most 1,500 words", "length", {"max_words": 1500}),
        ("finance", "Not fewer than 3 words", "length", {"min_words": 3}),
        ("finance", "Has at least 3 words", "length", {"min_words": 3}),
        ("finance", "Between 3 and 20 words", "length", {"min_words": 3, "max_words": 20}),
        ("finance", "Fewer than 41 words", "length", {"max_words": 40}),
        ("finance", "More than 2 words", "length", {"min_words": 3}),
        ("finance", "At most twenty words", "length", {"max_words": 20}),
        ("finance", "No more than forty words", "length", {"max_words": 40}),
        ("finance", "Not fewer than three words", "length", {"min_words": 3}),
        ("finance", "Between three and twenty-five words", "length",
         {"min_words": 3, "max_words": 25}),
        ("finance", "At most one hundred and fifty words", "length", {"max_words": 150}),
        ("finance", "The decision has at least one word", "length",
         {"min_words": 1, "line": "Decision"}),
        ("finance", "Keeps it short", "length", {}),
        ("finance", 'The decision line contains the word "block"', "contains_all",
         {"phrases": ["block"], "line": "Decision"}),
        ("finance", "Decision: says “call” or “block”", "contains_any",
         {"phrases": ["call", "block"], "line": "Decision"}),
        ("finance", 'The quote line never contains "as an AI"', "forbidden",
         {"phrases": ["as an AI"], "line": "Quote"}),
        ("finance", 'Each decision contains "a reason"', "contains_all",
         {"phrases": ["a reason"], "line": None}),
        ("finance", "The kind has at most 4 words", "length", {"max_words": 4, "line": "Kind"}),
        ("healthcare", "Ranks the right gene first", "ranked", {"field": "gene", "line": "Genes"}),
        ("healthcare", "Names the organ system", "label", {"field": "system"}),
        ("legal", "Never accept what should be escalated", "mistake",
         {"given": ["accept"], "right": ["escalate"]}),
        ("legal", "Clauses that should be escalated are never accepted", "mistake",
         {"given": ["accept"], "right": ["escalate"]}),
        ("insurance", "Severity is right", "label", {"field": "severity"}),
    ],
)  # fmt: skip
def test_the_first_way_is_what_the_rule_means(
    sample: str, rule: str, kind: str, parameters: dict[str, Any]
) -> None:
    first = propose(rule, TRAIN[sample])[0]
    assert first.check.kind == kind
    assert parameters.items() <= ({"line": None} | first.check.parameters).items()


@pytest.mark.parametrize("rule", ["Is polite", "Sounds like a colleague of mine", "", "   ", "???"])
def test_what_cannot_be_looked_up_has_no_way(rule: str) -> None:
    assert propose(rule, TRAIN["finance"]) == []


def test_without_expert_answers_nothing_is_proposed() -> None:
    bare = [e.with_changes(reference=None) for e in TRAIN["finance"]]
    assert propose("Makes the right decision", bare) == []
    assert propose("Makes the right decision", []) == []


@pytest.mark.parametrize(
    ("rule", "bounds"),
    [
        ("More than 40 words", {"min_words": 41}),
        ("Over 40 words", {"min_words": 41}),
        ("Is longer than 1,000 words", {"min_words": 1001}),
        ("Fewer than 3 words", {"max_words": 2}),
    ],
)
def test_a_length_that_a_rule_blames_is_a_penalty(rule: str, bounds: dict[str, int]) -> None:
    (way,) = propose(rule, TRAIN["finance"], fault=True)
    assert way.is_penalty
    assert way.check.parameters == bounds
    check, case = build(way.check), TRAIN["finance"][0]
    assert check.grade(way.passes.answer, case).value == 0
    assert check.grade(way.fails.answer, case).value == 1
    open_ways = propose(rule, TRAIN["finance"])
    assert {one.is_penalty for one in open_ways} == {True, False}, "a person chooses"
    assert all(one.is_guess and one.check == way.check for one in open_ways)


@pytest.mark.parametrize(
    "rule",
    ["The answer has fewer than 3 words", "Must have more than 1,000 words",
     "Makes the right decision and is shorter than 3 words"],
)  # fmt: skip
def test_a_length_that_is_asked_for_is_no_penalty_even_if_no_expert_answer_has_it(
    rule: str,
) -> None:
    way, *others = propose(rule, TRAIN["finance"])
    assert (way.check.kind, way.met_by, way.is_guess) == ("length", 0, True)
    assert not any(one.is_penalty for one in (way, *others))


def test_a_length_that_the_expert_answers_have_is_no_penalty() -> None:
    assert propose("At most 40 words", TRAIN["finance"], fault=True) == []


@pytest.mark.parametrize(
    "rule", ["The decision is fair", "The kind is always polite", "The type reads clear"]
)
def test_a_judgement_of_a_part_is_no_comparison_with_its_value(rule: str) -> None:
    for cases in TRAIN.values():
        assert propose(rule, cases) == []


def test_reasons_before_the_answer_are_offered_where_the_expert_gives_them() -> None:
    rule = "Gives the reasons before the answer"
    reasoned = [
        e.with_changes(reference=f"The clause binds one side only.\nAnswer:\n{e.reference}")
        for e in TRAIN["legal"]
    ]
    assert "reasoned" in [way.check.kind for way in propose(rule, reasoned)]
    assert "reasoned" not in [way.check.kind for way in propose(rule, TRAIN["legal"])]


def test_a_rule_about_meaning_is_compared_in_meaning() -> None:
    (way,) = propose("Has the same meaning as my answer", TRAIN["legal"])
    assert (way.check.kind, way.check.parameters) == ("meaning", {})
    kinds = {way.check.kind for way in propose("Is similar to my answer", TRAIN["legal"])}
    assert kinds == {"meaning", "overlap"}


@pytest.mark.parametrize("words", ["fast-track", "fast\u2011track", "follow-up"])
def test_words_in_quotation_marks_are_proposed_whoever_says_them(words: str) -> None:
    way = propose(f'Contains the words "{words}"', TRAIN["insurance"])[0]
    assert (way.check.kind, way.check.parameters) == ("contains_all", {"phrases": [words]})
    expert = sum("fast-track" in (e.reference or "") for e in TRAIN["insurance"])
    assert 0 < expert < way.of == len(TRAIN["insurance"])
    assert way.met_by == (0 if words == "follow-up" else expert)
    check, case = build(way.check), TRAIN["insurance"][0]
    assert check.grade(way.passes.answer, case).value == 1
    assert check.grade(way.fails.answer, case).value == 0


@pytest.mark.parametrize(
    ("sample", "rule", "parts"),
    [
        ("legal", "Names the right type and the right decision",
         [("Names the right type", "label"), ("Names the right decision", "label")]),
        ("legal", "Quotes the words that decide, and has at most 30 words",
         [("Quotes the words that decide", "quote"), ("Has at most 30 words", "length")]),
        ("finance", "Makes the right decision", None),
        ("finance", "Between 3 and 20 words", None),
        ("finance", 'Contains "terms and conditions"', None),
        ("finance", "Is polite and makes the right decision", None),
        ("finance", " and ", None),
    ],
)  # fmt: skip
def test_a_rule_is_divided_where_both_halves_can_be_checked(
    sample: str, rule: str, parts: list[tuple[str, str]] | None
) -> None:
    halves = divided(rule, TRAIN[sample])
    assert (halves and [(half.text, half.way.check.kind) for half in halves]) == parts


def test_an_ai_grader_is_asked_two_things_only_where_both_halves_say_what_to_do(
    ai_grader: GraderServer,
) -> None:
    assert divided("Between 3 and 20 words", TRAIN["finance"]) is None
    assert divided("Is calm and polite", TRAIN["finance"]) is None
    halves = divided("Explains the risk and names the next step", TRAIN["finance"])
    assert halves is not None
    assert [half.way.check.kind for half in halves] == ["judge", "judge"]


def test_a_length_that_no_expert_answer_has_is_proposed_with_a_number_that_says_so() -> None:
    (way,) = propose("At most 2 words", TRAIN["finance"])
    assert (way.is_penalty, way.met_by, way.of) == (False, 0, len(TRAIN["finance"]))
    check, case = build(way.check), TRAIN["finance"][0]
    assert check.grade(way.passes.answer, case).value == 1
    assert check.grade(way.fails.answer, case).value == 0


@pytest.mark.parametrize("sample", list(TRAIN))
@pytest.mark.parametrize(
    "rule", ["Makes the right decision", "Quotes the case word for word", "Keeps it short"]
)
def test_the_answers_shown_pass_and_fail(sample: str, rule: str) -> None:
    by_id = {e.id: e for e in TRAIN[sample]}
    ways = propose(rule, TRAIN[sample])
    assert 1 <= len(ways) <= MOST
    for way in ways:
        check = build(way.check)
        good, bad = (
            check.grade(shown.answer, by_id[shown.example_id]).value
            for shown in (way.passes, way.fails)
        )
        assert (good, bad > 0) == (0, True) if way.is_penalty else (good == 1 and bad < 1)
        is_expert = way.passes.answer == by_id[way.passes.example_id].reference
        assert is_expert or (way.check.kind, way.check.parameters) == ("quote", {})


@pytest.mark.parametrize("amount", [[12, 40, 7.5], ["12", "EUR 40", "7.50"]])
def test_numbers_are_compared_as_numbers(amount: list[Any]) -> None:
    train = [
        Example(id=f"n{i}", prompt="An invoice.", reference=f"The amount is {value}.",
                fields={"amount": value, "n": i}, split="train")
        for i, value in enumerate([*amount, *(100 + i for i in range(12))])
    ]  # fmt: skip
    first = propose("Gives the amount", train)[0]
    assert (first.check.kind, first.check.parameters["field"]) == ("number", "amount")


@pytest.mark.parametrize("sample", list(TRAIN))
def test_a_first_rubric_is_sound_and_pays_no_trick(sample: str) -> None:
    rubric = Rubric(criteria=first_rubric(TRAIN[sample]))
    assert lint(rubric, TRAIN[sample]) == []
    assert not [one.name for one in spring(rubric, TRAIN[sample]) if one.slips]
    grader = Grader(rubric)
    assert all(grader.grade(e.reference or "", e).score == 1 for e in TRAIN[sample])


@pytest.mark.parametrize("make", [first_rubric, lambda train: rubric_of_form(FORM, train)])
def test_a_reason_of_several_words_is_graded_by_the_words_that_it_shares(make: Any) -> None:
    rubric = Rubric(criteria=make(CLAUSES))
    text = "in words close to the expert's"
    (close,) = [c for c in rubric.criteria if c.text.endswith(text)]
    assert close.check.kind == "overlap"
    alone = Grader(Rubric(criteria=(close,)))
    case = CLAUSES[1]
    said = [
        alone.grade(f"{(case.reference or '').rpartition(' ')[0]} {last}", case).score or 0.0
        for last in ("notice", "warning")
    ]
    assert said == [1, 0.75]
    assert lint(rubric, CLAUSES) == []
    assert not [one.name for one in spring(rubric, CLAUSES) if one.slips]
    first = propose("Gives the right reason", CLAUSES)[0]
    assert first.check.parameters.items() >= {"field": "reason", "line": "Reason"}.items()


def test_a_name_of_a_word_or_two_is_right_or_wrong_as_a_whole() -> None:
    def named(example: Example, name: str) -> Example:
        answer = str(example.reference).rpartition("Reason: ")[0]
        return example.with_changes(
            reference=f"{answer}Reason: {name}", fields=example.fields | {"reason": name}
        )

    names = [named(e, f"Lake {letter}") for e, letter in zip(CLAUSES, "ABCDEFGH", strict=True)]
    for criteria in (first_rubric(names), rubric_of_form(FORM, names)):
        (name,) = [c for c in criteria if c.text.endswith(("right reason", "right “Reason”"))]
        assert name.check == CheckSpec(kind="contains_all", field="reason")
    assert is_of_form(rubric_of_form(FORM, names), FORM, names)
    assert is_of_form(rubric_of_form(FORM), FORM, names)
    assert not is_of_form(rubric_of_form(FORM)[1:], FORM, names)


def test_a_list_that_is_called_a_decision_is_no_choice_of_another_value() -> None:
    (way,) = propose("Makes the right decision", TRAIN["healthcare"])
    assert (way.check.kind, way.check.parameters["field"]) == ("ranked", "decision")


def test_fields_whose_names_read_alike_have_criteria_of_their_own() -> None:
    train = [
        Example(id=f"n{i}", prompt="A letter.", reference=f"Final answer: {value}\n{i % 3}",
                fields={"final answer": value, "final_answer": str(i % 3)}, split="train")
        for i, value in enumerate(["yes", "no", "perhaps"] * 4)
    ]  # fmt: skip
    rubric = Rubric(criteria=first_rubric(train))
    kinds = [c.check.kind for c in rubric.criteria]
    assert kinds[:2] == ["label", "label"] and "several_labels" in kinds


def test_there_is_no_first_rubric_without_expected_values() -> None:
    assert first_rubric([]) == ()
    assert first_rubric([e.with_changes(fields={}) for e in TRAIN["legal"]]) == ()
    assert first_rubric([e.with_changes(reference=None) for e in TRAIN["legal"]]) == ()


@pytest.mark.parametrize(
    "checks",
    [
        [{"kind": "quote"}, {"kind": "quote", "field": "words"}],
        [{"kind": "label", "field": "kind"}, {"kind": "label", "field": "decision"}],
        [{"kind": "length", "line": "Why"}, {"kind": "length", "line": "Note"}],
        [{"kind": "contains_all", "field": "a"}, {"kind": "contains_all", "phrases": ["a"]}],
    ],
)
def test_no_two_ways_have_one_title(checks: list[dict[str, Any]]) -> None:
    assert len(set(way_titles([CheckSpec(**check) for check in checks]))) == len(checks)


@given(st.text(max_size=60))
def test_any_rule_can_be_written(rule: str) -> None:
    assert len(propose(rule, TRAIN["finance"][:6])) <= MOST


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ("Is polite", ["judge"]),
        ("At most 20 words", ["length", "judge"]),
        ("Ranks the right decision first and is similar in meaning", [None, None, "judge"]),
    ],
)
def test_an_ai_grader_that_is_set_up_is_the_last_way_and_is_not_asked_yet(
    ai_grader: GraderServer, rule: str, kinds: list[str | None]
) -> None:
    ways = propose(rule, TRAIN["finance"])
    assert [way.check.kind for way in ways][-1] == "judge"
    assert len(ways) == len(kinds) <= MOST
    assert ways[-1].check.parameters == {"question": rule}
    assert (ways[-1].passes, ways[-1].fails, ways[-1].is_penalty) == (None, None, False)
    assert propose(rule, TRAIN["finance"], fault=True)[-1].is_penalty
    assert ai_grader.asked == []
