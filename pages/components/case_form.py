"""One case as a form: its text, the expert answer, expected values, tags, side and group.

What is typed is kept until it is saved, also when the browser is closed: the inputs are named after
the stored content of the case, and a draft of it is stored.
"""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.components import (
    answer_inputs,
    case_criteria,
    document_text,
    field_inputs,
    marker,
    plain,
    redraw,
    saving,
    shortcuts,
    state,
    steering,
)
from pages.components.answer_inputs import Answer
from pages.components.state import Current
from pages.components.words import plural
from rft_core.errors import InputError
from rft_core.examples.answer_form import Values, held_values, rewritten
from rft_core.records import Example, Message, content_id
from rft_core.reports.changes import SIDES
from rft_core.settings import MAX_TEXT_CHARS
from rft_core.store.drafts import Draft

NEW = ""
"""Stands for a case that is not saved yet, where others have their id."""
_FILLED = "case-filled"
"""Where the session keeps what the inputs of each case were last filled with."""


def show(found: Current) -> None:
    """Show the chosen case to edit, with the way to the others."""
    drafts = state.studio().drafts(found.project.id)
    if not found.examples and NEW not in drafts and steering.wanted("case-id") != NEW:
        nothing_yet()
        return
    shortcuts.take_typed_first()
    example = _choose(found, drafts)
    is_new = example.id == NEW
    begun = drafts.get(example.id)
    overtaken = _overtaken(found, example) if begun is None else None
    begun = begun or overtaken
    conflict = begun is not None and begun.of != _of(example)
    if conflict:
        st.caption(
            ":orange[:material/warning:] The case was changed since you typed this. Look at "
            "everything before you save, or discard your changes."
        )
    case, answer = _inputs(found, example, begun)
    changed = case != example or answer.problem is not None
    _keep(found, example, case, answer, changed, begun)
    problem = None
    with st.container(horizontal=True, vertical_alignment="center", key="case-actions"):
        follow = () if is_new else (redraw.CASES, redraw.CASE_FINDINGS)
        after = redraw.only if follow else None
        save = st.button(
            "Save", type="primary", key="case-save", shortcut=shortcuts.SAVE,
            on_click=after, args=follow,
        )  # fmt: skip
        following = st.button(
            "Save and next", key="case-save-next", shortcut=shortcuts.SAVE_AND_NEXT,
            on_click=after, args=follow,
        )  # fmt: skip
        if save or following:
            try:
                if overtaken is not None:
                    raise InputError(
                        "The case was changed in another window meanwhile.",
                        "What you typed is still here. Look at everything, then save again.",
                    )
                found = _save(found, example, case, answer, following, conflict)
                changed = False
            except InputError as error:  # raised again once all is drawn
                problem = error
        discard = (is_new or changed) and st.button(
            "Discard" if is_new else "Discard changes", type="tertiary", key="case-discard"
        )
        delete = not is_new and st.button(
            "Delete", icon=":material/delete:", type="tertiary", key="case-delete"
        )
        if changed:
            st.caption(":orange[:material/edit:] Kept, but not saved yet")
    if not is_new:
        case_criteria.show(found, case)
    if discard:
        _discard(found, example)
    if delete:
        _delete(found, example)
    if problem is not None:
        raise problem


def nothing_yet() -> None:
    """Say what to do where there are no cases."""
    with st.container(border=True, key="no-cases"):
        st.markdown("**There are no cases yet.**")
        st.markdown(
            "A case is one situation with your own answer to it. Eight training cases are the "
            "least a model can learn from; thirty to fifty, with twenty or more test cases, are a "
            "good start."
        )
        with st.container(horizontal=True):
            if st.button("Say what an answer is made of", type="primary", key="first-form"):
                steering.wish("examples-view", "Answer form")
                st.rerun()
            if st.button("Write the first case", key="first-case"):
                steering.wish("case-id", NEW)
                steering.wish("examples-view", "One case")
                st.rerun()
            if st.button("Import a file", key="first-import"):
                steering.wish("examples-view", "Import")
                st.rerun()


def _choose(found: Current, drafts: dict[str, Draft]) -> Example:
    by_id = {example.id: example for example in found.examples}
    wants_new = steering.wanted("case-id") == NEW
    options = [*by_id, NEW] if wants_new or not by_id or NEW in drafts else list(by_id)
    unsaved = [case_id for case_id in drafts if case_id in options]
    if unsaved and steering.wanted("case-id") is None:
        steering.wish("case-id", unsaved[-1])
    steering.grant("case-id", options)
    with st.container(horizontal=True, vertical_alignment="bottom", key="case-choice"):
        st.button(
            "Previous case",
            icon=":material/chevron_left:",
            key="case-previous",
            on_click=_step,
            args=(options, -1),
            shortcut=shortcuts.PREVIOUS,
        )
        chosen = st.selectbox(
            "Case",
            options,
            format_func=lambda case_id: _title(by_id.get(case_id)),
            key="case-id",
            label_visibility="collapsed",
            persist_state="session",
        )
        st.button(
            "Next case",
            icon=":material/chevron_right:",
            icon_position="right",
            key="case-next",
            on_click=_step,
            args=(options, 1),
            shortcut=shortcuts.NEXT,
        )
        if st.button("New case", icon=":material/add:", key="case-new", shortcut=shortcuts.NEW):
            steering.wish("case-id", NEW)
            redraw.this_part()
    others = [case_id for case_id in unsaved if case_id != chosen]
    if others:
        st.caption(
            f":orange[:material/edit:] {plural('other case', len(others))} not saved yet: "
            f"{', '.join(plain.label(i or 'New case', 40) for i in others[:5])}"
        )
    return by_id.get(chosen) or Example.model_construct(
        id=NEW, prompt="", reference=None, fields={}, tags=(), split="train", cluster=None,
        source=None, note=None, criteria=None,
    )  # fmt: skip


def _step(options: Sequence[str], by: int) -> None:
    place = options.index(st.session_state["case-id"]) + by
    steering.wish("case-id", options[place % len(options)])


def _title(example: Example | None) -> str:
    """Return what the list shows; it must not change while a case is typed, or it jumps."""
    if example is None:
        return "New case"
    text = " ".join(example.case_text.split())
    short = f"{text[:70]}{'…' if len(text) > 70 else ''}"
    return f"{example.id} · {SIDES[example.split]} · {short}"


def _inputs(found: Current, example: Example, begun: Draft | None) -> tuple[Example, Answer]:
    """Draw the inputs, filled with the case or its draft; return the case as they have it."""
    key = _key(found, example)
    shown = begun.case if begun else example
    parts = found.project.answer
    values = held_values(parts, shown)
    if begun and begun.answer:
        values = begun.answer
    left, right = st.columns([3, 2], gap="large")
    with left:
        prompt = _prompt(found, shown, values, example.id == NEW, key)
        reference = None if parts else answer_inputs.text_input(shown, key)
        placing = _placing(found, shown, key)
        remarks = _remarks(shown, key)
    with right:
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
    side, group = st.columns(2)
    split = side.segmented_control(
        "Used for",
        list(SIDES) if example.split is None else ["train", "heldout"],
        default=example.split,
        format_func=SIDES.get,
        key=f"{key}-split",
        required=True,
        help="The model learns from training cases. Test cases are kept aside and never "
        "learned from.",
        persist_state="session",
    )
    cluster = group.text_input(
        "Group",
        example.cluster or "",
        key=f"{key}-cluster",
        help="Cases of one document, person or pair. A group is never divided between "
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


def _remarks(example: Example, key: str) -> dict[str, Any]:
    """Draw what is only for people: where the case comes from, and a note."""
    with st.expander("Source and note", icon=":material/sticky_note_2:",
                     expanded=bool(example.source or example.note)):  # fmt: skip
        source = st.text_area(
            "Source", example.source or "", height="content", key=f"{key}-source",
            max_chars=MAX_TEXT_CHARS, persist_state="session",
            help="Where the case comes from, or the passage that settles it. The model never sees "
            "it.",
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
    now = st.session_state.get(f"{key}-prompt", example.case_text)
    if not quotes or not now.strip():
        document_text.offer(f"{key}-prompt")
        return _text_area(example, key)
    marks = answer_inputs.marks(quotes, values, key)
    # A new case is still being typed: its text stays where it is.
    text = _text_area(example, key) if is_new else ""
    st.caption("To quote, select words with the mouse and click “Take as …”.")
    labels = {part.field: part.label for part in quotes}
    marker.show(now, marks, labels, f"{key}-marker", partial(answer_inputs.take, marks, key))
    if is_new:
        return text
    with st.expander("Edit the text of the case", icon=":material/edit:"):
        document_text.offer(f"{key}-prompt")
        return _text_area(example, key)


def _text_area(example: Example, key: str) -> str:
    return st.text_area(
        "Case",
        example.case_text,
        height="content",
        max_chars=MAX_TEXT_CHARS,
        key=f"{key}-prompt",
        persist_state="session",
    )


def _keep(
    found: Current, example: Example, case: Example, answer: Answer, changed: bool,
    kept: Draft | None,
) -> None:  # fmt: skip
    """Store what was typed, or forget what is not there any longer."""
    draft = None
    if changed:
        own = example.id or "new"
        parts = answer.values if answer.problem else None
        of = kept.of if kept else _of(example)
        draft = Draft(case=case.model_copy(update={"id": own}), answer=parts, of=of)
    memory = _memory(found, example)
    last = st.session_state.get(memory, kept)
    st.session_state[memory] = draft
    if draft != last:  # else another window may have typed more
        state.studio().keep_draft(found.project.id, example.id, draft)


def _of(example: Example) -> str:
    """Name what the inputs show of a case: its own criteria are saved apart from them."""
    typed = example.model_copy(update={"criteria": None})
    return "" if example.id == NEW else content_id(typed)


def _save(
    found: Current, example: Example, draft: Example, answer: Answer, following: bool,
    conflict: bool,
) -> Current:  # fmt: skip
    """Save the case and return the project as it is stored then.

    Draws anew where something else is to be shown: another case, what was not typed, or no
    warning of a conflict any longer.
    """
    if not draft.case_text.strip():
        raise InputError("The case has no text.", "Write what the model is asked about.")
    if answer.problem is not None:
        raise answer.problem
    typed = draft
    if draft.reference is None:
        draft = rewritten([draft], (), found.project.answer)[0]
    is_new = example.id == NEW
    if is_new:
        used = {e.id for e in found.examples} | set(state.studio().drafts(found.project.id))
        draft = Example.model_validate({**draft.model_dump(), "id": _new_id(used)})
        kept = (*found.examples, draft)
    else:
        kept = tuple(draft if e.id == example.id else e for e in found.examples)
    saving.save_examples(found, kept, f"case {draft.id} {'added' if is_new else 'changed'}")
    _forget(found, example, draft if draft == typed else None)
    ids = [e.id for e in kept]
    if following:
        steering.wish("case-id", NEW if is_new else ids[(ids.index(draft.id) + 1) % len(ids)])
    elif is_new:
        steering.wish("case-id", draft.id)
    if is_new or draft.split != example.split:
        st.rerun()  # the counts change as well
    if following or conflict or draft != typed or _title(draft) != _title(example):
        redraw.this_part()
    return state.require_project()


def _discard(found: Current, example: Example) -> None:
    _forget(found, example)
    if example.id == NEW:
        steering.wish("case-id", found.examples[-1].id if found.examples else None)
    redraw.this_part()


def _delete(found: Current, example: Example) -> None:
    ids = [e.id for e in found.examples]
    kept = tuple(e for e in found.examples if e.id != example.id)
    saving.save_examples(
        found, kept, f"case {example.id} deleted", f"The case {example.id} was deleted."
    )
    state.studio().keep_draft(found.project.id, example.id, None)
    st.session_state.pop(_memory(found, example), None)
    rest = [i for i in ids if i != example.id]
    if rest:
        steering.wish("case-id", rest[min(ids.index(example.id), len(rest) - 1)])
    st.rerun()


def _overtaken(found: Current, example: Example) -> Draft | None:
    """Return what was typed here of a case that another window has saved since; it is kept."""
    typed: Draft | None = st.session_state.get(_memory(found, example))
    if typed is None or typed.of == _of(example):
        return None
    state.studio().keep_draft(found.project.id, example.id, typed)
    return typed


def _memory(found: Current, example: Example) -> str:
    """Return where the session keeps what it last stored of a case that is typed."""
    return f"case-typed-{found.project.id}-{example.id}"


def _forget(found: Current, example: Example, saved: Example | None = None) -> None:
    """Begin with fresh inputs, without a draft; one of another window stays.

    The inputs stay as they are where all of them hold what was `saved`: to build them anew takes
    time. Those of an answer that was written in both ways do not.
    """
    filled = st.session_state[_FILLED]
    case = found.project.id, example.id
    stay = saved is not None and not answer_inputs.written_both_ways(_key(found, example))
    filled[case] = (_of(saved), filled[case][1]) if stay else ("", filled[case][1] + 1)
    own = st.session_state.pop(_memory(found, example), None)
    if state.studio().drafts(found.project.id).get(example.id) == own:
        state.studio().keep_draft(found.project.id, example.id, None)


def _key(found: Current, example: Example) -> str:
    """Return the name of a case's inputs: another one when the case was changed elsewhere."""
    filled = st.session_state.setdefault(_FILLED, {})
    of, number = filled.get((found.project.id, example.id), ("", 0))
    if of != _of(example):
        number += 1
    filled[found.project.id, example.id] = _of(example), number
    return f"case-{found.project.id}-{example.id}-{number}"


def _new_id(used: Collection[str]) -> str:
    return next(i for n in range(1, len(used) + 2) if (i := f"case-{n:03d}") not in used)
