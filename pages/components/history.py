"""Runs over time: points by model, a table of runs, looks, and two runs against each other."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.components import charts, findings, plain, runs, state, tables, words
from pages.components.state import Current
from pages.components.verdict import LOOKS, word
from rft_core.evaluation.report import comparison
from rft_core.evaluation.verdict import outcome
from rft_core.records import Example, Rubric
from rft_core.reports import points
from rft_core.reports.answers import by_case
from rft_core.reports.points import Scale
from rft_core.store.looks import when

PARTS = {"score": "All points", "substance": "What it says", "form": "How it is laid out"}
LOOKS_SHOWN = 10
PROJECT_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")

Run = Mapping[str, Any]


def numbers(history: Sequence[Run]) -> None:
    """Show how many runs there were and what came of them."""
    verdicts = [_text(run["verdict"]) for run in history]
    minutes = sum(_number(run["minutes"]) or 0.0 for run in history)
    shown = {
        "Runs": str(len(history)),
        "Better": str(verdicts.count("better")),
        "Worse": str(verdicts.count("worse")),
        "Not enough evidence": str(verdicts.count("not enough evidence")),
        "Minutes in all": f"{minutes:.0f}",
    }
    for column, (name, value) in zip(st.columns(len(shown)), shown.items(), strict=True):
        column.metric(name, value)


def has_results(history: Sequence[Run]) -> bool:
    """Say whether any run has test results."""
    return any(_number(run["score_tuned"]) is not None for run in history)


def note_looks(history: Sequence[Run]) -> None:
    """Record that test results were opened, for each project that shows some: its newest run."""
    newest: dict[str, str] = {}
    for run in history:
        if _text(run["verdict"]):
            newest.setdefault(run["project_id"], run["run_id"])
    for project_id, run_id in newest.items():
        runs.note_look(project_id, run_id, "Dashboard")


def table(history: Sequence[Run], names: Mapping[str, str], noun: str) -> None:
    """Show one row a run. Cells of a data frame are plain text: nothing in them is read."""
    projects = {run["project_id"] for run in history}
    versions = {project: runs.versions(project) for project in projects}
    many = words.plural(noun)
    rows = [
        {
            "When": run["at"],
            "Project": names.get(run["project_id"], run["project_id"]),
            "Length": runs.preset(run["preset"]),
            "Status": runs.STATUS.get(run["status"], str(run["status"])),
            "Verdict": word(run["verdict"])
            + (" (exploratory)" if _text(run["exploratory"]) else ""),
            f"Test {many}": _counts(run["headline"]),
            "Minutes": run["minutes"],
            "Seed": run["seed"],
            f"{words.capital(many)} used": versions[run["project_id"]].get(
                run["example_set_id"], "earlier"
            ),
            "Rubric used": versions[run["project_id"]].get(run["rubric_version_id"], "earlier"),
        }
        for run in history
    ]
    frame = pd.DataFrame(rows)
    if frame["Project"].nunique() == 1:
        frame = frame.drop(columns="Project")
    st.dataframe(
        frame,
        hide_index=True,
        column_config={
            "When": st.column_config.DatetimeColumn("When (UTC)", format="D MMM YYYY, HH:mm"),
            "Minutes": st.column_config.NumberColumn(format="%.1f"),
            "Seed": st.column_config.NumberColumn(format="%d"),
        },
    )


def over_time(history: Sequence[Run], part: str) -> None:
    """Show a line a model for one project, or a line a project for several."""
    with_results = [r for r in reversed(history) if _number(r["score_tuned"]) is not None]
    scales = {r["run_id"]: _scale(r, part) for r in with_results}
    projects = list(dict.fromkeys(r["project_id"] for r in with_results))
    if len(projects) == 1:
        lines = [
            (charts.title(m), charts.COLOURS[m], *_line(with_results, scales, part, m))
            for m in charts.MODELS
        ]
    else:
        names = project_names()
        lines = [
            (
                names.get(project, project),
                PROJECT_COLOURS[i % len(PROJECT_COLOURS)],
                *_line([r for r in with_results if r["project_id"] == project], scales, part),
            )
            for i, project in enumerate(projects)
        ]
    charts.over_time(lines, key=f"over-time-{part}")


def project_names() -> dict[str, str]:
    """Return the names of all projects by id."""
    known = state.studio().list_projects()
    return dict(zip(known["project_id"], known["name"], strict=True))


def looks(project_id: str) -> None:
    """Show when test results of a project were opened."""
    known = state.studio().looks(project_id)
    if known.empty:
        st.text("Nobody has opened test results of this project yet.")
        return
    named = runs.names(_runs(project_id))
    rows = [
        [when(row["looked_at"]), str(row["what"]), named.get(str(row["run_id"]), "–")]
        for row in reversed(known.to_dict("records"))
    ]
    tables.show(["When", "Page", "Run"], rows[:LOOKS_SHOWN], right=False)
    if len(rows) > len(rows[:LOOKS_SHOWN]):
        st.caption(f"The latest {LOOKS_SHOWN} of {len(rows)}.")


def two_runs(found: Current, history: Sequence[Run]) -> None:
    """Let the reader set the practised models of two runs against each other."""
    finished = [r for r in history if r["project_id"] == found.project.id and _text(r["verdict"])]
    if len(finished) < 2:
        st.text("Two finished runs of this project are needed.")
        return
    labels = runs.names([dict(r) | {"created_at": r["at"]} for r in finished])
    options = list(labels)
    left, right = st.columns(2)
    new = left.selectbox("Run", options, 0, format_func=labels.get, key="two-new")
    old = right.selectbox("Compared with", options, 1, format_func=labels.get, key="two-old")
    if new == old:
        st.text("Choose two different runs.")
        return
    _compare(labels, str(new), str(old), found.noun)


def _compare(labels: Mapping[str, str], new: str, old: str, noun: str) -> None:
    one, other = (state.studio().run(run_id) for run_id in (new, old))
    if one["rubric_version_id"] != other["rubric_version_id"]:
        st.warning(
            "The two runs were graded with different rubrics, so their points do not compare."
        )
        _decisions(labels, new, old)
        return
    examples, rubric = state.studio().run_contents(new)
    theirs = {e.id: e for e in state.studio().run_contents(old)[0]}
    shared = [e for e in examples if e.split == "heldout" and _same_case(e, theirs.get(e.id))]
    rows = [_tuned(run_id, {e.id for e in shared}) for run_id in (new, old)]
    result = comparison(rows[0], rows[1], shared) if shared else None
    if result is None:
        st.warning(f"The two runs share no test {noun} that both answered.")
        return
    _show_result(result, points.scale(by_case(rows[0].values(), shared, rubric or Rubric())), noun)
    left_out = sum(e.split == "heldout" for e in examples) - len(shared)
    if left_out:
        st.caption(f"Left out: {words.plural(f'test {noun}', left_out)} that only one of them has.")


def _decisions(labels: Mapping[str, str], *compared: str) -> None:
    """Show what the practised models of runs decided for each right answer."""
    for column, run_id in zip(st.columns(len(compared)), compared, strict=True):
        report = state.studio().report(run_id)
        if report and findings.has_decisions(report):
            with column:
                st.markdown(f"**{plain.label(labels[run_id], 200)}**")
                findings.decided(report)


def _show_result(result: dict[str, Any], scale: Scale, noun: str) -> None:
    look = LOOKS[outcome(result, result["coverage"])]
    with st.container(border=True):
        st.badge(look.text, icon=look.icon, color=look.colour)
        st.markdown(
            f"**{result['better']} better, {result['worse']} worse, {result['same']} the same**"
        )
        st.text(f"{points.signed(scale.difference(result['delta']))} points on average. "
                f"{points.likely_range(result, scale)}")  # fmt: skip
        st.caption(
            f"The more runs are tried on the same test {words.plural(noun)}, the more one looks "
            "better by luck."
        )


def _tuned(run_id: str, ids: set[str]) -> dict[str, dict[str, Any]]:
    answers = state.studio().answers(run_id).to_dict("records")
    return {
        row["example_id"]: row | {k: _number(row[k]) for k in ("score", "substance", "form")}
        for row in answers
        if row["model"] == "tuned" and row["example_id"] in ids
    }


def _same_case(one: Example, other: Example | None) -> bool:
    return (
        other is not None
        and other.split == "heldout"
        and (one.prompt, one.reference, one.fields, one.criteria)
        == (other.prompt, other.reference, other.fields, other.criteria)
    )


def _line(
    history: Sequence[Run], scales: Mapping[str, Scale], part: str, model: str = "tuned"
) -> tuple[list[Any], list[float | None]]:
    return (
        [run["at"] for run in history],
        [_share(_number(run[f"{part}_{model}"]), scales[run["run_id"]]) for run in history],
    )


def _share(score: float | None, scale: Scale) -> float | None:
    """Return points as a share of those possible: comparable between rubrics."""
    if score is None or not scale.positive:
        return None
    return (scale.points(score) or 0.0) / scale.positive


def _scale(run: Run, part: str) -> Scale:
    examples, rubric = state.studio().run_contents(run["run_id"])
    rubric = rubric or Rubric()
    criteria = [rubric.criteria_for(e) for e in examples if e.split == "heldout"]
    aspect: Any = None if part == "score" else part
    return points.scale_of(criteria, aspect, rubric.scoring)


def _runs(project_id: str) -> list[dict[Any, Any]]:
    return state.studio().runs(project_id).to_dict("records")


def _counts(headline: Any) -> str:
    return (_text(headline) or "–").partition(":")[0] if _text(headline) else "–"


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
