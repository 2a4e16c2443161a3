"""How many cases there are, how much they can show, and what is wrong with them."""

from typing import NamedTuple

import streamlit as st

from pages.components import (
    case_meaning,
    in_view,
    plain,
    redraw,
    saving,
    state,
    steering,
    to_look_at,
)
from pages.components.state import Current
from pages.components.steps import (
    dismissed_findings,
    example_findings,
    is_too_few,
    required_fields,
    rubric_findings,
)
from pages.components.words import capital, in_words_of, plural
from rft_core.examples.look_alikes import corrected, look_alikes
from rft_core.examples.quality import (
    Finding,
    look_alike,
    needed_sentence,
    shown_sentence,
    wanted_change,
)
from rft_core.examples.splitting import assign_splits, label_fields
from rft_core.examples.value_names import renamed, spellings
from rft_core.rubric.findings import Finding as RubricFinding

CASES = "cases"
"""Key of the container with the chosen view of the cases."""
SHOWN = "shown-cases"
"""Where the session keeps the cases of one finding, to which the list is kept: `Shown`."""


class Shown(NamedTuple):
    """Cases of one finding, as it was found."""

    project_id: str
    ids: tuple[str, ...]
    kind: str
    """The kind of finding about cases; "": one about the rubric."""
    criterion_id: str | None
    """The criterion that a finding about the rubric is about, if about one."""


def counts() -> None:
    """Show the two counts and, once it is opened, what they are good for."""
    found = state.require_project()
    train, test = len(found.train), len(found.heldout)
    noun, many = found.noun, plural(found.noun)
    with st.container(horizontal=True, vertical_alignment="center", key="counts"):
        st.markdown(
            f"**{train}** training {noun if train == 1 else many} · **{test}** test "
            f"{noun if test == 1 else many}, kept aside",
            width="content",
        )
        box = st.popover(
            "What can they show?", type="tertiary", icon=":material/insights:", key="worth",
            on_change="rerun",
        )  # fmt: skip
    if box.open:
        with box:
            _worth(found.project.id, test, found.noun)


def show(found: Current) -> None:
    """Say how many things are wrong. Opened: what, each with a button that shows the cases."""
    findings, fine = example_findings(found), dismissed_findings(found)
    if findings:
        box = to_look_at.box(found, len(findings), _icon(findings), "case-findings")
        if box.open:
            with box, to_look_at.list_of(findings):
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


def _icon(findings: list[Finding]) -> str:
    """Return the sign of the worst one. That there are too few yet is nothing wrong."""
    judged = [finding for finding in findings if not is_too_few(finding)]
    if not judged:
        return to_look_at.TO_DO
    stops = any(finding.severity == "stop" for finding in judged)
    return to_look_at.STOP if stops else to_look_at.WARN


def _finding(found: Current, finding: Finding, position: int) -> None:
    text, action = st.columns([6, 2.4], vertical_alignment="center")
    with text:
        to_do = f":gray[{to_look_at.TO_DO}]"
        mark = to_do if is_too_few(finding) else to_look_at.MARKS[finding.severity]
        st.markdown(f"{mark} {plain.label(found.told(finding.message), 600)}")
        st.caption(plain.label(found.told(finding.fix), 300))
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
                    assign_splits(found.examples, labels=label_fields(found.project.answer)),
                    f"{plural(found.project.case_noun)} divided",
                    f"The {plural(found.noun)} were divided.",
                )
                st.rerun()
        elif finding.kind == "two_spellings":
            if st.button("Call it the same", key=f"spell-{position}"):
                names = spellings(found.examples, required_fields(found.rubric))
                said = "Every value has one name now."
                saving.save_examples(found, renamed(found.examples, names), "values renamed", said)
                st.rerun()
        elif finding.kind == "look_alike":
            _call_it_right(found, finding, position)
        elif is_too_few(finding):
            st.button(f"Add {plural(found.noun)}", key="add-too_few", on_click=_add_cases)
        elif finding.example_ids:
            st.button(
                "Show",
                key=f"show-{finding.kind}-{position}",
                on_click=_go_to,
                args=(finding,),
            )


def _call_it_right(found: Current, finding: Finding, position: int) -> None:
    """Offer to put the value that is probably meant in place of a slip of the pen."""
    form, names = found.project.answer, spellings(found.examples, required_fields(found.rubric))
    named = renamed(found.examples, names)
    slip = next(
        (s for s in look_alikes(named, form) if look_alike(s, named).id == finding.id), None
    )
    if slip is None:
        return
    label = f"Call it “{plain.label(slip.right, 30)}”"
    if st.button(label, key=f"slip-{position}"):
        said = f"“{slip.wrong}” is called “{slip.right}” now."
        called = [slip.field, *(name for name, to in names.items() if to == slip.field)]
        slips = [slip._replace(field=name) for name in called]
        right = corrected(found.examples, slips, form)
        saving.save_examples(found, right, "value corrected", said)
        st.rerun()


def wish_for(found: Current, finding: Finding | RubricFinding) -> None:
    """Ask that the Examples page opens the one case of a finding, or lists the several."""
    ids = finding.example_ids
    if len(ids) == 1:
        list_all()
        steering.wish("case-id", ids[0])
    else:
        of = (finding.kind, None) if isinstance(finding, Finding) else ("", finding.criterion_id)
        st.session_state[SHOWN] = Shown(found.project.id, ids, *of)
    steering.wish("examples-view", "One case" if len(ids) == 1 else "Overview")


def list_all() -> None:
    """List all cases again, not those of one finding alone."""
    st.session_state.pop(SHOWN, None)


def shown(found: Current) -> set[str]:
    """Return the ids of the cases to which the list is kept; none means all.

    What has been mended since is not among them, and the list ends with the finding.
    """
    kept: Shown | None = st.session_state.get(SHOWN)
    if kept is None:
        return set()
    ids: set[str] = set()
    if kept.project_id == found.project.id:
        ids = {e.id for e in found.examples} & set(kept.ids) & _found_in(found, kept)
    if not ids:
        list_all()
    return ids


def _found_in(found: Current, kept: Shown) -> set[str]:
    """Return the ids of the cases that findings like the one kept are about by now."""
    if kept.kind:
        alike = [f.example_ids for f in example_findings(found) if f.kind == kept.kind]
    else:
        listed = rubric_findings(found, found.rubric)
        alike = [f.example_ids for f in listed if f.criterion_id == kept.criterion_id]
    return {case_id for ids in alike for case_id in ids}


def _go_to(finding: Finding) -> None:
    found = state.current()
    if found is not None:
        wish_for(found, finding)
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
            st.text(found.told(finding.message))
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
        st.markdown(
            f"{capital(plural(noun))} kept aside for the test show later whether the model "
            "improved."
        )
        return
    st.markdown(
        f"{in_words_of(noun, shown_sentence(test))} The model never learns from them, and its "
        "answers to them are shown only after a run."
    )
    wanted = st.number_input(
        "An improvement that you would like to see, in points of 100",
        min_value=1,
        max_value=100,
        value=round(100 * wanted_change(test)),
        key=f"change-to-be-seen-{project_id}",
        help="The smaller the change that you want to tell from chance, the more test "
        f"{plural(noun)} it takes.",
        persist_state="session",
    )
    st.markdown(in_words_of(noun, needed_sentence(test, wanted / 100)))
