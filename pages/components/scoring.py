"""How the points of a case become its score: the usual way, or HealthBench's."""

import streamlit as st

from pages.components import redraw, saving
from pages.components.state import Current
from pages.components.words import plural
from rft_core.records import Scoring

WAYS: dict[Scoring, tuple[str, str]] = {
    "normalised": (
        "From the worst possible answer to the best",
        "An answer with every penalty and nothing else counts 0, a perfect one counts 1 (PRBench's "
        "way too).",
    ),
    "healthbench": (
        "HealthBench's way",
        "Points won less penalties, divided by the points that can be won; an answer may fall "
        "below 0, while the average over the test cases may not.",
    ),
}


def show() -> None:
    """Offer the choice, closed unless it is looked for."""
    redraw.once_opened("How points are counted", ":material/calculate:", "scoring", _choose)


def _choose(found: Current) -> None:
    st.caption(
        f"It decides how {plural(found.noun)} are weighed in the test. Practice is the same with "
        "both."
    )
    chosen: Scoring = st.radio(
        "How points are counted",
        list(WAYS),
        index=list(WAYS).index(found.rubric.scoring),
        format_func=lambda way: WAYS[way][0],
        captions=[found.worded(about) for _, about in WAYS.values()],
        label_visibility="collapsed",
        key=f"scoring-{found.project.id}-{found.rubric.scoring}",
    )
    if chosen != found.rubric.scoring:
        changed = found.rubric.with_changes(scoring=chosen)
        saving.save_rubric(found, changed, f"points counted: {chosen}", "Saved.")
        st.rerun()
