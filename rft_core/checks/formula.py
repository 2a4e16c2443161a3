"""A formula over other criteria of the rubric: its value is computed from theirs.

A criterion that only serves as a part of a formula has 0 points.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from pydantic import Field, field_validator

from rft_core.checks.base import Check, Unscored, Verdict
from rft_core.checks.expression import (
    MAX_FORMULA_CHARS,
    Call,
    Chain,
    Gap,
    Name,
    Node,
    NoFormula,
    NoValue,
    Number,
    evaluate,
    gap,
    names,
    parse,
    renamed,
    written,
)
from rft_core.checks.wording import listing, shown
from rft_core.records import Example

Shape = Literal["all", "best", "average"]
"""Ready-made formulas: min(a, b), max(a, b), (a + b) / 2."""
_NAMED = 4
"""Parts named in a reason."""


class Part(NamedTuple):
    """One criterion in a ready-made formula."""

    name: str
    avoided: bool = False
    """Whether it finds a fault, so that 1 less its value counts."""


class Formula(Check):
    """Computes its value from how far other criteria of the rubric are met (0 to 1), by their id.

    The result is kept within 0 and 1. See `rft_core.checks.expression` for what can be written.
    """

    kind: str = "formula"
    formula: str = Field(max_length=MAX_FORMULA_CHARS)

    @field_validator("formula")
    @classmethod
    def _formula_can_be_read(cls, formula: str) -> str:
        if not names(parse(formula)):
            raise NoFormula("the formula names no criterion")
        return formula

    @property
    def parts(self) -> list[str]:
        """The ids of the criteria that it is made of."""
        return names(self._tree)

    def describe(self) -> str:
        return self.described({})

    def described(self, texts: Mapping[str, str]) -> str:
        """Return the sentence of `describe` with the rules' texts, by id, in place of their ids."""

        def called(name: str) -> str:
            return _called(name, texts)

        found = shape_of(self._tree)
        if found is not None:
            shape, parts = found
            listed = listing(["avoiding " * p.avoided + called(p.name) for p in parts])
            return f"{_SAID[shape]} {listed}."
        text = renamed(self.formula, {name: called(name) for name in self.parts})
        return (
            f"Earns what the formula {' '.join(text.split())} comes to, kept within 0 and 1; "
            "each name stands for how far that rule is met, 0 to 1."
        )

    def computed(
        self, values: Mapping[str, float | None], texts: Mapping[str, str] | None = None
    ) -> Verdict:
        """Return the formula's value from the other criteria's values by id.

        The reason names them by their rules, from `texts` by id.
        Where they give the formula no value, such as a division by 0, the answer earns 0. Raises
        Unscored if one of them could not be graded.
        """
        known = {name: value for name in self.parts if (value := values.get(name)) is not None}
        missing = next((name for name in self.parts if name not in known), None)
        if missing is not None:
            why = "could not be graded" if missing in values else "does not count for this case"
            raise Unscored(f"The formula needs {_called(missing, texts)}, which {why}.")
        try:
            value = evaluate(self._tree, known)
        except NoValue as error:
            return Verdict(0.0, f"The formula has no value here: {error}.")
        kept = min(1.0, max(0.0, value))
        counted = "" if kept == value else f", counted as {kept:g}"
        parts = [f"{known[name]:.2g} for {_called(name, texts)}" for name in self.parts[:_NAMED]]
        more = ["others"] if len(self.parts) > _NAMED else []
        return Verdict(kept, f"Comes to {value:.3g}{counted}, from {listing([*parts, *more])}.")

    def gap(self) -> Gap | None:
        """Return values of the parts with which the formula has no value, as far as any is found.

        Looks where every part is wholly met or not met at all.
        """
        return gap(self._tree)

    @cached_property
    def _tree(self) -> Node:
        return parse(self.formula)

    def _grade(self, answer: str, example: Example) -> Verdict:
        raise Unscored("A formula is computed only together with the criteria that it names.")


def _called(name: str, texts: Mapping[str, str] | None) -> str:
    """Return a criterion's rule in quotation marks; what its id says where that is not known."""
    return shown((texts or {}).get(name) or name.replace("_", " "))


_SAID: dict[Shape, str] = {
    "all": "Earns as much as the least met of",
    "best": "Earns as much as the best met of",
    "average": "Earns the average of",
}


def formula_of(shape: Shape, parts: Sequence[Part]) -> str:
    """Return the text of a ready-made formula."""
    terms = [f"(1 - {written(p.name)})" if p.avoided else written(p.name) for p in parts]
    if shape == "average":
        return f"({' + '.join(terms)}) / {len(terms)}"
    return f"{'min' if shape == 'all' else 'max'}({', '.join(terms)})"


def shape_of(node: Node) -> tuple[Shape, list[Part]] | None:
    """Return which ready-made formula this is, and of which parts; None if it is another one."""
    match node:
        case Call("min", arguments):
            return _shaped("all", arguments)
        case Call("max", arguments):
            return _shaped("best", arguments)
        case Chain(whole, (("/", Number(count)),)):
            terms = _added(whole)
            return _shaped("average", terms) if len(terms) == count else None
    return None


def _added(node: Node) -> tuple[Node, ...]:
    """Return the terms of a sum without a minus; of anything else, itself."""
    if isinstance(node, Chain) and all(mark == "+" for mark, _ in node.rest):
        return (node.first, *(term for _, term in node.rest))
    return (node,)


def _shaped(shape: Shape, terms: Sequence[Node]) -> tuple[Shape, list[Part]] | None:
    parts = [part for term in terms if (part := _part(term)) is not None]
    return (shape, parts) if len(parts) == len(terms) else None


def _part(node: Node) -> Part | None:
    match node:
        case Name(name):
            return Part(name)
        case Chain(Number(1), (("-", Name(name)),)):
            return Part(name, avoided=True)
    return None
