"""What each column of a file holds: recognised first, changed by the expert where it is wrong."""

from collections.abc import Mapping

import streamlit as st

from pages.components import plain
from rft_core.examples.columns import FIELD, IGNORE, guess_columns
from rft_core.examples.sheets import Sheet

ROLES = {
    "prompt": "The case",
    "reference": "The expert answer",
    "field": "An expected value",
    "tags": "Tags",
    "split": "Training or test",
    "cluster": "Group",
    "id": "Name of the case",
    "source": "Source",
    "note": "Note",
    IGNORE: "Leave out",
}
SAMPLE_CHARS = 90
WIDTHS = (2, 4, 2)


def choose(key: str, sheet: Sheet) -> Mapping[str, str]:
    """Show every column with its role, folded up where all was recognised; return the roles."""
    guessed = {column: _plain_role(role) for column, role in guess_columns(sheet.columns).items()}
    found = "prompt" in guessed.values()
    question = st.empty()
    with st.expander("What each column holds", expanded=not found, key=f"{key}-columns"):
        st.caption(
            "Change what was not recognised rightly. What is left out stays in your file only."
        )
        samples = _samples(sheet)
        chosen = {
            column: _column(key, column, role, samples.get(column, ""))
            for column, role in guessed.items()
        }
    if "prompt" not in chosen.values():
        question.warning("Which column holds the case? Say so below.", icon=":material/help:")
    return chosen


def summary(roles: Mapping[str, str]) -> str:
    """Say in one line, escaped, which column is what."""
    named = {ROLES[_plain_role(role)]: column for column, role in roles.items() if role != "kept"}
    parts = [
        f"{name}: {plain.label(named[name], 30)}"
        for name in (ROLES["prompt"], ROLES["reference"])
        if name in named
    ]
    values = [column for column, role in roles.items() if _plain_role(role) == "field"]
    if values:
        shown = ", ".join(plain.label(column, 30) for column in values[:6])
        parts.append(f"Expected values: {shown}{', …' if len(values) > 6 else ''}")
    return " · ".join(parts)


def _column(key: str, column: str, role: str, sample: str) -> str:
    heading, example, choice = st.columns(WIDTHS, vertical_alignment="center")
    heading.markdown(f"**{plain.label(column)}**")
    with example:
        plain.block(sample)
    return choice.selectbox(
        plain.label(column),
        list(ROLES),
        index=list(ROLES).index(role),
        format_func=ROLES.get,
        label_visibility="collapsed",
        key=f"{key}-column-{column}",
    )


def _plain_role(role: str) -> str:
    return "field" if role.startswith(FIELD) else role


def _samples(sheet: Sheet) -> dict[str, str]:
    """Return the first value of every column, cut short."""
    samples: dict[str, str] = {}
    for row in sheet.rows:
        for column, value in row.values.items():
            samples.setdefault(column, "" if value is None else str(value)[: SAMPLE_CHARS + 1])
        if len(samples) >= len(sheet.columns):
            break
    return {column: _short(text) for column, text in samples.items()}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SAMPLE_CHARS else f"{line[: SAMPLE_CHARS - 1]}…"
