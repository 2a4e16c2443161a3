"""The checks that decide criteria: one module a family, one class a kind.

`build` turns a criterion's `CheckSpec` into a check; `KINDS` lists what can be built.
"""

from typing import Any

from pydantic import ValidationError

from rft_core.checks import sandbox
from rft_core.checks.base import Check, Unknown, Unscored, Verdict
from rft_core.checks.choice import Label, Mistake, SeveralLabels
from rft_core.checks.citation import Citation, Quote
from rft_core.checks.collection import Ranked, SetOfItems, UnknownItem
from rft_core.checks.cost_table import CostTable
from rft_core.checks.formula import Formula
from rft_core.checks.judge import Judge
from rft_core.checks.meaning import Meaning
from rft_core.checks.number import Number
from rft_core.checks.overlap import Overlap
from rft_core.checks.parts import Reasoned
from rft_core.checks.python_code import PythonCode
from rft_core.checks.structured import JsonAnswer
from rft_core.checks.text import ContainsAll, ContainsAny, Exact, Forbidden, Length, Pattern
from rft_core.checks.words import kind_title, setting_title
from rft_core.errors import InputError
from rft_core.models.embedder import EMBEDDER
from rft_core.records import CheckSpec
from rft_core.refusals import value_reason

__all__ = [
    "KINDS", "Check", "Unknown", "UnknownOption", "Unscored", "Verdict", "build",
    "passing_failures",
]  # fmt: skip

KINDS: dict[str, type[Check]] = {
    "exact": Exact,
    "label": Label,
    "several_labels": SeveralLabels,
    "mistake": Mistake,
    "cost_table": CostTable,
    "contains_all": ContainsAll,
    "contains_any": ContainsAny,
    "forbidden": Forbidden,
    "pattern": Pattern,
    "length": Length,
    "reasoned": Reasoned,
    "number": Number,
    "set": SetOfItems,
    "ranked": Ranked,
    "unknown_item": UnknownItem,
    "citation": Citation,
    "quote": Quote,
    "overlap": Overlap,
    "meaning": Meaning,
    "json": JsonAnswer,
    "judge": Judge,
    "formula": Formula,
    "python": PythonCode,
}


class UnknownOption(InputError):
    """A check has an option that this version does not know: it is kept and grades nothing."""


def build(spec: CheckSpec) -> Check:
    """Return the check that `spec` describes; one of an unknown kind grades as unscored.

    Raises InputError, with a sentence, if a parameter is missing or wrong; UnknownOption if all
    that is wrong is a choice that another version may know.
    """
    found = KINDS.get(spec.kind)
    if found is None:
        reason = spec.parameters.get("reason")
        return Unknown(kind=spec.kind, reason=reason if isinstance(reason, str) else "")
    try:
        return found.model_validate({**spec.parameters, "kind": spec.kind})
    except ValidationError as error:
        message = f'The check "{kind_title(spec.kind)}" cannot be used: {_said(error)}.'
        if all(one["type"] == "literal_error" for one in error.errors(include_url=False)):
            fix = (
                "It may come from a newer version of this app. Choose an option that is known here."
            )
            raise UnknownOption(message, fix) from None
        raise InputError(message, "Correct it on the rubric page or in rubric.json.") from None


def passing_failures() -> int:
    """Return how often grading failed for what passes, such as a busy computer.

    What was graded before and what is graded after such a failure may differ.
    """
    return EMBEDDER.failures + sandbox.failures()


def _said(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False)[0]
    name = setting_title(str(first["loc"][0])) if first["loc"] else ""
    if first["type"] == "missing":
        return f'"{name}" is not filled in'
    said = value_reason(first)
    if first["type"] == "value_error":
        return said
    return f'"{name}" {"is not filled in" if said == "is empty" else said}'
