"""One case as a form: its text, the expert answer, expected values, tags, side and group.

What is typed stays until it is saved, also while other cases or pages are looked at: the inputs
are named after the stored content of the case and kept for the session.
"""

from collections.abc import Sequence

import streamlit as st

from pages.components import field_inputs, plain, saving, steering
from pages.components.state import Current
from rft_core.errors import InputError
from rft_core.records import Example, Message, content_id
from rft_core.settings import MAX_TEXT_CHARS

NEW = ""
"""Stands for a case that is not saved yet, where others have their id."""
_SAVES = "case-saves"
SIDES = {"train": "Training", "heldout": "Test", None: "Not decided"}


def show(found: Current) -> None:
    """Show the chosen case to edit, with the way to the others."""
    if not found.examples and steering.wanted("case-id") != NEW:
        nothing_yet()
        return
    example = _choose(found)
    is_new = example.id == NEW
    draft = _inputs(found, example)
    changed = draft != example
    with st.container(horizontal=True, vertical_alignment="center", key="case-actions"):
        save = st.button("Save", type="primary", key="case-save")
        following = st.button("Save and next", key="case-save-next")
        if not is_new:
            delete = st.button(
                "Delete", icon=":material/delete:", type="tertiary", key="case-delete"
            )
        else:
            delete = st.button("Discard", type="tertiary", key="case-discard")
        if changed:
            st.caption(":orange[:material/edit:] Not saved yet")
    if save or following:
        _save(found, example, draft, following)
    if delete:
        _delete(found, example)


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
            if st.button("Write the first case", type="primary", key="first-case"):
                steering.wish("case-id", NEW)
                steering.wish("examples-view", "One case")
                st.rerun()
            if st.button("Import a file", key="first-import"):
                steering.wish("examples-view", "Import")
                st.rerun()


def _choose(found: Current) -> Example:
    by_id = {example.id: example for example in found.examples}
    wants_new = steering.wanted("case-id") == NEW
    options = [*by_id, NEW] if wants_new or not by_id else list(by_id)
    steering.grant("case-id", options)
    with st.container(horizontal=True, vertical_alignment="bottom", key="case-choice"):
        st.button(
            "Previous case",
            icon=":material/chevron_left:",
            key="case-previous",
            on_click=_step,
            args=(options, -1),
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
        )
        if st.button("New case", icon=":material/add:", key="case-new"):
            steering.wish("case-id", NEW)
            st.rerun()
    return by_id.get(chosen) or Example.model_construct(
        id=NEW, prompt="", reference=None, fields={}, tags=(), split="train", cluster=None,
        source=None, criteria=None,
    )  # fmt: skip


def _step(options: Sequence[str], by: int) -> None:
    place = options.index(st.session_state["case-id"]) + by
    steering.wish("case-id", options[place % len(options)])


def _title(example: Example | None) -> str:
    if example is None:
        return "New case"
    text = " ".join(example.case_text.split())
    return f"{example.id} · {SIDES[example.split]} · {text[:70]}{'…' if len(text) > 70 else ''}"


def _inputs(found: Current, example: Example) -> Example:
    """Draw the inputs and return the case as they have it."""
    key = f"case-{found.project.id}-{example.id}-{content_id(example)}-{_saves(example.id)}"
    left, right = st.columns([3, 2], gap="large")
    with left:
        prompt = _prompt(example, key)
        reference = st.text_area(
            "Expert answer",
            example.reference or "",
            height="content",
            max_chars=MAX_TEXT_CHARS,
            key=f"{key}-reference",
            help="The answer you would give, in the layout the model should learn.",
            persist_state="session",
        )
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
    with right:
        fields = field_inputs.show(found, example, key)
        known = sorted({tag for e in (*found.examples, example) for tag in e.tags})
        tags = st.multiselect(
            "Tags",
            known,
            list(example.tags),
            accept_new_options=True,
            key=f"{key}-tags",
            placeholder="Choose or type",
            persist_state="session",
        )
    return example.model_copy(
        update={
            "prompt": prompt,
            "reference": reference if reference.strip() else None,
            "fields": fields,
            "tags": tuple(tags),
            "split": split,
            "cluster": cluster.strip() or None,
        }
    )


def _prompt(example: Example, key: str) -> str | tuple[Message, ...]:
    """Draw the case's text; of a conversation, the last question can be edited."""
    place = None
    if not isinstance(example.prompt, str):
        users = [i for i, turn in enumerate(example.prompt) if turn.role == "user"]
        place = users[-1] if users else None
        for position, turn in enumerate(example.prompt):
            if position != place:
                plain.block(turn.content, {"user": "Asked", "assistant": "Answered"}.get(
                    turn.role, "Instruction"))  # fmt: skip
    text = st.text_area(
        "Case",
        example.case_text,
        height="content",
        max_chars=MAX_TEXT_CHARS,
        key=f"{key}-prompt",
        persist_state="session",
    )
    if isinstance(example.prompt, str):
        return text
    turns = list(example.prompt)
    if place is not None:
        turns[place] = turns[place].with_changes(content=text)
    return tuple(turns)


def _save(found: Current, example: Example, draft: Example, following: bool) -> None:
    if not draft.case_text.strip():
        raise InputError("The case has no text.", "Write what the model is asked about.")
    if example.id == NEW:
        draft = Example.model_validate({**draft.model_dump(), "id": _new_id(found.examples)})
        kept = (*found.examples, draft)
        note = f"case {draft.id} added"
    else:
        kept = tuple(draft if e.id == example.id else e for e in found.examples)
        note = f"case {draft.id} changed"
    saving.save_examples(found, kept, note)
    st.session_state[_SAVES][example.id] = _saves(example.id) + 1
    ids = [e.id for e in kept]
    after = (ids.index(draft.id) + 1) % len(ids)
    wanted = NEW if example.id == NEW else ids[after]
    steering.wish("case-id", wanted if following else draft.id)
    st.rerun()


def _delete(found: Current, example: Example) -> None:
    ids = [e.id for e in found.examples]
    if example.id == NEW:
        st.session_state[_SAVES][NEW] = _saves(NEW) + 1
        steering.wish("case-id", ids[-1] if ids else None)
        st.rerun()
    kept = tuple(e for e in found.examples if e.id != example.id)
    saving.save_examples(
        found, kept, f"case {example.id} deleted", f"The case {example.id} was deleted."
    )
    rest = [i for i in ids if i != example.id]
    if rest:
        steering.wish("case-id", rest[min(ids.index(example.id), len(rest) - 1)])
    st.rerun()


def _saves(case_id: str) -> int:
    """Return how often the case was saved in this session: each save begins with fresh inputs."""
    return st.session_state.setdefault(_SAVES, {}).get(case_id, 0)


def _new_id(examples: Sequence[Example]) -> str:
    used = {example.id for example in examples}
    return next(i for n in range(1, len(used) + 2) if (i := f"case-{n:03d}") not in used)
