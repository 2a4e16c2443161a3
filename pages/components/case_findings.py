"""How many cases there are, how much they can show, and what is wrong with them."""

import streamlit as st

from pages.components import plain, saving, steering
from pages.components.state import Current
from pages.components.steps import example_findings
from pages.components.words import plural
from rft_core.examples.quality import Finding, detectable_difference
from rft_core.examples.splitting import assign_splits

MARKS = {"stop": ":red[:material/block:]", "warn": ":orange[:material/warning:]"}
SHOWN = "shown-cases"


def counts(found: Current) -> None:
    """Show the two counts, and what they are good for."""
    train, test = len(found.train), len(found.heldout)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="counts"):
        st.metric("Training cases", train, width=140)
        st.metric("Test cases, kept aside", test, width=200)
        with st.container(width="stretch"):
            st.caption(_worth(test))


def show(found: Current) -> None:
    """Show what is wrong as sentences, each with a button that shows the cases."""
    findings = example_findings(found)
    if not findings:
        st.caption(
            ":green[:material/check:] Nothing is wrong with the cases, as far as can be seen."
        )
        return
    stops = sum(finding.severity == "stop" for finding in findings)
    title = f"{plural('thing', len(findings))} to look at"
    with st.expander(
        title, icon=":material/block:" if stops else ":material/warning:", expanded=bool(stops)
    ):
        for position, finding in enumerate(findings):
            _finding(found, finding, position)


def _finding(found: Current, finding: Finding, position: int) -> None:
    text, action = st.columns([6, 1.6], vertical_alignment="center")
    with text:
        st.markdown(f"{MARKS[finding.severity]} {plain.label(finding.message, 600)}")
        st.caption(plain.label(finding.fix, 300))
    if finding.kind == "no_split":
        if action.button("Divide them", key="divide", width="stretch"):
            saving.save_examples(
                found, assign_splits(found.examples), "cases divided", "The cases were divided."
            )
            st.rerun()
    elif finding.example_ids and action.button(
        "Show", key=f"show-{finding.kind}-{position}", width="stretch"
    ):
        st.session_state[SHOWN] = finding.example_ids
        if len(finding.example_ids) == 1:
            steering.wish("case-id", finding.example_ids[0])
            steering.wish("examples-view", "One case")
        else:
            steering.wish("examples-view", "Overview")
        st.rerun()


def _worth(test: int) -> str:
    if not test:
        return "Cases kept aside for the test show later whether the model improved. None yet."
    difference = detectable_difference(test) * 100
    return (
        f"With {plural('test case', test)}, a change of about {difference:.0f} points of 100 or "
        "more can be told from chance. More test cases make smaller changes visible. The model "
        "never learns from them, and no answer to them is shown before a run."
    )
