"""One case as a form: its text, the expert answer, expected values, tags, side and group."""

from functools import partial
from typing import Any

import streamlit as st

from pages.components import (
    address,
    answer_inputs,
    case_criteria,
    case_drafts,
    case_picker,
    case_saving,
    document_text,
    field_inputs,
    form_drafts,
    in_view,
    marker,
    plain,
    redraw,
    saving,
    shortcuts,
    state,
    steering,
)
from pages.components.answer_inputs import Answer
from pages.components.case_drafts import NEW
from pages.components.state import Current
from pages.components.words import an, capital, case_called, plural
from rft_core.errors import InputError
from rft_core.examples.answer_form import Values, held_values
from rft_core.records import Example, Message
from rft_core.reports.changes import SIDES
from rft_core.settings import MAX_TEXT_CHARS, MIN_HELDOUT_EXAMPLES, MIN_TRAIN_EXAMPLES
from rft_core.store.drafts import Draft

_TEXT, _ANSWER = "case-text", "case-answer"
"""Keys of the two halves of the form."""


def show(found: Current) -> None:
    """Show the chosen case to edit, with the way to the others."""
    drafts = state.studio().drafts(found.project.id)
    if not found.examples and NEW not in drafts and steering.wanted(case_picker.KEY) != NEW:
        nothing_yet(found)
        return
    shortcuts.take_typed_first()
    redraw.part(redraw.CASE, _case)


def _case() -> None:
    """Draw the chosen case. What is done in it draws it alone anew, not the whole page."""
    with state.errors_as_sentences():
        found = state.require_project()
        drafts = state.studio().drafts(found.project.id)
        example = case_picker.settle(found, drafts)
        picker = st.container()
        begun = drafts.get(example.id)
        overtaken = case_drafts.overtaken(found, example) if begun is None else None
        begun = begun or overtaken
        conflict = begun is not None and begun.of != case_drafts.of(example)
        _say_how_begun(found, begun, conflict)
        key = case_drafts.key(found, example)
        case, answer = _inputs(found, example, begun, key)
        in_view.give_cursor(_TEXT if example.id == NEW else _ANSWER, key)
        changed = case != example or answer.problem is not None
        case_drafts.keep(found, example, case, answer, changed, begun)
        held = case_drafts.held(key)
        typed = case_saving.Typed(
            found, example, key, held, case, answer, overtaken is not None, conflict
        )
        said = st.container()
        found, problem = _actions(typed, changed)
        if example.id != NEW:
            case_criteria.show(found, case)
        with picker:  # after the case, since drafts and the list may have changed
            case_picker.show(found)
        address.note(address.CASE, example.id)
        if problem is not None:  # once all is drawn, so that no input is lost
            with said:
                state.show_error(problem)


def _say_how_begun(found: Current, begun: Draft | None, conflict: bool) -> None:
    """Say of a draft that it is a copy, or that its case was changed since."""
    if conflict:
        form_drafts.say_overtaken(f"The {found.noun}", "discard your changes")
    if begun is not None and begun.copy_of is not None:
        copied = plain.label(case_called(found.project.case_noun, begun.copy_of))
        st.caption(f":orange[:material/content_copy:] This is a copy of {copied}, not saved yet.")


def _actions(typed: case_saving.Typed, changed: bool) -> tuple[Current, InputError | None]:
    """Draw the buttons and do what they say; return the project then, and what stood against it."""
    found, problem = typed.found, None
    is_done = case_saving.was_saved()
    with st.container(horizontal=True, vertical_alignment="center", key="case-actions"):
        save = st.button(
            "Save", type="primary", key="case-save", shortcut=shortcuts.SAVE,
            on_click=case_saving.before_drawn, args=(typed,),
        )  # fmt: skip
        following = st.button(
            "Save and next", key="case-save-next", shortcut=shortcuts.SAVE_AND_NEXT,
            on_click=case_saving.before_drawn, args=(typed, True),
        )  # fmt: skip
        if (save or following) and not is_done:
            try:
                found = case_saving.save(typed, following)
                changed = False
            except InputError as error:
                problem = error
        if typed.is_new or changed:
            st.button(
                "Discard" if typed.is_new else "Discard changes", key="case-discard",
                on_click=_discard, args=(typed.example,),
            )  # fmt: skip
        if not typed.is_new:
            if st.button(
                "Duplicate", icon=":material/content_copy:", key="case-duplicate",
                on_click=_duplicate_as_drawn, args=(typed,),
            ):  # fmt: skip
                problem = _duplicate(typed)
                if problem is None:
                    redraw.this_part()
            st.button(
                "Delete", icon=":material/delete:", key="case-delete",
                on_click=_delete, args=(typed.example,),
            )  # fmt: skip
        if changed:
            st.caption(form_drafts.KEPT)
    return found, problem


def nothing_yet(found: Current) -> None:
    """Say what to do where there are no cases."""
    noun = found.noun
    with st.container(border=True, key="no-cases"):
        st.markdown(f"**There are no {plural(noun)} yet.**")
        st.markdown(
            f"{capital(an(noun))} is one situation with your own answer to it. "
            f"{MIN_TRAIN_EXAMPLES} training {plural(noun)} and {MIN_HELDOUT_EXAMPLES} test "
            f"{plural(noun)} are the least; thirty to fifty, with twenty or more test "
            f"{plural(noun)}, are a good start."
        )
        with st.container(horizontal=True):
            if st.button("Say what an answer is made of", type="primary", key="first-form"):
                steering.wish("examples-view", "Answer form")
                st.rerun()
            if st.button(f"Write the first {noun}", key="first-case"):
                steering.wish(case_picker.KEY, NEW)
                steering.wish("examples-view", "One case")
                st.rerun()
            if st.button("Import a file", key="first-import"):
                steering.wish("examples-view", "Import")
                st.rerun()


def _inputs(
    found: Current, example: Example, begun: Draft | None, key: str
) -> tuple[Example, Answer]:
    """Draw the inputs, filled with the case or its draft; return the case as they have it."""
    shown = begun.case if begun else example
    parts = found.project.answer
    values = held_values(parts, shown)
    if begun and begun.answer:
        values = begun.answer
    left, right = st.columns([3, 2], gap="large")
    with left.container(key=_TEXT):
        prompt = _prompt(found, shown, values, example.id == NEW, key)
        reference = None if parts else answer_inputs.text_input(shown, key)
        placing = _placing(found, shown, key)
        remarks = _remarks(found, shown, key)
    with right.container(key=_ANSWER):
        own = {"id": shown.id or "new", "prompt": prompt, "split": placing["split"]}
        asked = shown.model_copy(update=own)
        if parts:
            answer = answer_inputs.show(found, asked, example, values, key)
        else:
            answer = Answer(reference, field_inputs.show(found, asked, key), {})
    case = example.model_copy(
        update={
            "prompt": prompt,
            "reference": answer.reference,
            "fields": answer.fields,
            **placing,
            **remarks,
        }
    )
    return case, answer


def _placing(found: Current, example: Example, key: str) -> dict[str, Any]:
    """Draw where the case belongs: its side, group and tags."""
    many = plural(found.noun)
    side, group = st.columns(2)
    split = side.segmented_control(
        "Used for",
        list(SIDES) if example.split is None else ["train", "heldout"],
        default=example.split,
        format_func=SIDES.get,
        key=f"{key}-split",
        required=True,
        help=f"The model learns from training {many}. Test {many} are kept aside and never "
        "learned from.",
        persist_state="session",
    )
    cluster = group.text_input(
        "Group",
        example.cluster or "",
        key=f"{key}-cluster",
        help=f"{capital(many)} of one document, person or pair. A group is never divided between "
        "training and test.",
        persist_state="session",
    )
    tags = st.multiselect(
        "Tags",
        sorted({tag for e in (*found.examples, example) for tag in e.tags}),
        list(example.tags),
        accept_new_options=True,
        key=f"{key}-tags",
        placeholder="Choose or type",
        persist_state="session",
    )
    return {"split": split, "cluster": cluster.strip() or None, "tags": tuple(tags)}


def _remarks(found: Current, example: Example, key: str) -> dict[str, Any]:
    """Draw what is only for people: where the case comes from, and a note."""
    with st.expander("Source and note", icon=":material/sticky_note_2:",
                     expanded=bool(example.source or example.note)):  # fmt: skip
        source = st.text_area(
            "Source", example.source or "", height="content", key=f"{key}-source",
            max_chars=MAX_TEXT_CHARS, persist_state="session",
            help=f"Where the {found.noun} comes from, or the passage that settles it. The model "
            "never sees it.",
        )  # fmt: skip
        note = st.text_area(
            "Note", example.note or "", height="content", key=f"{key}-note",
            max_chars=MAX_TEXT_CHARS, persist_state="session",
            help="Your own remark. The model never sees it.",
        )  # fmt: skip
    return {"source": source.strip() or None, "note": note.strip() or None}


def _prompt(
    found: Current, example: Example, values: Values | None, is_new: bool, key: str
) -> str | tuple[Message, ...]:
    """Draw the case's text; of a conversation, the last question can be edited."""
    place = None
    if not isinstance(example.prompt, str):
        users = [i for i, turn in enumerate(example.prompt) if turn.role == "user"]
        place = users[-1] if users else None
        for position, turn in enumerate(example.prompt):
            if position != place:
                plain.block(turn.content, {"user": "Asked", "assistant": "Answered"}.get(
                    turn.role, "Instruction"))  # fmt: skip
    text = _text(found, example, values, is_new, key)
    if isinstance(example.prompt, str):
        return text
    turns = list(example.prompt)
    if place is not None:
        turns[place] = turns[place].with_changes(content=text)
    return tuple(turns)


def _text(found: Current, example: Example, values: Values | None, is_new: bool, key: str) -> str:
    """Draw the text: to mark words in where the answer quotes it, and to edit."""
    quotes = [part for part in found.project.answer if part.kind == "quote"]
    labels = {part.field: part.label for part in quotes}
    field, marking = f"{key}-prompt", f"{key}-marker"
    marks = answer_inputs.marks(found.project.answer, values, key)
    on_marked = partial(answer_inputs.take, found.project.answer, values, key)
    on_off = partial(answer_inputs.take_off, found.project.answer, values, key)
    now = st.session_state.get(field, example.case_text)
    if quotes and not is_new and now.strip():
        title = f"The text of the {found.project.case_noun}"
        marker.show(now, title, marks, labels, marking, on_marked, on_off)
        with st.expander(f"Edit the text of the {found.noun}", icon=":material/edit:"):
            return _text_area(found, example, key)
    if quotes:
        marker.show_for_field(_TEXT, field, labels, marking, on_marked)
    return _text_area(found, example, key)


def _text_area(found: Current, example: Example, key: str) -> str:
    text = st.text_area(
        capital(found.noun),
        example.case_text,
        height="content",
        max_chars=MAX_TEXT_CHARS,
        key=f"{key}-prompt",
        persist_state="session",
    )
    document_text.offer(found, f"{key}-prompt")  # behind the text, where the cursor goes first
    return text


def _discard(example: Example) -> None:
    """As a callback: forget what was typed of the case, before it is drawn anew."""
    found = state.current()
    if found is None:  # deleted in another window
        return
    begun = state.studio().drafts(found.project.id).get(example.id)
    case_drafts.forget(found, example)
    if example.id == NEW:
        ids = [e.id for e in found.examples]
        copied = begun.copy_of if begun is not None else None
        before = copied if copied in ids else next(reversed(ids), None)
        steering.wish(case_picker.KEY, before)
    if not found.examples:
        st.rerun()


def _duplicate_as_drawn(typed: case_saving.Typed) -> None:
    """As a callback: duplicate a case of which nothing was typed since, before it is drawn anew.

    All else is left to the page, which then draws the case as it is typed.
    """
    found = state.current()
    as_drawn = case_drafts.held(typed.key) == typed.held
    if as_drawn and found is not None and found.project.id == typed.found.project.id:
        _duplicate(typed)


def _duplicate(typed: case_saving.Typed) -> InputError | None:
    """Open a new case that begins as this one; return what stands against it."""
    try:
        case_drafts.begin_with(typed.found, typed.case, typed.answer)
    except InputError as error:
        return error
    in_view.wish_for_cursor()
    steering.wish(case_picker.KEY, NEW)
    return None


def _delete(example: Example) -> None:
    """As a callback: delete the case and open the next one, before anything is drawn anew."""
    found = state.current()
    if found is not None:
        kept = tuple(e for e in found.examples if e.id != example.id)
        called = case_called(found.project.case_noun, example.id)
        the = "" if called == example.id else "The "
        with saving.error_kept():
            saving.save_examples(found, kept, f"{called} deleted", f"{the}{called} was deleted.")
            case_drafts.drop(found, example)
        if kept:
            saving.lead_to_change(found.examples, kept)
            redraw.only(*redraw.ALL_OF_ONE_CASE)
    st.rerun()
