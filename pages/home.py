"""The home page: start a project, see where it stands, do the next thing."""

import streamlit as st

from pages.components import danger, overview, redraw, saving, start, state, steering

# What is drawn only once it is opened: label, icon, key, and what it shows of the project.
BOXES = (
    ("Start another project", ":material/add:", start.ANOTHER, lambda _: start.show()),
    ("Project settings", ":material/tune:", "settings", overview.settings),
    ("Earlier versions", ":material/history:", "versions", overview.versions),
)

st.title("RFT Studio")
st.markdown(
    "Teach a small language model with your own cases and your own grading rubric, on this "
    "computer, and see honestly whether it helped."
)
with state.errors_as_sentences():
    saving.place_notes()
    state.take_in_jobs()
    found = state.current()
    if found is None:
        start.welcome()
    else:
        overview.show(found)
        start.open_begun()
        steering.grant(start.ANOTHER, ())
        for box in BOXES:
            st.fragment(redraw.once_opened)(*box)
        danger.delete_project(found)
    danger.show_deletions()
