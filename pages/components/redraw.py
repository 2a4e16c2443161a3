"""Drawing anew only the parts of a page that a change concerns.

Each part is a fragment with its name as key. A widget in a part draws this part anew; as its
callback, `only` draws other parts as well, in their order, and nothing else.
"""

from collections.abc import Callable

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.components import state
from pages.components.state import Current

NOTE = "part-note"
UNDO = "part-undo"
PROJECT = "part-project"
"""The project's name and counts, in the sidebar."""
COUNTS = "part-counts"
CASES = "part-cases"
CASE = "part-case"
"""The chosen case and the way to the others: together, so that one draw shows another case."""
CASE_FINDINGS = "part-case-findings"
TICKED = "part-ticked"
CRITERIA = "part-criteria"
TOTAL = "part-total"
MORE_CRITERIA = "part-more-criteria"
RUBRIC_FINDINGS = "part-rubric-findings"
TRIAL = "part-trial"
ALL_OF_ONE_CASE = NOTE, CASE, COUNTS, UNDO, PROJECT, CASE_FINDINGS
"""What a change of the cases concerns where one of them is shown, first what is waited for."""


def criterion(place: int) -> str:
    """Return the name of the part that shows the criterion at this place."""
    return f"part-criterion-{place}"


def part(name: str, draw: Callable[..., None], *given: object) -> None:
    """Draw a part of the page, which can be drawn anew by its name."""
    st.fragment(draw, key=name)(*given)


def once_opened(label: str, icon: str, key: str, draw: Callable[[Current], None]) -> None:
    """Draw a closed box, and in it a part of the project's page once it is opened."""
    box = st.expander(label, icon=icon, key=key, on_change="rerun")
    if box.open:
        with box, state.errors_as_sentences():
            draw(state.require_project())


def only(*names: str) -> None:
    """Draw these parts anew and no others; for callbacks."""
    try:
        st.rerun(list(names))
    except StreamlitAPIException:  # one of them was not drawn, as another window began with it
        st.rerun()


def this_part() -> None:
    """End here and draw this part anew, then those that were to follow it."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:  # the whole page is being drawn
        st.rerun()
