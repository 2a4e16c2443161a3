"""Ways to check a rule that the expert wrote, each tried on the expert's own cases.

Cues in the rule (an expected value's name, a phrase in quotation marks, "at most 20 words") lead to
candidates. A candidate is proposed only if the expert's answers meet it and some wrong answer to
the same cases does not. What the rule itself says in so many words is proposed even where most of
the expert's answers lack it, which the proposal then says. Last comes the AI grader, where one
is set up; it is not tried.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rft_core.checks import Check, build
from rft_core.checks.base import Unscored
from rft_core.checks.wording import first_words, tokens
from rft_core.errors import InputError
from rft_core.models import endpoint
from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Record, Rubric
from rft_core.rubric.from_form import close_to
from rft_core.rubric.ids import with_own_ids
from rft_core.rubric.rules.candidates import Candidate
from rft_core.rubric.rules.case_parts import answer_words, fields_in, spoken, words_of
from rft_core.rubric.rules.cases_meant import demanded_of_some, held_to, tags_of
from rft_core.rubric.rules.cues import candidates_for, shared_layout
from rft_core.rubric.rules.faults import fault_named, taken_off
from rft_core.rubric.rules.quote_cues import quoting
from rft_core.rubric.rules.said_points import without_points
from rft_core.rubric.rules.two_demands import behind_colon
from rft_core.rubric.rules.value_cues import by_field
from rft_core.rubric.tailored import made_for
from rft_core.rubric.traps import TRAPS, Case, cases_of

MOST = 3
"""Ways that are proposed."""
MAX_TRIED = 40
MAIN_POINTS = 5
"""Of the main criterion of a first rubric; each other one has 1."""
MET_BY = 0.8
"""Share of the expert's answers that must meet a way."""
WRONG_ANSWERS = ("wrong", "other", "all_choices", "case", "long", "stuffed", "empty")
"""Traps on which a way is tried and a criterion is shown, the most natural first."""


class Shown(Record):
    """An answer to one of the expert's cases."""

    example_id: str
    answer: str
    counted: str = ""
    """What is counted in it, as a sentence, where a check counts; else nothing."""


class Proposal(Record):
    """A way to check a rule."""

    check: CheckSpec
    is_penalty: bool
    """Whether it finds a fault, so that its points should be negative."""
    is_form: bool
    """Whether it is about the layout rather than what is said."""
    passes: Shown | None = None
    fails: Shown | None = None
    """Answers that pass and fail; None for the AI grader, which is not asked for this."""
    met_by: int = 0
    """Expert answers that are good under it."""
    of: int = 0
    """Expert answers on which it was tried."""

    is_guess: bool = False
    """Whether it may not be what the rule means, and the expert's answers do not bear it out: words
    that may not be meant letter by letter, or a length. To be chosen by a person only."""

    note: str = ""
    """A sentence on why it looks at this, where that does not stand in the rule."""
    tags: tuple[str, ...] = ()
    """Tags that the rule names: of the cases for which alone it is meant."""
    text: str = ""
    """The rule as this checks it, where that is not as it was written: a reward for what is there
    of a rule that takes points off for what is not."""

    @property
    def was_tried(self) -> bool:
        """Whether answers were graded by it; an AI grader is not asked for this."""
        return self.of > 0


def propose(
    rule: str,
    train: Sequence[Example],
    fault: bool = False,
    rubric: Rubric | None = None,
    form: Sequence[AnswerPart] = (),
) -> list[Proposal]:
    """Return at most three ways to check a rule on training cases, the likeliest first.

    With `fault` the rule names what an answer must not do, even if it does not say "not"; so does
    one that takes points off; off for what is not there, it is checked as a reward for what is.
    Labels are those that the answer's form has, else those that the rubric's checks list, else
    those of the cases. An AI grader that is set up is
    the last way, for any rule. Without one the list is empty where nothing in the rule can be
    looked up in an answer, or no case has an expert answer.
    """
    if not rule.strip():
        return []
    named = fault_named(rule) if fault else taken_off(rule)
    if named is not None:
        rule, fault = named.text, True
    else:
        rule = without_points(rule)
    asked = [] if endpoint.obstacle() else [_by_asking(rule, fault)]
    if named is not None and named.is_absence:
        fault, rule = False, named.wanted
    found = _lookups(rule, train, fault, rubric, form) if rule else []
    if named is not None and named.is_absence:
        fitting = [way for way in found if not (way.is_penalty or _names_choice(rule, way))]
        found = [way.with_changes(text=rule) for way in fitting]
    return [*found[: MOST - len(asked)], *asked]


def _names_choice(rule: str, way: Proposal) -> bool:
    """Say whether a rule names one of the choices that a way compares: no other one is as good."""
    labels = map(str, way.check.parameters.get("labels", ()))
    return any(spoken(label) <= spoken(rule) for label in labels)


def _by_asking(rule: str, fault: bool) -> Proposal:
    check = CheckSpec.model_validate({"kind": "judge", "question": rule})
    return Proposal(check=check, is_penalty=fault, is_form=False)


def _lookups(
    rule: str,
    train: Sequence[Example],
    fault: bool,
    rubric: Rubric | None,
    form: Sequence[AnswerPart],
) -> list[Proposal]:
    """Return the ways that look something up in the answer, the likeliest first."""
    cases = cases_of(train, MAX_TRIED, rubric, form)
    if not cases:
        return []
    own = answer_words(cases)
    held = held_to(rule, tags_of(train, own), own)
    rule, tags = (held.rest, held.tags) if held else (demanded_of_some(rule, own), ())
    tagged = [case for case in cases if not set(tags).isdisjoint(case.example.tags)]
    found: dict[str, Proposal] = {}
    second = behind_colon(rule)
    demands = (second, rule[: rule.rindex(second)]) if second else (rule,)
    for candidate in chain.from_iterable(_ordered(said, cases, fault) for said in demands):
        key = _told_apart_by(candidate)
        if key not in found and (proposal := _tried(candidate, tagged or cases)) is not None:
            found[key] = proposal.with_changes(tags=tags)
    return list(found.values())


def _ordered(rule: str, cases: Sequence[Case], fault: bool) -> list[Candidate]:
    return sorted(candidates_for(rule, cases, fault), key=lambda c: -c.weight)


def _told_apart_by(candidate: Candidate) -> str:
    """Return what no two ways that are offered share: the kind and the field, or all of a length.

    A rule may give two lengths, and one may be meant as wanted or as a fault.
    """
    if candidate.parameters["kind"] == "length":
        return f"{candidate.parameters} {candidate.is_fault}"
    return f"{candidate.parameters['kind']} {candidate.parameters.get('field')}"


def works(check: CheckSpec, train: Sequence[Example]) -> bool:
    """Say whether the expert's answers to training cases meet a check, and a wrong one does not."""
    cases = cases_of(train, MAX_TRIED)
    parameters = {"kind": check.kind} | check.parameters
    return bool(cases) and _tried(Candidate(0, parameters), cases) is not None


def ways_by_value(train: Sequence[Example], form: Sequence[AnswerPart] = ()) -> dict[str, Proposal]:
    """Return the likeliest way to hold answers to each expected value, where there is one."""
    return _ways_of(cases_of(train, MAX_TRIED, form=form))


def _ways_of(cases: Sequence[Case]) -> dict[str, Proposal]:
    return {field: way for field in fields_in(cases) if (way := _way_of(field, cases)) is not None}


def called(field: str, form: Sequence[AnswerPart]) -> str:
    """Return what a rule calls an expected value: “Net debt / EBITDA” where a part of another name
    holds it, else the value's own words."""
    label = next((part.label for part in form if part.field == field), "")
    own = words_of(field)
    return f"“{label}”" if label and tokens(label) != tokens(own) else own


def first_rubric(
    train: Sequence[Example], form: Sequence[AnswerPart] = ()
) -> tuple[Criterion, ...]:
    """Return criteria to begin with: one for each expected value that an answer can be held to.

    Most points go to the first value that is a choice (or the first of all), one to the layout that
    all expert answers share. Empty without expert answers or expected values.
    """
    cases = cases_of(train, MAX_TRIED, form=form)
    ways = _ways_of(cases)
    if not ways:
        return ()
    main = next((field for field in ways if field in cases[0].choices), next(iter(ways)))
    ordered = [main, *(field for field in ways if field != main)]
    found = [
        _criterion(_rule_of(called(f, form), ways[f]), ways[f], MAIN_POINTS if f == main else 1)
        for f in ordered
    ]
    if main in cases[0].choices:
        several = _first_tried(
            by_field(f"Only one {main}", spoken(words_of(main)) | {"only"}, main, cases, True),
            cases,
        )
        if several is not None and several.is_penalty:
            found.append(_criterion(f"Gives more than one {called(main, form)}", several, -1))
    layout = _first_tried(shared_layout(cases), cases)
    if layout is not None:
        found.append(_criterion("Keeps the layout of the expert answers", layout, 1))
    return with_own_ids(found)


def _rule_of(name: str, way: Proposal) -> str:
    return close_to(f"the {name}") if way.check.kind == "overlap" else f"Gives the right {name}"


def _way_of(field: str, cases: Sequence[Case]) -> Proposal | None:
    """Return the likeliest way to hold an answer to an expected value."""
    said = spoken(words_of(field)) | {"right"}
    candidates = [*by_field(f"right {field}", said, field, cases, False)]
    quotes = (c for c in quoting(cases) if c.parameters.get("field") == field)
    return _first_tried((*quotes, *sorted(candidates, key=lambda c: -c.weight)), cases)


def _first_tried(candidates: Iterable[Candidate], cases: Sequence[Case]) -> Proposal | None:
    tried = (_tried(candidate, cases) for candidate in candidates)
    return next((way for way in tried if way is not None), None)


def _criterion(text: str, way: Proposal, points: float) -> Criterion:
    return Criterion(
        id="_".join(tokens(text).split()) or "criterion", text=text, points=points,
        aspect="form" if way.is_form else "substance", check=way.check,
    )  # fmt: skip


def _tried(candidate: Candidate, cases: Sequence[Case]) -> Proposal | None:
    """Return the way with an answer that passes and one that fails; None if it does not work."""
    spec = CheckSpec(**candidate.parameters)
    try:
        check = build(spec)
    except InputError:
        return None
    fault = check.finds_fault or candidate.is_fault
    check.prepare([(case.reference, case.example) for case in cases])
    met = [(c, _is_met(check, c.reference, c.example, fault)) for c in cases]
    cases = [c for c, is_met in met if is_met is not None]
    if not cases:
        return None
    good = [c for c, is_met in met if is_met]
    is_usual = len(good) >= MET_BY * len(cases)
    if not is_usual and not candidate.is_said:
        return None
    for passes, case in _passing(candidate, check, good, cases):
        if not _is_met(check, passes, case.example, fault):
            continue
        for answer in _wrong(check, case, fault):
            if not _is_met(check, answer, case.example, fault):
                return Proposal(
                    check=spec,
                    is_penalty=fault,
                    is_form=candidate.is_form,
                    passes=shown_by(check, passes, case.example),
                    fails=shown_by(check, answer, case.example),
                    met_by=len(good),
                    of=len(cases),
                    is_guess=candidate.is_guess and (fault or not is_usual),
                    note=candidate.note,
                )
    return None


def _passing(
    candidate: Candidate, check: Check, good: Sequence[Case], cases: Sequence[Case]
) -> Iterator[tuple[str, Case]]:
    """Yield answers that may be shown as passing: expert's, or made for the check."""
    if candidate.by_another:
        yield from ((answer, case) for case in good for answer in made_for(check, case).met)
    yield from ((case.reference, case) for case in good)
    if candidate.is_said and not good:
        yield from ((answer, case) for case in cases for answer in made_for(check, case).met)


def _wrong(check: Check, case: Case, fault: bool) -> Iterator[str]:
    made = made_for(check, case)
    yield from made.met if fault else made.unmet
    for name in WRONG_ANSWERS:
        answer = TRAPS[name][1](case)
        if answer is not None:
            yield answer
    yield first_words(case.reference, 1)


def shown_by(check: Check, answer: str, example: Example) -> Shown:
    """Return an answer as it is shown for a check, which grades it."""
    counted = check.grade(answer, example).reason if check.kind == "length" else ""
    return Shown(example_id=example.id, answer=answer, counted=counted)


def _is_met(check: Check, answer: str, example: Example, fault: bool) -> bool | None:
    """Say whether an answer is good under the check: meets it, or is free of its fault.

    None where the case lacks what the check reads, which says nothing of it.
    """
    try:
        value = check.grade(answer, example).value
    except Unscored:
        return None
    except Exception:  # as in grading: what a check cannot grade is not met
        return False
    return value == 0 if fault else value == 1
