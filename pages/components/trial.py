"""Trying the rubric on an answer that one types, explained criterion by criterion."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components import ai_grader, plain, redraw, state, steering
from pages.components.state import Current
from pages.components.words import plural, points_of, reason_in_words_of
from rft_core.records import Criterion, Example, Grade
from rft_core.rubric import rule_words
from rft_core.rubric.grading import Given, alone, points_text
from rft_core.rubric.ingredients import is_penalty

MET, PART, NOT, FAILED = (
    ":green[:material/check:]",
    ":orange[:material/incomplete_circle:]",
    ":red[:material/close:]",
    ":gray[:material/question_mark:]",
)

LONG, LONG_PX = 400, 170
"""Characters of a text from which it gets a box to scroll in, and how high that is."""


def show(_: Current) -> None:
    """Choose a training case, type an answer, see its points."""
    redraw.part(redraw.TRIAL, _trial)


def _trial() -> None:
    with state.errors_as_sentences():
        _try(state.require_project())


def _try(found: Current) -> None:
    example = choose_training_case(found, "trial-case")
    if example is None:
        return
    left, right = st.columns(2, gap="large")
    with left:
        _readable(example.case_text, f"The {found.noun}")
        _readable(example.reference or "", "Your expert answer")
        answer = _answer(found, example)
    with right:
        if not answer.strip():
            st.caption("Type an answer, or take one of the two, to see the points it earns.")
            return
        (grade,) = ai_grader.grade_all(found, [(answer, example)], "trial-ask")
        explain(found, grade, found.rubric.criteria_for(example))


def _readable(text: str, label: str) -> None:
    """Show a text; a long one in a box of its own, so that the answer to try stays in view."""
    if len(text) <= LONG:
        plain.block(text, label)
        return
    st.caption(label)
    with st.container(height=LONG_PX):
        plain.block(text)


def choose_training_case(found: Current, key: str) -> Example | None:
    """Let the user pick a training case; test cases are not offered."""
    by_id = {example.id: example for example in found.train}
    if not by_id:
        many = plural(f"training {found.noun}")
        st.info(f"There are no {many} yet. Add some on the Examples page.")
        return None
    if not found.has_criteria:
        st.info("There are no criteria yet. Add one first.")
        return None
    return choose(found, by_id, key)


def choose(found: Current, by_id: Mapping[str, Example], key: str) -> Example:
    """Let the user pick one of these training cases."""
    steering.grant(key, list(by_id))
    chosen = st.selectbox(
        f"Training {found.noun}",
        list(by_id),
        format_func=lambda i: f"{i} · {' '.join(by_id[i].case_text.split())[:90]}",
        key=key,
        help=found.worded("Test cases are kept aside, so they are not offered here."),
        persist_state="session",
    )
    return by_id[chosen]


def explain(found: Current, grade: Grade, criteria: tuple[Criterion, ...]) -> None:
    """Show the points of an answer, then each criterion with its reason."""
    st.markdown(f"### {points_text(grade)}")
    for criterion in criteria:
        value = grade.values.get(criterion.id)
        reason = _reason(found, criterion, grade.reasons.get(criterion.id, ""))
        lines = [f"{_mark(value, criterion)} {_said(criterion, value)}"]
        lines += [f":small[:gray[{reason}]]"] if reason else []
        with st.container(horizontal=True, wrap=False):
            st.markdown("  \n".join(lines), width="stretch")
            st.markdown(_points(value, criterion), width="content")


def _said(criterion: Criterion, value: float | None) -> str:
    """Return the rule, escaped; of a penalty also what the answer did about it."""
    rule = plain.label(criterion.text, 200)
    if value is None:
        return rule
    return rule_words.kept(criterion, rule) if value == 0 else rule_words.broken(criterion, rule)


def on_expert_answer(
    found: Current, criterion: Criterion, case: Example, others: Sequence[Criterion]
) -> str:
    """Return as a line of a page what the expert's answer to the case earns by one criterion.

    A formula takes its parts from `others`.
    """
    if not (case.reference or "").strip():
        return found.worded("Once the case has an expert answer, what it earns here is shown.")
    given = alone(criterion, case.reference or "", case, others)
    return verdict_line(found, "Your expert answer", criterion, given)


def verdict_line(found: Current, said: str, criterion: Criterion, given: Given) -> str:
    """Return as a line of a page what something, named by a page word, earns by one criterion."""
    value, reason = given
    line = f"{_mark(value, criterion)} {said}: {_points(value, criterion)}"
    return f"{line} · {_reason(found, criterion, reason)}"


def _reason(found: Current, criterion: Criterion, reason: str) -> str:
    project = found.project
    said = reason_in_words_of(project.case_noun, criterion, reason, project.answer)
    return plain.label(said, 300)


def _answer(found: Current, example: Example) -> str:
    key = f"trial-answer-{found.project.id}"
    steering.grant(key, ())
    answer = st.text_area(
        "An answer to try",
        height=130,
        key=key,
        placeholder="Type what a model might say",
        persist_state="session",
    )
    with st.container(horizontal=True):
        if st.button("Take the expert answer", key="trial-expert", disabled=not example.reference):
            steering.wish(key, example.reference or "")
            redraw.this_part()
        if st.button(f"Take another {found.noun}'s answer", key="trial-other"):
            steering.wish(key, _other(found, example))
            redraw.this_part()
    return answer


def _other(found: Current, example: Example) -> str:
    """Return the answer to the next training case that is answered differently."""
    listed = list(found.train)
    place = [e.id for e in listed].index(example.id)
    around = [*listed[place + 1 :], *listed[:place]]
    return next(
        (e.reference for e in around if e.reference and e.reference != example.reference), ""
    )


def _mark(value: float | None, criterion: Criterion) -> str:
    if value is None:
        return FAILED
    if 0 < value < 1:
        return PART
    return MET if bool(value) != is_penalty(criterion) else NOT


def _points(value: float | None, criterion: Criterion) -> str:
    if value is None:
        return ":gray[could not be graded]"
    if criterion.points == 0:
        return ":gray[in a formula]"
    if criterion.points > 0:
        return (
            f"{points_of(round(value * criterion.points, 2), sign=False)} of {criterion.points:g}"
        )
    lost = round(value * criterion.points, 2)
    return f":red[{points_of(lost)}]" if lost else f":gray[{rule_words.kept_word(criterion)}]"
