"""What an answer in JSON must hold, as rows of inputs; a schema can be pasted in their place."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components import plain
from rft_core.checks import build
from rft_core.checks.json_table import HOLDS, WITHOUT_VALUES, Row, Table, doubts, values_in
from rft_core.checks.structured import JsonAnswer, parameters_of, table_for
from rft_core.checks.words import PARAMETER_WORDS
from rft_core.errors import InputError
from rft_core.records import CheckSpec

MAX_ROWS = 40
"""A schema of more keys stays as it is."""
HOLDS_WORDS = {
    "text": "Text",
    "whole": "A whole number",
    "number": "A number",
    "yes_no": "Yes or no",
    "list": "A list",
    "object": "Keys of its own",
    "anything": "Anything",
}
_WIDTHS = [3, 2.4, 1.5, 3.2, 0.6]
_HEADINGS = ("Key", "What it holds", "Must be there", "Values to choose from", "")
_EXPLAINED = (
    "The name in the answer. With a dot for a key of a key: party.name",
    "In the answer, yes and no are written true and false.",
    "",
    "Set apart by commas; of a list those of its items. Empty: any.",
    "",
)


def show(stored: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Draw the table, and under it a place for a schema; return the check's parameters.

    What is stored stays letter for letter until the table is changed.
    """
    text = stored.get("json_schema") or ""
    keys, only = stored.get("keys") or [], bool(stored.get("only"))
    table = table_for(keys, only, text)
    fits = table.whole and len(table.rows) <= MAX_ROWS
    pasted_at = f"{key}-schema"
    if str(st.session_state.get(pasted_at, "" if fits else text)).strip():
        _say_in_place(fits)
        edited = table
    else:
        edited = _table(table._replace(rows=table.rows[:MAX_ROWS]), key)
    pasted = _schema("" if fits else text, pasted_at)
    if pasted.strip():
        besides = ([], False) if fits else (keys, only)
        found = {"keys": besides[0], "only": besides[1], "json_schema": pasted}
    elif fits and edited == table:
        found = {"keys": keys, "only": only, "json_schema": text or None}
    else:
        found = parameters_of(edited)
    _show_samples(found)
    return found


def _say_in_place(fits: bool) -> None:
    why = "" if fits else " It says more than a table of keys can."
    st.caption(
        f":material/data_object: The JSON schema below says what the answer must hold.{why} "
        "Empty it to use the table instead."
    )


def _schema(text: str, key: str) -> str:
    label, about, _ = PARAMETER_WORDS["json_schema"]
    with st.expander(label):
        pasted: str = st.text_area(
            label, text, height="content", key=key, help=about, label_visibility="collapsed",
            placeholder="Paste a JSON schema here; it counts in place of the table.",
            persist_state="session",
        )  # fmt: skip
    return pasted


def _table(table: Table, key: str) -> Table:
    """Draw a row of inputs for each key, and what belongs to all of them."""
    numbers: list[int] = st.session_state.setdefault(
        f"{key}-rows", list(range(max(1, len(table.rows))))
    )
    for column, heading, about in zip(st.columns(_WIDTHS), _HEADINGS, _EXPLAINED, strict=True):
        column.caption(heading, help=about or None)
    given = dict(enumerate(table.rows))
    rows = tuple(_row(given.get(n, Row("")), f"{key}-{n}", key, n) for n in numbers)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Add a key", icon=":material/add:", key=f"{key}-add", on_click=_add, args=(key,),
            disabled=len(numbers) >= MAX_ROWS,
        )  # fmt: skip
        others = st.checkbox(
            "Other keys may be there", table.others, key=f"{key}-others", persist_state="session"
        )
    for said in doubts(rows):
        st.caption(f":orange[:material/warning:] {plain.label(said, 200)}")
    return Table(tuple(row for row in rows if row.key.strip()), others)


def _row(row: Row, key: str, table: str, number: int) -> Row:
    name, kind, must, values, gone = st.columns(_WIDTHS, vertical_alignment="center")
    hidden: dict[str, Any] = {"label_visibility": "collapsed", "persist_state": "session"}
    named = name.text_input("Key", row.key, key=f"{key}-key", placeholder="decision", **hidden)
    holds = kind.selectbox(
        "What it holds", HOLDS, HOLDS.index(row.holds), format_func=HOLDS_WORDS.get,
        key=f"{key}-holds", **hidden,
    )  # fmt: skip
    required = must.checkbox("Must be there", row.required, key=f"{key}-required", **hidden)
    allowed = values.text_input(
        "Values to choose from", ", ".join(row.allowed), key=f"{key}-allowed",
        placeholder="" if holds in WITHOUT_VALUES else "any", disabled=holds in WITHOUT_VALUES,
        **hidden,
    )  # fmt: skip
    gone.button(
        "", icon=":material/delete:", key=f"{key}-delete", help="Leave this key out",
        type="tertiary", on_click=_leave_out, args=(table, number),
    )  # fmt: skip
    return Row(named, holds, required, values_in(allowed))


def _add(key: str) -> None:
    numbers = st.session_state[f"{key}-rows"]
    numbers.append(st.session_state.get(f"{key}-next", max([*numbers, -1]) + 1))
    st.session_state[f"{key}-next"] = numbers[-1] + 1


def _leave_out(key: str, number: int) -> None:
    numbers = st.session_state[f"{key}-rows"]
    st.session_state.setdefault(f"{key}-next", max(numbers) + 1)
    numbers.remove(number)


def _show_samples(parameters: Mapping[str, Any]) -> None:
    """Show an answer that fits and one that does not, made of the keys."""
    try:
        check = build(CheckSpec(kind="json", **parameters))
    except InputError:
        return
    assert isinstance(check, JsonAnswer)
    titles = ":green[:material/check:] Would fit", ":red[:material/close:] Would not fit"
    shown = [pair for pair in zip(titles, check.samples(), strict=True) if pair[1]]
    for column, (title, answer) in zip(st.columns(2), shown, strict=False):
        with column:
            plain.block(answer or "", title)
