"""Cases from a file, looked at before anything is saved."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.components import (
    answer_columns,
    column_roles,
    form_drafts,
    import_preview,
    pasted_rows,
    plain,
    saving,
    shortcuts,
    state,
    steering,
)
from pages.components.case_findings import list_all
from pages.components.state import Current
from pages.components.steps import required_fields
from pages.components.words import an, plural
from rft_core.checks.wording import plain_text
from rft_core.errors import InputError
from rft_core.examples.answer_form import in_form
from rft_core.examples.columns import FIELD, plain_heading
from rft_core.examples.decoding import KINDS
from rft_core.examples.delimited import pasted_start, read_pasted
from rft_core.examples.gaps import gaps
from rft_core.examples.importing import (
    CHAT,
    OWN,
    TABLE,
    ImportResult,
    open_sheet,
    repeated_rows,
    take_examples,
)
from rft_core.examples.names import CASE
from rft_core.examples.quality import not_offered
from rft_core.examples.sheets import Problem, Sheet, Start
from rft_core.examples.splitting import assign_splits, label_fields
from rft_core.examples.titles import NO_HEADINGS, guess_head
from rft_core.examples.value_names import renamed, spellings
from rft_core.records import AnswerPart, Example, Project, content_id
from rft_core.settings import MAX_UPLOAD_MB
from rft_core.store.drafts import NO_PROJECT

FILE, PASTED = "From a file", "Pasted from a spreadsheet"
NO_ROW = "No row: the first is {} already"
HEAD_PX = 300
HEAD_ROWS = 10
"""Rows that can be chosen as the one with the headings."""
ROWS_NAMED = 6


class Opened(NamedTuple):
    """A table that was opened."""

    sheet: Sheet
    told: str
    """What it was recognised as."""
    source: str
    """Names the file or the pasting; what was chosen for its columns belongs to it."""


def upload(
    key: str,
    existing_ids: Collection[str],
    project: Project | None = None,
    fields: Collection[str] = (),
    makes_answers: bool = False,
) -> ImportResult | None:
    """Take a file or pasted rows; show what is wrong with them as a sentence.

    The words of the project count as headings too, and its expected values (`fields`).
    `makes_answers` says whether an answer can be made of expected values. None until there is
    something that can be read.
    """
    if pasted_rows.take_up(key, _id_of(project)):
        st.session_state[f"{key}-way"] = PASTED
    way = st.segmented_control(
        f"Where the {plural(state.noun_of(project))} come from", [FILE, PASTED],
        default=None if f"{key}-way" in st.session_state else FILE, required=True,
        key=f"{key}-way", label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    try:
        opened = _uploaded(key, project) if way == FILE else _pasted(key, project)
        if opened is None:
            _say_how(project)
            return None
        return _taken(key, opened, existing_ids, project, fields, makes_answers)
    except InputError as error:
        state.show_error(error, project.case_noun if project else CASE)
        return None


def clear(key: str, project_id: str) -> None:
    """Empty the upload on the next run of the page."""
    pasted_rows.discard(key, project_id)


def _id_of(project: Project | None) -> str:
    return project.id if project is not None else NO_PROJECT


def show(found: Current) -> None:
    """Add cases from a file to a project, or replace all it has."""
    shortcuts.take_typed_first()
    replace = False
    if found.examples:
        replace = st.radio(
            f"What should happen with the {plural(found.noun)} that are here?",
            [False, True],
            format_func=lambda value: "Replace them all" if value else "Keep them, and add",
            horizontal=True,
            key="import-replace",
        )
    kept = () if replace else found.examples
    used = _used(found, kept)
    made = answer_columns.can_be_made(found.project, kept)
    result = upload("import", {example.id for example in kept}, found.project, used, made)
    if result is None:
        return
    result, repeats = _fitted(result, found, kept, used)
    changed = divided("import", result, found._replace(examples=tuple(kept)), repeats)
    whole = changed.examples
    new = len(whole) - len(kept)
    if not new:
        return
    count = plural(found.noun, new)
    if st.button(
        f"Replace all by {count}" if replace else f"Add {count}", type="primary", key="import-do"
    ):
        done, note = f"{count} imported.", f"{plural(found.project.case_noun, new)} imported"
        saving.save(found, changed, note, done)
        clear("import", found.project.id)
        list_all()
        steering.wish("examples-view", "Overview")
        st.rerun()


def divided(key: str, result: ImportResult, into: Current, repeats: str = "") -> Current:
    """Preview what would be taken; return the project with the new cases behind those it has.

    Where no column is the expert answer, the expected values can make it. Where a file does not
    say training or test, the cases are divided here, so that the preview shows on which side each
    would be; what the columns are taken for does not change that. `repeats` says which rows are
    cases that are there already.
    """
    kept = into.examples
    labels = label_fields(into.project.answer)
    whole = assign_splits((*kept, *result.examples), kinds=result.kinds, labels=labels)
    changed = answer_columns.answered(key, into._replace(examples=whole), result)
    new = changed.examples[len(kept) :]
    free = [i for i, example in enumerate(result.examples) if example.split is None]
    if free:
        said = f"Divided for you: {_sides([new[i] for i in free])}."
        said += " What belongs together stays on one side."
    else:
        column = next((name for name, role in result.columns.items() if role == "split"), "split")
        said = f"As “{plain.label(column, 30)}” says: {_sides(new)}." if new else ""
    if kept or 0 < len(free) < len(new):
        said += f" In all there would be {plural(into.noun, len(whole))}: {_sides(whole)}."
    problems = (*result.problems, *repeated_rows(new, result.rows))
    shown = result.with_changes(examples=new, problems=problems)
    begun = _begun(new, into)
    import_preview.show(shown, changed.project, " ".join(filter(None, [begun, repeats, said])))
    return changed


def _begun(examples: Sequence[Example], into: Current) -> str:
    """Say how many answers are not whole; where there is no form yet it is said of that."""
    whole = sum(bool(example.reference) for example in examples)
    if whole == len(examples) or not into.project.answer:
        return ""
    return f"{whole or 'None'} of these {'has' if whole < 2 else 'have'} a whole answer."


def _sides(examples: Sequence[Example]) -> str:
    """Say how many are for what."""
    test = sum(example.split == "heldout" for example in examples)
    undecided = sum(example.split is None for example in examples)
    rest = f", {undecided} not decided" if undecided else ""
    return f"{len(examples) - test - undecided} for training, {test} for the test{rest}"


def _used(found: Current, kept: Sequence[Example]) -> list[str]:
    """Return the expected values that the rubric reads or cases have."""
    names = [*required_fields(found.rubric), *(name for e in kept for name in e.fields)]
    return list(dict.fromkeys(names))


def _fitted(
    result: ImportResult, found: Current, kept: Sequence[Example], used: Sequence[str]
) -> tuple[ImportResult, str]:
    """Return the cases with answers in the form, their values named as the project names them.

    Cases that are there already are left out; the sentence beside says how many, and how many
    have the text of one and another answer.
    """
    examples = in_form(result.examples, found.project.answer)
    here = {_contents(example) for example in kept}
    known = [example for example in examples if _contents(example) in here]
    examples = tuple(example for example in examples if _contents(example) not in here)
    names = spellings(examples, used)
    notes = [
        Problem(row=None, message=f'"{name}" is taken as "{to}", which is the same value.', fix="")
        for name, to in names.items()
    ]
    examples = renamed(examples, names)
    notes += [
        Problem(row=None, message=found.told(finding.message), fix=finding.fix)
        for finding in not_offered(examples, found.project.answer)
    ]
    notes += _unfinished(examples, found.project.answer, result)
    left = {result.rows[example.id] for example in known}
    told = [problem for problem in result.problems if problem.row not in left]
    fitted = result.with_changes(examples=examples, problems=(*told, *notes))
    again = _answered_again(examples, kept)
    return fitted, _repeats(found.noun, len(known), again, len(examples))


def _unfinished(
    examples: Sequence[Example], form: Sequence[AnswerPart], result: ImportResult
) -> list[Problem]:
    """Say of answers that are begun why they are not whole: what is empty, what cannot be held.

    Parts without a column are told beside the columns.
    """
    rows = result.rows
    lacking = {example.id: gaps(example, form) for example in examples}
    wrong = [
        Problem(
            row=rows[case_id],
            message=f"{error.message} The answer is not whole yet.",
            fix=error.fix,
        )
        for case_id, found in lacking.items()
        for error in found.wrong
    ]
    begun = [case_id for case_id, found in lacking.items() if len(found.empty) < len(form)]
    empty = {
        part.label: [i for i in begun if part in lacking[i].empty]
        for part in form
        if _has_column(part, result.columns)
    }
    return wrong + [_empty(label, [rows[i] for i in ids]) for label, ids in empty.items() if ids]


def _has_column(part: AnswerPart, roles: Mapping[str, str]) -> bool:
    """Tell whether a column holds a part; so it is where a file has no columns."""
    fields = {plain_heading(r.removeprefix(FIELD)) for r in roles.values() if r.startswith(FIELD)}
    return not fields or not fields.isdisjoint(map(plain_heading, (part.field, part.label)))


def _empty(label: str, rows: Sequence[int]) -> Problem:
    """Say in which rows a part of the answer is empty."""
    named = ", ".join(map(str, rows[:ROWS_NAMED])) + (", …" if len(rows) > ROWS_NAMED else "")
    which = f"row {named}" if len(rows) == 1 else f"{len(rows)} rows ({named})"
    has = "it has" if len(rows) == 1 else "they have"
    return Problem(
        row=None,
        message=f'"{label}" is empty in {which}, so {has} no whole answer yet. What is there is '
        "kept.",
        fix="Fill it in before the import or after it, here.",
    )


def _answered_again(examples: Sequence[Example], kept: Sequence[Example]) -> int:
    """Return how many cases have the text of one that is there."""
    here = {plain_text(example.case_text) for example in kept}
    return sum(plain_text(example.case_text) in here for example in examples)


def _repeats(noun: str, same: int, other: int, taken: int) -> str:
    """Say how many rows repeat cases that are there, beside so many that would be taken."""
    said = []
    if other:
        have = "has" if other == 1 else "have"
        said.append(
            f"{other} of these {have} the text of {an(noun)} that is here already with another "
            "answer, and would be added beside it."
        )
    if same:
        is_or_are = "is" if same == 1 else "are"
        said.append(
            f"{plural('more row' if taken else 'row', same)} {is_or_are} here already with the "
            "same answer, and not added again."
        )
    return " ".join(said)


def _contents(example: Example) -> str:
    """Return what tells whether two cases are the same, whatever they are called."""
    return content_id([example.model_dump(mode="json", include={"prompt", "reference"})])


def _uploaded(key: str, project: Project | None) -> Opened | None:
    turn = st.session_state.setdefault(f"{key}-turn", 0)
    file = st.file_uploader(
        f"CSV, Excel, JSON, YAML or Parquet, up to {MAX_UPLOAD_MB} MB",
        type=[ending.removeprefix(".") for ending in KINDS],
        key=f"{key}-{turn}",
    )
    if file is None:
        st.session_state.pop(f"{key}-read", None)
        return None
    as_table = f"{key}-plain-{turn}-{file.file_id}"
    box = f"{key}-head-{turn}-{file.file_id}"
    head = st.session_state.get(box)
    sheet, told = _read_once(key, file, bool(st.session_state.get(as_table)), head)
    if told not in (TABLE, CHAT, OWN) or st.session_state.get(as_table):
        st.toggle("Read it as a plain table instead", key=as_table)
    if sheet.start and (told == TABLE or head is not None):
        _choose_head(box, sheet.start, sheet.head, project)
    return Opened(sheet, told, as_table)


def _read_once(key: str, file: UploadedFile, as_table: bool, head: int | None) -> tuple[Sheet, str]:
    """Read a file, or return what was read of it on the run of the page before."""
    what = (file.file_id, as_table, head)
    kept = st.session_state.get(f"{key}-read")
    if kept is None or kept[0] != what:
        kept = what, open_sheet(file.name, file.getvalue(), as_table, head)
        st.session_state[f"{key}-read"] = kept
    opened: tuple[Sheet, str] = kept[1]
    return opened


def _pasted(key: str, project: Project | None) -> Opened | None:
    text = st.text_area(
        "Copy the rows in your spreadsheet and paste them here",
        height=160,
        key=pasted_rows.text_key(key),
        persist_state="session",
    )
    own = _id_of(project)
    kept = pasted_rows.keep(key, own, text, pasted_rows.head(key, text))
    with st.container(horizontal=True, vertical_alignment="center"):
        # What was pasted is taken once the field is left; not everybody leaves it without a button.
        asked = st.button("Look at the rows", key=f"{key}-look")
        if kept:
            st.button(
                "Discard", key=f"{key}-discard", on_click=pasted_rows.discard, args=(key, own)
            )
            st.caption(form_drafts.KEPT)
    if not text.strip():
        if asked:
            st.warning("Nothing is pasted yet. Copy rows in your spreadsheet first.")
        return None
    start = pasted_start(text)
    likely, sure = guess_head(start, project)
    first = [cell for _, cells in start[:1] for cell in cells]
    if not sure:
        plain.block(" | ".join(first), "The first row, of which it is not certain what it is")
    box, before = f"{key}-head-{content_id(first)}", pasted_rows.head(key, text)
    if before in (NO_HEADINGS, *(number for number, _ in start[:HEAD_ROWS])):
        likely = before  # else it is asked again
    head = _choose_head(box, start, likely, project)
    pasted_rows.keep(key, own, text, head)
    sheet = read_pasted(text, head)
    return Opened(sheet, TABLE, pasted_rows.source(key, len(sheet.columns)))


def _choose_head(box: str, start: Start, head: int, project: Project | None) -> int:
    """Ask which row has the headings, `head` chosen already; one without a row below cannot."""
    rows = [number for number, _ in start[: max(1, min(len(start) - 1, HEAD_ROWS))]]
    names = {NO_HEADINGS: NO_ROW.format(an(state.noun_of(project)))}
    options = sorted({*rows, head, NO_HEADINGS})
    return st.selectbox(
        "Headings are in row",
        options,
        index=options.index(head),
        format_func=lambda number: names.get(number, str(number)),
        width=HEAD_PX,
        key=box,
    )


def _taken(
    key: str,
    opened: Opened,
    existing_ids: Collection[str],
    project: Project | None,
    fields: Collection[str],
    makes_answers: bool,
) -> ImportResult | None:
    sheet, told, source = opened
    mapping = None
    if sheet.columns:
        in_use = fields if sheet.is_text and told == TABLE else None
        made = makes_answers and told == TABLE
        mapping = column_roles.choose(key, sheet, source, project, in_use, existing_ids, made)
    if mapping is not None and "prompt" not in mapping.values():
        return None
    noun = project.case_noun if project is not None else CASE
    result = take_examples(sheet, told, existing_ids, mapping, noun)
    roles = column_roles.summary(mapping or {}, project)
    st.caption(" · ".join(filter(None, [f"Recognised as: {told}", roles])))
    return result


def _say_how(project: Project | None) -> None:
    words = ["prompt", "case", "question", "text"]
    if project is not None and project.case_noun not in words:
        words.insert(0, plain.label(project.case_noun, 30))
    st.caption(
        f"A row of headings names the columns. One of them holds the {state.noun_of(project)} "
        f"({', '.join(words)}), one your answer (reference, answer). Other columns become "
        "expected values; numbers and dates of rows, such as “Matter no” or “Report date”, do not. "
        "Nothing is saved before you have seen what would be taken."
    )
    st.caption(
        "Files of OpenAI RFT, HealthBench, PRBench, ProfBench, promptfoo, Argilla and Label "
        "Studio are recognised."
    )
