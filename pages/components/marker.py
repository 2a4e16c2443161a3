"""The text of a case in which words are marked with the mouse: they become a quotation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

MAX_CHARS = 2_000
"""Of one marked passage."""


def show(
    text: str,
    marks: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
    key: str,
    on_marked: Callable[[str, str], None],
) -> None:
    """Show a case's text with its marks.

    `marks` and `labels` give by field the marked phrases and the name of the part. When words are
    marked, `on_marked` is called with the field and the words, before the page is drawn again.
    """
    component = st.components.v2.component("case_marker", html=_HTML, css=_CSS, js=_JS)
    data: dict[str, Any] = {
        "text": text,
        "marks": [phrase for phrases in marks.values() for phrase in phrases if phrase.strip()],
        "parts": [{"field": field, "label": label} for field, label in labels.items()],
    }

    def on_picked() -> None:
        marked = _checked(st.session_state[key].get("picked"), text, labels)
        if marked is not None:
            on_marked(*marked)

    component(key=key, data=data, on_picked_change=on_picked)


def _checked(picked: Any, text: str, labels: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what the browser sent if it can be: a passage of this text, for a part of the form."""
    if not isinstance(picked, dict):
        return None
    part, words = picked.get("part"), picked.get("text")
    if part not in labels or not isinstance(words, str) or not 0 < len(words) <= MAX_CHARS:
        return None
    words = " ".join(words.split())
    return (str(part), words) if words in " ".join(text.split()) else None


_HTML = """
<div class="case" tabindex="0" aria-label="The case"></div>
<div class="take" hidden></div>
"""

_CSS = """
:host { position: relative; }
.case {
    white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.6; font-size: 1rem;
    font-family: var(--st-font); color: var(--st-text-color); padding: .75rem 1rem;
    border: 1px solid var(--st-border-color); border-radius: .5rem;
    background: var(--st-secondary-background-color); max-height: 26rem; overflow-y: auto;
}
.case mark { background: rgba(250, 190, 40, .45); color: inherit; border-radius: 3px; }
.take { position: absolute; z-index: 5; display: flex; gap: .25rem; }
.take[hidden] { display: none; }
.take button {
    font: inherit; font-size: .875rem; color: var(--st-background-color);
    background: var(--st-text-color); border: 0; border-radius: .4rem; padding: .25rem .6rem;
    cursor: pointer; box-shadow: 0 2px 8px rgba(0, 0, 0, .3);
}
"""

_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
    const box = parentElement.querySelector(".case");
    const take = parentElement.querySelector(".take");
    const escaped = (text) => text.replace(/[.*+?^${}()|[\\]\\\\]/g, "\\\\$&");

    function draw() {
        const phrases = data.marks.map((m) => escaped(m.trim()).replace(/\\s+/g, "\\\\s+"));
        const pattern = phrases.length ? new RegExp("(" + phrases.join("|") + ")", "gi") : null;
        const pieces = pattern ? data.text.split(pattern) : [data.text];
        box.replaceChildren(...pieces.map((piece, i) => {
            if (i % 2 === 0) return document.createTextNode(piece);
            const mark = document.createElement("mark");
            mark.textContent = piece;
            return mark;
        }));
    }

    function selected() {
        const root = box.getRootNode();
        const selection = (root.getSelection ? root.getSelection() : null)
            || document.getSelection();
        if (!selection || !selection.rangeCount || selection.isCollapsed) return null;
        const range = selection.getRangeAt(0);
        return box.contains(range.commonAncestorContainer) ? range : null;
    }

    function place(node, offset) {
        const before = document.createRange();
        before.setStart(box, 0);
        before.setEnd(node, offset);
        return before.toString().length;
    }

    function passage(range) {
        let start = place(range.startContainer, range.startOffset);
        let end = place(range.endContainer, range.endOffset);
        const text = data.text;
        const inside = (i) => i >= 0 && i < text.length && /[\\p{L}\\p{N}]/u.test(text[i]);
        while (start < end && /\\s/.test(text[start])) start += 1;
        while (end > start && /\\s/.test(text[end - 1])) end -= 1;
        while (inside(start) && inside(start - 1)) start -= 1;
        while (inside(end) && inside(end - 1)) end += 1;
        return text.slice(start, end);
    }

    function offer() {
        const range = selected();
        const words = range ? passage(range) : "";
        if (!words) { take.hidden = true; return; }
        take.replaceChildren(...data.parts.map((part) => {
            const button = document.createElement("button");
            button.textContent = "Take as " + part.label;
            button.onclick = () => {
                take.hidden = true;
                setTriggerValue("picked", { part: part.field, text: words });
            };
            return button;
        }));
        const at = range.getBoundingClientRect();
        const around = box.getBoundingClientRect();
        take.hidden = false;
        take.style.left = Math.max(0, at.left - around.left) + "px";
        take.style.top = at.bottom - around.top + 6 + "px";
    }

    draw();
    take.hidden = true;
    const later = () => setTimeout(offer, 0);
    box.onmouseup = later;
    box.onkeyup = later;
    box.ontouchend = later;
}
"""
