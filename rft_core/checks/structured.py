"""The check of answers that are JSON, for another program to read."""

import json
import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import cache, cached_property
from typing import Any

from pydantic import Field, field_validator

from rft_core.checks import json_table
from rft_core.checks.base import Check, Verdict
from rft_core.checks.json_table import Table
from rft_core.checks.wording import shown
from rft_core.records import Example

MAX_KEYS = 100
MAX_SCHEMA_CHARS = 20_000
MAX_DEPTH = 40
MAX_STEPS = 100_000
"""Of one answer's comparison with a schema; a step takes about 5 microseconds."""
NOT_USED = (
    "pattern",
    "patternProperties",
    "$ref",
    "$dynamicRef",
    "unevaluatedItems",
    "unevaluatedProperties",
)
"""Keywords of a schema that could run for ever or reach elsewhere."""
_LOOKED_UP = ("required", "type")
"""Keywords whose items are only looked up, ten in a step."""
_FOR_ALL = ("items", "contains", "additionalProperties", "propertyNames")
"""Keywords that look at all that a list or an object holds."""
_DEEP = ("enum", "const", "uniqueItems")
"""Keywords that look at all that a value holds, however deep."""
MAX_LOOKUPS = 1_000
"""Lists of values that are kept ready to be looked up in."""
_steps_left: ContextVar[int] = ContextVar("steps_left")
WANTED = "The answer is one JSON object as wanted."
_FENCE = re.compile(r"\A\s*```(?:json)?[ \t]*\n(.*)\n```\s*\Z", re.DOTALL | re.IGNORECASE)


class JsonAnswer(Check):
    """Met when the whole answer is one JSON object with all the named keys, and fits the schema."""

    kind: str = "json"
    keys: tuple[str, ...] = Field(default=(), max_length=MAX_KEYS)
    only: bool = False
    """Whether other keys are wrong."""
    json_schema: str | None = Field(default=None, max_length=MAX_SCHEMA_CHARS)
    """A JSON Schema (draft 2020-12) as text, without `NOT_USED`."""

    @field_validator("json_schema")
    @classmethod
    def _is_a_schema(cls, text: str | None) -> str | None:
        from jsonschema import Draft202012Validator, SchemaError

        if text is None:
            return None
        schema = loaded(text)
        if not isinstance(schema, dict):
            raise ValueError("the JSON Schema is not a JSON object")
        unused = next((word for word in NOT_USED if _uses(schema, word)), None)
        if unused is not None:
            raise ValueError(f'"{unused}" cannot be used in the JSON Schema')
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            raise ValueError(f"the JSON Schema is none: {error.message[:120]}") from None
        return text

    def describe(self) -> str:
        return f"Met when the whole answer is one JSON object{json_table.in_words(self.table)}."

    @cached_property
    def table(self) -> Table:
        """What it asks for as a table, as far as one can say it."""
        return table_for(self.keys, self.only, self.json_schema)

    def samples(self) -> tuple[str | None, str | None]:
        """Return an answer that meets the check and one that does not, made of its table."""
        values = [json_table.sample(json_table.schema_of(self.table))]
        met = next((text for text in map(_written, values) if self._is_met(text)), None)
        spoiled = map(_written, json_table.spoiled(self.table))
        return met, next((text for text in spoiled if not self._is_met(text)), None)

    def _is_met(self, answer: str) -> bool:
        return self._grade(answer, Example.model_construct(id="", prompt="")).value == 1

    def _grade(self, answer: str, example: Example) -> Verdict:
        fenced = _FENCE.match(answer)
        value = loaded(fenced[1] if fenced else answer)
        if not isinstance(value, dict):
            return Verdict(0.0, "The answer is not one JSON object.")
        missing = [key for key in self.keys if key not in value]
        if missing:
            return Verdict(0.0, f"Lacks {shown(missing[0])}.")
        further = [key for key in value if key not in self.keys]
        if self.only and self.keys and further:
            return Verdict(0.0, f"Has {shown(further[0])} besides.")
        misfit = self._misfit(value)
        return Verdict(0.0, misfit) if misfit else Verdict(1.0, WANTED)

    def _misfit(self, value: Any) -> str:
        """Return a sentence that says where the answer does not fit the schema; empty if it fits.

        An answer that takes too long, or whose numbers are too large, does not fit.
        """
        if self._validator is None:
            return ""
        _steps_left.set(MAX_STEPS)
        try:
            error = next(self._validator.iter_errors(value), None)
        except _TooLong:
            return "Holds too much to be compared with the schema."
        except OverflowError:
            return "Holds a number too large to be compared with the schema."
        if error is None:
            return ""
        return _said(error)

    @cached_property
    def _validator(self) -> Any:
        """The schema's validator, or None."""
        return _validators()(json.loads(self.json_schema)) if self.json_schema else None


def table_for(keys: Sequence[str], only: bool, json_schema: str | None) -> Table:
    """Return the table of a check's parameters, as far as one can say them."""
    schema = loaded(json_schema) if json_schema else {}
    if not isinstance(schema, dict):
        return Table((), whole=False)
    if not keys:
        return json_table.table_of(schema)
    required = schema.get("required")
    all_required = (*(required if isinstance(required, list) else ()), *keys)
    merged = schema | {"required": list(dict.fromkeys(all_required))}
    if not only:
        return json_table.table_of(merged)
    properties = schema.get("properties")
    further = set(properties if isinstance(properties, dict) else ()) - set(keys)
    table = json_table.table_of(merged | {"additionalProperties": False})
    return table._replace(whole=table.whole and not further)


def parameters_of(table: Table) -> dict[str, Any]:
    """Return a check's parameters that say what a table does: keys alone where that will do."""
    rows = [row for row in table.rows if json_table.path_of(row.key)]
    keys = list(dict.fromkeys(row.key.strip() for row in rows))
    is_plain = all(
        row.holds == "anything" and row.required and not row.allowed and "." not in row.key
        for row in rows
    )
    if is_plain:
        return {"keys": keys, "only": bool(keys) and not table.others, "json_schema": None}
    text = json.dumps(json_table.schema_of(table), ensure_ascii=False)
    return {"keys": [], "only": False, "json_schema": text}


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _said(error: Any) -> str:
    """Return where and how an answer does not fit the schema, as a sentence."""
    path = [str(part) for part in error.absolute_path]
    place = shown(".".join(path)) if path else "the whole"
    if error.validator == "required":
        missing = next((key for key in error.validator_value if key not in error.instance), "")
        return f"Lacks {shown('.'.join([*path, missing]))}."
    if error.validator == "additionalProperties" and error.validator_value is False:
        known = error.schema.get("properties", {})
        further = next((key for key in error.instance if key not in known), "")
        return f"Has {shown('.'.join([*path, further]))} besides."
    if error.validator == "type" and error.validator_value in json_table.TYPE_WORDS:
        return f"What {place} holds is not {json_table.TYPE_WORDS[error.validator_value]}."
    if error.validator == "enum" and path:
        return f"What {place} holds is not among the values to choose from."
    return f"Does not fit the schema at {place}."


class _TooLong(Exception):
    """Comparing with the schema has taken `MAX_STEPS`."""


@cache
def _validators() -> Any:
    """Return the library's class of validators, which takes a tenth of a second to import, with
    its keywords counted and those that compare values in linear time."""
    from jsonschema import Draft202012Validator, ValidationError, validators

    def unique_items(_: Any, wanted: bool, items: Any, __: Any) -> list[ValidationError]:
        if wanted and isinstance(items, list) and len(set(map(_key, items))) < len(items):
            return [ValidationError("has items that are the same")]
        return []

    lookups: dict[int, tuple[Any, frozenset[Any]]] = {}

    def is_in(allowed: Any, value: Any) -> bool:
        """Look the value up; `allowed` is held, so that its place is not another's."""
        found = lookups.get(id(allowed))
        if found is None:
            if len(lookups) >= MAX_LOOKUPS:
                lookups.clear()
            found = lookups[id(allowed)] = allowed, frozenset(map(_key, allowed))
        return _key(value) in found[1]

    def enum(_: Any, allowed: Any, value: Any, __: Any) -> list[ValidationError]:
        return [] if is_in(allowed, value) else [ValidationError("is none of the values")]

    def const(_: Any, wanted: Any, value: Any, __: Any) -> list[ValidationError]:
        return [] if _key(wanted) == _key(value) else [ValidationError("is not the value")]

    of_values = {"uniqueItems": unique_items, "enum": enum, "const": const}
    keywords = Draft202012Validator.VALIDATORS | of_values
    counted = {name: _counted(name, keyword) for name, keyword in keywords.items()}
    return validators.extend(Draft202012Validator, counted)


def _counted(name: str, keyword: Callable[..., Any]) -> Callable[..., Any]:
    """Return the keyword, which now takes steps; raises _TooLong when none are left."""

    def count(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
        _steps_left.set(_steps_left.get() - _steps(name, value, instance))
        if _steps_left.get() < 0:
            raise _TooLong
        return keyword(validator, value, instance, schema)

    return count


def _steps(name: str, value: Any, instance: Any) -> int:
    """Return how many steps a keyword with this value takes for an instance."""
    if name in _DEEP:
        return 1 + _size(instance) + (_size(value) if name == "const" else 0)
    named = len(value) if isinstance(value, (list, dict)) else 0
    looked_at = len(instance) if name in _FOR_ALL and isinstance(instance, (list, dict)) else 0
    return 1 + looked_at + (named // 10 if name in _LOOKED_UP else named)


def _size(value: Any) -> int:
    """Return the number of values that a JSON value is made of."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return 1
    return 1 + sum(map(_size, value))


def _key(value: Any) -> Any:
    """Return what is equal for equal JSON values: 1 is 1.0, but is not true."""
    if isinstance(value, dict):
        return frozenset((name, _key(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return tuple(map(_key, value))
    return (bool, value) if isinstance(value, bool) else value


def loaded(text: str, depth: int = MAX_DEPTH) -> Any:
    """Return the value of a JSON text; None for what is none, or is nested too deep."""
    try:
        value = json.loads(text, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        return None
    return value if _is_shallow(value, depth) else None


def _is_shallow(value: Any, depth: int) -> bool:
    children = value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, list)):
        return True
    return depth > 0 and all(_is_shallow(child, depth - 1) for child in children)


def _uses(schema: Any, word: str) -> bool:
    if isinstance(schema, dict):
        return word in schema or any(_uses(value, word) for value in schema.values())
    return isinstance(schema, list) and any(_uses(value, word) for value in schema)
