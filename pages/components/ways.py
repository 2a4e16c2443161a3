"""Ways to check a rule, each with an answer to an own case that passes and one that fails."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages.components import plain, review_rules
from pages.components.criteria_owner import Owner
from pages.components.steps import examples_id
from pages.components.words import as_labelled
from rft_core.checks import build, passing_failures
from rft_core.checks.words import KIND_WORDS, way_titles
from rft_core.models import endpoint
from rft_core.records import Example, Rubric, content_id
from rft_core.rubric.faults import reads_like_fault
from rft_core.rubric.left_out import condition_left_out, is_part_left_out
from rft_core.rubric.proposals import MET_BY, Proposal, Shown, propose
from rft_core.rubric.two_criteria import Half, as_criteria, divided, only_together

_PENALTY = "(penalty)"


def choose(owner: Owner, rule: str, points: float, after: Callable[[], None]) -> Proposal | None:
    """Offer at most three ways to check the rule; return the one that was chosen just now.

    A rule that asks for two things can be made two criteria worth so many points, and one of the
    rubric that no check can tell can be kept for the expert's own review; `after` is called then.
    """
    found = owner.found
    ways = offered(owner, rule, points)
    if not ways:
        _say_none(owner)
        if owner.case is None:
            review_rules.offer_to_keep(found, rule, after)
        return None
    if not _is_fault(rule, points):
        _offer_two(owner, rule, points, after)
    if owner.case is None and not any(way.was_tried and not way.is_guess for way in ways):
        review_rules.offer_to_keep(found, rule, after)
    st.markdown("**How could that be checked?** Choose one; everything can be changed below.")
    _say_what_is_left_out(owner, rule, ways)
    chosen = None
    titles = _titles(ways)
    drawn = zip(st.columns(len(ways)), ways, titles, strict=True)
    for number, (column, way, title) in enumerate(drawn):
        with column.container(border=True, height="stretch", key=f"way-{number}"):
            st.markdown(f"**{plain.label(title, 120)}**")
            described = as_worth(build(way.check).describe(), way.is_penalty)
            described = as_labelled(described, found.project.answer)
            st.caption(plain.label(plain.curly(described), 300))
            if way.met_by < MET_BY * way.of:
                st.caption(f":orange[:material/warning:] {_seldom_met(way)}")
            if way.passes is None or way.fails is None:
                st.caption("Not tried yet: it is asked in a run, or when you press its button.")
            else:
                show_answer(":green[:material/check:] Would pass", way.passes)
                show_answer(":red[:material/close:] Would fail", way.fails)
            if st.button("Check it so", key=f"way-take-{number}"):
                chosen = way
    return chosen


def _titles(ways: Sequence[Proposal]) -> list[str]:
    """Return what to call each way; a penalty is told apart from the reward of the same."""
    titles = way_titles([way.check for way in ways])
    return [
        f"{title} {_PENALTY}" if way.is_penalty and _PENALTY not in title else title
        for way, title in zip(ways, titles, strict=True)
    ]


def _say_what_is_left_out(owner: Owner, rule: str, ways: Sequence[Proposal]) -> None:
    """Say which part of a rule the ways below do not look at."""
    said = []
    if any(is_part_left_out(rule, way) for way in ways):
        said.append("Each way below looks at one part of the rule. Write the rest as another rule.")
    condition = next(filter(None, (condition_left_out(rule, way) for way in ways)), "")
    if condition:
        said.append(f"Left out: {plain.label(plain.curly(condition), 200)}.")
        if owner.case is None:
            said.append("To hold it to some cases only, tag them and choose the tag below.")
    if said:
        st.caption(f":orange[:material/warning:] {' '.join(said)}")


def offered(owner: Owner, rule: str, points: float) -> list[Proposal]:
    """Return the ways to check a rule worth so many points, the likeliest first.

    Of a rule that names a fault only those that find it: others would pay for the opposite.
    """
    fault = _is_fault(rule, points)
    ways, _ = _looked_up(owner, rule, fault)
    return [way for way in ways if way.is_penalty or not fault]


def _is_fault(rule: str, points: float) -> bool:
    return points < 0 or reads_like_fault(rule)


def _looked_up(
    owner: Owner, rule: str, fault: bool
) -> tuple[list[Proposal], tuple[Half, Half] | None]:
    """Return the ways to check a rule, and its halves where it asks for two things."""
    found = owner.found
    cases = content_id(owner.case) if owner.case else examples_id(found)
    ids = cases, content_id(found.rubric)
    return _look_up(*ids, rule, fault, passing_failures(), owner.cases, found.rubric)


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


def _offer_two(owner: Owner, rule: str, points: float, after: Callable[[], None]) -> None:
    """Offer to make two criteria of a rule that joins two things with an "and"."""
    _, halves = _looked_up(owner, rule, False)
    if halves is None:
        return
    with st.container(border=True, key="way-two"):
        st.markdown("**That asks for two things.** Each could be a criterion with its own points:")
        for half, title in zip(halves, _titles([half.way for half in halves]), strict=True):
            said = plain.label(half.text, 200), plain.label(title, 120)
            st.markdown(f"- {said[0]} :small[:gray[{said[1]}]]")
            if half.way.was_tried and half.way.is_guess:
                st.caption(f":orange[:material/warning:] {_seldom_met(half.way)}")
        with st.container(horizontal=True):
            two = st.button("Make two criteria", key="way-two-take")
            both = st.button(
                KIND_WORDS["formula"], key="way-two-both", type="tertiary",
                help="The two earn nothing by themselves; a third pays only where both are met.",
            )  # fmt: skip
    if two or both:
        now = owner.again()
        make = partial(only_together, rule) if both else as_criteria
        new = make(halves, points, now.free_ids())
        now.keep([*now.criteria, *new], "a rule made two criteria", "Two criteria were added.")
        after()
        st.rerun()


def _say_none(owner: Owner) -> None:
    """Say why no way to check the rule is offered."""
    if not any(example.reference for example in owner.cases):
        missing = (
            "the case has an answer" if owner.case else "there are training cases with answers"
        )
        st.caption(f"Once {missing}, ways to check the rule appear here.")
        return
    st.caption(
        ":material/help: No check here can tell that from an answer. Reword the rule so that "
        "something can be looked up: an expected value of your cases, words in quotation "
        "marks, a number of words. Or choose a check below"
        + (". " if owner.case else ", or keep the rule for your own eyes. ")
        + f"An AI grader could read the answer for it. {endpoint.obstacle()}"
    )
    if endpoint.obstacle():
        plain.technical(endpoint.how_to_connect())


@st.cache_data(show_spinner=False, max_entries=50)
def _look_up(
    cases_id: str,
    rubric_id: str,
    rule: str,
    fault: bool,
    failures: int,
    _cases: tuple[Example, ...],
    _rubric: Rubric,
) -> tuple[list[Proposal], tuple[Half, Half] | None]:
    ways = propose(rule, _cases, fault, _rubric)
    return ways, divided(rule, _cases, rubric=_rubric) if ways else None


def show_answer(said: str, shown: Shown) -> None:
    """Show an answer to a case under what is said of it."""
    st.caption(f"{said}, for {plain.label(shown.example_id)}")
    plain.block(shown.answer if len(shown.answer) <= 300 else f"{shown.answer[:299]}…")
