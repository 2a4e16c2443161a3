"""Strict JSON: what Python lets through but other programs cannot read is refused.

That is NaN and infinities, the same key twice in one object, half characters (lone
surrogates) and nesting too deep to read.
"""

import json
import math
from collections import Counter
from typing import Any, NoReturn

from rft_core.errors import InputError
from rft_core.records import Example

_UNSET = {
    "reference": None,
    "tags": (),
    "split": None,
    "cluster": None,
    "source": None,
    "criteria": None,
}


def load_json(text: str) -> Any:
    """Parse `text`. Raises ValueError if it is not JSON (with `lineno` for broken syntax)."""
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            object_pairs_hook=_without_repeats,
        )
    except RecursionError:
        raise ValueError("its lists are nested too deeply") from None
    if "\\ud" in text or "\\uD" in text:
        _require_whole_characters(value)
    return value


def dump_json(value: Any, indent: int | None = None) -> str:
    """Write `value` as JSON text; values that JSON lacks are written as text.

    Raises InputError for NaN, infinities and half characters: no program could read them back.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, default=str)
        text.encode()
    except ValueError as error:
        raise InputError(
            f"A value cannot be saved as JSON ({error}).", "Replace it with an ordinary value."
        ) from None
    return text


def example_line(example: Example) -> str:
    """Write an example as one line of JSON, unknown keys included; unset optional keys left out."""
    data = example.model_dump()
    for key, default in _UNSET.items():
        if data[key] == default:
            del data[key]
    return dump_json(data)


def split_lines(text: str) -> list[str]:
    """Split at line feeds only: JSON strings may hold the other line ends of Unicode."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text} is too large")
    return number


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f'the key "{twice}" occurs twice')
    return found


def _require_whole_characters(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError(
            "it holds half a character, as of a picture sign that was cut in two"
        ) from None
