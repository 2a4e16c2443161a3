"""How often each model made the mistakes that a rubric names, the dearest first."""

from collections.abc import Mapping, Sequence
from typing import Any

from rft_core.checks import build
from rft_core.checks.choice import same_label
from rft_core.checks.cost_table import CostTable
from rft_core.checks.wording import clean
from rft_core.records import Criterion, Example, Rubric
from rft_core.rubric.ingredients import is_penalty, worth
from rft_core.rubric.rule_words import as_fault

MOST_ERRORS = 8
"""Named mistakes in a report; the dearest come first."""

MADE = 0.5
"""Value of a penalty from which its mistake counts as made."""

Row = dict[str, Any]


def named_errors(
    by_model: Mapping[str, Mapping[str, Row]], rubric: Rubric, heldout: Sequence[Example]
) -> list[dict[str, Any]]:
    """Return how often each model made each mistake that the rubric names, and of how many cases.

    A mistake is a penalty for what an answer says (of the cases graded for every model), or a cell
    of a cost table that some model fell into, and the dearest one anyhow. `costs` is in points; a
    criterion that only counts in formulas has theirs.
    """
    points = worth(rubric)
    errors: list[dict[str, Any]] = []
    for criterion in rubric.active:
        if criterion.check.kind == "cost_table":
            errors += _cells(criterion, points[criterion.id], by_model, heldout)
        elif criterion.check.kind == "mistake" or (
            is_penalty(criterion) and criterion.aspect == "substance"
        ):
            errors.append(_mistake(criterion, points[criterion.id], by_model, heldout))
    return sorted(errors, key=lambda error: -error["costs"])[:MOST_ERRORS]


def _mistake(
    criterion: Criterion,
    points: float,
    by_model: Mapping[str, Mapping[str, Row]],
    heldout: Sequence[Example],
) -> dict[str, Any]:
    cases = {e.id for e in heldout if _could_be_made(criterion, e)}
    graded = {
        name: {i: value for i in cases & rows.keys()
               if (value := rows[i]["values"].get(criterion.id)) is not None}
        for name, rows in by_model.items()
    }  # fmt: skip
    by_all = cases.intersection(*graded.values())
    return {
        "criterion": criterion.id,
        "text": as_fault(criterion),
        "costs": points,
        "of": len(by_all),
        "models": {n: sum(values[i] >= MADE for i in by_all) for n, values in graded.items()},
    }


def _could_be_made(criterion: Criterion, example: Example) -> bool:
    """Say whether the case leaves room for the mistake: of a label, only where others are right."""
    if criterion.check.kind != "mistake" or not criterion.counts_for(example):
        return criterion.counts_for(example)
    parameters = criterion.check.parameters
    right = {str(label).casefold() for label in parameters.get("right", [])}
    return str(example.fields.get(str(parameters.get("field", "")), "")).casefold() in right


def _cells(
    criterion: Criterion,
    points: float,
    by_model: Mapping[str, Mapping[str, Row]],
    heldout: Sequence[Example],
) -> list[dict[str, Any]]:
    check = build(criterion.check)
    assert isinstance(check, CostTable)
    tables = {name: _given(rows, check, heldout) for name, rows in by_model.items()}
    found: list[dict[str, Any]] = []
    for error in check.named_errors():
        cases = [
            e.id
            for e in heldout
            if criterion.counts_for(e) and same_label(error.right, e.fields.get(check.field))
        ]
        counts = {
            name: sum(same_label(given.get(i), error.given) for i in cases)
            for name, given in tables.items()
        }
        if cases and (any(counts.values()) or not found):
            found.append(
                {
                    "criterion": criterion.id,
                    "text": f'Says "{error.given}" where "{error.right}" is right',
                    "costs": round(error.cost * points, 2),
                    "of": len(cases),
                    "models": counts,
                }
            )
    return found


def _given(
    rows: Mapping[str, Row], check: CostTable, heldout: Sequence[Example]
) -> dict[str, str | None]:
    """Return the label that each answer names."""
    return {e.id: check.decided(clean(rows[e.id]["answer"])) for e in heldout if e.id in rows}
