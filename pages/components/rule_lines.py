"""Rules pasted as lines: looked at before anything is saved."""

from collections.abc import Mapping
from functools import partial

import streamlit as st
from pydantic import Field

from pages.components import (
    criterion_form,
    form_drafts,
    only_tagged,
    plain,
    redraw,
    saving,
    state,
    steering,
)
from pages.components.state import Current
from pages.components.steps import examples_id
from pages.components.words import plural, points_of
from rft_core.records import AnswerPart, Criterion, Example, Record, ReviewRule, Rubric, content_id
from rft_core.rubric.rules.pasting import Pasted, paste, read_rules

_TEXT, _LINE, _BOX = "paste-text", "paste-line", "paste"
_PLACE = "rules"
"""Names the draft of what is pasted."""
_CHOICES = {"take": "Check it so", "review": "My own review", "out": "Leave out"}
"""What can become of a pasted rule."""

_PARTLY = {
    "examples": " A check would look for these words only: write it as a criterion to choose that.",
    "part": " A check would look at part of it only: write it as a criterion to choose that.",
    "guess": " A check may not be what it means: write it as a criterion to choose one.",
}
"""What is said of a rule that a check could tell, but not in full."""


class _Typed(Record):
    """What was pasted, and what shall become of its rules where that was chosen otherwise."""

    text: str
    choices: dict[str, str] = Field(default_factory=dict)
    """By the content id of the rule."""


def show() -> None:
    """Offer to paste rules; drawn once it is opened, or where some were pasted before a reload."""
    found = state.current()
    begun = form_drafts.take_up(found.project.id, _PLACE, _Typed) if found else None
    if found and begun:
        st.session_state[_BOX] = True
        st.session_state[f"{_TEXT}-{found.project.id}"] = begun.text
        st.session_state[_choices(found)] = begun.choices
    redraw.once_opened("Paste rules", ":material/content_paste:", _BOX, _paste_in)


def _paste_in(found: Current) -> None:
    """Take lines, show what would become of each, and add them."""
    st.caption("One rule a line, with its points in front if you like:")
    key = f"{_TEXT}-{found.project.id}"
    steering.grant(key, ())
    text = st.text_area(
        "Rules", key=key, height=140, label_visibility="collapsed",
        placeholder="[+2] Makes the right decision\n[-1] Says “as an AI”\n[+1] At most 40 words",
        persist_state="session",
    )  # fmt: skip
    if not text.strip():
        form_drafts.keep(found.project.id, _PLACE, None)
        return
    form = found.project.answer
    ids = examples_id(found), content_id(found.rubric), content_id(list(form))
    pasted, given = _paste(*ids, text, tuple(found.train), found.rubric, form)
    pasted = _chosen(found, pasted, given)
    chosen = st.session_state.get(_choices(found), {})
    kept = form_drafts.keep(found.project.id, _PLACE, _Typed(text=text, choices=chosen))
    total = len(pasted.criteria) + len(pasted.review)
    with st.container(horizontal=True, vertical_alignment="center"):
        if total and st.button(f"Add {plural('rule', total)}", type="primary", key="paste-add"):
            add(found, pasted, "rules pasted")
            _forget(found, key)
            st.rerun()
        st.button("Discard", key="paste-discard", on_click=_forget, args=(found, key))
        if kept:
            st.caption(form_drafts.KEPT)


def _forget(found: Current, key: str) -> None:
    steering.wish(key, "")
    st.session_state.pop(_choices(found), None)


def _choices(found: Current) -> str:
    """Return where the session keeps what was chosen for pasted rules."""
    return f"{_LINE}-{found.project.id}"


def add(found: Current, pasted: Pasted, note: str) -> None:
    """Save rules beside those that are there: criteria, and what is kept for review."""
    criteria = (*found.rubric.criteria, *pasted.criteria)
    changed = found._replace(
        project=found.project.with_changes(review=(*found.project.review, *pasted.review)),
        rubric=found.rubric.with_changes(criteria=criteria),
    )
    total = len(pasted.criteria) + len(pasted.review)
    saving.save(found, changed, note, f"{plural('rule', total)} added.")


def _uncounted(found: Current, rule: ReviewRule, pasted: Pasted) -> str:
    """Say why a rule is kept for review, what becomes of its points, and which words of it no
    check looks at."""
    unread = pasted.left_out.get(rule.text, "")
    partly = pasted.partly.get(rule.text)
    why = "" if unread else _PARTLY[partly] if partly else " No check here can tell."
    many = "point does" if abs(rule.points) == 1 else "points do"
    points = points_of(rule.points, sign=rule.points < 0)
    said = f"Kept for review: its {points} {many} not count in training.{why}"
    if unread:
        words = plain.label(plain.curly(unread), 200)
        cases = plural(found.noun)
        said += (
            f" Every check would leave out “{words}”. Tag such {cases} in the Overview of "
            f"Examples and name the tag in the rule: “Only for {cases} tagged …: …”."
        )
    return f":small[:gray[{said}]]"


@st.cache_data(show_spinner=False, max_entries=20)
def _paste(
    train_id: str,
    rubric_id: str,
    form_id: str,
    text: str,
    _train: tuple[Example, ...],
    _rubric: Rubric,
    _form: tuple[AnswerPart, ...],
) -> tuple[Pasted, dict[str, float]]:
    """Return what would become of the rules, and the points of those for which some are given."""
    given = {
        line.text: line.points for line in read_rules(text)[0] if line.points and line.points > 0
    }
    return paste(text, _train, _rubric, _form), given


def _chosen(found: Current, pasted: Pasted, given: Mapping[str, float]) -> Pasted:
    """Show what would become of each rule, and return what the expert takes of them.

    `given` has the points of the rules for which some are given.
    """
    criteria: list[Criterion] = []
    review: list[ReviewRule] = []
    ask = partial(_line, st.session_state.setdefault(_choices(found), {}))
    for criterion in pasted.criteria:
        told = criterion_form.read_back(criterion.check, Rubric(), criterion.points)
        only = only_tagged.only_for(found.noun, criterion.tags)
        said = ": ".join(filter(None, (only, plain.label(found.told(told), 300))))
        at_first = "take"
        if same := pasted.known.get(criterion.id):
            at_first = "out"
            said += f" {plain.quoted(same, 100)}, which is there already, is checked alike."
        elif same := pasted.repeated.get(criterion.id):
            at_first = "out"
            said += f" The line above, {plain.quoted(same, 100)}, is checked alike."
        if criterion.points < 0 and criterion.text in given:
            said += (
                f" You wrote {points_of(given[criterion.text])}: as the rule says what must not "
                "be, it takes points off where it is broken."
            )
        choice = ask(criterion, f":small[:gray[{said}]]", list(_CHOICES), at_first)
        if choice == "take":
            criteria.append(criterion)
        elif choice == "review":
            review.append(ReviewRule(text=criterion.text, points=criterion.points))
    if pasted.review:
        st.markdown("**For your own review:**")
    for rule in pasted.review:
        said = _uncounted(found, rule, pasted)
        if ask(rule, said, ["review", "out"]) == "review":
            review.append(rule)
    for problem in pasted.problems:
        st.warning(plain.label(plain.curly(problem), 200))
    return Pasted(criteria=tuple(criteria), review=tuple(review), problems=pasted.problems)


def _line(
    known: dict[str, str], rule: Criterion | ReviewRule, said: str, choices: list[str],
    at_first: str = "review",
) -> str:  # fmt: skip
    """Show a rule and what is said of it; return what becomes of it, noted in what is `known`."""
    text, choice = st.columns([5, 3.4], vertical_alignment="center")
    text.markdown(f"**{points_of(rule.points)}** {plain.label(rule.text, 200)}  \n{said}")
    own = content_id(rule)
    begins = known.get(own, at_first)
    chosen: str = choice.segmented_control(
        "What becomes of it", choices, default=begins if begins in choices else at_first,
        required=True, format_func=_CHOICES.get, key=f"{_LINE}-{own}",
        label_visibility="collapsed",
    )  # fmt: skip
    known.pop(own, None)
    if chosen != at_first:
        known[own] = chosen
    return chosen
