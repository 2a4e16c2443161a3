"""Saving with a word about it, and taking steps back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from pages.components import plain, redraw, state, steering
from pages.components.state import Current
from pages.components.words import plural
from rft_core.errors import RftError
from rft_core.records import Example, Project, Rubric
from rft_core.store.undo import Step, Steps

_NOTE = "note"
_ERROR = "note_error"
_REFUSED = "note_refused"
SHORT = 40
"""Characters of what is read at a glance."""


def save_examples(
    found: Current, examples: Sequence[Example], note: str, said: str = "Saved."
) -> None:
    """Append a version with these cases and say so on the next look at the page."""
    before = _version(found)
    _tell(before, state.save_examples(found, examples, note).version, said)


def save_rubric(found: Current, rubric: Rubric, note: str, said: str = "Saved.") -> None:
    """Append a version with this rubric and say so on the next look at the page."""
    before = _version(found)
    _tell(before, state.save_rubric(found, rubric, note).version, said)


def save_project(found: Current, project: Project, note: str, said: str = "Saved.") -> None:
    """Append a version with these project settings and say so."""
    save(found, found._replace(project=project), note, said)


def save(found: Current, changed: Current, note: str, said: str = "Saved.") -> None:
    """Append a version with all that changed, in one step, and say so."""
    before = _version(found)
    _tell(before, state.studio().save_project(*changed, note).version, said)


def say(text: str) -> None:
    """Say something once, on the page that is shown next."""
    st.session_state[_NOTE] = text


def say_refused(text: str) -> None:
    """Say once, as a warning, that something was not done, and why."""
    st.session_state[_REFUSED] = text


def has_note() -> bool:
    """Say whether there is something that was said and not shown yet."""
    return not {_NOTE, _ERROR, _REFUSED}.isdisjoint(st.session_state)


def place_notes() -> None:
    """Draw what was last said, and in the sidebar the buttons that take back the last changes."""
    redraw.part(redraw.NOTE, show_note)
    place_undo()


def place_undo() -> None:
    """Draw the buttons that take back the last changes in the sidebar, always in sight."""
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
    project_id = st.session_state.get(state.CURRENT)
    if project_id is None or not state.studio().has_project(project_id):
        return
    steps = state.studio().steps_back(project_id)
    if steps.undo is None and steps.redo is None:
        return
    given = project_id, steps.latest
    with st.container(key="last-change"):
        st.caption("  \n".join(_told(steps)))
        with st.container(horizontal=True, gap="small"):
            if steps.undo is not None:
                st.button(
                    "Undo", icon=":material/undo:", key="undo", on_click=_step,
                    args=(*given, steps.undo, "undone"),
                )  # fmt: skip
            if steps.redo is not None:
                st.button(
                    "Redo", icon=":material/redo:", key="redo", on_click=_step,
                    args=(*given, steps.redo, "done again"),
                )  # fmt: skip


def _told(steps: Steps) -> list[str]:
    """Return lines, escaped, that say what the buttons below them take back and do again."""
    taken_back = [f"Taken back: {steps.redo.what}"] if steps.redo else []
    last = "Change before it" if steps.redo else "Last change"
    lines = [*taken_back, *([f"{last}: {steps.undo.what}"] if steps.undo else [])]
    return [plain.label(line, 120) for line in lines]


def warn_after_look(found: Current) -> None:
    """Say before a change that it will make later verdicts exploratory, where it will."""
    looks = state.studio().looks(found.project.id)
    if not looks.empty:
        st.info(
            "Test results of this project have been opened. If you change "
            f"{plural(found.noun)} or criteria now, later verdicts are marked exploratory: a "
            "hint, not proof.",
            icon=":material/visibility:",
        )


def _version(found: Current) -> int:
    return state.studio().latest_version(found.project.id).version


def _tell(before: int, after: int, said: str) -> None:
    say(said if after > before else "Nothing was changed.")


@contextmanager
def error_kept() -> Iterator[None]:
    """Keep an error that comes up in a callback for the next look at the page."""
    try:
        yield
    except RftError as error:
        st.session_state[_ERROR] = error


def _step(project_id: str, seen: int, step: Step, done: str) -> None:
    """As a callback: go back or forward by a version."""
    with error_kept():
        if state.studio().latest_version(project_id).version == seen:
            project, before, _ = state.studio().load_project(project_id)
            state.studio().restore_version(project_id, step.version, f"{done}: {step.what}")
            project_now, now, _ = state.studio().load_project(project_id)
            lead_to_change(before, now)
            say(f"{done.capitalize()}.")
            if project_now == project and before and now:
                redraw.only(*redraw.ALL_OF_ONE_CASE)  # all of the page where no case is shown
        else:
            say_refused("This was not done, because something else was saved since.")
    st.rerun()


def lead_to_change(before: Sequence[Example], now: Sequence[Example]) -> None:
    """Have the Examples page show the one case that differs, or what stood behind one that goes."""
    old = {example.id: example for example in before}
    kept = {example.id for example in now}
    changed = [e.id for e in now if e is not old.get(e.id) and e != old.get(e.id)]
    gone = [place for place, e in enumerate(before) if e.id not in kept]
    if len(changed) == 1:
        steering.wish("case-id", changed[0])
    elif not changed and len(gone) == 1 and now:
        steering.wish("case-id", now[min(gone[0], len(now) - 1)].id)
