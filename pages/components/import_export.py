"""Cases from a file, looked at before anything is saved, and cases as files."""

from collections.abc import Collection, Sequence

import streamlit as st

from pages.components import plain, saving, state, steering
from pages.components.state import Current
from pages.components.words import plural
from rft_core.errors import InputError
from rft_core.examples import exporting
from rft_core.examples.columns import IGNORE
from rft_core.examples.decoding import decode_text, file_kind
from rft_core.examples.delimited import read_delimited
from rft_core.examples.importing import ImportResult, read_examples
from rft_core.examples.jsonfiles import read_json
from rft_core.examples.splitting import assign_splits
from rft_core.examples.workbooks import read_workbook
from rft_core.records import Example
from rft_core.settings import MAX_UPLOAD_MB

TYPES = ["csv", "tsv", "xlsx", "json", "jsonl"]
ROLES = {
    "prompt": "The case",
    "reference": "The expert answer",
    "field": "An expected value",
    "tags": "Tags",
    "split": "Training or test",
    "cluster": "Group",
    "id": "Name of the case",
    "source": "Source",
    IGNORE: "Leave out",
}
SIDES = {"train": "Training", "heldout": "Test", None: "Not decided"}


def upload(key: str, existing_ids: Collection[str]) -> ImportResult | None:
    """Take a file and read it; show what is wrong with it as a sentence. None until it is read."""
    turn = st.session_state.setdefault(f"{key}-turn", 0)
    file = st.file_uploader(
        f"CSV, Excel or JSONL, up to {MAX_UPLOAD_MB} MB", type=TYPES, key=f"{key}-{turn}"
    )
    if file is None:
        return None
    data = file.getvalue()
    try:
        return _read(key, file.name, data, existing_ids)
    except InputError as error:
        state.show_error(error)
        return None


def clear(key: str) -> None:
    """Empty the upload on the next run of the page."""
    st.session_state[f"{key}-turn"] = st.session_state.get(f"{key}-turn", 0) + 1


def preview(result: ImportResult) -> None:
    """Show what would be taken, and every row that would not."""
    st.markdown(f"**{plural('case', len(result.examples))} would be taken.**")
    st.dataframe(table(result.examples), hide_index=True, height=260)
    if not result.problems:
        return
    left_out = result.rows_read - len(result.examples)
    st.markdown(
        f"**{plural('row', left_out)} would be left out.**" if left_out else "**Please note**"
    )
    st.dataframe(
        [
            {
                "Row": "" if problem.row is None else str(problem.row),
                "What is wrong": problem.message,
                "What to do": problem.fix,
            }
            for problem in result.problems
        ],
        hide_index=True,
    )


def show_import(found: Current) -> None:
    """Add cases from a file to a project, or replace all it has."""
    replace = False
    if found.examples:
        replace = st.radio(
            "What should happen with the cases that are here?",
            [False, True],
            format_func=lambda value: "Replace them all" if value else "Keep them, and add",
            horizontal=True,
            key="import-replace",
        )
    kept = () if replace else found.examples
    result = upload("import", {example.id for example in kept})
    if result is None:
        _say_how()
        return
    if not result.examples:
        preview(result)
        return
    preview(result)
    undecided = sum(example.split is None for example in result.examples)
    if undecided:
        st.caption(
            f"For {plural('case', undecided)} the file does not say training or test. They are "
            "divided for you, about 60 to 40, and groups stay together."
        )
    count = plural("case", len(result.examples))
    if st.button(
        f"Replace all by {count}" if replace else f"Add {count}", type="primary", key="import-do"
    ):
        done = f"{count} imported."
        saving.save_examples(found, assign_splits((*kept, *result.examples)), done[:-1], done)
        clear("import")
        steering.wish("examples-view", "Overview")
        st.rerun()


def show_export(found: Current) -> None:
    """Offer the cases as files."""
    if not found.examples:
        st.caption("There are no cases to export yet.")
        return
    st.caption(
        "Every file can be imported again. CSV and Excel hold the cases, answers and expected "
        "values; JSONL holds everything."
    )
    name = found.project.id
    with st.container(horizontal=True):
        _download("CSV", exporting.to_csv, found.examples, f"{name}.csv", "text/csv")
        _download(
            "Excel",
            exporting.to_xlsx,
            found.examples,
            f"{name}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        _download("JSONL", exporting.to_jsonl, found.examples, f"{name}.jsonl", "application/jsonl")


def table(examples: Sequence[Example], names: Sequence[str] | None = None) -> list[dict[str, str]]:
    """Return cases as rows to look at; `names` are the expected values shown."""
    if names is None:
        names = list(dict.fromkeys(name for e in examples for name in e.fields))
    return [
        {
            "Name": example.id,
            "Used for": SIDES[example.split],
            "Case": example.case_text,
            "Expert answer": example.reference or "",
            **{name: _shown(example.fields.get(name)) for name in names},
            "Tags": ", ".join(example.tags),
        }
        for example in examples
    ]


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _read(key: str, name: str, data: bytes, existing_ids: Collection[str]) -> ImportResult:
    try:
        result = read_examples(name, data, existing_ids)
        columns = result.columns
    except InputError as error:
        columns = dict.fromkeys(_columns(name, data), "field")
        if "No column holds the cases" not in error.message or not columns:
            raise
        st.warning("Which column holds the case? Say so below.", icon=":material/help:")
    if "kept" in columns.values():
        return result
    with st.expander(
        "What each column holds", expanded="prompt" not in columns.values(), key=f"{key}-columns"
    ):
        mapping = {column: _role(key, column, role) for column, role in columns.items()}
    return read_examples(name, data, existing_ids, mapping)


def _role(key: str, column: str, role: str) -> str:
    guess = "field" if role.startswith("field") else role
    return st.selectbox(
        plain.label(column),
        list(ROLES),
        index=list(ROLES).index(guess),
        format_func=ROLES.get,
        key=f"{key}-column-{column}",
    )


def _columns(name: str, data: bytes) -> tuple[str, ...]:
    """Return the headings of a file."""
    kind = file_kind(name, data)
    if kind == "xlsx":
        sheet = read_workbook(data)
    elif kind in ("json", "jsonl"):
        sheet = read_json(decode_text(data), lines=kind == "jsonl")
    else:
        sheet = read_delimited(decode_text(data))
    return tuple(column for column in sheet.columns if column)


def _say_how() -> None:
    st.caption(
        "The first row names the columns. One of them holds the case (prompt, case, question, "
        "text), one your answer (reference, answer). Any other column becomes an expected value. "
        "Nothing is saved before you have seen what would be taken."
    )


def _download(label: str, write, examples: Sequence[Example], name: str, mime: str) -> None:  # noqa: ANN001
    try:
        data = write(examples)
    except InputError as error:
        state.show_error(error)
        return
    st.download_button(
        label, data, name, mime, icon=":material/download:", key=f"export-{label}",
        on_click="ignore",
    )  # fmt: skip
