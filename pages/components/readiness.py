"""Before training: what stands in the way, and what to know."""

from collections.abc import Sequence

import streamlit as st

from pages.components.state import Current
from pages.components.steps import example_findings, note_check, rubric_findings
from pages.components.words import capital, in_words_of, plural
from rft_core.examples import quality
from rft_core.rubric.findings import Finding
from rft_core.settings import MIN_HELDOUT_EXAMPLES

FEW = 3
"""As many things to know are listed without being asked for."""


def show(found: Current) -> bool:
    """Show the findings; return whether training can start."""
    noun = found.project.case_noun
    findings = [*example_findings(found), *rubric_findings(found, found.rubric)]
    stops = [f for f in findings if f.severity == "stop"]
    warnings = [f for f in findings if f.severity != "stop"]
    st.subheader("Can it start?")
    if stops:
        st.badge("Not yet", icon=":material/block:", color="red")
        _list(found, stops)
    else:
        note_check(found)
        _say_ready(found, len(warnings))
    test = len(found.heldout)
    counts = f"{plural(noun, len(found.train))} to learn from, {test} kept aside for the test."
    # Where they are too few, that is one of the things which stand in the way.
    if test >= MIN_HELDOUT_EXAMPLES:
        counts += f" {in_words_of(noun, quality.shown_sentence(test))}"
    st.text(counts)
    if warnings:
        few = len(warnings) <= FEW
        with st.expander(f"{plural('thing', len(warnings))} to know before you start", few):
            _list(found, warnings)
    return not stops


def _say_ready(found: Current, warnings: int) -> None:
    if warnings:
        can = f"It can start, but there {'is' if warnings == 1 else 'are'}"
        st.badge(
            f"{can} {plural('thing', warnings)} to know", icon=":material/warning:", color="orange"
        )
        return
    ready = f"{capital(plural(found.noun))} and rubric are ready"
    st.badge(ready, icon=":material/check:", color="green")


def _list(found: Current, findings: Sequence[Finding | quality.Finding]) -> None:
    """List findings, with the ways to where they can be mended."""
    for finding in findings:
        st.text(found.told(f"• {finding.message} {finding.fix}".rstrip()))
    with st.container(horizontal=True):
        st.page_link(
            "pages/examples.py", label=f"To the {plural(found.noun)}", icon=":material/list_alt:"
        )
        st.page_link("pages/rubric.py", label="To the rubric", icon=":material/checklist:")
