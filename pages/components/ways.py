"""Ways to check a rule, each with an answer to an own case that passes and one that fails."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages.components import plain, review_rules
from pages.components.criteria_owner import Owner
from pages.components.steps import examples_id
from pages.components.words import plural
from rft_core.checks import build, passing_failures
from rft_core.checks.words import KIND_WORDS, way_titles
from rft_core.differences import around_difference
from rft_core.models import endpoint
from rft_core.records import AnswerPart, Example, Rubric, content_id
from rft_core.rubric.rules.faults import reads_like_fault
from rft_core.rubric.rules.left_out import are_examples, condition_left_out, is_part_left_out
from rft_core.rubric.rules.proposals import MET_BY, Proposal, Shown
from rft_core.rubric.rules.reading import Reading, read
from rft_core.rubric.rules.said_points import points_said
from rft_core.rubric.rules.two_criteria import Half, as_criteria, only_together, worth_of_each

SHOWN_CHARS = 300
"""Of an answer that passes or fails."""
_PENALTY = "(penalty)"
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}


def choose(
    owner: Owner, rule: str, points: float, after: Callable[[], None], by_hand: bool = False
) -> Proposal | None:
    """Offer at most three ways to check the rule; return the one that was chosen just now.

    A rule that asks for several things can be made as many criteria worth so many points, and one
    of the rubric can be kept for the expert's own review; `after` is called then. That no
    check can tell is not said beside one that was chosen `by_hand`.
    """
    found = owner.found
    reading = _looked_up(owner, rule, points)
    ways = reading.ways
    several = _offer_several(owner, rule, points, reading.parts, after)
    if not ways:
        if not (several or by_hand):
            _say_none(owner)
        if owner.case is None:
            review_rules.offer_to_keep(found, rule, points, after, can_check=False)
        return None
    st.markdown("**How could that be checked?** Choose one; everything can be changed below.")
    _say_what_is_left_out(owner, rule, ways, several)
    chosen, cases = None, owner.cases
    titles = _titles(ways)
    drawn = zip(st.columns(len(ways)), ways, titles, strict=True)
    for number, (column, way, title) in enumerate(drawn):
        with column.container(border=True, height="stretch", key=f"way-{number}"):
            st.markdown(f"**{plain.label(found.told(title), 120)}**")
            described = found.told(as_worth(build(way.check).describe(), way.is_penalty))
            st.caption(plain.label(described, 300))
            if way.note:
                st.caption(plain.label(way.note, 300))
            if way.met_by < MET_BY * way.of:
                st.caption(f":orange[:material/warning:] {_seldom_met(way)}")
            if way.passes is None or way.fails is None:
                st.caption("Not tried yet: it is asked in a run, or when you press its button.")
            else:
                show_answer(":green[:material/check:] Would pass", way.passes, way.fails, cases)
                show_answer(":red[:material/close:] Would fail", way.fails, way.passes, cases)
            if st.button("Check it so", key=f"way-take-{number}"):
                chosen = way
    if owner.case is None:
        sure = any(way.was_tried and not way.is_guess for way in ways)
        review_rules.offer_to_keep(found, rule, points, after, can_check=sure)
    return chosen


def _titles(ways: Sequence[Proposal]) -> list[str]:
    """Return what to call each way, a penalty as one.

    Of what may be wanted or a fault, as "more than 40 words" may, both say in full which they are.
    """
    titles = way_titles([way.check for way in ways])
    return [
        _in_full(way)
        if any(one.check == way.check and one.is_penalty != way.is_penalty for one in ways)
        else f"{title} {_PENALTY}"
        if way.is_penalty and _PENALTY not in title
        else title
        for way, title in zip(ways, titles, strict=True)
    ]


def _in_full(way: Proposal) -> str:
    said = as_worth(build(way.check).describe(), way.is_penalty)
    return said.replace("Met when", "Earns points when", 1).rstrip(".")


def _say_what_is_left_out(owner: Owner, rule: str, ways: Sequence[Proposal], several: bool) -> None:
    """Say which part of a rule the ways below do not look at; above, `several` may be offered."""
    said = []
    if any(are_examples(way.text or rule, way) for way in ways):
        said.append(
            "Only these words are looked for. The rule names them as examples of what it means, "
            "and other words for it would pass."
        )
    elif any(is_part_left_out(way.text or rule, way) for way in ways):
        said.append("Each way below looks at one part of the rule.")
        if not several:
            said.append("Write the rest as another rule.")
    if owner.case is not None:  # Of the rubric's it stands beside the choice of tags.
        unread = (condition_left_out(way.text or rule, way) for way in ways)
        if condition := next(filter(None, unread), ""):
            said.append(f"Left out: {plain.label(plain.curly(condition), 200)}.")
    if said:
        st.caption(f":orange[:material/warning:] {' '.join(said)}")


def offered(owner: Owner, rule: str, points: float) -> list[Proposal]:
    """Return the ways to check a rule worth so many points, the likeliest first."""
    return _looked_up(owner, rule, points).ways


def is_any_offered(owner: Owner, rule: str, points: float) -> bool:
    """Say whether a way to check a rule, or its parts, is offered."""
    found = _looked_up(owner, rule, points)
    return bool(found.ways or found.parts)


def _looked_up(owner: Owner, rule: str, points: float) -> Reading:
    """Return the ways to check a rule, and its parts where it asks for several things."""
    found = owner.found
    cases = content_id(owner.case) if owner.case else examples_id(found)
    form = found.project.answer
    ids = cases, content_id(found.rubric), content_id(list(form))
    return _look_up(*ids, rule, points < 0, passing_failures(), owner.cases, found.rubric, form)


def as_worth(described: str, is_penalty: bool) -> str:
    """Return what a check does in the words of a reward, or of a penalty."""
    if not is_penalty:
        return described
    for reward, penalty in (("Met when", "Costs points when"), ("Earns more", "Costs more")):
        described = described.replace(reward, penalty, 1)
    return described


def _seldom_met(way: Proposal) -> str:
    many = f"Only {way.met_by}" if way.met_by else "None"
    return f"{many} of {way.of} expert answers would pass. Is it what you mean?"


def _offer_several(
    owner: Owner, rule: str, points: float, halves: Sequence[Half] | None, after: Callable[[], None]
) -> bool:
    """Offer to make criteria of a rule that asks for several things; say whether it does."""
    if halves is None:
        return False
    many = _NUMBERS.get(len(halves), str(len(halves)))
    with st.container(border=True, key="way-two"):
        st.markdown(
            f"**That asks for {many} things.** Each could be a criterion with its own points:"
        )
        for half, title in zip(halves, _titles([half.way for half in halves]), strict=True):
            said = plain.label(half.text, 200), plain.label(owner.found.told(title), 120)
            st.markdown(f"- {said[0]} :small[:gray[{said[1]}]]")
            if half.way.met_by < MET_BY * half.way.of:
                st.caption(f":orange[:material/warning:] {_seldom_met(half.way)}")
        with st.container(horizontal=True):
            several = st.button(f"Make {many} criteria", key="way-two-take")
            is_fault = points < 0 or reads_like_fault(rule)
            together = not is_fault and st.button(
                KIND_WORDS["formula"], key="way-two-both", type="tertiary",
                help=f"The {many} earn nothing by themselves; one more pays only where all are "
                "met.",
            )  # fmt: skip
    if several or together:
        now = owner.again()
        make = partial(only_together, rule) if together else as_criteria
        said = points_said(rule) if points == 1 else None
        each = points if said is None else said if together else worth_of_each(said, halves)
        new = make(halves, each, now.free_ids())
        done = f"{many.capitalize()} criteria were added."
        review = review_rules.without_edited(now.found.project)
        now.keep([*now.criteria, *new], f"a rule made {many} criteria", done, review)
        after()
        st.rerun()
    return True


def _say_none(owner: Owner) -> None:
    """Say why no way to check the rule is offered."""
    if not any(example.reference for example in owner.cases):
        missing = (
            "the case has an answer" if owner.case else "there are training cases with answers"
        )
        st.caption(owner.found.worded(f"Once {missing}, ways to check the rule appear here."))
        return
    st.caption(
        ":material/help: No check here can tell that from an answer. Reword the rule so that "
        f"something can be looked up: an expected value of your {plural(owner.found.noun)}, words "
        "in quotation marks, a number of words. Or choose a check below"
        + (". " if owner.case else ", or keep the rule for your own eyes. ")
        + f"An AI grader could read the answer for it. {endpoint.obstacle()}"
    )
    if endpoint.obstacle():
        plain.technical(endpoint.how_to_connect())


@st.cache_data(show_spinner=False, max_entries=50)
def _look_up(
    cases_id: str,
    rubric_id: str,
    form_id: str,
    rule: str,
    is_penalty: bool,
    failures: int,
    _cases: tuple[Example, ...],
    _rubric: Rubric,
    _form: tuple[AnswerPart, ...],
) -> Reading:
    return read(rule, _cases, -1 if is_penalty else None, _rubric, _form)


def show_answer(said: str, shown: Shown, beside: Shown | None, cases: Sequence[Example]) -> None:
    """Show an answer to one of the cases under what is said of it, and whether it is the expert's.

    A long one is shown where it first differs from the one that stands `beside` it.
    """
    own = next((c.reference for c in cases if c.id == shown.example_id and c.reference), None)
    whose = "for" if own is None or own.strip() != shown.answer.strip() else "your own answer to"
    counted = f": {plain.label(shown.counted, 200)}" if shown.counted else ""
    st.caption(f"{said}, {whose} {plain.label(shown.example_id)}{counted}")
    plain.block(around_difference(shown.answer, beside.answer if beside else "", SHOWN_CHARS))
