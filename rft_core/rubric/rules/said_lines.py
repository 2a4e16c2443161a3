"""The line of an answer that a rule speaks of: "The quotation is short" means "Quote: …"."""

import re
from collections.abc import Collection, Sequence

from rft_core.checks.wording import tokens

_ENDINGS = ("ation", "ing", "ion", "ed", "e")
_SUBJECT = re.compile(r"\s*(?:the|its|an?|each|every)\s+", re.I)
_AFTER_SUBJECT = {"has", "is", "must", "should", "line", "may", "can", "are", "have"}
_BEGUN = re.compile(r"(?:^\s*|\b(?:in|on|within|under)\s+)(?:the|its)\s+|\bas\s+(?:the\s+)?", re.I)
_SHORTEST = 3
"""Letters that are left of a word without its ending."""


def line_said(text: str, names: Collection[str]) -> str | None:
    """Return the name of the line that a text names first, in any form of its words."""
    said = _without_signs(stems(text))
    found = [
        (min(map(said.index, wanted)), -len(wanted), name)
        for name in names
        if (wanted := _without_signs(stems(name))) and set(wanted) <= set(said)
    ]
    return min(found)[2] if found else None


def line_meant(text: str, names: Collection[str]) -> str | None:
    """Return the name of a line that a text begins with, or says something stands in, or as what
    something is given: "as trend"."""
    for name in names:
        wanted = stems(name)
        if any(stems(text[at.end() :])[: len(wanted)] == wanted for at in _BEGUN.finditer(text)):
            return name
    return None


def subject_line(text: str, names: Collection[str]) -> str | None:
    """Return the name of the line that is the subject of a clause: "the quotation is …".

    Without "the" it is one before such a verb or by itself, for "quotes the date" says what to do.
    """
    found = _SUBJECT.match(text)
    said = _without_signs(stems(text[found.end() :] if found else text))
    fitting = [n for n in names if _begins(said, _without_signs(stems(n)), bool(found))]
    return max(fitting, key=len) if fitting else None


def _begins(said: Sequence[str], wanted: Sequence[str], is_subject: bool) -> bool:
    after = said[len(wanted) : len(wanted) + 1]
    begins = bool(wanted) and list(said[: len(wanted)]) == list(wanted)
    return begins and (is_subject or not after or after[0] in _AFTER_SUBJECT)


def stems(text: str) -> list[str]:
    """Return the words of a text without their endings."""
    return [_stem(word) for word in tokens(text).split()]


def _without_signs(words: Sequence[str]) -> list[str]:
    """Return stems without the "/" of "Net debt / EBITDA", which a rule may leave out."""
    return [word for word in words if not word or word[0].isalnum()]


def _stem(word: str) -> str:
    """Return a word without its ending: "quot" of quote, quotes and quotation."""
    if word == "not":  # That is no form of "note".
        return ""
    if word.endswith("s") and not word.endswith("ss") and len(word) > _SHORTEST:
        word = word[:-1]
    if word.endswith("sion"):  # As in decision, of decide.
        return f"{word.removesuffix('sion')}d"
    if word.endswith(("ding", "ded")):  # "The deciding words" are no decision.
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending)
    return word
