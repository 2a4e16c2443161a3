"""Starting a project: from a sample, from a file, or from nothing."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.components import (
    case_import,
    form_drafts,
    in_view,
    overview,
    pasted_rows,
    plain,
    project_form,
    samples,
    saving,
    shortcuts,
    state,
    steering,
)
from pages.components.state import Current
from pages.components.words import plural
from rft_core.examples.folder import ProjectFiles
from rft_core.examples.names import named_anew
from rft_core.records import AnswerPart, Example, Project, Rubric
from rft_core.rubric.new_form import with_form
from rft_core.store.drafts import NO_PROJECT

CARDS_IN_A_ROW = 2
ANOTHER = "another"
"""Key of the box in which another project is started."""
BLANK, FILE = "blank", "file"
"""The forms of a new project."""
_PASTED = "start-file"
"""Names what is pasted for one."""
_TABS = {
    "From a sample": (),
    "From a file of yours": (pasted_rows.place(_PASTED), f"new-{FILE}"),
    "From nothing": (f"new-{BLANK}",),
}
"""The ways to start, with the drafts that tell that one was begun."""
_TAB = "start-tab"
"""Where the session keeps which of them is open at first."""
STEPS = ("Examples", "Rubric", "Check", "Train", "Compare")


def welcome() -> None:
    """Say how it goes, to somebody who has no project yet."""
    st.caption(" → ".join(f"**{number}** {step}" for number, step in enumerate(STEPS, start=1)))
    st.subheader("Start a project", anchor=False)
    show()


def show() -> None:
    """Offer the three ways; the one that was begun and not finished comes open."""
    open_begun()
    shortcuts.take_typed_first()
    sample, file, blank = st.tabs(list(_TABS), default=st.session_state[_TAB])
    with sample:
        _samples()
    with file:
        _from_file()
    with blank:
        st.caption("You write the cases one by one, or import them later.")
        st.fragment(_new_project)(BLANK, (), "started from nothing")


def open_begun() -> None:
    """Once in a session: open where a project was begun before it and not created."""
    if _TAB in st.session_state:
        return
    begun = [
        tab
        for tab, places in _TABS.items()
        if any(form_drafts.places(NO_PROJECT, place) for place in places)
    ]
    st.session_state[_TAB] = (begun or list(_TABS))[0]
    if begun:
        st.session_state[ANOTHER] = True


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
    result = case_import.upload(_PASTED, (), makes_answers=True)
    if result is not None and result.examples:
        new = Current(project_form.EMPTY, (), Rubric())
        taken = case_import.divided(_PASTED, result, new)
        form = taken.project.answer
        st.fragment(_new_project)(FILE, taken.examples, "started from a file", form, result.unnamed)


def _new_project(
    key: str,
    examples: tuple[Example, ...],
    note: str,
    form: tuple[AnswerPart, ...] = (),
    unnamed: Sequence[str] = (),
) -> None:
    """Draw the form of a new project; what is typed is kept until it is created or discarded."""
    with st.container(border=True), state.errors_as_sentences():
        values = project_form.fields(_inputs(key), _begun(key))
        kept = _keep(key, values)
        with st.container(horizontal=True, vertical_alignment="center"):
            create = st.button("Create the project", type="primary", key=f"new-{key}-create")
            if kept:
                st.button("Discard", key=f"new-{key}-discard", on_click=_discard, args=(key,))
                st.caption(form_drafts.KEPT)
        if create:
            project = project_form.new_project(values)
            named = named_anew(examples, unnamed, project.case_noun)
            new = Current(project, named, Rubric())
            made = with_form(*new, form) if form else new
            state.studio().save_project(made.project, made.examples, made.rubric, note)
            state.choose(made.project.id)
            saving.say("The project was created.")
            _discard(key)
            if key == FILE:
                case_import.clear(_PASTED, NO_PROJECT)
            _show_steps()


def _begun(key: str) -> Project:
    """Return what the inputs begin with: what was typed before this session, if anything was."""
    memory = f"new-{key}-begun"
    typed = form_drafts.take_up(NO_PROJECT, f"new-{key}", project_form.Typed)
    if typed is not None:
        update = {name: getattr(typed, name) for name in project_form.Typed.model_fields}
        st.session_state[memory] = project_form.EMPTY.model_copy(update=update)
    begun: Project = st.session_state.get(memory, project_form.EMPTY)
    return begun


def _keep(key: str, values: dict[str, Any]) -> bool:
    typed = project_form.Typed(**values)
    is_empty = typed == project_form.Typed()
    return form_drafts.keep(NO_PROJECT, f"new-{key}", None if is_empty else typed)


def _discard(key: str) -> None:
    """Forget what was typed; the inputs begin anew."""
    form_drafts.keep(NO_PROJECT, f"new-{key}", None)
    st.session_state.pop(f"new-{key}-begun", None)
    st.session_state[f"new-{key}-turn"] = st.session_state.get(f"new-{key}-turn", 0) + 1


def _inputs(key: str) -> str:
    """Return the name of the inputs: another one each time they begin anew."""
    turn = st.session_state.get(f"new-{key}-turn", 0)
    return f"new-{key}-{turn}" if turn else f"new-{key}"


def _show_steps() -> None:
    """Draw the page anew with the project's steps in view, and nothing left to fill in."""
    steering.wish(ANOTHER, False)
    in_view.wish(overview.STEPS)
    st.rerun()
