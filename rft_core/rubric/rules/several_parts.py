"""Rules that say one thing of several parts: "The quote and the reason have at most 10 words"."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from rft_core.checks.wording import tokens
from rft_core.rubric.rules.said_lengths import is_comparison, is_counted
from rft_core.rubric.rules.said_lines import line_said, stems
from rft_core.rubric.rules.said_words import said_words
from rft_core.rubric.rules.two_demands import without_asides

_BEFORE = (
    r"(?:^\s*(?P<neither>neither\s+)?|\b(?:in|on|within|under|keeps?|length of"
    r"|(?:words?|sentences?)\s+(?:each\s+)?(?:for|of|per))\s+)"
    r"(?:(?:both|either|each of|each|all of)\s+)?(?:(?:the|both)\s+lines\s+)?"
)
_ALL_OF = re.compile(
    r"(?:(?:both|either|each of|each|all of)\s+)?(?:(?:the|both)\s+lines\s+)?$", re.I
)
_OR = re.compile(r"\bor\b", re.I)
_REFUSAL = re.compile(r"\b(?:no|not|never|nor|without|avoids?)\b|n['’]t\b", re.I)
_JOINT = r"(?:\s*,\s*(?:(?:and|or|nor)\s+)?|\s+(?:and|or|nor|as well as)\s+|\s*[&/]\s*)"
_TOGETHER = re.compile(
    r"\b(?:together|combined|altogether|jointly|respectively|in (?:total|sum|all)|total|sum"
    r"|between them|added up)\b",
    re.I,
)
"""Says something of all parts at once, or another thing of each."""
_EACH = re.compile(r"\s*\b(?:each|both|apiece)\b(?!\s+(?:of|sentences?|words?|lines?)\b)", re.I)
_VERB = re.compile(
    r"(?P<space>\s+(?:(?:never|always|also)\s+)?)(?:(?P<plain>have|are|do)"
    r"|(?P<full>contain|mention|include|say|use|avoid|exceed|stay|remain|quote|name|state))\b",
    re.I,
)
_SINGULAR = {"have": "has", "are": "is", "do": "does"}
_NEGATED = re.compile(r"(?P<space>\s+)(?P<verb>[^\W\d_]+)")
_AUXILIARY = {"has", "is", "may", "must", "should", "can", "does", "shall", "will"}


def for_each_part(rule: str, names: Collection[str], fault: bool = False) -> Sequence[str] | None:
    """Return what a rule about lengths or words says of each of the parts that it names.

    `names` are those of the parts of an answer. None where no two of them are named together; empty
    where what is said holds of all at once ("together"), or of any one of them: "or" in a rule that
    neither forbids nor, with `fault`, blames.
    """
    if not names or not (is_counted(rule) or said_words(rule, names).phrases):
        return None
    found = _list_of(names).search(without_asides(rule))
    if found is None:
        return None
    parts = [rule[start:end] for start, end in _places(found)]
    lines = [line_said(part, names) for part in parts]
    if None in lines or len(set(lines)) < len(lines):
        return None
    before, after = rule[: found.start("parts")], rule[found.end("parts") :]
    one_will_do = _OR.search(found["parts"]) and not (fault or _REFUSAL.search(rule))
    if is_counted(before) and is_comparison(after.strip()):
        return None  # Each has a length of its own.
    if _TOGETHER.search(before + after) or one_will_do:
        return []
    before = "" if found["neither"] else _ALL_OF.sub("", before)
    after = _not(after) if found["neither"] else _of_one(after)
    return [_sentence(f"{before}{part}{after}") for part in parts]


def _list_of(names: Collection[str]) -> re.Pattern[str]:
    part = rf"(?:(?:the|its|an?)\s+)?(?:{_any_of(names)})(?:\s+lines?)?"
    return re.compile(rf"{_BEFORE}(?P<parts>{part}(?:{_JOINT}{part})+)(?![\w-])", re.I)


def _places(found: re.Match[str]) -> list[tuple[int, int]]:
    """Return where each part of a list begins and ends."""
    start = found.start("parts")
    joints = [edge for joint in re.finditer(_JOINT, found["parts"], re.I) for edge in joint.span()]
    edges = [0, *joints, len(found["parts"])]
    return [(start + a, start + b) for a, b in list(pairwise(edges))[::2]]


def _any_of(names: Collection[str]) -> str:
    """Return a pattern of the names, each word with any ending: "quotation" of "Quote"."""
    patterns = [
        r"\s+".join(
            rf"(?:{re.escape(word)}|{re.escape(stem)})[^\W\d_]{{0,6}}"
            for word, stem in zip(tokens(name).split(), stems(name), strict=True)
        )
        for name in names
    ]
    return "|".join(sorted(filter(None, patterns), key=len, reverse=True))


def _of_one(said: str) -> str:
    """Return what is said of several parts as it is said of one: "have" becomes "has"."""
    said = _EACH.sub("", said)
    verb = _VERB.match(said)
    if verb is None:
        return said
    one = _SINGULAR[verb["plain"].lower()] if verb["plain"] else f"{verb['full']}s"
    return f"{verb['space']}{one}{said[verb.end() :]}"


def _not(said: str) -> str:
    """Return what is said of neither part with a "not"."""
    verb = _NEGATED.match(said)
    if verb is None:
        return said
    word = verb["verb"].lower()
    denied = f"{word} not" if word in _AUXILIARY else f"does not {word.removesuffix('s')}"
    return f"{verb['space']}{denied}{said[verb.end() :]}"


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain[:1].upper() + plain[1:]
