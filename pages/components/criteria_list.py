"""A list of criteria: read, moved, copied, switched off, deleted, and one of them open to edit."""

import streamlit as st

from pages.components import criterion_form, plain, state, trial
from pages.components.criteria_owner import Owner
from pages.components.criterion_form import NEW, points_of
from pages.components.criterion_form import OPEN as _OPEN
from pages.components.words import title as page_title
from rft_core.checks import KINDS
from rft_core.records import Criterion
from rft_core.rubric.ids import slug

_CLOSED = "criterion-closed"
"""Whether the last click on Edit closed another criterion."""


def opened(owner: Owner) -> str | None:
    """Return the id of the owner's criterion that is open to edit."""
    key, criterion_id = st.session_state.get(_OPEN) or (None, None)
    return criterion_id if key == owner.key else None


def show(owner: Owner) -> None:
    """Show the criteria one below the other."""
    for place, criterion in enumerate(owner.criteria):
        with st.container(border=True, key=f"criterion-{place}"):
            st.fragment(_criterion)(owner, criterion, place)


def add(owner: Owner, primary: bool) -> bool:
    """Show the button to add a criterion, or the new one's form; say whether it is the form."""
    if opened(owner) == NEW:
        with st.container(border=True, key="criterion-new"):
            st.fragment(_new)(owner)
        return True
    if st.button(
        "Add a criterion",
        icon=":material/add:",
        key="criterion-add",
        type="primary" if primary else "secondary",
    ):
        _open(owner, NEW)
    return False


def _criterion(owner: Owner, criterion: Criterion, place: int) -> None:
    """Draw one criterion. What is done in it draws it alone anew, not the whole page."""
    with state.errors_as_sentences():
        if st.session_state.pop(_CLOSED, False):
            st.rerun()
        if opened(owner) == criterion.id:
            _edit(owner, criterion)
        else:
            _row(owner, criterion, place)


def _new(owner: Owner) -> None:
    with state.errors_as_sentences():
        _edit(owner, criterion_form.new(owner))


def _row(owner: Owner, criterion: Criterion, place: int) -> None:
    points, text, actions = st.columns([1, 7, 2.6], vertical_alignment="center")
    points.markdown(f"### :{_colour(criterion)}[{points_of(criterion.points)}]")
    with text.container(gap="xxsmall"):
        rule = plain.label(criterion.text, 300)
        st.markdown(f"**{rule}**" if criterion.enabled else f":gray[{rule}]")
        st.caption(" · ".join(_facts(criterion)))
        if owner.case is not None:
            _in_its_case(owner, criterion)
    with actions.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if _can_switch_on(criterion):
            if st.button("Switch on", key=f"on-{criterion.id}"):
                _switch(owner, criterion, True)
        else:
            st.button(
                "Edit", key=f"edit-{criterion.id}", on_click=_edit_it, args=(owner, criterion.id)
            )
        with st.popover("", icon=":material/more_vert:", key=f"more-{criterion.id}"):
            _more(owner, criterion, place)


def _in_its_case(owner: Owner, criterion: Criterion) -> None:
    """Say what a case's own criterion does there, where it does anything."""
    assert owner.case is not None
    if any(c.id == criterion.id for c in owner.found.rubric.criteria):
        st.caption(
            ":orange[:material/warning:] Not counted, because the rubric has a criterion of the "
            "same name. Edit this one and save it; then it counts."
        )
    elif criterion.enabled and criterion.check.kind in KINDS:
        st.caption(trial.on_expert_answer(criterion, owner.case))


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


def _switch(owner: Owner, criterion: Criterion, on: bool) -> None:
    changed = criterion.with_changes(enabled=on)
    said = "on" if on else "off"
    listed = [changed if c.id == criterion.id else c for c in owner.criteria]
    owner.save(listed, f"criterion {criterion.id} switched {said}", f"Switched {said}.")


def _more(owner: Owner, criterion: Criterion, place: int) -> None:
    listed = list(owner.criteria)
    if _can_switch_on(criterion) and st.button(
        "Edit", icon=":material/edit:", key=f"edit-{criterion.id}"
    ):
        _open(owner, criterion.id)
    if criterion.enabled and st.button(
        "Switch off", icon=":material/toggle_off:", key=f"off-{criterion.id}",
        help="It stays here, earns nothing, and can be switched on again.",
    ):  # fmt: skip
        _switch(owner, criterion, False)
    if place and st.button("Move up", icon=":material/arrow_upward:", key=f"up-{criterion.id}"):
        listed.insert(place - 1, listed.pop(place))
        owner.save(listed, f"criterion {criterion.id} moved", "Moved.")
    if place < len(listed) - 1 and st.button(
        "Move down", icon=":material/arrow_downward:", key=f"down-{criterion.id}"
    ):
        listed.insert(place + 1, listed.pop(place))
        owner.save(listed, f"criterion {criterion.id} moved", "Moved.")
    if st.button("Duplicate", icon=":material/content_copy:", key=f"copy-{criterion.id}"):
        listed.insert(place + 1, criterion.with_changes(id=owner.free_id(criterion.id)))
        owner.save(listed, f"criterion {criterion.id} duplicated", "Duplicated.")
    if st.button("Delete", icon=":material/delete:", key=f"delete-{criterion.id}"):
        listed.pop(place)
        owner.save(listed, f"criterion {criterion.id} deleted", "The criterion was deleted.")


def _edit(owner: Owner, criterion: Criterion) -> None:
    draft = criterion_form.show(owner, criterion)
    if owner.case is not None:
        st.caption(trial.on_expert_answer(draft, owner.case))
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button("Save", type="primary", key="criterion-save")
        cancel = st.button("Cancel", type="tertiary", key="criterion-cancel")
    if cancel:
        criterion_form.start_afresh(owner, criterion.id)
        _open(owner, None)
    if not save:
        return
    is_new = criterion.id == NEW
    now = owner.again()
    own = now.free_id(slug(draft.text)) if is_new else now.free_id(criterion.id, criterion.id)
    checked = criterion_form.checked(draft, own)
    note = f"criterion {own} {'added' if is_new else 'changed'}"
    st.session_state[_OPEN] = None
    criterion_form.start_afresh(owner, criterion.id)
    listed = [checked if c.id == criterion.id else c for c in now.criteria]
    now.save(listed if checked in listed else [*listed, checked], note, "Saved.")


def _edit_it(owner: Owner, criterion_id: str) -> None:
    """Open a criterion; if another one was open, that has to be drawn anew as well."""
    st.session_state[_CLOSED] = opened(owner) is not None
    st.session_state[_OPEN] = owner.key, criterion_id


def _open(owner: Owner, criterion_id: str | None) -> None:
    st.session_state[_OPEN] = owner.key, criterion_id
    st.rerun()
