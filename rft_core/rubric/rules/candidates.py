"""Ways that might check a rule, from cues in its words: not tried yet on any answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.checks.choice import mentioned as labels_mentioned
from rft_core.checks.number_reading import read_numbers
from rft_core.checks.number_words import words_as_digits
from rft_core.checks.wording import count_words, line_part, tokens
from rft_core.rubric.from_form import CLOSE, are_names
from rft_core.rubric.rules.conditions import demanded
from rft_core.rubric.rules.said_keys import asks_for_json, json_said
from rft_core.rubric.rules.said_lengths import (
    SaidLength,
    how_many_lengths,
    is_counted,
    said_lengths,
)
from rft_core.rubric.rules.said_lines import line_meant, line_said, stems, subject_line
from rft_core.rubric.rules.said_words import QUOTED, Said, said_words
from rft_core.rubric.rules.several_parts import for_each_part
from rft_core.rubric.rules.two_demands import joins_two_demands
from rft_core.rubric.traps import ROOM, Case

QUOTES = {"quote", "quotes", "quoted", "verbatim", "copied", "copies"}
RANKS = {"rank", "ranks", "ranked", "order", "first", "top", "likeliest"}
_NEGATIVE = re.compile(
    r"\b(?:never|not|no|nor|neither|without|avoid(?:s|ed|ing)?|forbidden|banned|prohibited|disallowed"
    r"|unwanted|cannot(?! tell)|free of|refrains?)\b|n['’]t\b",
    re.I,
)
_DECIDES = {
    "decide", "decides", "deciding", "decisive", "key", "right", "correct", "expected", "relevant",
    "important", "essential", "matter", "matters", "operative",
}  # fmt: skip
"""Words of a rule for which not every quotation will do."""
_OF_A_LINE = re.compile(r"\b(?:line|lines|part|section)\b|\w:", re.I)
"""A rule that speaks of one line of an answer."""
_OF_LINES = re.compile(r"\blines\b|\b(?:one|single|own) line\b", re.I)
_LAYOUT = {"layout", "format", "form", "structure"}
_JUDGES = re.compile(
    r"\b(?:is|are|sounds?|reads|looks?) (?:very |always |clearly )?(?:polite|fair|clear|kind"
    r"|friendly|helpful|plausible|convincing|understandable|readable|reasonable|sensible|sound|logical"
    r"|appropriate|balanced|neutral|objective|professional|respectful|empathetic|useful|good|nice"
    r"|persuasive|simple|natural|easy)\b"
    r"|\b(?:contradict(?:s|ing)?|consistent with|in line with|supports?|follows from)\b",
    re.I,
)
"""A judgement that comparing with an expected value cannot make, whatever it is called."""


_TO_BE = re.compile(
    r"\b(?:(?:should|must|ought to|has to|have to|had to) be(?:\s+\w+ly)?|supposed to be)\s+$", re.I
)
"""Before a choice that would have been right."""
_AT_ONCE = re.compile(r"\b(?:at once|at the same time|both|together)\b", re.I)
_ONLY_IF = re.compile(
    r"\bonly\s+(?=(?:if|when|where|for|in|with|without|after|once|on|at|by)\b)", re.I
)
_PREFERS = re.compile(r"\b(?:better|rather|sooner|prefers?|preferable)\b.*\b(?:than|to)\b", re.I)
"""Weighs one choice against another, which no comparing with the right one does."""
_PRONOUN = re.compile(
    r"\b(?:the|this|that|a)\s+(?:[^\W\d_]+\s+)?one\b"
    r"(?=\s*(?:$|[.,;:!)–—-]|(?:that|which|of|in|for|is|and|or|when|where|if)\b))",
    re.I,
)
"""A "one" that counts nothing: "the right one"."""
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
_DOUBLY_DENIED = re.compile(
    r"\b(?:never|not|no|nor|without|invent\w*|made up|mak(?:es?|ing) up|wrong|incorrect"
    r"|chang\w*|alter\w*|miss\w*|differ\w*|omit\w*|forg[eo]t\w*|paraphras\w*|shorten\w*"
    r"|cannot(?! tell))\b|n['’]t\b",
    re.I,
)
_OWN = {"our", "my", "your", "their", "its", "the", "a", "an"}
"""Words of a field's name that a rule need not say: "the position" is "our position"."""
_LISTING = {*stems("the its both and or line lines a an of for our"), ""}
"""Words of a list of parts, in stems."""
_CONTRAST = re.compile(r",\s*not\s+[^,;]*", re.I)
"""Says what is not meant: "the net amount, not the total"."""
_VERB_OF_SUBJECT = re.compile(
    r"\b(?:is|are|has|have|must|should|may|can|does|do|will|shall|not|never|always)\b", re.I
)
_ORDER = re.compile(
    r"\bfirst\b.*\bthen\b|\bcomes? (?:first|last|before|after)\b"
    r"|\b(?:starts?|begins?|opens?|ends?|closes?|finish(?:es)?) (?:with|by)\b",
    re.I,
)
"""A rule about what stands where in the answer."""
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
_TOLERANCE = re.compile(
    r"(?:\bwithin|\bgive or take|\bplus or minus|±|\+/-)\s*(?P<most>\d+(?:\.\d+)?)"
    r"\s*(?P<percent>%|per ?cent\b(?!\w))?",
    re.I,
)
_SAYS_OF = re.compile(
    r"\b(?:mention|name|contain|include|say|state|refer|cite|use|reveal|disclose|tell|explain|cover"
    r"|identify|identifie|write|avoid|list|show)(?:s|ing)?\b",
    re.I,
)


MOST_OF_NUMBER = 4
"""Words of a value that is a number with its unit; more are a text that has a number in it."""


class Candidate(NamedTuple):
    """A check that might fit a rule."""

    weight: int
    """How strongly the rule speaks for it."""
    parameters: Mapping[str, Any]
    is_form: bool = False
    is_fault: bool = False
    """Whether what the check finds is a fault here, though it need not be one elsewhere."""
    is_said: bool = False
    """Whether the rule says it in so many words, so that it is proposed whatever the expert's
    answers hold."""
    is_guess: bool = False
    """Whether the rule may mean something else: words that it does not set apart as such, or a
    length that the expert's answers do not have."""
    by_another: bool = False
    """Whether an answer that passes is better shown by another one than the expert's."""


def words_of(field: str) -> str:
    """Return the name of an expected value as it is spoken."""
    return field.replace("_", " ")


def candidates_for(rule: str, cases: Sequence[Case], fault: bool) -> Iterator[Candidate]:
    """Yield what the rule may mean; with `fault` it names what an answer must not do.

    What leaves out the words or the number that a rule is about is not among them.
    """
    parts = parts_of(cases)
    if for_each_part(rule, parts, fault) is not None:
        return  # Each part has a check of its own.
    lines = list(filter(None, _shared_lines(cases)))
    said = said_words(rule, [*fields_in(cases), *lines])
    if set(said.phrases) <= set(lines) and spoken(said.rest) & {"lines", "order", *_LAYOUT}:
        said = Said(rest=said.rest)
    negative = fault or bool(_NEGATIVE.search(said.rest))
    if asks_for_json(rule):
        keys = json_said(rule, fields_in(cases))
        yield Candidate(
            12, {"kind": "json"} | keys, is_form=True, is_fault=negative, is_said=not negative
        )
        return
    counted = [*_length(rule, cases, fault)]
    yield from counted
    yield from _phrases(rule, said, cases, negative)
    if _is_length_alone(rule, counted):
        return
    for candidate in _by_cues(rule, cases, negative):
        if not said.is_all or _speaks_of(candidate, said.phrases):
            yield candidate


def _by_cues(rule: str, cases: Sequence[Case], fault: bool) -> Iterator[Candidate]:
    """Yield what single words of the rule lead to."""
    said = spoken(rule)
    is_order = bool(_ORDER.search(rule))
    whole = rule
    for field in fields_in(cases):
        is_choice = field in cases[0].choices
        rule = demanded(whole, all_of_it=not (fault and is_choice))
        if _is_of_another(rule, field, cases):
            continue
        if fault and not is_choice and not _is_doubly_denied(whole):
            continue  # What is refused is not what is expected.
        place = rf"\b(?:in|on|within|under) (?:the|its) {re.escape(words_of(field))}\b"
        about = spoken(re.sub(place, "", rule, flags=re.I))
        if not is_order and not _asks_more(rule, field):
            yield from by_field(rule, about, field, cases, fault)
        if is_order:
            continue
        if not fault and _is_named(field, about) and not _JUDGES.search(rule):
            yield from _ranked(field, cases)
    rule = whole
    if _asks_to_quote(rule, cases) and not is_order and not _JUDGES.search(rule):
        yield from quoting(cases, any_will_do=not said & _DECIDES)
    if said & {"cite", "cites", "citation", "citations", "source", "sources", "section"}:
        yield Candidate(5, {"kind": "citation"}, is_form=True)
    yield from _layout(rule, cases)
    if said & {"reason", "reasons", "reasoning", "explains"} and said & {"before", "first"}:
        yield Candidate(7, {"kind": "reasoned"}, is_form=True)
    if said & {"wording", "similar", "resembles"}:
        yield Candidate(2, {"kind": "overlap"})
    if said & {"meaning", "means", "sense", "paraphrases", "similar"}:
        yield Candidate(2, {"kind": "meaning"})


def _is_of_another(rule: str, field: str, cases: Sequence[Case]) -> bool:
    """Say whether a rule speaks of another part of the answer, whatever it says there of a field's:
    "The reason must not repeat the quote"."""
    parts = parts_of(cases)
    subject = subject_line(rule, parts)
    own = line_said(words_of(field), parts)
    if subject is None or own is None or parts[subject] == parts[own]:
        return False
    before, *more = _VERB_OF_SUBJECT.split(rule, maxsplit=1)
    names = {word for name in parts for word in stems(name)}
    return (
        not more or line_said(before, [own]) is None or not set(stems(before)) <= names | _LISTING
    )


def _asks_to_quote(rule: str, cases: Sequence[Case]) -> bool:
    """Say whether a rule asks for a quotation, or something of one."""
    if not (
        spoken(rule) & QUOTES or "word for word" in rule.lower() or _stands_in_case(rule, cases)
    ):
        return False
    if _OF_A_QUOTE.search(rule):
        return False
    return not _NO_QUOTE.search(rule) or _is_doubly_denied(rule)


def _is_doubly_denied(rule: str) -> bool:
    """Say whether a rule refuses what is wrong, and so asks for what is right."""
    return len(_DOUBLY_DENIED.findall(_CONTRAST.sub("", rule))) != 1


def _stands_in_case(rule: str, cases: Sequence[Case]) -> bool:
    """Say whether a rule says of the quotation that it is in something: "stands in the note"."""
    parts = parts_of(cases)
    subject = subject_line(rule, parts)
    lines = [*filter(None, _shared_lines(cases))]
    is_quote = subject is not None and parts[subject] == _line_of_quotes(lines, cases)
    return is_quote and re.search(r"\b(?:in|from) the\b", rule, re.I) is not None


def _asks_more(rule: str, field: str) -> bool:
    """Say whether a rule says something of an expected value other than that it is right: "The
    reason names the policy"."""
    name = words_of(field)
    begins = subject_line(rule, [name]) or line_said(" ".join(rule.split()[:1]), [name])
    return bool(begins and _SAYS_OF.search(rule)) and not _COMPARES.search(rule)


def _tolerance(rule: str) -> dict[str, Any]:
    """Return how far off a rule lets a number be: "within 5%", "give or take 2"."""
    found = _TOLERANCE.search(words_as_digits(rule))
    if found is None:
        return {}
    unit = {"tolerance_unit": "percent"} if found["percent"] else {}
    return {"tolerance": float(found["most"])} | unit


def _layout(rule: str, cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield the layout that all answers share, unless the rule is about a single line of it."""
    said = spoken(rule)
    lines = [name for name in _shared_lines(cases) if name]
    named = [name for name in lines if spoken(name) <= said]
    if lines and (len(named) == len(lines) > 1 or (named and _ORDER.search(rule))):
        yield from (way._replace(weight=9) for way in shared_layout(cases))
    elif said & _LAYOUT or (_OF_LINES.search(rule) and not named):
        yield from shared_layout(cases)


def _speaks_of(candidate: Candidate, phrases: Sequence[str]) -> bool:
    """Say whether a way to check a rule looks for the words that the rule is about."""
    named = [str(v) for key in ("given", "right") for v in candidate.parameters.get(key, ())]
    return set(map(tokens, phrases)) <= set(map(tokens, named))


def _is_length_alone(rule: str, counted: Sequence[Candidate]) -> bool:
    """Say whether a rule that gives a number of words asks for nothing besides."""
    of_a_line = any("line" in length.parameters for length in counted)
    return (
        how_many_lengths(rule) == 1
        and not joins_two_demands(rule)
        and (of_a_line or not spoken(rule) & QUOTES)
    )


def spoken(rule: str) -> set[str]:
    """Return the words of a rule."""
    return set(tokens(rule).split())


def _phrases(rule: str, said: Said, cases: Sequence[Case], fault: bool) -> Iterator[Candidate]:
    """Yield the words that the rule says; first in one line, where it speaks of one."""
    if not said.phrases:
        return
    parts = parts_of(cases)
    name = line_said(said.rest, parts) if _OF_A_LINE.search(said.rest) else None
    name = name or line_meant(said.rest, parts)
    if name:
        yield _of_phrases(rule, said, parts[name], fault)
    yield _of_phrases(rule, said, None, fault)


def _of_phrases(rule: str, said: Said, line: str | None, fault: bool) -> Candidate:
    weight, at = (11, {"line": line}) if line else (10, {})
    wanted = {"phrases": list(said.phrases)} | at
    guess = not said.is_literal
    if fault:
        return Candidate(weight, {"kind": "forbidden"} | wanted, is_guess=guess)
    is_any = len(said.phrases) > 1 and re.search(r"\b(?:or|either|one of|any)\b", rule, re.I)
    kind = "contains_any" if is_any else "contains_all"
    return Candidate(weight, {"kind": kind} | wanted, is_said=True, is_guess=guess)


def _length(rule: str, cases: Sequence[Case], penalised: bool) -> Iterator[Candidate]:
    """Yield the lengths that the rule asks for; or that it blames, as "more than 40 words" may.

    Of one part, where the rule names a line that all expert answers have.
    """
    named = parts_of(cases)
    if is_counted(rule):
        for length in said_lengths(rule, named):
            on = named.get(length.line, "")
            yield from _of_length(length._replace(line=on), penalised)
    elif spoken(rule) & {"short", "brief", "concise", "briefly"}:
        line = named.get(line_said(rule, named) or "")
        at = {"line": line} if line else {}
        parts = [(line_part(c.reference, line) if line else c.reference) or "" for c in cases]
        longest = int(ROOM * max(map(count_words, parts))) + 1
        yield Candidate(6, {"kind": "length", "max_words": longest} | at, is_form=True)


def _of_length(length: SaidLength, penalised: bool) -> Iterator[Candidate]:
    """Yield a length as what is wanted, as a fault, or as both where the rule leaves that open.

    What is open is likelier a fault where it is "more than", as answers grow long of themselves.
    """
    at = {"line": length.line} if length.line else {}
    parameters = {"kind": "length", **length.bounds} | at
    if penalised:
        yield Candidate(9, parameters, is_form=True, is_fault=True)
        return
    yield Candidate(9, parameters, is_form=True, is_said=True, is_guess=True)
    if length.may_blame:
        likelier = any(name.startswith("min") for name in length.bounds)
        weight = 10 if likelier else 8
        yield Candidate(weight, parameters, is_form=True, is_fault=True, is_guess=True)


def by_field(
    rule: str, said: set[str], field: str, cases: Sequence[Case], fault: bool
) -> Iterator[Candidate]:
    """Yield ways that compare with an expected value, where the rule speaks of it."""
    values = _values(field, cases)
    labels = list(cases[0].choices.get(field, ()))
    named = _is_named(field, said)
    mentioned = sorted(
        (label for label in labels if all(_is_said(word, said) for word in spoken(label))),
        key=lambda label: rule.lower().find(label.lower()[:4]),
    )
    weight = 4 * named + 2 * min(2, len(mentioned))
    line = _line_of(field, cases)
    names = {*fields_in(cases), *filter(None, _shared_lines(cases))} - {field, line}
    others = any(_is_named(other, said) for other in names)
    if labels and said & {"right", "correct"} and (named or not others):
        weight += 1
    if not weight or not values or _JUDGES.search(rule):
        return
    if labels and _PREFERS.search(rule):
        return
    at = {"line": line} if line else {}
    if labels:
        said = said - {"only"} | (spoken(_ONLY_IF.sub("", rule)) & {"only"})
        choice = {"labels": labels, "field": field} | at
        two_at_once = fault and len(mentioned) > 1 and _AT_ONCE.search(rule)
        if _PRONOUN.search(rule):
            said = said - {"one"} | (spoken(_PRONOUN.sub(" ", rule)) & {"one"})
        if two_at_once or said & {"one", "several", "more", "single", "only"}:
            several = {"kind": "several_labels", "labels": labels} | at
            yield Candidate(weight + 2, several)
        if two_at_once:
            return
        given = _named_after(_NEGATIVE.search(QUOTED.sub(" ", rule)), rule, mentioned)
        if fault and given:
            right = [label for label in mentioned if label != given]
            right = right or [label for label in labels if label != given]
            mistake = {"kind": "mistake", "given": [given], "right": right}
            yield Candidate(weight + 3, choice | mistake)
        if said & RANKS and _lists_several(labels, line, cases):
            yield Candidate(weight + 2, {"kind": "ranked", "field": field, "known": labels} | at)
        yield Candidate(weight, choice | {"kind": "label"})
    elif all(isinstance(v, (list, tuple)) for v in values):
        if said & RANKS:
            yield Candidate(weight + 2, {"kind": "ranked", "field": field} | at)
        yield Candidate(weight + 1, {"kind": "contains_all", "field": field})
        yield Candidate(weight, {"kind": "set", "field": field} | at)
    elif all(_is_number(v) for v in values):
        if not _SHAPE.search(rule):
            number = {"kind": "number", "field": field} | _tolerance(rule)
            yield Candidate(weight + 1, number | at)
    else:
        if line and not are_names(values):
            yield Candidate(weight, {"kind": "overlap", "field": field, "metric": CLOSE} | at)
        yield Candidate(weight, {"kind": "contains_all", "field": field})


def _ranked(field: str, cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield the place in a list, where most expert answers list several of a few values."""
    labels, line = cases[0].choices.get(field, ()), _line_of(field, cases)
    if _lists_several(labels, line, cases):
        at = {"line": line} if line else {}
        yield Candidate(4, {"kind": "ranked", "field": field, "known": list(labels)} | at)


def _lists_several(labels: Sequence[str], line: str | None, cases: Sequence[Case]) -> bool:
    """Say whether most expert answers name several of a few values."""
    found = [labels_mentioned(c.reference, tuple(labels), line, True) for c in cases]
    return 2 * sum(len(several) > 1 for several in found) > len(cases)


def _named_after(negation: re.Match[str] | None, rule: str, mentioned: Sequence[str]) -> str | None:
    """Return the first mentioned label behind the "never", or the first where there is none.

    In "never accept what should be escalated" and "what should be escalated is never accepted"
    it is the one that must not be given.
    """
    after = negation.end() if negation else 0
    behind = (
        (found.start(), label)
        for label in mentioned
        for found in re.finditer(rf"\b{re.escape(label.lower()[:4])}", rule.lower())
        if found.start() >= after and not _TO_BE.search(rule[: found.start()])
    )
    return min(behind, default=(0, None))[1]


def fields_in(cases: Sequence[Case]) -> list[str]:
    """Return the names of the cases' expected values."""
    return list(dict.fromkeys(name for case in cases for name in case.example.fields))


def _values(field: str, cases: Sequence[Case]) -> list[Any]:
    return [v for c in cases if (v := c.example.fields.get(field)) not in (None, "", [])]


def _is_named(field: str, said: set[str]) -> bool:
    words = spoken(words_of(field))
    return all(_is_said(word, said) for word in words - _OWN or words)


def _is_said(word: str, said: set[str]) -> bool:
    """Say whether a word is among those of the rule, with another ending or the same."""
    endings = {word, word.removesuffix("s"), f"{word}s", f"{word.removesuffix('e')}ing"}
    return any(
        spoken in endings
        or (len(word) > 3 and spoken.startswith(word) and len(spoken) <= len(word) + 2)
        for spoken in said
    )


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


def _is_number(value: object) -> bool:
    if isinstance(value, (int, float)):
        return True
    return len(read_numbers(str(value))) == 1 and count_words(str(value)) <= MOST_OF_NUMBER


def _line_of(field: str, cases: Sequence[Case]) -> str | None:
    """Return the name of the answer's line that gives this value, if all answers have one."""
    names: set[str] | None = None
    for case in cases:
        value = case.example.fields.get(field)
        if not isinstance(value, (str, int, float)):
            continue
        lines = (line.partition(":") for line in case.reference.split("\n"))
        here = {name.strip() for name, colon, rest in lines if colon and _holds(rest, value)}
        names = here if names is None else names & here
    return min(names) if names else None


def _holds(text: str, value: str | float) -> bool:
    """Say whether a text holds an expected value: as it stands, or a number as the only one."""
    if isinstance(value, str):
        return value in text
    return read_numbers(text) == [value]


def shared_layout(cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield the layout that all expert answers share: the same names of lines, in order."""
    names = _shared_lines(cases)
    if any(names):
        pattern = "\n".join(f"{re.escape(name)}: .+" if name else ".+" for name in names)
        yield Candidate(5, {"kind": "pattern", "pattern": pattern, "whole": True}, is_form=True)


def parts_of(cases: Sequence[Case]) -> dict[str, str]:
    """Return the lines that all expert answers have, by the names that a rule may give them.

    These are a line's own, and that of an expected value which stands on the line: a "why" may be
    given as "Reason: …".
    """
    lines = [*filter(None, _shared_lines(cases))]
    named = {line: line for line in lines}
    for field in fields_in(cases) if lines else ():
        line = None if line_said(words_of(field), lines) else _line_with(field, lines, cases)
        if line:
            named[words_of(field)] = line
    quoting_line = _line_of_quotes(lines, cases) if not line_said("quote", named) else None
    return named | {"quote": quoting_line} if quoting_line else named


def _line_of_quotes(lines: Sequence[str], cases: Sequence[Case]) -> str | None:
    """Return the line that holds the passages of the case which are expected, whatever its name."""
    for field in fields_in(cases) if lines else ():
        values = [(v, c) for c in cases if (v := c.example.fields.get(field))]
        if values and all(
            isinstance(v, (list, tuple)) and all(str(t) in c.example.case_text for t in v)
            for v, c in values
        ):
            return _line_with(field, lines, cases)
    return None


def _line_with(field: str, lines: Sequence[str], cases: Sequence[Case]) -> str | None:
    """Return the line on which each case's expected value stands, the shortest of several."""
    values = [(str(v), c) for c in cases for v in texts_of(c.example.fields.get(field))]
    found = {}
    for line in lines:
        parts = [(value, line_part(case.reference, line) or "") for value, case in values]
        if parts and all(value in part for value, part in parts):
            found[line] = sum(len(part) for _, part in parts)
    return min(found, key=lambda line: found[line]) if found else None


def texts_of(value: Any) -> list[str]:
    """Return the texts of an expected value; none where there is no value."""
    several = value if isinstance(value, (list, tuple)) else [value]
    return [str(one) for one in several if one not in (None, "")]


def _shared_lines(cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the names of the lines that all expert answers have, "" for a line without one."""
    layouts = {
        tuple(line.partition(":")[0] if ":" in line else "" for line in c.reference.split("\n"))
        for c in cases
    }
    return layouts.pop() if len(layouts) == 1 else ()
