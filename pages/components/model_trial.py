"""Trying the rubric on the model's own answers to training cases, before any training.

What is under way is read from the job folders, so that a reload or a second window shows it too.
"""

from statistics import fmean

import streamlit as st

from pages.components import plain, state
from pages.components.state import Current
from pages.components.trial import explain
from pages.components.words import plural
from rft_core.jobs import submission, supervisor
from rft_core.jobs.folder import ACTIVE, JobFolder, JobState, read_lines
from rft_core.models import timing
from rft_core.models.catalogue import EMBEDDED_ID
from rft_core.records import Example
from rft_core.reports import points
from rft_core.rubric.grading import Grader, points_text

CHOICES = (4, 8, 16)
_WAITING = "model-trial-waiting"
"""How many cases to ask once this machine is timed."""


def show(found: Current) -> None:
    """Ask the untrained model, and grade what it said with the rubric as it is now."""
    if not found.train or not found.rubric.criteria:
        st.info("This needs at least one training case and one criterion.")
        return
    st.caption(
        "The model as it came answers some of your training cases, and your rubric grades the "
        "answers. Read them: do the points say what you would say? Test cases are never used here."
    )
    job = _latest(found)
    busy = _is_active(job) or _timing_job() is not None or _WAITING in st.session_state
    if not busy:
        _ask(found)
    st.fragment(_watch, run_every=2 if busy else None)(found, busy)


def _ask(found: Current) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        counts = [n for n in CHOICES if n < len(found.train)] or [len(found.train)]
        count = st.segmented_control(
            "Training cases", counts, default=counts[0], key="model-trial-count", required=True
        )
        if st.button("Ask the model", type="primary", key="model-trial-ask"):
            if timing.saved(EMBEDDED_ID) is None:
                submission.start_timing(EMBEDDED_ID)
                st.session_state[_WAITING] = count
            else:
                _submit(found, count)
            st.rerun()


def _submit(found: Current, count: int) -> None:
    supervisor.submit(
        submission.answer_config(found.project, _spread(found.train, count), EMBEDDED_ID)
    )


def _watch(found: Current, busy: bool) -> None:
    """Show progress, then the graded answers; runs again by itself while something is under way."""
    with state.errors_as_sentences():
        going_on = _advance(found)
        if busy and not going_on:
            st.rerun()
        job = _latest(found)
        if job is not None:
            _answers(found, job)


def _advance(found: Current) -> bool:
    """Show what is under way and start what was waiting for it. False if nothing is."""
    measuring = _timing_job()
    if measuring is not None:
        st.info("Measuring this computer first. It takes about a minute, once.")
        return True
    count = st.session_state.pop(_WAITING, None)
    if count is not None:
        if timing.saved(EMBEDDED_ID) is None:
            _not_measured()
            return False
        _submit(found, count)
        return True
    job = _latest(found)
    if job is None or not _is_active(job):
        return False
    now = job.state()
    if now.stage == "waiting" and supervisor.active("train"):
        st.info("Waiting: a training run is using this computer.")
    else:
        total = len(job.config()["examples"])
        done = sum(1 for _ in read_lines(job.answers_file))
        st.progress(done / total, f"{done} of {plural('case', total)} answered")
    if st.button("Stop", icon=":material/stop:", key="model-trial-stop"):
        supervisor.end_now(job)
    return True


def _answers(found: Current, job: JobFolder) -> None:
    asked = {e["id"]: Example.model_validate(e) for e in job.config()["examples"]}
    rows = [row for row in read_lines(job.answers_file) if row.get("example_id") in asked]
    ended = job.state()
    if not rows:
        if ended.status not in (*ACTIVE, "finished"):
            _failed(ended)
        return
    grader = Grader(found.rubric)
    graded = [(asked[row["example_id"]], row["answer"]) for row in rows]
    grades = [grader.grade(answer, example) for example, answer in graded]
    average = fmean(g.net for g in grades)
    possible = points.shown(fmean(g.possible for g in grades))
    st.markdown(
        f"**{average:.1f} of {possible} points on average**, over "
        f"{plural('case', len(grades))}, before any training."
    )
    for position, ((example, answer), grade) in enumerate(zip(graded, grades, strict=True)):
        title = f"{plain.label(example.id)}: {points_text(grade)}"
        with st.expander(title, expanded=position == 0):
            left, right = st.columns(2, gap="large")
            with left:
                plain.block(example.case_text, "The case")
                plain.block(example.reference or "", "Your expert answer")
                plain.block(answer, "What the model said")
            with right:
                explain(grade, grader.criteria_for(example))


def _latest(found: Current) -> JobFolder | None:
    """Return the newest job that asked the model about this project."""
    for job in supervisor.jobs():
        if not job.id.startswith("answer-"):
            continue
        config = job.config()
        if (config.get("project") or {}).get("id") == found.project.id:
            return job
    return None


def _timing_job() -> JobFolder | None:
    return next(iter(supervisor.active("time")), None)


def _is_active(job: JobFolder | None) -> bool:
    return job is not None and job.state().status in ACTIVE


def _spread(train: tuple[Example, ...], count: int) -> tuple[Example, ...]:
    """Return `count` cases at even distances."""
    return tuple(train[i * len(train) // count] for i in range(count))


def _not_measured() -> None:
    jobs = [job for job in supervisor.jobs() if job.id.startswith("time-")]
    if jobs:
        _failed(jobs[0].state())


def _failed(ended: JobState) -> None:
    st.warning("The model could not be asked.", icon=":material/error:")
    plain.block(f"{ended.message} {ended.fix}".strip())
