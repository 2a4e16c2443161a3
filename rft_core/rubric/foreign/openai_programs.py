"""Comparisons of OpenAI's `string_check` that no check does exactly, as the Python code that does.

A side of a comparison may be made of text and places, as in "Decision: {{item.decision}}". What an
item lacks leaves the answer without a grade; an answer that lacks what is compared earns 0.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLACE = re.compile(r"\{\{\s*(item|sample)((?:\.[\w-]+|\[\d+\])+)\s*\}\}")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_COMPARED = {
    "eq": "{given} == {wanted}",
    "ne": "{given} == {wanted}",
    "like": "({wanted}) in ({given})",
    "ilike": "({wanted}).lower() in ({given}).lower()",
}
"""Of "ne" too whether they are equal: the criterion is a penalty."""


def program(grader: Mapping[str, Any]) -> str | None:
    """Return code that compares as a `string_check` does; None where a place is not known here."""
    compared = _COMPARED.get(str(grader.get("operation")))
    items: dict[str, str] = {}
    given, wanted = (_side(grader.get(side), items) for side in ("input", "reference"))
    if compared is None or given is None or wanted is None or "sample['" not in given + wanted:
        return None
    expected = [f"    {name} = str({place})\n" for place, name in items.items()]
    return (
        f"def grade(sample, item):\n{''.join(expected)}    try:\n"
        f"        return {compared.format(given=given, wanted=wanted)}\n"
        "    except (KeyError, IndexError, TypeError):\n        return 0\n"
    )


def _side(template: object, items: dict[str, str]) -> str | None:
    """Return a side as an expression; the places in the item are entered in `items` by name."""
    if not isinstance(template, str) or not template:
        return None
    parts: list[str] = []
    end = 0
    for found in _PLACE.finditer(template):
        parts += _text(template[end : found.start()])
        place = found[1] + "".join(_steps(found[2]))
        if found[1] == "item":
            parts.append(items.setdefault(place, f"expected_{len(items) + 1}"))
        elif place == "sample['output_text']":
            parts.append(place)
        elif place.startswith("sample['output_json']["):
            parts.append(f"str({place})")
        else:
            return None
        end = found.end()
    parts += _text(template[end:])
    return None if any("{{" in part for part in parts) else " + ".join(parts)


def _text(text: str) -> list[str]:
    return [repr(text)] if text else []


def _steps(path: str) -> Iterator[str]:
    """Yield the steps of ".meta.x[0]" as they stand in the code."""
    for name, number in _STEP.findall(path):
        yield f"[{name!r}]" if name else f"[{int(number)}]"
