"""Judgements in a rule that no looking up makes: "is polite", "in plain words", "lawful"."""

import re
from collections.abc import Collection

from rft_core.checks.wording import tokens
from rft_core.rubric.rules.two_demands import without_asides

_GOOD = (
    r"(?:polite|fair|clear|friendly|helpful|plausible|convincing|understandable|readable"
    r"|reasonable|sensible|sound|logical|appropriate|balanced|neutral|objective|professional"
    r"|respectful|empathetic|useful|good|nice|persuasive|simple|natural|easy|plain|lawful|legal"
    r"|ethical|compliant|proportionate|justified|safe|tactful|courteous|considerate|thorough"
    r"|rude|vague|offensive|confusing|patronising|patronizing)"
)
_IS = r"(?:is|are|be|sounds?|reads?|looks?|stays?|remains?|seems?)"
_MANNER = (
    r"(?:polite|helpful|kind|respectful|professional|appropriate|fair|lawful|convincing|persuasive"
    r"|reasonab|sensib|empathetical|tactful|courteous|considerate|plausib|sensitive|thorough)ly"
)
_JUDGES = re.compile(
    rf"\b{_IS} (?:(?:very|always|also|both|not|never|\w+ly) )*(?:\w+ (?:and|but) )?"
    rf"(?:{_GOOD}|kind)\b"
    rf"|\b(?:and|but) (?:{_GOOD}|kind)\s*[.!]?$"
    rf"|\b(?:an?|in|with) (?:\w+ly )?{_GOOD} (?=[^\W\d_])"
    rf"|\b{_MANNER}\b|\bjargon\b|\beasy to \w+"
    r"|\b(?:plain|simple|clear|good|correct|everyday) (?:words|language|english)\b"
    r"|\bwell[- ](?:written|founded|reasoned|argued|structured|explained)\b"
    r"|\b(?:contradict(?:s|ing)?|consistent with|in line with|supports?|follows from"
    r"|compl(?:y|ies) with)\b",
    re.I,
)
_OF_ANSWER = set(
    """
    a an the it its is are be must should has have to and of for in all always really only every
    each case right correct correctly answer answers response model make makes made give gives given
    name names take takes choose chooses pick picks find finds reach reaches get gets say says
    decision choice option label class category outcome verdict conclusion result one position call
    judgement judgment assessment classification . ! , : ; ' "
    """.split()  # noqa: SIM905
)
"""Words of a rule that says of no more than the choice as a whole that it is right."""


def judges(rule: str, own: Collection[str] = ()) -> bool:
    """Say whether a rule asks for a quality that an answer is read for, whatever is looked up.

    Not where the word for it is one of the expert's `own`, such as a choice called "fair", or
    stands in quotation marks or brackets.
    """
    found = _JUDGES.finditer(" ".join(without_asides(rule).split()))
    return any(set(own).isdisjoint(tokens(match[0]).split()) for match in found)


def asks_for_right_choice(rule: str, own: Collection[str] = ()) -> bool:
    """Say whether a rule asks for no more than the right answer: "Is right", but not "Is right
    about the tax" or "Is legally correct". It may name it in the expert's `own` words."""
    said = set(tokens(rule).split())
    return bool(said & {"right", "correct"}) and said <= _OF_ANSWER | set(own)
