"""What a rule says of a quotation."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rft_core.rubric.rules.candidates import Candidate
from rft_core.rubric.rules.case_parts import line_of_quotes, parts_of, shared_lines, spoken
from rft_core.rubric.rules.negation import is_doubly_denied
from rft_core.rubric.rules.said_lines import subject_line
from rft_core.rubric.rules.two_demands import without_asides
from rft_core.rubric.traps import Case

QUOTES = {"quote", "quotes", "quoted", "verbatim", "copied", "copies"}
_QUOTE_NOUN = (
    r"\b(?:the|its|an?|each|every|any|all|this|that|these)\s+(?:\w+\s+)?quot(?:es?|ations?)\b"
)
_OF_A_QUOTE = re.compile(
    r"\b(?:repeat|restate|echo|paraphras|explain|interpret|comment|beyond|differ|fit|match|follow"
    rf"|refer|rely|relies|based)\w*\s+(?:\w+\s+){{0,2}}?{_QUOTE_NOUN}",
    re.I,
)
"""Says something of another part by the quotation."""
_NO_QUOTE = re.compile(
    r"(?:\b(?:not|never|no|nor|without)|n['’]t)\s+(?:\w+\s+)?quot(?:e|es|ing|ations?)\b", re.I
)

_WHOLE_SENTENCE = re.compile(
    r"\b(?:quot\w+|cop(?:y|ies|ied))\b.*\b(?:whole|full|complete|entire)\s+sentences?\b", re.I
)
_PARTS = {
    "half": 0.5, "third": 0.3334, "thirds": 0.6667, "quarter": 0.25, "quarters": 0.75,
}  # fmt: skip
"""Shares of the case, in percent with two decimals; a third is no less than three words of nine."""
_SHARE = re.compile(
    r"\b(?:(?:(?:an?|one)[ -])?(?P<part>half)"
    r"|(?:an?|one|1|two|2|three|3)[ -](?P<part_of>thirds?|quarters?)"
    r"|(?P<percent>\d{1,3}(?:\.\d+)?)\s*(?:%|per ?cent\b))"
    r"(?:\s+of)?\s+(?:(?:the|all|its)\s+)?(?:(?:words?|text|length)\s+(?:of|in)\s+)?"
    r"(?:it\b|(?:the|its|each|every|an?)\s+(?!(?:answer|reply|response|quot\w+|reason\w*)\b)\w+)",
    re.I,
)
"""How much of the case: "half of the words of the clause", "50% of the note"."""
_OF_QUOTED = re.compile(r"\b(?:quot\w+|passages?|excerpts?|verbatim|cop(?:y|ies|ied))\b", re.I)
_NOT_MORE = re.compile(
    r"(?:\b(?:at most|up to|(?<!not )(?<!no )(?<!never )(?:less than|shorter than|under|below)"
    r"|within|maximum(?: of)?)"
    r"|(?:\b(?:no|not|never|cannot)|n['’]t)\s+(?:\w+\s+){0,2}?"
    r"(?:more than|longer than|greater than|larger than|over|above|beyond|exceed(?:s|ing)?))\s*$",
    re.I,
)
_OR_LESS = re.compile(r"\s*,?\s*(?:at (?:the )?most|or (?:less|fewer|shorter))\b", re.I)
_MORE = re.compile(r"\b(?:at least|minimum(?: of)?|(?:more|longer|less) than|over)\s*$", re.I)


class SaidShare(NamedTuple):
    """How much of a case a rule speaks of, where it is about a quotation."""

    share: float
    """From 0 to 1."""
    is_most: bool
    """Whether no more than that may be quoted; else it is the least, or is blamed."""


def said_share(rule: str) -> SaidShare | None:
    """Return the share of the case that a rule gives: 0.5 of "at most half of the clause"."""
    masked = without_asides(rule)
    found = _SHARE.search(masked)
    if found is None or not _OF_QUOTED.search(masked):
        return None
    before, after = masked[: found.start()], masked[found.end() :]
    is_most = bool(_NOT_MORE.search(before) or _OR_LESS.match(after))
    if not is_most and not _MORE.search(before):
        return None
    part = found["part"] or found["part_of"]
    share = _PARTS[part.lower()] if part else float(found["percent"]) / 100
    return SaidShare(share, is_most) if 0 < share <= 1 else None


def quotes_sentence(rule: str) -> bool:
    """Say whether a rule asks to quote a whole sentence, which no count of sentences tells."""
    return _WHOLE_SENTENCE.search(rule) is not None


def quoting(
    cases: Sequence[Case], any_will_do: bool = False, most: float | None = None
) -> Iterator[Candidate]:
    """Yield the quotation of anything, and of the expected phrases that stand in the cases.

    The former is the likelier where the rule does not say which words are to be quoted; it alone
    is meant where the rule says how much of the case may be quoted at `most`.
    """
    if most is not None:
        parameters = {"kind": "quote", "max_share": most}
        yield Candidate(12, parameters, is_form=True, is_said=True, by_another=True)
        return
    yield Candidate(8 if any_will_do else 5, {"kind": "quote"}, is_form=True, by_another=True)
    for field in cases[0].example.fields:
        stand = [
            all(str(t) in c.example.case_text for t in value)
            for c in cases
            if isinstance(value := c.example.fields.get(field), (list, tuple)) and value
        ]
        if stand and all(stand):
            yield Candidate(6, {"kind": "quote", "field": field})


def asks_to_quote(rule: str, cases: Sequence[Case]) -> bool:
    """Say whether a rule asks for a quotation, or something of one."""
    if not (
        spoken(rule) & QUOTES
        or "word for word" in rule.lower()
        or _stands_in_case(rule, cases)
        or said_share(rule)
    ):
        return False
    if _OF_A_QUOTE.search(rule):
        return False
    return not _NO_QUOTE.search(rule) or is_doubly_denied(rule)


def _stands_in_case(rule: str, cases: Sequence[Case]) -> bool:
    """Say whether a rule says of the quotation that it is in something: "stands in the note"."""
    parts = parts_of(cases)
    subject = subject_line(rule, parts)
    lines = [*filter(None, shared_lines(cases))]
    is_quote = subject is not None and parts[subject] == line_of_quotes(lines, cases)
    return is_quote and re.search(r"\b(?:in|from) the\b", rule, re.I) is not None
