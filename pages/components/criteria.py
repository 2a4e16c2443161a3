"""The list of criteria: read, moved, copied, deleted, and one of them opened to edit."""

from collections.abc import Sequence

import streamlit as st

from pages.components import (
    criterion_form,
    plain,
    redraw,
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

_SHOWN = "criteria-shown"
"""The project as the session has drawn it; it may be another one by now."""
_MORE = {
    "edit": ":material/edit: Edit",
    "off": ":material/toggle_off: Switch off",
    "up": ":material/arrow_upward: Move up",
    "down": ":material/arrow_downward: Move down",
    "copy": ":material/content_copy: Duplicate",
    "delete": ":material/delete: Delete",
}
"""What else can be done with a criterion, as its menu says it."""


def show(found: Current) -> None:
    """Show the criteria, what is wrong with them, and the way to add one."""
    st.session_state[_SHOWN] = found
    listed = found.rubric.criteria
    suggested = () if listed else first_rubric(found.train)
    if listed:
        redraw.part(redraw.TOTAL, _total)
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
    for place in range(len(listed)):
        redraw.part(redraw.criterion(place), _criterion, place)
    if opened == NEW:
        with st.container(border=True, key="criterion-new"):
            st.fragment(_new)()
    else:
        if st.button(
            "Add a criterion",
            icon=":material/add:",
            key="criterion-add",
            type="secondary" if listed or suggested else "primary",
        ):
            _open(NEW)
        st.fragment(rule_lines.show)()
        st.fragment(rule_templates.show)()
    review_rules.show(found)
    if listed:
        scoring.show(found)
        # Last, so that nobody waits for them to see the criteria.
        with findings:
            redraw.part(redraw.RUBRIC_FINDINGS, _findings)


def _shown() -> Current:
    return st.session_state[_SHOWN]


def _criterion(place: int) -> None:
    """Draw one criterion. What is done in it draws it alone anew, not the whole page."""
    with state.errors_as_sentences():
        found = _shown()
        criterion = found.rubric.criteria[place]
        if st.session_state.get(_OPEN) == criterion.id:
            # One element in the box, so that what replaces it leaves nothing of it behind.
            with st.container(border=True, key=f"criterion-{place}"), st.container():
                _edit(found, criterion, place)
        else:
            _row(found, criterion, place)


def _new() -> None:
    with state.errors_as_sentences():
        found = _shown()
        _edit(found, criterion_form.new(found))


def _suggest(found: Current, suggested: Sequence[Criterion]) -> None:
    """Offer a rubric to begin with, made from the expected values of the training cases."""
    if st.button(
        "Suggest a rubric from my cases", icon=":material/auto_awesome:", key="suggest",
        type="primary",
        help="One criterion for each expected value of your cases. Everything can be changed.",
    ):  # fmt: skip
        _save(found, suggested, "rubric suggested from the cases", "A rubric to begin with.")


def _total() -> None:
    """Say what a perfect answer earns; from and to, where that depends on the case."""
    found = _shown()
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


def _findings() -> None:
    """Say how many things are wrong; which, once it is opened."""
    found = _shown()
    findings = rubric_findings(found, found.rubric)
    if not findings:
        st.caption(
            ":green[:material/check:] Nothing is wrong with the rubric, as far as can be seen."
        )
        return
    stops = any(finding.severity == "stop" for finding in findings)
    box = st.expander(
        f"{plural('thing', len(findings))} to look at",
        icon=":material/block:" if stops else ":material/warning:",
        expanded=stops, key=f"rubric-findings-{stops}", on_change="rerun",
    )  # fmt: skip
    if box.open:
        for finding in findings:
            message, fix = plain.label(finding.message, 600), plain.label(finding.fix, 300)
            box.markdown(f"{MARKS[finding.severity]} {message}  \n:small[:gray[{fix}]]")


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
    """Draw a closed criterion with as few elements as will do: there may be dozens of them."""
    with st.container(
        border=True, horizontal=True, wrap=False, vertical_alignment="center",
        key=f"criterion-{place}",
    ):  # fmt: skip
        points = points_of(criterion.points)
        st.subheader(f":{_colour(criterion)}[{points}]", anchor=False, width=80)
        rule = plain.label(criterion.text, 300)
        shown = f"**{rule}**" if criterion.enabled else f":gray[{rule}]"
        st.markdown(f"{shown}  \n:small[:gray[{' · '.join(_facts(criterion))}]]", width="stretch")
        if _can_switch_on(criterion):
            if st.button("Switch on", key=f"on-{criterion.id}"):
                _switch(found, criterion, True)
        else:
            st.button("Edit", key=f"edit-{criterion.id}", on_click=_edit_it, args=(place,))
        chosen = st.menu_button(
            "", _offered(found, criterion, place), format_func=_MORE.get,
            icon=":material/more_vert:", key=f"more-{criterion.id}",
        )  # fmt: skip
    if chosen:
        _do(found, criterion, place, chosen)


def _colour(criterion: Criterion) -> str:
    if not criterion.enabled:
        return "gray"
    return "green" if criterion.points > 0 else "red"


def _facts(criterion: Criterion) -> list[str]:
    """Return what stands in small under the rule."""
    tags = plain.label(", ".join(criterion.tags), 200)
    return [
        *(["Switched off: earns nothing"] if not criterion.enabled else []),
        page_title(criterion.aspect),
        *([f"Only for cases tagged {tags}"] if tags else []),
        plain.label(criterion_form.read_back(criterion.check), 400),
    ]


def _can_switch_on(criterion: Criterion) -> bool:
    """Say whether it is off and could grade; what is only kept needs another check first."""
    return not criterion.enabled and criterion.check.kind in KINDS


def _switch(found: Current, criterion: Criterion, on: bool) -> None:
    changed = found.rubric.with_criterion(criterion.with_changes(enabled=on))
    note = f"criterion {criterion.id} switched {'on' if on else 'off'}"
    said = "Switched on." if on else "Switched off. It stays here and earns nothing."
    _save(found, changed.criteria, note, said)


def _offered(found: Current, criterion: Criterion, place: int) -> list[str]:
    """Return what the menu of a criterion offers."""
    offered = {
        "edit": _can_switch_on(criterion),
        "off": criterion.enabled,
        "up": place > 0,
        "down": place < len(found.rubric.criteria) - 1,
    }
    return [name for name in _MORE if offered.get(name, True)]


def _do(found: Current, criterion: Criterion, place: int, chosen: str) -> None:
    """Do what was chosen from the menu of a criterion."""
    listed = list(found.rubric.criteria)
    match chosen:
        case "edit":
            _open(criterion.id)
        case "off":
            _switch(found, criterion, False)
        case "up" | "down":
            listed.insert(place + (1 if chosen == "down" else -1), listed.pop(place))
            _save(found, listed, f"criterion {criterion.id} moved", "Moved.")
        case "copy":
            copy = criterion.with_changes(id=free_id(_used(found.rubric), criterion.id))
            listed.insert(place + 1, copy)
            _save(found, listed, f"criterion {criterion.id} duplicated", "Duplicated.")
        case "delete":
            listed.pop(place)
            note = f"criterion {criterion.id} deleted"
            _save(found, listed, note, "The criterion was deleted.")


def _edit(found: Current, criterion: Criterion, place: int | None = None) -> None:
    """Edit a criterion of the list, or a new one."""
    draft = criterion_form.show(found, criterion)
    follow = () if place is None else (
        redraw.criterion(place), redraw.NOTE, redraw.TOTAL, redraw.RUBRIC_FINDINGS
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button(
            "Save", type="primary", key="criterion-save",
            on_click=redraw.only if follow else None, args=follow,
        )  # fmt: skip
        st.button(
            "Cancel", type="tertiary", key="criterion-cancel", on_click=_cancel,
            args=(criterion.id,),
        )  # fmt: skip
    if not save:
        return
    now = state.require_project()
    own = free_id(_used(now.rubric), slug(draft.text)) if place is None else criterion.id
    checked = criterion_form.checked(draft, own)
    changed = now.rubric.with_criterion(checked)
    st.session_state[_OPEN] = None
    criterion_form.start_afresh(criterion.id)
    done = "added" if place is None else "changed"
    saving.save_rubric(now, changed, f"criterion {own} {done}")
    if place is None or now.rubric != found.rubric:
        st.rerun()
    st.session_state[_SHOWN] = now._replace(rubric=changed)
    redraw.this_part()


def _save(found: Current, listed: Sequence[Criterion], note: str, said: str) -> None:
    """Save the criteria unless the rubric was changed elsewhere since they were drawn."""
    if state.require_project().rubric == found.rubric:
        saving.save_rubric(found, found.rubric.with_changes(criteria=tuple(listed)), note, said)
    else:
        saving.say("This was not done, because the rubric was changed elsewhere meanwhile.")
    st.rerun()


def _edit_it(place: int) -> None:
    """Open a criterion; if another one was open, that is drawn anew as well."""
    listed = _shown().rubric.criteria
    closed, opened = st.session_state.get(_OPEN), listed[place].id
    st.session_state[_OPEN] = opened
    if closed == NEW:
        st.rerun()
    redraw.only(*(redraw.criterion(i) for i, c in enumerate(listed) if c.id in (closed, opened)))


def _cancel(criterion_id: str) -> None:
    criterion_form.start_afresh(criterion_id)
    st.session_state[_OPEN] = None
    if criterion_id == NEW:
        st.rerun()


def _open(criterion_id: str | None) -> None:
    st.session_state[_OPEN] = criterion_id
    st.rerun()


def _used(rubric: Rubric) -> set[str]:
    return {criterion.id for criterion in rubric.criteria}
