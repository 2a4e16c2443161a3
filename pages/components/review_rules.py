"""Rules for the expert's own eyes, kept beside the criteria: no check can tell them, or should."""

from collections.abc import Callable

import streamlit as st

from pages.components import plain, saving
from pages.components.state import Current
from rft_core.records import Criterion, Project, ReviewRule

_EDITED = "review-edited"
"""Where the session keeps the project's id and the rule for review that is made a criterion."""


def offer_to_keep(
    found: Current, rule: str, points: float, after: Callable[[], None], can_check: bool
) -> None:
    """Offer to keep a rule for review; `after` is called when it was.

    It is one way of several where a check could tell (`can_check`).
    """
    if st.button(
        "Keep it for my own review", icon=":material/visibility:", key="review-keep",
        type="tertiary" if can_check else "secondary",
        help="It earns no points. It stands beside the answers on Compare, for you to look at.",
    ):  # fmt: skip
        kept = (*without_edited(found.project), ReviewRule(text=rule, points=points or 1.0))
        changed = found.project.with_changes(review=kept)
        saving.save_project(found, changed, "rule for review added", "Kept for your review.")
        after()
        st.rerun()


def with_criterion(project: Project, criterion: Criterion) -> tuple[ReviewRule, ...]:
    """Return the project's rules for review and, behind them, that of a criterion."""
    return (*project.review, ReviewRule(text=criterion.text, points=criterion.points or 1.0))


def begin_edit(project: Project, rule: ReviewRule) -> None:
    """Note that a criterion is made of a rule for review, which goes once that is saved."""
    st.session_state[_EDITED] = project.id, rule


def edited(project: Project) -> ReviewRule | None:
    """Return the rule for review of which a criterion is made, if one is."""
    own, rule = st.session_state.get(_EDITED, (None, None))
    return rule if own == project.id else None


def is_edited(project: Project, rule: ReviewRule) -> bool:
    """Say whether a criterion is being made of a rule for review."""
    return edited(project) == rule


def end_edit() -> None:
    """Forget which rule for review a criterion was made of."""
    st.session_state.pop(_EDITED, None)


def without_edited(project: Project) -> tuple[ReviewRule, ...]:
    """Return the project's rules for review, but the one of which a criterion is made."""
    return tuple(rule for rule in project.review if not is_edited(project, rule))


def show(found: Current, edit: Callable[[ReviewRule], None]) -> None:
    """List the rules for review, each with a way to change and to delete it.

    `edit` is called back with the one that is to be made a criterion.
    """
    rules = found.project.review
    if not rules:
        return
    with st.container(border=True, key="review-rules"):
        st.markdown("**For your own review**")
        st.caption(
            "No check looks at these, so they earn no points in training or in the test. They "
            "stand beside the answers on Compare."
        )
        for number, rule in enumerate(rules):
            text, editing, deleting = st.columns([8, 1.1, 1.4], vertical_alignment="center")
            text.markdown(plain.label(rule.text, 400))
            editing.button("Edit", key=f"review-edit-{number}", on_click=edit, args=(rule,))
            if deleting.button("Delete", key=f"review-delete-{number}"):
                left = (*rules[:number], *rules[number + 1 :])
                changed = found.project.with_changes(review=left)
                saving.save_project(found, changed, "rule for review deleted", "Deleted.")
                st.rerun()


def beside_answers(project: Project) -> None:
    """List the rules for review where answers are read."""
    if project.review:
        with st.container(border=True, key="review-beside"):
            st.markdown("**To look at yourself** (no check does)")
            for rule in project.review:
                st.markdown(f"- {plain.label(rule.text, 400)}")
