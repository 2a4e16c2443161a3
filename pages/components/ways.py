"""Ways to check a rule, each with an answer to an own case that passes and one that fails."""

from collections.abc import Callable

import streamlit as st

from pages.components import plain, review_rules
from pages.components.check_words import KIND_WORDS
from pages.components.criteria_owner import Owner
from pages.components.steps import examples_id
from rft_core.checks import build
from rft_core.models.embedder import EMBEDDER
from rft_core.records import Example, Rubric, content_id
from rft_core.rubric.proposals import Proposal, Shown, propose


def choose(owner: Owner, rule: str, after_keeping: Callable[[], None]) -> Proposal | None:
    """Offer at most three ways to check the rule; return the one that was chosen just now.

    A rule of the rubric that no check can tell can be kept for the expert's own review;
    `after_keeping` is called then.
    """
    found = owner.found
    cases = content_id(owner.case) if owner.case else examples_id(found)
    ids = cases, content_id(found.rubric)
    ways = _propose(*ids, rule, EMBEDDER.failures, owner.cases, found.rubric)
    if not ways:
        _say_none(owner)
        if owner.case is None:
            review_rules.offer_to_keep(found, rule, after_keeping)
        return None
    st.markdown("**How could that be checked?** Choose one; everything can be changed below.")
    chosen = None
    for number, (column, way) in enumerate(zip(st.columns(len(ways)), ways, strict=True)):
        with column.container(border=True, height="stretch", key=f"way-{number}"):
            st.markdown(f"**{KIND_WORDS[way.check.kind]}**")
            st.caption(plain.label(build(way.check).describe(), 300))
            if way.passes is None or way.fails is None:
                st.caption("Not tried yet: it is asked in a run, or when you press its button.")
            else:
                show_answer(":green[:material/check:] Would pass", way.passes)
                show_answer(":red[:material/close:] Would fail", way.fails)
            if st.button("Check it so", key=f"way-take-{number}"):
                chosen = way
    return chosen


def _say_none(owner: Owner) -> None:
    """Say why no way to check the rule is offered."""
    if not any(example.reference for example in owner.cases):
        missing = (
            "the case has an answer" if owner.case else "there are training cases with answers"
        )
        st.caption(f"Once {missing}, ways to check the rule appear here.")
        return
    st.caption(
        ":material/help: No check here can tell that from an answer. Reword the rule so that "
        "something can be looked up: an expected value of your cases, words in quotation "
        "marks, a number of words. Or choose a check below"
        + ("." if owner.case else ", or keep the rule for your own eyes.")
    )


@st.cache_data(show_spinner=False, max_entries=50)
def _propose(
    cases_id: str,
    rubric_id: str,
    rule: str,
    failures: int,
    _cases: tuple[Example, ...],
    _rubric: Rubric,
) -> list[Proposal]:
    return propose(rule, _cases, rubric=_rubric)


def show_answer(said: str, shown: Shown) -> None:
    """Show an answer to a case under what is said of it."""
    st.caption(f"{said}, for {plain.label(shown.example_id)}")
    plain.block(shown.answer if len(shown.answer) <= 300 else f"{shown.answer[:299]}…")
