"""The list of criteria: read, moved, copied, deleted, and one of them opened to edit."""

from collections.abc import Sequence

import streamlit as st

from pages.components import (
    criterion_form,
    formula_form,
    plain,
    review_rules,
    rule_lines,
    rule_templates,
    samples,
    saving,
    scoring,
    state,
)
from pages.components.case_findings import MARKS
from pages.components.criterion_form import NEW, points_of
from pages.components.criterion_form import OPEN as _OPEN
from pages.components.state import Current
from pages.components.steps import rubric_findings
from pages.components.words import plural
from pages.components.words import title as page_title
from rft_core.checks import KINDS
from rft_core.records import Criterion, Rubric
from rft_core.rubric.ids import free_id, slug
from rft_core.rubric.proposals import first_rubric

_CLOSED = "criterion-closed"
"""Whether the last click on Edit closed another criterion."""


def show(found: Current) -> None:
    """Show the criteria, what is wrong with them, and the way to add one."""
    listed = found.rubric.criteria
    suggested = () if listed else first_rubric(found.train)
    if listed:
        _total(found)
        findings = st.container()
    else:
        st.info(
            "There are no criteria yet. A criterion is one rule in your words, with points, such "
            "as “Makes the right decision: 5 points”. A penalty has negative points.",
            icon=":material/checklist:",
        )
        _own_criteria(found)
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
        with st.expander("Add from a template", icon=":material/library_add:", key="templates"):
            rule_templates.show(found)
    review_rules.show(found)
    if listed:
        scoring.show(found)
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


def _total(found: Current) -> None:
    """Say what a perfect answer earns; from and to, where that depends on the case."""
    cases = [found.rubric.criteria_for(e) for e in found.examples] or [found.rubric.active]
    best = [sum(c.points for c in rules if c.points > 0) for rules in cases]
    worst = min(sum(c.points for c in rules if c.points < 0) for rules in cases)
    says = [
        sum(c.points for c in rules if c.points > 0 and c.aspect == "substance") for rules in cases
    ]
    unit = "point" if max(best) == 1 else "points"
    text = f"**{_range(best)} {unit}** for a perfect answer"
    text += f", {_range(says)} of them for what it says"
    text += f"; penalties down to {points_of(worst)}." if worst else "; no penalties."
    st.markdown(text)
    _own_criteria(found)


def _own_criteria(found: Current) -> None:
    """Say how many cases bring criteria of their own, which are graded beside the rubric's."""
    own = sum(bool(e.criteria) for e in found.examples)
    if own:
        brings = "brings criteria of its own" if own == 1 else "bring criteria of their own"
        st.markdown(f"{plural('case', own)} {brings}, counted beside those of the rubric.")


def _range(totals: Sequence[float]) -> str:
    low, high = (points_of(total, sign=False) for total in (min(totals), max(totals)))
    return low if low == high else f"{low} to {high}"


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
    points.markdown(f"### :{_colour(criterion)}[{points_of(criterion.points)}]")
    with text.container(gap="xxsmall"):
        rule = plain.label(criterion.text, 300)
        st.markdown(f"**{rule}**" if criterion.enabled else f":gray[{rule}]")
        st.caption(" · ".join(_facts(criterion, found.rubric)))
    with actions.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if _can_switch_on(criterion):
            if st.button("Switch on", key=f"on-{criterion.id}"):
                _switch(found, criterion, True)
        else:
            st.button("Edit", key=f"edit-{criterion.id}", on_click=_edit_it, args=(criterion.id,))
        with st.popover("", icon=":material/more_vert:", key=f"more-{criterion.id}"):
            _more(found, criterion, place)


def _colour(criterion: Criterion) -> str:
    if not criterion.enabled or not criterion.points:
        return "gray"
    return "green" if criterion.points > 0 else "red"


def _facts(criterion: Criterion, rubric: Rubric) -> list[str]:
    """Return what stands in small under the rule."""
    tags = plain.label(", ".join(criterion.tags), 200)
    return [
        *(["Switched off: earns nothing"] if not criterion.enabled else []),
        *(["Counts only in a formula"] if not criterion.points else []),
        page_title(criterion.aspect),
        *([f"Only for cases tagged {tags}"] if tags else []),
        plain.label(criterion_form.read_back(criterion.check, rubric), 400),
    ]


def _can_switch_on(criterion: Criterion) -> bool:
    """Say whether it is off and could grade; what is only kept needs another check first."""
    return not criterion.enabled and criterion.check.kind in KINDS


def _switch(found: Current, criterion: Criterion, on: bool) -> None:
    changed = found.rubric.with_criterion(criterion.with_changes(enabled=on))
    said = "on" if on else "off"
    note = f"criterion {criterion.id} switched {said}"
    _save(found, changed.criteria, note, f"Switched {said}.")


def _more(found: Current, criterion: Criterion, place: int) -> None:
    listed = list(found.rubric.criteria)
    if _can_switch_on(criterion) and st.button(
        "Edit", icon=":material/edit:", key=f"edit-{criterion.id}"
    ):
        _open(criterion.id)
    if criterion.enabled and st.button(
        "Switch off", icon=":material/toggle_off:", key=f"off-{criterion.id}",
        help="It stays here, earns nothing, and can be switched on again.",
    ):  # fmt: skip
        _switch(found, criterion, False)
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
    checked = criterion_form.checked(draft, own, now.rubric)
    note = f"criterion {own} {'added' if is_new else 'changed'}"
    st.session_state[_OPEN] = None
    criterion_form.start_afresh(criterion.id)
    _save(now, formula_form.with_parts(now.rubric, checked).criteria, note, "Saved.")


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
