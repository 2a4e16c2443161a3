"""Ways that might check a rule, from cues in its words: not tried yet on any answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.checks.number_reading import read_numbers
from rft_core.checks.number_words import words_as_digits
from rft_core.checks.wording import count_words, line_part, tokens
from rft_core.rubric.traps import ROOM, Case

QUOTES = {"quote", "quotes", "quoted", "verbatim", "copied", "copies"}
RANKS = {"rank", "ranks", "ranked", "order", "first", "top", "likeliest"}
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]{1,80})[\"”“»]|(?<!\w)[‘']([^'‘’\n]{2,80})[’'](?!\w)")
_NEGATIVE = re.compile(
    r"\b(?:never|not|no|without|avoids?|forbidden|must not|mustn't|does not|doesn't|don't)\b", re.I
)
_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,6})"
_WORDS = re.compile(rf"(?<![\d,.]){_COUNT}(?: ?(?:-|–|to|and) ?{_COUNT})? words?\b", re.I)
_ONE_WORD = re.compile(r"\bone(?= words?\b)", re.I)
_OF_A_LINE = re.compile(r"\b(?:line|lines|part|section)\b|\w:", re.I)
"""A rule that speaks of one line of an answer."""
_AT_LEAST = re.compile(
    r"\b(?:at least|minimum|(?:no|not|never) (?:fewer|less|under|below|shorter))\b", re.I
)
_JUDGES = re.compile(
    r"\b(?:is|are|sounds?|reads|looks?) (?:very |always |clearly )?(?:polite|fair|clear|kind"
    r"|friendly|helpful|plausible|convincing|understandable|readable|reasonable|sensible|sound|logical"
    r"|appropriate|balanced|neutral|objective|professional|respectful|empathetic|useful|good|nice"
    r"|persuasive|simple|natural|easy)\b",
    re.I,
)
"""A judgement that comparing with an expected value cannot make, whatever it is called."""
_UNLESS_NEGATED = r"\b(?<!no )(?<!not )(?<!never )"
_MORE = re.compile(rf"{_UNLESS_NEGATED}(?:more than|over|longer than|exceeds?|above)\b", re.I)
_FEWER = re.compile(rf"{_UNLESS_NEGATED}(?:(?:fewer|less|shorter) than|under|below)\b", re.I)


class Candidate(NamedTuple):
    """A check that might fit a rule."""

    weight: int
    """How strongly the rule speaks for it."""
    parameters: Mapping[str, Any]
    is_form: bool = False
    fails: str | None = None
    """What, added to an expert answer, makes a wrong one."""
    is_fault: bool = False
    """Whether what the check finds is a fault here, though it need not be one elsewhere."""
    meets: str | None = None
    """What, added to an expert answer, makes one that meets it. The rule says it in so many words,
    so it is proposed whatever the expert's answers hold."""


def words_of(field: str) -> str:
    """Return the name of an expected value as it is spoken."""
    return field.replace("_", " ")


def candidates_for(rule: str, cases: Sequence[Case], fault: bool) -> Iterator[Candidate]:
    """Yield what the rule may mean; with `fault` it names what an answer must not do."""
    penalised = fault
    fault = fault or bool(_NEGATIVE.search(_QUOTED.sub(" ", rule)))
    yield from _phrases(rule, cases, fault)
    yield from _length(rule, cases, penalised)
    said = spoken(rule)
    for field in fields_in(cases):
        yield from by_field(rule, said, field, cases, fault)
    if said & QUOTES or "word for word" in rule.lower():
        yield from quoting(cases)
    if said & {"cite", "cites", "citation", "citations", "source", "sources", "section"}:
        yield Candidate(5, {"kind": "citation"}, is_form=True)
    if said & {"layout", "format", "form", "lines", "line", "structure"}:
        yield from shared_layout(cases)
    if said & {"reason", "reasons", "reasoning", "explains"} and said & {"before", "first"}:
        yield Candidate(7, {"kind": "reasoned"}, is_form=True)
    if said & {"wording", "similar", "resembles"}:
        yield Candidate(2, {"kind": "overlap"})
    if said & {"meaning", "means", "sense", "paraphrases", "similar"}:
        yield Candidate(2, {"kind": "meaning"})


def spoken(rule: str) -> set[str]:
    """Return the words of a rule."""
    return set(tokens(rule).split())


def _phrases(rule: str, cases: Sequence[Case], fault: bool) -> Iterator[Candidate]:
    """Yield the phrases that the rule quotes; first in one line, where it speaks of one."""
    phrases = [one or two for one, two in _QUOTED.findall(rule)]
    if not phrases:
        return
    unquoted = _QUOTED.sub(" ", rule)
    line = _line_said(unquoted, cases) if _OF_A_LINE.search(unquoted) else None
    if line:
        yield from _of_phrases(rule, phrases, line, fault)
    yield from _of_phrases(rule, phrases, None, fault)


def _of_phrases(
    rule: str, phrases: list[str], line: str | None, fault: bool
) -> Iterator[Candidate]:
    weight, at = (10, {"line": line}) if line else (9, {})
    begin = f"\n{line}: " if line else ""
    wanted = {"phrases": phrases} | at
    if fault:
        yield Candidate(weight, {"kind": "forbidden"} | wanted, fails=begin + phrases[0])
    elif len(phrases) > 1 and re.search(r"\b(?:or|either|one of|any)\b", rule, re.I):
        yield Candidate(weight, {"kind": "contains_any"} | wanted, meets=begin + phrases[0])
    else:
        meets = begin + ", ".join(phrases)
        yield Candidate(weight, {"kind": "contains_all"} | wanted, meets=meets)


def _line_said(rule: str, cases: Sequence[Case]) -> str | None:
    """Return the name of a line that all expert answers have and the rule speaks of."""
    said = spoken(rule)
    return next((name for name in _shared_lines(cases) if name and spoken(name) <= said), None)


def _length(rule: str, cases: Sequence[Case], penalised: bool) -> Iterator[Candidate]:
    """Yield the length that the rule asks for; or that it blames, as "more than 40 words" may.

    Of one part, where the rule names a line that all expert answers have.
    """
    said, line = spoken(rule), _line_said(rule, cases)
    at = {"line": line} if line else {}
    begin = f"\n{line}:" if line else ""
    found = _WORDS.search(_ONE_WORD.sub("1", words_as_digits(rule)))
    if found:
        low, high = (int(text.replace(",", "")) for text in (found[1], found[2] or found[1]))
        wanted = Candidate(
            9, {"kind": "length"} | _bounds(rule, low, high, bool(found[2])) | at, is_form=True,
            fails=begin + " and so on" * max(40, high),
        )  # fmt: skip
        if not penalised:
            yield wanted
        if penalised or _MORE.search(rule) or _FEWER.search(rule):
            yield wanted._replace(is_fault=True)
    elif said & {"short", "brief", "concise", "briefly"}:
        parts = [(line_part(c.reference, line) if line else c.reference) or "" for c in cases]
        longest = int(ROOM * max(map(count_words, parts))) + 1
        yield Candidate(
            6, {"kind": "length", "max_words": longest} | at, is_form=True,
            fails=begin + " and so on" * longest,
        )  # fmt: skip


def _bounds(rule: str, low: int, high: int, both: bool) -> dict[str, int]:
    if both:
        return {"min_words": min(low, high), "max_words": max(low, high)}
    if _MORE.search(rule):
        return {"min_words": low + 1}
    if _FEWER.search(rule):
        return {"max_words": max(1, low - 1)}
    return {"min_words": max(1, low)} if _AT_LEAST.search(rule) else {"max_words": max(1, low)}


def by_field(
    rule: str, said: set[str], field: str, cases: Sequence[Case], fault: bool
) -> Iterator[Candidate]:
    """Yield ways that compare with an expected value, where the rule speaks of it."""
    values = _values(field, cases)
    labels = list(cases[0].choices.get(field, ()))
    named = all(_is_said(word, said) for word in spoken(field.replace("_", " ")))
    mentioned = sorted(
        (label for label in labels if all(_is_said(word, said) for word in spoken(label))),
        key=lambda label: rule.lower().find(label.lower()[:4]),
    )
    weight = 4 * named + 2 * min(2, len(mentioned))
    if labels and said & {"right", "correct"}:
        weight += 1
    if not weight or not values or _JUDGES.search(rule):
        return
    line = _line_of(field, cases)
    at = {"line": line} if line else {}
    if labels:
        choice = {"labels": labels, "field": field} | at
        if said & {"one", "several", "more", "single", "only"}:
            several = {"kind": "several_labels", "labels": labels} | at
            yield Candidate(weight + 2, several, fails=f"\n{', '.join(labels)}")
        given = _named_after(_NEGATIVE.search(_QUOTED.sub(" ", rule)), rule, mentioned)
        if fault and given:
            right = [label for label in mentioned if label != given]
            right = right or [label for label in labels if label != given]
            mistake = {"kind": "mistake", "given": [given], "right": right}
            yield Candidate(weight + 3, choice | mistake)
        if said & RANKS:
            yield Candidate(weight + 2, {"kind": "ranked", "field": field, "known": labels} | at)
        yield Candidate(weight, choice | {"kind": "label"})
    elif all(isinstance(v, (list, tuple)) for v in values):
        if said & RANKS:
            yield Candidate(weight + 2, {"kind": "ranked", "field": field} | at)
        yield Candidate(weight + 1, {"kind": "contains_all", "field": field})
        yield Candidate(weight, {"kind": "set", "field": field} | at)
    elif all(_is_number(v) for v in values):
        yield Candidate(weight + 1, {"kind": "number", "field": field} | at)
    else:
        yield Candidate(weight, {"kind": "contains_all", "field": field})


def _named_after(negation: re.Match[str] | None, rule: str, mentioned: Sequence[str]) -> str | None:
    """Return the first mentioned label behind the "never", or the first where there is none.

    In "never accept what should be escalated" and "what should be escalated is never accepted"
    it is the one that must not be given.
    """
    after = negation.end() if negation else 0
    behind = (label for label in mentioned if label.lower()[:4] in rule.lower()[after:])
    return next(behind, None)


def fields_in(cases: Sequence[Case]) -> list[str]:
    """Return the names of the cases' expected values."""
    return list(dict.fromkeys(name for case in cases for name in case.example.fields))


def _values(field: str, cases: Sequence[Case]) -> list[Any]:
    return [v for c in cases if (v := c.example.fields.get(field)) not in (None, "", [])]


def _is_said(word: str, said: set[str]) -> bool:
    """Say whether a word is among those of the rule, with another ending or the same."""
    endings = {word, word.removesuffix("s")}
    return any(
        spoken in endings
        or (len(word) > 3 and spoken.startswith(word) and len(spoken) <= len(word) + 2)
        for spoken in said
    )


def quoting(cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield the quotation of anything, and of the expected phrases that stand in the cases."""
    yield Candidate(5, {"kind": "quote"}, is_form=True)
    for field in cases[0].example.fields:
        stand = [
            all(str(t) in c.example.case_text for t in value)
            for c in cases
            if isinstance(value := c.example.fields.get(field), (list, tuple)) and value
        ]
        if stand and all(stand):
            yield Candidate(6, {"kind": "quote", "field": field})


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) or len(read_numbers(str(value))) == 1


def _line_of(field: str, cases: Sequence[Case]) -> str | None:
    """Return the name of the answer's line that gives this value, if all answers have one."""
    names: set[str] | None = None
    for case in cases:
        value = case.example.fields.get(field)
        if not isinstance(value, str):
            continue
        lines = (line.partition(":") for line in case.reference.split("\n"))
        here = {name.strip() for name, colon, rest in lines if colon and value in rest}
        names = here if names is None else names & here
    return min(names) if names else None


def shared_layout(cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield the layout that all expert answers share: the same names of lines, in order."""
    names = _shared_lines(cases)
    if any(names):
        pattern = "\n".join(f"{re.escape(name)}: .+" if name else ".+" for name in names)
        yield Candidate(
            5, {"kind": "pattern", "pattern": pattern, "whole": True}, is_form=True,
            fails="\nand more",
        )  # fmt: skip


def _shared_lines(cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the names of the lines that all expert answers have, "" for a line without one."""
    layouts = {
        tuple(line.partition(":")[0] if ":" in line else "" for line in c.reference.split("\n"))
        for c in cases
    }
    return layouts.pop() if len(layouts) == 1 else ()
