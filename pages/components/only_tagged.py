"""Which cases a criterion is for: chosen by their tags, beside what its rule says of that."""

from collections.abc import Sequence

import streamlit as st

from pages.components import plain
from pages.components.criteria_owner import Owner
from pages.components.words import plural
from rft_core.records import Criterion
from rft_core.rubric.rules.cases_meant import held_to
from rft_core.rubric.rules.left_out import condition_of, condition_unread
from rft_core.rubric.rules.proposals import Proposal

_WARNING = ":orange[:material/warning:]"


def only_for(noun: str, tags: Sequence[str]) -> str:
    """Return which cases a criterion with tags is for, escaped; empty for all of them."""
    named = plain.label(", ".join(tags), 200)
    return f"Only for {plural(noun)} tagged {named}" if tags else ""


def of_ways(rule: str, ways: Sequence[Proposal]) -> str:
    """Return the words of a rule that say which cases it is for, which no way looks at."""
    if not ways:
        return condition_of(rule)
    unread = (condition_unread(way.text or rule, way.check) for way in ways if way.was_tried)
    return next(filter(None, unread), "")


def beside_rule(
    owner: Owner, rule: str, meant: str, named: Sequence[str], criterion: Criterion, key: str
) -> bool:
    """Draw the choice of tags where a rule is `meant` for some cases, or has tags; say if it was.

    `named` are the tags that the rule names: they are chosen when it comes to name them, and no
    longer once it does not.
    """
    _follow(tuple(named), criterion, f"{key}-tags")
    if owner.case is not None or not (meant or named or criterion.tags):
        return False
    any_known = bool(known_tags(owner, criterion))
    if said := _said(owner, rule, meant, chosen(criterion, key), any_known):
        st.caption(said)
    choose(owner, criterion, key)
    return True


def _follow(named: tuple[str, ...], criterion: Criterion, name: str) -> None:
    """Choose the tags that a rule has come to name, in place of those that it named before."""
    before: tuple[str, ...] = st.session_state.get(f"{name}-named", ())
    st.session_state[f"{name}-named"] = named
    if named == before:
        return
    if named or tuple(st.session_state.get(name, ())) == before:
        st.session_state[name] = list(named or criterion.tags)


def _said(owner: Owner, rule: str, meant: str, tags: Sequence[str], any_known: bool) -> str:
    """Say what becomes of the words by which a rule is meant for some cases only."""
    if not meant:
        return ""
    words = plain.label(plain.curly(meant), 200)
    if tags:
        held = held_to(rule, tags)
        if held and not held.is_all:
            return f"{_WARNING} Of “{words}” no more is looked at than the tag."
        return f":material/label: The rule says “{words}”: the tag holds it to these."
    how = (
        "choose their tag here. Tags are given in the Overview of Examples."
        if any_known
        else "give them a tag first, in the Overview of Examples. It can be chosen here then."
    )
    hold = owner.found.worded("To hold it to some cases only")
    return f"{_WARNING} Left out: {words}. {hold}, {how}"


def known_tags(owner: Owner, criterion: Criterion) -> list[str]:
    """Return the tags to choose from; a case's own criterion needs none."""
    cases = owner.found.examples if owner.case is None else ()
    used = (tag for example in cases for tag in example.tags)
    return list(dict.fromkeys((*used, *criterion.tags)))


def chosen(criterion: Criterion, key: str) -> tuple[str, ...]:
    """Return the tags that are chosen, also before the choice is drawn."""
    return tuple(st.session_state.get(f"{key}-tags", criterion.tags))


def choose(owner: Owner, criterion: Criterion, key: str) -> None:
    """Draw the choice of tags."""
    many, known, name = plural(owner.found.noun), known_tags(owner, criterion), f"{key}-tags"
    if name in st.session_state:  # A tag may be gone, in another window or since the last visit.
        st.session_state[name] = [tag for tag in st.session_state[name] if tag in known]
    st.multiselect(
        f"Only for {many} tagged",
        known,
        default=None if name in st.session_state else list(criterion.tags),
        placeholder=f"All {many}" if known else "No tags yet",
        disabled=not known,
        key=name,
        help=f"In other {many} the rule earns and costs nothing. Of several tags, one is enough.",
        persist_state="session",
    )
