"""The rubric as a file, and rubrics or graders from files, looked at before anything is saved."""

import json
from collections.abc import Callable, Sequence

import streamlit as st

from pages.components import criterion_form, plain, saving, state
from pages.components.state import Current
from pages.components.steps import examples_id
from pages.components.words import plural, points_of
from rft_core.differences import Differences, differences
from rft_core.errors import InputError
from rft_core.records import Criterion, Example, ReviewRule, Rubric
from rft_core.rubric.files import rubric_text
from rft_core.rubric.foreign.imported import (
    Imported,
    added_to,
    in_place_of,
    known_here,
    new_review,
    updated_by,
    with_checks_here,
)
from rft_core.rubric.foreign.intake import fields_of, labels_of, read_rubric_file
from rft_core.rubric.foreign.openai_export import Exported, write_graders

MOST_NOTES = 20
_TURN = "rubric-file-turn"
WAYS: dict[str, tuple[str, Callable[[Imported, Rubric], Rubric]]] = {
    "add": ("Keep the criteria that are here, and add what is new", added_to),
    "update": ("Add what is new, and take over what differs", updated_by),
    "replace": ("Replace all criteria that are here", in_place_of),
}


def show(found: Current) -> None:
    """Take in a file, or download the rubric."""
    st.subheader("From a file")
    _take_in(found)
    st.subheader("As a file")
    _download(found)


def _take_in(found: Current) -> None:
    st.caption(
        "A rubric of this app, a grader of OpenAI, the rubric of one example of HealthBench, "
        "PRBench or ProfBench, or a list of rules with “text” and “points”. Nothing is "
        "saved before you have seen what would change."
    )
    turn = st.session_state.setdefault(_TURN, 0)
    file = st.file_uploader(
        "JSON or JSONL", type=["json", "jsonl"], key=f"rubric-file-{found.project.id}-{turn}"
    )
    if file is None:
        return
    try:
        imported = _read(examples_id(found), file.name, file.getvalue(), found.train)
    except InputError as error:
        state.show_error(error)
        return
    imported = with_checks_here(imported, found.rubric)
    st.markdown(f"**{imported.title}**")
    if imported.notes:
        with st.container(border=True, key="rubric-file-notes"):
            st.markdown(":material/info: **Please note**")
            for note in imported.notes[:MOST_NOTES]:
                st.markdown(f"- {plain.label(plain.curly(note), 400)}")
            if len(imported.notes) > MOST_NOTES:
                st.caption(f"And {len(imported.notes) - MOST_NOTES} more like these.")
    if not imported.rubric.criteria and not imported.review:
        st.warning("Nothing in this file can be used.", icon=":material/warning:")
        return
    way = "replace"
    if found.rubric.criteria:
        st.markdown(_standing(imported, found))
        way = st.radio(
            "What should happen with the criteria that are here?",
            list(WAYS),
            format_func=lambda name: WAYS[name][0],
            horizontal=True,
            key="rubric-file-way",
        )
    changed = WAYS[way][1](imported, found.rubric)
    difference = differences(found.rubric.criteria, changed.criteria)
    review = new_review(imported, found.project.review)
    _preview(found, difference, review, changed, changed.scoring != found.rubric.scoring)
    nothing = changed == found.rubric and not review
    if st.button("Take this in", type="primary", key="rubric-file-save", disabled=nothing):
        st.session_state[_TURN] += 1
        kept = (*found.project.review, *review)
        saving.save(
            found,
            found._replace(project=found.project.with_changes(review=kept), rubric=changed),
            f"rubric from a file: {imported.title}",
            "The file was taken in.",
        )
        st.rerun()


@st.cache_data(show_spinner="Reading the file…", max_entries=10)
def _read(train_id: str, name: str, data: bytes, _train: tuple[Example, ...]) -> Imported:
    return read_rubric_file(name, data, _train)


def _standing(imported: Imported, found: Current) -> str:
    """Say how many rules of the file are here already, how many otherwise, how many not."""
    known = known_here(imported, found.rubric)
    updated = updated_by(imported, found.rubric)
    changed = differences(found.rubric.criteria, updated.criteria).changed
    same = len(known) - len(changed)
    new = len(imported.rubric.criteria) - len(known)
    review = len(imported.review)
    file = plural("rule", new + len(known) + review) if review else _many(imported.rubric.criteria)
    parts = [
        f"{same} {_are(same)} here already",
        f"{len(changed)} {_are(len(changed))} here with other settings",
        f"{new} {_are(new)} new",
    ]
    if review:
        kept = review - len(new_review(imported, found.project.review))
        parts.append(
            f"{review} {_are(review)} for your own review"
            + (f" ({kept} of them kept there already)" if kept else "")
        )
    return f"Of {file} in the file, {', '.join(parts[:-1])}, and {parts[-1]}."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _preview(
    found: Current,
    difference: Differences[Criterion],
    review: Sequence[ReviewRule],
    rubric: Rubric,
    scoring_changes: bool,
) -> None:
    sections = (difference.added, difference.changed, difference.removed, review)
    if not any(sections) and not scoring_changes:
        st.caption("Nothing would change.")
    for title, criteria in (
        ("would be added", difference.added),
        ("would be changed", [new for _, new in difference.changed]),
        ("would be removed", difference.removed),
    ):
        if criteria:
            _listed(found, f"{_many(criteria)} {title}", criteria, rubric)
    if review:
        st.markdown(
            f"**{plural('rule', len(review))} would be kept for your own review**, since "
            "no check here can tell. Their points do not count in training."
        )
        for rule in review:
            st.markdown(f"- {points_of(rule.points)} {plain.label(rule.text, 300)}")
    if scoring_changes:
        st.caption("The way in which points are counted would change too.")


def _listed(found: Current, title: str, criteria: Sequence[Criterion], rubric: Rubric) -> None:
    st.markdown(f"**{title}**")
    for criterion in criteria:
        off = "" if criterion.enabled else " (switched off)"
        st.markdown(f"- {points_of(criterion.points)} {plain.label(criterion.text, 300)}{off}")
        told = criterion_form.read_back(criterion.check, rubric, criterion.points)
        st.caption(plain.label(found.told(told), 300))
        code = criterion.check.parameters.get("code")
        if isinstance(code, str):
            with st.expander("Read the code"):
                st.code(code, language="python")


def _many(criteria: Sequence[Criterion]) -> str:
    return "1 criterion" if len(criteria) == 1 else f"{len(criteria)} criteria"


def _download(found: Current) -> None:
    if not found.rubric.criteria:
        st.caption("There are no criteria yet.")
        return
    if count := len(found.project.review):
        st.caption(
            f"{plural('rule', count)} for your own review {_are(count)} not in these files: only "
            "criteria are."
        )
    st.download_button(
        "This rubric (rubric.json)", rubric_text(found.rubric), "rubric.json", "application/json",
        icon=":material/download:", key="rubric-download", on_click="ignore",
    )  # fmt: skip
    try:
        exported = write_graders(found.rubric, labels_of(found.train), fields_of(found.train))
    except InputError as error:
        st.caption(f"{error.message} {error.fix}")
        return
    _show_otherwise(exported)
    text = json.dumps(exported.grader, ensure_ascii=False, indent=2)
    st.download_button(
        "As an OpenAI grader (JSON)", text, "grader.json", "application/json",
        icon=":material/download:", key="grader-download", on_click="ignore",
    )  # fmt: skip


def _show_otherwise(exported: Exported) -> None:
    """Say how much would be graded otherwise at OpenAI; opened: what."""
    count = len(exported.left_out) + len(exported.differs)
    if not count:
        return
    st.caption(
        "For those who go on at OpenAI: its graders cannot do all that is done here, so the same "
        "answer may earn other points there."
    )
    with st.expander(f"What would be different there ({count})", key="grader-differences"):
        for title, sentences in (
            ("An OpenAI grader would leave out", exported.left_out),
            ("An OpenAI grader would grade a little otherwise", exported.differs),
        ):
            if sentences:
                points = "\n".join(f"- {plain.label(sentence, 400)}" for sentence in sentences)
                st.markdown(f"**{title}**\n\n{points}")
