"""A list of criteria: read, moved, copied, switched off, deleted, and one of them open to edit."""

from collections.abc import Callable, Sequence
from textwrap import shorten

import streamlit as st

from pages.components import (
    criterion_drafts,
    criterion_form,
    form_drafts,
    formula_form,
    in_view,
    only_tagged,
    plain,
    redraw,
    review_rules,
    saving,
    state,
    trial,
)
from pages.components.criteria_owner import Owner
from pages.components.criterion_drafts import NEW
from pages.components.criterion_drafts import OPEN as _OPEN
from pages.components.words import points_of
from pages.components.words import title as page_title
from rft_core.checks import KINDS
from rft_core.checks.wording import inner_marks
from rft_core.errors import InputError
from rft_core.records import Criterion, ReviewRule
from rft_core.rubric.ids import slug

_DRAWN = "criteria-drawn"
"""The owner of the criteria as the session has drawn it; it may have others by now."""
_NEW_FORM = "criterion-new"
"""Key of the container with the form of a new criterion."""
_MORE = {
    "edit": ":material/edit: Edit",
    "off": ":material/toggle_off: Switch off",
    "up": ":material/arrow_upward: Move up",
    "down": ":material/arrow_downward: Move down",
    "copy": ":material/content_copy: Duplicate",
    "review": ":material/visibility: Keep for my own review instead",
    "delete": ":material/delete: Delete",
}
"""What else can be done with a criterion, as its menu says it."""
_CHANGED = (
    redraw.NOTE, redraw.CRITERIA, redraw.TOTAL, redraw.UNDO, redraw.PROJECT, redraw.RUBRIC_FINDINGS
)  # fmt: skip
"""What is drawn anew once criteria were moved, copied, switched or deleted."""


def opened(owner: Owner) -> str | None:
    """Return the id of the owner's criterion that is open to edit."""
    key, criterion_id = st.session_state.get(_OPEN) or (None, None)
    return criterion_id if key == owner.key else None


def begin(owner: Owner) -> None:
    """Note whose criteria are drawn, for the parts that are drawn anew by themselves.

    One that is open in the rubric since before this session is brought into view.
    """
    st.session_state[_DRAWN] = owner
    taken_up = criterion_drafts.take_up(owner)
    if taken_up is not None and owner.case is None:
        in_view.wish(_container(owner, taken_up))


def drawn() -> Owner:
    """Return whose criteria are drawn."""
    owner: Owner = st.session_state[_DRAWN]
    return owner


def _container(owner: Owner, criterion_id: str) -> str:
    """Return the key of the container with the form of a criterion, or of a new one."""
    ids = [c.id for c in owner.criteria]
    return _NEW_FORM if criterion_id == NEW else f"criterion-{ids.index(criterion_id)}"


def show() -> None:
    """Show the criteria of the owner that was begun with, one below the other."""
    redraw.part(redraw.CRITERIA, _all)


def _all() -> None:
    for place in range(len(drawn().criteria)):
        redraw.part(redraw.criterion(place), _criterion, place)


def add(primary: bool = False, others: Sequence[Callable[[], None]] = ()) -> None:
    """Show the button to add a criterion, with `others` that draw other ways; or the new one's
    form in their place."""
    redraw.part(redraw.MORE_CRITERIA, _add, primary, others)


def _add(primary: bool, others: Sequence[Callable[[], None]]) -> None:
    with state.errors_as_sentences():
        owner = drawn()
        if opened(owner) == NEW:
            with st.container(border=True, key=_NEW_FORM):
                _edit(owner, criterion_drafts.new(owner))
                in_view.grant(_NEW_FORM)
            return
        st.button(
            "Add a criterion",
            icon=":material/add:",
            key="criterion-add",
            type="primary" if primary else "secondary",
            on_click=_begin_new,
        )
    for draw in others:
        st.fragment(draw)()


def _criterion(place: int) -> None:
    """Draw one criterion. What is done in it draws it alone anew, not the whole page."""
    with state.errors_as_sentences():
        owner = drawn()
        criterion = owner.criteria[place]
        if opened(owner) == criterion.id:
            # One element in the box, so that what replaces it leaves nothing of it behind.
            with st.container(border=True, key=f"criterion-{place}"), st.container():
                in_view.grant(f"criterion-{place}")
                _edit(owner, criterion, place)
        else:
            _row(owner, criterion, place)


def _row(owner: Owner, criterion: Criterion, place: int) -> None:
    """Draw a closed criterion with as few elements as will do: there may be dozens of them."""
    with st.container(
        border=True, horizontal=True, wrap=False, vertical_alignment="center",
        key=f"criterion-{place}",
    ):  # fmt: skip
        points = f":{_colour(criterion)}-badge[**{points_of(criterion.points)}**]"
        rule = plain.label(criterion.text, 300)
        shown = f"**{rule}**" if criterion.enabled else f":gray[{rule}]"
        lines = [f"{points} {shown}", f":small[:gray[{' · '.join(_facts(owner, criterion))}]]"]
        if owner.case is not None:
            lines += _in_its_case(owner, criterion)
        st.markdown("  \n".join(lines), width="stretch")
        if _can_switch_on(criterion):
            st.button(
                "Switch on", key=f"on-{criterion.id}", on_click=_switch, args=(criterion, True)
            )
        else:
            st.button("Edit", key=f"edit-{criterion.id}", on_click=_edit_it, args=(place,))
        st.menu_button(
            "", _offered(owner, criterion, place), format_func=_MORE.get,
            icon=":material/more_vert:", key=f"more-{criterion.id}",
            on_click=_do, args=(criterion, place),
        )  # fmt: skip


def _in_its_case(owner: Owner, criterion: Criterion) -> list[str]:
    """Return what a case's own criterion does there, where it does anything."""
    assert owner.case is not None
    if any(c.id == criterion.id for c in owner.found.rubric.criteria):
        said = (
            ":orange[:material/warning:] Not counted, because the rubric has a criterion of the "
            "same name. Edit this one and save it; then it counts."
        )
    elif criterion.enabled and criterion.check.kind in KINDS:
        said = trial.on_expert_answer(owner.found, criterion, owner.case, owner.criteria)
    else:
        return []
    return [f":small[:gray[{said}]]"]


def _colour(criterion: Criterion) -> str:
    if not criterion.enabled or not criterion.points:
        return "gray"
    return "green" if criterion.points > 0 else "red"


def _facts(owner: Owner, criterion: Criterion) -> list[str]:
    """Return what stands in small under the rule."""
    only = only_tagged.only_for(owner.found.noun, criterion.tags)
    return [
        *(["Switched off: earns nothing"] if not criterion.enabled else []),
        *(["Counts only in a formula"] if not criterion.points else []),
        page_title(criterion.aspect),
        *([only] if only else []),
        plain.label(criterion_form.said_of(owner, criterion), 400),
    ]


def _can_switch_on(criterion: Criterion) -> bool:
    """Say whether it is off and could grade; what is only kept needs another check first."""
    return not criterion.enabled and criterion.check.kind in KINDS


def _switch(criterion: Criterion, on: bool) -> None:
    """As a callback: switch a criterion on or off."""
    changed = criterion.with_changes(enabled=on)
    said = "on" if on else "off"
    listed = [changed if c.id == criterion.id else c for c in drawn().criteria]
    _change(listed, f"{_named(criterion)} switched {said}", f"Switched {said}.")


def _named(criterion: Criterion) -> str:
    """Return the criterion's name in the list of what was done."""
    return f"criterion “{shorten(inner_marks(criterion.text), 60, placeholder=' …')}”"


def _offered(owner: Owner, criterion: Criterion, place: int) -> list[str]:
    """Return what the menu of a criterion offers."""
    offered = {
        "edit": _can_switch_on(criterion),
        "off": criterion.enabled,
        "up": place > 0,
        "down": place < len(owner.criteria) - 1,
        "review": owner.case is None,
    }
    return [name for name in _MORE if offered.get(name, True)]


def _do(criterion: Criterion, place: int) -> None:
    """As a callback: do what was chosen from the menu of a criterion."""
    owner = drawn()
    listed = list(owner.criteria)
    chosen = st.session_state[f"more-{criterion.id}"]
    match chosen:
        case "edit":
            _open_only(owner, criterion.id)
        case "off":
            _switch(criterion, False)
        case "up" | "down":
            listed.insert(place + (1 if chosen == "down" else -1), listed.pop(place))
            _change(listed, f"{_named(criterion)} moved", "Moved.")
        case "copy":
            listed.insert(place + 1, criterion.with_changes(id=owner.free_id(criterion.id)))
            _change(listed, f"{_named(criterion)} duplicated", "Duplicated.")
        case "review":
            _keep_for_review(owner, criterion)
        case "delete":
            listed.pop(place)
            _change(listed, f"{_named(criterion)} deleted", "The criterion was deleted.")


def _keep_for_review(owner: Owner, criterion: Criterion) -> None:
    """In a callback: make a criterion of the rubric a rule for review, in one step."""
    with saving.error_kept():
        left = [other for other in owner.criteria if other.id != criterion.id]
        review = review_rules.with_criterion(owner.again().found.project, criterion)
        owner.save(left, f"{_named(criterion)} kept for review", "Kept for your review.", review)
    st.rerun()


def _change(listed: Sequence[Criterion], note: str, said: str) -> None:
    """In a callback: save these criteria in place of those that are drawn, then draw what changed.

    A case's own stand in its form, and without any the page says how to begin: there all is drawn.
    """
    with saving.error_kept():
        kept = drawn().save(listed, note, said)
        if kept is not None and kept.case is None and kept.criteria:
            begin(kept)
            redraw.only(*_CHANGED)
    st.rerun()


def _edit(owner: Owner, criterion: Criterion, place: int | None = None) -> None:
    """Edit a criterion of the list, or a new one."""
    criterion_drafts.say_overtaken(owner, criterion)
    draft = criterion_form.show(owner, criterion)
    kept = criterion_drafts.keep(owner, criterion, draft)
    if owner.case is not None and criterion_form.has_check(draft):
        st.caption(trial.on_expert_answer(owner.found, draft, owner.case, owner.criteria))
    problem = st.container()
    is_new = place is None
    follow = () if is_new or owner.case is not None else (
        redraw.criterion(place), redraw.NOTE, redraw.UNDO, redraw.TOTAL, redraw.RUBRIC_FINDINGS
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button(
            "Save", type="primary", key="criterion-save",
            on_click=redraw.only if follow else None, args=follow,
        )  # fmt: skip
        st.button(
            "Cancel", key="criterion-cancel", on_click=_cancel,
            args=(owner, criterion.id),
        )  # fmt: skip
        if kept:
            st.caption(form_drafts.KEPT)
    if save:
        try:
            _save(owner, criterion, draft, is_new, follow)
        except InputError as error:
            with problem:
                state.show_error(error)


def _save(
    owner: Owner, criterion: Criterion, draft: Criterion, is_new: bool, follow: Sequence[str]
) -> None:
    """Save a criterion as it is typed, close its form, and draw anew what shows it."""
    now = owner.again()
    if not is_new and criterion not in now.criteria:
        raise InputError(
            "This criterion was changed or deleted in another window meanwhile.",
            "Copy what you wrote, cancel, and open it again.",
        )
    own = now.free_id(slug(draft.text)) if is_new else now.free_id(criterion.id, criterion.id)
    checked = criterion_form.checked(now, draft, own)
    note = f"{_named(checked)} {'added' if is_new else 'changed'}"
    review = review_rules.without_edited(now.found.project) if is_new else None
    st.session_state[_OPEN] = None
    criterion_drafts.start_afresh(owner, criterion.id)
    listed = [checked if c.id == criterion.id else c for c in now.criteria]
    with_it = now.rubric.with_changes(criteria=[*listed, *([checked] if is_new else [])])
    listed = formula_form.with_parts(with_it, checked).criteria
    kept = now.keep(listed, note, "Saved.", review)
    if not follow or now.criteria != owner.criteria or _has_formula(kept):
        st.rerun()
    begin(kept)
    redraw.this_part()


def _has_formula(owner: Owner) -> bool:
    """Say whether the row of one criterion can tell of another one."""
    return any(criterion.check.kind == "formula" for criterion in owner.criteria)


def edit(criterion_id: str) -> None:
    """Open the criterion with this id and bring it into view; for callbacks."""
    owner = drawn()
    if all(c.id != criterion_id for c in owner.criteria):
        st.rerun()  # it was deleted since
    in_view.wish(_container(owner, criterion_id))
    _open_only(owner, criterion_id)


def _edit_it(place: int) -> None:
    """Open a criterion; if another one was open, that is drawn anew as well."""
    owner = drawn()
    _open_only(owner, owner.criteria[place].id)


def _begin_new() -> None:
    in_view.wish(_NEW_FORM)
    _open_only(drawn(), NEW)


def begin_with(rule: ReviewRule) -> None:
    """As a callback: open the form of a new criterion with a rule for review to begin with."""
    owner = drawn()
    if not criterion_drafts.begin_with(owner, rule):
        saving.say_refused(
            "There is a new criterion that you have begun. Save or cancel it, then edit this rule."
        )
    st.session_state[_OPEN] = owner.key, NEW
    in_view.wish(_NEW_FORM)
    st.rerun()


def _open_only(owner: Owner, criterion_id: str) -> None:
    """Open a criterion, or a new one, and draw anew what that changes."""
    changed = (opened(owner), criterion_id)
    st.session_state[_OPEN] = owner.key, criterion_id
    parts = [redraw.criterion(i) for i, c in enumerate(owner.criteria) if c.id in changed]
    redraw.only(*parts, *([redraw.MORE_CRITERIA] if NEW in changed else []))


def _cancel(owner: Owner, criterion_id: str) -> None:
    criterion_drafts.start_afresh(owner, criterion_id)
    st.session_state[_OPEN] = None
