"""The examples page: cases with expert answers, one by one or from a file."""

import streamlit as st

from pages.components import (
    address,
    case_export,
    case_findings,
    case_form,
    case_import,
    case_table,
    form_editor,
    in_view,
    redraw,
    saving,
    state,
    steering,
)

VIEWS = {
    "One case": case_form.show,
    "Overview": case_table.show,
    "Answer form": form_editor.show,
    "Import": case_import.show,
    "Export": case_export.show,
}


def _cases() -> None:
    """Draw the chosen view. What is done in it draws it alone anew, not the whole page."""
    with state.errors_as_sentences():
        found = state.require_project()
        note = st.container()  # always there, or all that follows would be built anew
        address.begin(address.VIEW, "examples-view", list(VIEWS))
        steering.grant("examples-view", list(VIEWS))
        view = st.segmented_control(
            "View", list(VIEWS), key="examples-view", label_visibility="collapsed", required=True,
            persist_state="session",
            format_func=lambda name: f"One {found.noun}" if name == "One case" else name,
        )  # fmt: skip
        told = saving.has_note()
        if told:  # by a callback: first, so that nobody waits for the view to read it
            with note:
                redraw.part(redraw.NOTE, saving.show_note)
        with st.container(key=case_findings.CASES):
            in_view.grant(case_findings.CASES)
            VIEWS[view](found)
        address.note(address.VIEW, view)
        if not told:
            with note:
                redraw.part(redraw.NOTE, saving.show_note)


def _findings() -> None:
    with state.errors_as_sentences():
        case_findings.show(state.require_project())


st.title("Examples")
with state.errors_as_sentences():
    found = state.require_project()
    saving.place_undo()
    redraw.part(redraw.COUNTS, case_findings.counts)
    if found.examples:
        saving.warn_after_look(found)
    findings = st.container()
    redraw.part(redraw.CASES, _cases)
    if found.examples:
        # Last, so that nobody waits for them to see a case.
        with findings:
            redraw.part(redraw.CASE_FINDINGS, _findings)
