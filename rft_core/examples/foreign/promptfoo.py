"""promptfoo tests (CSV, Excel, YAML, JSON): variables, and what is expected of the answer.

One variable is the case; several are written below each other, each with its name. A variable that
only an expectation uses ("{{answer}}") becomes an expected value. An expectation for which there
is a check becomes a criterion of its case, worth 1 point or its weight; "not-" makes a penalty of
it. Phrases count as whole words whatever their case, which is promptfoo's `icontains` more than its
`contains`. What a rubric in words asks (`llm-rubric`) becomes a question to an AI grader. Any other
expectation is kept among the expected values, and noted; so is what has no effect, as a threshold.
"""

import csv
import re
from collections.abc import Collection, Mapping
from typing import Any

from rft_core.checks import build
from rft_core.errors import InputError
from rft_core.examples.cells import clean
from rft_core.examples.foreign.parts import (
    Note,
    Values,
    distinct_ids,
    for_an_ai_grader,
    listed,
    own_row,
)
from rft_core.examples.jsontext import dump_json, load_json
from rft_core.records import CheckSpec, content_id

Rewritten = tuple[dict[str, Any], list[Note]]

EXPECTED = "expected"
"""The expected value that lists what has no check here."""
_EXPECTED_COLUMN = re.compile(r"__expected\d*")
_TYPED = re.compile(r"([a-z][a-z-]*)(?:\(([\d.]+)\))?:\s*(.*)", re.DOTALL)
_VARIABLE = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")
_TYPES = (
    "equals", "contains", "icontains", "contains-all", "icontains-all", "contains-any",
    "icontains-any", "regex", "starts-with", "is-json", "contains-json", "is-xml", "is-sql",
    "llm-rubric", "grade", "similar", "javascript", "fn", "eval", "python", "file", "factuality",
    "answer-relevance", "model-graded-closedqa", "levenshtein", "rouge-n", "bleu", "cost",
    "latency", "perplexity", "moderation", "classifier", "is-refusal", "g-eval", "f-score",
)  # fmt: skip
_HEEDED = ("type", "value", "weight", "metric")
"""Keys of an expectation that mean something here, or change no result."""
_IGNORED = ("threshold", "options", "assertScoringFunction")
_JUDGED = ("llm-rubric", "grade")
_PENALTIES = {
    "equals", "contains", "icontains", "contains-any", "icontains-any", "regex", "starts-with",
    "is-json", *_JUDGED,
}  # fmt: skip
"""What "not-" can stand before: with the others a share of the points would be lost."""


def looks_like_tests(columns: Collection[str]) -> bool:
    by_heading = any(_EXPECTED_COLUMN.fullmatch(column) for column in columns)
    return by_heading or ("vars" in columns and not {"messages", "prompt"} & set(columns))


def is_test(values: Values) -> bool:
    return "vars" not in values or isinstance(values["vars"], dict)


def test_row(values: Values) -> Rewritten:
    """Read a row of a table (`__expected…` columns) or an entry of YAML (`vars`, `assert`)."""
    notes = _without_effect(values)
    variables, expected, kept = _entry(values) if "vars" in values else _table_row(values)
    _require_plain(variables)
    used = {name for one in expected for name in _VARIABLE.findall(str(one.get("value")))}
    shown = {name: value for name, value in variables.items() if name not in used} or variables
    fields = {name: value for name, value in variables.items() if name not in shown}
    case = _case_text(shown)
    if not clean(case):
        raise InputError("The test has no variables.", "Give it the text that the model is asked.")
    criteria, unchecked, more = _criteria([_filled(one, variables) for one in expected])
    exact = [
        c["check"]["text"] for c in criteria if c["check"]["kind"] == "exact" and c["points"] > 0
    ]
    row = own_row(
        kept,
        used=("tags",),
        prompt=f"{kept.get('prefix') or ''}{case}{kept.get('suffix') or ''}",
        reference=exact[0] if len(exact) == 1 else None,
        tags=[str(tag) for tag in listed(kept.get("tags"))],
        criteria=distinct_ids(criteria) or None,
    )
    row["fields"] = fields | ({EXPECTED: unchecked} if unchecked else {})
    return row, notes + more


def _without_effect(values: Values) -> list[Note]:
    """Return notes on what a test, or a set of its expectations, says and no check here heeds."""
    is_entry = "vars" in values
    sets = [one for one in listed(values.get("assert")) if isinstance(one, dict)] * is_entry
    sets = [one for one in sets if one.get("type") == "assert-set"]
    ignored = [("test", key) for key in _IGNORED if values.get(key if is_entry else f"__{key}")]
    ignored += [
        ('expectation "assert-set"', key)
        for one in sets
        for key in one
        if key not in ("type", "assert", "metric")
    ]
    return [_no_effect(key, what) for what, key in ignored]


def _no_effect(key: str, what: str) -> Note:
    return Note(
        f'The "{key}" of the {what} has no effect here.',
        "What is met earns its points. Change the points or the rule itself if it matters.",
    )


def _require_plain(variables: Mapping[str, Any]) -> None:
    for name, value in variables.items():
        if isinstance(value, list):
            raise InputError(
                f'The variable "{name}" holds a list, of which each item is a test.',
                "Write one test for each.",
            )
        if isinstance(value, str) and value.startswith("file://"):
            raise InputError(
                f'The variable "{name}" refers to a file.', "Put the text itself in its place."
            )


def _table_row(values: Values) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    expected = [_written(str(v)) for k, v in values.items() if _EXPECTED_COLUMN.fullmatch(k)]
    kept: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    for key, value in values.items():
        if key.startswith("__metadata:"):
            name = key.removeprefix("__metadata:")
            parts = [clean(part) for part in str(value).split(",")]
            metadata[name.removesuffix("[]")] = parts if name.endswith("[]") else value
        elif key.startswith("__") and not _EXPECTED_COLUMN.fullmatch(key):
            kept[key.removeprefix("__")] = value
    variables = {key: value for key, value in values.items() if not key.startswith("__")}
    return variables, expected, _with_metadata(kept, metadata)


def _entry(values: Values) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    variables = values.get("vars")
    if not isinstance(variables, dict):
        raise InputError("The variables of the test are not given by name.", "Write vars: {…}.")
    expected: list[dict[str, Any]] = []
    for one in _typed(values.get("assert")):
        expected += _typed(one.get("assert")) if one["type"] == "assert-set" else [one]
    kept = {key: value for key, value in values.items() if key not in ("vars", "assert")}
    metadata = kept.pop("metadata", None)
    return variables, expected, _with_metadata(kept, metadata)


def _typed(assertions: Any) -> list[dict[str, Any]]:
    found = listed(assertions)
    if not all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in found):
        raise InputError("An assertion of the test has no type.", "Add it, or remove it.")
    return found


def _with_metadata(kept: dict[str, Any], metadata: Any) -> dict[str, Any]:
    if not metadata:
        return kept
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    return kept | {"metadata": metadata} | ({"tags": tags} if tags else {})


def _written(text: str) -> dict[str, Any]:
    """Read "contains-all: a, b" or "similar(0.8): x"; without a known type it means equals."""
    match = _TYPED.fullmatch(text.strip())
    if match is None or match[1].removeprefix("not-") not in _TYPES:
        return {"type": "equals", "value": text} if text.strip() not in _bare() else {"type": text}
    kind, threshold, value = match.groups()
    return {"type": kind, "value": value} | ({"threshold": threshold} if threshold else {})


def _bare() -> set[str]:
    """Types that stand alone, without a value."""
    alone = {"is-json", "contains-json", "is-xml", "is-sql", "is-refusal"}
    return alone | {f"not-{kind}" for kind in alone}


def _filled(one: dict[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Put the variables into the value of an expectation."""
    value = one.get("value")
    texts = [_fill(text, variables) for text in value] if isinstance(value, list) else None
    return one | {"value": _fill(value, variables) if texts is None else texts}


def _fill(value: Any, variables: Mapping[str, Any]) -> Any:
    if not isinstance(value, str):
        return value
    return _VARIABLE.sub(lambda m: str(variables.get(m[1], m[0])), value)


def _case_text(variables: Mapping[str, Any]) -> str:
    texts = {name: _plain(value) for name, value in variables.items()}
    if len(texts) == 1:
        return next(iter(texts.values()))
    return "\n\n".join(f"{name}: {text}" for name, text in texts.items() if clean(text))


def _criteria(
    expected: list[dict[str, Any]],
) -> tuple[list[dict[str, Any]], list[str], list[Note]]:
    """Return criteria, the expectations without a check as texts, and notes on these."""
    criteria: list[dict[str, Any]] = []
    unchecked: list[str] = []
    notes: list[Note] = []
    for one in expected:
        criterion = _criterion(one)
        if criterion is None:
            unchecked.append(_as_text(one))
            notes.append(
                Note(
                    f'No check here fits the expectation "{one["type"]}".',
                    f'It is kept under "{EXPECTED}" and counts for nothing. Write a criterion '
                    "for it on the rubric page if it matters.",
                )
            )
            continue
        criteria.append(criterion)
        notes += _about(one, criterion["check"]["kind"])
    return criteria, unchecked, notes


def _about(one: Mapping[str, Any], kind: str) -> list[Note]:
    """Return notes on an expectation that became a criterion: what is otherwise here."""
    notes = [_no_effect(key, f'expectation "{one["type"]}"') for key in one if key not in _HEEDED]
    if kind == "json":
        notes.append(
            Note(
                f'"{one["type"]}" is checked a little otherwise here.',
                "Only an answer that is one JSON object counts, not a list or a single value.",
            )
        )
    return notes + ([for_an_ai_grader()] if kind == "judge" else [])


def _as_text(one: Mapping[str, Any]) -> str:
    value, threshold = one.get("value"), one.get("threshold")
    kind = f"{one['type']}({threshold})" if threshold is not None else str(one["type"])
    if value is None:
        return kind
    return f"{kind}: {_plain(value)}"


def _criterion(one: dict[str, Any]) -> dict[str, Any] | None:
    negative = one["type"].startswith("not-")
    kind = one["type"].removeprefix("not-")
    if negative and kind not in _PENALTIES:
        return None
    check = _check(kind, one.get("value"), negative)
    points = one.get("weight", 1)
    if check is None or isinstance(points, bool) or not isinstance(points, (int, float)):
        return None
    if points <= 0:
        return None
    kept = {k: v for k, v in one.items() if k not in ("type", "value", "weight")}
    return {
        "id": content_id([one["type"], one.get("value"), points]),
        "text": check["question"] if kind in _JUDGED else _as_text(one),
        "points": -float(points) if negative else float(points),
        "aspect": "form" if kind in ("regex", "starts-with", "is-json") else "substance",
        "check": check,
        **({"promptfoo": kept} if kept else {}),
    }


def _check(kind: str, value: Any, negative: bool) -> dict[str, Any] | None:
    """Return the check of a promptfoo type, None where there is none."""
    if kind == "is-json":
        check = _json_check(value)
    elif value is None or isinstance(value, dict):
        check = None
    elif kind.endswith(("-all", "-any")):
        several = {"contains-all": "contains_all", "contains-any": "contains_any"}
        named = several.get(kind.removeprefix("i"))
        check = {"kind": named, "phrases": _phrases(value)} if named else None
    else:
        check = None if isinstance(value, list) else _check_of_text(kind, _plain(value))
    if check is None:
        return None
    if negative and check["kind"] == "contains_any":
        check["kind"] = "forbidden"
    try:
        build(CheckSpec.model_validate(check))
    except InputError:
        return None
    return check


def _check_of_text(kind: str, text: str) -> dict[str, Any] | None:
    wanted: dict[str, dict[str, Any]] = {
        "equals": {"kind": "exact", "text": text, "case_sensitive": True},
        "contains": {"kind": "contains_any", "phrases": [text]},
        "icontains": {"kind": "contains_any", "phrases": [text]},
        "regex": {"kind": "pattern", "pattern": text},
        "starts-with": {"kind": "pattern", "pattern": f"^{re.escape(text)}"},
    }
    return {"kind": "judge", "question": text.strip()} if kind in _JUDGED else wanted.get(kind)


def _plain(value: Any) -> str:
    """Return a value as JSON writes it, a text as it is."""
    return value if isinstance(value, str) else dump_json(value)


def _json_check(value: Any) -> dict[str, Any] | None:
    """Return the check that an answer is JSON, with a schema if one is given; None if it is none.

    A schema stands there as an object, or as the text of one.
    """
    if value is None or value == "":
        return {"kind": "json"}
    try:
        schema = load_json(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return {"kind": "json", "json_schema": dump_json(schema)} if isinstance(schema, dict) else None


def _phrases(value: Any) -> list[str]:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    rows = list(csv.reader([str(value).replace("\n", " ")], skipinitialspace=True))
    return [part for cell in rows[0] if (part := cell.strip())] if rows else []
