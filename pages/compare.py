"""Did it help? The verdict of a run, what it rests on, and the answers side by side."""

import json

import streamlit as st

from pages.components import (
    charts,
    findings,
    in_use,
    review_rules,
    runs,
    saving,
    side_by_side,
    state,
    verdict,
)
from rft_core.records import Rubric
from rft_core.reports import points
from rft_core.reports.answers import by_case
from rft_core.reports.export import answers_csv

st.title("Compare")

with state.errors_as_sentences():
    saving.place_notes()
    state.take_in_jobs()
    found = state.require_project()
    noun = found.project.case_noun
    st.caption(found.worded("Cases that were kept aside, answered before and after training."))
    shown = runs.with_report(found.project.id)
    if shown is None:
        st.stop()
    run, report = shown
    runs.note_look(found.project.id, run["run_id"], "Compare")
    examples, rubric = state.studio().run_contents(run["run_id"])
    rubric = rubric or Rubric()
    answers = state.studio().answers(run["run_id"]).to_dict("records")
    cases = by_case(answers, examples, rubric)

    verdict.card(report, points.scale(cases), runs.exploratory_reason(run, report), noun)
    changed = runs.changed_since(run, found.noun)
    if changed:
        st.info(f"{changed} What you see here is for what the run used.")

    result, answered = st.tabs(["What changed", "Answers side by side"])
    with result:
        findings.mistakes(report, noun)
        findings.decisions(report, noun)
        in_use.show(report, found)
        findings.all_models(report, cases, noun)
        findings.criteria(report, rubric.active)
        findings.tags(cases, noun)
    with answered:
        review_rules.beside_answers(found.project)
        side_by_side.viewer(cases, noun, found.project.answer)
        with st.container(horizontal=True):
            st.download_button(
                "Answers for a spreadsheet (CSV)",
                answers_csv(cases, charts.titles(noun)),
                f"answers-{run['run_id']}.csv",
                "text/csv",
                icon=":material/download:",
            )
            st.download_button(
                "All numbers (JSON)",
                json.dumps(report, indent=2, ensure_ascii=False),
                f"report-{run['run_id']}.json",
                "application/json",
                icon=":material/download:",
            )
    st.caption(
        f"Opening this page is noted: a rubric or {found.noun} changed after it makes later "
        "verdicts exploratory."
    )
