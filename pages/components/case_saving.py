"""Saving a case as it is typed: before anything is drawn anew, or while its form is drawn.

The first is done where nothing stands against it and nothing was typed since the form was drawn.
All else is saved while the form is drawn, which also says what stands against it.
"""

from typing import Any, NamedTuple

import streamlit as st

from pages.components import case_drafts, case_picker, in_view, redraw, saving, state, steering
from pages.components.answer_inputs import Answer
from pages.components.case_drafts import NEW
from pages.components.state import Current
from pages.components.words import case_called
from rft_core.errors import InputError, RftError
from rft_core.examples.answer_form import rewritten
from rft_core.examples.names import new_names
from rft_core.records import Example

_AT_ONCE = "case-saved-at-once"
"""Where the session keeps that a case was saved before it was drawn once more."""


class Typed(NamedTuple):
    """A case as it is stored and as the inputs have it."""

    found: Current
    example: Example
    key: str
    """Name of the inputs."""
    held: dict[str, Any]
    """What the inputs held by their names, of which the case is made."""
    case: Example
    answer: Answer
    overtaken: bool
    """Whether another window has saved the case since the inputs were filled."""
    conflict: bool
    """Whether what was typed began from another content of the case."""

    @property
    def is_new(self) -> bool:
        return self.example.id == NEW


def was_saved() -> bool:
    """Say once whether the callback has saved a case already."""
    return bool(st.session_state.pop(_AT_ONCE, False))


def before_drawn(typed: Typed, following: bool = False) -> None:
    """As the callback of a save: draw no more than what it concerns."""
    if _save_at_once(typed, following):
        st.session_state[_AT_ONCE] = True
        if typed.is_new or typed.case.split != typed.example.split:
            redraw.only(*redraw.ALL_OF_ONE_CASE)
        redraw.only(redraw.NOTE, redraw.CASE, redraw.UNDO, redraw.CASE_FINDINGS)
    if not typed.is_new:  # the word about it comes once the case was drawn, and saved
        redraw.only(redraw.CASE, redraw.NOTE, redraw.UNDO, redraw.CASE_FINDINGS)


def _save_at_once(typed: Typed, following: bool) -> bool:
    """Save a case before it is drawn once more, where that can be; choose the one to show next.

    That is where its inputs hold what they held when it was drawn, and nothing stands against it.
    """
    found = state.current()
    if found is None or found.project.id != typed.found.project.id or typed.conflict:
        return False
    if not typed.is_new and typed.example not in found.examples:
        return False
    if case_drafts.held(typed.key) != typed.held:
        return False
    try:
        _store_and_go(typed._replace(found=found), following)
    except RftError:  # it is said once the case is drawn, and tried again
        return False
    return True


def save(typed: Typed, following: bool) -> Current:
    """Save the case and return the project as it is stored then.

    Draws anew where something else is to be shown: another case, what was not typed, or no
    warning of a conflict any longer.
    """
    draft, following = _store_and_go(typed, following)
    if typed.is_new or draft.split != typed.example.split:
        st.rerun()  # the counts change as well
    if following or typed.conflict or draft != typed.case:
        redraw.this_part()
    return state.require_project()


def _store_and_go(typed: Typed, following: bool) -> tuple[Example, bool]:
    """Save the case; return it as it is stored, and whether another one follows.

    Behind a new one another new one follows. Raises InputError as `_store` does.
    """
    draft, ids = _store(typed)
    if following and draft.id == ids[-1] and not typed.is_new:
        saving.say(f"Saved. That was the last {typed.found.noun}.")
        following = False
    if following:
        in_view.wish_for_cursor()
        after = NEW if typed.is_new else ids[ids.index(draft.id) + 1]
        steering.wish(case_picker.KEY, after)
    elif typed.is_new:
        steering.wish(case_picker.KEY, draft.id)
    return draft, following


def _store(typed: Typed) -> tuple[Example, list[str]]:
    """Save the case; return it as it is stored, and the ids of all cases in their order.

    Raises InputError where it cannot be saved as it is typed.
    """
    found, example, draft = typed.found, typed.example, typed.case
    if typed.overtaken:
        raise InputError(
            f"The {found.project.case_noun} was changed in another window meanwhile.",
            "What you typed is still here. Look at everything, then save again.",
        )
    if not draft.case_text.strip():
        raise InputError(
            f"The {found.project.case_noun} has no text.", "Write what the model is asked about."
        )
    if typed.answer.problem is not None:
        raise typed.answer.problem
    if draft.reference is None:
        draft = rewritten([draft], (), found.project.answer)[0]
    if typed.is_new:
        used = {e.id for e in found.examples} | set(state.studio().drafts(found.project.id))
        names = new_names(found.project.case_noun, used)
        draft = Example.model_validate({**draft.model_dump(), "id": next(names)})
        kept = (*found.examples, draft)
    else:
        kept = tuple(draft if e.id == example.id else e for e in found.examples)
    called = case_called(found.project.case_noun, draft.id)
    note = f"{called} {'added' if typed.is_new else 'changed'}"
    saving.save_examples(found, kept, note)
    case_drafts.forget(found, example, draft if draft == typed.case else None)
    return draft, [e.id for e in kept]
