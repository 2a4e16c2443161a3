"""Before training: what stands in the way, and what to know."""

import streamlit as st

from pages.components.state import Current
from pages.components.steps import example_findings, note_check, rubric_findings
from pages.components.words import plural
from rft_core.examples.quality import shown_sentence
from rft_core.settings import MIN_HELDOUT_EXAMPLES


def show(found: Current) -> bool:
    """Show the findings; return whether training can start."""
    findings = [*example_findings(found), *rubric_findings(found, found.rubric)]
    stops = [f for f in findings if f.severity == "stop"]
    warnings = [f for f in findings if f.severity != "stop"]
    st.subheader("Can it start?")
    if stops:
        st.badge("Not yet", icon=":material/block:", color="red")
        _list(stops)
        with st.container(horizontal=True):
            st.page_link("pages/examples.py", label="To the cases", icon=":material/list_alt:")
            st.page_link("pages/rubric.py", label="To the rubric", icon=":material/checklist:")
    else:
        note_check(found)
        st.badge("Cases and rubric are ready", icon=":material/check:", color="green")
    noun = found.project.case_noun
    test = len(found.heldout)
    counts = f"{plural(noun, len(found.train))} to learn from, {test} kept aside for the test."
    # Where they are too few, that is one of the things which stand in the way.
    st.text(f"{counts} {shown_sentence(test)}" if test >= MIN_HELDOUT_EXAMPLES else counts)
    if warnings:
        with st.expander(f"{plural('thing', len(warnings))} to know before you start"):
            _list(warnings)
    return not stops


def _list(findings: list) -> None:  # type: ignore[type-arg]
    for finding in findings:
        st.text(f"• {finding.message} {finding.fix}".rstrip())
