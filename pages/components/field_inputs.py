"""Expected values of a case as inputs: a choice, a text, or one phrase a line."""

from collections.abc import Collection
from typing import Any

import streamlit as st

from pages.components import plain
from pages.components.state import Current
from pages.components.steps import required_fields
from rft_core.checks import Check, build
from rft_core.errors import InputError
from rft_core.examples.cells import read_field, write_field
from rft_core.records import Example, Rubric

LISTS = ("contains_all", "contains_any", "forbidden", "quote", "set", "ranked")
"""Checks whose expected value may hold several phrases."""
NOT_SET = ""


def show(
    found: Current, example: Example, key: str, without: Collection[str] = ()
) -> dict[str, Any]:
    """Draw one input for each expected value and return the values; none for those `without`."""
    read = {n: text for n, text in required_fields(found.rubric).items() if n not in without}
    others = [
        name
        for name in dict.fromkeys(n for e in (*found.examples, example) for n in e.fields)
        if name not in read and name not in without
    ]
    values = dict(example.fields)
    for name, criterion in read.items():
        _set(values, name, _input(found, example, name, f"{key}-{name}", criterion))
    editable = [n for n in others if not isinstance(example.fields.get(n), dict)]
    fixed = [n for n in others if n in example.fields and n not in editable]
    if editable or fixed:
        with st.expander(f"More about this {found.noun}") if read or without else st.container():
            for name in editable:
                _set(values, name, _input(found, example, name, f"{key}-{name}", ""))
            for name in fixed:
                plain.block(_lines(example.fields[name]), _label(found, name))
    return values


def forget(key: str, names: Collection[str]) -> None:
    """Forget what was put in for these values, which something else says now."""
    for name in names:
        st.session_state.pop(f"{key}-{name}", None)
        st.session_state.pop(f"{key}-{name}-lines", None)


def _label(found: Current, name: str) -> str:
    """Return what the input of an expected value is called: its part's label, else its name."""
    label = found.called(name)
    return plain.label(label if label != name else name.replace("_", " ").capitalize())


def _input(found: Current, example: Example, name: str, key: str, criterion: str) -> Any:
    rubric, value, label = found.rubric, example.fields.get(name), _label(found, name)
    about = f"Expected value. Used by: {plain.label(criterion, 150)}" if criterion else None
    labels = _labels(rubric, name)
    if labels and (value is None or value in labels):
        chosen = st.selectbox(
            label,
            [NOT_SET, *labels],
            index=0 if value is None else 1 + labels.index(value),
            format_func=lambda text: text or "Not set",
            key=key,
            help=about,
            persist_state="session",
        )
        return chosen or None
    if _is_list(rubric, name, value):
        text = st.text_area(
            f"{label} (one a line)",
            "\n".join(value or ()),
            height=80,
            key=f"{key}-lines",
            help=about,
            persist_state="session",
        )
        return [line.strip() for line in text.split("\n") if line.strip()] or None
    text = st.text_input(
        label,
        "" if value is None else write_field(value),
        key=key,
        help=about,
        persist_state="session",
    )
    return read_field(text) if text.strip() else None


def _set(values: dict[str, Any], name: str, value: Any) -> None:
    """Put a value in; an empty one is left out unless the case had it so."""
    if value is not None:
        values[name] = value
    elif values.get(name) not in (None, [], ""):
        del values[name]


def _labels(rubric: Rubric, name: str) -> list[str]:
    return next((list(c.labels) for c in _reading(rubric, name) if hasattr(c, "labels")), [])


def _is_list(rubric: Rubric, name: str, value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(isinstance(item, str) and "\n" not in item for item in value)
    return value is None and any(c.kind in LISTS for c in _reading(rubric, name))


def _reading(rubric: Rubric, name: str) -> list[Check]:
    """Return the checks that read an expected value."""
    found = []
    for criterion in rubric.criteria:
        try:
            check = build(criterion.check)
        except InputError:
            continue
        if check.reads == name:
            found.append(check)
    return found


def _lines(value: dict[str, Any]) -> str:
    return "\n".join(f"{key}: {item}" for key, item in value.items())
