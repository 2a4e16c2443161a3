"""Starting a project: from a sample, from a file, or from nothing."""

from collections.abc import Sequence

import streamlit as st

from pages.components import (
    case_import,
    in_view,
    overview,
    plain,
    project_form,
    samples,
    saving,
    state,
    steering,
)
from pages.components.state import Current
from pages.components.words import plural
from rft_core.examples.folder import ProjectFiles
from rft_core.examples.names import named_anew
from rft_core.records import AnswerPart, Example, Rubric
from rft_core.rubric.new_form import with_form

CARDS_IN_A_ROW = 2
ANOTHER = "another"
"""Key of the box in which another project is started."""
STEPS = ("Examples", "Rubric", "Check", "Train", "Compare")


def welcome() -> None:
    """Say how it goes, to somebody who has no project yet."""
    st.caption(" → ".join(f"**{number}** {step}" for number, step in enumerate(STEPS, start=1)))
    st.subheader("Start a project", anchor=False)
    show()


def show() -> None:
    """Offer the three ways."""
    sample, file, blank = st.tabs(["From a sample", "From a file of yours", "From nothing"])
    with sample:
        _samples()
    with file:
        _from_file()
    with blank:
        st.caption("You write the cases one by one, or import them later.")
        _new_project("blank", (), "started from nothing")


def _samples() -> None:
    st.caption("Invented cases with a finished rubric: the quickest way to see how it works.")
    found = [(path, files) for path in samples.all_samples() if (files := samples.contents(path))]
    for start in range(0, len(found), CARDS_IN_A_ROW):
        columns = st.columns(CARDS_IN_A_ROW)
        row = found[start : start + CARDS_IN_A_ROW]
        for column, (path, files) in zip(columns, row, strict=False):
            with column.container(border=True, height="stretch"):
                _card(path.name, files)


def _card(name: str, files: ProjectFiles) -> None:
    project = files.project
    st.markdown(f"**{plain.label(project.name)}** · {plain.label(project.domain.capitalize())}")
    st.caption(plain.label(project.purpose, 220))
    train = sum(e.split == "train" for e in files.examples)
    test = sum(e.split == "heldout" for e in files.examples)
    many = plural(plain.label(project.case_noun, 30))
    st.caption(f"{train} training and {test} test {many}")
    started = samples.is_started(files)
    with st.container(horizontal=True, gap="small"):
        if st.button(
            "Open" if started else "Start with this",
            key=f"sample-{name}",
            type="secondary" if state.current() else "primary",
        ):
            samples.start(files)
            _show_steps()
        if started and st.button("Fresh copy", key=f"copy-{name}", type="tertiary"):
            samples.start_copy(files)
            _show_steps()
    samples.offer_recorded(project.id, f"recorded-{name}")


def _from_file() -> None:
    st.caption(
        "One row a case: a column with the case, one with your answer, and others with expected "
        "values, such as the right decision."
    )
    result = case_import.upload("start-file", (), makes_answers=True)
    if result is not None and result.examples:
        new = Current(project_form.EMPTY, (), Rubric())
        taken = case_import.divided("start-file", result, new)
        form = taken.project.answer
        _new_project("file", taken.examples, "started from a file", form, result.unnamed)


def _new_project(
    key: str,
    examples: tuple[Example, ...],
    note: str,
    form: tuple[AnswerPart, ...] = (),
    unnamed: Sequence[str] = (),
) -> None:
    with st.form(f"new-{key}"):
        values = project_form.fields(f"new-{key}")
        if st.form_submit_button("Create the project", type="primary"):
            with state.errors_as_sentences():
                project = project_form.new_project(values)
                named = named_anew(examples, unnamed, project.case_noun)
                new = Current(project, named, Rubric())
                made = with_form(*new, form) if form else new
                state.studio().save_project(made.project, made.examples, made.rubric, note)
                state.choose(made.project.id)
                saving.say("The project was created.")
                _show_steps()


def _show_steps() -> None:
    """Draw the page anew with the project's steps in view, and nothing left to fill in."""
    steering.wish(ANOTHER, False)
    in_view.wish(overview.STEPS)
    st.rerun()
