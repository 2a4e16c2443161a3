"""Saving with a word about it, and taking the last step back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import streamlit as st

from pages.components import plain, redraw, state
from pages.components.state import Current
from rft_core.errors import RftError
from rft_core.records import Example, Project, Rubric

_NOTE = "note"
_ERROR = "note_error"
_REFUSED = "note_refused"
SHORT = 40
"""Characters of what is read at a glance."""
_LAST = "last-change"
"""Where the session keeps the last change: `_Change`."""


class _Change(NamedTuple):
    """A change that can be taken back."""

    project_id: str
    before: int
    """The version before it."""
    what: str
    is_undone: bool = False


def save_examples(
    found: Current, examples: Sequence[Example], note: str, said: str = "Saved."
) -> None:
    """Append a version with these cases and say so on the next look at the page."""
    before = _version(found)
    _tell(found, before, state.save_examples(found, examples, note).version, note, said)


def save_rubric(found: Current, rubric: Rubric, note: str, said: str = "Saved.") -> None:
    """Append a version with this rubric and say so on the next look at the page."""
    before = _version(found)
    _tell(found, before, state.save_rubric(found, rubric, note).version, note, said)


def save_project(found: Current, project: Project, note: str, said: str = "Saved.") -> None:
    """Append a version with these project settings and say so."""
    save(found, found._replace(project=project), note, said)


def save(found: Current, changed: Current, note: str, said: str = "Saved.") -> None:
    """Append a version with all that changed, in one step, and say so."""
    before = _version(found)
    _tell(found, before, state.studio().save_project(*changed, note).version, note, said)


def say(text: str) -> None:
    """Say something once, on the page that is shown next."""
    st.session_state[_NOTE] = text


def say_refused(text: str) -> None:
    """Say once, as a warning, that something was not done, and why."""
    st.session_state[_REFUSED] = text


def place_notes() -> None:
    """Draw what was last said, and in the sidebar the button that takes the last change back."""
    redraw.part(redraw.NOTE, show_note)
    place_undo()


def place_undo() -> None:
    """Draw the button that takes the last change back in the sidebar, in sight wherever one is."""
    with st.sidebar:
        redraw.part(redraw.UNDO, _show_undo)


def show_note() -> None:
    """Show what was last said, once; what went wrong stays on the page."""
    error = st.session_state.pop(_ERROR, None)
    if error is not None:
        state.show_error(error)
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        st.toast(plain.label(refused, 300), icon=":material/warning:")
        st.warning(plain.label(refused, 300), icon=":material/warning:")
    text = st.session_state.pop(_NOTE, "")
    if text:
        lasting = "long" if len(text) > SHORT else "short"
        st.toast(plain.label(text, 300), icon=":material/check:", duration=lasting)


def _show_undo() -> None:
    change = st.session_state.get(_LAST)
    if change is None or st.session_state.get(state.CURRENT) != change.project_id:
        return
    if state.studio().latest_version(change.project_id).version != change.before + 1:
        return  # another window has changed something since
    with st.container(key="last-change"):
        done = "Taken back" if change.is_undone else "Last change"
        st.caption(plain.label(f"{done}: {change.what}", 120))
        st.button(
            "Redo" if change.is_undone else "Undo",
            icon=":material/redo:" if change.is_undone else ":material/undo:",
            key="undo",
            on_click=_undo,
            args=(change,),
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


def _tell(found: Current, before: int, after: int, note: str, said: str) -> None:
    if after > before:
        st.session_state[_LAST] = _Change(found.project.id, before, note)
        say(said)
    else:
        say("Nothing was changed.")


@contextmanager
def error_kept() -> Iterator[None]:
    """Keep an error that comes up in a callback for the next look at the page."""
    try:
        yield
    except RftError as error:
        st.session_state[_ERROR] = error


def _undo(change: _Change) -> None:
    """Go back by a version; the whole page is drawn anew, wherever the button stands."""
    with error_kept():
        _restore(change)
    st.rerun()


def _restore(change: _Change) -> None:
    latest = state.studio().latest_version(change.project_id).version
    if latest != change.before + 1:
        say_refused("This was not undone, because something else was saved since.")
        return
    state.studio().restore_version(change.project_id, change.before)
    # What was undone is the version before the one that undid it, so it comes back alike.
    st.session_state[_LAST] = change._replace(before=latest, is_undone=not change.is_undone)
    say("Done again." if change.is_undone else "Undone.")
