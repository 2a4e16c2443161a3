"""All cases in one table, filtered; what is ticked can be opened or changed."""

from collections.abc import Sequence

import streamlit as st

from pages.components import bulk, case_form, import_export, import_preview, steering
from pages.components.case_findings import SHOWN
from pages.components.state import Current
from pages.components.steps import required_fields
from pages.components.words import an, plural
from rft_core.records import Example, content_id
from rft_core.rubric.from_form import main_part

SIDES = {"All": "all", "Training": "train", "Test": "heldout", "Not decided": None}


def show(found: Current) -> None:
    """Show the table with its filters."""
    if not found.examples:
        case_form.nothing_yet(found)
        return
    noun, values = found.project.case_noun, _values_shown(found)
    chosen = _filtered(found.examples, found.noun)
    st.caption(
        f"{plural(found.noun, len(chosen))}. Tick the box before a row to open or change it."
    )
    event = st.dataframe(
        import_export.table(chosen, noun, values),
        hide_index=True,
        height=min(460, 38 + 35 * max(1, len(chosen))),
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "Name": st.column_config.TextColumn(width=80),
            "Used for": st.column_config.TextColumn(width=80),
            "Tags": st.column_config.TextColumn(width=110),
            import_preview.case_heading(noun, values): st.column_config.TextColumn(width=330),
            "Expert answer": st.column_config.TextColumn(width=150),
        },
        key=f"overview-{content_id(chosen)}",
    )
    ticked = [chosen[row] for row in event.selection.rows if row < len(chosen)]
    if ticked:
        bulk.show(found, ticked)


def _values_shown(found: Current) -> list[str]:
    """Return the expected values that the form holds or the rubric reads, the decision first."""
    form = found.project.answer
    main = main_part(form)
    fields = [part.field for part in form if part.kind not in ("free_text", "reasoning")]
    first = [main.field] if main else []
    return list(dict.fromkeys([*first, *fields, *required_fields(found.rubric)]))


def _filtered(examples: Sequence[Example], noun: str) -> list[Example]:
    with st.container(horizontal=True):
        options = [name for name, side in SIDES.items() if side or _undecided(examples)]
        steering.grant("filter-side", options)
        side = SIDES[st.segmented_control("Used for", options, key="filter-side", required=True)]
        tags = st.multiselect(
            "Tags", sorted({tag for e in examples for tag in e.tags}), key="filter-tags", width=220
        )
        text = st.text_input(
            "Search", key="filter-text", placeholder=f"Words in {an(noun)}", width=220
        )
    only = _only(examples, noun)
    words = text.casefold().split()
    return [
        e
        for e in examples
        if (side == "all" or e.split == side)
        and (not tags or set(tags) & set(e.tags))
        and (not only or e.id in only)
        and all(word in f"{e.id} {e.case_text} {e.reference or ''}".casefold() for word in words)
    ]


def _only(examples: Sequence[Example], noun: str) -> set[str]:
    """Return the ids that a finding asked to be shown; none means all."""
    only = {e.id for e in examples} & set(st.session_state.get(SHOWN, ()))
    if only:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Only the {plural(noun)} of one finding are listed.")
            if st.button("List all", key="list-all", type="tertiary"):
                st.session_state.pop(SHOWN)
                st.rerun()
    return only


def _undecided(examples: Sequence[Example]) -> bool:
    return any(example.split is None for example in examples)
