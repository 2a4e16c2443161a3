"""What can be done with several cases at once: tags, training or test, deleting."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.components import saving, steering
from pages.components.state import Current
from pages.components.words import plural
from rft_core.records import Example, Split
from rft_core.reports.changes import SIDES

Change = Callable[[Example], Example]


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
        if st.button("Delete", icon=":material/delete:", type="tertiary", key="bulk-delete"):
            ids = {example.id for example in chosen}
            kept = tuple(e for e in found.examples if e.id not in ids)
            count = plural(found.noun, len(ids))
            saving.save_examples(
                found, kept, f"{plural('case', len(ids))} deleted", f"{count} deleted."
            )
            st.rerun()


def _tags(found: Current, chosen: Sequence[Example]) -> None:
    known = sorted({tag for e in found.examples for tag in e.tags})
    buttons = st.container(horizontal=True)
    tags = st.multiselect(
        "Tags", known, accept_new_options=True, key="bulk-tags", placeholder="Choose or type"
    )
    with buttons:
        # Above the field, whose list would cover them.
        add = st.button("Add", type="primary", key="bulk-tag-add", disabled=not tags)
        off = st.button("Take off", key="bulk-tag-off", disabled=not tags)
    if add:
        _apply(found, chosen, "tagged", lambda e: _tagged(e, tags))
    if off:
        _apply(found, chosen, "untagged", lambda e: _untagged(e, tags))


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
        if st.button(f"Use for {SIDES[side].lower()}", key=f"bulk-{side}"):
            moved = "used for training" if side == "train" else "kept aside for the test"
            _apply(found, (*chosen, *mates), moved, lambda e, s=side: e.with_changes(split=s))


def _apply(found: Current, chosen: Sequence[Example], done: str, change: Change) -> None:
    ids = {example.id for example in chosen}
    examples = tuple(change(e) if e.id in ids else e for e in found.examples)
    note = f"{plural('case', len(ids))} {done}"
    said = f"{plural(found.noun, len(ids))} {done}."
    saving.save_examples(found, examples, note, said)
    st.rerun()
