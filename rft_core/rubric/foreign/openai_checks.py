"""One grader of OpenAI as the check that does the same here."""

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.checks import build
from rft_core.checks.python_code import MAX_CODE_CHARS, REFERENCES, fault_in
from rft_core.errors import InputError
from rft_core.records import CheckSpec
from rft_core.rubric.foreign.openai_programs import program
from rft_core.settings import python_checks_are_on

METRICS = {
    "fuzzy_match": "ratio",
    **{same: same for same in ("bleu", "gleu", "rouge_l", *(f"rouge_{n}" for n in range(1, 6)))},
}
"""Its measures of likeness in wording, as `Overlap` calls them."""
DIFFERS = ("ratio", "bleu", "gleu")
"""Measures of ours that OpenAI may compute a little otherwise: how it divides and smooths is not
published."""
MEANING = "cosine"
"""Its metric that compares meaning rather than wording."""
_TEMPLATE = re.compile(r"\{\{\s*(item|sample)\.([\w-]+)((?:\.[\w-]+|\[\d+\])*)\s*\}\}")
_NOT_PLAIN = ("true", "false", "null", "none")
"""What a value of JSON may be written as there is not known."""
PYTHON_IS_OFF = "Python code is switched off here"

Grader = Mapping[str, Any]
Labels = Mapping[str, Sequence[str]]
"""Choices by expected value, from the project's cases."""


class Side(NamedTuple):
    """One side of a comparison: the answer, a value of its JSON, an item's field, or a text."""

    kind: str
    name: str = ""


class Converted(NamedTuple):
    """A grader as a check."""

    check: CheckSpec
    is_opposite: bool = False
    """Whether the grader is met where the check is not."""
    note: str = ""


def converted(grader: Grader, labels: Labels, fields: Collection[str]) -> Converted | None:
    """Return the check that does what a grader does; None where none here does."""
    kind = grader.get("type")
    found = None
    if kind == "string_check":
        found = _string_check(grader, labels, fields) or _by_program(grader)
    elif kind == "text_similarity":
        found = _similarity(grader, fields)
    elif kind == "python" and not why_not_python(grader):
        found = _python(grader)
    if found is None:
        return None
    try:
        build(found.check)
    except InputError:
        return None
    return found


def why_not(grader: Grader) -> str:
    """Return why a grader is not run here, as half a sentence; "" where its type says it."""
    kind = grader.get("type")
    if kind == "python":
        return why_not_python(grader)
    metric = grader.get("evaluation_metric")
    if kind == "text_similarity" and metric == "meteor":
        return "METEOR looks words up in a dictionary of synonyms (WordNet), which is not here"
    if kind == "text_similarity" and metric not in (*METRICS, MEANING):
        return f"there is no measure “{metric}” here"
    if kind == "string_check" and program(grader) is not None and not python_checks_are_on():
        return PYTHON_IS_OFF
    if kind in ("string_check", "text_similarity"):
        return "no check here compares these two"
    return ""


def _string_check(grader: Grader, labels: Labels, fields: Collection[str]) -> Converted | None:
    operation = grader.get("operation")
    given, wanted = (_side(grader.get(side), fields) for side in ("input", "reference"))
    if operation in ("eq", "ne") and given.kind in ("item", "text"):
        given, wanted = wanted, given
    if wanted.kind == "item" and _is_reference(wanted.name, fields):
        return None
    if operation in ("eq", "ne"):
        found = _equal(given, wanted, labels)
        return found._replace(is_opposite=operation == "ne") if found else None
    if operation not in ("like", "ilike") or given.kind not in ("answer", "json"):
        return None
    source = {"field": wanted.name} if wanted.kind == "item" else {"phrases": [wanted.name]}
    note = "Here whole words are looked for"
    note += ", and capital letters do not count." if operation == "like" else "."
    if wanted.kind not in ("item", "text"):
        return None
    return Converted(spec_of(kind="contains_all", **source), note=note)


def _by_program(grader: Grader) -> Converted | None:
    """Return a comparison that no other check does exactly, as Python code."""
    code = program(grader)
    if code is None or not python_checks_are_on() or not _is_plain(grader):
        return None
    note = "It is compared by Python code here, since no other check does exactly this."
    return Converted(spec_of(kind="python", code=code), grader.get("operation") == "ne", note)


def _is_plain(grader: Grader) -> bool:
    """Say whether it is known how the values that are compared are written."""
    sides = (str(grader.get(side)).strip().casefold() for side in ("input", "reference"))
    return not any(side in _NOT_PLAIN for side in sides)


def _equal(given: Side, wanted: Side, labels: Labels) -> Converted | None:
    if given.kind == "answer" and wanted.kind in ("item", "text"):
        source = {"field" if wanted.kind == "item" else "text": wanted.name}
        return Converted(spec_of(kind="exact", case_sensitive=True, **source))
    if given.kind == "json" and wanted.kind == "item" and wanted.name in labels:
        choice = {"labels": list(labels[wanted.name]), "field": wanted.name}
        note = f"The choice is read from the whole answer here, not only from “{given.name}”."
        return Converted(spec_of(kind="label", **choice), note=note)
    if given.kind == "json" and wanted.kind == "text":
        return _json_value(given.name, wanted.name)
    return None


def _json_value(path: str, text: str) -> Converted | None:
    """Return the check that an answer is JSON with this text, or this number, at the place."""
    number = _number(text)
    is_plain = number is None or str(number) == text
    if "[" in path or text.casefold() in _NOT_PLAIN or not is_plain:
        return None
    schema: dict[str, Any] = {"enum": [text] if number is None else [text, number]}
    first, *others = path.split(".")
    for key in reversed((first, *others)):
        schema = {"type": "object", "properties": {key: schema}, "required": [key]}
    note = "Here the whole answer must be one JSON object."
    text = json.dumps(schema, ensure_ascii=False)
    return Converted(spec_of(kind="json", keys=[first], json_schema=text), note=note)


def _number(text: str) -> int | float | None:
    """Return the number that a text is; None if it is none."""
    try:
        number = int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _similarity(grader: Grader, fields: Collection[str]) -> Converted | None:
    given, wanted = (_side(grader.get(side), fields) for side in ("input", "reference"))
    if given.kind == "item":
        given, wanted = wanted, given
    theirs = str(grader.get("evaluation_metric"))
    if theirs not in (*METRICS, MEANING) or (given.kind, wanted.kind) != ("answer", "item"):
        return None
    source = {} if _is_reference(wanted.name, fields) else {"field": wanted.name}
    if theirs == MEANING:
        note = "Closeness in meaning is measured by another model here, so the values differ."
        return Converted(spec_of(kind="meaning", threshold=0.0, graded=True, **source), note=note)
    metric = METRICS[theirs]
    note = "OpenAI's measure may differ a little." if metric in DIFFERS else ""
    return Converted(spec_of(kind="overlap", metric=metric, **source), note=note)


def _python(grader: Grader) -> Converted:
    note = (
        "It is run here with less time and memory; its value is kept within 0 and 1, and where it "
        "fails the answer is not graded instead of earning 0."
    )
    return Converted(spec_of(kind="python", code=grader.get("source")), note=note)


def why_not_python(grader: Grader) -> str:
    """Return why a grader's code cannot be run here, as half a sentence; "" if it can."""
    source = grader.get("source")
    if not isinstance(source, str) or not source.strip():
        return "it has no source"
    if len(source) > MAX_CODE_CHARS:
        return f"its source is longer than {MAX_CODE_CHARS:,} characters"
    return fault_in(source) if python_checks_are_on() else PYTHON_IS_OFF


def _is_reference(name: str, fields: Collection[str]) -> bool:
    """Say whether an item's value is the expert's answer, which is no expected value here."""
    return name in REFERENCES and name not in fields


def _side(template: object, fields: Collection[str]) -> Side:
    """Read one side of a comparison; a mixture of text and places is of the kind "other"."""
    if isinstance(template, int | float) and not isinstance(template, bool):
        return Side("text", str(template))
    if not isinstance(template, str):
        return Side("other")
    found = _TEMPLATE.fullmatch(template.strip())
    if found is None:
        return Side("text", template) if "{{" not in template else Side("other")
    place, name, path = found.groups()
    if place == "item":
        is_field = not path or name + path in fields
        return Side("item", name + path) if is_field else Side("other")
    if name == "output_text" and not path:
        return Side("answer")
    return Side("json", path.lstrip(".")) if name == "output_json" and path else Side("other")


def spec_of(**parameters: Any) -> CheckSpec:
    """Return the check of these parameters, `kind` among them."""
    return CheckSpec.model_validate(parameters)
