"""The criteria of one case alone, which are counted beside those of the rubric."""

import streamlit as st

from pages.components import criteria_list
from pages.components.criteria_owner import Owner
from pages.components.state import Current
from rft_core.records import Example


def show(found: Current, case: Example) -> None:
    """Show the criteria of the case, to add to and to change; each change is saved by itself.

    `case` is as it is typed, so that criteria are tried on the answer that is written just now.
    """
    owner = Owner(found, case)
    criteria_list.begin(owner)
    count = len(owner.criteria)
    counted = {0: "Criteria", 1: "1 criterion"}.get(count, f"{count} criteria")
    with st.expander(
        f"{counted} for this {found.noun} only",
        icon=":material/checklist:",
        expanded=bool(count) or criteria_list.opened(owner) is not None,
    ):
        st.caption(
            f"Counted here beside the criteria of the rubric, for what only this {found.noun} "
            "asks for. Each is saved by itself."
        )
        criteria_list.show()
        criteria_list.add()
