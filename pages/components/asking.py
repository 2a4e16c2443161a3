"""Asking the model as it came about training cases: this computer is measured first, then it runs.

What is under way is read from the job folders, so that a reload or a second window shows it too.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.components import plain
from pages.components.state import Current
from pages.components.words import plural
from rft_core.jobs import submission, supervisor
from rft_core.jobs.folder import ACTIVE, JobFolder, JobState, read_lines
from rft_core.models import timing
from rft_core.models.catalogue import EMBEDDED_ID
from rft_core.records import Example, Project

Config = Callable[[], dict[str, Any]]
"""Returns the config of the job that asks; called when this computer is measured."""


def ask(purpose: str, config: Config) -> None:
    """Ask now, or once this computer is measured."""
    if timing.saved(EMBEDDED_ID) is None:
        submission.start_timing(EMBEDDED_ID)
        st.session_state[_waiting(purpose)] = config
    else:
        supervisor.submit(config())


def is_busy(found: Current, purpose: str) -> bool:
    """Say whether something is under way."""
    waits = _waiting(purpose) in st.session_state
    return waits or is_active(latest(found.project, purpose)) or _timing_job() is not None


def advance(found: Current, purpose: str) -> bool:
    """Show what is under way and start what was waiting for it. False if nothing is."""
    if _timing_job() is not None:
        st.info("Measuring this computer first. It takes about a minute, once.")
        return True
    config = st.session_state.pop(_waiting(purpose), None)
    if config is not None:
        if timing.saved(EMBEDDED_ID) is None:
            _not_measured(found)
            return False
        supervisor.submit(config())
        return True
    job = latest(found.project, purpose)
    if job is None or not is_active(job):
        return False
    now = job.state()
    if now.stage == "waiting" and supervisor.active("train"):
        st.info("Waiting: a training run is using this computer.")
    else:
        total = len(job.config()["examples"])
        done = sum(1 for _ in read_lines(job.answers_file))
        st.progress(done / total, f"{done} of {plural(found.noun, total)} answered")
    if st.button("Stop", icon=":material/stop:", key=f"{purpose}-stop"):
        supervisor.end_now(job)
    return True


def answers(job: JobFolder) -> list[tuple[Example, str]]:
    """Return the cases that a job asked about and what the model said, so far."""
    asked = {e["id"]: Example.model_validate(e) for e in job.config()["examples"] if e["id"]}
    rows = (row for row in read_lines(job.answers_file) if row.get("example_id") in asked)
    return [(asked[row["example_id"]], row["answer"]) for row in rows]


def latest(project: Project, purpose: str) -> JobFolder | None:
    """Return the newest job that asked the model about this project for a purpose."""
    for job in supervisor.jobs():
        if not job.id.startswith("answer-"):
            continue
        config = job.config()
        of_project = (config.get("project") or {}).get("id") == project.id
        if of_project and config.get("purpose") == purpose:
            return job
    return None


def is_active(job: JobFolder | None) -> bool:
    """Say whether a job waits or runs."""
    return job is not None and job.state().status in ACTIVE


def show_failure(found: Current, ended: JobState) -> None:
    """Say why the model could not be asked."""
    st.warning("The model could not be asked.", icon=":material/error:")
    plain.block(found.told(f"{ended.message} {ended.fix}".strip()))


def _waiting(purpose: str) -> str:
    return f"{purpose}-waiting"


def _timing_job() -> JobFolder | None:
    return next(iter(supervisor.active("time")), None)


def _not_measured(found: Current) -> None:
    jobs = [job for job in supervisor.jobs() if job.id.startswith("time-")]
    if jobs:
        show_failure(found, jobs[0].state())
