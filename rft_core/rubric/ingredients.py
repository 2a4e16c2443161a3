"""The formulas of a rubric and the criteria they are made of."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rft_core.checks import build
from rft_core.checks.expression import renamed, written
from rft_core.checks.formula import Formula
from rft_core.checks.wording import shown
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Criterion, Rubric

NO_POINTS = "has 0 points, and no formula uses it."
GIVE_POINTS = "Give it points, negative ones for a penalty, use it in a formula, or remove it."


class Problem(NamedTuple):
    """Why a formula cannot be computed in its rubric."""

    criterion: Criterion
    message: str
    """A sentence without its subject, such as 'names "x", which …'."""
    fix: str


def formula_in(check: CheckSpec) -> Formula | None:
    """Return the check if it is a formula that can be read."""
    try:
        found = build(check)
    except InputError:
        return None
    return found if isinstance(found, Formula) else None


def used_in_formulas(rubric: Rubric) -> set[str]:
    """Return the ids that the formulas of the rubric name, those switched off left out."""
    return named_in_formulas(rubric.active)


def named_in_formulas(criteria: Iterable[Criterion]) -> set[str]:
    """Return the ids that the formulas among these criteria name."""
    formulas = (formula_in(criterion.check) for criterion in criteria)
    return {name for formula in formulas if formula is not None for name in formula.parts}


def worth(rubric: Rubric) -> dict[str, float]:
    """Return how many points hang on each criterion that is switched on, penalties as positive.

    On one with 0 points hang those of the formulas that name it.
    """
    found = {criterion.id: abs(criterion.points) for criterion in rubric.active}
    parts = {criterion.id for criterion in rubric.active if criterion.points == 0}
    for criterion in rubric.active:
        formula = formula_in(criterion.check)
        for name in parts.intersection(formula.parts) if formula is not None else ():
            found[name] += abs(criterion.points)
    return found


def is_penalty(criterion: Criterion) -> bool:
    """Say whether it is about a fault: by its points or, where it has none, by its check."""
    if criterion.points:
        return criterion.points < 0
    try:
        return build(criterion.check).finds_fault
    except InputError:
        return False


def problems(rubric: Rubric) -> Iterator[Problem]:
    """Yield formulas that name what they cannot use: nothing known, themselves, another formula."""
    by_id = {criterion.id: criterion for criterion in rubric.criteria}
    for criterion in rubric.active:
        formula = formula_in(criterion.check)
        for name in formula.parts if formula is not None else ():
            why = _why_not(name, criterion, by_id)
            if why:
                yield Problem(
                    criterion,
                    f"is a formula that names {_called(name, by_id)}, which {why}.",
                    "Name other criteria of this rubric that are switched on.",
                )
                break


def renamed_in_formula(check: CheckSpec, ids: Mapping[str, str]) -> CheckSpec:
    """Return the check with the ids in its formula, if it is one, replaced."""
    formula = formula_in(check)
    if formula is None:
        return check
    replacements = {name: written(ids[name]) for name in formula.parts if name in ids}
    return check.with_changes(formula=renamed(formula.formula, replacements))


def _called(name: str, by_id: Mapping[str, Criterion]) -> str:
    """Return the rule that a formula names, or the name where there is none."""
    return shown((by_id[name].text if name in by_id else "") or name)


def _why_not(name: str, criterion: Criterion, by_id: Mapping[str, Criterion]) -> str:
    if name not in by_id:
        return "is no criterion of this rubric"
    if name == criterion.id:
        return "is that formula itself"
    if not by_id[name].enabled:
        return "is switched off"
    if by_id[name].check.kind == "formula":
        return "is a formula too"
    return ""
