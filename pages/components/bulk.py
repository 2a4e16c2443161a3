"""What can be done with several cases at once: tags, training or test, deleting."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.components import redraw, saving, state, steering
from pages.components.state import Current
from pages.components.words import plural
from rft_core.records import Example, Split
from rft_core.reports.changes import SIDES

Change = Callable[[Example], Example | None]
"""Returns the case as it is to be, None for one that is to go."""
TAGS = "bulk-tags"


def show(found: Current, chosen: Sequence[Example]) -> None:
    """Offer the actions for the chosen cases; each is one version that can be undone."""
    with st.container(horizontal=True, vertical_alignment="center", key="bulk"):
        st.markdown(f"**{plural(found.noun, len(chosen))} chosen**", width="content")
        if len(chosen) == 1 and st.button("Open", type="primary", key="bulk-open"):
            steering.wish("case-id", chosen[0].id)
            steering.wish("examples-view", "One case")
            st.rerun()
        with st.popover("Tags", icon=":material/sell:"):
            _tags(found, chosen)
        with st.popover("Training or test", icon=":material/call_split:"):
            _sides(found, chosen)
        st.button(
            "Delete", icon=":material/delete:", key="bulk-delete",
            on_click=_apply, args=(chosen, "deleted", lambda _: None),
        )  # fmt: skip


def _tags(found: Current, chosen: Sequence[Example]) -> None:
    known = sorted({tag for e in found.examples for tag in e.tags})
    with st.container(horizontal=True, vertical_alignment="bottom", width=480):
        # Beside the field, whose list opens above or below and would cover them.
        steering.grant(TAGS, ())
        tags = st.multiselect(
            "Tags", known, accept_new_options=True, key=TAGS, placeholder="Choose or type"
        )
        st.button(
            "Add", type="primary", key="bulk-tag-add", disabled=not tags,
            on_click=_apply_tags, args=(chosen, "tagged", lambda e: _tagged(e, tags)),
        )  # fmt: skip
        st.button(
            "Take off", key="bulk-tag-off", disabled=not tags,
            on_click=_apply_tags, args=(chosen, "untagged", lambda e: _untagged(e, tags)),
        )  # fmt: skip


def forget_tags() -> None:
    """Empty the field of tags, so that those for these cases are not taken for the next ones."""
    steering.wish(TAGS, [])


def _apply_tags(chosen: Sequence[Example], done: str, change: Change) -> None:
    """As a callback: change the tags and begin with an empty field."""
    forget_tags()
    _apply(chosen, done, change)


def _tagged(example: Example, tags: Sequence[str]) -> Example:
    return example.with_changes(tags=tuple(dict.fromkeys((*example.tags, *tags))))


def _untagged(example: Example, tags: Sequence[str]) -> Example:
    return example.with_changes(tags=tuple(tag for tag in example.tags if tag not in tags))


def _sides(found: Current, chosen: Sequence[Example]) -> None:
    groups = {e.cluster for e in chosen if e.cluster}
    ids = {e.id for e in chosen}
    mates = [e for e in found.examples if e.cluster in groups and e.id not in ids]
    if mates:
        st.caption(f"{plural(found.noun, len(mates))} of the same groups would go along.")
    sides: tuple[Split, ...] = ("train", "heldout")
    for side in sides:
        moved = "used for training" if side == "train" else "kept aside for the test"
        st.button(
            f"Use for {SIDES[side].lower()}", key=f"bulk-{side}", on_click=_apply,
            args=((*chosen, *mates), moved, lambda e, s=side: e.with_changes(split=s)),
        )  # fmt: skip


def _apply(chosen: Sequence[Example], done: str, change: Change) -> None:
    """As a callback: save before anything is drawn anew, then draw once what has changed.

    The cases are those that are stored by now; without what becomes None.
    """
    found = state.current()
    if found is not None:
        ids = {example.id for example in chosen}
        changed = (change(e) if e.id in ids else e for e in found.examples)
        note = f"{plural(found.project.case_noun, len(ids))} {done}"
        said = f"{plural(found.noun, len(ids))} {done}."
        kept = [e for e in changed if e is not None]
        with saving.error_kept():
            saving.save_examples(found, kept, note, said)
        if [e.split for e in kept] == [e.split for e in found.examples]:  # the counts stay
            redraw.only(redraw.CASES, redraw.UNDO, redraw.CASE_FINDINGS)
    st.rerun()
