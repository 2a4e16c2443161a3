"""Finding what is wrong with a rubric before minutes of training are spent on it.

`lint` never raises: a rubric that cannot be built is a finding, not an error. What needs grading
is tried on at most `MAX_TRIED` examples.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Literal

from rft_core.checks import KINDS, Check, Unknown, build
from rft_core.checks.wording import listing, shown
from rft_core.errors import InputError
from rft_core.records import Criterion, Example, Grade, Record, Rubric
from rft_core.rubric.grading import ALL_OFF, Grader
from rft_core.rubric.scoring import MIN_COVERAGE, empty_share

MAX_TRIED = 200
EMPTY_MOST = 0.25
"""Largest share of the score that an empty answer may have."""
REFERENCE_LEAST = 0.9
WRONG_MOST = 0.5
"""Largest share of the references' points that well-formed wrong answers may earn."""
SUBSTANCE_LEAST = 0.5
SWAMP = 0.7
WRONG_TRIES = 3
NAMED = 5
"""Examples named in a message."""


class Finding(Record):
    """One thing to mend (stop) or to think about (warn)."""

    severity: Literal["stop", "warn"]
    criterion_id: str | None = None
    message: str
    fix: str


def lint(rubric: Rubric, examples: Sequence[Example]) -> list[Finding]:
    """Return what is wrong with the rubric, on its own and on these examples; worst first."""
    findings = [*_points(rubric), *_checks(rubric), *_balance(rubric)]
    findings += [*_missing_fields(rubric, examples), *_for_no_case(rubric, examples)]
    try:
        grader = Grader(rubric)
    except InputError:
        grader = None
    if grader is not None:
        findings += _tried(grader, examples[:MAX_TRIED])
    return sorted(findings, key=lambda finding: finding.severity != "stop")


def _points(rubric: Rubric) -> Iterator[Finding]:
    if not rubric.criteria:
        yield Finding(
            severity="stop",
            message="The rubric has no criteria.",
            fix="Add at least one criterion with points.",
        )
    elif not rubric.active:
        yield Finding(severity="stop", message=ALL_OFF, fix="Switch at least one of them on.")
    elif not any(criterion.points > 0 for criterion in rubric.active):
        yield Finding(
            severity="stop",
            message="No criterion has positive points, so no answer could win any.",
            fix="Give at least one criterion positive points.",
        )
    for criterion in rubric.active:
        if criterion.points == 0:
            yield _stop(criterion, "has 0 points.", "Give it points or remove it.")


def _checks(rubric: Rubric) -> Iterator[Finding]:
    total = sum(abs(criterion.points) for criterion in rubric.active)
    for criterion in rubric.active:
        check = _try_build(criterion)
        if isinstance(check, InputError):
            yield _stop(criterion, f"cannot grade. {check.message}", check.fix)
        elif isinstance(check, Unknown):
            too_much = abs(criterion.points) > (1 - MIN_COVERAGE) * total
            yield Finding(
                severity="stop" if too_much else "warn",
                criterion_id=criterion.id,
                message=f'"{criterion.id}" uses the check "{check.kind}", which this version does '
                "not know: it will be left unscored.",
                fix=f"Choose another check: {', '.join(KINDS)}.",
            )
        elif check.finds_fault and criterion.points > 0:
            yield _warn(
                criterion,
                "is met by a fault, yet it gives points.",
                "Make its points negative.",
            )


def _balance(rubric: Rubric) -> Iterator[Finding]:
    positive = sum(c.points for c in rubric.active if c.points > 0)
    total = sum(abs(c.points) for c in rubric.active)
    substance = sum(c.points for c in rubric.active if c.points > 0 and c.aspect == "substance")
    if positive and substance < SUBSTANCE_LEAST * positive:
        yield Finding(
            severity="warn",
            message=f"Only {substance / positive:.0%} of the points are for what the answer says; "
            "the rest is for its form.",
            fix="Give criteria of substance at least half of the points.",
        )
    for criterion in rubric.active:
        if len(rubric.active) > 1 and abs(criterion.points) > SWAMP * total:
            yield _warn(
                criterion,
                f"carries {abs(criterion.points) / total:.0%} of all points, so the other "
                "criteria hardly matter.",
                "Lower its points or raise the others'.",
            )


def _missing_fields(rubric: Rubric, examples: Sequence[Example]) -> Iterator[Finding]:
    for criterion in rubric.active:
        check = _try_build(criterion)
        field = None if isinstance(check, InputError) else check.reads
        if field is None:
            continue
        graded = [e for e in examples if criterion.counts_for(e)]
        lacking = [e.id for e in graded if e.fields.get(field) in (None, "")]
        if lacking:
            yield Finding(
                severity="stop" if len(lacking) == len(graded) else "warn",
                criterion_id=criterion.id,
                message=f'"{criterion.id}" reads "{field}", which {_examples(lacking)} not have.',
                fix=f'Fill in "{field}", or choose another check.',
            )


def _for_no_case(rubric: Rubric, examples: Sequence[Example]) -> Iterator[Finding]:
    """Find criteria that no case has a tag of, and cases that no criterion gives points for."""
    for criterion in rubric.active:
        if examples and not any(criterion.counts_for(e) for e in examples):
            yield _warn(
                criterion,
                f"is only for cases tagged {listing([shown(t) for t in criterion.tags], 'or')}, "
                "and there are none.",
                "Give cases the tag, or let it count for all.",
            )
    without = [e.id for e in examples if not any(c.points > 0 for c in rubric.criteria_for(e))]
    if without and any(criterion.points > 0 for criterion in rubric.active):
        yield Finding(
            severity="stop" if len(without) == len(examples) else "warn",
            message=f"No criterion gives points for answers to {_named(without)}, so they cannot "
            "be graded.",
            fix="Let at least one criterion with points count for all cases.",
        )


def _tried(grader: Grader, examples: Sequence[Example]) -> Iterator[Finding]:
    yield from _ids_used_twice(grader, examples)
    yield from _empty_answer(grader, examples)
    graded = {e.id: grader.grade(e.reference, e) for e in examples if e.reference}
    yield from _cannot_grade(grader, examples, graded)
    yield from _references(graded)
    yield from _wrong_answers(grader, examples, graded)


def _ids_used_twice(grader: Grader, examples: Sequence[Example]) -> Iterator[Finding]:
    ids: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        for used in {c.id for c in example.criteria or ()}:
            ids[used].append(example.id)
    for criterion in grader.rubric.criteria:
        if criterion.id in ids:
            yield _warn(
                criterion,
                f"is also the id of a criterion of {_named(ids[criterion.id])}; only the "
                "rubric's is used.",
                "Give the examples' criterion another id.",
            )


def _empty_answer(grader: Grader, examples: Sequence[Example]) -> Iterator[Finding]:
    how = grader.rubric.scoring
    scores = [s for e in examples if (s := grader.grade("", e).score) is not None]
    spared = (
        fmean(empty_share(grader.criteria_for(e), how) for e in examples)
        if examples
        else (empty_share(grader.rubric.active, how))
    )
    share = max([spared, *([fmean(scores)] if scores else [])])
    if share > EMPTY_MOST:
        yield Finding(
            severity="warn",
            message=f"An empty answer already has {share:.0%} of the full score, because it is "
            "spared the penalties or meets a criterion.",
            fix="Make the penalties smaller or the positive points larger.",
        )


def _cannot_grade(
    grader: Grader, examples: Sequence[Example], graded: dict[str, Grade]
) -> Iterator[Finding]:
    known = {c.id: c for e in examples for c in reversed(grader.criteria_for(e))}
    failed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example_id, grade in graded.items():
        for criterion_id, value in grade.values.items():
            if value is None:
                failed[criterion_id, grade.reasons[criterion_id]].append(example_id)
    for (criterion_id, reason), ids in failed.items():
        if not _reported_already(known[criterion_id], reason):
            yield _warn(
                known[criterion_id],
                f"could not grade the expert's answer to {_named(ids)}. {reason}",
                "Correct the expected value there, or the check.",
            )


def _reported_already(criterion: Criterion, reason: str) -> bool:
    check = _try_build(criterion)
    if isinstance(check, InputError):
        return False
    return (
        isinstance(check, Unknown)
        or reason == f'The example has no "{check.reads}" to compare with.'
    )


def _references(graded: dict[str, Grade]) -> Iterator[Finding]:
    low = [i for i, g in graded.items() if g.score is not None and g.score < REFERENCE_LEAST]
    if low:
        yield Finding(
            severity="warn",
            message=f"The expert's own answers to {_named(low)} do not get (nearly) full points.",
            fix="Look at their points: either the answer or the rubric is not what you mean.",
        )


def _wrong_answers(
    grader: Grader, examples: Sequence[Example], graded: dict[str, Grade]
) -> Iterator[Finding]:
    cases = [e for e in examples if e.id in graded and graded[e.id].score is not None]
    key = _main_field(grader)
    wrong: list[float] = []
    right: list[float] = []
    for position, example in enumerate(cases):
        others = [*cases[position + 1 :], *cases[:position]]
        different = [e for e in others if _answer_key(e, key) != _answer_key(example, key)]
        for other in different[:WRONG_TRIES]:
            wrong.append(grader.grade(other.reference or "", example).net)
            right.append(graded[example.id].net)
    if wrong and fmean(right) > 0 and fmean(wrong) >= WRONG_MOST * fmean(right):
        yield Finding(
            severity="warn",
            message=f"Well-formed but wrong answers earn {fmean(wrong) / fmean(right):.0%} of what "
            "the expert's answers earn.",
            fix="Give more points to what the answer says, fewer to its form.",
        )


def _main_field(grader: Grader) -> str | None:
    """Return the field read by the positive criterion of substance with most points."""
    reading = [
        (criterion.points, check.reads)
        for criterion in grader.rubric.active
        if criterion.points > 0
        and criterion.aspect == "substance"
        and not isinstance(check := _try_build(criterion), InputError)
        and check.reads
    ]
    return max(reading, key=lambda pair: pair[0])[1] if reading else None


def _answer_key(example: Example, field: str | None) -> str:
    value = example.fields.get(field) if field else example.reference
    return " ".join(str(value).casefold().split())


def _try_build(criterion: Criterion) -> Check | InputError:
    try:
        return build(criterion.check)
    except InputError as error:
        return error


def _stop(criterion: Criterion, message: str, fix: str) -> Finding:
    return Finding(
        severity="stop",
        criterion_id=criterion.id,
        message=f'"{criterion.id}" {message}',
        fix=fix,
    )


def _warn(criterion: Criterion, message: str, fix: str) -> Finding:
    return _stop(criterion, message, fix).with_changes(severity="warn")


def _examples(ids: Sequence[str]) -> str:
    if len(ids) == 1:
        return f"1 example ({ids[0]}) does"
    return f"{len(ids)} examples ({_first(ids)}) do"


def _named(ids: Sequence[str]) -> str:
    return f"{len(ids)} example{'' if len(ids) == 1 else 's'} ({_first(ids)})"


def _first(ids: Sequence[str]) -> str:
    more = ", …" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more
