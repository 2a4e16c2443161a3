"""Trying the rubric on the model's own answers to training cases, before any training."""

from collections.abc import Sequence
from statistics import fmean

import streamlit as st

from pages.components import ai_grader, asking, plain, state, tables
from pages.components.state import Current
from pages.components.trial import explain
from pages.components.words import plural, points_of
from rft_core.jobs import submission
from rft_core.jobs.folder import ACTIVE, JobFolder
from rft_core.models.catalogue import EMBEDDED_ID
from rft_core.records import Criterion, Example, Grade
from rft_core.reports import points
from rft_core.rubric.grading import Grader, points_text
from rft_core.rubric.ingredients import is_penalty
from rft_core.rubric.leeway import leeways
from rft_core.rubric.rule_words import kept

CHOICES = (4, 8, 16)
PURPOSE = "model-trial"


def show(found: Current) -> None:
    """Ask the untrained model, and grade what it said with the rubric as it is now."""
    if not found.train or not found.has_criteria:
        st.info(f"This needs at least one training {found.noun} and one criterion.")
        return
    many = plural(found.noun)
    st.caption(
        f"The model as it came answers some of your training {many}, and your rubric grades the "
        f"answers. Read them: do the points say what you would say? Test {many} are never used "
        "here."
    )
    busy = asking.is_busy(found, PURPOSE)
    if not busy:
        _ask(found)
    st.fragment(_watch, run_every=2 if busy else None)(found, busy)


def _ask(found: Current) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        counts = [n for n in CHOICES if n < len(found.train)] or [len(found.train)]
        count = counts[0]
        if len(counts) > 1:
            count = st.segmented_control(
                f"Training {plural(found.noun)}",
                counts,
                default=counts[0],
                required=True,
                key="model-trial-count",
            )
        if st.button("Ask the model", type="primary", key="model-trial-ask"):
            cases = _cases(found, count)
            asking.ask(
                PURPOSE,
                lambda: submission.answer_config(found.project, cases, EMBEDDED_ID, PURPOSE),
            )
            st.rerun()


def _watch(found: Current, busy: bool) -> None:
    """Show progress, then the graded answers; runs again by itself while something is under way."""
    with state.errors_as_sentences():
        going_on = asking.advance(found, PURPOSE)
        if busy and not going_on:
            st.rerun()
        job = asking.latest(found.project, PURPOSE)
        if job is not None:
            _answers(found, job)


def _answers(found: Current, job: JobFolder) -> None:
    graded = asking.answers(job)
    ended = job.state()
    if not graded:
        if ended.status not in (*ACTIVE, "finished"):
            asking.show_failure(found, ended)
        return
    answers = [(answer, example) for example, answer in graded]
    grades = ai_grader.grade_all(found, answers, "model-trial-ai-grader")
    average = fmean(g.net for g in grades)
    possible = points.exact(fmean(g.possible for g in grades))
    st.markdown(
        f"**{average:.1f} of {possible} points on average**, over "
        f"{plural(found.noun, len(grades))}, before any training."
    )
    _by_criterion(found, [example for example, _ in graded], grades)
    for position, ((example, answer), grade) in enumerate(zip(graded, grades, strict=True)):
        title = f"{plain.label(example.id)}: {points_text(grade)}"
        with st.expander(title, expanded=position == 0):
            left, right = st.columns(2, gap="large")
            with left:
                plain.block(example.case_text, f"The {found.noun}")
                plain.block(example.reference or "", "Your expert answer")
                plain.block(answer, "What the model said")
            with right:
                explain(found, grade, found.rubric.criteria_for(example))


def _by_criterion(found: Current, cases: Sequence[Example], grades: Sequence[Grade]) -> None:
    """Show how each criterion comes out, and where it is alike on all of the model's answers."""
    own = Grader(found.rubric, cases)
    expert = [own.grade(case.reference or "", case) for case in cases if case.reference]
    rows = leeways(found.rubric.active, expert, grades)
    if not rows:
        return
    seen = {row.criterion.id for row in rows}
    for criterion in found.rubric.active:
        if criterion.tags and criterion.points and criterion.id not in seen:
            st.caption(
                f"{plain.quoted(criterion.text, 100)} is left out: it is for {plural(found.noun)} "
                f"tagged {plain.label(' or '.join(criterion.tags))}, and none of these is."
            )
    tables.show(
        [
            "How far each criterion is met, or a penalty avoided",
            "Points",
            "By your answers",
            "By the model's",
            "",
        ],
        [
            [
                kept(row.criterion, row.criterion.text),
                points_of(row.criterion.points),
                _share(row.criterion, row.expert),
                _share(row.criterion, row.model),
                row.remark,
            ]
            for row in rows
        ],
    )


def _share(criterion: Criterion, value: float | None) -> str:
    """Return how far a criterion is met; of a penalty, how far it is avoided."""
    if value is None:
        return "–"
    return f"{1 - value if is_penalty(criterion) else value:.0%}"


def _cases(found: Current, count: int) -> tuple[Example, ...]:
    """Return `count` cases, one for each rule that is for tagged cases only, if there is one."""
    spread = _spread(found.train, count)
    picked: list[Example] = []
    for rule in (c for c in found.rubric.active if c.tags):
        if not any(map(rule.counts_for, picked)):
            picked += [e for e in (*spread, *found.train) if rule.counts_for(e)][:1]
    ids = list(dict.fromkeys(e.id for e in (*picked, *spread)))[:count]
    return tuple(e for e in found.train if e.id in ids)


def _spread(train: tuple[Example, ...], count: int) -> tuple[Example, ...]:
    """Return `count` cases at even distances."""
    return tuple(train[i * len(train) // count] for i in range(count))
