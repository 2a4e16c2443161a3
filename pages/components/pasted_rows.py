"""Rows that were pasted and not added: kept with what was chosen for their columns."""

import streamlit as st
from pydantic import Field

from pages.components import form_drafts
from rft_core.records import Record


class Typed(Record):
    """What was pasted, and what was chosen for it."""

    text: str
    head: int | None = None
    """The row with the headings; None: not asked yet."""
    columns: int = 0
    roles: dict[int, str] = Field(default_factory=dict)
    """What columns hold, by their place, where that was chosen."""
    made_of: dict[str, bool] = Field(default_factory=dict)
    """Which expected values make the answer, where that was chosen."""


def place(key: str) -> str:
    """Name the draft of what is pasted at the place with this key."""
    return f"pasted-{key}"


def source(key: str, columns: int) -> str:
    """Name what was pasted; what was chosen for so many columns belongs to it."""
    return f"{key}-pasted-{_turn(key)}-{columns}"


def text_key(key: str) -> str:
    """Return the key of the field that rows are pasted into."""
    return f"{key}-text-{_turn(key)}"


def take_up(key: str, project_id: str) -> bool:
    """Fill the field with what was pasted before this session; say whether anything was."""
    typed = form_drafts.take_up(project_id, place(key), Typed)
    if typed is None:
        return False
    st.session_state[text_key(key)] = typed.text
    st.session_state[_head(key)] = typed.text, typed.head
    st.session_state[f"{key}-roles"] = source(key, typed.columns), dict(typed.roles)
    st.session_state[f"{key}-made-of"] = dict(typed.made_of)
    return True


def head(key: str, text: str) -> int | None:
    """Return the row that was chosen for the headings of this text, if one was."""
    own, known = st.session_state.get(_head(key), ("", None))
    return known if own == text else None


def keep(key: str, project_id: str, text: str, head: int | None) -> bool:
    """Keep what is pasted now; return whether anything is and it is kept."""
    st.session_state[_head(key)] = text, head
    own, roles = st.session_state.get(f"{key}-roles", ("", {}))
    begins, _, columns = own.rpartition("-")
    typed = Typed(
        text=text,
        head=head,
        columns=int(columns) if begins == source(key, 0).removesuffix("-0") else 0,
        roles=roles,
        made_of=st.session_state.get(f"{key}-made-of", {}),
    )
    return form_drafts.keep(project_id, place(key), typed if text.strip() else None)


def discard(key: str, project_id: str) -> None:
    """Forget what was pasted; the field is empty on the next run of the page."""
    form_drafts.keep(project_id, place(key), None)
    for memory in (_head(key), f"{key}-roles", f"{key}-made-of"):
        st.session_state.pop(memory, None)
    st.session_state[f"{key}-turn"] = _turn(key) + 1


def _head(key: str) -> str:
    return f"{key}-pasted-head"


def _turn(key: str) -> int:
    turn: int = st.session_state.setdefault(f"{key}-turn", 0)
    return turn
