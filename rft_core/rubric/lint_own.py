"""What is wrong with the criteria that single cases bring, and how to do without those."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from rft_core.errors import InputError
from rft_core.records import Criterion, Example, Rubric
from rft_core.rubric.findings import Finding, called, named, try_build
from rft_core.rubric.ingredients import named_in_formulas
from rft_core.rubric.scoring import too_little


def own_criteria(rubric: Rubric, examples: Sequence[Example]) -> Iterator[Finding]:
    """Find cases' own criteria that cannot grade, and cases that get no points because of them."""
    of_rubric = {criterion.id for criterion in rubric.criteria}
    failing: dict[str, list[tuple[Criterion, str]]] = defaultdict(list)
    lost = []
    for example in examples:
        if not example.criteria:
            continue
        counted = rubric.criteria_for(example)
        own = [c for c in counted if c.id not in of_rubric]
        parts = named_in_formulas(own)
        failed = [(c, reason) for c in own if (reason := _failure(c, example, parts))]
        for criterion, reason in failed:
            failing[reason].append((criterion, example.id))
        ungraded = sum(abs(criterion.points) for criterion, _ in failed)
        total = sum(abs(criterion.points) for criterion in counted)
        if too_little(total - ungraded, total):
            lost.append(example.id)
    yield from (_cannot(reason, found) for reason, found in failing.items())
    if lost:
        yield Finding(
            severity="stop" if len(lost) == len(examples) else "warn",
            message=f"Answers to {named(lost)} get no points, because too little of what their own "
            "criteria ask for can be graded.",
            fix="Choose other checks for these criteria, or switch them off.",
            example_ids=tuple(lost),
        )


def has_no_check(criterion: Criterion) -> bool:
    """Say whether a criterion counts although nothing here can decide it."""
    check = try_build(criterion)
    return criterion.enabled and not isinstance(check, InputError) and bool(check.obstacle)


def without_a_check_off(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Return the examples with those of their own criteria switched off that have no check here."""
    return tuple(_off(e) if any(map(has_no_check, e.criteria or ())) else e for e in examples)


def _off(example: Example) -> Example:
    own = example.criteria or ()
    return example.with_changes(
        criteria=[c.with_changes(enabled=False) if has_no_check(c) else c for c in own]
    )


def _failure(criterion: Criterion, example: Example, parts: Collection[str]) -> str:
    """Return why the criterion cannot grade answers to its example; empty if it can.

    `parts` are the ids that the example's own formulas name, which need no points.
    """
    check = try_build(criterion)
    if isinstance(check, InputError):
        return check.message
    if check.obstacle:
        return check.obstacle
    if criterion.points == 0 and criterion.id not in parts:
        return "It has 0 points."
    if check.reads and example.fields.get(check.reads) in (None, ""):
        return f'There is no "{check.reads}" to compare with.'
    return ""


def _cannot(reason: str, found: Sequence[tuple[Criterion, str]]) -> Finding:
    criteria = {criterion.id: criterion for criterion, _ in found}
    first = found[0][0]
    ids = tuple(dict.fromkeys(example_id for _, example_id in found))
    what = called(first) if len(criteria) == 1 else f"{len(criteria)} criteria"
    return Finding(
        severity="warn",
        criterion_id=first.id if len(criteria) == 1 else None,
        message=f"{what}, for {named(ids)} alone, cannot grade. {reason}",
        fix="Change it there, or switch it off.",
        example_ids=ids,
    )
