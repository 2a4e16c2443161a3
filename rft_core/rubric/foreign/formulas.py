"""Formulas over graders: which are weighted sums, so that the weights can be points, and between
what values the others lie."""

import math
from collections.abc import Mapping
from itertools import product
from typing import NamedTuple

from rft_core.checks.expression import (
    Call,
    Chain,
    Name,
    Node,
    NoFormula,
    NoValue,
    Number,
    evaluate,
    names,
    parse,
)

MOST_CORNERS = 10
"""Names in a formula whose extremes are looked for."""
_CONSTANT = ()

Names = tuple[str, ...]
"""A grader, or several of which the greatest counts."""


class WeightedSum(NamedTuple):
    """Σ weight · grader + constant."""

    weights: Mapping[Names, float]
    constant: float


class _NoSum(Exception):
    pass


def weighted_sum(formula: str) -> WeightedSum | None:
    """Read "(2 * a - b + 1) / 3" or "max(a, b)"; None for any other kind of formula.

    A division of the whole changes no order of answers and is left out.
    """
    try:
        node, sign = parse(formula), 1.0
        while isinstance(node, Chain) and node.rest[-1][0] == "/":
            *before, (_, divisor) = node.rest
            sign *= math.copysign(1, _number_of(_terms(divisor)))
            node = Chain(node.first, tuple(before)) if before else node.first
        terms = {names: sign * weight for names, weight in _terms(node).items()}
    except (_NoSum, NoFormula):
        return None
    constant = terms.pop(_CONSTANT, 0.0)
    weights = {names: weight for names, weight in terms.items() if weight}
    return WeightedSum(weights, constant) if weights else None


def extremes(formula: str) -> tuple[float, float] | None:
    """Return the lowest and the highest value where every grader gives 0 or 1.

    None for too many graders, or a formula without a value wherever it was tried. Raises NoFormula.
    """
    node = parse(formula)
    used = names(node)
    if len(used) > MOST_CORNERS:
        return None
    found = []
    for corner in product((0.0, 1.0), repeat=len(used)):
        try:
            found.append(evaluate(node, dict(zip(used, corner, strict=True))))
        except NoValue:
            continue
    return (min(found), max(found)) if found else None


def _terms(node: Node) -> dict[Names, float]:
    """Return the weights by grader, with the constant under ()."""
    match node:
        case Number(value):
            return {_CONSTANT: value}
        case Name(name):
            return {(name,): 1.0}
        case Call("neg", (inner,)):
            return _scaled(_terms(inner), -1.0)
        case Call("max", arguments) if len(arguments) > 1:
            named = tuple(one.name for one in arguments if isinstance(one, Name))
            if len(named) == len(arguments):
                return {named: 1.0}
        case Chain(first, rest):
            total = _terms(first)
            for mark, part in rest:
                total = _combined(total, mark, _terms(part))
            return total
    raise _NoSum


def _combined(one: dict[Names, float], mark: str, other: dict[Names, float]) -> dict[Names, float]:
    if mark in "+-":
        return _added(one, _scaled(other, 1.0 if mark == "+" else -1.0))
    if mark == "/":
        return _scaled(one, 1 / _number_of(other))
    if set(one) <= {_CONSTANT}:
        return _scaled(other, _number_of(one))
    return _scaled(one, _number_of(other))


def _added(one: Mapping[Names, float], other: Mapping[Names, float]) -> dict[Names, float]:
    return {names: one.get(names, 0.0) + other.get(names, 0.0) for names in {**one, **other}}


def _scaled(terms: Mapping[Names, float], factor: float) -> dict[Names, float]:
    return {names: _finite(weight * factor) for names, weight in terms.items()}


def _number_of(terms: Mapping[Names, float]) -> float:
    """Return the value of a term that is a number other than 0."""
    value = terms.get(_CONSTANT, 0.0)
    if set(terms) != {_CONSTANT} or not value:
        raise _NoSum
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise _NoSum
    return value
