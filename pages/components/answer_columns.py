"""Expert answers made from expected values, where no column of a table is the answer."""

from collections.abc import Sequence

import streamlit as st

from pages.components.state import Current
from pages.components.words import plural
from rft_core.examples.form_of_values import answer_names, form_of_values, value_names
from rft_core.examples.importing import TABLE, ImportResult
from rft_core.records import Example, Project, content_id
from rft_core.rubric.new_form import with_form


def can_be_made(project: Project, examples: Sequence[Example]) -> bool:
    """Tell whether expected values can make answers: there are none, nor an answer form."""
    return not project.answer and not any(example.reference for example in examples)


def answered(key: str, found: Current, result: ImportResult) -> Current:
    """Ask which expected values make the answer; return the project with an answer form of them.

    The project is returned as it is where there are answers already, or an answer form.
    """
    names = value_names(found.examples)
    possible = can_be_made(found.project, found.examples)
    if not possible or not names or result.format != TABLE:
        return found
    chosen = _chosen(key, names, answer_names(found.examples))
    form = form_of_values(found.examples, chosen)
    if chosen and not form:
        st.caption(
            ":orange[:material/warning:] No answer can be made of these. You can still import the "
            f"{plural(found.noun)} and answer them here."
        )
    if not form:
        return found
    made = with_form(*found, form)
    lacking = sum(not example.reference for example in made.examples)
    told = "An answer form is made of them, and with it the instruction and a first rubric."
    if lacking:
        one = lacking == 1
        told += f" {plural(found.noun, lacking)} {'lacks' if one else 'lack'} one of them"
        told += f", and {'has' if one else 'have'} no whole answer yet."
    st.caption(f"{told} Everything can be changed later.")
    return Current(made.project, made.examples, made.rubric)


def _chosen(key: str, names: list[str], likely: list[str]) -> list[str]:
    """Return the values that are to make the answer; a choice stays when columns change."""
    kept = f"{key}-made-of"
    said: dict[str, bool] = st.session_state.get(kept, {})
    box = f"{kept}-{content_id(names)}"
    chosen = st.multiselect(
        "The expert answer is made of",
        names,
        default=[name for name in names if said.get(name, name in likely)],
        format_func=lambda name: name if len(name) <= 60 else f"{name[:60]}…",
        key=box,
        on_change=_note,
        args=(kept, box, names),
        placeholder="Nothing: there is no expert answer yet",
    )
    return [name for name in names if name in chosen]


def _note(kept: str, box: str, names: list[str]) -> None:
    said = {name: name in st.session_state[box] for name in names}
    st.session_state[kept] = {**st.session_state.get(kept, {}), **said}
