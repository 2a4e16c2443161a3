"""What a file would give: the cases, how the model will see them, and what is left out."""

from collections.abc import Sequence

import streamlit as st

from pages.components import plain, state
from pages.components.words import capital, in_words_of, plural
from rft_core.examples.answer_form import held_values
from rft_core.examples.importing import ImportResult, Problem
from rft_core.examples.typed_answer import as_text
from rft_core.models.chat import case_turns
from rft_core.records import AnswerPart, Example, Project
from rft_core.reports.changes import SIDES

SPEAKERS = {"system": "Its own instruction", "user": "The {}", "assistant": "An earlier answer"}
ANSWERS = {
    False: "Your answer, from which it learns",
    True: "Your answer. This {} is kept aside for the test: the model answers it without seeing "
    "yours, and then the two are compared",
}
"""Over an expert answer, by whether the case is one of the test."""
SEEN = 3
"""Cases that are shown as the model will see them."""
MAX_CHARS = 2_000
FIXED = ("Name", "Used for", "Tags", "Expert answer")
_CELL_CHARS = 200
"""Characters of a text in a table: a thousand long ones would be slow to send and to draw."""


def show(result: ImportResult, project: Project | None = None, divided: str = "") -> None:
    """Show what would be taken, the first cases as the model will see them, and what would not.

    `divided` says which are there already and how the cases were divided between training and test.
    """
    noun = state.noun_of(project)
    count = plural(noun, len(result.examples))
    st.markdown(f"**{count} would be taken.**{f' {divided}' if divided else ''}")
    if result.examples:
        named = project.case_noun if project is not None else noun
        form = project.answer if project is not None else ()
        st.dataframe(table(result.examples, named, form=form), hide_index=True)
        with st.expander(f"How the model will see the first {plural(noun)}", key="import-seen"):
            if project is not None and project.instruction:
                plain.block(project.instruction, f"Instruction, before every {noun}")
            for example in result.examples[:SEEN]:
                _as_seen(example, noun, form)
    _problems(result, project.case_noun if project is not None else noun)


def _problems(result: ImportResult, noun: str) -> None:
    told = [
        problem.with_changes(
            message=plain.curly(in_words_of(noun, problem.message)),
            fix=plain.curly(in_words_of(noun, problem.fix)),
        )
        for problem in result.problems
    ]
    rows = [problem for problem in told if problem.row is not None]
    rows.sort(key=lambda problem: problem.row or 0)
    left_out = [problem for problem in rows if problem.left_out]
    changed = [problem for problem in rows if not problem.left_out]
    count = len({problem.row for problem in left_out})
    _rows(f"{plural('row', count)} would be left out.", "What is wrong", left_out)
    _rows("Taken, and to look at", "What to know", changed)
    remarks = [problem for problem in told if problem.row is None]
    if remarks:
        st.markdown("**Please note**")
    for remark in remarks:
        plain.block(f"{remark.message} {remark.fix}")


def _rows(heading: str, what: str, problems: Sequence[Problem]) -> None:
    if problems:
        st.markdown(f"**{heading}**")
        st.dataframe(
            [{"Row": str(p.row), what: p.message, "What to do": p.fix} for p in problems],
            hide_index=True,
        )


def table(
    examples: Sequence[Example],
    noun: str,
    names: Sequence[str] | None = None,
    answer: bool = True,
    form: Sequence[AnswerPart] = (),
) -> list[dict[str, str]]:
    """Return cases as rows to look at, long texts cut.

    `names` are the expected values shown, in their order; `answer` says whether whole answers
    are shown as well. Values that a part of the answer `form` holds are called as it is.
    """
    if names is None:
        names = list(dict.fromkeys(name for e in examples for name in e.fields))
    tagged = any(example.tags for example in examples)
    return [
        {
            "Name": example.id,
            "Used for": SIDES[example.split],
            **({"Tags": ", ".join(example.tags)} if tagged else {}),
            case_heading(noun, names, form): cut_cell(example.case_text),
            **{_heading(n, form): cut_cell(_shown(example.fields.get(n))) for n in names},
            **({"Expert answer": cut_cell(example.reference or "")} if answer else {}),
        }
        for example in examples
    ]


def case_heading(noun: str, names: Sequence[str], form: Sequence[AnswerPart] = ()) -> str:
    """Return the heading over the texts of the cases, which no other column has."""
    others = (*FIXED, *(_heading(name, form) for name in names))
    heading = capital(noun)
    return "Case" if heading in others else heading


def _heading(name: str, form: Sequence[AnswerPart]) -> str:
    """Return the heading over an expected value: its label, unless another column has that."""
    label = next((part.label for part in form if part.field == name), None)
    return label if label and label not in FIXED else capital(name.replace("_", " "))


def _as_seen(example: Example, noun: str, form: Sequence[AnswerPart]) -> None:
    with st.container(border=True):
        for turn in case_turns(example):
            plain.block(_cut(turn["content"]), SPEAKERS[turn["role"]].format(noun))
        if example.reference:
            plain.block(_cut(example.reference), ANSWERS[example.split == "heldout"].format(noun))
        elif begun := as_text(form, held_values(form, example) or {}):
            plain.block(_cut(begun), "What there is of your answer, which is not whole yet")
        else:
            st.caption("There is no expert answer yet.")
        if example.criteria:
            st.caption(f"{plural('rule', len(example.criteria))} of its own")


def cut_cell(text: str) -> str:
    """Return a text as a cell of a table shows it."""
    return _cut(text, _CELL_CHARS)


def _cut(text: str, most: int = MAX_CHARS) -> str:
    return text if len(text) <= most else f"{text[:most]} …"


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
