"""Rules that no check can tell: kept beside the criteria, for the expert's own eyes."""

from collections.abc import Callable

import streamlit as st

from pages.components import plain, saving
from pages.components.state import Current
from rft_core.records import Project, ReviewRule


def offer_to_keep(found: Current, rule: str, after: Callable[[], None]) -> None:
    """Offer to keep a rule that cannot be checked; `after` is called when it was."""
    if st.button("Keep it for my own review", icon=":material/visibility:", key="review-keep"):
        kept = (*found.project.review, ReviewRule(text=rule))
        changed = found.project.with_changes(review=kept)
        saving.save_project(found, changed, "rule for review added", "Kept for your review.")
        after()
        st.rerun()


def show(found: Current) -> None:
    """List the rules for review, each with a way to delete it."""
    rules = found.project.review
    if not rules:
        return
    with st.container(border=True, key="review-rules"):
        st.markdown("**For your own review**")
        st.caption(
            "Nothing here can check these, so they earn no points in training or in the test. "
            "They stand beside the answers on Compare."
        )
        for number, rule in enumerate(rules):
            text, action = st.columns([9, 1.4], vertical_alignment="center")
            text.markdown(plain.label(rule.text, 400))
            if action.button("Delete", key=f"review-delete-{number}"):
                left = (*rules[:number], *rules[number + 1 :])
                changed = found.project.with_changes(review=left)
                saving.save_project(found, changed, "rule for review deleted", "Deleted.")
                st.rerun()


def beside_answers(project: Project) -> None:
    """List the rules for review where answers are read."""
    if project.review:
        with st.container(border=True, key="review-beside"):
            st.markdown("**To look at yourself** (no check can tell)")
            for rule in project.review:
                st.markdown(f"- {plain.label(rule.text, 400)}")
