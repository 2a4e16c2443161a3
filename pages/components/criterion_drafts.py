"""What criteria begin with and what was typed of them: kept until they are saved or cancelled."""

import streamlit as st
from pydantic import ValidationError, field_validator

from pages.components import form_drafts, review_rules
from pages.components.check_form import NOT_CHOSEN
from pages.components.criteria_owner import Owner
from rft_core.checks import KINDS
from rft_core.records import (
    AppliesTo,
    Aspect,
    CheckSpec,
    Criterion,
    Record,
    ReviewRule,
    content_id,
)

NEW = ""
"""Id of a criterion that is not saved yet."""
EMPTY = Criterion.model_construct(
    id=NEW, text="", points=1.0, aspect="substance", check=CheckSpec(kind=NOT_CHOSEN),
    applies_to="answer",
)  # fmt: skip
OPEN = "criterion-open"
"""Where the session keeps the owner's key and the id of the criterion that is being edited."""
_BEGUN = "criterion-begun"
"""Where the session keeps what the inputs of criteria begin with, if not with what is stored: by
the owner's key and the criterion's id."""
_OF = "criterion-of"
"""Where it keeps the content ids that criteria had when they were typed before this session."""
_TRIES = "criterion-tries"
_TYPED = "text", "points", "aspect", "applies_to", "check", "tags"


class Typed(Record):
    """What was typed of a criterion and is not saved."""

    of: str
    """Content id of the criterion when it was begun; "" for a new one."""
    text: str
    points: float | None
    aspect: Aspect
    applies_to: AppliesTo
    check: CheckSpec
    tags: tuple[str, ...]
    review: ReviewRule | None = None
    """Of which it is made."""

    def onto(self, criterion: Criterion) -> Criterion:
        """Return the criterion as it was typed (not checked yet)."""
        typed = {name: getattr(self, name) for name in _TYPED}
        return criterion.model_copy(
            update={name: value for name, value in typed.items() if value is not None}
        )

    @field_validator("check")
    @classmethod
    def _inputs_can_hold_it(cls, check: CheckSpec) -> CheckSpec:
        try:
            if check.kind in KINDS:
                KINDS[check.kind].model_validate(check.model_dump())
        except ValidationError as error:
            faults = [e["type"] for e in error.errors() if e["input"] is not None]
            if any(fault.endswith(("_type", "_parsing")) for fault in faults):
                raise ValueError("parameters of another type") from None
        return check


def take_up(owner: Owner) -> str | None:
    """Begin the criteria that were typed before this session with that, and open the last one.

    Return the id of the one that is opened; none where another one is open.
    """
    stored = {NEW: EMPTY, **{c.id: c for c in owner.criteria}}
    project, begins = owner.found.project, _place(owner, "")
    last = None
    for place in form_drafts.places(project.id, begins):
        typed = form_drafts.take_up(project.id, place, Typed)
        criterion = stored.get(place.removeprefix(begins))
        if typed is None or criterion is None:
            continue
        begin(owner, typed.onto(criterion))
        st.session_state.setdefault(_OF, {})[owner.key, criterion.id] = typed.of
        if typed.review is not None:
            review_rules.begin_edit(project, typed.review)
        last = criterion.id
    if last is None or st.session_state.get(OPEN) is not None:
        return None
    st.session_state[OPEN] = owner.key, last
    return last


def new(owner: Owner) -> Criterion:
    """Return the criterion that is being written: empty, or with the way of checking chosen."""
    return begins_with(owner, EMPTY)


def begins_with(owner: Owner, criterion: Criterion) -> Criterion:
    """Return what the inputs of a criterion begin with: as it is stored, or was typed before."""
    begun: dict[tuple[tuple[str, str], str], Criterion] = st.session_state.get(_BEGUN, {})
    return begun.get((owner.key, criterion.id), criterion)


def begin_with(owner: Owner, rule: ReviewRule) -> bool:
    """Begin a new criterion with a rule for review; return False where another was begun."""
    if review_rules.is_edited(owner.found.project, rule):
        return True
    if new(owner) != EMPTY or st.session_state.get(f"{key(owner, EMPTY)}-text"):
        return False
    begun = EMPTY.model_copy(update={"text": rule.text, "points": rule.points})
    begin(owner, begun)
    review_rules.begin_edit(owner.found.project, rule)
    return True


def start_afresh(owner: Owner, criterion_id: str) -> None:
    """Forget what was typed for a criterion."""
    tries = st.session_state.setdefault(_TRIES, {})
    tries[owner.key, criterion_id] = _tries(owner, criterion_id) + 1
    for memory in (_BEGUN, _OF):
        st.session_state.get(memory, {}).pop((owner.key, criterion_id), None)
    form_drafts.keep(owner.found.project.id, _place(owner, criterion_id), None)
    if criterion_id == NEW:
        review_rules.end_edit()


def keep(owner: Owner, criterion: Criterion, draft: Criterion) -> bool:
    """Keep what is typed of a criterion; return whether something is and it is kept."""
    base = EMPTY
    if criterion.id != NEW:
        drawn = st.session_state.setdefault(f"{key(owner, criterion)}-drawn", draft)
        base = drawn if begins_with(owner, criterion) == criterion else criterion
    now, was = ({name: getattr(one, name) for name in _TYPED} for one in (draft, base))
    typed = None
    if now != was:
        review = review_rules.edited(owner.found.project) if criterion.id == NEW else None
        typed = Typed(of=_of(owner, criterion), review=review, **now)
    return form_drafts.keep(owner.found.project.id, _place(owner, criterion.id), typed)


def say_overtaken(owner: Owner, criterion: Criterion) -> None:
    """Say so where a criterion was changed since it was typed, before this session."""
    if criterion.id != NEW and _of(owner, criterion) != content_id(criterion):
        form_drafts.say_overtaken("This criterion", "cancel")


def begin(owner: Owner, criterion: Criterion) -> None:
    """Have the inputs of a criterion begin with this."""
    st.session_state.setdefault(_BEGUN, {})[owner.key, criterion.id] = criterion


def key(owner: Owner, criterion: Criterion) -> str:
    """Return the name of a criterion's inputs."""
    own = f"{criterion.id}-{content_id(criterion)}-{_tries(owner, criterion.id)}"
    return "-".join(("criterion", *filter(None, owner.key), own))


def _place(owner: Owner, criterion_id: str) -> str:
    """Name the draft of an owner's criterion."""
    return f"criterion/{owner.key[1]}/{criterion_id}"


def _of(owner: Owner, criterion: Criterion) -> str:
    """Return the content id that the criterion had when what is typed was begun."""
    now = "" if criterion.id == NEW else content_id(criterion)
    begun: dict[tuple[tuple[str, str], str], str] = st.session_state.get(_OF, {})
    return begun.get((owner.key, criterion.id), now)


def _tries(owner: Owner, criterion_id: str) -> int:
    """Return how often it was begun afresh: each time with fresh inputs."""
    return st.session_state.get(_TRIES, {}).get((owner.key, criterion_id), 0)
