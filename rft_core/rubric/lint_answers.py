"""What is wrong with a rubric that only shows when answers are graded with it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from rft_core.checks.base import missing_value
from rft_core.errors import InputError
from rft_core.records import Criterion, Example, Grade, Rubric
from rft_core.rubric.findings import Finding, named, stop, try_build, warn
from rft_core.rubric.grading import NOT_ASKED, Grader
from rft_core.rubric.ingredients import formula_in
from rft_core.rubric.partial_tricks import earned
from rft_core.rubric.scoring import empty_share
from rft_core.rubric.signs import may_be_meant_as_reward
from rft_core.rubric.traps import TRAPS, TRICKED, Case, Tried, cases_of, is_paid, share, tried

EMPTY_MOST = 0.25
"""Largest share of points that an empty answer may earn, or of the score that it may have."""
REFERENCE_LEAST = 0.9
WRONG_MOST = 0.5
"""Largest share of the references' points that the instruction, given back, may earn."""
WRONG = ("wrong", "other")
"""Traps that are well-formed answers."""
MOST_WITHOUT = 0.5
"""Largest share of cases that may be without points; those left would teach something else."""
SEE_TRICKS = '"Try to fool it" shows such answers, and what would stop them.'
"""What is done about tricks that pay."""
ALIKE = ("meaning", "overlap")
"""Checks that compare an answer as a whole, right or wrong."""
LEAST_SEEN = 3
"""Expert answers from which a criterion is said to come out alike on all."""


class Basis(NamedTuple):
    """What findings rest on."""

    answers: int
    """Expert answers and wrong answers made from them."""
    cases: int
    """Cases that have an expert answer."""


def basis(rubric: Rubric, examples: Sequence[Example], tricked: Sequence[Example]) -> Basis:
    """Return how many answers `by_grading` looks at, and to how many cases they are."""
    cases = cases_of(tricked, TRICKED, rubric)
    wrong = sum(make(case) is not None for case in cases for _, make in TRAPS.values())
    answered = sum(bool(example.reference) for example in examples)
    return Basis(answered + wrong, answered)


def by_grading(
    grader: Grader, examples: Sequence[Example], instruction: str, tricked: Sequence[Example]
) -> Iterator[Finding]:
    """Find what only shows when answers are graded: the expert's, wrong ones, the instruction.

    Wrong answers are made to the `tricked` cases.
    """
    yield from _ids_used_twice(grader, examples)
    answered = [(e.reference, e) for e in examples if e.reference]
    grades = grader.grade_all(answered)
    graded = {e.id: grade for (_, e), grade in zip(answered, grades, strict=True)}
    yield from _cannot_grade(grader, examples, graded)
    yield from _no_score(examples, graded)
    yield from _references(grader.rubric, graded)
    cases = _with_grades(grader, cases_of(tricked, TRICKED, grader.rubric), graded)
    wrong = {name: tried(grader, name, cases) for name in TRAPS}
    paid = [(case, grade) for case, grade in cases if is_paid(grade)]
    yield from _empty_answer(grader, examples, wrong)
    yield from _spared(grader.rubric, wrong)
    if paid:
        yield from _tricks_that_pay(grader, wrong)
        yield from _sounds_right(grader.rubric, wrong["wrong"])
        yield from _instruction(grader, paid, instruction)
    yield from _tells_nothing(grader.rubric, cases, wrong)


def _with_grades(
    grader: Grader, cases: Sequence[Case], graded: Mapping[str, Grade]
) -> list[tuple[Case, Grade]]:
    """Return cases with the grade of their expert answer, which most have already."""
    return [
        (case, graded.get(case.example.id) or grader.grade(case.reference, case.example))
        for case in cases
    ]


def _ids_used_twice(grader: Grader, examples: Sequence[Example]) -> Iterator[Finding]:
    ids: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        for used in {c.id for c in example.criteria or ()}:
            ids[used].append(example.id)
    for criterion in grader.rubric.criteria:
        if criterion.id in ids:
            yield warn(
                criterion,
                f"is also the id of a criterion of {named(ids[criterion.id])}; only the "
                "rubric's is used.",
                "Give the examples' criterion another id.",
                ids[criterion.id],
            )


def _empty_answer(
    grader: Grader, examples: Sequence[Example], wrong: Mapping[str, Sequence[Tried]]
) -> Iterator[Finding]:
    """Find a rubric under which it pays to say nothing: as such, or more than trying and failing.

    What is earned is counted as where tricks are tried: points, penalties taken off. That an answer
    without any point is spared the penalties matters only where a wrong one is not.
    """
    tries = [t for t in wrong["empty"] if is_paid(t.expert)]
    best = [t.expert.net for t in tries] or [_most(grader, e) for e in examples]
    nets = [t.grade.net for t in tries] or [grader.grade("", e).net for e in examples]
    earned = share(nets, best) if sum(best) > 0 else 0.0
    if earned > EMPTY_MOST:
        yield Finding(
            severity="warn",
            message=f"An empty answer already earns {earned:.0%} of what your own answers earn, "
            "because it meets a criterion.",
            fix="Let that criterion ask for something that an empty answer lacks.",
        )
        return
    attempts = [t for name in WRONG for t in wrong[name] if is_paid(t.expert)]
    spared = _spared_share(grader, examples)
    if not attempts or spared <= EMPTY_MOST:
        return
    attempt = fmean(t.grade.net for t in attempts)
    if attempt < min(0.0, fmean(nets)):
        yield Finding(
            severity="warn",
            message="An empty answer earns more than well-formed but wrong ones, which lose "
            f"{-attempt:.1f} points on average: it is {spared:.0%} of the way from the worst score "
            "to the best, since it is spared every penalty. Practice may learn to say nothing.",
            fix="Make the penalties smaller or the positive points larger.",
        )


def _most(grader: Grader, example: Example) -> float:
    """Return the points of a perfect answer."""
    return sum(c.points for c in grader.criteria_for(example) if c.points > 0)


def _spared_share(grader: Grader, examples: Sequence[Example]) -> float:
    """Return the mean score of an answer that meets nothing."""
    how = grader.rubric.scoring
    return fmean(empty_share(grader.criteria_for(e), how) for e in examples) if examples else 0.0


def _cannot_grade(
    grader: Grader, examples: Sequence[Example], graded: dict[str, Grade]
) -> Iterator[Finding]:
    known = {c.id: c for e in examples for c in reversed(grader.criteria_for(e))}
    failed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example_id, grade in graded.items():
        for criterion_id, value in grade.values.items():
            if value is None and not _for_a_part(known[criterion_id], grade):
                failed[criterion_id, grade.reasons[criterion_id]].append(example_id)
    for (criterion_id, reason), ids in failed.items():
        if not _reported_already(known[criterion_id], reason):
            say = stop if len(ids) == len(graded) >= LEAST_SEEN else warn
            yield say(
                known[criterion_id],
                f"could not grade your answer to {named(ids)}. {reason}",
                "Correct the expected value there, or the check.",
                ids,
            )


def _no_score(examples: Sequence[Example], graded: Mapping[str, Grade]) -> Iterator[Finding]:
    """Find cases of which so little can be graded that their answers get no points.

    Those with criteria of their own are found by `own_criteria`.
    """
    whole = [e.id for e in examples if e.id in graded and not e.criteria]
    lost = [i for i in whole if graded[i].score is None and not _waits(graded[i])]
    if lost:
        yield Finding(
            severity="stop" if len(lost) > MOST_WITHOUT * len(whole) else "warn",
            message=f"Answers to {named(lost)} get no points, because too little of the rubric can "
            "be graded for them.",
            fix="Mend what could not be graded there.",
            example_ids=tuple(lost),
        )


def _waits(grade: Grade) -> bool:
    """Say whether an AI grader is still to be asked about it."""
    return any(v is None and grade.reasons[i] == NOT_ASKED for i, v in grade.values.items())


def _for_a_part(criterion: Criterion, grade: Grade) -> bool:
    """Say whether it is a formula of which a part could not be graded, which is told by itself."""
    formula = formula_in(criterion.check)
    parts = formula.parts if formula is not None else ()
    return any(name in grade.values and grade.values[name] is None for name in parts)


def _reported_already(criterion: Criterion, reason: str) -> bool:
    check = try_build(criterion)
    return (
        isinstance(check, InputError)
        or bool(check.obstacle)
        or reason in (NOT_ASKED, missing_value(check.reads or ""))
    )


def _references(rubric: Rubric, graded: Mapping[str, Grade]) -> Iterator[Finding]:
    """Find expert answers that some criterion gives nothing, or takes points from."""
    told: set[str] = set()
    for criterion in rubric.active:
        if criterion.check.kind in ALIKE or not criterion.points:
            continue
        fails = 0 if criterion.points > 0 else 1
        ids = [i for i, grade in graded.items() if grade.values.get(criterion.id) == fails]
        tried = [i for i, grade in graded.items() if grade.values.get(criterion.id) is not None]
        if ids and (len(ids) < len(tried) or len(tried) < LEAST_SEEN):  # on all: told otherwise
            told.update(ids)
            does = "gives nothing to" if criterion.points > 0 else "takes points from"
            why = graded[ids[0]].reasons.get(criterion.id, "")
            said = f" {'Of the first' if len(ids) > 1 else 'It says'}: {why}" if why else ""
            yield warn(
                criterion,
                f"{does} your own answers to {named(ids)}.{said}",
                "Correct the answers there, or the criterion.",
                ids,
            )
    low = [
        i
        for i, grade in graded.items()
        if i not in told and grade.score is not None and grade.score < REFERENCE_LEAST
    ]
    if low:
        yield Finding(
            severity="warn",
            message=f"Your own answers to {named(low)} do not get (nearly) full points.",
            fix="Look at their points: either the answer or the rubric is not what you mean.",
            example_ids=tuple(low),
        )


def _tricks_that_pay(grader: Grader, wrong: Mapping[str, Sequence[Tried]]) -> Iterator[Finding]:
    """Find tricks that pay: the same ones, with the same shares, as where tricks are tried."""
    paying: dict[str, float] = {}
    for name, tries in wrong.items():
        paid = [one for one in tries if is_paid(one.expert)]
        earns = earned(grader, name, paid) if paid else None
        if earns is not None and earns.slips:
            paying[TRAPS[name][0]] = earns.share
    if paying:
        many = "1 trick" if len(paying) == 1 else f"{len(paying)} tricks"
        worst = sorted(paying.items(), key=lambda one: -one[1])
        told = "; ".join(f"{title.lower()} ({earns:.0%})" for title, earns in worst)
        yield Finding(
            severity="warn",
            message=f"{many} would pay half of what your own answers earn, or more: {told}.",
            fix=SEE_TRICKS,
        )


def _sounds_right(rubric: Rubric, wrong: Sequence[Tried]) -> Iterator[Finding]:
    """Find criteria of likeness that answers in the right layout reach with the wrong content."""
    for criterion in rubric.active:
        if criterion.points <= 0 or criterion.check.kind not in ALIKE:
            continue
        values = _values([t.grade for t in wrong], criterion)
        reached = sum(value >= WRONG_MOST for value in values)
        if len(values) >= LEAST_SEEN and reached >= WRONG_MOST * len(values):
            yield warn(
                criterion,
                f"pays for {reached} of {len(values)} answers that have the right layout and the "
                "wrong content: they sound alike.",
                "Use a check that looks up the right choice, or ask for more closeness.",
            )


def _instruction(
    grader: Grader, paid: Sequence[tuple[Case, Grade]], instruction: str
) -> Iterator[Finding]:
    """Find a rubric that the instruction's own text satisfies: repeating it would pay."""
    if not instruction.strip():
        return
    nets = [grader.grade(instruction, case.example).net for case, _ in paid]
    earned = share(nets, [grade.net for _, grade in paid])
    if earned >= WRONG_MOST:
        yield Finding(
            severity="warn",
            message=f"The instruction's own text, given back as the answer, earns {earned:.0%} of "
            "what the expert's answers earn.",
            fix="Ask for one choice only or for a fixed layout, which the instruction has not.",
        )


def _spared(rubric: Rubric, wrong: Mapping[str, Sequence[Tried]]) -> Iterator[Finding]:
    """Find criteria that grade the expert's answers but fail on others: failing must not pay."""
    for criterion in rubric.active:
        tries = ((name, t) for name, found in wrong.items() for t in found)
        spared = next(((name, t) for name, t in tries if _is_spared(criterion, t)), None)
        if spared is not None:
            name, trick = spared
            yield warn(
                criterion,
                f"could not grade a trick answer ({TRAPS[name][0].lower()}). "
                f"{trick.grade.reasons[criterion.id]}",
                "Let it earn nothing there; else such answers are spared the criterion.",
            )


def _is_spared(criterion: Criterion, trick: Tried) -> bool:
    return (
        trick.grade.values.get(criterion.id, 0.0) is None
        and trick.expert.values.get(criterion.id) is not None
        and not _for_a_part(criterion, trick.grade)
    )


def _tells_nothing(
    rubric: Rubric, cases: Sequence[tuple[Case, Grade]], wrong: Mapping[str, Sequence[Tried]]
) -> Iterator[Finding]:
    """Find criteria that come out alike on every answer that was tried."""
    right = [grade for _, grade in cases]
    for criterion in rubric.active:
        met = _values(right, criterion)
        if len(met) < LEAST_SEEN:
            continue
        unmet_by = _values([t.grade for n in _traps_for(criterion) for t in wrong[n]], criterion)
        if criterion.points > 0 and not any(met):
            yield warn(
                criterion, "is met by none of your own answers.",
                "Mend the check or the answers, or remove the criterion.",
            )  # fmt: skip
        elif criterion.points < 0 and all(met):
            yield warn(
                criterion,
                "takes points from every one of your own answers.",
                _for_all_lose(criterion),
            )
        elif criterion.points > 0 and unmet_by and min(*met, *unmet_by) == 1:
            yield warn(
                criterion, "is met by every answer that was tried, right or wrong.",
                "Ask for something that a wrong answer lacks, or remove the criterion.",
            )  # fmt: skip


def _for_all_lose(criterion: Criterion) -> str:
    check = try_build(criterion)
    if not isinstance(check, InputError) and may_be_meant_as_reward(criterion, check):
        return "Make its points positive, mend the check or the answers, or remove the criterion."
    return "Mend the check or the answers, or remove the criterion."


def _traps_for(criterion: Criterion) -> Iterable[str]:
    """Return the wrong answers that ought to fail: well-formed ones where substance counts."""
    return WRONG if criterion.aspect == "substance" else TRAPS


def _values(grades: Sequence[Grade], criterion: Criterion) -> list[float]:
    values = (grade.values.get(criterion.id) for grade in grades)
    return [value for value in values if value is not None]
