"""The text of a Word or PDF document as the text of a case."""

import streamlit as st

from pages.components import state
from pages.components.state import Current
from rft_core.errors import InputError
from rft_core.examples.documents import text_of
from rft_core.settings import MAX_TEXT_CHARS


def offer(found: Current, text_key: str) -> None:
    """Offer to put a document's text behind what stands in the text area with this key."""
    turn_key = f"{text_key}-document-turn"
    turn = st.session_state.get(turn_key, 0)
    box_key = f"{text_key}-document-box"
    with st.popover(
        "Text from a document", icon=":material/upload_file:", key=box_key, on_change="rerun"
    ):
        file = st.file_uploader("Word or PDF", ["docx", "pdf"], key=f"{text_key}-document-{turn}")
        if file is None:
            st.caption("Its text is put behind what stands there. Cut it to what matters.")
            return
        try:
            text = text_of(file.name, file.getvalue())
            _require_room(found.project.case_noun, str(st.session_state.get(text_key, "")), text)
        except InputError as error:
            state.show_error(error)
            return
        st.caption(f"{len(text):,} characters")
        st.button(
            f"Put it into the {found.noun}", type="primary", key=f"{text_key}-document-take",
            on_click=_take, args=(text_key, turn_key, box_key, text),
        )  # fmt: skip


def _require_room(noun: str, now: str, text: str) -> None:
    length = len(now) + len(text) + 2
    if length > MAX_TEXT_CHARS:
        raise InputError(
            f"With this text the {noun} would have {length:,} characters; the limit is "
            f"{MAX_TEXT_CHARS:,}.",
            "Copy out of the document what matters for the answer.",
        )


def _take(text_key: str, turn_key: str, box_key: str, text: str) -> None:
    """As a callback: put the text behind what stands there, and close the box."""
    now = str(st.session_state.get(text_key, "")).rstrip()
    whole = f"{now}\n\n{text}" if now else text
    st.session_state[text_key] = whole
    st.session_state[turn_key] = st.session_state.get(turn_key, 0) + 1
    st.session_state[box_key] = False
