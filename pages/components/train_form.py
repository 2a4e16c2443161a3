"""Choose how thorough, see what it takes, start."""

import streamlit as st

from pages.components import ai_grader, state
from pages.components.state import Current
from pages.components.steps import examples_id
from pages.components.words import plural
from rft_core.errors import RftError
from rft_core.jobs import submission, supervisor
from rft_core.jobs.folder import JobFolder
from rft_core.models import catalogue, timing
from rft_core.rubric.grading import Grader
from rft_core.store.versions import rubric_version_id
from rft_core.training.plan import PRESETS, TrainingPlan

SETTINGS = {
    "warm_epochs": "Times your answers are read",
    "warm_learning_rate": "Step size while reading",
    "steps": "Practice rounds",
    "prompts_per_step": "Cases in a round",
    "group_size": "Answers to each case",
    "learning_rate": "Step size while practising",
    "temperature": "Variety of practice answers",
    "max_new_tokens": "Longest answer, in word pieces",
    "lora_rank": "Size of what is learned (rank)",
    "threads": "Processor cores used",
    "few_shot": "Cases shown to the model before",
}
"""What the settings are called on the page."""
ANSWERS_TO_TEST_CASE = 6
"""Of four versions of the model, and the two that need no model."""


def show(found: Current) -> None:
    """Show the form; time this machine first where that has not been done."""
    st.subheader("How thorough?")
    model_id = _model()
    if model_id is None:
        return
    if timing.saved(model_id) is None:
        _time_first(model_id)
        return
    names = list(PRESETS)
    preset = st.radio(
        "How thorough?",
        names,
        format_func=lambda name: PRESETS[name].title,
        captions=[_caption(found, name, model_id) for name in names],
        label_visibility="collapsed",
        key="preset",
    )
    plan = submission.make_plan(found.project, found.examples, preset, model_id)
    _explain(found, plan, model_id)
    seed = _seed()
    reason = state.studio().is_exploratory(
        found.project.id, examples_id(found), rubric_version_id(found.rubric)
    )
    if reason:
        st.warning("The verdict of this run will be exploratory.", icon=":material/info:")
        st.text(reason)
    if st.button("Start training", type="primary", icon=":material/play_arrow:", key="start"):
        _start(found, plan, model_id, seed, reason)


def _model() -> str | None:
    entries = {entry.id: entry for entry in catalogue.entries()}
    chosen = st.selectbox(
        "Model",
        list(entries),
        format_func=lambda i: entries[i].name + ("" if catalogue.is_here(i) else " (not here yet)"),
        key="model",
    )
    entry = entries[chosen]
    try:
        catalogue.folder(chosen)
    except RftError as error:
        st.text(error.message)
        if entry.origin == "hub":
            st.caption(
                f"Licence: {entry.licence}. Needs about {entry.tuning_gb:g} GB of memory. "
                "Downloading uses the internet."
            )
            _download(entry.id, entry.download_mb)
        return None
    st.caption(f"Licence: {entry.licence}.")
    return chosen


def _download(model_id: str, megabytes: int) -> None:
    running = [j for j in supervisor.active("download") if j.config()["model"]["id"] == model_id]
    if running:
        _follow(running[0].id, "Downloading. You can leave this page.")
        return
    failed = _last("download", model_id)
    if failed is not None and failed.state().status == "failed":
        st.text(f"{failed.state().message} {failed.state().fix}")
    if st.button(f"Download ({megabytes / 1000:.1f} GB)", key="download"):
        supervisor.submit({"kind": "download", "model": {"id": model_id}})
        st.rerun()


def _time_first(model_id: str) -> None:
    last = _last("time", model_id)
    status = last.state() if last else None
    if status is not None and status.status == "failed":
        st.text(f"{status.message} {status.fix}")
        if st.button("Try again", key="time_again"):
            submission.start_timing(model_id)
            st.rerun()
        return
    if last is None or (status is not None and status.status not in ("queued", "running")):
        last = submission.start_timing(model_id)
    _follow(last.id, "Getting to know this computer: about a minute, the first time only.")


def _last(kind: str, model_id: str) -> JobFolder | None:
    for job in supervisor.jobs():
        config = job.config()
        if config.get("kind") == kind and config.get("model", {}).get("id") == model_id:
            return job
    return None


@st.fragment(run_every=1.5)
def _follow(job_id: str, text: str) -> None:
    """Wait for a short job; the page is drawn anew when it has ended."""
    job = next((j for j in supervisor.jobs() if j.id == job_id), None)
    if job is None or job.state().status not in ("queued", "running"):
        st.rerun()
    st.info(text, icon=":material/hourglass_top:")


def _caption(found: Current, preset: str, model_id: str) -> str:
    plan = submission.make_plan(found.project, found.examples, preset, model_id)
    return f"{PRESETS[preset].explanation} {minutes(plan.minutes)}."


def minutes(value: float) -> str:
    """Return a length of time in words."""
    if value < 90:
        return f"About {max(1, round(value))} minutes"
    return f"About {value / 60:.1f} hours"


def _explain(found: Current, plan: TrainingPlan, model_id: str) -> None:
    lessons = (
        f"It reads your {plural('expert answer', len(found.train))} {plan.warm_epochs} times"
        if plan.warm_epochs
        else "It gets no lessons from your answers"
    )
    many = plural(found.project.case_noun)
    st.text(
        f"{lessons}, then practises for {plan.steps} rounds: each round it answers "
        f"{plan.prompts_per_step} training {many} {plan.group_size} times and your rubric gives "
        f"points. Then every version of the model answers the test {many}."
    )
    _about_ai_grader(found, plan)
    usual = PRESETS[plan.preset]
    if plan.steps != usual.steps or plan.frozen_share:
        near = plan.minutes <= (usual.minutes or 0) + 1
        aim = f"to stay near {usual.minutes} minutes" if near else "as far as makes sense"
        half = ", and all of the model learns, not only its upper half" if plan.frozen_share else ""
        st.caption(f"Shortened for this computer, {aim}. Usually: {usual.steps} rounds{half}.")
    with st.expander("All settings of this run"):
        rows = {found.told(name): f"{getattr(plan, key):g}" for key, name in SETTINGS.items()}
        rows["Part of the model that learns"] = f"{1 - plan.frozen_share:.0%} of its layers"
        rows["Number format"] = plan.dtype
        st.table({"Setting": list(rows), "Value": list(rows.values())}, border="horizontal")
        st.caption("Other programs slow this computer down while its speed is measured.")
        if st.button("Measure its speed again", key="time-again"):
            timing.forget(model_id)
            st.rerun()


def _about_ai_grader(found: Current, plan: TrainingPlan) -> None:
    """Say how much an AI grader is asked in the run, and to whom cases and answers are sent."""
    grader = Grader(found.rubric, (*found.train, *found.heldout))
    practice, test = (
        sum(len(grader.asked_for(case)) for case in cases) / max(1, len(cases))
        for cases in (found.train, found.heldout)
    )
    if not practice and not test:
        return
    answers = plan.steps * plan.prompts_per_step * plan.group_size
    most = round(practice * answers + test * len(found.heldout) * ANSWERS_TO_TEST_CASE)
    st.caption(
        f":material/network_intelligence: The AI grader is asked about {most:,} questions, which "
        "takes time and may cost money."
    )
    ai_grader.say_where(found)


def _seed() -> int:
    with st.expander("Repeat a run exactly"):
        st.caption("The same number gives the same run on the same computer. Change it for a new.")
        return int(st.number_input("Starting number", 0, 999_999, 0, key="seed"))


def _start(
    found: Current, plan: TrainingPlan, model_id: str, seed: int, reason: str | None
) -> None:
    config = submission.train_config(
        found.project, found.examples, found.rubric, plan, model_id, seed, reason
    )
    job = supervisor.submit(config)
    state.studio().import_job(job.path)
    st.session_state["run_id"] = job.id
    st.rerun()
