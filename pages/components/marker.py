"""Words marked with the mouse in the text of a case: they become a quotation.

A line above the text says so. While words are marked, it holds the buttons that take them, so that
nothing covers the text and nothing moves. Words inside a passage that was taken are taken off.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

MAX_CHARS = 2_000
"""Of one marked passage."""
OnMarked = Callable[[str, str], None]
"""Called with the field of the part and the words, before the page is drawn again."""


def show(
    text: str,
    title: str,
    marks: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
    key: str,
    on_marked: OnMarked,
    on_off: OnMarked,
) -> None:
    """Show a case's text with its marks, and take words that are marked in it, or take them off.

    `marks` and `labels` give by field the marked phrases and the name of the part; `title` says
    what the text is to those who do not see it. `on_off` is called with a phrase of the marks.
    """
    phrases = [phrase for found in marks.values() for phrase in found if phrase.strip()]
    taken = {field: list(found) for field, found in marks.items()}
    data = {"text": text, "title": title, "marks": phrases, "taken": taken}
    _component(data, lambda: text, labels, key, on_marked, on_off)


def show_for_field(
    container: str, field: str, labels: Mapping[str, str], key: str, on_marked: OnMarked
) -> None:
    """Take words that are marked while the text is still being typed.

    The text is that of the first text area in the `container`, whose key is `field`.
    """

    def now() -> str:
        return str(st.session_state.get(field, ""))

    _component({"container": container}, now, labels, key, on_marked)


def _component(
    data: dict[str, Any],
    text: Callable[[], str],
    labels: Mapping[str, str],
    key: str,
    on_marked: OnMarked,
    on_off: OnMarked | None = None,
) -> None:
    component = st.components.v2.component("case_marker", html=_HTML, css=_CSS, js=_JS)
    parts = [{"field": field, "label": label} for field, label in labels.items()]

    def on_picked() -> None:
        marked = _checked(st.session_state[key].get("picked"), text(), labels)
        if marked is not None:
            on_marked(*marked)

    def on_dropped() -> None:
        off = _dropped(st.session_state[key].get("dropped"), data.get("taken", {}))
        if off is not None and on_off is not None:
            on_off(*off)

    component(
        key=key, data={**data, "parts": parts}, on_picked_change=on_picked,
        on_dropped_change=on_dropped,
    )  # fmt: skip


def _dropped(dropped: Any, taken: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """Return what the browser sent if it can be: a part of the form, and a passage it has."""
    if not isinstance(dropped, dict):
        return None
    part, words = dropped.get("part"), dropped.get("text")
    if not isinstance(part, str) or not isinstance(words, str):
        return None
    return (part, words) if words in taken.get(part, ()) else None


def _checked(picked: Any, text: str, labels: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what the browser sent if it can be: a passage of this text, for a part of the form."""
    if not isinstance(picked, dict):
        return None
    part, words = picked.get("part"), picked.get("text")
    if part not in labels or not isinstance(words, str) or not 0 < len(words) <= MAX_CHARS:
        return None
    words = _trimmed(" ".join(words.split()))
    return (str(part), words) if words and words in " ".join(text.split()) else None


def _trimmed(words: str) -> str:
    """Return a passage without the punctuation around it that a mouse takes along.

    What belongs to a word, a number, a bracket or a quotation stays: "(6.8)", "-2", ".5", "b.i.d.".
    """
    words = _BEFORE.sub("", words)
    while (shorter := _AFTER.sub("", words)) != words:
        words = shorter
    return words


_BEFORE = re.compile(r"^(?:[,;:]\s*|[.…–—•*-]+\s+)+")
_AFTER = re.compile(r"(?:[,;:…]|\s+[–—•*-]|(?<!\b[^\W\d]\.[^\W\d])\.|\s)$")
"""One more of what does not belong there: a full stop does after "b.i.d" only."""


_HTML = """
<div class="bar"><span class="hint"></span><span class="take" hidden></span></div>
<div class="case" tabindex="0" hidden></div>
"""

_CSS = """
.bar {
    min-height: 2rem; padding-bottom: .25rem; display: flex; align-items: center;
    font-family: var(--st-font);
}
.bar.afloat {
    position: fixed; bottom: 1rem; z-index: 5; padding: .4rem .6rem; border-radius: .5rem;
    background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color);
}
.hint { font-size: .875rem; color: var(--st-text-color); opacity: .7; }
.hint[hidden], .take[hidden], .case[hidden] { display: none; }
.take { display: flex; flex-wrap: wrap; gap: .25rem; }
.take button {
    font: inherit; font-size: .875rem; color: var(--st-background-color);
    background: var(--st-text-color); border: 0; border-radius: .4rem; padding: .25rem .6rem;
    cursor: pointer;
}
.case {
    white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.6; font-size: 1rem;
    font-family: var(--st-font); color: var(--st-text-color); padding: .75rem 1rem;
    border: 1px solid var(--st-border-color); border-radius: .5rem;
    background: var(--st-secondary-background-color); max-height: 26rem; overflow-y: auto;
}
.case mark { background: rgba(250, 190, 40, .45); color: inherit; border-radius: 3px; }
"""

_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
    const find = (name) => parentElement.querySelector(name);
    const [bar, hint, take, box] = [".bar", ".hint", ".take", ".case"].map(find);
    const typed = data.container
        ? document.querySelector(`.st-key-${CSS.escape(data.container)}`) : null;
    const escaped = (text) => text.replace(/[.*+?^${}()|[\\]\\\\]/g, "\\\\$&");

    let spans = [];  // the passages that are drawn as marks
    let inside = null;  // the one that the selected words are part of
    const plain = (text) => text.trim().replace(/\\s+/g, " ").toLowerCase();

    function draw() {
        const phrases = data.marks.map((m) => escaped(m.trim()).replace(/\\s+/g, "\\\\s+"));
        const pattern = phrases.length ? new RegExp("(" + phrases.join("|") + ")", "gi") : null;
        const pieces = pattern ? data.text.split(pattern) : [data.text];
        spans = [];
        let at = 0;
        pieces.forEach((piece, i) => {
            if (i % 2) spans.push({ start: at, end: at + piece.length, text: piece });
            at += piece.length;
        });
        box.replaceChildren(...pieces.map((piece, i) => {
            if (i % 2 === 0) return document.createTextNode(piece);
            const mark = document.createElement("mark");
            mark.textContent = piece;
            return mark;
        }));
        box.setAttribute("aria-label", data.title);
        box.hidden = false;
    }

    function selected() {
        inside = null;
        if (typed) {
            const area = typed.querySelector("textarea");
            if (!area || document.activeElement !== area) return "";
            return passage(area.value, area.selectionStart, area.selectionEnd);
        }
        const root = box.getRootNode();
        const selection = (root.getSelection ? root.getSelection() : null)
            || document.getSelection();
        if (!selection || !selection.rangeCount || selection.isCollapsed) return "";
        const range = selection.getRangeAt(0);
        if (!box.contains(range.commonAncestorContainer)) return "";
        const start = place(range.startContainer, range.startOffset);
        return passage(data.text, start, place(range.endContainer, range.endOffset));
    }

    function place(node, offset) {
        const before = document.createRange();
        before.setStart(box, 0);
        before.setEnd(node, offset);
        return before.toString().length;
    }

    function passage(text, start, end) {
        const isWord = (i) => i >= 0 && i < text.length && /[\\p{L}\\p{N}]/u.test(text[i]);
        while (start < end && /\\s/.test(text[start])) start += 1;
        while (end > start && /\\s/.test(text[end - 1])) end -= 1;
        if (start === end) return "";
        while (isWord(start) && isWord(start - 1)) start -= 1;
        while (isWord(end) && isWord(end - 1)) end += 1;
        inside = spans.find((span) => span.start <= start && end <= span.end) || null;
        return text.slice(start, end);
    }

    function rest() {
        take.hidden = true;
        hint.hidden = false;
        bar.classList.remove("afloat");
    }

    function button(part, words) {
        const button = document.createElement("button");
        const own = inside && (data.taken?.[part.field] || []).find(
            (mark) => plain(mark) === plain(inside.text));
        button.textContent = own
            ? "Take off “" + part.label + "”" : "Take as “" + part.label + "”";
        const pick = () => {
            if (take.hidden) return;
            rest();
            // A text that is being typed is handed over first: the words are looked for in it.
            if (typed) document.activeElement?.blur();
            if (own) setTriggerValue("dropped", { part: part.field, text: own });
            else setTriggerValue("picked", { part: part.field, text: words });
        };
        button.onmousedown = pick;  // before the text is left, which draws all anew
        button.onclick = pick;
        return button;
    }

    function offer() {
        const words = selected();
        if (!words) { rest(); return; }
        take.replaceChildren(...data.parts.map((part) => button(part, words)));
        take.hidden = false;
        hint.hidden = true;
        bar.classList.remove("afloat");
        const { top, bottom } = bar.getBoundingClientRect();
        const out = top < 60 || bottom > window.innerHeight;
        bar.classList.toggle("afloat", out);
    }

    const names = data.parts.map((part) => "“" + part.label + "”").join(" or ");
    hint.textContent = "Select words in the text with the mouse to take them as " + names + ".";
    if (!typed) draw();
    rest();
    const later = () => setTimeout(offer, 0);
    const area = typed || box;
    area.onmouseup = later;
    area.onkeyup = later;
    area.ontouchend = later;
    // Words that are not marked any longer cannot be taken.
    box.stop?.abort();
    const stop = box.stop = new AbortController();
    const check = () => {
        const onButton = bar.contains(box.getRootNode().activeElement);
        if (!stop.signal.aborted && !onButton && !selected()) rest();
    };
    document.addEventListener("selectionchange", check, { signal: stop.signal });
    if (typed) typed.addEventListener(
        "focusout", () => setTimeout(check, 0), { signal: stop.signal });
    return () => stop.abort();
}
"""
