"""The settings of a project as a form, for a new one and for the one at hand."""

import re
import uuid
from typing import Any

import streamlit as st

from pages.components import plain, state
from rft_core.errors import InputError
from rft_core.records import AnswerStyle, Project, Record
from rft_core.settings import MAX_TEXT_CHARS

STYLES = {"direct": "Answers at once", "reason_then_answer": "Reasons first, then answers"}
EMPTY = Project(id="new", name="New project")


class Typed(Record):
    """What the fields hold."""

    name: str = ""
    case_noun: str = EMPTY.case_noun
    instruction: str = ""
    answer_style: AnswerStyle = EMPTY.answer_style
    purpose: str = ""
    not_for: str = ""


def fields(key: str, project: Project = EMPTY) -> dict[str, Any]:
    """Draw the inputs and return what they hold; those of a new project stay on another page."""
    kept = "session" if project.id == EMPTY.id else None
    left, right = st.columns(2)
    name = left.text_input(
        "Name",
        "" if project is EMPTY else project.name,
        max_chars=100,
        key=f"{key}-name",
        persist_state=kept,
    )
    noun = right.text_input(
        "What is one case called?",
        project.case_noun,
        max_chars=30,
        key=f"{key}-noun",
        persist_state=kept,
        help="In the singular: clause, patient, alert, claim.",
    )
    instruction = st.text_area(
        "Instruction",
        project.instruction,
        height=130,
        max_chars=MAX_TEXT_CHARS,
        key=f"{key}-instruction",
        persist_state=kept,
        help=f"What the model is told before every {plain.label(project.case_noun, 30)}. One "
        "sentence about the task is enough: how answers are laid out is added from the answer "
        "form.",
        placeholder="You review lease clauses for the tenant.",
    )
    style = st.radio(
        "How the model answers",
        list(STYLES),
        format_func=STYLES.get,
        index=list(STYLES).index(project.answer_style),
        horizontal=True,
        key=f"{key}-style",
        persist_state=kept,
        help="At once: only the answer, short and quick to learn. Reasons first: the model writes "
        "why and then the answer, and your answers need their reasons too. If in doubt, at once.",
    )
    left, right = st.columns(2)
    purpose = left.text_area(
        "What is it for?", project.purpose, height=90, key=f"{key}-purpose", persist_state=kept
    )
    not_for = right.text_area(
        "What is it not for?", project.not_for, height=90, key=f"{key}-not-for", persist_state=kept
    )
    return {
        "name": name.strip(),
        "case_noun": " ".join(noun.split()) or "case",
        "instruction": instruction,
        "answer_style": style,
        "purpose": purpose.strip(),
        "not_for": not_for.strip(),
    }


def checked(project: Project, values: dict[str, Any]) -> Project:
    """Return the project with these values.

    Raises InputError where the name is missing, or is changed to one that another project has.
    """
    if not values["name"]:
        raise InputError("The project has no name.", "Give it one, such as “Lease clauses”.")
    if values["name"] != project.name:
        _refuse_taken(values["name"], project.id)
    return project.with_changes(**values)


def new_project(values: dict[str, Any]) -> Project:
    """Return a new project with an id of its own. Raises InputError as `checked` does."""
    slug = re.sub(r"[^a-z0-9]+", "-", values["name"].lower()).strip("-")[:40] or "project"
    own = f"{slug}-{uuid.uuid4().hex[:6]}"
    return checked(EMPTY.with_changes(id=own, name=own), values)


def _refuse_taken(name: str, project_id: str) -> None:
    """Raise InputError where another project has the name: nobody could tell the two apart."""
    known = state.studio().list_projects()
    others = known["name"][known["project_id"] != project_id]
    taken = {other.casefold() for other in others}
    if name.casefold() not in taken:
        return
    numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
    free = next(other for other in numbered if other.casefold() not in taken)
    raise InputError(
        f"There is a project “{name}” already.",
        f"Choose it at the top of Home, or take another name, such as “{free}”.",
    )
