"""Train: is it ready, how thorough, start, and what is happening while it runs."""

import streamlit as st

from pages.components import live_run, readiness, saving, state, train_form
from rft_core.jobs import supervisor

st.title("Train")

with state.errors_as_sentences():
    found = state.require_project()
    saving.place_notes()
    state.take_in_jobs()
    mine = [job for job in supervisor.active("train") if live_run.belongs_to(job, found.project.id)]
    if mine:
        live_run.show(mine[0])
    else:
        live_run.show_last(found)
        if readiness.show(found):
            train_form.show(found)
