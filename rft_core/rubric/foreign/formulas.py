"""Formulas over graders: which are weighted sums, so that the weights can be points, and between
what values the others lie."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from rft_core.checks.expression import (
    MOST_TRIED,
    Call,
    Chain,
    Name,
    Node,
    NoFormula,
    NoValue,
    Number,
    corners,
    evaluate,
    names,
    parse,
)

_CONSTANT = ()
_NUMERAL = re.compile(r"\d+(?:e\d*)?", re.IGNORECASE)

Names = tuple[str, ...]
"""A grader, or several of which the greatest counts."""


class WeightedSum(NamedTuple):
    """Σ weight · grader + constant."""

    weights: Mapping[Names, float]
    constant: float


class Range(NamedTuple):
    """The lowest and the highest value."""

    low: float
    high: float


class _NoSum(Exception):
    pass


def readable(formula: str, graders: Collection[str]) -> str:
    """Return the formula with those graders in quotation marks whose name begins with a digit.

    No formula can hold such a name as it is; there "2_weeks" would be a number and something more.
    """
    odd = {name for name in graders if name[:1].isdigit() and not _NUMERAL.fullmatch(name)}
    return re.sub(
        r'(?<![\w."])\d\w*', lambda found: f'"{found[0]}"' if found[0] in odd else found[0], formula
    )


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


def extremes(formula: str) -> Range | None:
    """Return between which values the formula lies while each grader gives 0 to 1.

    None where that is not known. Raises NoFormula.
    """
    return _range(parse(formula))


def _range(node: Node) -> Range | None:
    """Return a range that no value of the formula leaves.

    Exact for what is linear in each grader by itself: that has its extremes where all graders give
    0 or 1. What rises with its parts is at its lowest where they are; all else is not known.
    """
    if _is_linear_in_each(node) and len(names(node)) <= MOST_TRIED:
        return _at_corners(node)
    match node:
        case Name():
            return Range(0.0, 1.0)
        case Number(value):
            return Range(value, value)
        case Call(function, arguments):
            return _of_function(function, [_range(argument) for argument in arguments], arguments)
        case Chain(first, rest):
            total = _range(first)
            for mark, part in rest:
                total = _chained(total, mark, _range(part), part)
            return total


def _chained(one: Range | None, mark: str, other: Range | None, part: Node) -> Range | None:
    """Return the range of a sum, or of a product with a number."""
    if one is None or other is None:
        return None
    if mark == "+":
        return _between(one.low + other.low, one.high + other.high)
    if mark == "-":
        return _between(one.low - other.high, one.high - other.low)
    if mark == "*" and one.low == one.high:
        return _between(one.low * other.low, one.low * other.high)
    if names(part):
        return None
    if mark == "*":
        return _between(one.low * other.low, one.high * other.low)
    return _between(one.low / other.low, one.high / other.low) if other.low else None


def _of_function(
    function: str, ranges: Sequence[Range | None], arguments: Sequence[Node]
) -> Range | None:
    """Return the range of a function that rises or falls all along."""
    known = [one for one in ranges if one is not None]
    if len(known) < len(ranges) or function == "abs":
        return None
    if function == "neg":
        return Range(-known[0].high, -known[0].low)
    if function == "^" and (names(arguments[1]) or known[0].low < 0 or known[1].low <= 0):
        return None
    try:
        low, high = (
            evaluate(Call(function, tuple(map(Number, ends))), {})
            for ends in zip(*known, strict=True)
        )
    except NoValue:
        return None
    return _between(low, high)


def _at_corners(node: Node) -> Range | None:
    try:
        found = [evaluate(node, values) for values in corners(node)]
    except NoValue:
        return None
    return Range(min(found), max(found))


def _between(one: float, other: float) -> Range | None:
    return Range(min(one, other), max(one, other)) if math.isfinite(one + other) else None


def _is_linear_in_each(node: Node) -> bool:
    """Say whether the formula is made of sums and products in which no grader meets itself."""
    match node:
        case Name() | Number():
            return True
        case Call("neg", (inner,)):
            return _is_linear_in_each(inner)
        case Chain(first, rest):
            parts = [first, *(part for _, part in rest)]
            if not all(map(_is_linear_in_each, parts)):
                return False
            if any(mark == "/" and names(part) for mark, part in rest):
                return False
            used = [name for part in parts for name in names(part)]
            return rest[0][0] in "+-" or len(used) == len(set(used))
    return False


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
