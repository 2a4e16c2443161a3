"""Show text of users, files and models exactly as it is: never as markdown, never as HTML.

Everything here escapes. Line breaks are kept; nothing is fetched, no formula is drawn.
"""

import difflib
import html
import re

import streamlit as st

from rft_core.checks.wording import inner_marks

STYLE = "white-space:pre-wrap;overflow-wrap:anywhere;font-family:inherit;margin:0;line-height:1.45"
ADDED = "background:rgba(46,160,67,.25);border-radius:3px"
REMOVED = (
    "background:rgba(248,81,73,.22);border-radius:3px;text-decoration:line-through;"
    "margin-right:.25em"
)


def block(text: str, label: str = "") -> None:
    """Show a text, with a small heading (a page word, never user text) above it."""
    if label:
        st.caption(label)
    st.html(f'<div style="{STYLE}">{html.escape(text) or "<i>(empty)</i>"}</div>')


def technical(text: str) -> None:
    """Show, folded up, what only whoever set up the app can use, such as names of settings."""
    with st.expander("For whoever set up this app", icon=":material/settings:"):
        st.text(text)


def difference(old: str, new: str, label: str = "") -> None:
    """Show `new` with the words that are not in `old` marked, and those that went away struck."""
    if label:
        st.caption(label)
    st.html(f'<div style="{STYLE}">{marked_difference(old, new)}</div>')


def marked_difference(old: str, new: str) -> str:
    """Return escaped HTML of the word-by-word difference."""
    before, after = (re.split(r"(\s+)", text[:20_000]) for text in (old, new))
    parts = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "equal":
            parts.append(html.escape(come))
            continue
        if gone.strip():
            parts.append(f'<span style="{REMOVED}">{html.escape(gone)}</span>')
        if come:
            parts.append(f'<span style="{ADDED}">{html.escape(come)}</span>')
    return "".join(parts)


def curly(text: str) -> str:
    """Return a sentence of this program with the quotation marks that pages use."""
    return re.sub(r'"([^"]*)"', lambda found: f"“{inner_marks(found[1])}”", text)


def quoted(text: str, length: int = 70) -> str:
    """Return user text for a label in quotation marks, its own ones single."""
    return f"“{label(inner_marks(text), length)}”"


def label(text: str, length: int = 70) -> str:
    """Return user text as a widget label: one line, markdown characters made harmless.

    Addresses would become links whatever is escaped; an invisible joiner inside prevents that.
    """
    line = " ".join(text.split())
    line = line if len(line) <= length else line[: length - 1] + "…"
    line = re.sub(r"(?i)(https?(?=:)|www(?=\.))|(?=@)", "\\g<0>\u2060", line)
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:@.&-])", r"\\\1", line)
