"""What was typed of a case and is not saved: kept in the store until it is saved or discarded.

The inputs of a case are named after its stored content, so that they begin anew where the case was
changed elsewhere.
"""

from typing import Any

import streamlit as st

from pages.components import state
from pages.components.answer_inputs import Answer
from pages.components.state import Current
from rft_core.errors import InputError
from rft_core.records import Example, content_id
from rft_core.store.drafts import Draft

NEW = ""
"""Stands for a case that is not saved yet, where others have their id."""
_FILLED = "case-filled"
"""Where the session keeps what the inputs of each case were last filled with."""


def key(found: Current, example: Example) -> str:
    """Return the name of a case's inputs: another one when the case was changed elsewhere."""
    filled = st.session_state.setdefault(_FILLED, {})
    was, number = filled.get((found.project.id, example.id), ("", 0))
    if was != of(example):
        number += 1
    filled[found.project.id, example.id] = of(example), number
    return f"case-{found.project.id}-{example.id}-{number}"


def held(key: str) -> dict[str, Any]:
    """Return what the inputs of this name hold, each by its own name."""
    items = st.session_state.items()
    return {str(name): value for name, value in items if str(name).startswith(f"{key}-")}


def keep(
    found: Current, example: Example, case: Example, answer: Answer, changed: bool,
    kept: Draft | None,
) -> None:  # fmt: skip
    """Store what was typed, or forget what is not there any longer."""
    draft = None
    if changed:
        own = example.id or "new"
        parts = answer.values if answer.problem else None
        origin = kept.of if kept else of(example)
        draft = Draft(
            case=case.model_copy(update={"id": own}), answer=parts, of=origin,
            copy_of=kept.copy_of if kept else None,
        )  # fmt: skip
    memory = _memory(found, example)
    last = st.session_state.get(memory, kept)
    st.session_state[memory] = draft
    if draft != last:  # else another window may have typed more
        state.studio().keep_draft(found.project.id, example.id, draft)


def begin_with(found: Current, case: Example, answer: Answer) -> None:
    """Begin a new case with the text, answer, tags, side and group of another, as it is typed.

    Raises InputError where a new one was begun already: nothing of it is lost.
    """
    noun = found.project.case_noun
    if NEW in state.studio().drafts(found.project.id):
        raise InputError(
            f"There is a new {noun} that you have begun.",
            "Save or discard that first, then duplicate this one.",
        )
    own = {"id": "new", "criteria": None, "source": None, "note": None}
    parts = answer.values if answer.problem else None
    filled = st.session_state[_FILLED]
    filled[found.project.id, NEW] = "", filled.get((found.project.id, NEW), ("", 0))[1] + 1
    st.session_state.pop(_typed_in(found, NEW), None)
    draft = Draft(case=case.model_copy(update=own), answer=parts, of="", copy_of=case.id)
    state.studio().keep_draft(found.project.id, NEW, draft)


def overtaken(found: Current, example: Example) -> Draft | None:
    """Return what was typed here of a case that another window has saved since; it is kept."""
    typed: Draft | None = st.session_state.get(_memory(found, example))
    if typed is None or typed.of == of(example):
        return None
    state.studio().keep_draft(found.project.id, example.id, typed)
    return typed


def forget(found: Current, example: Example, saved: Example | None = None) -> None:
    """Begin with fresh inputs, without a draft; one of another window stays.

    The inputs stay as they are where all of them hold what was `saved`: to build them anew takes
    time.
    """
    filled = st.session_state[_FILLED]
    case = found.project.id, example.id
    number = filled[case][1]
    filled[case] = ("", number + 1) if saved is None else (of(saved), number)
    own = st.session_state.pop(_memory(found, example), None)
    if state.studio().drafts(found.project.id).get(example.id) == own:
        state.studio().keep_draft(found.project.id, example.id, None)


def drop(found: Current, example: Example) -> None:
    """Forget the draft of a case that is deleted, whoever typed it."""
    st.session_state.pop(_memory(found, example), None)
    state.studio().keep_draft(found.project.id, example.id, None)


def of(example: Example) -> str:
    """Name what the inputs show of a case: its own criteria are saved apart from them."""
    typed = example.model_copy(update={"criteria": None})
    return "" if example.id == NEW else content_id(typed)


def _memory(found: Current, example: Example) -> str:
    """Return where the session keeps what it last stored of a case that is typed."""
    return _typed_in(found, example.id)


def _typed_in(found: Current, case_id: str) -> str:
    return f"case-typed-{found.project.id}-{case_id}"
