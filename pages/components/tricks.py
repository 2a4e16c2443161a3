"""Trying to fool the rubric: what tricks earn, and what would stop those that pay."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components import ai_grader, criterion_form, plain, saving, tables
from pages.components.state import Current
from pages.components.steps import examples_id
from pages.components.words import plural, points_of
from rft_core.checks import passing_failures
from rft_core.records import AnswerPart, Criterion, Example, Rubric, content_id
from rft_core.rubric.fooling import (
    FEW_ASKED,
    Caught,
    DrawnOut,
    drawn_out_answers,
    spring,
)
from rft_core.rubric.grading import Grader
from rft_core.rubric.lint import KNOWN
from rft_core.rubric.partial_tricks import SLIPS_AT
from rft_core.rubric.unseen_parts import Kept, kept_with_others

HARDLY_COUNTS = 0.95
"""Share of its points, and of those for the words themselves, from which a right answer with
another case's words is warned about."""


def show(found: Current) -> None:
    """Show what each trick earns on the training cases; for those that pay, how to stop them."""
    if not found.has_criteria:
        st.info("There are no criteria yet. Add one first.")
        return
    st.caption(
        "Practice finds whatever the rubric pays for. Here tricks are made from your training "
        f"{plural(found.noun)} and graded: none should earn half of what your own answers earn."
    )
    ids = content_id(found.rubric), examples_id(found)
    caught = _by_ai_grader(found, "-".join(ids))
    if caught is None:
        caught = _spring(*ids, passing_failures(), found.rubric, tuple(found.train))
    if not caught:
        st.info(f"There is no training {found.noun} with an expert answer that earns points yet.")
        return
    slipping = [one for one in caught if one.slips]
    tried = plural("trick answer", sum(one.answers for one in caught))
    basis = f"{tried} to {plural(f'training {found.noun}', max(one.answers for one in caught))}"
    if slipping:
        st.markdown(f"**{plural('trick', len(slipping))} would pay.** Tried were {basis}.")
    else:
        st.success(f"No trick pays, in {basis}.", icon=":material/check:")
    kept = _words_kept(found)
    _about_words(found, kept, hardly_counts=True)
    _table(found, caught)
    for one in slipping:
        with st.container(border=True, key=f"trick-{one.name}"):
            _explain(found, one)
    long = _drawn_out(*ids, passing_failures(), found.rubric, tuple(found.train))
    if long is not None:
        _about_length(found, long)
    _about_words(found, kept, hardly_counts=False)


def _table(found: Current, caught: Sequence[Caught]) -> None:
    """Show what each trick earns: of all points and, where it changes one value, of its points."""
    partial = any(one.is_partial for one in caught)
    if partial:
        st.caption(
            "A trick that gets one value wrong rightly keeps the points of the others, so it is "
            "judged by the points for what it changes: it pays where it earns half of these."
        )
    tables.show(
        ["Trick", "Earns, of what your answers earn",
         *(["Of the points for what it changes"] if partial else []), ""],
        [
            [
                found.told(one.title),
                f"{one.whole:.0%}",
                *([f"{one.share:.0%}" if one.is_partial else "–"] if partial else []),
                "pays" if one.slips else "does not pay",
            ]
            for one in caught
        ],
        alarming=[i for i, one in enumerate(caught) if one.slips],
    )  # fmt: skip


def _words_kept(found: Current) -> dict[str, Kept]:
    """Return what a right answer keeps with another case's words, by the part that has them."""
    form = found.project.answer
    ids = content_id(found.rubric), examples_id(found), content_id(form)
    return _with_others(*ids, passing_failures(), found.rubric, tuple(found.train), form)


def _about_words(found: Current, kept: Mapping[str, Kept], hardly_counts: bool) -> None:
    """Say what a right answer keeps with another case's words where the expert words freely.

    As a warning where they hardly count: where the points for them are kept as well.
    """
    for label, share in kept.items():
        kept_own = share.whole if share.own is None else share.own
        if hardly_counts != (min(share.whole, kept_own) >= HARDLY_COUNTS):
            continue
        own = ""
        if share.own is not None and share.own < share.whole:
            own = f", and {share.own:.0%} of those for “{plain.label(label)}” itself"
        said = (
            f"The right answer with the “{plain.label(label)}” of another {found.noun} keeps "
            f"{share.whole:.0%} of its points{own}."
        )
        if hardly_counts:
            st.warning(f"{said} What stands there hardly counts.", icon=":material/warning:")
        else:
            st.caption(said)


def _about_length(found: Current, long: DrawnOut) -> None:
    """Say what a right answer keeps that is drawn out; no trick, but not what most want."""
    keeps = f"A right answer with rambling after it, ten times as long, keeps {long.share:.0%}"
    if long.remedy is None:
        st.caption(f"{keeps} of its points.")
        return
    st.markdown(f"{keeps} of its points: nothing in this rubric minds length.")
    st.caption(f"If length matters to you: **{_said(long.remedy, None)}**")
    if st.button("Add this", key="remedy-drawn-out", icon=":material/add:"):
        changed = found.rubric.with_criterion(long.remedy)
        saving.save_rubric(found, changed, "a limit of length", "The criterion was added.")
        st.rerun()


def _by_ai_grader(found: Current, about: str) -> list[Caught] | None:
    """Offer to ask the AI grader too; return what it found once its button was pressed."""
    if not any(map(Grader(found.rubric, found.train).asked_for, found.train)):
        return None
    st.caption(
        ":orange[:material/warning:] The AI grader can be fooled as well. It is asked about these "
        f"tricks only when you press the button, on {FEW_ASKED} of your {plural(found.noun)}; "
        "without it, what follows leaves its criteria out."
    )
    ai_grader.say_where(found)
    return ai_grader.ask(
        "tricks-ask", about, lambda: spring(found.rubric, tuple(found.train), asking=True)
    )


@st.cache_data(show_spinner="Trying tricks…", max_entries=20)
def _spring(
    rubric_id: str, train_id: str, failures: int, _rubric: Rubric, _train: tuple[Example, ...]
) -> list[Caught]:
    return spring(_rubric, _train, known=KNOWN)


@st.cache_data(show_spinner=False, max_entries=20)
def _drawn_out(
    rubric_id: str, train_id: str, failures: int, _rubric: Rubric, _train: tuple[Example, ...]
) -> DrawnOut | None:
    return drawn_out_answers(_rubric, _train, known=KNOWN)


@st.cache_data(show_spinner=False, max_entries=20)
def _with_others(
    rubric_id: str,
    train_id: str,
    form_id: str,
    failures: int,
    _rubric: Rubric,
    _train: tuple[Example, ...],
    _form: tuple[AnswerPart, ...],
) -> dict[str, Kept]:
    return kept_with_others(_rubric, _train, _form)


def _explain(found: Current, one: Caught) -> None:
    """Show a trick that pays: such an answer, who pays for it, what would stop it."""
    of = " of the points for what it changes" if one.is_partial else ""
    st.markdown(
        f"**{found.worded(one.title)}** earns {one.share:.0%}{of}; under {SLIPS_AT:.0%} is safe."
    )
    plain.block(one.answer, f"Such an answer, to {plain.label(one.example_id)}")
    named = {c.id: c for c in found.rubric.criteria}
    payers = [named[i].text for i in one.paid_by if i in named]
    if payers:
        st.caption(f"It is paid by: {plain.label('; '.join(payers), 400)}")
    if one.remedy is None:
        st.text("No check here can tell it from a right answer. Keep such answers for your review.")
        return
    old = named.get(one.remedy.id)
    st.markdown(f"Would stop it: **{_said(one.remedy, old)}**")
    told = criterion_form.read_back(one.remedy.check, found.rubric, one.remedy.points)
    st.caption(plain.label(found.told(told), 300))
    if st.button("Do this", key=f"remedy-{one.name}", icon=":material/add:"):
        changed = found.rubric.with_criterion(one.remedy)
        done = "The points were changed." if old else "The criterion was added."
        saving.save_rubric(found, changed, f"against the trick “{found.told(one.title)}”", done)
        st.rerun()


def _said(remedy: Criterion, old: Criterion | None) -> str:
    points = points_of(remedy.points)
    if old is not None:
        return f"{points} instead of {points_of(old.points)} for {plain.quoted(old.text, 200)}"
    return f"{points} for {plain.quoted(remedy.text, 200)}"
