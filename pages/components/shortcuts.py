"""Keys of the form of a case; what is being typed is handed over before one, and after a pause.

A text field hands over its text when it is left. A shortcut alone does not leave it, and neither
does closing the browser; and where another page is asked for in the same moment, that comes first.
"""

import streamlit as st

SAVE = "Ctrl+S"
SAVE_AND_NEXT = "Alt+Enter"
PREVIOUS = "Alt+Up"
NEXT = "Alt+Down"
NEW = "Alt+N"


def take_typed_first() -> None:
    """Make text fields hand over what is typed before a shortcut or another page, two seconds
    after a key, once something is pasted, and when the page is hidden. Call once on a page."""
    component = st.components.v2.component("take_typed_first", html="<span></span>", js=_JS)
    component(key="take-typed-first", height=1)


_JS = """
const KEYS = ["s", "enter", "arrowup", "arrowdown", "n"];
const IDLE_MS = 2000;
const PASTED_MS = 100;
const JUST_TYPED_MS = 5000;
const MOST_WAIT_MS = 5000;
let idle = null;
let lastTyped = -Infinity;

function isText(field) {
    return field && ["TEXTAREA", "INPUT"].includes(field.tagName);
}

function leave(event) {
    if (!(event.ctrlKey || event.metaKey || event.altKey)) return;
    if (!KEYS.includes(event.key.toLowerCase())) return;
    const field = document.activeElement;
    if (isText(field)) field.blur();
    else if (event.key === "Enter" && field && field !== document.body) {
        // Enter would press the button that has the focus: the keys go to the page instead.
        event.preventDefault();
        event.stopImmediatePropagation();
        field.blur();
        const { key, code, altKey, ctrlKey, metaKey, shiftKey } = event;
        const keys = { key, code, altKey, ctrlKey, metaKey, shiftKey, bubbles: true };
        document.body.dispatchEvent(new KeyboardEvent("keydown", keys));
        document.body.dispatchEvent(new KeyboardEvent("keyup", keys));
    }
}

function handOver() {
    const field = document.activeElement;
    if (!isText(field) || field.role === "combobox") return;  // a list would close
    const { selectionStart, selectionEnd, scrollTop } = field;
    field.blur();
    field.focus({ preventScroll: true });
    if (selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
    field.scrollTop = scrollTop;
}

function goOnceTaken(event) {
    const link = event.target.closest?.("[data-testid=stSidebarNav] a");
    const now = performance.now();
    if (!link || now - lastTyped > JUST_TYPED_MS || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    lastTyped = -Infinity;
    const app = document.querySelector("[data-testid=stApp]");
    const go = () => {
        const isTaken = app.dataset.testScriptState === "notRunning";
        if (isTaken || performance.now() - now > MOST_WAIT_MS) link.click();
        else setTimeout(go, 20);
    };
    setTimeout(go, 50);
}

function typed(event) {
    lastTyped = performance.now();
    clearTimeout(idle);
    const isPasted = event.inputType === "insertFromPaste";
    if (!event.isComposing) idle = setTimeout(handOver, isPasted ? PASTED_MS : IDLE_MS);
}

function closeEmptyList(event) {
    // Once a new tag is taken with Enter, a list without any choice would cover what is below.
    const field = event.target;
    if (event.key !== "Enter" || !field?.closest?.("[data-testid=stMultiSelect]")) return;
    setTimeout(() => {
        const list = document.getElementById(field.getAttribute("aria-controls"));
        if (!list?.dataset.empty) return;
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    }, 200);
}

export default function () {
    document.addEventListener("keydown", leave, true);
    document.addEventListener("keyup", closeEmptyList, true);
    document.addEventListener("input", typed, true);
    document.addEventListener("click", goOnceTaken, true);
    document.addEventListener("visibilitychange", handOver);
    return () => {
        clearTimeout(idle);
        document.removeEventListener("keydown", leave, true);
        document.removeEventListener("keyup", closeEmptyList, true);
        document.removeEventListener("input", typed, true);
        document.removeEventListener("click", goOnceTaken, true);
        document.removeEventListener("visibilitychange", handOver);
    };
}
"""
