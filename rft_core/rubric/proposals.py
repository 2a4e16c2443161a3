"""Ways to check a rule that the expert wrote, each tried on the expert's own cases.

Cues in the rule (an expected value's name, a phrase in quotation marks, "at most 20 words") lead to
candidates. A candidate is proposed only if the expert's answers meet it and some wrong answer to
the same cases does not. Last comes the AI grader, where one is set up; it is not tried.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.checks import Check, build
from rft_core.checks.number import read_numbers
from rft_core.checks.wording import count_words, tokens
from rft_core.errors import InputError
from rft_core.models import endpoint
from rft_core.records import CheckSpec, Criterion, Example, Record, Rubric
from rft_core.rubric.ids import with_own_ids
from rft_core.rubric.traps import ROOM, TRAPS, Case, cases_of

MOST = 3
"""Ways that are proposed."""
MAX_TRIED = 40
MAIN_POINTS = 5
"""Of the main criterion of a first rubric; each other one has 1."""
MET_BY = 0.8
"""Share of the expert's answers that must meet a way."""
WRONG_ANSWERS = ("wrong", "other", "all_choices", "case", "long", "stuffed", "empty")
"""Traps on which a way is tried and a criterion is shown, the most natural first."""

QUOTES = {"quote", "quotes", "quoted", "verbatim", "copied", "copies"}
RANKS = {"rank", "ranks", "ranked", "order", "first", "top", "likeliest"}

_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]{1,80})[\"”“»]|(?<!\w)[‘']([^'‘’\n]{2,80})[’'](?!\w)")
_NEGATIVE = re.compile(
    r"\b(?:never|not|no|without|avoids?|forbidden|must not|mustn't|does not|doesn't|don't)\b", re.I
)
_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,6})"
_WORDS = re.compile(rf"(?<![\d,.]){_COUNT}(?: ?(?:-|–|to|and) ?{_COUNT})? words?\b", re.I)
_AT_LEAST = re.compile(
    r"\b(?:at least|minimum|(?:no|not|never) (?:fewer|less|under|below|shorter))\b", re.I
)
_UNLESS_NEGATED = r"\b(?<!no )(?<!not )(?<!never )"
_MORE = re.compile(rf"{_UNLESS_NEGATED}(?:more than|over|longer than|exceeds?|above)\b", re.I)
_FEWER = re.compile(rf"{_UNLESS_NEGATED}(?:(?:fewer|less|shorter) than|under|below)\b", re.I)


class Shown(Record):
    """An answer to one of the expert's cases."""

    example_id: str
    answer: str


class Proposal(Record):
    """A way to check a rule."""

    check: CheckSpec
    is_penalty: bool
    """Whether it finds a fault, so that its points should be negative."""
    is_form: bool
    """Whether it is about the layout rather than what is said."""
    passes: Shown | None
    fails: Shown | None
    """Answers that pass and fail; None for the AI grader, which is not asked for this."""


class _Candidate(NamedTuple):
    weight: int
    """How strongly the rule speaks for it."""
    parameters: Mapping[str, Any]
    is_form: bool = False
    fails: str | None = None
    """What, added to an expert answer, makes a wrong one."""
    is_fault: bool = False
    """Whether what the check finds is a fault here, though it need not be one elsewhere."""


def propose(
    rule: str, train: Sequence[Example], fault: bool = False, rubric: Rubric | None = None
) -> list[Proposal]:
    """Return at most three ways to check a rule on training cases, the likeliest first.

    With `fault` the rule names what an answer must not do, even if it does not say "not". Labels
    are those that the rubric's checks list, else those of the cases. An AI grader that is set up is
    the last way, for any rule. Without one the list is empty where nothing in the rule can be
    looked up in an answer, or no case has an expert answer.
    """
    if not rule.strip():
        return []
    asked = [] if endpoint.obstacle() else [_by_asking(rule, fault)]
    return [*_lookups(rule, train, fault, rubric)[: MOST - len(asked)], *asked]


def _by_asking(rule: str, fault: bool) -> Proposal:
    check = CheckSpec.model_validate({"kind": "judge", "question": rule})
    return Proposal(check=check, is_penalty=fault, is_form=False, passes=None, fails=None)


def _lookups(
    rule: str, train: Sequence[Example], fault: bool, rubric: Rubric | None
) -> list[Proposal]:
    """Return the ways that look something up in the answer, the likeliest first."""
    cases = cases_of(train, MAX_TRIED, rubric)
    if not cases:
        return []
    found: dict[tuple[str, str], Proposal] = {}
    for candidate in sorted(_candidates(rule, cases, fault), key=lambda c: -c.weight):
        key = (candidate.parameters["kind"], str(candidate.parameters.get("field")))
        if key not in found and (proposal := _tried(candidate, cases)) is not None:
            found[key] = proposal
    return list(found.values())


def works(check: CheckSpec, train: Sequence[Example]) -> bool:
    """Say whether the expert's answers to training cases meet a check, and a wrong one does not."""
    cases = cases_of(train, MAX_TRIED)
    parameters = {"kind": check.kind} | check.parameters
    return bool(cases) and _tried(_Candidate(0, parameters), cases) is not None


def ways_by_value(train: Sequence[Example]) -> dict[str, Proposal]:
    """Return the likeliest way to hold answers to each expected value, where there is one."""
    cases = cases_of(train, MAX_TRIED)
    return {field: way for field in _fields(cases) if (way := _way_of(field, cases)) is not None}


def first_rubric(train: Sequence[Example]) -> tuple[Criterion, ...]:
    """Return criteria to begin with: one for each expected value that an answer can be held to.

    Most points go to the first value that is a choice (or the first of all), one to the layout that
    all expert answers share. Empty without expert answers or expected values.
    """
    cases = cases_of(train, MAX_TRIED)
    ways = ways_by_value(train)
    if not ways:
        return ()
    main = next((field for field in ways if field in cases[0].choices), next(iter(ways)))
    ordered = [main, *(field for field in ways if field != main)]
    found = [
        _criterion(f"Gives the right {_words(f)}", ways[f], MAIN_POINTS if f == main else 1)
        for f in ordered
    ]
    if main in cases[0].choices:
        several = _first_tried(
            _by_field(f"Only one {main}", _spoken(_words(main)) | {"only"}, main, cases, True),
            cases,
        )
        if several is not None and several.is_penalty:
            found.append(_criterion(f"Gives more than one {_words(main)}", several, -1))
    layout = _first_tried(_layout(cases), cases)
    if layout is not None:
        found.append(_criterion("Keeps the layout of the expert answers", layout, 1))
    return with_own_ids(found)


def _way_of(field: str, cases: Sequence[Case]) -> Proposal | None:
    """Return the likeliest way to hold an answer to an expected value."""
    said = _spoken(_words(field)) | {"right"}
    candidates = [*_by_field(f"right {field}", said, field, cases, False)]
    quotes = (c for c in _quotes(cases) if c.parameters.get("field") == field)
    return _first_tried((*quotes, *sorted(candidates, key=lambda c: -c.weight)), cases)


def _first_tried(candidates: Iterable[_Candidate], cases: Sequence[Case]) -> Proposal | None:
    tried = (_tried(candidate, cases) for candidate in candidates)
    return next((way for way in tried if way is not None), None)


def _criterion(text: str, way: Proposal, points: float) -> Criterion:
    return Criterion(
        id="_".join(tokens(text).split()) or "criterion", text=text, points=points,
        aspect="form" if way.is_form else "substance", check=way.check,
    )  # fmt: skip


def _words(field: str) -> str:
    return field.replace("_", " ")


def _candidates(rule: str, cases: Sequence[Case], fault: bool) -> Iterator[_Candidate]:
    penalised = fault
    fault = fault or bool(_NEGATIVE.search(_QUOTED.sub(" ", rule)))
    yield from _phrases(rule, fault)
    yield from _length(rule, cases, penalised)
    said = _spoken(rule)
    for field in _fields(cases):
        yield from _by_field(rule, said, field, cases, fault)
    if said & QUOTES or "word for word" in rule.lower():
        yield from _quotes(cases)
    if said & {"cite", "cites", "citation", "citations", "source", "sources", "section"}:
        yield _Candidate(5, {"kind": "citation"}, is_form=True)
    if said & {"layout", "format", "form", "lines", "line", "structure"}:
        yield from _layout(cases)
    if said & {"wording", "similar", "resembles"}:
        yield _Candidate(2, {"kind": "overlap"})
    if said & {"meaning", "means", "sense", "paraphrases", "similar"}:
        yield _Candidate(2, {"kind": "meaning"})


def _spoken(rule: str) -> set[str]:
    return set(tokens(rule).split())


def _phrases(rule: str, fault: bool) -> Iterator[_Candidate]:
    phrases = [one or two for one, two in _QUOTED.findall(rule)]
    if not phrases:
        return
    if fault:
        yield _Candidate(9, {"kind": "forbidden", "phrases": phrases}, fails=phrases[0])
    elif len(phrases) > 1 and re.search(r"\b(?:or|either|one of|any)\b", rule, re.I):
        yield _Candidate(9, {"kind": "contains_any", "phrases": phrases})
    else:
        yield _Candidate(9, {"kind": "contains_all", "phrases": phrases})


def _length(rule: str, cases: Sequence[Case], penalised: bool) -> Iterator[_Candidate]:
    """Yield the length that the rule asks for; or that it blames, as "more than 40 words" may."""
    found = _WORDS.search(rule)
    if found:
        low, high = (int(text.replace(",", "")) for text in (found[1], found[2] or found[1]))
        wanted = _Candidate(
            9, {"kind": "length"} | _bounds(rule, low, high, bool(found[2])), is_form=True,
            fails=" and so on" * max(40, high),
        )  # fmt: skip
        if not penalised:
            yield wanted
        if penalised or _MORE.search(rule) or _FEWER.search(rule):
            yield wanted._replace(is_fault=True)
    elif _spoken(rule) & {"short", "brief", "concise", "briefly"}:
        longest = int(ROOM * max(count_words(case.reference) for case in cases)) + 1
        yield _Candidate(
            6, {"kind": "length", "max_words": longest}, is_form=True, fails=" and so on" * longest
        )


def _bounds(rule: str, low: int, high: int, both: bool) -> dict[str, int]:
    if both:
        return {"min_words": min(low, high), "max_words": max(low, high)}
    if _MORE.search(rule):
        return {"min_words": low + 1}
    if _FEWER.search(rule):
        return {"max_words": max(1, low - 1)}
    return {"min_words": max(1, low)} if _AT_LEAST.search(rule) else {"max_words": max(1, low)}


def _by_field(
    rule: str, said: set[str], field: str, cases: Sequence[Case], fault: bool
) -> Iterator[_Candidate]:
    """Yield ways that compare with an expected value, where the rule speaks of it."""
    values = _values(field, cases)
    labels = list(cases[0].choices.get(field, ()))
    named = all(_is_said(word, said) for word in _spoken(field.replace("_", " ")))
    mentioned = sorted(
        (label for label in labels if all(_is_said(word, said) for word in _spoken(label))),
        key=lambda label: rule.lower().find(label.lower()[:4]),
    )
    weight = 4 * named + 2 * min(2, len(mentioned))
    if labels and said & {"right", "correct"}:
        weight += 1
    if not weight or not values:
        return
    line = _line_of(field, cases)
    at = {"line": line} if line else {}
    if labels:
        choice = {"labels": labels, "field": field} | at
        if said & {"one", "several", "more", "single", "only"}:
            several = {"kind": "several_labels", "labels": labels} | at
            yield _Candidate(weight + 2, several, fails=f"\n{', '.join(labels)}")
        given = _named_after(_NEGATIVE.search(_QUOTED.sub(" ", rule)), rule, mentioned)
        if fault and given:
            right = [label for label in mentioned if label != given]
            right = right or [label for label in labels if label != given]
            mistake = {"kind": "mistake", "given": [given], "right": right}
            yield _Candidate(weight + 3, choice | mistake)
        if said & RANKS:
            yield _Candidate(weight + 2, {"kind": "ranked", "field": field, "known": labels} | at)
        yield _Candidate(weight, choice | {"kind": "label"})
    elif all(isinstance(v, (list, tuple)) for v in values):
        if said & RANKS:
            yield _Candidate(weight + 2, {"kind": "ranked", "field": field} | at)
        yield _Candidate(weight + 1, {"kind": "contains_all", "field": field})
        yield _Candidate(weight, {"kind": "set", "field": field} | at)
    elif all(_is_number(v) for v in values):
        yield _Candidate(weight + 1, {"kind": "number", "field": field} | at)
    else:
        yield _Candidate(weight, {"kind": "contains_all", "field": field})


def _named_after(negation: re.Match[str] | None, rule: str, mentioned: Sequence[str]) -> str | None:
    """Return the first mentioned label behind the "never", or the first where there is none.

    In "never accept what should be escalated" and "what should be escalated is never accepted"
    it is the one that must not be given.
    """
    after = negation.end() if negation else 0
    behind = (label for label in mentioned if label.lower()[:4] in rule.lower()[after:])
    return next(behind, None)


def _fields(cases: Sequence[Case]) -> list[str]:
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


def _quotes(cases: Sequence[Case]) -> Iterator[_Candidate]:
    """Yield the quotation of anything, and of the expected phrases that stand in the cases."""
    yield _Candidate(5, {"kind": "quote"}, is_form=True)
    for field in cases[0].example.fields:
        stand = [
            all(str(t) in c.example.case_text for t in value)
            for c in cases
            if isinstance(value := c.example.fields.get(field), (list, tuple)) and value
        ]
        if stand and all(stand):
            yield _Candidate(6, {"kind": "quote", "field": field})


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


def _layout(cases: Sequence[Case]) -> Iterator[_Candidate]:
    """Yield the layout that all expert answers share: the same names of lines, in order."""
    layouts = {
        tuple(line.partition(":")[0] if ":" in line else "" for line in c.reference.split("\n"))
        for c in cases
    }
    if len(layouts) == 1 and any(names := layouts.pop()):
        pattern = "\n".join(f"{re.escape(name)}: .+" if name else ".+" for name in names)
        yield _Candidate(
            5, {"kind": "pattern", "pattern": pattern, "whole": True}, is_form=True,
            fails="\nand more",
        )  # fmt: skip


def _tried(candidate: _Candidate, cases: Sequence[Case]) -> Proposal | None:
    """Return the way with an answer that passes and one that fails; None if it does not work."""
    spec = CheckSpec(**candidate.parameters)
    try:
        check = build(spec)
    except InputError:
        return None
    fault = check.finds_fault or candidate.is_fault
    check.prepare([(case.reference, case.example) for case in cases])
    good = [c for c in cases if _is_met(check, c.reference, c.example, fault)]
    if len(good) < MET_BY * len(cases):
        return None
    for case in good:
        for answer in _wrong(candidate, case):
            if not _is_met(check, answer, case.example, fault):
                return Proposal(
                    check=spec,
                    is_penalty=fault,
                    is_form=candidate.is_form,
                    passes=Shown(example_id=case.example.id, answer=case.reference),
                    fails=Shown(example_id=case.example.id, answer=answer),
                )
    return None


def _wrong(candidate: _Candidate, case: Case) -> Iterator[str]:
    if candidate.fails:
        yield f"{case.reference} {candidate.fails}".replace(" \n", "\n")
    for name in WRONG_ANSWERS:
        answer = TRAPS[name][1](case)
        if answer is not None:
            yield answer
    yield " ".join(case.reference.split()[:1])


def _is_met(check: Check, answer: str, example: Example, fault: bool) -> bool:
    """Say whether an answer is good under the check: meets it, or is free of its fault."""
    try:
        value = check.grade(answer, example).value
    except Exception:  # as in grading: what a check cannot grade is not met
        return False
    return value == 0 if fault else value == 1
