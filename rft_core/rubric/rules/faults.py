"""Rules that name a fault: "Invents a citation", "Takes off 2 points if the reason is rude"."""

import re
from typing import NamedTuple

from rft_core.checks.number_words import words_as_digits
from rft_core.rubric.rules.two_demands import (
    ASIDE,
    begins_with_verb,
    without_asides,
    without_subject,
)

_FAULT = re.compile(
    r"\s*(?:penalty\b|(?:invents?|hallucinates?|omits?|fails?|ignores?|miss(?:es)?|forgets?"
    r"|contradicts?|guess(?:es)?|confuses?|mistakes|mix(?:es)? up"
    r"|mis(?:quotes?|states?|reads?|leads?)|makes? up|leaves?(?: [^\s,;:.]+){0,6} out"
    r"|(?:gives?|names?|uses?) (?:an? |the )?wrong"
    r"|is (?:rude|wrong|vague|unsafe|misleading|impolite))\b)",
    re.IGNORECASE,
)
COUNT = r"(?:\d{1,6}(?:[.,]\d{1,6})?|one|two|three|four|five|six|seven|eight|nine|ten)"
_POINTS = rf"(?:{COUNT}|an?)\s*(?:points?\b|pts?\b\.?)"
_AMOUNT = re.compile(rf"(?P<one>an?)\s+points?\b|(?P<some>{COUNT})\b", re.I)
_OFF = r"(?:takes?(?:\s+(?:off|away))?|deducts?|subtracts?|loses?|costs?|forfeits?)"
_PENALISED = rf"(?:is|are|gets?)\s+penali[sz]ed(?:\s+(?:by|with)\s+{_POINTS})?"
_WHO = r"(?:(?:it|this|that|then|the answer|an answer|answers)\s+)*(?:(?:must|should|will)\s+)?"
_WHEN = r"(?P<when>if|when(?:ever)?|wherever|where|for|unless|each time|every time|once|:)"
_TAKEN_FIRST = re.compile(
    rf"\s*(?P<taken>{_WHO}(?:{_OFF}\s+(?:{_POINTS}|points)(?:\s+(?:off|away))?"
    rf"|(?:minus\s|[-−–]|takes?\s+(?:off|away)\s)\s*{COUNT}(?:\s*points?)?"
    rf"|(?:a\s+)?(?:penalty|deduction)\s+of\s+{_POINTS}"
    rf"|{_POINTS}\s+(?:off|less|deducted|lost)"
    rf"|{_PENALISED}|penali[sz]es?(?:\s+(?:it|the answer|an answer))?))"
    rf"\s*{_WHEN}\s*(?P<fault>\S.*)",
    re.I | re.S,
)
_PENALISE = re.compile(
    rf"\s*(?P<taken>penali[sz]es?(?:\s+(?:by|with)\s+{_POINTS}\s*:?)?)\s+(?P<fault>\S.*)",
    re.I | re.S,
)
_TAKEN_LAST = re.compile(
    rf"(?P<fault>\S.*?)[,:;]?\s+(?P<taken>{_WHO}(?:{_OFF}\s+{_POINTS}(?:\s+(?:off|away))?"
    rf"|minus\s+{_POINTS}|{_PENALISED}))\s*[.!]?\s*",
    re.I | re.S,
)
_MINUS_LAST = re.compile(
    rf"(?P<fault>\S.*?)\s*[,.:;–—(-]\s*(?P<taken>minus\s+{COUNT})(?:\s*points?)?\s*\)?\s*[.!]?\s*",
    re.I | re.S,
)
_ORDERS = r"\b(?:must|should|shall|(?:has|have|needs?) to|never|(?:may|can) ?not)\b"
_DEMANDED = re.compile(_ORDERS, re.I)
"""Of what points are taken off for where it is not so: "must not appear, minus 3"."""
TOLD = re.compile(r"(?<!answer )(?<!answers )\b(?:that|why|how|whether|what)\b", re.I)
"""Words before what an answer tells of: "Says that the index loses 3 points"."""
_IF = re.compile(r"\s*(?P<when>if|when(?:ever)?|unless)\s+(?P<fault>[^,;]*\S)\s*", re.I)
_DENIED = re.compile(
    r"\b(?P<verb>is|are|has|have|must|should|can|could|will)(?:\s*not\b|n['’]t\b)"
    r"|\b(?:does|do)(?:\s*not|n['’]t)\s+(?P<does>[^\W\d_]+)|\bfails?\s+to\s+(?P<fails>[^\W\d_]+)"
    r"|\b(?P<lacks>lacks?)\b|\b(?P<without>without)\b",
    re.I,
)
_ABSENT = re.compile(
    r"\b(?:not|no|never|nothing|without|lacks?|lacking|missing|absent|omits?|fails?)\b|n['’]t\b",
    re.I,
)
_SEVERAL = re.compile(
    r"\b(?:and|or|but|nor|if|when|whenever|where|although|though|while|unless)\b|;"
    r"|\b(?:is|are|be)(?:\s+not|n['’]t)?\s+(?:(?:more|less|fewer) than\s+)?[€$£]?\d",
    re.I,
)


_ORDERED = re.compile(rf"{_ORDERS}(?!-)|\b(?:must|should|shall|can)n['’]t\b", re.I)
_DENIED_FIRST = re.compile(
    r"\s*(?:(?:do|does|did|is|are|has|have|will)(?:\s+not|n['’]t)|no|none|nothing|avoids?|without"
    r"|free of|refrains?)\b",
    re.I,
)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_DOES_NOT = re.compile(r"\b(?:do|does)(?:\s+not|n['’]t)\b", re.I)


class Fault(NamedTuple):
    """What an answer loses points for."""

    text: str
    points: float | None = None
    """How many are taken off; None where the rule does not say."""
    is_absence: bool = False
    """Whether points are lost for what is not there, which no penalty here looks for."""
    wanted: str = ""
    """Then what is missed, which points can be given for; empty where that cannot be told."""


def reads_like_fault(rule: str) -> bool:
    """Say whether a rule names what an answer does wrong."""
    return bool(_FAULT.match(without_subject(rule))) or taken_off(rule) is not None


def demands(rule: str) -> bool:
    """Say whether a rule orders or forbids: "Must not name a dose", "Prices never appear"."""
    return not reads_like_fault(rule) and _is_said_of_answer(_ORDERED, rule)


def denies(rule: str) -> bool:
    """Say whether a rule says what an answer does not do: "Does not name a dose", "No dose"."""
    if reads_like_fault(rule):
        return False
    said = _main_clause(rule)
    return bool(_DENIED_FIRST.match(said)) or _is_said_of_answer(_DOES_NOT, rule)


def _is_said_of_answer(words: re.Pattern[str], rule: str) -> bool:
    """Say whether words are said of the answer: not told in it, as in "Says she must not drive"."""
    said = _main_clause(rule)
    found = words.search(said)
    before = said[: found.start()].split() if found else []
    is_told = len(before) > 1 and (begins_with_verb(before[0]) or TOLD.search(" ".join(before)))
    return found is not None and not is_told


def _main_clause(rule: str) -> str:
    """Return a rule from its verb on, without what it quotes; an apostrophe begins no quotation."""
    return without_subject(without_asides(_APOSTROPHE.sub("’", rule)))


def taken_off(rule: str) -> Fault | None:
    """Return what a rule takes points off for, and how many; None for a rule that does not."""
    for pattern in (_TAKEN_FIRST, _PENALISE, _MINUS_LAST, _TAKEN_LAST):
        found = pattern.fullmatch(rule)
        is_last = pattern in (_MINUS_LAST, _TAKEN_LAST)
        if found and not (is_last and TOLD.search(without_asides(found["fault"]))):
            text, points = found["fault"], _amount(found["taken"])
            if is_last and not _IF.fullmatch(text) and _DEMANDED.search(without_asides(text)):
                return _broken(text, points)
            return _fault(text, found.groupdict().get("when") or "", points)
    return None


def _broken(demand: str, points: float | None) -> Fault:
    """Return what is lost where an answer does not do as told."""
    if _ABSENT.search(without_asides(demand)):
        return Fault(demand, points)
    return Fault(demand, points, True, "" if _is_one_of_several(demand) else _sentence(demand))


def fault_named(rule: str) -> Fault:
    """Return what a rule that is worth minus points names, without the "if" before it."""
    return taken_off(rule) or _fault(rule, "", None, by_rule=False)


def _fault(text: str, when: str, points: float | None, by_rule: bool = True) -> Fault:
    condition = _IF.fullmatch(text)
    if condition:
        text, when = condition["fault"], when or condition["when"]
    said, _, explained = ASIDE.sub(" ", text).partition(":")
    if not _ABSENT.search(explained):  # An order behind a colon repeats what is a fault.
        said = f"{said} {explained}"
    is_absence = (by_rule or condition is not None) and _ABSENT.search(said) is not None
    if when.lower() != "unless":
        return Fault(text, points, is_absence, _wanted(text) if is_absence else "")
    if is_absence:
        return Fault(text, points)
    wanted = "" if _is_one_of_several(text) else _sentence(text)
    return Fault(f"It is not so that {text}", points, True, wanted)


def _is_one_of_several(text: str) -> bool:
    """Say whether a fault hangs on more than one thing, or on a value: its opposite is not what is
    wanted then."""
    return _SEVERAL.search(without_asides(text)) is not None


def _wanted(text: str) -> str:
    """Return what is missed as something to do: "names the date" of "does not name the date"."""
    masked = without_asides(text)
    absent = list(_ABSENT.finditer(masked))
    found = _DENIED.search(masked)
    if found is None or len(absent) != 1 or _is_one_of_several(text):
        return ""
    verb = found["does"] or found["fails"]
    said = f"{verb}s" if verb else found["verb"] or ("has" if found["lacks"] else "with")
    return _sentence(f"{text[: found.start()]}{said}{text[found.end() :]}")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _amount(taken: str) -> float | None:
    found = _AMOUNT.search(taken)
    if found is None:
        return None
    return float(words_as_digits(found["some"]).replace(",", ".")) if found["some"] else 1.0
