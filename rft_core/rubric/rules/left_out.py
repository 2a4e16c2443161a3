"""What a way to check a rule leaves out of it: a condition, or one of two things."""

import re

from rft_core.checks import build
from rft_core.rubric.rules.conditions import conditions
from rft_core.rubric.rules.faults import taken_off
from rft_core.rubric.rules.proposals import Proposal
from rft_core.rubric.rules.qualities import judges
from rft_core.rubric.rules.said_lengths import how_many_lengths
from rft_core.rubric.rules.said_points import without_points
from rft_core.rubric.rules.said_words import NOUN, QUOTED
from rft_core.rubric.rules.two_demands import joins_two_demands, without_asides

_AT_AN_END = re.compile(
    r"\b(?:starts?|begins?|opens?|ends?|closes?|finish(?:es)?)\b.*\b(?:with|by|in)\b", re.I
)
"""Says where words are to stand, which no check here but a pattern looks at."""
_WORDS_OR = rf"\b(?:{NOUN}|sentences?)\s*$"
_LINKS = r"(?:\s+(?:to|the|a|an|by|with|as|of|that|it|like))*\s*"
_OR_QUOTED = re.compile(rf"(?P<before>[^,;:]*?)[,\s]+(?:or|and|nor){_LINKS}$", re.I)
_OR_MORE = re.compile(
    r"\s*,?\s+(?:or|nor)\s+(?!(?:similar|the like|something|anything|so|equivalent|another)\b)"
    r"(?:to\s+\w+|\w+)",
    re.I,
)


_AND_ANOTHER = re.compile(
    r"\b(?:is|are|has|have)\b.*\b(?:and|but)\s+(?:the|its)\s+[^\W\d_]+\s+(?:are|have|\w+s)\b",
    re.I,
)
_BLIND = ("length", "formula", "reasoned", "pattern", "json")
"""Checks that look at no word of the answer."""
_OF_ANSWER = re.compile(
    r"\bit\s+(?!is\b|was\b|has\b|does\b|needs\b)\w+s\b"
    r"|\bthe (?:answer|model|decision|position|outcome|choice|verdict)\b",
    re.I,
)
"""Hangs on what is answered: "if it rejects", "when the decision is Hold"."""


def condition_left_out(rule: str, way: Proposal) -> str:
    """Return the words under which alone a rule is to hold, which a check does not look at.

    Empty where there are none, or where the check compares with what each case expects: that does
    not settle a choice on which the rule depends. An AI grader reads all of the rule.
    """
    if not way.was_tried:
        return ""
    condition = condition_of(rule)
    check = build(way.check)
    is_choice = hasattr(check, "labels") or hasattr(check, "known")
    settles = check.reads and (is_choice or not _OF_ANSWER.search(condition))
    return "" if settles else condition


def condition_of(rule: str) -> str:
    """Return the "when the repair is urgent" of a rule that asks for something in some cases."""
    taken = taken_off(rule)
    rule = taken.text if taken else without_points(rule)
    for start, end in conditions(rule):
        before, after = rule[:start].strip(), rule[end:].strip(" ,;:.!")
        if before or after:
            condition = rule[start:end].strip(" .!")
            return condition if before else condition[:1].lower() + condition[1:]
    return ""


def is_part_left_out(rule: str, way: Proposal) -> bool:
    """Say whether a way to check a rule looks at one of two things only, at no number of words that
    the rule gives, not at the place where its words are to stand, or at no "in plain words"."""
    lengths = how_many_lengths(rule)
    counts_words = way.check.kind in ("length", "formula")
    is_place = way.check.kind.startswith("contains") and _AT_AN_END.search(rule)
    is_one_of_two = bool(is_place) or joins_two_demands(rule) or lengths > 1
    is_one_of_two = is_one_of_two or _names_more_than_quoted(rule)
    is_one_of_two = is_one_of_two or _blames_two(rule)
    is_one_of_two = is_one_of_two or (way.check.kind in _BLIND and judges(rule))
    return way.was_tried and (is_one_of_two or (lengths == 1 and not counts_words))


def _blames_two(rule: str) -> bool:
    """Say whether a rule takes points off only where two parts are so: "if the decision is decline
    and the amount is 500"."""
    taken = taken_off(rule)
    return taken is not None and _AND_ANOTHER.search(without_asides(taken.text)) is not None


def _names_more_than_quoted(rule: str) -> bool:
    """Say whether a rule names one thing in quotation marks and another one without: "to crush a
    tablet or to "use clinical judgement"", of which only the words in marks are looked for."""
    quoted = [*QUOTED.finditer(rule)]
    if not quoted:
        return False
    first, last = rule[: quoted[0].start()], rule[quoted[-1].end() :]
    before = _OR_QUOTED.fullmatch(first.rpartition(",")[2] if "," in first else first)
    is_second = before is not None and not re.search(_WORDS_OR, before["before"], re.I)
    after = _OR_MORE.match(last)
    return is_second or (after is not None and not re.match(r".*\bin\b", after[0]))
