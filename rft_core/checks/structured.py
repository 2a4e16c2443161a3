"""The check of answers that are JSON, for another program to read."""

import json
import re
from functools import cached_property
from typing import Any

from pydantic import Field, field_validator

from rft_core.checks.base import Check, Verdict
from rft_core.checks.wording import listing, shown
from rft_core.records import Example

MAX_KEYS = 100
MAX_SCHEMA_CHARS = 20_000
MAX_DEPTH = 40
NOT_USED = ("pattern", "patternProperties", "$ref", "$dynamicRef")
"""Keywords of a schema that could run for ever or reach elsewhere."""
_FENCE = re.compile(r"\A\s*```(?:json)?[ \t]*\n(.*)\n```\s*\Z", re.DOTALL | re.IGNORECASE)


class JsonAnswer(Check):
    """Met when the whole answer is one JSON object with all the named keys, and fits the schema."""

    kind: str = "json"
    keys: tuple[str, ...] = Field(default=(), max_length=MAX_KEYS)
    only: bool = False
    """Whether other keys are wrong."""
    json_schema: str | None = Field(default=None, max_length=MAX_SCHEMA_CHARS)
    """A JSON Schema (draft 2020-12) as text, without patterns and references."""

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
        keys = f" with {listing([shown(key) for key in self.keys])}" if self.keys else ""
        alone = " and nothing else" if self.only and self.keys else ""
        fits = " that fits the schema" if self.json_schema else ""
        return f"Met when the whole answer is one JSON object{keys}{alone}{fits}."

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
        error = next(self._validator.iter_errors(value), None) if self._validator else None
        if error is not None:
            place = ".".join(map(str, error.absolute_path)) or "the whole"
            return Verdict(0.0, f"Does not fit the schema at {shown(place)}.")
        return Verdict(1.0, "The answer is one JSON object as wanted.")

    @cached_property
    def _validator(self) -> Any:
        """The schema's validator, or None; its library takes a tenth of a second to import."""
        from jsonschema import Draft202012Validator

        return Draft202012Validator(json.loads(self.json_schema)) if self.json_schema else None


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
