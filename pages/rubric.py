"""The rubric page: criteria with points, and trying them on answers."""

import streamlit as st

from pages.components import (
    address,
    criteria,
    model_trial,
    rubric_files,
    saving,
    shortcuts,
    state,
    steering,
    trial,
    tricks,
)

VIEWS = {
    "Criteria": criteria.show,
    "Try it on an answer": trial.show,
    "Try it on the model": model_trial.show,
    "Try to fool it": tricks.show,
    "Files": rubric_files.show,
}

st.title("Rubric")
with state.errors_as_sentences():
    found = state.require_project()
    shortcuts.take_typed_first()
    saving.place_notes()
    st.caption(
        "One rubric for everything: the model practises with it, the test is graded with it, and "
        "you review with it."
    )
    saving.warn_after_look(found)
    address.begin(address.VIEW, "rubric-view", list(VIEWS))
    steering.grant("rubric-view", list(VIEWS))
    view = st.segmented_control(
        "View", list(VIEWS), key="rubric-view", label_visibility="collapsed", required=True,
        persist_state="session",
    )  # fmt: skip
    address.note(address.VIEW, view)
    VIEWS[view](found)
