"""How a penalty is spoken of, whatever its rule is worded as: a fault, or what must (not) be.

"Invents a citation" names the fault, which an answer makes or avoids. "Must not name a dose" names
what is right, which an answer keeps or breaks. Without the word before it, either reads as the
other.
"""

from rft_core.checks import KINDS
from rft_core.records import Criterion
from rft_core.rubric.ingredients import is_penalty
from rft_core.rubric.rules.faults import demands, denies

BREAKS = "Breaks this rule: "
"""Makes a fault of a rule that says what must be, where its points are taken off when it is met."""


def is_demand(criterion: Criterion) -> bool:
    """Say whether a penalty is worded as what must or must not be, not as the fault.

    Checks of this app find faults that are there, so "Does not name a drug" forbids one. What own
    code finds is not known, and an AI grader that is asked the rule itself takes it as the fault.
    """
    if not is_penalty(criterion):
        return False
    kind, asked = criterion.check.kind, criterion.check.parameters.get("question")
    if kind == "judge" and asked == criterion.text:
        return False
    finds_what_is_there = str(asked).startswith(BREAKS) if kind == "judge" else (
        kind in KINDS and kind != "python"
    )  # fmt: skip
    return demands(criterion.text) or (finds_what_is_there and denies(criterion.text))


def kept_word(criterion: Criterion) -> str:
    """Return what an answer does with a penalty that it does not get: "kept" or "avoided"."""
    return "kept" if is_demand(criterion) else "avoided"


def kept(criterion: Criterion, text: str) -> str:
    """Return the text of a rule as met: of a penalty, "Kept: " or "Avoided: " before it."""
    return f"{kept_word(criterion).capitalize()}: {text}" if is_penalty(criterion) else text


def broken(criterion: Criterion, text: str) -> str:
    """Return the text of a rule as what is counted: of a penalty, "Broken: " or "Penalty: "."""
    if not is_penalty(criterion):
        return text
    return f"{'Broken' if is_demand(criterion) else 'Penalty'}: {text}"


def as_fault(criterion: Criterion) -> str:
    """Return the rule as a reader takes it who takes points off where it is true of an answer."""
    return f"{BREAKS}{criterion.text}" if is_demand(criterion) else criterion.text


def from_fault(text: str, points: float) -> str:
    """Return the rule of a text that `as_fault` may have written."""
    rule = text.removeprefix(BREAKS)
    return rule if points < 0 and rule.strip() else text
