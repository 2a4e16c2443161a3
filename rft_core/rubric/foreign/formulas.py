"""Formulas over graders: which are weighted sums, so that the weights can be points.

Only the grammar of Python's expressions is used; nothing is evaluated.
"""

import ast
import math
from collections.abc import Mapping
from typing import NamedTuple

MAX_CHARS = 5_000
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
    if len(formula) > MAX_CHARS:
        return None
    try:
        node = ast.parse(formula.strip(), mode="eval").body
        sign = 1.0
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            divisor = _number_of(_terms(node.right))
            sign *= math.copysign(1, divisor)
            node = node.left
        terms = {names: sign * weight for names, weight in _terms(node).items()}
    except (_NoSum, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    constant = terms.pop(_CONSTANT, 0.0)
    weights = {names: weight for names, weight in terms.items() if weight}
    return WeightedSum(weights, constant) if weights else None


def _terms(node: ast.expr) -> dict[Names, float]:
    """Return the weights by grader, with the constant under ()."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return {_CONSTANT: _finite(value)}
        case ast.Name(id=name):
            return {(name,): 1.0}
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _scaled(_terms(operand), -1.0)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _terms(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            sign = 1.0 if isinstance(op, ast.Add) else -1.0
            return _added(_terms(left), _scaled(_terms(right), sign))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, other = _terms(left), _terms(right)
            if set(one) <= {_CONSTANT}:
                return _scaled(other, _number_of(one))
            return _scaled(one, _number_of(other))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _scaled(_terms(left), 1 / _number_of(_terms(right)))
        case ast.Call(func=ast.Name(id="max"), args=args, keywords=[]) if len(args) > 1:
            names = tuple(arg.id for arg in args if isinstance(arg, ast.Name))
            if len(names) == len(args):
                return {names: 1.0}
    raise _NoSum


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
    try:
        number = float(value)
    except OverflowError:
        raise _NoSum from None
    if not math.isfinite(number):
        raise _NoSum
    return number
