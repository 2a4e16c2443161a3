"""What was typed into a form and is not saved: kept in the store, so that a reload brings it back.

Cases have drafts of their own (`case_drafts`). A draft is written only when it changed, and read
once a session; of two windows the last that typed counts.
"""

from typing import Any, TypeVar

import streamlit as st
from pydantic import ValidationError

from pages.components import state
from rft_core.records import Record

KEPT = ":orange[:material/edit:] Kept as a draft, not saved yet"
_HELD = "form-drafts-"
"""Begins the names under which the session keeps the drafts of a project, as it knows them."""
_TAKEN = "form-drafts-taken"
"""Where the session keeps which drafts its forms have begun with."""

R = TypeVar("R", bound=Record)


def take_up(project_id: str, place: str, kind: type[R]) -> R | None:
    """Return what was typed there before this session, the first time it is asked for.

    None if that was nothing, or is not of this kind any longer.
    """
    if not _is_first(project_id, place):
        return None
    typed = _held(project_id).get(place)
    if typed is None:
        return None
    try:
        return kind.model_validate(typed)
    except ValidationError:
        keep(project_id, place, None)
        return None


def places(project_id: str, begins: str) -> list[str]:
    """Return the places with a draft whose names begin so, the last typed one last."""
    return [place for place in _held(project_id) if place.startswith(begins)]


def keep(project_id: str, place: str, typed: Record | None) -> bool:
    """Keep what the form holds now; None forgets it. Return whether it is kept."""
    held = _held(project_id)
    body = None if typed is None else typed.model_dump(mode="json")
    _is_first(project_id, place)  # what is typed in this session is there already
    if body != held.get(place):
        held.pop(place, None)
        if state.studio().keep_form_draft(project_id, place, body):
            held[place] = body
    return place in held


def say_overtaken(what: str, way_out: str) -> None:
    """Say that what a form is about was changed since its draft was typed, and what can be done."""
    st.caption(
        f":orange[:material/warning:] {what} was changed since you typed this. Look at everything "
        f"before you save, or {way_out}."
    )


def _is_first(project_id: str, place: str) -> bool:
    """Say whether the place was not asked for in this session, and note that it was."""
    taken: set[tuple[str, str]] = st.session_state.setdefault(_TAKEN, set())
    is_first = (project_id, place) not in taken
    taken.add((project_id, place))
    return is_first


def _held(project_id: str) -> dict[str, Any]:
    memory = _HELD + project_id
    if memory not in st.session_state:
        st.session_state[memory] = state.studio().form_drafts(project_id)
    held: dict[str, Any] = st.session_state[memory]
    return held
