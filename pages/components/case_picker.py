"""Which case is shown: a list to choose from, the ones before and after, and a new one."""

import streamlit as st

from pages.components import address, plain, shortcuts, state, steering
from pages.components.case_drafts import NEW
from pages.components.state import Current
from pages.components.words import capital, plural
from rft_core.records import Example
from rft_core.reports.changes import SIDES
from rft_core.store.drafts import Draft

KEY = "case-id"
_LIST = "case-list"
_LONG = 200
"""A list of more cases is drawn once it is opened: it would be drawn anew with every case."""


def settle(found: Current, drafts: dict[str, Draft]) -> Example:
    """Decide which case is shown, before the list or the case is drawn, and return it.

    A new one has the id `NEW`.
    """
    unsaved, options = _unsaved(found, drafts), _options(found, drafts)
    address.begin(address.CASE, KEY, options)
    if unsaved and steering.wanted(KEY) is None:
        steering.wish(KEY, unsaved[-1])
    steering.grant(KEY, options)
    chosen = st.session_state[KEY]
    return next((e for e in found.examples if e.id == chosen), None) or Example.model_construct(
        id=NEW, prompt="", reference=None, fields={}, tags=(), split="train", cluster=None,
        source=None, note=None, criteria=None,
    )  # fmt: skip


def show(found: Current) -> None:
    """Show the list of cases and the ways from one to the next; the chosen one must be settled."""
    drafts = state.studio().drafts(found.project.id)
    noun = found.noun
    options = _options(found, drafts)
    chosen = st.session_state[KEY]
    place = options.index(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom", key="case-choice"):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            key="case-previous",
            on_click=_step,
            args=(-1,),
            disabled=place == 0,
            shortcut=shortcuts.PREVIOUS,
        )
        if len(options) > _LONG:
            _opened_list(found, options)
        else:
            _list(found, options)
        st.button(
            "Next",
            icon=":material/chevron_right:",
            icon_position="right",
            key="case-next",
            on_click=_step,
            args=(1,),
            disabled=place == len(options) - 1,
            shortcut=shortcuts.NEXT,
        )
        st.button(
            f"New {noun}",
            icon=":material/add:",
            key="case-new",
            on_click=steering.wish,
            args=(KEY, NEW),
            shortcut=shortcuts.NEW,
        )
    others = [case_id for case_id in _unsaved(found, drafts) if case_id != chosen]
    if others:
        st.caption(
            f":orange[:material/edit:] {plural(f'other {noun}', len(others))} not saved yet: "
            f"{', '.join(plain.label(i, 40) if i else f'New {noun}' for i in others[:5])}"
        )


def _opened_list(found: Current, options: list[str]) -> None:
    """Draw the chosen case's name; opened, the list to choose another one from."""
    by_id = {example.id: example for example in found.examples}
    shown = plain.label(title(by_id.get(st.session_state[KEY]), found.noun), 48)
    box = st.popover(shown, width="stretch", key=_LIST, on_change="rerun")
    if box.open:
        with box:
            _list(found, options)


def _list(found: Current, options: list[str]) -> None:
    by_id = {example.id: example for example in found.examples}
    st.selectbox(
        capital(found.noun),
        options,
        format_func=lambda case_id: title(by_id.get(case_id), found.noun),
        key=KEY,
        label_visibility="collapsed",
        persist_state="session",
        on_change=_close_list,
    )


def _close_list() -> None:
    if st.session_state.get(_LIST):
        st.session_state[_LIST] = False


def title(example: Example | None, noun: str) -> str:
    """Return what the list shows; it must not change while a case is typed, or it jumps."""
    if example is None:
        return f"New {noun}"
    text = " ".join(example.case_text.split())
    short = f"{text[:70]}{'…' if len(text) > 70 else ''}"
    return f"{example.id} · {SIDES[example.split]} · {short}"


def _options(found: Current, drafts: dict[str, Draft]) -> list[str]:
    ids = [example.id for example in found.examples]
    offers_new = not ids or NEW in drafts or steering.wanted(KEY) == NEW
    return [*ids, NEW] if offers_new else ids


def _unsaved(found: Current, drafts: dict[str, Draft]) -> list[str]:
    options = {*(example.id for example in found.examples), NEW}
    return [case_id for case_id in drafts if case_id in options]


def _step(by: int) -> None:
    found = state.current()
    if found is None:  # deleted in another window
        return
    options = _options(found, state.studio().drafts(found.project.id))
    chosen = st.session_state[KEY]
    place = options.index(chosen) if chosen in options else 0
    steering.wish(KEY, options[min(max(place + by, 0), len(options) - 1)])
