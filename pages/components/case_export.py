"""Cases as files, alone or with the criteria that grade them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from pages.components import plain
from pages.components.state import Current
from pages.components.words import plural
from rft_core.checks.wording import inner_marks
from rft_core.errors import InputError
from rft_core.examples import exporting
from rft_core.examples.foreign import rubric_files
from rft_core.records import Example
from rft_core.rubric.rule_words import BREAKS, is_demand


def _anything(examples: Sequence[Example]) -> None:
    """Check nothing: the file can hold whatever the store can."""


class _Form(NamedTuple):
    """A form of file to export. It is written once it is asked for: that takes a while."""

    ending: str
    mime: str
    check: Callable[..., None]
    """Raises InputError where `write` would."""
    write: Callable[..., bytes]


_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JSONL = "application/jsonl"
FORMS = {
    "CSV": _Form(".csv", "text/csv", _anything, exporting.to_csv),
    "Excel": _Form(".xlsx", _EXCEL, exporting.check_xlsx, exporting.to_xlsx),
    "JSONL": _Form(".jsonl", _JSONL, _anything, exporting.to_jsonl),
    "OpenAI JSONL": _Form("-openai.jsonl", _JSONL, exporting.check_openai, exporting.to_openai),
}
"""Files of the cases, by name."""
WITH_CRITERIA = {
    "HealthBench": _Form(
        "-healthbench.jsonl", _JSONL, rubric_files.check_healthbench, rubric_files.to_healthbench
    ),
    "PRBench": _Form("-prbench.jsonl", _JSONL, rubric_files.check_prbench, rubric_files.to_prbench),
}
"""Files of the cases and the rubric, by name."""


def show(found: Current) -> None:
    """Offer the cases as files."""
    if not found.examples:
        st.caption(f"There are no {plural(found.noun)} to export yet.")
        return
    many = plural(found.noun)
    st.caption(
        f"Every file can be imported again. CSV, Excel and OpenAI's form hold the {many} with "
        "their answers, expected values, tags, sources and notes. JSONL also holds criteria of "
        f"single {many} and what else came with them. The instruction and the answer form are in "
        "none of these files; the rubric is a file of its own, on the Rubric page under Files."
    )
    _downloads(found, FORMS, found.examples)
    if found.has_criteria:
        st.caption(
            f"With the criteria of every {found.noun}, in words and with their points, for other "
            "tools and AI graders. How a criterion is checked here, and expected values, are not "
            "in these two; PRBench's has no place for expert answers either."
        )
        _about_faults(found)
        _downloads(found, WITH_CRITERIA, found.examples, found.rubric)


def _about_faults(found: Current) -> None:
    """Say how a penalty is written that says what must not be, if there is one."""
    turned = next(filter(is_demand, found.rubric.active), None)
    if turned is not None:
        rule = plain.label(inner_marks(turned.text), 100)
        st.caption(
            "Other tools take points off where the words of a rule are true of an answer, so a "
            f"penalty that says what must not be is written as the fault: “{BREAKS}{rule}”. Taken "
            "in here again, it is your rule."
        )


def _downloads(found: Current, forms: Mapping[str, _Form], *contents: Any) -> None:
    """Offer files with these contents; say which cannot be written, and why."""
    refused = []
    with st.container(horizontal=True):
        for label, form in forms.items():
            try:
                form.check(*contents)
            except InputError as error:
                refused.append(error)
                continue
            st.download_button(
                label,
                partial(form.write, *contents),
                f"{found.project.id}{form.ending}",
                form.mime,
                icon=":material/download:",
                key=f"export-{label}",
                on_click="ignore",
            )
    for error in refused:
        st.caption(plain.label(found.told(f"{error.message} {error.fix}"), 300))
