"""What a way to check a rule leaves out of it: a condition, or one of two things."""

import re
from collections.abc import Sequence

from rft_core.checks import build
from rft_core.errors import InputError
from rft_core.examples.answer_form import CANNOT_TELL, OUT_OF_SCOPE
from rft_core.records import CheckSpec
from rft_core.rubric.rules.case_parts import words_of
from rft_core.rubric.rules.cases_meant import held_to, meant_for, names_one
from rft_core.rubric.rules.faults import taken_off
from rft_core.rubric.rules.proposals import Proposal
from rft_core.rubric.rules.qualities import judges
from rft_core.rubric.rules.quote_cues import quotes_sentence, said_share
from rft_core.rubric.rules.said_lengths import how_many_lengths
from rft_core.rubric.rules.said_points import without_points
from rft_core.rubric.rules.said_words import NOUN, QUOTED, gives_examples
from rft_core.rubric.rules.two_demands import behind_colon, joins_two_demands, without_asides

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
_RIGHT = re.compile(r"\b(?:right|correct|expected|should|ought)\b", re.I)
"""Hangs on what is expected: "when it should be escalated"."""


def condition_left_out(rule: str, way: Proposal) -> str:
    """Return the words that say for which cases a rule is meant, which a way does not look at.

    Empty where there are none, where the way is held to the tags that they name, or where it
    compares with an expected value on which they hang. An AI grader reads all of the rule.
    """
    if not way.was_tried:
        return ""
    return condition_unread(rule, way.check, way.tags)


def condition_unread(rule: str, check: CheckSpec, tags: Sequence[str] = ()) -> str:
    """Return the same for a check on cases with such tags, or on all."""
    try:
        built = build(check)
    except InputError:
        return ""
    labels = [str(label) for key in ("labels", "known") for label in getattr(built, key, ())]
    line = str(check.parameters.get("line") or "")
    own = [*filter(None, (words_of(built.reads or ""), line)), *labels]
    rule = _without_worth(rule)
    meant = meant_for(rule, own, tags, is_choice=bool(labels))
    if meant is None or built.kind == "judge":
        return ""
    held = held_to(rule, tags, own) if tags else None
    if held:
        return "" if held.is_all else meant.text
    if not (built.reads and meant.is_condition):
        return meant.text
    if labels:
        # Any part may be "cannot tell": the condition says of which.
        telling = [name for name in own if name not in (CANNOT_TELL, OUT_OF_SCOPE)]
        is_settled = names_one(meant.text, telling) or bool(_RIGHT.search(meant.text))
    else:
        is_settled = _OF_ANSWER.search(meant.text) is None
    return "" if is_settled else meant.text


def condition_of(rule: str) -> str:
    """Return the "when the repair is urgent" of a rule that asks for something in some cases."""
    meant = meant_for(_without_worth(rule), is_choice=False)
    return meant.text if meant else ""


def _without_worth(rule: str) -> str:
    taken = taken_off(rule)
    return taken.text if taken else without_points(rule)


def is_part_left_out(rule: str, way: Proposal) -> bool:
    """Say whether a way to check a rule looks at one of two things only, at no number of words that
    the rule gives, at no share of the case, not at the place where its words are to stand, or at no
    "in plain words"."""
    lengths = how_many_lengths(rule)
    counts_words = way.check.kind in ("length", "formula")
    is_place = way.check.kind.startswith("contains") and _AT_AN_END.search(rule)
    is_one_of_two = bool(is_place) or joins_two_demands(rule) or lengths > 1
    is_one_of_two = is_one_of_two or _names_more_than_quoted(rule)
    is_one_of_two = is_one_of_two or _blames_two(rule) or quotes_sentence(rule)
    is_one_of_two = is_one_of_two or bool(behind_colon(rule)) or are_examples(rule, way)
    is_one_of_two = is_one_of_two or _is_share_left_out(rule, way)
    is_one_of_two = is_one_of_two or (way.check.kind in _BLIND and judges(rule))
    return way.was_tried and (is_one_of_two or (lengths == 1 and not counts_words))


def are_examples(rule: str, way: Proposal) -> bool:
    """Say whether a way looks for words that a rule names as examples only of what it means."""
    return "phrases" in way.check.parameters and gives_examples(rule)


def _is_share_left_out(rule: str, way: Proposal) -> bool:
    """Say whether a way does not look at how much of the case a rule lets an answer quote."""
    share = said_share(rule)
    return share is not None and way.check.parameters.get("max_share") != share.share


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
