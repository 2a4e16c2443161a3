"""A run while it goes on, in plain words, and how the last one ended."""

from datetime import UTC, datetime

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.components import plain
from pages.components.state import Current
from pages.components.words import in_words_of
from rft_core.jobs import supervisor
from rft_core.jobs.folder import ACTIVE, JobFolder, JobState, read_lines
from rft_core.reports import points
from rft_core.training.plan import TrainingPlan

STAGES = (
    ("warm_start", "Learning from your expert answers"),
    ("reinforcement", "Practising with your rubric"),
    ("answering", "Answering the test cases"),
)


def belongs_to(job: JobFolder, project_id: str) -> bool:
    """Say whether a job trains this project."""
    found: str = job.config().get("project", {}).get("id", "")
    return found == project_id


def noun_of(job: JobFolder) -> str:
    """Return what the project that a job trains calls a case."""
    found: str = job.config().get("project", {}).get("case_noun", "case")
    return found


def show(job: JobFolder) -> None:
    """Show a run that is going on, refreshed every two seconds, with a stop button."""
    st.subheader("A run is going on")
    st.caption("You can close this tab: the run goes on, and you find it here again.")
    _live(str(job.path.name))
    with st.container(horizontal=True, gap="small"):
        if st.button(
            "Stop early and compare",
            icon=":material/stop:",
            key="stop",
            disabled=job.stop_asked(),
            help="Keeps what was learned so far and tests it.",
        ):
            job.ask_to_stop()
            st.rerun()
        with st.popover("End at once", type="tertiary"):
            st.text("Nothing is compared. Continue?")
            if st.button("Yes, end it", key="end_now"):
                supervisor.end_now(job)
                st.rerun()


def show_last(found: Current) -> None:
    """Say how the project's last run ended, if there was one."""
    last = next((j for j in supervisor.jobs() if belongs_to(j, found.project.id)
                 and j.config().get("kind") == "train"), None)  # fmt: skip
    if last is None:
        return
    now = last.state()
    with st.container(border=True):
        if last.report_file.is_file():
            early = " It was stopped early." if now.status == "stopped" else ""
            st.badge("Finished", icon=":material/check:", color="green")
            st.text(f"The last run is finished.{early}")
            if st.button("See the comparison", type="primary", icon=":material/compare:"):
                st.session_state["run_id"] = last.id
                st.switch_page("pages/compare.py")
            return
        st.badge(now.status.capitalize(), icon=":material/warning:", color="orange")
        st.text(found.told(f"{now.message} {now.fix}".strip()) or f"The last run {now.status}.")
        log = last.log_tail()
        if log:
            with st.expander("Details for support"):
                st.code(log, language=None)


@st.fragment(run_every=2.0)
def _live(job_id: str) -> None:
    job = next((j for j in supervisor.jobs() if j.id == job_id), None)
    now = job.state() if job else None
    if job is None or now is None or now.status not in ACTIVE:
        st.rerun()
        return
    plan = TrainingPlan.model_validate(job.config()["plan"])
    _stages(now, plan, job.stop_asked(), noun_of(job))
    st.caption(_how_long(now, plan))
    rounds = pd.DataFrame(list(read_lines(job.practice_file)))
    if not rounds.empty:
        _practice(job, rounds)


def _stages(now: JobState, plan: TrainingPlan, stopping: bool, noun: str) -> None:
    if now.status == "queued":
        st.info("Waiting for another run on this computer to end.", icon=":material/hourglass_top:")
        return
    if stopping:
        st.info("Stopping: the test follows with what was learned.", icon=":material/stop:")
    order = [name for name, _ in STAGES]
    at = order.index(now.stage) if now.stage in order else -1
    for index, (name, stage) in enumerate(STAGES):
        text = plain.label(in_words_of(noun, stage))
        if name == "warm_start" and not plan.warm_epochs:
            continue
        if index < at:
            st.progress(1.0, text=f"{text}: done")
        elif index == at:
            share = now.step / now.steps if now.steps else 0.0
            st.progress(min(1.0, share), text=f"{text}: {now.step} of {now.steps or '…'}")
        else:
            st.progress(0.0, text=text)


def _how_long(now: JobState, plan: TrainingPlan) -> str:
    """Say how long the run goes on, and how long it was to take in all."""
    if now.started_at is None:
        return ""
    since = datetime.now(UTC) - datetime.fromisoformat(now.started_at)
    begun = max(0, round(since.total_seconds() / 60))
    return f"Under way for {begun} of about {max(1, round(plan.minutes))} minutes."


def _practice(job: JobFolder, rounds: pd.DataFrame) -> None:
    rounds["points"] = rounds["earned"] + rounds["penalty"]
    means = rounds.groupby("step")[["points", "possible"]].mean()
    # Criteria may be for some cases only, so that what can be earned depends on a round's cases.
    differs = rounds["possible"].nunique() > 1
    last, first = (_points(*means.iloc[i], said=differs or i == -1) for i in (-1, 0))
    st.text(
        f"Practice round {means.index[-1]}: {last} on average"
        + (f", {first} in the first round." if len(means) > 1 else ".")
    )
    if len(means) > 1:
        shown = means["points"] / means["possible"] if differs else means["points"]
        figure = go.Figure(go.Scatter(x=shown.index, y=shown.values, mode="lines+markers"))
        figure.update_layout(
            height=240, margin={"l": 10, "r": 10, "t": 10, "b": 10},
            xaxis_title="Practice round", xaxis_dtick=max(1, len(means) // 10),
            yaxis_title="Share of the possible points" if differs else "Average points",
            yaxis_tickformat=".0%" if differs else None,
            yaxis_range=[min(0.0, float(shown.min())), 1.0 if differs else means["possible"].max()],
        )  # fmt: skip
        st.plotly_chart(figure, key=f"points-{job.id}")
    st.caption(plain.label(in_words_of(noun_of(job), _teaching(job)), 200))
    _samples(rounds, plain.label(noun_of(job), 30))


def _points(earned: float, possible: float, said: bool) -> str:
    """Return "6.2 of 10 points", or where what is possible is not said "6.2"."""
    return f"{earned:.1f} of {points.exact(possible)} points" if said else f"{earned:.1f}"


def _teaching(job: JobFolder) -> str:
    """Say in plain words what the last round could teach."""
    last = [r for r in read_lines(job.metrics_file) if "groups/mixed" in r]
    if not last:
        return ""
    mixed, good, bad, unscored = (
        last[-1].get(f"groups/{kind}", 0.0) for kind in ("mixed", "all_good", "all_bad", "unscored")
    )
    if unscored == 1:
        return "No answer of this round could be graded; nothing was learned from it."
    if mixed >= 0.5:
        return "Most cases got better and worse answers side by side: the model can learn from it."
    if good > bad:
        return "Most cases were answered well every time: there is little left to learn from them."
    return "Most cases were answered equally badly each time: the model learns little from them."


def _samples(rounds: pd.DataFrame, noun: str) -> None:
    last = rounds[rounds["step"] == rounds["step"].max()]
    example_id = last["example_id"].iloc[0]
    group = last[last["example_id"] == example_id].sort_values("points")
    with st.expander(f"Answers of this round to one training {noun}"):
        worst, best = group.iloc[0], group.iloc[-1]
        left, right = st.columns(2)
        for column, row, label in ((left, worst, "Fewest points"), (right, best, "Most points")):
            with column:
                plain.block(
                    str(row["answer"]), f"{label}: {row['points']:g} of {row['possible']:g}"
                )
