"""A rule that asks for two things or more, as criteria: each checked in its own way."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rft_core.checks.formula import Part, formula_of
from rft_core.records import AnswerPart, Aspect, CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.ids import slug
from rft_core.rubric.rules.case_parts import answer_words, parts_of
from rft_core.rubric.rules.cases_meant import held_to, tags_of
from rft_core.rubric.rules.faults import Fault, fault_named, taken_off
from rft_core.rubric.rules.left_out import condition_left_out, is_part_left_out
from rft_core.rubric.rules.proposals import MAX_TRIED, Proposal, propose
from rft_core.rubric.rules.said_keys import asks_for_json
from rft_core.rubric.rules.said_lengths import (
    COMPARISON,
    cuts_length,
    is_comparison,
    is_counted,
    with_units,
)
from rft_core.rubric.rules.said_points import without_points
from rft_core.rubric.rules.said_words import said_words
from rft_core.rubric.rules.several_parts import for_each_part
from rft_core.rubric.rules.two_demands import (
    begins_with_verb,
    joins_two_demands,
    tells_what_to_do,
    without_asides,
    without_subject,
)
from rft_core.rubric.traps import Case, cases_of

_AND = re.compile(r"\s*,?\s+(?:and|but|as well as)\s+", re.I)
_NOUN = r"(?:(?:the|its|an?|each|every|this|that)\s+)?[^\W\d_]+(?:\s+line)?"
_BARE = re.compile(
    r"(?:the|its|an?|each|every)\s+\w+(?:\s+(?:for|of|in|on)\s+(?:(?:the|its|an?)\s+)?\w+)?", re.I
)
"""What is no sentence by itself."""
_IT = re.compile(r"(?:it|they)\s+", re.I)
_ADVERB = re.compile(r"(?:(?:then|also|always|really|clearly|correctly|briefly)\s+)+", re.I)
_MODAL = r"(?:must|should|may|can|shall|will|does|do)"
_MODAL_ONLY = re.compile(rf"\s*{_MODAL}\s+", re.I)
_WORD = re.compile(r"[^\W\d_]+")
_VERB = re.compile(rf"\s*(?:{_MODAL}\s+)?(?:(?:not|never|also|always)\s+)?[^\W\d_]+\s", re.I)
_NAMED = re.compile(rf"{_NOUN}\s+(?=(?:{_MODAL}|has|have|is|are)\s)", re.I)
"""A subject without "the", as in "Quote has at most 10 words"."""
_OTHER_SUBJECT = re.compile(
    rf"(?:(?:the|its|an?|each|every|this|that)\s+[^\W\d_]+"
    rf"|(?!(?:{COMPARISON}|{_MODAL}|in|within|with)\b)[^\W\d_]*[^\W\d_s])"
    rf"(?:\s+line)?\s+(?={COMPARISON})",
    re.I,
)
"""Of what goes on with the verb before it: "the reason no more than two sentences"."""
_HAS_VERB = re.compile(
    rf"{_NOUN}\s+(?:stays?|keeps?|remains?|ends?|begins?|starts?|stands?|have|are|{_MODAL})\b", re.I
)
_SAYS = re.compile(
    r"(?:the|its)\s+(?:[^\W\d_]+\s+){1,3}?"
    r"(?:names|mentions|contains|states|says|includes|gives|quotes|cites)\s",
    re.I,
)
"""A sentence of its own whose subject may have several words: "the covenant risk names"."""
_TOO = re.compile(r"(?P<subject>(?:the|its)\s+\w+)\s+(?:too|also|as well|likewise)\s*[.!]?", re.I)
"""Asks of another part what was asked of the one before: "and the amount too"."""
_SUBJECT_AND_VERB = re.compile(rf"(?P<subject>{_NOUN})\s+(?:{_MODAL}|has|have|is|are)\s", re.I)
_KEPT = re.compile(r"(?:keeps?|makes?|leaves?)\s+(?:the|its)\s+\w+\s", re.I)
"""A verb with the thing that is held to a length: "Keeps the reason short and under 20 words"."""
_AT_ONCE = re.compile(
    r"(?:\b(?:not|never|no)\b|n['’]t\b).*\band\b.*\b(?:at once|at the same time|together|both)\b"
    r"|\b(?:not|never)\b.*\bboth\b.*\band\b",
    re.I,
)
"""Refuses two things together, of which each by itself may be right."""
_IN_LIST = re.compile(
    r"\b(?:lines|parts|sections|headings)\b:?\s+(?:the\s+)?\w+(?:\s*,\s*\w+)*", re.I
)
"""Ends before an "and" that is one between names: "the lines Decision, Quote and Reason"."""
_QUOTED_THEN_LENGTH = re.compile(
    r"(?P<quoted>[^,;]*\b(?:quoted|copied|cop(?:y|ies)|quotes?)\b[^,;]*\bfrom\b[^,;]*)[,;]\s*"
    rf"(?:(?:in|with|within)\s+)?(?P<length>{COMPARISON}[^,;]*)",
    re.I,
)
"""Says of a quotation where it is from and how long: "quoted from the note, at most 12 words"."""


class Half(NamedTuple):
    """One of the things that a rule asks for."""

    text: str
    way: Proposal


def divided(
    rule: str,
    train: Sequence[Example],
    rubric: Rubric | None = None,
    fault: bool = False,
    form: Sequence[AnswerPart] = (),
) -> tuple[Half, ...] | None:
    """Return what a rule says of each of several parts of an answer; else the halves of a rule at
    the first "and" that joins two rules with checks of their own.

    None where no "and" does, as in "between 3 and 20 words". One in quotation marks never does, nor
    one in a list of words or keys, nor one in what a rule takes points off for.
    An AI grader could be asked anything, so a half is left to it only where both parts of the rule
    say what to do. With `fault` the rule names what an answer must not do: only its parts count.
    """
    if asks_for_json(rule):
        return None
    named = fault_named(rule) if fault else taken_off(rule)
    rule = named.text if named else without_points(rule)
    cases = cases_of(train, MAX_TRIED, rubric, form)
    own = answer_words(cases)
    held = held_to(rule, tags_of(train, own), own)
    if held:
        halves = divided(held.rest, train, rubric, fault, form) if held.is_all else None
        return halves and tuple(_tagged(half, held.tags) for half in halves)
    of_parts = _of_parts(rule, cases, train, rubric, named, form)
    if of_parts or named or (said_words(rule).is_all and not is_counted(rule)):
        return of_parts
    if _AT_ONCE.search(rule):
        return None
    two = joins_two_demands(rule)
    for texts in _cut(rule):
        ways = [
            [
                way
                for way in propose(text, train, rubric=rubric, form=form)
                if _is_meant(way) and (two or way.was_tried)
            ]
            for text in texts
        ]
        if all(ways) and ways[0][0].check != ways[1][0].check:
            halves = tuple(Half(text, way[0]) for text, way in zip(texts, ways, strict=True))
            return halves if all(map(_is_whole, halves)) else None
    return None


def _tagged(half: Half, tags: tuple[str, ...]) -> Half:
    text = half.text[:1].upper() + half.text[1:]
    return Half(text, half.way.with_changes(tags=tags))


def _of_parts(
    rule: str,
    cases: Sequence[Case],
    train: Sequence[Example],
    rubric: Rubric | None,
    fault: Fault | None,
    form: Sequence[AnswerPart],
) -> tuple[Half, ...] | None:
    """Return what a rule says of each of several parts; None unless all of it can be checked."""
    if fault and fault.is_absence:
        return None
    texts = for_each_part(rule, parts_of(cases), fault is not None)
    ways = [propose(text, train, fault is not None, rubric, form) for text in texts or ()]
    first = [next((way for way in several if way.was_tried), None) for several in ways]
    halves = [Half(text, way) for text, way in zip(texts or (), first, strict=True) if way]
    differ = all(a.way.check != b.way.check for a, b in pairwise(halves))
    return tuple(halves) if halves and len(halves) == len(first) and differ else None


def _is_meant(way: Proposal) -> bool:
    """Say whether a half asks for this; a length does, even if few expert answers have it."""
    return not way.is_guess or (way.check.kind == "length" and not way.is_penalty)


def _is_whole(half: Half) -> bool:
    """Say whether nothing of a half is left out."""
    left_out = condition_left_out(*half) or is_part_left_out(*half)
    return not left_out


def worth_of_each(points: float | None, halves: Sequence[Half]) -> float:
    """Return what each half of a rule is worth: its share of the points that the rule has, 1 where
    it has none. What is lost for any one of several things is lost in full for each.
    """
    if points is None or points < 0:
        return abs(points or 1.0)
    return points / len(halves)


def as_criteria(
    halves: Sequence[Half], points: float, free: Callable[[str], str]
) -> tuple[Criterion, ...]:
    """Return a criterion for each half, worth so many points; `free` makes ids that are free."""
    return tuple(
        Criterion(
            id=free(slug(text)),
            text=text,
            points=-abs(points) if way.is_penalty else abs(points),
            aspect="form" if way.is_form else "substance",
            check=way.check,
            tags=way.tags,
        )
        for text, way in halves
    )


def only_together(
    rule: str, halves: Sequence[Half], points: float, free: Callable[[str], str]
) -> tuple[Criterion, ...]:
    """Return the halves without points of their own, and a criterion that both must be met."""
    parts = as_criteria(halves, 0.0, free)
    named = [Part(one.id, half.way.is_penalty) for one, half in zip(parts, halves, strict=True)]
    check = CheckSpec.model_validate({"kind": "formula", "formula": formula_of("all", named)})
    aspect: Aspect = "form" if all(half.way.is_form for half in halves) else "substance"
    both = Criterion(
        id=free(f"{slug(rule)}_both"), text=rule, points=abs(points), aspect=aspect, check=check
    )
    return (*parts, both)


def _cut(rule: str) -> Iterator[tuple[str, str]]:
    """Yield a rule cut at each of its "and"s, so that each half is a sentence of its own."""
    rule = with_units(rule)
    masked = without_asides(rule)
    quoted = _QUOTED_THEN_LENGTH.fullmatch(masked)
    if quoted:
        length = rule[quoted.start("length") :]
        yield rule[: quoted.end("quoted")], f"The quote has {length}"
    for joint in _AND.finditer(masked):
        first, second = rule[: joint.start()].strip(), rule[joint.end() :].strip()
        if not first or not second or _BARE.fullmatch(first) or cuts_length(first, second):
            continue
        if any(found.end() == len(first) for found in _IN_LIST.finditer(first)):
            continue
        second = _completed(first, second)
        yield first, second[:1].upper() + second[1:]


def _completed(first: str, second: str) -> str:
    """Return what follows an "and" with the subject and the verb that it takes from before it."""
    it = _IT.match(second)
    if it and begins_with_verb(second[it.end() :]):
        second = second[it.end() :]
    too = _TOO.fullmatch(second)
    if too and (like := _SUBJECT_AND_VERB.match(first)):
        return f"{too['subject']}{first[like.end('subject') :]}"
    if is_comparison(first) and is_comparison(second):
        return second
    demand = without_subject(first)
    subject = first[: len(first) - len(demand)]
    if not subject and (named := _NAMED.match(first)):
        subject, demand = named[0], first[named.end() :]
    own_verb = _WORD.match(_ADVERB.sub("", second))
    modal = _MODAL_ONLY.match(demand)
    if subject and modal and own_verb and tells_what_to_do(own_verb[0].lower()):
        return f"{subject}{modal[0]}{second}"
    if begins_with_verb(_ADVERB.sub("", second)) and not _OTHER_SUBJECT.match(second):
        return f"{subject}{second}"
    if _HAS_VERB.match(second) or _SAYS.match(second) or without_subject(second) != second:
        return second
    verb = _VERB.match(demand)
    own = _OTHER_SUBJECT.match(second)
    if own:
        between = f"{verb[0].strip()} " if verb and subject else ""
        return f"{own[0]}{between}{second[own.end() :]}"
    first_verb = (verb[0] if verb else demand.split(maxsplit=1)[0]).strip()
    if not subject and is_comparison(second) and (kept := _KEPT.match(demand)):
        first_verb = kept[0].strip()
    return f"{subject}{first_verb} {second}"
