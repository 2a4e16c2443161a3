"""Cases from a file, looked at before anything is saved."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.components import column_roles, import_preview, plain, saving, state, steering
from pages.components.case_findings import SHOWN
from pages.components.state import Current
from pages.components.steps import required_fields
from pages.components.words import an, as_labelled, in_words_of, plural
from rft_core.errors import InputError
from rft_core.examples.answer_form import in_form
from rft_core.examples.decoding import KINDS
from rft_core.examples.delimited import pasted_start, read_pasted
from rft_core.examples.headings import find_headings
from rft_core.examples.importing import CHAT, OWN, TABLE, ImportResult, open_sheet, take_examples
from rft_core.examples.quality import not_offered
from rft_core.examples.sheets import Problem, Sheet
from rft_core.examples.splitting import assign_splits
from rft_core.examples.value_names import renamed, spellings
from rft_core.records import Example, Project, content_id
from rft_core.settings import MAX_UPLOAD_MB

FILE, PASTED = "From a file", "Pasted from a spreadsheet"
HEADINGS = {True: "Yes, it names the columns", False: "No, it is {} already"}


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
) -> ImportResult | None:
    """Take a file or pasted rows; show what is wrong with them as a sentence.

    The words of the project count as headings too, and its expected values (`fields`). None
    until there is something that can be read.
    """
    way = st.segmented_control(
        "Where the cases come from", [FILE, PASTED], default=FILE, required=True, key=f"{key}-way",
        label_visibility="collapsed",
    )  # fmt: skip
    try:
        opened = _uploaded(key) if way == FILE else _pasted(key, project)
        if opened is None:
            _say_how(project)
            return None
        return _taken(key, opened, existing_ids, project, fields)
    except InputError as error:
        state.show_error(error)
        return None


def clear(key: str) -> None:
    """Empty the upload on the next run of the page."""
    st.session_state[f"{key}-turn"] = st.session_state.get(f"{key}-turn", 0) + 1


def show(found: Current) -> None:
    """Add cases from a file to a project, or replace all it has."""
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
    result = upload("import", {example.id for example in kept}, found.project, used)
    if result is None:
        return
    whole = show_divided(_fitted(result, found, kept, used), kept, found.project)
    new = len(whole) - len(kept)
    if not new:
        return
    count = plural(found.noun, new)
    if st.button(
        f"Replace all by {count}" if replace else f"Add {count}", type="primary", key="import-do"
    ):
        done, note = f"{count} imported.", f"{plural(found.project.case_noun, new)} imported"
        saving.save_examples(found, whole, note, done)
        clear("import")
        st.session_state.pop(SHOWN, None)
        steering.wish("examples-view", "Overview")
        st.rerun()


def show_divided(
    result: ImportResult, kept: Sequence[Example] = (), project: Project | None = None
) -> tuple[Example, ...]:
    """Preview what would be taken; return the cases that are `kept` and then the new ones.

    Where a file does not say training or test, the cases are divided here, so that the preview
    shows on which side each would be.
    """
    whole = assign_splits((*kept, *result.examples))
    divided = result.with_changes(examples=whole[len(kept) :])
    noun = state.noun_of(project)
    free = [i for i, example in enumerate(result.examples) if example.split is None]
    if free:
        new = _sides([divided.examples[i] for i in free])
        said = f"Divided for you: {new}. What belongs together stays on one side."
    else:
        said = f"As the file says: {_sides(divided.examples)}." if result.examples else ""
    if kept or 0 < len(free) < len(result.examples):
        said += f" In all there would be {plural(noun, len(whole))}: {_sides(whole)}."
    import_preview.show(divided, project, said)
    return whole


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
) -> ImportResult:
    """Return the cases with answers in the form, their values named as the project names them."""
    examples = in_form(result.examples, found.project.answer)
    here = {_contents(example) for example in kept}
    known = [example for example in examples if _contents(example) in here]
    examples = tuple(example for example in examples if _contents(example) not in here)
    names = spellings(examples, used)
    notes = [
        Problem(row=None, message=f'"{name}" is taken as "{to}", which is the same value.', fix="")
        for name, to in names.items()
    ]
    if known:
        count = plural(found.project.case_noun, len(known))
        again = f"Here already, with the same answer, and not added again: {count}."
        notes.insert(0, Problem(row=None, message=again, fix=""))
    examples = renamed(examples, names)
    noun, form = found.project.case_noun, found.project.answer
    notes += [
        Problem(
            row=None, message=in_words_of(noun, as_labelled(finding.message, form)), fix=finding.fix
        )
        for finding in not_offered(examples, form)
    ]
    return result.with_changes(examples=examples, problems=(*result.problems, *notes))


def _contents(example: Example) -> str:
    """Return what tells whether two cases are the same, whatever they are called."""
    return content_id([example.model_dump(mode="json", include={"prompt", "reference"})])


def _uploaded(key: str) -> Opened | None:
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
    opened = _read_once(key, file, bool(st.session_state.get(as_table)))
    if opened[1] not in (TABLE, CHAT, OWN) or st.session_state.get(as_table):
        st.toggle("Read it as a plain table instead", key=as_table)
    return Opened(*opened, as_table)


def _read_once(key: str, file: UploadedFile, as_table: bool) -> tuple[Sheet, str]:
    """Read a file, or return what was read of it on the run of the page before."""
    what = (file.file_id, as_table)
    kept = st.session_state.get(f"{key}-read")
    if kept is None or kept[0] != what:
        kept = what, open_sheet(file.name, file.getvalue(), as_table)
        st.session_state[f"{key}-read"] = kept
    opened: tuple[Sheet, str] = kept[1]
    return opened


def _pasted(key: str, project: Project | None) -> Opened | None:
    turn = st.session_state.setdefault(f"{key}-turn", 0)
    text = st.text_area(
        "Copy the rows in your spreadsheet and paste them here",
        height=160,
        key=f"{key}-text-{turn}",
    )
    if not text.strip():
        return None
    sheet = read_pasted(text, _has_headings(key, text, project))
    return Opened(sheet, TABLE, f"{key}-pasted-{turn}-{len(sheet.columns)}")


def _has_headings(key: str, text: str, project: Project | None) -> bool:
    """Ask whether the first row is a heading, with what is likelier chosen already."""
    rows = pasted_start(text)
    guess = find_headings(rows, project)
    first = rows[0] if rows else []
    if not guess.sure:
        plain.block(" | ".join(first), "The first row, of which it is not certain what it is")
    return st.radio(
        "Is the first row a heading?",
        list(HEADINGS),
        index=list(HEADINGS).index(guess.found),
        format_func=lambda found: HEADINGS[found].format(an(state.noun_of(project))),
        horizontal=True,
        key=f"{key}-headings-{content_id(first)}",
    )


def _taken(
    key: str,
    opened: Opened,
    existing_ids: Collection[str],
    project: Project | None,
    fields: Collection[str],
) -> ImportResult | None:
    sheet, told, source = opened
    mapping = None
    if sheet.columns:
        in_use = fields if sheet.is_text and told == TABLE else None
        mapping = column_roles.choose(key, sheet, source, project, in_use)
    if mapping is not None and "prompt" not in mapping.values():
        return None
    result = take_examples(sheet, told, existing_ids, mapping)
    roles = column_roles.summary(mapping or {}, project)
    st.caption(" · ".join(filter(None, [f"Recognised as: {told}", roles])))
    return result


def _say_how(project: Project | None) -> None:
    words = ["prompt", "case", "question", "text"]
    if project is not None and project.case_noun not in words:
        words.insert(0, plain.label(project.case_noun, 30))
    st.caption(
        f"The first row names the columns. One of them holds the {state.noun_of(project)} "
        f"({', '.join(words)}), one your answer (reference, answer). Other columns become "
        "expected values; numbers and names of rows, such as “Matter no”, do not. Nothing is "
        "saved before you have seen what would be taken."
    )
    st.caption(
        "Files of OpenAI RFT, HealthBench, PRBench, ProfBench, promptfoo, Argilla and Label "
        "Studio are recognised."
    )
