"""Trying one criterion, as it is being written, on an answer that one types."""

import streamlit as st

from pages.components import ai_grader, plain, steering, trial
from pages.components.criteria_owner import Owner
from rft_core.records import Criterion, Example, content_id
from rft_core.rubric.grading import Given, alone, asks


def show(owner: Owner, draft: Criterion, first: str | None) -> None:
    """Draw a closed box; in it, once it is opened, a case, an answer to it and what that earns.

    The case is at first the one with the id `first`. Nothing is graded until an answer is there.
    """
    key = "-".join(("draft-trial", *filter(None, owner.key), draft.id))
    by_id = {case.id: case for case in owner.cases}
    if not by_id:
        return
    box = st.expander(
        "Try this rule on an answer",
        icon=":material/edit_note:",
        key=f"{key}-box",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        case = owner.case or _case(owner, by_id, f"{key}-case", first)
        answer = _answer(case, f"{key}-answer")
        if answer.strip():
            given = _given(owner, draft, answer, case, key)
            st.markdown(trial.verdict_line(owner.found, "This answer", draft, given))
        else:
            st.caption("Type an answer, or take yours, to see what it earns by this rule.")


def _case(owner: Owner, by_id: dict[str, Example], key: str, first: str | None) -> Example:
    if first in by_id:
        st.session_state.setdefault(key, first)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        case = trial.choose(owner.found, by_id, key)
        with st.popover(f"Read the {owner.found.noun}"):
            plain.block(case.case_text)
    return case


def _answer(case: Example, key: str) -> str:
    steering.grant(key, ())
    answer: str = st.text_area(
        "An answer to try", height=100, key=key, placeholder="Type what a model might say",
        persist_state="session",
    )  # fmt: skip
    st.button(
        "Take the expert answer", key=f"{key}-expert", disabled=not case.reference,
        on_click=steering.wish, args=(key, case.reference or ""),
    )  # fmt: skip
    return answer


def _given(owner: Owner, draft: Criterion, answer: str, case: Example, key: str) -> Given:
    """Grade the answer; by an AI grader only once its button is pressed."""
    others = owner.rubric.criteria
    if asks(draft, others):
        if draft.check.kind == "formula":
            ai_grader.say_where(owner.found)
        about = content_id(owner.rubric, draft.check, [draft.applies_to, answer, case])
        given = ai_grader.ask(
            f"{key}-ask", about, lambda: alone(draft, answer, case, others, asking=True)
        )
        if given is not None:
            return given
    return alone(draft, answer, case, others)
