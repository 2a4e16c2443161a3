"""The cost of mistakes: for each right label and each given one, the share of the points kept."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple, TypeVar

from pydantic import Field, model_validator

from rft_core.checks.base import Verdict
from rft_core.checks.choice import ExpectedChoice
from rft_core.checks.wording import shown, tokens
from rft_core.records import Example

Row = dict[str, float]
Value = TypeVar("Value")


class NamedError(NamedTuple):
    """One cell of the table that costs points: `given` where `right` is right."""

    right: str
    given: str
    cost: float
    """Share of the points that it loses against the right label, over 0 to 1."""


class CostTable(ExpectedChoice):
    """Which mistake is worse: points for each given label, by the right one.

    An answer that names no label, or several, keeps nothing.
    """

    kind: str = "cost_table"
    table: dict[str, Row] = Field(min_length=1)
    """By right label, then by given label: the share of the points kept, 0 to 1."""

    @model_validator(mode="after")
    def _table_is_whole(self) -> "CostTable":
        rows = _folded(self.table, "rows")
        for label in self.labels:
            if tokens(label) not in rows:
                raise ValueError(f"the table has no row for {shown(label)}")
        _no_others(self.table, self.labels, "row")
        for name, row in self.table.items():
            cells = _folded(row, f"columns in the row {shown(name)}")
            for label in self.labels:
                if tokens(label) not in cells:
                    raise ValueError(f"the row {shown(name)} has no points for {shown(label)}")
            _no_others(row, self.labels, f"column in the row {shown(name)}")
            _in_order(name, row)
        return self

    def describe(self) -> str:
        errors = self.named_errors()
        worst = ""
        if errors and errors[0].cost > errors[-1].cost:
            worst = f' The worst mistake is "{errors[0].given}" where "{errors[0].right}" is right.'
        return (
            f"Points by a table: the answer names one of {self.listed()}{self.where()}, and how "
            f'wrong it is depends on the expected "{self.field}".{worst}'
        )

    def named_errors(self) -> list[NamedError]:
        """Return the mistakes that cost points, the dearest first."""
        found = [
            NamedError(right, given, self.share(right, right) - self.share(right, given))
            for right in self.labels
            for given in self.labels
            if self.share(right, given) < self.share(right, right)
        ]
        return sorted(found, key=lambda error: -error.cost)

    def share(self, right: str, given: str) -> float:
        """Return what is kept of the points where `given` is said and `right` is right."""
        return self._shares[tokens(right), tokens(given)]

    @cached_property
    def _shares(self) -> dict[tuple[str, str], float]:
        return shares_of(self.table)

    def _grade(self, answer: str, example: Example) -> Verdict:
        return self.graded_by(answer, example, self.share)


def shares_of(table: Mapping[str, Mapping[str, float]]) -> dict[tuple[str, str], float]:
    """Return the cells of a table by folded right and given label."""
    return {
        (tokens(right), tokens(given)): float(share)
        for right, row in table.items()
        for given, share in row.items()
    }


def _folded(named: Mapping[str, Value], what: str) -> dict[str, Value]:
    """Return the entries by folded label; ValueError where two labels are the same."""
    found: dict[str, Value] = {}
    for name, value in named.items():
        if tokens(name) in found:
            raise ValueError(f"the table has two {what} for {shown(name)}")
        found[tokens(name)] = value
    return found


def _no_others(named: Mapping[str, object], labels: tuple[str, ...], what: str) -> None:
    known = set(map(tokens, labels))
    for name in named:
        if tokens(name) not in known:
            raise ValueError(f"the table's {what} {shown(name)} is not among the choices")


def _in_order(right: str, row: Row) -> None:
    for given, share in row.items():
        if not 0 <= share <= 1:
            raise ValueError(
                f"{shown(given)} where {shown(right)} is right keeps {share:g} of the points; "
                "it must be between 0 and 1"
            )
    best = next(share for given, share in row.items() if tokens(given) == tokens(right))
    if best == 0:
        raise ValueError(f"where {shown(right)} is right, even the right answer earns nothing")
    better = [given for given, share in row.items() if share > best]
    if better:
        raise ValueError(
            f"where {shown(right)} is right, {shown(better[0])} would earn more than the right "
            "answer"
        )
