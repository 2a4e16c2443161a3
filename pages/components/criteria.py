"""The list of criteria: read, moved, copied, deleted, and one of them opened to edit."""

from collections.abc import Sequence

import streamlit as st

from pages.components import (
    criterion_form,
    plain,
    review_rules,
    rule_lines,
    samples,
    saving,
    state,
)
from pages.components.case_findings import MARKS
from pages.components.criterion_form import NEW, points_of
from pages.components.state import Current
from pages.components.steps import rubric_findings
from pages.components.words import plural
from pages.components.words import title as page_title
from rft_core.records import Criterion, Rubric
from rft_core.rubric.ids import free_id, slug
from rft_core.rubric.proposals import first_rubric

_OPEN = "criterion-open"
_CLOSED = "criterion-closed"
"""Whether the last click on Edit closed another criterion."""


def show(found: Current) -> None:
    """Show the criteria, what is wrong with them, and the way to add one."""
    listed = found.rubric.criteria
    suggested = () if listed else first_rubric(found.train)
    if listed:
        _total(listed)
        findings = st.container()
    else:
        st.info(
            "There are no criteria yet. A criterion is one rule in your words, with points, such "
            "as “Makes the right decision: 5 points”. A penalty has negative points.",
            icon=":material/checklist:",
        )
        if suggested:
            _suggest(found, suggested)
    _other_rubrics(found)
    opened = st.session_state.get(_OPEN)
    for place, criterion in enumerate(listed):
        with st.container(border=True, key=f"criterion-{place}"):
            st.fragment(_criterion)(found, criterion, place)
    if opened == NEW:
        with st.container(border=True, key="criterion-new"):
            st.fragment(_new)(found)
    else:
        if st.button(
            "Add a criterion",
            icon=":material/add:",
            key="criterion-add",
            type="secondary" if listed or suggested else "primary",
        ):
            _open(NEW)
        with st.expander("Paste rules", icon=":material/content_paste:", key="paste"):
            rule_lines.show(found)
    review_rules.show(found)
    if listed:
        # Last, so that nobody waits for them to see the criteria.
        with findings:
            _findings(found)


def _criterion(found: Current, criterion: Criterion, place: int) -> None:
    """Draw one criterion. What is done in it draws it alone anew, not the whole page."""
    with state.errors_as_sentences():
        if st.session_state.pop(_CLOSED, False):
            st.rerun()
        if st.session_state.get(_OPEN) == criterion.id:
            _edit(found, criterion)
        else:
            _row(found, criterion, place)


def _new(found: Current) -> None:
    with state.errors_as_sentences():
        _edit(found, criterion_form.new(found))


def _suggest(found: Current, suggested: Sequence[Criterion]) -> None:
    """Offer a rubric to begin with, made from the expected values of the training cases."""
    if st.button(
        "Suggest a rubric from my cases", icon=":material/auto_awesome:", key="suggest",
        type="primary",
        help="One criterion for each expected value of your cases. Everything can be changed.",
    ):  # fmt: skip
        _save(found, suggested, "rubric suggested from the cases", "A rubric to begin with.")


def _total(listed: Sequence[Criterion]) -> None:
    best = sum(c.points for c in listed if c.points > 0)
    worst = sum(c.points for c in listed if c.points < 0)
    says = sum(c.points for c in listed if c.points > 0 and c.aspect == "substance")
    unit = "point" if best == 1 else "points"
    text = f"**{points_of(best, sign=False)} {unit}** for a perfect answer"
    text += f", {points_of(says, sign=False)} of them for what it says"
    text += f"; penalties down to {points_of(worst)}." if worst else "; no penalties."
    st.markdown(text)


def _findings(found: Current) -> None:
    findings = rubric_findings(found, found.rubric)
    if not findings:
        st.caption(
            ":green[:material/check:] Nothing is wrong with the rubric, as far as can be seen."
        )
        return
    stops = any(finding.severity == "stop" for finding in findings)
    with st.expander(
        f"{plural('thing', len(findings))} to look at",
        icon=":material/block:" if stops else ":material/warning:",
        expanded=stops,
    ):
        for finding in findings:
            st.markdown(f"{MARKS[finding.severity]} {plain.label(finding.message, 600)}")
            st.caption(plain.label(finding.fix, 300))


def _other_rubrics(found: Current) -> None:
    """Offer the other rubrics of the sample, to practise with other priorities."""
    others = samples.other_rubrics(found)
    if not others:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        others_shown = st.popover("Other rubrics for this sample", icon=":material/swap_horiz:")
        st.caption(f"In use: {plain.label(found.rubric.name)}")
    with others_shown:
        for number, rubric in enumerate(others):
            is_own = rubric.name == found.rubric.name
            st.markdown(f"**{plain.label(rubric.name)}**" + ", as it came" * is_own)
            differs = [c.text for c in rubric.criteria if c not in found.rubric.criteria]
            for text in differs:
                st.caption(plain.label(text, 300))
            if st.button("Use this rubric", key=f"rubric-{number}"):
                st.session_state[_OPEN] = None
                said = "This rubric is used from now on."
                saving.save_rubric(found, rubric, f"rubric: {rubric.name}", said)
                st.rerun()


def _row(found: Current, criterion: Criterion, place: int) -> None:
    points, text, actions = st.columns([1, 7, 2.6], vertical_alignment="center")
    colour = "green" if criterion.points > 0 else "red"
    points.markdown(f"### :{colour}[{points_of(criterion.points)}]")
    with text.container(gap="xxsmall"):
        st.markdown(f"**{plain.label(criterion.text, 300)}**")
        st.caption(
            f"{page_title(criterion.aspect)} · "
            f"{plain.label(criterion_form.read_back(criterion.check), 400)}"
        )
    with actions.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button("Edit", key=f"edit-{criterion.id}", on_click=_edit_it, args=(criterion.id,))
        with st.popover("", icon=":material/more_vert:", key=f"more-{criterion.id}"):
            _more(found, criterion, place)


def _more(found: Current, criterion: Criterion, place: int) -> None:
    listed = list(found.rubric.criteria)
    if place and st.button("Move up", icon=":material/arrow_upward:", key=f"up-{criterion.id}"):
        listed.insert(place - 1, listed.pop(place))
        _save(found, listed, f"criterion {criterion.id} moved", "Moved.")
    if place < len(listed) - 1 and st.button(
        "Move down", icon=":material/arrow_downward:", key=f"down-{criterion.id}"
    ):
        listed.insert(place + 1, listed.pop(place))
        _save(found, listed, f"criterion {criterion.id} moved", "Moved.")
    if st.button("Duplicate", icon=":material/content_copy:", key=f"copy-{criterion.id}"):
        copy = criterion.with_changes(id=free_id(_used(found.rubric), criterion.id))
        listed.insert(place + 1, copy)
        _save(found, listed, f"criterion {criterion.id} duplicated", "Duplicated.")
    if st.button("Delete", icon=":material/delete:", key=f"delete-{criterion.id}"):
        listed.pop(place)
        _save(found, listed, f"criterion {criterion.id} deleted", "The criterion was deleted.")


def _edit(found: Current, criterion: Criterion) -> None:
    draft = criterion_form.show(found, criterion)
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button("Save", type="primary", key="criterion-save")
        cancel = st.button("Cancel", type="tertiary", key="criterion-cancel")
    if cancel:
        criterion_form.start_afresh(criterion.id)
        _open(None)
    if not save:
        return
    is_new = criterion.id == NEW
    now = state.require_project()
    own = free_id(_used(now.rubric), slug(draft.text)) if is_new else criterion.id
    checked = criterion_form.checked(draft, own)
    note = f"criterion {own} {'added' if is_new else 'changed'}"
    st.session_state[_OPEN] = None
    criterion_form.start_afresh(criterion.id)
    _save(now, now.rubric.with_criterion(checked).criteria, note, "Saved.")


def _save(found: Current, listed: Sequence[Criterion], note: str, said: str) -> None:
    """Save the criteria unless the rubric was changed elsewhere since they were drawn."""
    if state.require_project().rubric == found.rubric:
        saving.save_rubric(found, found.rubric.with_changes(criteria=tuple(listed)), note, said)
    else:
        saving.say("This was not done, because the rubric was changed elsewhere meanwhile.")
    st.rerun()


def _edit_it(criterion_id: str) -> None:
    """Open a criterion; if another one was open, that has to be drawn anew as well."""
    st.session_state[_CLOSED] = st.session_state.get(_OPEN) is not None
    st.session_state[_OPEN] = criterion_id


def _open(criterion_id: str | None) -> None:
    st.session_state[_OPEN] = criterion_id
    st.rerun()


def _used(rubric: Rubric) -> set[str]:
    return {criterion.id for criterion in rubric.criteria}
