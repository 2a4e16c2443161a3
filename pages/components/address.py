"""What is shown, named in the page's address, so that a reload shows it again.

The address is anybody's text: a name that is not offered does nothing. It is changed in the
browser, in place: `st.query_params` would add a step to go back over each time.
"""

from collections.abc import Sequence

import streamlit as st

from pages.components import steering

VIEW = "view"
CASE = "case"


def begin(name: str, key: str, options: Sequence[str]) -> None:
    """Call before the widget `key` is granted: at first it holds what the address names so."""
    if steering.wanted(key) is None:
        named = st.query_params.get(name)
        if named in options:
            st.session_state[key] = named


def note(name: str, shown: str) -> None:
    """Have the address name what is shown now."""
    component = st.components.v2.component("address", html="<span></span>", js=_JS)
    with st.container(key=f"address-{name}"):  # hidden, see the shell's style
        component(key=f"address-of-{name}", data={name: shown}, height=1)


_JS = """
export default function ({ data }) {
    const address = new URL(window.location.href);
    Object.entries(data).forEach(([name, shown]) => address.searchParams.set(name, shown));
    if (address.href !== window.location.href)
        window.history.replaceState(window.history.state, "", address);
}
"""
