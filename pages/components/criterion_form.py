"""One criterion as a form: the rule, its points, how it is checked, and for which cases."""

from contextlib import suppress
from functools import partial

import streamlit as st

from pages.components import (
    ai_grader,
    criterion_drafts,
    draft_trial,
    only_tagged,
    plain,
    redraw,
    steering,
    ways,
)
from pages.components.check_form import NOT_CHOSEN, CheckForm, is_rare, kind_key
from pages.components.criteria_owner import Owner
from pages.components.steps import examples_id
from pages.components.words import plural, points_of
from pages.components.words import title as page_title
from rft_core.checks import UnknownOption, build, passing_failures
from rft_core.checks.formula import Formula
from rft_core.checks.wording import listing
from rft_core.errors import InputError
from rft_core.records import (
    AppliesTo,
    Aspect,
    CheckSpec,
    Criterion,
    Example,
    Rubric,
    content_id,
)
from rft_core.rubric.findings import named, try_build
from rft_core.rubric.ingredients import GIVE_POINTS, NO_POINTS, problems, used_in_formulas
from rft_core.rubric.rules.left_out import condition_unread
from rft_core.rubric.rules.proposals import Proposal
from rft_core.rubric.rules.said_points import points_said, without_points
from rft_core.rubric.shown import OnCases, on_cases
from rft_core.rubric.signs import wrong_sign

_BY_ITSELF = ("field", "labels")
"""Parameters that a new check begins with."""
_APPLIES = {"answer": "The answer", "reasoning": "The reasoning", "whole": "Both"}


def read_back(spec: CheckSpec, rubric: Rubric, points: float = 1.0) -> str:
    """Return what the check does for such points, in one sentence; what is wrong with it if it
    cannot."""
    if spec.kind == "formula" and not spec.parameters.get("formula"):
        return "Choose the criteria that it combines."
    try:
        check = build(spec)
        if isinstance(check, Formula):
            return check.described({c.id: c.text for c in rubric.criteria})
        return ways.as_worth(check.describe(), points < 0)
    except InputError as error:
        return error.message


def said_of(owner: Owner, criterion: Criterion) -> str:
    """Return what the check of a criterion does, as pages say it; it is not escaped yet.

    Of a number for which the answer form offers such as "cannot tell", with when that counts.
    """
    said = read_back(criterion.check, owner.rubric, criterion.points)
    if criterion.check.kind == "number":
        field = criterion.check.parameters.get("field")
        parts = [p for p in owner.found.project.answer if p.kind == "number" and p.field == field]
        none = [f'"{choice}"' for part in parts for choice in part.alone]
        if none:
            said += f" Where {listing(none, 'or')} is expected, that is what counts."
    return owner.found.told(said)


def show(owner: Owner, criterion: Criterion) -> Criterion:
    """Draw the inputs and return the criterion as they have it (not checked yet)."""
    key = criterion_drafts.key(owner, criterion)
    criterion = criterion_drafts.begins_with(owner, criterion)
    with st.container():  # one element: what is offered in it moves no input that is being typed in
        rule, tags_above = _rule(owner, criterion, key)
    points, aspect, applies = _worth(owner, criterion, key)
    form = CheckForm(owner, criterion.check, points, key, criterion.id)
    form.draw_main()
    tags_below = not tags_above and bool(only_tagged.known_tags(owner, criterion))
    if form.rare or tags_below:
        with st.expander("More settings", key=f"{key}-more", on_change="rerun"):
            form.draw(form.rare)
            if tags_below:
                only_tagged.choose(owner, criterion, key)
    spec = form.spec
    draft = criterion.model_copy(
        update={
            "text": rule,
            "points": points,
            "aspect": aspect,
            "applies_to": applies,
            "check": spec,
            "tags": only_tagged.chosen(criterion, key),
        }
    )
    if not has_check(draft):
        st.caption(
            "Once a check is chosen, what it does is read back here and tried on your "
            f"{plural(owner.found.noun)}."
        )
        return draft
    if draft.check.kind != "formula" and _lacks_all(draft):  # a formula says what it lacks
        st.caption(
            "Fill it in above: then what it does is read back here and tried on your "
            f"{plural(owner.found.noun)}."
        )
        return draft
    _say_what_it_does(owner, draft)
    _offer_other_sign(draft, key)
    shown = _show_on_own_cases(owner, draft)
    ai_grader.show_trial(owner.found, draft, owner.cases, key)
    draft_trial.show(owner, draft, shown)
    return draft


def _lacks_all(draft: Criterion) -> bool:
    """Say whether a check cannot be used and nothing was filled in yet, but for rare settings and
    what is filled in by itself."""
    given = draft.check.parameters.items()
    filled = (name for name, value in given if value not in (None, "", [], {}))
    if any(not (n in _BY_ITSELF or is_rare(n)) for n in filled):
        return False
    return isinstance(try_build(draft), InputError)


def _say_what_it_does(owner: Owner, draft: Criterion) -> None:
    """Read the check back, and the tags before it; a layout is said above its signs already."""
    only = only_tagged.only_for(owner.found.noun, draft.tags)
    check = try_build(draft)
    fails = isinstance(check, InputError)
    icon = ":orange[:material/warning:]" if fails else ":material/record_voice_over:"
    if not isinstance(check, InputError) and check.kind == "pattern":
        if only:
            st.caption(f"{icon} {only}.")
        return
    said = plain.label(said_of(owner, draft), 500)
    st.caption(f"{icon} {only}: {said}" if only else f"{icon} {said}")


def _offer_other_sign(draft: Criterion, key: str) -> None:
    """Say that the points go the other way than the check or the rule, with a button that turns
    them round."""
    check = try_build(draft)
    wrong = None if isinstance(check, InputError) else wrong_sign(draft, check)
    if wrong is None:
        return
    st.warning(f"This rule {wrong.says}", icon=":material/swap_vert:")
    size = abs(draft.points)
    many = f"{points_of(size, sign=False)} {'point' if size == 1 else 'points'}"
    does = f"Take off {many}" if draft.points > 0 else f"Give {many}"
    if st.button(f"{does} instead", key=f"{key}-other-sign"):
        steering.wish(f"{key}-points", -draft.points)
        redraw.this_part()


def _rule(owner: Owner, criterion: Criterion, key: str) -> tuple[str, bool]:
    """Draw the rule and, where it is for some cases, the choice of tags; return the rule, and
    whether that was drawn. While a new one is written, also the ways in which it could be checked.
    """
    text = st.text_area(
        "The rule, in your words",
        criterion.text,
        height=70,
        max_chars=1000,
        key=f"{key}-text",
        placeholder="Makes the right decision",
        persist_state="session",
    )
    rule = " ".join(text.split())
    if (
        criterion.id != criterion_drafts.NEW
        or not rule
        or (rule == criterion.text and has_check(criterion))
    ):
        meant = condition_unread(rule, criterion.check) if rule else ""
        return rule, only_tagged.beside_rule(owner, rule, meant, (), criterion, key)
    typed = float(st.session_state.get(f"{key}-points") or criterion.points)
    offered = ways.offered(owner, rule, typed)
    meant = only_tagged.of_ways(rule, offered)
    named = next((way.tags for way in offered if way.tags), ())
    is_drawn = only_tagged.beside_rule(owner, rule, meant, named, criterion, key)
    by_hand = bool(st.session_state.get(kind_key(key)))
    way = ways.choose(owner, rule, typed, partial(_close_new, owner), by_hand)
    if way is not None:
        made = _by(way, criterion, rule, typed)
        tags = only_tagged.chosen(criterion, key)
        criterion_drafts.begin(owner, made.model_copy(update={"tags": tags}))
        redraw.this_part()
    return rule, is_drawn


def _close_new(owner: Owner) -> None:
    criterion_drafts.start_afresh(owner, criterion_drafts.NEW)
    st.session_state[criterion_drafts.OPEN] = None


def _worth(owner: Owner, criterion: Criterion, key: str) -> tuple[float, Aspect, AppliesTo]:
    """Draw the points, whether it is about what is said or how, and which part it looks at."""
    left, middle, right = st.columns([1, 2, 2])
    wished = steering.is_wished(f"{key}-points")
    steering.grant(f"{key}-points", ())
    points = left.number_input(
        "Points",
        value="min" if wished else float(criterion.points),
        step=1.0,
        format="%g",
        key=f"{key}-points",
        help="Negative for a penalty. 0 for what only counts in a formula.",
        persist_state="session",
    )
    aspect = middle.segmented_control(
        "Is about",
        ["substance", "form"],
        default=criterion.aspect,
        format_func=page_title,
        key=f"{key}-aspect",
        required=True,
        persist_state="session",
    )
    applies = criterion.applies_to
    if owner.found.project.answer_style == "reason_then_answer" or applies != "answer":
        applies = right.segmented_control(
            "Looks at",
            list(_APPLIES),
            default=applies,
            format_func=_APPLIES.get,
            key=f"{key}-applies",
            required=True,
            persist_state="session",
        )
    return points, aspect, applies


def _show_on_own_cases(owner: Owner, draft: Criterion) -> str | None:
    """Show an answer to an own case that meets the criterion and one that does not; return the id
    of the first such case.

    Of a case's own criterion, the expert answer to it is left out: what that earns is said anyway.
    """
    tried = draft.model_copy(update={"id": "tried", "text": "tried", "points": 1.0})
    cases = examples_id(owner.found) if owner.case is None else content_id(owner.case)
    ids = cases, content_id(tried), content_id(owner.rubric)
    met, unmet, failed = _on_cases(*ids, passing_failures(), owner.cases, tried, owner.rubric)
    for reason, of in failed.items():
        told = owner.found.told(f"It cannot grade your answers to {named(of)}. {reason}")
        said = plain.label(told, 500)
        st.warning(said, icon=":material/warning:")
    good, bad = ":green[:material/check:]", ":red[:material/close:]"
    if draft.points < 0:
        titles = (f"{bad} Would lose points", f"{good} Would lose none")
    else:
        titles = (f"{good} Would earn all points", f"{bad} Would earn none")
    known = owner.case.reference if owner.case else None
    shown = [
        (title, one)
        for title, one in zip(titles, (met, unmet), strict=True)
        if one and one.answer != known
    ]
    for column, (title, one) in zip(st.columns(2), shown, strict=False):
        with column:
            ways.show_answer(title, one, unmet if one is met else met, owner.cases)
    return shown[0][1].example_id if shown else None


@st.cache_data(show_spinner=False, max_entries=100)
def _on_cases(
    cases_id: str,
    criterion_id: str,
    rubric_id: str,
    failures: int,
    _cases: tuple[Example, ...],
    _criterion: Criterion,
    _rubric: Rubric,
) -> OnCases:
    return on_cases(_criterion, _cases, _rubric)


def _by(way: Proposal, criterion: Criterion, rule: str, typed: float) -> Criterion:
    """Return the criterion that a way makes: worth what was typed, or what the rule says."""
    said = points_said(rule) if typed == criterion.points else None
    points = abs(said or typed)
    return criterion.model_copy(
        update={
            "text": way.text or (without_points(rule) if said else rule),
            "check": way.check,
            "points": -points if way.is_penalty else points,
            "aspect": "form" if way.is_form else "substance",
        }
    )


def has_check(draft: Criterion) -> bool:
    """Say whether somebody has chosen how a criterion is checked."""
    return draft.check.kind != NOT_CHOSEN


def checked(owner: Owner, draft: Criterion, criterion_id: str) -> Criterion:
    """Return the criterion, under this id, if its owner can use it; else raise InputError."""
    if not draft.text:
        raise InputError("The rule has no text.", "Write it in your own words.")
    if not has_check(draft):
        raise InputError("No check was chosen for this rule.", _how_to_choose(owner, draft))
    made = Criterion.model_validate({**draft.model_dump(), "id": criterion_id})
    changed = owner.rubric.with_criterion(made)
    if made.points == 0 and criterion_id not in used_in_formulas(changed):
        raise InputError(f"The rule {NO_POINTS}", GIVE_POINTS)
    with suppress(UnknownOption):  # It is kept, and shown as one that cannot grade.
        _require_usable(draft.check)
    for criterion, message, fix in problems(changed):
        if criterion.id == criterion_id:
            raise InputError(f"The rule {message}", fix)
    return made


def _require_usable(spec: CheckSpec) -> None:
    """Raise InputError for a check that cannot be built, with what to do about it here."""
    try:
        build(spec)
    except UnknownOption:
        raise
    except InputError as error:
        raise InputError(error.message, "Correct it in the form of the rule.") from None


def _how_to_choose(owner: Owner, draft: Criterion) -> str:
    """Say where a check for a rule can be chosen: what is offered above, if anything is."""
    form = "choose one under “How it is checked”"
    if ways.is_any_offered(owner, draft.text, draft.points):
        return f"Take one of the ways that are offered above, or {form}."
    keep = ", or keep the rule for your own review" if owner.case is None else ""
    return f"No way to check it could be offered: reword it, {form}{keep}."
