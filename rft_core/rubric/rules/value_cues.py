"""What a rule says of an expected value: that it is right, one of several, or how it ranks."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from rft_core.checks.choice import mentioned as labels_mentioned
from rft_core.checks.number import NO_NUMBER
from rft_core.checks.number_reading import read_numbers
from rft_core.checks.number_words import words_as_digits
from rft_core.checks.wording import count_words, plain_text, tokens
from rft_core.rubric.from_form import CLOSE, are_names
from rft_core.rubric.rules.candidates import Candidate
from rft_core.rubric.rules.case_parts import (
    fields_in,
    is_field_named,
    is_named,
    is_said,
    line_of,
    names_of,
    parts_of,
    shared_lines,
    spoken,
)
from rft_core.rubric.rules.conditions import demanded
from rft_core.rubric.rules.negation import NEGATIVE, is_doubly_denied
from rft_core.rubric.rules.qualities import asks_for_right_choice, judges
from rft_core.rubric.rules.said_lines import line_meant, line_said, stems, subject_line
from rft_core.rubric.rules.said_words import QUOTED
from rft_core.rubric.traps import Case

RANKS = {"rank", "ranks", "ranked", "order", "first", "top", "likeliest"}
MOST_OF_NUMBER = 4
"""Words of a value that is a number with its unit; more are a text that has a number in it."""
_TO_BE = re.compile(
    r"\b(?:(?:should|must|ought to|has to|have to|had to) be(?:\s+\w+ly)?|supposed to be)\s+$", re.I
)
"""Before a choice that would have been right."""
_THE_ANSWER = re.compile(
    r"\b(?:the|an|its|any|each|every|all|this|your|(?:in)?correct|right|wrong|model)\s+"
    r"(?:answers?|repl(?:y|ies)|responses?)\b",
    re.I,
)
_ANY_ANSWER = re.compile(rf"{_THE_ANSWER.pattern}|^\s*(?:answers?|repl(?:y|ies)|responds?)\b", re.I)
_AT_ONCE = re.compile(r"\b(?:at once|at the same time|both|together)\b", re.I)
_ONLY_IF = re.compile(
    r"\bonly\s+(?=(?:if|when|where|what|who|those|for|in|with|without|after|once|on|at|by)\b)", re.I
)
_PREFERS = re.compile(r"\b(?:better|rather|sooner|prefers?|preferable)\b.*\b(?:than|to)\b", re.I)
"""Weighs one choice against another, which no comparing with the right one does."""
_PRONOUN = re.compile(
    r"\b(?:the|this|that|a)\s+(?:[^\W\d_]+\s+)?one\b"
    r"(?=\s*(?:$|[.,;:!)–—-]|(?:that|which|of|in|for|is|and|or|when|where|if)\b))",
    re.I,
)
"""A "one" that counts nothing: "the right one"."""
_LISTING = {*stems("the its both and or line lines a an of for our"), ""}
"""Words of a list of parts, in stems."""
_VERB_OF_SUBJECT = re.compile(
    r"\b(?:is|are|has|have|must|should|may|can|does|do|will|shall|not|never|always)\b", re.I
)
_COMPARES = re.compile(
    r"\b(?:right|correct(?:ly)?|accurate(?:ly)?|same|expected|expert(?:['’]s)?|match(?:es)?|close"
    r"|agrees?|equals?|similar|like|given|there|present|stated|named|included|complete)\b",
    re.I,
)
_SHAPE = re.compile(
    r"\b(?:between|rounded|decimals?|digits|signs?|currency)\b"
    r"|\b(?:written|given) (?:in|as|with)\b",
    re.I,
)
"""How a number is to be written, or in what range it lies, which comparing does not tell."""
_AT_MOST = r"(?:at most|(?:no|not) more than|less than|up to|within)"
_MOST = r"\s*(?P<most>\d+(?:\.\d+)?)\s*(?P<percent>%|per ?cent\b)?"
_TOLERANCES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:\bwithin(?:\s*(?:±|\+/-))?|\bgive or take|\bplus or minus|±|\+/-){_MOST}",
        rf"\b(?:off|out|deviat\w+|differ\w*)\b[^,;.]{{0,40}}?\bby {_AT_MOST}{_MOST}",
        rf"\b{_AT_MOST}{_MOST}\s*(?:[^\W\d_]\w*\s+)?(?:off|out|away)\b",
    )
)
"""How far off a number may be: "within 5%", "off by at most 2", "no more than 2 away"."""
_DISTANCE = re.compile(r"\b(?:off|out|away|differ\w*|deviat\w+)\b", re.I)
_NOT_FURTHER = re.compile(
    r"\b(?:no|not|never)\s+((?:(?:be\s+)?(?:off|out|differ|deviate)\b[^,;.\d]{0,40}?)?(?:by\s+)?)"
    r"more than(?=\s+\d)",
    re.I,
)
_NUMBERS = {"amount", "figure", "number", "quantity", "ratio", "result", "sum", "total", "value"}
"""What a rule calls the one number that an answer gives."""
_SAY = r"(?:name|mention|contain|include|state|say|repeat|cite|refer(?:red)? to)"
_TO_IT = r"(?:(?:the|its|an?|right|correct|expected)\s+)*"
_SAYS_OF = re.compile(
    r"\b(?:mention|name|contain|include|say|state|refer|cite|use|reveal|disclose|tell|explain|cover"
    r"|identify|identifie|write|avoid|list|show|stay|remain|sound)(?:s|ing)?\b",
    re.I,
)


def by_field(
    rule: str, said: set[str], field: str, cases: Sequence[Case], fault: bool
) -> Iterator[Candidate]:
    """Yield ways that compare with an expected value, where the rule speaks of it."""
    values = _values(field, cases)
    labels = list(cases[0].choices.get(field, ()))
    named = is_field_named(field, said, cases) or _is_the_number(rule, field, cases)
    mentioned = mentions(rule, labels, said)
    weight = 4 * named + 2 * min(2, len(mentioned))
    line = line_of(field, cases)
    names = {*fields_in(cases), *filter(None, shared_lines(cases))} - {field, line}
    others = any(is_named(other, said) for other in names)
    own = {word for name in (*names_of(field, cases), *labels) for word in spoken(name)}
    is_whole = not others and asks_for_right_choice(rule, own)
    if labels and said & {"right", "correct"} and (named or is_whole):
        weight += 1
    if not weight or not values or judges(rule, own):
        return
    if labels and _PREFERS.search(rule):
        return
    to_name = _to_be_named(rule, field, cases)
    if to_name is not None:
        parts = parts_of(cases)
        before, after = rule[: to_name.start()], rule[to_name.end() :]
        on = parts.get(line_said(before, parts) or line_meant(after, parts) or "")
        at = {"line": on} if on else {}
        if not fault:
            yield Candidate(weight + 3, {"kind": "contains_all", "field": field} | at)
        return
    if labels:
        yield from _by_choice(rule, said, field, cases, fault, mentioned, weight)
    else:
        yield from _by_value(rule, said, field, cases, weight)


def mentions(rule: str, labels: Sequence[str], said: set[str] | None = None) -> list[str]:
    """Return the labels that a rule mentions, in its order; among the words `said`, or all of it.

    "The answer" and "Answers …" speak of any answer, unless they stand beside another label.
    """
    said = spoken(rule) if said is None else said
    found = sorted(
        (label for label in labels if all(is_said(word, said) for word in spoken(label))),
        key=lambda label: rule.lower().find(label.lower()[:4]),
    )
    rest = _ANY_ANSWER.sub(" ", rule) if len(found) == 1 else _THE_ANSWER.sub(" ", rule)
    return [label for label in found if all(is_said(word, spoken(rest)) for word in spoken(label))]


def _by_choice(
    rule: str,
    said: set[str],
    field: str,
    cases: Sequence[Case],
    fault: bool,
    mentioned: Sequence[str],
    weight: int,
) -> Iterator[Candidate]:
    """Yield ways that look for the right one of a few labels; the rule has those `mentioned`."""
    labels, line = list(cases[0].choices[field]), line_of(field, cases)
    at = {"line": line} if line else {}
    choice = {"labels": labels, "field": field} | at
    said = said - {"only"} | (spoken(_ONLY_IF.sub("", rule)) & {"only"})
    if _PRONOUN.search(rule):
        said = said - {"one"} | (spoken(_PRONOUN.sub(" ", rule)) & {"one"})
    two_at_once = fault and len(mentioned) > 1 and _AT_ONCE.search(rule)
    if two_at_once or said & {"one", "several", "more", "single", "only"}:
        yield Candidate(weight + 2, {"kind": "several_labels", "labels": labels} | at)
    if two_at_once:
        return
    given = _named_after(NEGATIVE.search(QUOTED.sub(" ", rule)), rule, mentioned)
    if fault and given:
        refused = _joined_to(given, rule, mentioned)
        right = [label for label in mentioned if label not in refused]
        right = right or [label for label in labels if label not in refused]
        yield Candidate(weight + 3, choice | {"kind": "mistake", "given": refused, "right": right})
    if fault and len(mentioned) < 2 and not is_doubly_denied(demanded(rule)):
        return  # What is refused is not what is expected.
    if said & RANKS and _lists_several(labels, line, cases):
        yield Candidate(weight + 2, {"kind": "ranked", "field": field, "known": labels} | at)
    yield Candidate(weight, choice | {"kind": "label"})


def _by_value(
    rule: str, said: set[str], field: str, cases: Sequence[Case], weight: int
) -> Iterator[Candidate]:
    """Yield ways that compare with a value that is not one of a few: a list, a number, a text."""
    values, line = _values(field, cases), line_of(field, cases)
    at = {"line": line} if line else {}
    if all(isinstance(v, (list, tuple)) for v in values):
        if said & RANKS:
            yield Candidate(weight + 2, {"kind": "ranked", "field": field} | at)
        yield Candidate(weight + 1, {"kind": "contains_all", "field": field})
        yield Candidate(weight, {"kind": "set", "field": field} | at)
    elif _is_a_number(field, cases):
        if not _SHAPE.search(rule):
            # On a line of its own the first number counts, which brackets may explain.
            first = {"which": "first"} if line else {}
            number = {"kind": "number", "field": field} | first | _tolerance(rule)
            yield Candidate(weight + 1, number | at)
    elif not _tolerance(rule):
        if line and not are_names(values):
            yield Candidate(weight, {"kind": "overlap", "field": field, "metric": CLOSE} | at)
        yield Candidate(weight, {"kind": "contains_all", "field": field})


def ranked(field: str, cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield the place in a list, where most expert answers list several of a few values."""
    labels, line = cases[0].choices.get(field, ()), line_of(field, cases)
    if _lists_several(labels, line, cases):
        at = {"line": line} if line else {}
        yield Candidate(4, {"kind": "ranked", "field": field, "known": list(labels)} | at)


def is_of_another(rule: str, field: str, cases: Sequence[Case]) -> bool:
    """Say whether a rule speaks of another part of the answer, whatever it says there of a field's:
    "The reason must not repeat the quote"."""
    parts = parts_of(cases)
    subject = subject_line(rule, parts)
    own = line_said(names_of(field, cases)[0], parts)
    if subject is None or own is None or parts[subject] == parts[own]:
        return False
    before, *more = _VERB_OF_SUBJECT.split(rule, maxsplit=1)
    names = {word for name in parts for word in stems(name)}
    return (
        not more or line_said(before, [own]) is None or not set(stems(before)) <= names | _LISTING
    )


def asks_more(rule: str, names: Sequence[str]) -> bool:
    """Say whether a rule says something of an expected value, which is called so, other than that
    it is right: "The reason names the policy"."""
    begins = subject_line(rule, names) or line_said(" ".join(rule.split()[:1]), names)
    return bool(begins and _SAYS_OF.search(rule)) and not _COMPARES.search(rule)


def _lists_several(labels: Sequence[str], line: str | None, cases: Sequence[Case]) -> bool:
    """Say whether most expert answers name several of a few values."""
    found = [labels_mentioned(c.reference, tuple(labels), line, True) for c in cases]
    return 2 * sum(len(several) > 1 for several in found) > len(cases)


def _named_after(negation: re.Match[str] | None, rule: str, mentioned: Sequence[str]) -> str | None:
    """Return the first mentioned label behind the "never", or the first where there is none.

    In "never accept what should be escalated" and "what should be escalated is never accepted"
    it is the one that must not be given; so is the only one, as in "accepting is never right".
    """
    after = negation.end() if negation and len(mentioned) > 1 else 0
    behind = (
        (found.start(), label)
        for label in mentioned
        for found in re.finditer(rf"\b{re.escape(label.lower()[:4])}", rule.lower())
        if found.start() >= after and not _TO_BE.search(rule[: found.start()])
    )
    return min(behind, default=(0, None))[1]


def _joined_to(given: str, rule: str, mentioned: Sequence[str]) -> list[str]:
    """Return the label that must not be given, with those that a rule joins to it: "accept or
    reject" of "Never accept or reject what should be escalated"."""
    said = {"or", "nor", ",", "and", *(word for label in mentioned for word in spoken(label))}
    listed = tokens(rule[rule.lower().find(given.lower()[:4]) :]).split()
    joined = set(takewhile(lambda word: is_said(word, said), listed))
    found = {given, *(one for one in mentioned if all(is_said(w, joined) for w in spoken(one)))}
    return [label for label in mentioned if label in found]


def denied_distance(rule: str) -> str:
    """Return a rule that says "not more than 0.1 off" with "at most 0.1 off" instead."""
    return _NOT_FURTHER.sub(r"\1at most", rule) if _DISTANCE.search(rule) else rule


def _tolerance(rule: str) -> dict[str, Any]:
    """Return how far off a rule lets a number be: "within 5%", "give or take 2"."""
    plain = words_as_digits(rule)
    found = next(filter(None, (tolerance.search(plain) for tolerance in _TOLERANCES)), None)
    if found is None:
        return {}
    unit = {"tolerance_unit": "percent"} if found["percent"] else {}
    return {"tolerance": float(found["most"])} | unit


def _values(field: str, cases: Sequence[Case]) -> list[Any]:
    return [v for c in cases if (v := c.example.fields.get(field)) not in (None, "", [])]


def _is_a_number(field: str, cases: Sequence[Case]) -> bool:
    """Say whether a value is a number, in all cases where it can be told."""
    part = cases[0].parts.get(field)
    if part is not None:
        return part.kind == "number"
    told = [v for v in _values(field, cases) if plain_text(str(v)) not in NO_NUMBER]
    return bool(told) and all(map(_is_number, told))


def _is_the_number(rule: str, field: str, cases: Sequence[Case]) -> bool:
    """Say whether a rule asks for the right "figure" or "ratio" where this is the only number."""
    nouns = spoken(rule) & _NUMBERS
    if not nouns or not (_tolerance(rule) or asks_for_right_choice(rule, nouns)):
        return False
    of_form = [name for name in fields_in(cases) if name in cases[0].parts]
    names = of_form or fields_in(cases)
    return [name for name in names if _is_a_number(name, cases)] == [field]


def _to_be_named(rule: str, field: str, cases: Sequence[Case]) -> re.Match[str] | None:
    """Return where a rule says that an answer names a value which has no line of its own: "names
    the policy" of "The reason names the policy"; None where it does not."""
    lines = {tokens(line) for line in filter(None, shared_lines(cases))}
    for name in names_of(field, cases):
        if tokens(name) in lines:
            return None
        words = r"\W+".join(re.escape(word) for word in tokens(name).split() if word[0].isalnum())
        active = rf"\b{_SAY}(?:s|es|ing)?\s+{_TO_IT}{words}s?\b"
        passive = rf"\b{words}\s+(?:(?:is|are|must|should|be|always)\s+)+{_SAY}e?d?\b"
        found = re.search(f"{active}|{passive}", rule, re.I)
        if found:
            return found
    return None


def _is_number(value: object) -> bool:
    if isinstance(value, (int, float)):
        return True
    return len(read_numbers(str(value))) == 1 and count_words(str(value)) <= MOST_OF_NUMBER
