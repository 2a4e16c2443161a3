"""How the checks of a rubric are written as OpenAI graders, kind by kind."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rft_core.checks.base import Check
from rft_core.checks.choice import Choice
from rft_core.checks.meaning import Meaning
from rft_core.checks.overlap import Overlap
from rft_core.checks.python_code import PythonCode
from rft_core.checks.text import Exact, Phrases
from rft_core.rubric.foreign.openai_checks import DIFFERS, MEANING, METRICS

ANSWER = "{{sample.output_text}}"
REFERENCE = "reference_answer"
"""Item field that holds the expert's answer, as in OpenAI's examples."""
WHOLE_WORDS = "there the text may also stand inside a longer word"
CAPITALS = "there capital letters count"
SEVERAL_TEXTS = "where a case lists several texts for it, they are compared as one text there"
WHOLE_ANSWER = "there the whole answer is looked at, not one line of it"
SEVERAL_CHOICES = "there an answer that names several choices may count as right"

Grader = dict[str, Any]


class NotThere(Exception):
    """The criterion cannot be said; carries the reason."""


def written(check: Check) -> tuple[list[Grader], str]:
    """Return the graders of a check and what differs there ("" if nothing).

    Raises NotThere where OpenAI has none.
    """
    write = next((w for kind, w in _WRITERS.items() if isinstance(check, kind)), None)
    if write is None or check.kind not in _KINDS:
        raise NotThere("OpenAI has no grader that does this without a program")
    return write(check)


def joined(differences: Sequence[str]) -> str:
    """Return what differs as one remark."""
    return "; ".join(filter(None, differences))


def _exact(check: Exact) -> tuple[list[Grader], str]:
    wanted = _item(check.field) if check.field else _literal(check.text or "")
    differs = ("" if check.case_sensitive else CAPITALS, SEVERAL_TEXTS if check.field else "")
    return [_string("eq", wanted)], joined(differs)


def _phrases(check: Phrases) -> tuple[list[Grader], str]:
    if check.line:
        raise NotThere("it looks at one line alone")
    wanted = [_item(check.field)] if check.field else [_literal(p) for p in check.phrases]
    differs = (WHOLE_WORDS, SEVERAL_TEXTS if check.field else "")
    return [_string("ilike", one) for one in wanted], joined(differs)


def _label(check: Choice) -> tuple[list[Grader], str]:
    whole = WHOLE_ANSWER if check.line else ""
    return [_string("ilike", _item(str(check.reads)))], joined((SEVERAL_CHOICES, whole))


def _meaning(check: Meaning) -> tuple[list[Grader], str]:
    grader = {
        "type": "text_similarity", "input": ANSWER, "reference": _item(check.field or REFERENCE),
        "evaluation_metric": MEANING,
    }  # fmt: skip
    return [grader], "there another model compares, and any closeness earns its share"


def _overlap(check: Overlap) -> tuple[list[Grader], str]:
    metric = next((theirs for theirs, ours in METRICS.items() if ours == check.metric), None)
    if metric is None:
        raise NotThere("OpenAI has no such measure of likeness")
    if check.line:
        raise NotThere("it looks at one line alone")
    grader = {
        "type": "text_similarity", "input": ANSWER, "reference": _item(check.field or REFERENCE),
        "evaluation_metric": metric,
    }  # fmt: skip
    about = "OpenAI's measure may differ a little" if check.metric in DIFFERS else ""
    return [grader], joined((about, SEVERAL_TEXTS if check.field else ""))


def _python(check: PythonCode) -> tuple[list[Grader], str]:
    by_prompt = "'prompt'" in check.code or '"prompt"' in check.code
    differs = 'there the case is under "messages", not under "prompt"' if by_prompt else ""
    return [{"type": "python", "source": check.code}], differs


_WRITERS: Mapping[type, Callable[[Any], tuple[list[Grader], str]]] = {
    Exact: _exact,
    Phrases: _phrases,
    Choice: _label,
    Overlap: _overlap,
    Meaning: _meaning,
    PythonCode: _python,
}
_KINDS = (
    "exact", "contains_all", "contains_any", "forbidden", "label", "overlap", "meaning", "python",
)  # fmt: skip


def _string(operation: str, reference: str) -> Grader:
    return {
        "type": "string_check", "operation": operation, "input": ANSWER, "reference": reference,
    }  # fmt: skip


def _literal(text: str) -> str:
    if "{{" in text:
        raise NotThere("its text would be read as a placeholder")
    return text


def _item(field: str) -> str:
    if not all(letter.isalnum() or letter in "_-" for letter in field):
        raise NotThere(f"the name “{field}” cannot stand in a placeholder")
    return f"{{{{item.{field}}}}}"
