"""Set a widget's value from code that runs after the widget was drawn: it applies on the next run.

Streamlit refuses to change a drawn widget's state; so the wish is kept and granted before drawing.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

_WISH = "wish:"


def wish(key: str, value: Any) -> None:
    """Ask that the widget `key` holds `value` when it is drawn next."""
    st.session_state[_WISH + key] = value


def is_wished(key: str) -> bool:
    """Say whether a wish waits: such a widget is drawn without a value of its own."""
    return _WISH + key in st.session_state


def wanted(key: str) -> Any:
    """Return what the widget will hold when it is drawn: the wish, else what it holds."""
    return st.session_state.get(_WISH + key, st.session_state.get(key))


def grant(key: str, options: Sequence[Any]) -> None:
    """Call just before drawing the widget: grant the wish; a value not in `options` is reset."""
    if _WISH + key in st.session_state:
        st.session_state[key] = st.session_state.pop(_WISH + key)
    if options and st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
