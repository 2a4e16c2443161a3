"""Keyboard shortcuts of buttons, so that what is being typed is taken first.

A text field hands over its text when it is left; a shortcut alone does not leave it.
"""

import streamlit as st

SAVE = "Ctrl+S"
SAVE_AND_NEXT = "Alt+Enter"
PREVIOUS = "Alt+Up"
NEXT = "Alt+Down"
NEW = "Alt+N"


def take_typed_first() -> None:
    """Make every shortcut leave the text field first. Call once on a page with shortcuts."""
    component = st.components.v2.component("take_typed_first", html="<span></span>", js=_JS)
    component(key="take-typed-first", height=1)


_JS = """
const KEYS = ["s", "enter", "arrowup", "arrowdown", "n"];

function leave(event) {
    const field = document.activeElement;
    const typing = field && ["TEXTAREA", "INPUT"].includes(field.tagName);
    if (!typing || !(event.ctrlKey || event.metaKey || event.altKey)) return;
    if (KEYS.includes(event.key.toLowerCase())) field.blur();
}

export default function () {
    document.addEventListener("keydown", leave, true);
    return () => document.removeEventListener("keydown", leave, true);
}
"""
