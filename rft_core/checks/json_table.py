"""What an answer in JSON must hold as a table of keys, and as a JSON Schema (draft 2020-12).

A key with dots leads into objects: "party.name" is the key "name" of what "party" holds. Not every
schema can be said by a table; `Table.whole` says whether one is.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args

from rft_core.checks.wording import listing, shown

Holds = Literal["text", "whole", "number", "yes_no", "list", "object", "anything"]
HOLDS: tuple[Holds, ...] = get_args(Holds)
_TYPES: dict[Holds, str] = {
    "text": "string", "whole": "integer", "number": "number", "yes_no": "boolean", "list": "array",
    "object": "object",
}  # fmt: skip
_SAID: dict[Holds, str] = {
    "text": "text", "whole": "a whole number", "number": "a number", "yes_no": "true or false",
    "list": "a list", "object": "an object",
}  # fmt: skip
TYPE_WORDS = {_TYPES[holds]: said for holds, said in _SAID.items()}
"""By type of a schema."""
_SAMPLES: dict[str, Any] = {
    "string": "text", "integer": 1, "number": 1.5, "boolean": True, "array": [],
}  # fmt: skip
WITHOUT_VALUES: tuple[Holds, ...] = ("yes_no", "object")
"""What has no list of values to choose from."""
Schema = dict[str, Any]
Path = tuple[str, ...]


class Row(NamedTuple):
    """What one key holds."""

    key: str
    holds: Holds = "text"
    required: bool = True
    allowed: tuple[str, ...] = ()
    """The values to choose from, as texts; of a list those of its items. Empty: any."""


class Table(NamedTuple):
    """The rows of all keys."""

    rows: tuple[Row, ...]
    others: bool = True
    """Whether an object may have other keys."""
    whole: bool = True
    """Whether the table says all that the schema does, and no more."""


def path_of(key: str) -> Path:
    """Return the names that lead to a key; empty where one of them is empty."""
    parts = tuple(part.strip() for part in key.split("."))
    return parts if all(parts) else ()


def values_in(text: str) -> tuple[str, ...]:
    """Return the values in a text that sets them apart by commas."""
    return tuple(value for part in text.split(",") if (value := part.strip()))


def number_in(text: str) -> int | float | None:
    """Return the number that a text is as JSON writes it; None if it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and json.dumps(value) == text else None


def schema_of(table: Table) -> Schema:
    """Return the schema that a table says. Of two rows for one key the last counts, and what has
    keys of its own holds an object; `doubts` names both."""
    named = {path: row for row in table.rows if (path := path_of(row.key))}
    return _object(named, (), table.others)


def doubts(rows: Sequence[Row]) -> list[str]:
    """Return a sentence for each row that does not count as it was written."""
    said = []
    named: dict[Path, Row] = {}
    for row in rows:
        path = path_of(row.key)
        if not path and row.key.strip():
            said.append(f"{shown(row.key)} has nothing before or after a dot, so it is left out.")
        if path in named:
            said.append(f"Two rows are about {shown(row.key)}; the last one counts.")
        if path:
            named[path] = row
        wrong = [text for text in row.allowed if not _can_be(text, row.holds)]
        if wrong:
            what = _SAID[row.holds].removeprefix("a ")
            said.append(f"{shown(wrong[0])} is no {what}, so it is left out.")
    for path, row in named.items():
        if row.holds != "object" and any(_is_below(other, path) for other in named):
            said.append(f"{shown(row.key)} has keys of its own, so that is what it holds.")
    return said


def _is_below(path: Path, other: Path) -> bool:
    return len(path) > len(other) and path[: len(other)] == other


def _object(named: Mapping[Path, Row], at: Path, others: bool) -> Schema:
    properties: Schema = {}
    required = []
    for key in dict.fromkeys(path[len(at)] for path in named if _is_below(path, at)):
        path = (*at, key)
        below = [row for other, row in named.items() if _is_below(other, path)]
        own = named.get(path)
        is_object = below or own is None
        properties[key] = _object(named, path, others) if is_object else _value(own)
        if own.required if own else any(row.required for row in below):
            required.append(key)
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema if others else schema | {"additionalProperties": False}


def _value(row: Row | None) -> Schema:
    if row is None:
        return {}
    schema: Schema = {"type": _TYPES[row.holds]} if row.holds in _TYPES else {}
    allowed = _allowed(row)
    if not allowed:
        return schema
    return schema | ({"items": {"enum": allowed}} if row.holds == "list" else {"enum": allowed})


def _allowed(row: Row) -> list[str | int | float]:
    """Return the values to choose from; where a text may be a number as well, it is both."""
    if row.holds in WITHOUT_VALUES:
        return []
    texts = [text for text in row.allowed if _can_be(text, row.holds)]
    if row.holds == "text":
        return list(texts)
    both = [(text, number_in(text)) for text in texts]
    if row.holds in ("whole", "number"):
        return [number for _, number in both if number is not None]
    return [value for pair in both for value in pair if value is not None]


def _can_be(text: str, holds: Holds) -> bool:
    if holds == "whole":
        return isinstance(number_in(text), int)
    return holds != "number" or number_in(text) is not None


def table_of(schema: Schema) -> Table:
    """Return the table of a schema, as far as there is one. Takes any JSON object."""
    rows = tuple(_rows(schema, ""))
    table = Table(rows, schema.get("additionalProperties") is not False)
    kept = all(values_in(", ".join(row.allowed)) == row.allowed for row in rows)
    return table._replace(whole=kept and _ordered(schema_of(table)) == _ordered(schema))


def _rows(schema: Schema, before: str) -> Iterator[Row]:
    properties = _dict(schema.get("properties"))
    required = [key for key in _list(schema.get("required")) if isinstance(key, str)]
    for key in dict.fromkeys((*properties, *required)):
        inner = _dict(properties.get(key))
        row = _row(inner, before + key, key in required)
        if not _dict(inner.get("properties")):
            yield row
            continue
        below = list(_rows(inner, f"{row.key}."))
        if row.required != any(other.required for other in below):
            yield Row(row.key, "object", row.required)
        yield from below


def _row(schema: Schema, key: str, required: bool) -> Row:
    holds: Holds = next((h for h, t in _TYPES.items() if t == schema.get("type")), "anything")
    values = _dict(schema.get("items")) if holds == "list" else schema
    allowed = _list(values.get("enum")) or ([values["const"]] if "const" in values else [])
    texts = (value if isinstance(value, str) else json.dumps(value) for value in allowed)
    return Row(key, holds, required, tuple(dict.fromkeys(texts)))


def _ordered(schema: Schema) -> str:
    """Return what is the same text for schemas that mean the same, as far as tables go.

    An answer is an object anyway, so of the whole schema that need not be said; nor need a key be
    among the properties that must only be there.
    """

    def in_order(value: Any) -> Any:
        if isinstance(value, list):
            return [in_order(item) for item in value]
        if not isinstance(value, dict):
            return value
        found = {key: in_order(inner) for key, inner in value.items()}
        required = found.get("required")
        if isinstance(required, list) and isinstance(found.get("properties", {}), dict):
            keys = sorted(str(key) for key in required)
            found["required"] = keys
            found["properties"] = {key: {} for key in keys} | found.get("properties", {})
        return found

    plain = in_order({"type": "object", "properties": {}} | schema)
    return json.dumps(plain, sort_keys=True)


def _dict(value: object) -> Schema:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def in_words(table: Table) -> str:
    """Return what a table asks of "one JSON object", to stand after these words."""
    must = [_said(row) for row in table.rows if row.required]
    may = [_said(row) for row in table.rows if not row.required]
    keys = f" with {listing(must)}" if must else ""
    if may:
        keys += f", which may also have {listing(may)}"
        keys += "" if table.others else ", and no other keys"
    elif must and not table.others:
        keys += " and nothing else"
    if table.whole:
        return keys
    return f"{keys}, and that fits the rest of its JSON schema" if keys else " that fits its schema"


def _said(row: Row) -> str:
    what = _SAID.get(row.holds, "")
    values = listing([shown(text) for text in row.allowed], "or")
    if not values or row.holds in WITHOUT_VALUES:
        return f"{shown(row.key)} ({what})" if what else shown(row.key)
    what = {"list": "a list of ", "text": "", "anything": ""}.get(row.holds, f"{what}: ")
    return f"{shown(row.key)} ({what}{values})"


def sample(schema: Schema) -> Any:
    """Return a value that fits the schema of a table."""
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("properties"):
        return {key: sample(inner) for key, inner in schema["properties"].items()}
    if schema.get("type") == "object":
        return {}
    if "items" in schema:
        return [sample(schema["items"])]
    return _SAMPLES.get(schema.get("type", ""), "text")


def spoiled(table: Table) -> Iterator[Any]:
    """Yield values that lack something the table asks for, or have what it does not allow."""
    good = sample(schema_of(table))
    for wanted in (True, False):
        for row in table.rows:
            path = path_of(row.key)
            if path and row.required == wanted:
                if row.required:
                    yield _changed(good, path, lambda holder, key: holder.pop(key, None))
                for wrong in ("something else", 0):
                    yield _changed(good, path, lambda holder, key, v=wrong: holder.update({key: v}))
    yield good | {"something_else": 1}


def _changed(value: Any, path: Path, change: Any) -> Any:
    """Return a copy of nested objects in which the one that holds the last name was changed."""
    copy = json.loads(json.dumps(value))
    holder = copy
    for name in path[:-1]:
        holder = holder[name]
    change(holder, path[-1])
    return copy
