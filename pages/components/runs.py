"""Choosing a run, and saying in plain words how it stands."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.words import plural
from rft_core.errors import JobError
from rft_core.jobs.folder import ACTIVE
from rft_core.store.looks import when
from rft_core.training.plan import PRESETS

CHOSEN = "run_id"
RECORDED = "A recorded run that comes with the sample"
STATUS = {
    "queued": "waiting for its turn",
    "running": "running",
    "finished": "finished",
    "failed": "failed",
    "stopped": "stopped early",
    "interrupted": "interrupted",
}
_NOTED = "looks_noted"


def choose(project_id: str) -> dict[str, Any] | None:
    """Let the reader choose a run of the project; None, and what to do, where there is none."""
    known = state.studio().runs(project_id)
    known = known[known["kind"] == "train"]
    if known.empty:
        st.info("There is no run yet. Results appear here after the first one.")
        _to_train("Go to Train")
        return None
    labels = names(known.to_dict("records"))
    options = list(labels)
    chosen = st.selectbox(
        "Run",
        options,
        index=options.index(_default(known, options)),
        format_func=lambda run_id: labels[run_id],
        key=f"run-{project_id}",
    )
    st.session_state[CHOSEN] = chosen
    return state.studio().run(str(chosen))


def with_report(project_id: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Let the reader choose a run; return it and its report, or say why there is no report."""
    run = choose(project_id)
    if run is None:
        return None
    if run["recorded"]:
        st.badge(RECORDED, icon=":material/history:", color="blue")
    if run["status"] in ACTIVE:
        st.info("This run is not finished yet. Its results appear here when it is.")
        _to_train("See how far it is")
        return None
    report = state.studio().report(run["run_id"])
    if run["status"] in ("failed", "interrupted"):
        _explain(run)
    elif report is None:
        st.info("This run ended before there was anything to compare. Start it again.")
        _to_train("Go to Train")
    return None if report is None else (run, report)


def note_look(project_id: str, run_id: str | None, what: str) -> None:
    """Record that results were opened: once for each session, run and page."""
    noted: set[tuple[str, str | None, str]] = st.session_state.setdefault(_NOTED, set())
    if (project_id, run_id, what) not in noted:
        state.studio().record_look(project_id, run_id, what)
        noted.add((project_id, run_id, what))


def exploratory_reason(run: dict[str, Any], report: dict[str, Any]) -> str | None:
    """Return why the run's verdict is exploratory; None if it is not."""
    reason: str | None = report.get("exploratory") or state.studio().is_exploratory(
        run["project_id"], run["example_set_id"], run["rubric_version_id"]
    )
    return reason


def changed_since(run: dict[str, Any], noun: str) -> str | None:
    """Say what of the project differs from what the run used; None if nothing does."""
    latest = state.studio().latest_version(run["project_id"])
    parts = [
        name
        for name, key in (("rubric", "rubric_version_id"), (plural(noun), "example_set_id"))
        if getattr(latest, key) != run[key]
    ]
    if not parts:
        return None
    verb = "has" if parts[-1] == "rubric" else "have"
    return f"The {' and the '.join(parts)} {verb} been changed since this run."


def versions(project_id: str) -> dict[str, str]:
    """Return the first version of the project that had a content, by the content's id."""
    found: dict[str, str] = {}
    for row in reversed(state.studio().project_versions(project_id).to_dict("records")):
        for key in ("example_set_id", "rubric_version_id"):
            found.setdefault(row[key], f"version {row['version']}")
    return found


def names(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of runs in lists, by id: when, which preset, how it stands; plain text.

    The rubric is named too where not all used one of the same name.
    """
    several = len({row["rubric"] for row in rows if _is_text(row["rubric"])}) > 1
    return {str(row["run_id"]): _name(row, several) for row in rows}


def _name(row: Mapping[str, Any], with_rubric: bool) -> str:
    text = f"{when(row['created_at'])}, {preset(row['preset'])}, {STATUS.get(row['status'], '')}"
    if with_rubric and _is_text(row["rubric"]):
        text += f", {textwrap.shorten(row['rubric'], 60, placeholder='…')}"
    return f"{text} (recorded)" if row["recorded"] else text


def _is_text(value: Any) -> bool:
    """Say whether a table's cell has a text: an empty one may be None or NaN."""
    return isinstance(value, str) and bool(value.strip())


def preset(name: Any) -> str:
    """Return the title of a preset; plain text."""
    known = PRESETS.get(str(name))
    return known.title if known else textwrap.shorten(str(name or "–"), 20, placeholder="…")


def _default(known: pd.DataFrame, options: list[str]) -> str:
    chosen = st.session_state.get(CHOSEN)
    if chosen in options:
        return str(chosen)
    ended = known[known["status"].isin(("finished", "stopped"))]["run_id"]
    return str(ended.iloc[0]) if len(ended) else options[0]


def _explain(run: dict[str, Any]) -> None:
    what = "failed" if run["status"] == "failed" else "was interrupted"
    state.show_error(
        JobError(
            f"This run {what}. {run['message']}".strip(),
            run["fix"] or "Start it again on the Train page; your cases and your rubric are kept.",
        )
    )
    _to_train("Go to Train")


def _to_train(text: str) -> None:
    st.page_link("pages/train.py", label=text, icon=":material/arrow_forward:")
