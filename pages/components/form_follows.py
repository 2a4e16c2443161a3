"""What follows from a changed answer form, said and asked before it is saved."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from pages.components import plain
from pages.components.state import Current
from pages.components.words import plural
from rft_core.checks.wording import listing
from rft_core.examples.answer_form import alone_said, offered
from rft_core.records import AnswerPart, Criterion
from rft_core.rubric.form_changes import (
    Renamed,
    about,
    choice_changes,
    criteria_called,
    having,
    parts_gone,
)
from rft_core.rubric.from_form import is_of_form
from rft_core.rubric.new_form import with_form

SHOWN_RULES = 3
_WARN = ":orange[:material/warning:]"


class Follows(NamedTuple):
    """What the expert wants to follow."""

    renamed: tuple[Renamed, ...] = ()
    keeps_criteria: bool = True


def ask(found: Current, parts: Sequence[AnswerPart], told: str, key: str) -> Follows:
    """Say what becomes of choices and parts that went, and ask; `told` is the new instruction."""
    renamed, gone = choice_changes(found.project.answer, parts)
    wanted = tuple(one for one in renamed if _is_wanted(found, one, key))
    by_part: dict[str, list[str]] = {}
    for lost in gone:
        by_part.setdefault(lost.field, []).append(lost.choice)
    for field, lost_choices in by_part.items():
        _say_gone(found, field, lost_choices)
    lost_all = [*(one.was for one in renamed), *(one.choice for one in gone)]
    _say_told(told, parts, lost_all)
    _say_not_offered(told, parts, lost_all)
    return Follows(wanted, _keeps_criteria(found, parts, key))


def _is_wanted(found: Current, one: Renamed, key: str) -> bool:
    """Ask whether a choice is called otherwise everywhere, where anything has it."""
    count = len(having(found.examples, found.project.answer, one.field, one.was))
    criteria = [*found.rubric.criteria, *(c for e in found.examples for c in e.criteria or ())]
    if not count and list(criteria_called(criteria, found.project.answer, [one])) == criteria:
        return True
    where = f"in {plural(found.noun, count)}" if count else "in your criteria"
    return st.checkbox(
        f"“{plain.label(one.was)}” is {where}: call it “{plain.label(one.now)}” there too",
        True, key=f"{key}-renamed-{one.field}-{one.was}-{one.now}",
    )  # fmt: skip


def _say_gone(found: Current, field: str, lost: Sequence[str]) -> None:
    form = found.project.answer
    ids = {e.id for choice in lost for e in having(found.examples, form, field, choice)}
    if ids:
        have = "has" if len(ids) == 1 else "have"
        named = listing([f"“{choice}”" for choice in lost], "or")
        st.caption(
            f"{_WARN} {plural(found.noun, len(ids))} {have} {plain.label(named, 200)}, which you "
            "do not offer any longer. Choose anew there after saving."
        )


def _say_told(told: str, parts: Sequence[AnswerPart], lost: Sequence[str]) -> None:
    """Say which choices that went the expert's own instruction still names."""
    still = [choice for part in parts for choice in offered(part).values()]
    for choice in sorted(still, key=len, reverse=True):
        told = re.sub(rf"(?i)(?<!\w){re.escape(choice)}(?!\w)", "", told)
    named = [c for c in lost if re.search(rf"(?i)(?<!\w){re.escape(c)}(?!\w)", told)]
    if named:
        says = plain.label(listing([f"“{choice}”" for choice in named], "and"), 200)
        st.caption(f"{_WARN} Your own instruction still says {says}: change it in the settings.")


def _say_not_offered(told: str, parts: Sequence[AnswerPart], lost: Sequence[str]) -> None:
    """Say that the expert's own instruction lets there be no answer, where no part offers that."""
    still = {choice for part in parts for choice in offered(part)}
    said = dict.fromkeys(none for part in parts for none in alone_said(told, part.kind))
    named = [none for none in said if none not in (*still, *lost)]
    if named:
        says = listing([f"“{none}”" for none in named], "and")
        st.caption(
            f"{_WARN} Your own instruction says {says}, which no part offers. Offer it where it "
            "may be the answer."
        )


def _keeps_criteria(found: Current, parts: Sequence[AnswerPart], key: str) -> bool:
    """Say what goes with parts that went; ask whether the criteria about them stay."""
    gone = parts_gone(found.project.answer, parts)
    if not gone:
        return True
    made = with_form(*found, parts)
    pairs = zip(made.examples, found.examples, strict=True)
    anew = sum(new.reference != old.reference for new, old in pairs)
    of_form = is_of_form(found.rubric.criteria, found.project.answer, found.examples)
    listed = () if of_form else found.rubric.criteria
    criteria = [c for part in gone for of in _lists(found, listed) for c in about(of, part)]
    names = plain.label(listing([f"“{part.label}”" for part in gone]), 200)
    goes, them = ("goes", "it") if len(gone) == 1 else ("go", "them")
    are = "is" if anew == 1 else "are"
    said = f"{names} {goes}: {plural('answer', anew)} {are} written anew without {them}."
    if criteria:
        rules = list(dict.fromkeys(c.text for c in criteria))
        more = f" and {len(rules) - SHOWN_RULES} more" if len(rules) > SHOWN_RULES else ""
        shown = ", ".join(f"“{plain.label(rule, 80)}”" for rule in rules[:SHOWN_RULES])
        said += f" Criteria about {them}: {shown}{more}."
    st.caption(f"{_WARN} {said}")
    if not criteria:
        return True
    count = "1 criterion" if len(criteria) == 1 else f"{len(criteria)} criteria"
    fields = "-".join(part.field for part in gone)
    return not st.checkbox(f"Remove the {count} about {them} too", True, key=f"{key}-gone-{fields}")


def _lists(found: Current, listed: Sequence[Criterion]) -> list[Sequence[Criterion]]:
    """Return the rubric's criteria and those of each case that has some of its own."""
    return [listed, *(e.criteria for e in found.examples if e.criteria)]
