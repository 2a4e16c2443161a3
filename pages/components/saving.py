"""Saving with a word about it, and taking the last step back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from pages.components import plain, state
from pages.components.state import Current
from rft_core.errors import RftError
from rft_core.records import Example, Project, Rubric

_NOTE = "note"
_ERROR = "note_error"
_REFUSED = "note_refused"
UNDONE = "Undone."
_REDONE = "Done again."


def save_examples(
    found: Current, examples: Sequence[Example], note: str, said: str = "Saved."
) -> None:
    """Append a version with these cases and say so on the next look at the page."""
    before = _version(found)
    _tell(found, before, state.save_examples(found, examples, note).version, said)


def save_rubric(found: Current, rubric: Rubric, note: str, said: str = "Saved.") -> None:
    """Append a version with this rubric and say so on the next look at the page."""
    before = _version(found)
    _tell(found, before, state.save_rubric(found, rubric, note).version, said)


def save_project(found: Current, project: Project, note: str, said: str = "Saved.") -> None:
    """Append a version with these project settings and say so."""
    save(found, found._replace(project=project), note, said)


def save(found: Current, changed: Current, note: str, said: str = "Saved.") -> None:
    """Append a version with all that changed, in one step, and say so."""
    before = _version(found)
    _tell(found, before, state.studio().save_project(*changed, note).version, said)


def say(text: str) -> None:
    """Say something once, at the top of the page that is shown next."""
    st.session_state[_NOTE] = (text, None, 0)


def say_refused(text: str) -> None:
    """Say once, as a warning, that something was not done, and why."""
    st.session_state[_REFUSED] = text


def show_note() -> None:
    """Show what was last said, with Undo where something was saved."""
    error = st.session_state.pop(_ERROR, None)
    if error is not None:
        state.show_error(error)
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        st.toast(plain.label(refused, 300), icon=":material/warning:")
        st.warning(plain.label(refused, 300), icon=":material/warning:")
    text, project_id, undo_to = st.session_state.pop(_NOTE, ("", None, 0))
    if not text:
        return
    st.toast(plain.label(text, 300), icon=":material/check:")
    with st.container(horizontal=True, vertical_alignment="center", key="note"):
        st.success(plain.label(text, 300), icon=":material/check:", width="stretch")
        if undo_to:
            st.button(
                "Redo" if text == UNDONE else "Undo",
                icon=":material/redo:" if text == UNDONE else ":material/undo:",
                key="undo",
                on_click=_undo,
                args=(project_id, undo_to, _REDONE if text == UNDONE else UNDONE),
            )


def warn_after_look(found: Current) -> None:
    """Say before a change that it will make later verdicts exploratory, where it will."""
    looks = state.studio().looks(found.project.id)
    if not looks.empty:
        st.info(
            "Test results of this project have been opened. If you change cases or criteria now, "
            "later verdicts are marked exploratory: a hint, not proof.",
            icon=":material/visibility:",
        )


def _version(found: Current) -> int:
    return state.studio().latest_version(found.project.id).version


def _tell(found: Current, before: int, after: int, said: str) -> None:
    if after > before:
        st.session_state[_NOTE] = (said, found.project.id, before)
    else:
        say("Nothing was changed.")


@contextmanager
def error_kept() -> Iterator[None]:
    """Keep an error that comes up in a callback for the next look at the page."""
    try:
        yield
    except RftError as error:
        st.session_state[_ERROR] = error


def _undo(project_id: str, version: int, said: str) -> None:
    """Go back by a version; the whole page is drawn anew, wherever the note stands."""
    with error_kept():
        _restore(project_id, version, said)
    st.rerun()


def _restore(project_id: str, version: int, said: str) -> None:
    latest = state.studio().latest_version(project_id).version
    if latest != version + 1:
        say_refused("This was not undone, because something else was saved since.")
        return
    state.studio().restore_version(project_id, version)
    # What was undone is the version before the one that undid it, so it comes back alike.
    st.session_state[_NOTE] = (said, project_id, version + 1)
