"""Runs over time: what was tried, what came of it, and how often results were opened."""

import streamlit as st

from pages.components import history, state
from rft_core.jobs.folder import ACTIVE

THIS, ALL = "This project", "All projects"

st.title("Dashboard")
st.caption("Everything that was tried, with its result.")

with state.errors_as_sentences():
    state.take_in_jobs()
    found = state.require_project()
    names = history.project_names()
    scope = THIS
    if len(names) > 1:
        scope = st.segmented_control(
            "Show", [THIS, ALL], default=THIS, required=True, key="dashboard-scope"
        )
    known = state.studio().run_history(found.project.id if scope == THIS else None)
    rows = known.to_dict("records")
    if not rows:
        st.info("There is no run yet. Each run appears here with its result.")
        st.page_link("pages/train.py", label="Go to Train", icon=":material/arrow_forward:")
        st.stop()
    history.note_looks(rows)

    history.numbers(rows)
    if history.has_results(rows):
        st.subheader("Points over time")
        part = st.segmented_control(
            "Points", list(history.PARTS), default="score", required=True,
            format_func=lambda key: history.PARTS[key], key="dashboard-part",
            label_visibility="collapsed",
        )  # fmt: skip
        history.over_time(rows, part)
    if any(row["status"] in ACTIVE for row in rows):
        st.page_link("pages/train.py", label="A run is under way", icon=":material/arrow_forward:")
    st.subheader("Runs")
    history.table(rows, names, found.project.case_noun if scope == THIS else "case")
    st.subheader("Two runs against each other")
    history.two_runs(found, rows)
    st.subheader("When test results were opened")
    st.caption(
        f"A rubric or {found.noun} changed after the first time makes later verdicts exploratory."
    )
    history.looks(found.project.id)
