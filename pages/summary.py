"""One page to print or send: what was done, did it help, can it be believed."""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from pages.components import charts, in_use, origins, printing, runs, state, words
from rft_core.records import Project, Rubric
from rft_core.reports import summary
from rft_core.reports.answers import by_case
from rft_core.store.looks import when

printing.printable()
st.title("Summary")

with state.errors_as_sentences():
    state.take_in_jobs()
    found = state.require_project()
    with st.container(key="not-printed"):
        shown = runs.with_report(found.project.id)
        if shown is None:
            st.stop()
        run, report = shown
        runs.note_look(found.project.id, run["run_id"], "Summary")
        examples, rubric = state.studio().run_contents(run["run_id"])
        rubric = rubric or Rubric()
        cases = by_case(state.studio().answers(run["run_id"]).to_dict("records"), examples, rubric)
        project = Project.model_validate(run["config"]["project"])
        noun = project.case_noun
        facts = summary.summarise(
            project,
            report,
            cases,
            charts.titles(noun),
            facts=origins.facts(run, report, examples, rubric, noun),
            codes=origins.codes(run, cases, noun),
            warnings=origins.warnings(run, report, noun),
            in_use=in_use.sentences(report, found.project),
            made_at=when(datetime.now(UTC)),
            recorded=runs.RECORDED if run["recorded"] else "",
            sent_to=origins.sent_to(run),
            worded=partial(words.in_words_of, noun),
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                "Download as one file",
                summary.page(facts),
                f"summary-{run['run_id']}.html",
                "text/html",
                icon=":material/download:",
                type="primary",
            )
            st.caption("To print: press Ctrl+P (on a Mac: Cmd+P), here or in the downloaded file.")
    with st.container(border=True, key="summary"):
        st.html(summary.body(facts))
