"""A rule for some cases only is held to their tag, or what is left out of it is said."""

import pytest

from rft_core.records import Rubric
from rft_core.rubric.rules.left_out import condition_left_out
from rft_core.rubric.rules.pasting import paste
from rft_core.rubric.rules.proposals import Proposal
from rft_core.rubric.rules.reading import read
from tests.rubric.messages import FORM, MESSAGES

UNTAGGED = [message.with_changes(tags=()) for message in MESSAGES]


def ways(rule: str, messages: list = MESSAGES) -> list[Proposal]:  # type: ignore[type-arg]
    found = read(rule, messages, form=FORM).ways
    assert found, rule
    return found


@pytest.mark.parametrize(
    ("rule", "tag"),
    [
        ("For children under five, never answer self-care", "under five"),
        ("Never answers self-care if the patient is a child under five", "under five"),
        ("Never answers self-care when the patient is under five", "under five"),
        ("Under fives are never self-care", "under five"),
        ("For children under five the urgency is never self-care", "under five"),
        ("Only for messages tagged under five: must not say self-care", "under five"),
        ('Only for messages tagged "under five": must not say self-care', "under five"),
        ("Only when the patient is pregnant: must be same day", "pregnant"),
        ("Must be same day for pregnant patients", "pregnant"),
        ("Self-care is never right for a patient who is pregnant", "pregnant"),
        ("For children under five, the reason has at most 20 words", "under five"),
    ],
)
def test_a_rule_that_names_a_tag_is_held_to_it(rule: str, tag: str) -> None:
    for way in ways(rule):
        assert (way.tags, condition_left_out(rule, way)) == ((tag,), "")
    made = paste(rule, MESSAGES, Rubric(), FORM)
    assert [criterion.tags for criterion in made.criteria] == [(tag,)]
    assert made.criteria[0].text == rule


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("For children under five, never answer self-care", "for children under five"),
        ("Never answers self-care if the patient is a child under five",
         "if the patient is a child under five"),
        ("Under fives are never self-care", "under fives"),
        ("Unless the patient is over five, must not say self-care",
         "unless the patient is over five"),
        ("Children under five with a fever are always same day",
         "children under five with a fever"),
        ("Only when the patient is pregnant: must be same day",
         "only when the patient is pregnant"),
        ("Chest pain is always same day", "chest pain"),
        ("Must be same day for pregnant women", "for pregnant women"),
        ("Never says self-care in pregnancy", "in pregnancy"),
        ("Must be same day with chest pain", "with chest pain"),
        ("For children under five the urgency is never self-care", "for children under five"),
        ('If a child under five has a fever, the answer must be "same day"',
         "if a child under five has a fever"),
    ],
)  # fmt: skip
def test_without_a_tag_the_words_are_said_to_be_left_out(rule: str, words: str) -> None:
    for way in ways(rule, UNTAGGED):
        assert (way.tags, condition_left_out(rule, way)) == ((), words)
    made = paste(rule, UNTAGGED, Rubric(), FORM)
    assert (made.criteria, made.left_out) == ((), {rule: words})


def test_where_something_stands_is_no_tag_of_cases() -> None:
    tagged = [message.with_changes(tags=("message",)) for message in MESSAGES]
    for rule in ("The quote must stand in the message", "At most 20 words for the message"):
        assert {way.tags for way in ways(rule, tagged)} == {()}


def test_an_exception_is_not_held_to_the_tag_that_it_names() -> None:
    rule = "Unless the patient is pregnant, must not say same day"
    for way in ways(rule):
        assert (way.tags, condition_left_out(rule, way)) == ((), "unless the patient is pregnant")


def test_a_tag_that_is_not_all_that_the_rule_says_is_chosen_but_not_taken_unseen() -> None:
    rule = "Children under five with a fever are always same day"
    (way,) = ways(rule)
    assert way.tags == ("under five",)
    assert condition_left_out(rule, way) == "children under five with a fever"
    assert paste(rule, MESSAGES, Rubric(), FORM).criteria == ()


@pytest.mark.parametrize(
    "rule",
    ["Gives the right urgency for the message", "Gives the right urgency for each patient",
     "The urgency is right", "Never answers routine when same day is right",
     "Red flag and urgency are right", "Must be same day where same day is expected",
     "In each answer the urgency is right", "The model never says self-care and routine at once",
     "For the reason, at most 20 words"],
)  # fmt: skip
def test_a_rule_for_all_cases_leaves_none_out(rule: str) -> None:
    assert {(way.tags, condition_left_out(rule, way)) for way in ways(rule)} == {((), "")}


def test_both_things_that_a_rule_asks_of_some_cases_are_held_to_their_tag() -> None:
    rule = 'For pregnant patients, the reason says "duty doctor" and has at most 15 words'
    made = paste(rule, MESSAGES, Rubric(), FORM)
    assert [(c.check.kind, c.tags) for c in made.criteria] == [
        ("contains_all", ("pregnant",)), ("length", ("pregnant",)),
    ]  # fmt: skip
    for_all = paste("The reason has at most 15 words", MESSAGES, Rubric(), FORM)
    again = paste(rule, MESSAGES, Rubric(criteria=for_all.criteria), FORM)
    assert again.known == {}, "what holds for all is not what holds for some"


@pytest.mark.parametrize("comma", [",", ""])
@pytest.mark.parametrize("cases", ["For pregnant patients", "In messages on chest pain"])
@pytest.mark.parametrize("verb", ["contains", "names", "says", "must contain"])
def test_no_comma_is_needed_behind_the_cases(cases: str, comma: str, verb: str) -> None:
    rule = f'{cases}{comma} the reason {verb} the word "doctor"'
    tagged = [
        message.with_changes(tags=("pregnant", "chest pain")) if message.tags else message
        for message in MESSAGES
    ]
    for messages in (tagged, UNTAGGED):
        (way,) = ways(rule, messages)
        assert way.check.kind == "contains_all"
        assert way.check.parameters == {"phrases": ["doctor"], "line": "Reason"}
        left_out = condition_left_out(rule, way)
        if messages is tagged:
            assert (way.tags, left_out) == (("pregnant" if "preg" in cases else "chest pain",), "")
        else:
            assert (way.tags, left_out) == ((), cases[0].lower() + cases[1:])
