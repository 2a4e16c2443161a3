"""What each column of a file holds: recognised first, changed by the expert where it is wrong."""

from collections.abc import Collection, Mapping

import streamlit as st

from pages.components import plain, state
from pages.components.words import plural
from rft_core.checks.wording import listing
from rft_core.examples.columns import FIELD, IGNORE, guess_columns, is_row_number, set_aside
from rft_core.examples.guesses import likely_case, unique_columns
from rft_core.examples.headings import names_case, project_roles
from rft_core.examples.sheets import Sheet
from rft_core.records import Project

ROLES = {
    "prompt": "The {noun}",
    "reference": "The expert answer",
    "field": "An expected value",
    "tags": "Tags",
    "split": "Training or test",
    "cluster": "Group",
    "id": "Name of the {noun}",
    "source": "Source",
    "note": "Note",
    IGNORE: "Leave out",
}
NO_ANSWER = (
    "No column was taken as the expert answer. Choose it below, or import the {many} and answer "
    "them here."
)
NOT_WHOLE = (
    "No column holds {parts}, so no answer would be whole. Choose the column below, or fill it in "
    "here after the import: what the other columns say of the answer is kept."
)
GUESSED = (
    "No heading says which column holds the {noun}. “{column}” is taken, for its texts. Change it "
    "below if that is wrong."
)
SAMPLE_CHARS = 90
WIDTHS = (2, 4, 2)


def choose(
    key: str,
    sheet: Sheet,
    source: str,
    project: Project | None = None,
    fields: Collection[str] | None = None,
    ids: Collection[str] = (),
    makes_answers: bool = False,
) -> Mapping[str, str]:
    """Show every column with its role, folded up where case and answer were found.

    `fields` are the expected values that are in use; None stands for a file of another tool, all
    of whose values are meant. `ids` are the names that cases have already, and `makes_answers`
    says whether expected values can make an answer. Returns the roles. What was chosen is kept by
    the column's place, as long as the `source` is the same: whether the first row is a heading
    changes the columns' names, not what they hold.
    """
    titles = _titles(project)
    likely, guess = _likely(sheet, project, fields, ids)
    guessed = {column: _offered(role, titles) for column, role in likely.items()}
    chosen = _chosen(key, source)
    roles = {
        column: _offered(chosen.get(place, role), titles)
        for place, (column, role) in enumerate(guessed.items())
    }
    found = guess is None and "prompt" in guessed.values() and _has_answer(guessed)
    found = found and not _parts_without(guessed, project)
    noun = state.noun_of(project)
    question = st.empty()
    with st.expander("What each column holds", expanded=not found, key=f"{key}-columns"):
        st.caption(
            "Change what was not recognised rightly. What is left out stays in your file only."
        )
        samples = _samples(sheet)
        for place, (column, role) in enumerate(roles.items()):
            box = f"{source}-column-{column}"
            sample = samples.get(column, "")
            roles[column] = _column(box, column, role, sample, titles, (key, source, place))
    if "prompt" not in roles.values():
        question.warning(f"Which column holds the {noun}? Say so below.", icon=":material/help:")
        return roles
    told = []
    if guess is not None and roles[guess] == "prompt":
        told.append(GUESSED.format(column=plain.label(guess, 60), noun=noun))
    elif not _has_answer(roles) and not (makes_answers and "field" in roles.values()):
        told.append(NO_ANSWER.format(many=plural(noun)))
    if lacking := _parts_without(roles, project):
        named = listing([f"“{plain.label(label, 40)}”" for label in lacking])
        told.append(NOT_WHOLE.format(parts=named))
    if told:
        question.info("\n\n".join(told), icon=":material/help:")
    return roles


def _likely(
    sheet: Sheet, project: Project | None, fields: Collection[str] | None, ids: Collection[str]
) -> tuple[dict[str, str], str | None]:
    """Return the likely role of each column, and the one taken as the case for its texts alone.

    The only one that is headed with the noun behind other words is taken without a doubt.
    """
    likely = guess_columns(sheet.columns, project_roles(sheet.columns, project))
    if fields is not None:
        in_use = [*fields, *(role.removeprefix(FIELD) for role in _titles(project))]
        numbers = filter(is_row_number, sheet.columns)
        likely = set_aside(likely, in_use, unique_columns(sheet, numbers, ids))
    guess = likely_case(sheet, likely, project)
    if guess is None:
        return likely, None
    sure = [column for column in likely if names_case(column, project)] == [guess]
    return likely | {guess: "prompt"}, None if sure else guess


def summary(roles: Mapping[str, str], project: Project | None = None) -> str:
    """Say in one line, escaped, which column is what."""
    titles = _titles(project)
    told = {column: _offered(role, titles) for column, role in roles.items() if role != "kept"}
    named = {role: column for column, role in told.items()}
    single = [role for role in titles if role not in ("field", IGNORE)]
    parts = [f"{titles[role]}: {plain.label(named[role], 30)}" for role in single if role in named]
    for what, role in (("Expected values", "field"), ("Left out", IGNORE)):
        found = [column for column, given in told.items() if given == role]
        if found:
            shown = ", ".join(plain.label(column, 30) for column in found[:6])
            parts.append(f"{what}: {shown}{', …' if len(found) > 6 else ''}")
    return " · ".join(parts)


def _has_answer(roles: Mapping[str, str]) -> bool:
    """Tell whether a column holds the expert answer, or a part of it."""
    return any(role == "reference" or role.startswith(FIELD) for role in roles.values())


def _parts_without(roles: Mapping[str, str], project: Project | None) -> list[str]:
    """Return the labels of the answer's parts that no column holds, where others have one."""
    held = [role.removeprefix(FIELD) for role in roles.values() if role.startswith(FIELD)]
    if project is None or not held or "reference" in roles.values():
        return []
    return [part.label for part in project.answer if part.field not in held]


def _titles(project: Project | None) -> dict[str, str]:
    """Return all roles with what they are called: the fixed ones and the parts of the answer."""
    answer = project.answer if project is not None else ()
    parts = {f"{FIELD}{p.field}": f"In the answer: {plain.label(p.label, 40)}" for p in answer}
    noun = state.noun_of(project)
    fixed = [(role, title.format(noun=noun)) for role, title in ROLES.items()]
    return dict([*fixed[:2], *parts.items(), *fixed[2:]])


def _chosen(key: str, source: str) -> dict[int, str]:
    """Return the roles that the expert chose, by the column's place."""
    kept = st.session_state.get(f"{key}-roles")
    return kept[1] if kept is not None and kept[0] == source else {}


def _note(box: str, key: str, source: str, place: int) -> None:
    chosen = {**_chosen(key, source), place: st.session_state[box]}
    st.session_state[f"{key}-roles"] = source, chosen


def _column(
    box: str, column: str, role: str, sample: str, titles: Mapping[str, str],
    noted: tuple[str, str, int],
) -> str:  # fmt: skip
    heading, example, choice = st.columns(WIDTHS, vertical_alignment="center")
    heading.markdown(f"**{plain.label(column)}**")
    with example:
        plain.block(sample)
    return choice.selectbox(
        plain.label(column),
        list(titles),
        index=list(titles).index(role),
        format_func=titles.get,
        label_visibility="collapsed",
        key=box,
        on_change=_note,
        args=(box, *noted),
    )


def _offered(role: str, titles: Mapping[str, str]) -> str:
    """Return the role as it can be chosen: other expected values are one role."""
    return role if role in titles else "field"


def _samples(sheet: Sheet) -> dict[str, str]:
    """Return the first value of every column, cut short."""
    samples: dict[str, str] = {}
    for row in sheet.rows:
        for column, value in row.values.items():
            samples.setdefault(column, "" if value is None else str(value)[: SAMPLE_CHARS + 1])
        if len(samples) >= len(sheet.columns):
            break
    return {column: _short(text) for column, text in samples.items()}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SAMPLE_CHARS else f"{line[: SAMPLE_CHARS - 1]}…"
