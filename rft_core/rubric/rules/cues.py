"""The ways to check a rule that its words lead to: not tried yet on any answer."""

import re
from collections.abc import Collection, Iterator, Sequence

from rft_core.checks.wording import count_words, line_part, tokens
from rft_core.rubric.rules.candidates import Candidate
from rft_core.rubric.rules.case_parts import (
    fields_in,
    is_field_named,
    names_of,
    parts_of,
    shared_lines,
    spoken,
)
from rft_core.rubric.rules.conditions import conditions, demanded
from rft_core.rubric.rules.negation import NEGATIVE, is_doubly_denied, without_contrast
from rft_core.rubric.rules.qualities import judges
from rft_core.rubric.rules.quote_cues import (
    QUOTES,
    asks_to_quote,
    quotes_sentence,
    quoting,
    said_share,
)
from rft_core.rubric.rules.said_keys import asks_for_json, json_said
from rft_core.rubric.rules.said_lengths import (
    SaidLength,
    how_many_lengths,
    is_counted,
    said_lengths,
)
from rft_core.rubric.rules.said_lines import line_meant, line_said, subject_line
from rft_core.rubric.rules.said_words import NOUN, Said, said_words
from rft_core.rubric.rules.several_parts import for_each_part
from rft_core.rubric.rules.two_demands import joins_two_demands
from rft_core.rubric.rules.value_cues import (
    asks_more,
    by_field,
    denied_distance,
    is_of_another,
    mentions,
    ranked,
)
from rft_core.rubric.traps import ROOM, Case

_DECIDES = {
    "decide", "decides", "deciding", "decisive", "key", "right", "correct", "expected", "relevant",
    "important", "essential", "matter", "matters", "operative",
}  # fmt: skip
"""Words of a rule for which not every quotation will do."""
_OF_A_LINE = re.compile(r"\b(?:line|lines|part|section)\b|\w:", re.I)
"""A rule that speaks of one line of an answer."""
_OF_LINES = re.compile(r"\blines\b|\b(?:one|single|own) line\b", re.I)
_CLAUSE_ENDS = re.compile(r"[,;:]|\b(?:and|but|then|if|when|whenever|where|unless|that)\b", re.I)
_OF_CASES = re.compile(r"^(?:for|in|with|on)\s+\S.*?\s(?=(?:the|its)\s)", re.I)
"""Stands before the subject of a clause: "for void clauses the reason …"."""
_LAYOUT = {"layout", "format", "form", "structure"}
_ORDER = re.compile(
    r"\bfirst\b.*\bthen\b|\bcomes? (?:first|last|before|after)\b"
    r"|\b(?:starts?|begins?|opens?|ends?|closes?|finish(?:es)?) (?:with|by)\b",
    re.I,
)
"""A rule about what stands where in the answer."""


def candidates_for(rule: str, cases: Sequence[Case], fault: bool) -> Iterator[Candidate]:
    """Yield what the rule may mean; with `fault` it names what an answer must not do.

    What leaves out the words or the number that a rule is about is not among them.
    """
    parts = parts_of(cases)
    if for_each_part(rule, parts, fault) is not None:
        return  # Each part has a check of its own.
    lines = list(filter(None, shared_lines(cases)))
    rule = denied_distance(rule)
    names = [name for field in fields_in(cases) for name in names_of(field, cases)]
    rule = _of_named_parts(rule, [*parts, *names])
    demand = demanded(rule).strip(" ,;:") or rule
    said = said_words(demand, [*names, *lines])
    if len(demand) < len(rule.strip(" ,;:")):
        said = said._replace(is_literal=False)  # Asked for in some cases only.
    if set(said.phrases) <= set(lines) and spoken(said.rest) & {"lines", "order", *_LAYOUT}:
        said = Said(rest=said.rest)
    negative = fault or bool(NEGATIVE.search(said.rest))
    if asks_for_json(rule):
        keys = json_said(rule, fields_in(cases))
        yield Candidate(
            12, {"kind": "json"} | keys, is_form=True, is_fault=negative, is_said=not negative
        )
        return
    counted = [*_length(demand, cases, fault)]
    yield from counted
    yield from _phrases(demand, said, cases, negative)
    share = said_share(demand)
    if share and asks_to_quote(demand, cases):
        if share.is_most:
            yield from quoting(cases, most=share.share)
        return
    if _is_length_alone(rule, counted):
        return
    for candidate in _by_cues(rule, cases, negative):
        if not said.is_all or _speaks_of(candidate, said.phrases):
            yield candidate


def _of_named_parts(rule: str, names: Collection[str]) -> str:
    """Return a rule without the quotation marks around parts that it names: the right “Decision”.

    Words in such marks that are no part's name are to stand in the answer.
    """
    either = "|".join(map(re.escape, names))
    return re.sub(
        rf"\b(right|correct|than one|as|the)(\s+)[“\"]({either})[”\"](?!\s+(?:{NOUN}|line)\b)",
        r"\1\2\3", rule, flags=re.I,
    )  # fmt: skip


def shared_layout(cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield the layout that all expert answers share: the same names of lines, in order."""
    names = shared_lines(cases)
    if any(names):
        pattern = "\n".join(f"{re.escape(name)}: .+" if name else ".+" for name in names)
        yield Candidate(5, {"kind": "pattern", "pattern": pattern, "whole": True}, is_form=True)


def _by_cues(rule: str, cases: Sequence[Case], fault: bool) -> Iterator[Candidate]:
    """Yield what single words of the rule lead to."""
    said = spoken(rule)
    is_order = bool(_ORDER.search(rule))
    demand = demanded(rule)
    is_refused = fault and not is_doubly_denied(demand)
    for field in fields_in(cases):
        is_choice = field in cases[0].choices
        asked = _demanded_of(field, rule, cases) if fault and is_choice else demand
        asked = asked.lstrip(" ,;:")
        if is_of_another(asked, field, cases):
            continue
        if is_refused and not is_choice:
            continue  # What is refused is not what is expected.
        names = names_of(field, cases)
        place = rf"\b(?:in|on|within|under) (?:the|its) (?:{'|'.join(map(re.escape, names))})\b"
        about = spoken(re.sub(place, "", without_contrast(asked), flags=re.I))
        if not is_order and not asks_more(asked, names):
            yield from by_field(asked, about, field, cases, fault)
        if is_order:
            continue
        if not fault and is_field_named(field, about, cases) and not judges(asked):
            yield from ranked(field, cases)
    if asks_to_quote(rule, cases) and not is_order and not judges(rule):
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


def _demanded_of(field: str, rule: str, cases: Sequence[Case]) -> str:
    """Return what a rule refuses of a choice, with the condition that this hangs on: "when it
    should be escalated", but not "when the amount is not stated", which is of another value."""
    others = [other for other in fields_in(cases) if other != field]
    alone = demanded(rule)
    about = spoken(alone)
    if any(is_field_named(other, about, cases) for other in others) and not (
        is_field_named(field, about, cases) or mentions(alone, cases[0].choices[field])
    ):
        return alone
    rule = demanded(rule, all_of_it=False)
    for start, end in conditions(rule):
        said = spoken(rule[start:end])
        is_own = is_field_named(field, said, cases)
        if not is_own and any(is_field_named(other, said, cases) for other in others):
            rule = f"{rule[:start]}{' ' * (end - start)}{rule[end:]}"
    return rule


def _layout(rule: str, cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield the layout that all answers share, unless the rule is about a single line of it."""
    said = spoken(rule)
    lines = [name for name in shared_lines(cases) if name]
    named = [name for name in lines if spoken(name) <= said]
    if lines and (len(named) == len(lines) > 1 or (named and _ORDER.search(rule))):
        yield from (way._replace(weight=9) for way in shared_layout(cases))
    elif said & _LAYOUT or (_OF_LINES.search(rule) and not named):
        yield from shared_layout(cases)


def _phrases(rule: str, said: Said, cases: Sequence[Case], fault: bool) -> Iterator[Candidate]:
    """Yield the words that the rule says; first in one line, where it speaks of one."""
    if not said.phrases:
        return
    parts = parts_of(cases)
    name = line_said(said.rest, parts) if _OF_A_LINE.search(said.rest) else None
    name = name or _says_them(rule, said, parts) or line_meant(said.rest, parts)
    if name:
        yield _of_phrases(rule, said, parts[name], fault)
    elif fault:
        yield from _beside_their_line(rule, said, cases)
    yield _of_phrases(rule, said, None, fault)


def _beside_their_line(rule: str, said: Said, cases: Sequence[Case]) -> Iterator[Candidate]:
    """Yield where words that are the name of a line may be looked for: in the texts of others.

    Every answer has such a name, so that the whole of it tells nothing.
    """
    lines = [*filter(None, shared_lines(cases))]
    names = [line for line in lines if tokens(line) in map(tokens, said.phrases)]
    if not names:
        return

    def words(line: str) -> int:
        return sum(count_words(line_part(case.reference, line) or "") for case in cases)

    longest = max(lines, key=words)
    if longest not in names:
        note = (
            f"“{names[0]}” is the name of a line, so every answer has it: only what follows "
            f"“{longest}:” is looked at."
        )
        yield _of_phrases(rule, said, longest, True)._replace(note=note)


def _says_them(rule: str, said: Said, names: Collection[str]) -> str | None:
    """Return the name of the line that is the subject of "… contains", before the words said."""
    before, quoted, _ = rule.partition(said.phrases[0])
    clause = _OF_CASES.sub("", _CLAUSE_ENDS.split(before)[-1].lstrip())
    is_one = quoted and not re.match(r"\s*(?:each|every)\b", clause, re.I)
    return subject_line(clause.lstrip(), names) if is_one else None


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
    if quotes_sentence(rule):
        return
    if is_counted(rule):
        for length in said_lengths(rule, named):
            on = named.get(length.line, "")
            yield from _of_length(length._replace(line=on), penalised)
    elif spoken(rule) & {"short", "brief", "concise", "briefly"}:
        line = named.get(line_said(rule, named) or "")
        at = {"line": line} if line else {}
        parts = [(line_part(c.reference, line) if line else c.reference) or "" for c in cases]
        longest = max(map(count_words, parts))
        most = int(ROOM * longest) + 1
        note = f"Your longest has {longest:,}; {most:,} is that and half as much again."
        parameters = {"kind": "length", "max_words": most} | at
        yield Candidate(6, parameters, is_form=True, note=note)


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
