"""Lead to a part of the page: bring it into view, or put the cursor into it."""

import streamlit as st

_WISH = "bring-into-view"
"""Where the session keeps the key of the container that is wished for."""
_TURN = "bring-into-view-turn"
"""How often something was wished for: each time the page moves, whatever it was moved to before."""
_CURSOR = "cursor-wished"


def wish(container: str) -> None:
    """Ask that the container with this key is brought into view once it is drawn."""
    st.session_state[_WISH] = container


def grant(container: str) -> None:
    """Bring the container into view if that was wished for; call in it."""
    if st.session_state.get(_WISH) == container:
        del st.session_state[_WISH]
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        bring(container, st.session_state[_TURN])


def bring(container: str, turn: int = 0) -> None:
    """Bring the container with this key into view when it appears; call in it.

    `turn` tells one time from the next.
    """
    component = st.components.v2.component("in_view", html="<span></span>", js=_JS)
    component(key=f"in-view-{container}-{turn}", data=container, height=1)


def wish_for_cursor() -> None:
    """Ask that the cursor is put where `give_cursor` is called next."""
    st.session_state[_CURSOR] = True


def give_cursor(container: str, turn: str) -> None:
    """Put the cursor into the first field of the container if that was wished for, and it is in no
    other. `turn` tells one time from the next."""
    if st.session_state.pop(_CURSOR, False):
        component = st.components.v2.component("cursor", html="<span></span>", js=_CURSOR_JS)
        component(key=f"cursor-{turn}", data=container, height=1)


_CURSOR_JS = """
export default function ({ data }) {
    const give = () => {
        if (["TEXTAREA", "INPUT"].includes(document.activeElement?.tagName)) return;
        document.querySelector(`.st-key-${CSS.escape(data)} :is(textarea, input, button)`)?.focus();
    };
    requestAnimationFrame(() => requestAnimationFrame(give));
    setTimeout(give, 150);  // where what was given the cursor was drawn once more
}
"""

_JS = """
export default function ({ data }) {
    const part = document.querySelector(`.st-key-${CSS.escape(data)}`);
    if (!part) return;
    part.style.scrollMarginTop = "4.5rem";
    const { top, bottom } = part.getBoundingClientRect();
    if (top >= 0 && bottom <= window.innerHeight) return;
    part.scrollIntoView({ behavior: "smooth", block: "start" });
}
"""
