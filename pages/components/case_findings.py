"""How many cases there are, how much they can show, and what is wrong with them."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import case_meaning, in_view, plain, redraw, saving, state, steering
from pages.components.state import Current
from pages.components.steps import dismissed_findings, example_findings, required_fields
from pages.components.words import as_labelled, capital, in_words_of, plural
from rft_core.examples.quality import Finding, needed_sentence, shown_sentence, wanted_change
from rft_core.examples.splitting import assign_splits
from rft_core.examples.value_names import renamed, spellings

MARKS = {"stop": ":red[:material/block:]", "warn": ":orange[:material/warning:]"}
CASES = "cases"
"""Key of the container with the chosen view of the cases."""
LIST_HEIGHT = 300
"""Pixels of a list of findings; more are scrolled to."""
SHOWN = "shown-cases"
"""Where the session keeps the cases of one finding, to which the list is kept: `Shown`."""


class Shown(NamedTuple):
    """Cases of one finding."""

    ids: tuple[str, ...]
    kind: str = ""
    """The kind of finding about cases; "": one about the rubric."""


def counts() -> None:
    """Show the two counts, and what they are good for."""
    found = state.require_project()
    train, test = len(found.train), len(found.heldout)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="counts"):
        st.metric(f"Training {plural(found.noun)}", train, width=140)
        st.metric(f"Test {plural(found.noun)}, kept aside", test, width=200)
        with st.container(width="stretch"):
            redraw.part(redraw.WORTH, _worth, found.project.id, test, found.noun)


def show(found: Current) -> None:
    """Say how many things are wrong. Opened: what, each with a button that shows the cases."""
    findings, fine = example_findings(found), dismissed_findings(found)
    if findings:
        stops = sum(finding.severity == "stop" for finding in findings)
        box = st.expander(
            f"{plural('thing', len(findings))} to look at",
            icon=":material/block:" if stops else ":material/warning:",
            key="case-findings", on_change="rerun",
        )  # fmt: skip
        if box.open:
            with box, list_of(findings):
                for position, finding in enumerate(findings):
                    _finding(found, finding, position)
    with st.container(horizontal=True, vertical_alignment="center", key="all-findings"):
        if not findings:
            rest = " else" if fine else ""
            st.caption(
                f":green[:material/check:] Nothing{rest} is wrong with the {plural(found.noun)}, "
                f"as far as can be seen in {plural(found.noun, len(found.examples))}."
            )
        if fine:
            _fine(found, fine)
        case_meaning.show(found)


def list_of(findings: Sequence[object]) -> DeltaGenerator:
    """Return the place for a list of findings, which leaves the page in view below it."""
    return st.container(height=LIST_HEIGHT if len(findings) > 3 else "content", border=False)


def _said(found: Current, text: str) -> str:
    """Return a sentence of a finding in the project's words for cases and values."""
    return in_words_of(found.project.case_noun, as_labelled(text, found.project.answer))


def _finding(found: Current, finding: Finding, position: int) -> None:
    text, action = st.columns([6, 2.4], vertical_alignment="center")
    with text:
        st.markdown(f"{MARKS[finding.severity]} {plain.label(_said(found, finding.message), 600)}")
        st.caption(plain.label(_said(found, finding.fix), 300))
    with action.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if finding.severity == "warn" and st.button(
            "This is fine", key=f"fine-{finding.kind}-{position}", type="tertiary",
            help="Do not tell me about this again, unless something about it changes.",
        ):  # fmt: skip
            _dismiss(found, (*found.project.dismissed, finding.id), "marked as fine")
        if finding.kind == "no_split":
            if st.button("Divide them", key="divide"):
                saving.save_examples(
                    found,
                    assign_splits(found.examples),
                    "cases divided",
                    f"The {plural(found.noun)} were divided.",
                )
                st.rerun()
        elif finding.kind == "two_spellings":
            if st.button("Call it the same", key=f"spell-{position}"):
                names = spellings(found.examples, required_fields(found.rubric))
                said = "Every value has one name now."
                saving.save_examples(found, renamed(found.examples, names), "values renamed", said)
                st.rerun()
        elif finding.kind == "too_few":
            st.button(f"Add {plural(found.noun)}", key="add-too_few", on_click=_add_cases)
        elif finding.example_ids:
            st.button(
                "Show",
                key=f"show-{finding.kind}-{position}",
                on_click=_go_to,
                args=(finding.example_ids, finding.kind),
            )


def wish_for(example_ids: tuple[str, ...], kind: str = "") -> None:
    """Ask that the Examples page opens the one case, or lists the several."""
    st.session_state[SHOWN] = Shown(example_ids, kind)
    if len(example_ids) == 1:
        steering.wish("case-id", example_ids[0])
    steering.wish("examples-view", "One case" if len(example_ids) == 1 else "Overview")


def shown(found: Current) -> set[str]:
    """Return the ids of the cases to which the list is kept; none means all.

    What has been mended since is not among them.
    """
    kept: Shown = st.session_state.get(SHOWN, Shown(()))
    ids = {e.id for e in found.examples} & set(kept.ids)
    if ids and kept.kind:
        now = (f.example_ids for f in example_findings(found) if f.kind == kept.kind)
        ids &= {i for these in now for i in these}
    return ids


def _go_to(example_ids: tuple[str, ...], kind: str) -> None:
    wish_for(example_ids, kind)
    in_view.wish(CASES)
    redraw.only(redraw.CASES)


def _add_cases() -> None:
    steering.wish("examples-view", "Import")
    in_view.wish(CASES)
    redraw.only(redraw.CASES)


def _fine(found: Current, fine: list[Finding]) -> None:
    """Say what was said to be fine, and offer to take that back."""
    with st.popover(f"{plural('thing', len(fine))} marked as fine", type="tertiary"):
        for finding in fine:
            st.text(_said(found, finding.message))
        if st.button("Tell me again", key="fine-back"):
            taken_back = {finding.id for finding in fine}
            left = tuple(i for i in found.project.dismissed if i not in taken_back)
            _dismiss(found, left, "told again")


def _dismiss(found: Current, dismissed: tuple[str, ...], done: str) -> None:
    project = found.project.with_changes(dismissed=dismissed)
    saving.save_project(found, project, f"a thing to look at {done}", f"{done.capitalize()}.")
    st.rerun()


def _worth(project_id: str, test: int, noun: str) -> None:
    """Say what the test cases can show, and how many show a change that the expert chooses."""
    if not test:
        st.caption(
            f"{capital(plural(noun))} kept aside for the test show later whether the model "
            "improved."
        )
        return
    said, choice = st.columns([3.4, 1.3], vertical_alignment="center")
    wanted = choice.number_input(
        "Points of 100",
        min_value=1,
        max_value=100,
        value=round(100 * wanted_change(test)),
        key=f"change-to-be-seen-{project_id}",
        persist_state="session",
    )
    told = in_words_of(noun, f"{shown_sentence(test)} {needed_sentence(test, wanted / 100)}")
    said.caption(
        f"{told} The model never learns from them, and its answers to them are shown only after "
        "a run."
    )
