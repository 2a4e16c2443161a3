"""Points that a rule gives in words: "The right position: 5 points", "Two points if it quotes"."""

import re
from typing import NamedTuple

from rft_core.checks.number_words import words_as_digits
from rft_core.rubric.rules.faults import COUNT, TOLD, taken_off
from rft_core.rubric.rules.two_demands import without_asides

_UNIT = r"\s*(?:points?|pts?)\b\.?"
_POINTS = rf"(?P<points>{COUNT}){_UNIT}"
_GIVES = r"(?:(?:it|this|that)\s+)?(?:(?:is|are)\s+)?(?:worth|earns?|gets?|scores?|brings?|gives?)"
_AFTER = re.compile(
    rf"(?P<rule>\S.*?)\s*(?:(?:[:;,–—]|\.(?=\s)|\s-|\()\s*(?:{_GIVES}\s+|plus\s+)?|\s(?P<verb>{_GIVES})\s+)"
    rf"{_POINTS}\s*\)?\s*[.!]?",
    re.I | re.S,
)
_PLUS_LAST = re.compile(
    rf"(?P<rule>\S.*?)\s*[,.:;–—(-]\s*plus\s+(?P<plus>{COUNT})\s*\)?\s*[.!]?", re.I | re.S
)
_BEFORE = re.compile(
    rf"\s*(?:(?:(?:give|award|add|plus|(?:it is )?worth|earns?|it gets)\s+)?{_POINTS}"
    rf"|(?:\+|plus\s)\s*(?P<plus>{COUNT})(?:{_UNIT})?)\s*"
    r"(?P<what>(?:for|if|when|that)\b|[:–—]|-(?=\s))\s*(?P<rule>\S.*)",
    re.I | re.S,
)
_OF_CONTENT = re.compile(r"\b(?:are|must|should|have)\b", re.I)
"""Of "two points for the defence are named", which gives none."""


class Worth(NamedTuple):
    """A rule without the points that it gives, and these."""

    text: str
    points: float


def given_for(rule: str) -> Worth | None:
    """Return what a rule gives points for, and how many; None for a rule that does not say."""
    found = _BEFORE.fullmatch(rule)
    if found and not (
        found["what"].lower() in ("for", "that")
        and _OF_CONTENT.search(without_asides(found["rule"]))
    ):
        return _worth(found)
    found = _PLUS_LAST.fullmatch(rule)
    if found:
        return _worth(found)
    found = _AFTER.fullmatch(rule)
    return _worth(found) if found and not (found["verb"] and TOLD.search(found["rule"])) else None


def points_said(rule: str) -> float | None:
    """Return the points that a rule gives, or takes off, in so many words: then below 0."""
    taken = taken_off(rule)
    if taken:
        return -taken.points if taken.points else None
    given = given_for(rule)
    return given.points if given else None


def without_points(rule: str) -> str:
    """Return a rule without the points that it gives."""
    given = None if taken_off(rule) else given_for(rule)
    return given.text if given else rule


def _worth(found: re.Match[str]) -> Worth | None:
    said = found.groupdict().get("points") or found.groupdict().get("plus") or ""
    points = float(words_as_digits(said).replace(",", "."))
    text = found["rule"].strip()
    return Worth(text[:1].upper() + text[1:], points) if points else None
