"""The frame around every page: navigation, the project's name, where the data lies."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.components import plain, redraw, state
from pages.components.words import plural
from rft_core import settings
from rft_core.models import endpoint

PAGES = (
    ("pages/home.py", "Home", ":material/home:"),
    ("pages/examples.py", "Examples", ":material/list_alt:"),
    ("pages/rubric.py", "Rubric", ":material/checklist:"),
    ("pages/train.py", "Train", ":material/model_training:"),
    ("pages/compare.py", "Compare", ":material/compare:"),
    ("pages/dashboard.py", "Dashboard", ":material/monitoring:"),
    ("pages/summary.py", "Summary", ":material/description:"),
)

STYLE = """
<style>
[data-testid="stToastContainer"] { top: auto !important; bottom: 1rem !important; }
[data-testid="stMainBlockContainer"] { padding-top: 3.5rem; }
[class*="st-key-address-"] { display: none; }
</style>
"""
"""Short notes appear at the bottom right, as at the top they would cover buttons; pages begin just
below the window's bar; what only changes the address takes no room."""


def navigation() -> StreamlitPage:
    """Return the page to run; draws the sidebar."""
    page = st.navigation(
        [
            st.Page(path, title=title, icon=icon, default=title == "Home")
            for path, title, icon in PAGES
        ]
    )
    with state.errors_as_sentences():
        state.studio()
    st.html(STYLE)
    with st.sidebar, state.errors_as_sentences():
        redraw.part(redraw.PROJECT, _project_line)
        st.caption(_where_data_is())
        with st.popover("Where is it stored?"):
            st.text(str(settings.home()))
    return page


def _where_data_is() -> str:
    host = endpoint.elsewhere()
    if not host:
        return "Your data stays on this computer. Nothing is sent anywhere."
    found = state.current()
    noun = found.noun if found else "case"
    return (
        f"Your data stays on this computer, but where an AI grader is asked, the {noun} and the "
        f"answer are sent to {plain.label(host, 200)}."
    )


def _project_line() -> None:
    found = state.current()
    if found is None:
        return
    st.text(found.project.name)
    criteria = len(found.rubric.active)
    st.caption(
        f"{len(found.train)} training and {len(found.heldout)} test {plural(found.noun)}, "
        f"{criteria} {'criterion' if criteria == 1 else 'criteria'}"
    )
