"""What an answer is made of: the parts of the answer form, with what follows from them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from pages.components import plain, saving, steering
from pages.components.state import Current
from pages.components.words import plural
from rft_core.errors import InputError
from rft_core.examples.answer_form import CANNOT_TELL, OUT_OF_SCOPE, check_form, rewritten
from rft_core.examples.form_layout import with_layout
from rft_core.examples.form_of_cases import form_of_cases
from rft_core.records import AnswerPart, PartKind
from rft_core.rubric.from_form import (
    follow_form,
    follow_form_in_cases,
    is_of_form,
    rubric_of_form,
)
from rft_core.rubric.ids import free_id, slug

KINDS: dict[PartKind, str] = {
    "choice": "A choice",
    "quote": "Quoted words",
    "ranked": "A ranked list",
    "number": "A number",
    "text": "A few words",
    "free_text": "Free text",
    "reasoning": "Reasons first",
}
LABELS: dict[PartKind, str] = {
    "choice": "Choice",
    "quote": "Quote",
    "ranked": "Ranking",
    "number": "Number",
    "text": "Note",
    "free_text": "Text",
    "reasoning": "Reasons",
}
"""What a new part is called."""
ALONE = (CANNOT_TELL, OUT_OF_SCOPE)


def _part(kind: PartKind, label: str, **more: Any) -> AnswerPart:
    return AnswerPart(kind=kind, label=label, field=slug(label), **more)


QUOTE = _part("quote", "Quote")
DECISION = _part("choice", "Decision", alone=(CANNOT_TELL,))
STARTS: dict[str, tuple[AnswerPart, ...]] = {
    "A decision, with the words that decide": (QUOTE, DECISION),
    "A decision, with the words that decide and a reason": (
        DECISION,
        QUOTE,
        _part("free_text", "Reason"),
    ),
    "Reasons, then a decision": (_part("reasoning", "Reasons"), DECISION),
    "A ranked list": (QUOTE, _part("ranked", "Ranking", alone=(CANNOT_TELL,))),
    "A number": (QUOTE, _part("number", "Amount")),
    "A text in your own words": (_part("free_text", "Answer"),),
}


class _Row(NamedTuple):
    """A part in the editor; its number stays while parts are moved and deleted."""

    number: int
    part: AnswerPart


def show(found: Current) -> None:
    """Edit the parts, and see what the model is told."""
    rows = _rows(found)
    if not rows:
        _start(found)
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        edited = [
            _Row(row.number, _edit(found, rows, row, place)) for place, row in enumerate(rows)
        ]
        parts = _with_fields([row.part for row in edited])
        _add(found, edited)
    with right:
        _preview(found, parts)
    _actions(found, parts)


def _start(found: Current) -> None:
    st.markdown(
        f"**What is an answer made of?** Then you answer {plural(found.noun)} with buttons and by "
        "marking words, and the instruction and a first rubric are written for you. Everything "
        "can be changed."
    )
    own = form_of_cases(found.train)
    if own and st.button(
        f"As in my {plural(found.noun)}: {', '.join(plain.label(part.label) for part in own)}",
        icon=":material/auto_awesome:", type="primary", key="form-own",
    ):  # fmt: skip
        _set(found, [_Row(i, part) for i, part in enumerate(own)])
        st.rerun()
    for number, (title, parts) in enumerate(STARTS.items()):
        if st.button(title, key=f"form-start-{number}", width=340):
            _set(found, [_Row(i, part) for i, part in enumerate(parts)])
            st.rerun()


def _edit(found: Current, rows: Sequence[_Row], row: _Row, place: int) -> AnswerPart:
    """Draw the inputs of one part and return it."""
    part = row.part
    key = f"{_key(found)}-{_turn(found)}-{row.number}"
    with st.container(border=True, key=f"form-part-{place}"):
        name, kind_column, actions = st.columns([3, 4, 2.2], vertical_alignment="bottom")
        label = name.text_input(
            "Name", part.label, max_chars=40, key=f"{key}-label", persist_state="session"
        )
        kind = kind_column.selectbox(
            "Kind", list(KINDS), list(KINDS).index(part.kind), format_func=KINDS.get,
            key=f"{key}-kind", persist_state="session",
        )  # fmt: skip
        with actions.container(horizontal=True, horizontal_alignment="right", gap="xxsmall"):
            up = st.button("", icon=":material/arrow_upward:", key=f"{key}-up", help="Move up",
                           disabled=not place, type="tertiary")  # fmt: skip
            gone = st.button("", icon=":material/delete:", key=f"{key}-delete",
                             help="Delete this part", type="tertiary")  # fmt: skip
        changes: dict[str, Any] = {"label": " ".join(label.split()) or part.label, "kind": kind}
        if kind in ("choice", "ranked"):
            changes |= _options(part, key)
        if kind == "ranked":
            changes["top"] = st.number_input(
                "How many are listed",
                1,
                20,
                part.top,
                key=f"{key}-top",
                width=160,
                persist_state="session",
            )
    edited = part.model_copy(update=changes)
    if up or gone:
        others = [r for r in rows if r.number != row.number]
        if up:
            others.insert(place - 1, _Row(row.number, edited))
        _set(found, others)
        st.rerun()
    return edited


def _options(part: AnswerPart, key: str) -> dict[str, Any]:
    text = st.text_area(
        "Choices (one a line)", "\n".join(part.options), height="content", key=f"{key}-options",
        persist_state="session",
        placeholder="accept\nnegotiate\nescalate",
    )  # fmt: skip
    with st.container(horizontal=True):
        alone = [
            choice
            for choice in ALONE
            if st.checkbox(
                f"Offer “{choice}” as well", choice in part.alone, key=f"{key}-{slug(choice)}",
                persist_state="session",
                help="So that the model may say that it does not know."
                if choice == CANNOT_TELL else "For what is not your business at all.",
            )
        ]  # fmt: skip
    options = tuple(line for text_line in text.split("\n") if (line := " ".join(text_line.split())))
    return {"options": options, "alone": tuple(alone)}


def _add(found: Current, rows: Sequence[_Row]) -> None:
    with st.popover("Add a part", icon=":material/add:"):
        for kind, title in KINDS.items():
            if st.button(title, key=f"form-add-{kind}", type="tertiary"):
                label = free_id({row.part.label for row in rows}, LABELS[kind])
                number = max(row.number for row in rows) + 1
                new = AnswerPart(kind=kind, label=label.replace("_", " "), field="new")
                _set(found, _placed(rows, _Row(number, new)))
                st.rerun()


def _placed(rows: Sequence[_Row], new: _Row) -> list[_Row]:
    """Return the rows with a new one: reasons first, before a free text that ends the answer."""
    if new.part.kind == "reasoning":
        return [new, *rows]
    last = [row for row in rows if row.part.kind == "free_text"]
    return [*(row for row in rows if row not in last), new, *last]


def _with_fields(parts: Sequence[AnswerPart]) -> list[AnswerPart]:
    """Return the parts, new ones with the name of an expected value of their own."""
    used = {part.field for part in parts if part.field != "new"}
    named = []
    for part in parts:
        field = free_id(used, slug(part.label)) if part.field == "new" else part.field
        used.add(field)
        named.append(part.model_copy(update={"field": field}))
    return named


def _preview(found: Current, parts: Sequence[AnswerPart]) -> None:
    try:
        check_form(parts)
    except InputError as error:
        st.caption(f":orange[:material/warning:] {plain.label(str(error), 300)}")
        return
    told = with_layout(
        found.project.instruction, found.project.answer, parts, found.project.case_noun
    )
    plain.block(told, "The model will be told")
    if not found.project.instruction.strip():
        st.caption("You can put a sentence about the task before it, in the project's settings.")
    rules = rubric_of_form(parts, found.examples)
    criteria = found.rubric.criteria
    if criteria and not is_of_form(criteria, found.project.answer, found.examples):
        st.caption("Your rubric follows where it speaks of these parts. Look whether it fits.")
    elif rules:
        plain.block("\n".join(f"{c.points:+g}  {c.text}" for c in rules), "The first rubric")
        st.caption("The last choice, list or number is worth most; change the points later.")
    else:
        st.caption("Nothing in a free text can be looked up. You write the rubric yourself.")


def _actions(found: Current, parts: Sequence[AnswerPart]) -> None:
    with st.container(horizontal=True, key="form-actions"):
        save = st.button("Save the answer form", type="primary", key="form-save")
        cancel = st.button("Discard changes", key="form-cancel")
        remove = found.project.answer and st.button(
            "Answer in plain text instead", key="form-remove"
        )
    if save:
        _save(found, parts)
    if cancel:
        _forget(found)
        st.rerun()
    if remove:
        _forget(found)
        saving.save_project(
            found, found.project.with_changes(answer=()), "answer form removed",
            "Answers are written as text from now on.",
        )  # fmt: skip
        st.rerun()


def _save(found: Current, parts: Sequence[AnswerPart]) -> None:
    check_form(parts)
    old = found.project.answer
    reasons = parts[0].kind == "reasoning"
    style = found.project.answer_style
    project = found.project.with_changes(
        answer=tuple(parts),
        instruction=with_layout(found.project.instruction, old, parts, found.project.case_noun),
        answer_style="reason_then_answer" if reasons else "direct" if old else style,
    )
    rubric = found.rubric
    if not rubric.criteria or is_of_form(rubric.criteria, old, found.examples):
        name = rubric.name if rubric.criteria else f"{found.project.name} rubric"
        rubric = rubric.with_changes(name=name, criteria=rubric_of_form(parts, found.examples))
    else:
        rubric = follow_form(rubric, old, parts)
    examples = follow_form_in_cases(rewritten(found.examples, old, parts), old, parts)
    count = sum(a.reference != b.reference for a, b in zip(examples, found.examples, strict=True))
    said = "The answer form is saved."
    said += f" {plural('answer', count)} written anew in it." if count else ""
    _forget(found)
    saving.save(found, Current(project, examples, rubric), "answer form changed", said)
    if not found.examples:
        steering.wish("case-id", "")
    steering.wish("examples-view", "One case")
    st.rerun()


def _rows(found: Current) -> list[_Row]:
    """Return the parts as the editor has them: those of the project until something is moved."""
    held = st.session_state.get(_key(found))
    return held if held is not None else [_Row(*row) for row in enumerate(found.project.answer)]


def _set(found: Current, rows: Sequence[_Row]) -> None:
    st.session_state[_key(found)] = list(rows)


def _forget(found: Current) -> None:
    st.session_state.pop(_key(found), None)
    st.session_state[f"{_key(found)}-turn"] = _turn(found) + 1


def _turn(found: Current) -> int:
    turn: int = st.session_state.get(f"{_key(found)}-turn", 0)
    return turn


def _key(found: Current) -> str:
    return f"form-{found.project.id}"
