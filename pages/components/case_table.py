"""All cases in one table, filtered; what is ticked can be opened or changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.components import (
    bulk,
    case_findings,
    case_form,
    import_preview,
    redraw,
    shortcuts,
    state,
    steering,
)
from pages.components.state import Current
from pages.components.steps import required_fields
from pages.components.words import an, plural
from rft_core.examples.answer_form import OWN_WORDS
from rft_core.examples.form_of_values import is_remark
from rft_core.records import AnswerPart, Example, content_id
from rft_core.rubric.from_form import main_part

SIDES = {"All": "all", "Training": "train", "Test": "heldout", "Not decided": None}
MOST_OTHERS = 4
"""Expected values beside those of the form and the rubric that have a column."""
ACTIONS_PX = 56
TABLE_PX = 765
"""What the columns share on a page of the usual width, in a window 1,280 pixels wide."""
LEAST_TEXT_PX = 160
NARROW_PX, WIDE_PX = 80, 130
"""Of a column other than the text of the cases: what it gets of what it needs."""
PADDING_PX, LETTER_PX = 20, 7


def show(found: Current) -> None:
    """Show the table with its filters."""
    if not found.examples:
        case_form.nothing_yet(found)
        return
    chosen = _filtered(found)
    if chosen:
        _table(found, chosen)
    shortcuts.take_typed_first()


def _table(found: Current, chosen: Sequence[Example]) -> None:
    """Show these cases, and what can be done with those that are ticked."""
    noun, values, form = found.project.case_noun, _values_shown(found), found.project.answer
    # Above the table, whose end may be out of sight; as high with a row ticked as without.
    actions = st.container(height=ACTIONS_PX, border=False, key="overview-actions")
    rows = import_preview.table(chosen, noun, values, _says_more(form), form)
    _show_last_part(rows, chosen, form)
    # Named by what is listed: what is done to the ticked rows leaves them ticked.
    key = f"overview-{content_id([example.id for example in chosen])}"
    st.dataframe(
        rows,
        hide_index=True,
        height=min(460, 38 + 35 * len(chosen)),
        on_select=partial(redraw.only, redraw.TICKED),
        selection_mode="multi-row",
        column_config=_widths(rows, import_preview.case_heading(noun, values, form)),
        key=key,
    )
    with actions:
        redraw.part(redraw.TICKED, _ticked, key, chosen)


def _ticked(table: str, chosen: Sequence[Example]) -> None:
    """Offer what can be done with the rows that are ticked in the table with this key."""
    found = state.require_project()
    rows = st.session_state[table]["selection"]["rows"]
    ticked = [chosen[row] for row in rows if row < len(chosen)]
    if ticked:
        bulk.show(found, ticked)
    else:
        bulk.forget_tags()
        st.caption(
            f"{plural(found.noun, len(chosen))}. Tick the box before a row to open or change it."
        )


def _widths(rows: Sequence[Mapping[str, str]], text: str) -> dict[str, Any]:
    """Return the widths of the columns, so that names and choices are whole and the last one is in
    view as well; `text` is the heading of the column with the texts of the cases."""
    others = [name for name in rows[0] if name != text]
    needed = {n: PADDING_PX + LETTER_PX * max(len(n), *(len(r[n]) for r in rows)) for n in others}
    pixels = {name: min(px, WIDE_PX) for name, px in needed.items()}
    if sum(pixels.values()) > TABLE_PX - LEAST_TEXT_PX:  # what is cut anyway gives way
        pixels |= {name: NARROW_PX for name, px in needed.items() if px > WIDE_PX}
    pixels[text] = max(LEAST_TEXT_PX, TABLE_PX - sum(pixels.values()))
    return {name: st.column_config.TextColumn(width=width) for name, width in pixels.items()}


def _show_last_part(
    rows: Sequence[dict[str, str]], chosen: Sequence[Example], form: Sequence[AnswerPart]
) -> None:
    """Show of the expert answers what no other column does: the text at the end, under its name."""
    last = form[-1] if len(form) > 1 and form[-1].kind == "free_text" else None
    if last is None or form[0].kind == "reasoning":
        return
    for row, example in zip(rows, chosen, strict=True):
        del row["Expert answer"]
        _, found, own = (example.reference or "").partition(f"\n{last.label}: ")
        if not found:  # an answer in another layout, or one that is not whole yet
            own = example.reference or str(example.fields.get(last.field) or "")
        row["Expert answer" if last.label in row else last.label] = import_preview.cut_cell(own)


def _says_more(form: Sequence[AnswerPart]) -> bool:
    """Tell whether answers say more than the values that have a column of their own."""
    return not form or any(part.kind in OWN_WORDS for part in form)


def _values_shown(found: Current) -> list[str]:
    """Return the expected values with a column, the decision first.

    They are those that the form holds or the rubric reads, and of the others that cases have those
    that most have.
    """
    form = found.project.answer
    main = main_part(form)
    fields = [part.field for part in form if part.kind not in OWN_WORDS]
    first = [main.field] if main else []
    shown = dict.fromkeys([*first, *fields, *required_fields(found.rubric)])
    passed = {*shown, *(part.field for part in form)}
    held = Counter(name for e in found.examples for name in e.fields)
    others = [name for name, _ in held.most_common() if name not in passed and not is_remark(name)]
    return [*shown, *others[:MOST_OTHERS]]


def _filtered(found: Current) -> list[Example]:
    examples = found.examples
    with st.container(horizontal=True):
        options = [name for name, side in SIDES.items() if side or _undecided(examples)]
        steering.grant("filter-side", options)
        side = SIDES[st.segmented_control("Used for", options, key="filter-side", required=True)]
        steering.grant("filter-tags", ())
        tags = st.multiselect(
            "Tags", sorted({tag for e in examples for tag in e.tags}), key="filter-tags", width=220
        )
        text = st.text_input(
            "Search", key="filter-text", placeholder=f"Words in {an(found.noun)}", width=220
        )
    only = _only(found)
    words = text.casefold().split()
    with_words = [e for e in examples if _has_words(e, words)] if words else examples
    listed = [
        e
        for e in with_words
        if (side == "all" or e.split == side)
        and (not tags or set(tags) & set(e.tags))
        and (not only or e.id in only)
    ]
    if words and with_words and not listed:
        _offer_all(found, len(with_words))
    elif not listed:
        has = "has these words" if words else "is listed so"
        st.markdown(f"No {found.noun} {has}.")
    return listed


def _has_words(example: Example, words: Sequence[str]) -> bool:
    """Tell whether each word stands in the case, its name or its expert answer."""
    searched = f"{example.id} {example.case_text} {example.reference or ''}".casefold()
    return all(word in searched for word in words)


def _offer_all(found: Current, count: int) -> None:
    """Say that what is searched stands in cases that are not listed, and offer to list them."""
    noun, many = found.noun, plural(found.noun)
    have = "has" if count == 1 else "have"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"No {noun} of those listed has these words; {count} of all {many} {have} them."
        )
        st.button(f"Search all {many}", key="search-all", type="tertiary", on_click=_search_all)


def _search_all() -> None:
    """As a callback: look for the words in all cases, whatever else they were chosen by."""
    steering.wish("filter-side", "All")
    steering.wish("filter-tags", [])
    _list_all()


def _only(found: Current) -> set[str]:
    """Return the ids that a finding asked to be shown; none means all."""
    only = case_findings.shown(found)
    if only:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Only the {plural(found.noun)} of one finding are listed.")
            st.button("List all", key="list-all", type="tertiary", on_click=_list_all)
    return only


def _list_all() -> None:
    case_findings.list_all()
    redraw.only(redraw.CASES)


def _undecided(examples: Sequence[Example]) -> bool:
    return any(example.split is None for example in examples)
