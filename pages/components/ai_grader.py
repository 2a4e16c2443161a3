"""The AI grader on pages: it is asked when its button is pressed, never by itself."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from pages.components import plain
from pages.components.state import Current
from rft_core.checks import build
from rft_core.checks.judge import Judge
from rft_core.errors import InputError
from rft_core.models import endpoint
from rft_core.records import Criterion, Example, Grade, Rubric, content_id
from rft_core.rubric.grading import Grader

Found = TypeVar("Found")
FEW = 3
"""Expert answers on which a criterion is tried."""
_SAID = "ai-grader-said"


def ask(
    key: str, about: str, found_out: Callable[[], Found], label: str = "Ask the AI grader"
) -> Found | None:
    """Draw the button; return what it found out, None until it is pressed.

    `about` names the content that it is about: of other content nothing was found out yet.
    """
    said = st.session_state.setdefault(_SAID, {})
    if st.button(label, icon=":material/network_intelligence:", key=key):
        with st.spinner("Asking the AI grader…"):
            said[key] = about, found_out()
    known, found = said.get(key, ("", None))
    return found if known == about else None


def grade_all(found: Current, answers: Sequence[tuple[str, Example]], key: str) -> list[Grade]:
    """Grade answers to training cases.

    By the AI grader too, where the rubric asks one and its button is pressed.
    """
    grader = Grader(found.rubric, found.train)
    if any(grader.asked_for(example) for _, example in answers):
        about = content_id(found.rubric, [[answer, example] for answer, example in answers])
        asking = Grader(found.rubric, found.train, asking=True)
        grades = ask(key, about, lambda: asking.grade_all(answers))
        if grades is not None:
            return grades
    return grader.grade_all(answers)


def show_trial(found: Current, criterion: Criterion, cases: Sequence[Example], key: str) -> None:
    """Of a criterion that asks an AI grader: where texts are sent, and what it says of answers."""
    try:
        check = build(criterion.check)
    except InputError:
        return
    if not isinstance(check, Judge):
        return
    if check.obstacle:
        st.caption(f":orange[:material/warning:] {plain.label(check.obstacle, 300)}")
        plain.technical(endpoint.how_to_connect())
        return
    say_where(found)
    answered = [case for case in cases if (case.reference or "").strip()][:FEW]
    if not answered:
        st.caption("Once there is an expert answer, the AI grader can be asked about it here.")
        return
    alone = criterion.model_copy(update={"points": 1.0, "enabled": True, "tags": ()})
    rubric = Rubric(criteria=(alone.model_copy(update={"id": "tried", "text": "tried"}),))
    answers = [(case.reference or "", case) for case in answered]
    grades = ask(
        f"{key}-ask",
        content_id(rubric, answered),
        lambda: Grader(rubric, asking=True).grade_all(answers),
        "Ask the AI grader about my answers",
    )
    for case, grade in zip(answered, grades or (), strict=False):
        plain.block(case.reference or "", f"Your answer to {plain.label(case.id)}")
        st.markdown(f"{_mark(grade.values['tried'])} {plain.label(grade.reasons['tried'], 600)}")


def say_where(found: Current) -> None:
    """Say to whom cases and answers are sent, where they leave this machine."""
    if endpoint.sent_to():
        st.caption(
            f":orange[:material/outbound:] {plain.label(found.told(endpoint.sent_to()), 300)}"
        )


def _mark(value: float | None) -> str:
    if value is None:
        return ":gray[:material/question_mark: Could not be graded.]"
    return ":material/thumb_up:" if value else ":material/thumb_down:"
