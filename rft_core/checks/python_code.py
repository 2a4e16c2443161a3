"""A criterion's own Python code, in the form of OpenAI's grader of the type "python"."""

import json
import math
from functools import lru_cache
from typing import Any

from pydantic import Field, field_validator

from rft_core import settings
from rft_core.checks.base import Check, Unscored, Verdict
from rft_core.checks.sandbox import CodeError, call_grade
from rft_core.checks.structured import loaded
from rft_core.records import Example

MAX_CODE_CHARS = 256_000
"""As OpenAI had it."""
REFERENCES = ("reference_answer", "reference", "answer", "ideal", "expert_answer", "output")
"""Names in an item that mean the expert's answer, where no expected value is called so."""
OFF = "Python code in criteria is switched off on this server."
_DEPTH = 20
"""To which lists and objects may stand in each other in an answer that is read as JSON."""


class PythonCode(Check):
    """Earns what the code's function `grade(sample, item)` returns, kept within 0 and 1.

    `sample` is {"output_text": the answer, "output_json": the same read as JSON, or None};
    `item` has the expected values by name, the expert's answer under "reference_answer", the case
    under "prompt" and, as the turns of a conversation, under "messages".
    """

    kind: str = "python"
    code: str = Field(min_length=1, max_length=MAX_CODE_CHARS)

    @field_validator("code")
    @classmethod
    def _code_can_be_run(cls, code: str) -> str:
        fault = fault_in(code)
        if fault:
            raise ValueError(fault)
        return code

    @property
    def obstacle(self) -> str:
        return "" if settings.python_checks_are_on() else OFF

    def describe(self) -> str:
        count = len(self.code.strip().splitlines())
        lines = f"{count} line" + "s" * (count != 1)
        text = f"Earns what its own Python code of {lines} returns for the answer, from 0 to 1"
        return f"{text}; here it is not run." if self.obstacle else f"{text}."

    def _grade(self, answer: str, example: Example) -> Verdict:
        if self.obstacle:
            raise Unscored(self.obstacle)
        sample = {"output_text": answer, "output_json": loaded(answer, _DEPTH)}
        try:
            value = call_grade(self.code, sample, _item(example))
        except CodeError as error:
            raise Unscored(f"The Python code gave no value: {error}.") from None
        return _verdict(value)


def fault_in(code: str) -> str:
    """Return why the code can grade no answer, such as "line 3: …"; empty if it may, or is off."""
    return _fault(code) if settings.python_checks_are_on() else ""


@lru_cache(maxsize=512)
def _fault(code: str) -> str:
    """Try the code on a made-up case: what fails there by the code's own fault, always fails."""
    some = Example(id="some", prompt="text", reference="text")
    try:
        call_grade(code, {"output_text": "text", "output_json": None}, _item(some))
    except CodeError as error:
        return str(error) if error.always else ""
    return ""


def _item(example: Example) -> dict[str, Any]:
    item: dict[str, Any] = {"prompt": example.case_text, "messages": _turns(example)}
    if example.reference:
        item |= dict.fromkeys(REFERENCES, example.reference)
    return _plain(item | example.fields)


def _turns(example: Example) -> list[dict[str, str]]:
    if isinstance(example.prompt, str):
        return [{"role": "user", "content": example.prompt}]
    return [{"role": turn.role, "content": turn.content} for turn in example.prompt]


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    """Return it as JSON holds it, half characters (surrogates) replaced. Raises Unscored."""
    try:
        text = json.dumps(item, ensure_ascii=False, default=str)
        plain: dict[str, Any] = json.loads(text.encode(errors="replace"))
        return plain
    except (ValueError, TypeError, RecursionError):
        raise Unscored("The case holds a value that Python code cannot be given.") from None


def _verdict(value: Any) -> Verdict:
    if not isinstance(value, int | float):
        what = "nothing" if value is None else f"something else ({type(value).__name__})"
        raise Unscored(f"The Python code must return a number from 0 to 1, but returned {what}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise Unscored(f"The Python code must return a number from 0 to 1, but returned {value}.")
    kept = float(min(1, max(0, value)))
    if kept == value:
        return Verdict(kept, f"The Python code returned {kept:.3g}.")
    size = "more than 1" if value > 1 else "less than 0"
    return Verdict(kept, f"The Python code returned {size}, counted as {kept:g}.")
