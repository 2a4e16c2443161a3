"""A box with the things to look at. Once opened it stays open while they are mended, one by one."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from pages.components.state import Current
from pages.components.words import plural

STOP, WARN, TO_DO = ":material/block:", ":material/warning:", ":material/pending:"
"""Signs: it must be mended, it is to be judged, it is not done yet."""
MARKS = {"stop": f":red[{STOP}]", "warn": f":orange[{WARN}]"}
FEW = 6
"""As many are listed without scrolling."""
HEIGHT = 460
"""Pixels of a longer list, with a scrollbar that is always seen."""
_LIST = "things-to-look-at"
_SCROLLBAR = f"""
<style>
.st-key-{_LIST} {{ scrollbar-width: thin; scrollbar-color: #8a8a8a transparent; }}
.st-key-{_LIST}::-webkit-scrollbar-thumb {{ background: #8a8a8a; }}
</style>
"""


def box(found: Current, count: int, icon: str, key: str, urgent: bool = False) -> ExpanderContainer:
    """Return the box for so many things. It is closed at first, and opens when it becomes urgent.

    To Streamlit a box with another number is another box: how it stands is handed on.
    """
    kept = f"{key}-{found.project.id}"
    was_open, was_urgent = st.session_state.get(kept, (False, False))
    st.session_state[key] = (urgent and not was_urgent) or st.session_state.get(key, was_open)
    made = st.expander(
        f"{plural('thing', count)} to look at", icon=icon, key=key, on_change="rerun"
    )
    st.session_state[kept] = made.open, urgent
    return made


def list_of(findings: Sequence[object]) -> DeltaGenerator:
    """Return the place for a list of findings, which leaves the page in view below it."""
    if len(findings) <= FEW:
        return st.container(border=False)
    st.html(_SCROLLBAR)
    return st.container(height=HEIGHT, border=False, key=_LIST)
