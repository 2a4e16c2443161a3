"""The home page: start a project, see where it stands, do the next thing."""

import streamlit as st

from pages.components import danger, overview, saving, start, state

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
        with st.expander("Start another project", icon=":material/add:"):
            start.show()
        with st.expander("Project settings", icon=":material/tune:"):
            overview.settings(found)
        with st.expander("Earlier versions", icon=":material/history:"):
            overview.versions(found)
        danger.delete_project(found)
    danger.show_deletions()
