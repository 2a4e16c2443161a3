"""What a rule says of a quotation."""

import re
from collections.abc import Iterator, Sequence

from rft_core.rubric.rules.candidates import Candidate
from rft_core.rubric.rules.case_parts import line_of_quotes, parts_of, shared_lines, spoken
from rft_core.rubric.rules.negation import is_doubly_denied
from rft_core.rubric.rules.said_lines import subject_line
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


def quotes_sentence(rule: str) -> bool:
    """Say whether a rule asks to quote a whole sentence, which no count of sentences tells."""
    return _WHOLE_SENTENCE.search(rule) is not None


def quoting(cases: Sequence[Case], any_will_do: bool = False) -> Iterator[Candidate]:
    """Yield the quotation of anything, and of the expected phrases that stand in the cases.

    The former is the likelier where the rule does not say which words are to be quoted.
    """
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
        spoken(rule) & QUOTES or "word for word" in rule.lower() or _stands_in_case(rule, cases)
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
