"""What a model's decisions mean in real use, at a frequency that the expert enters."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from pages.components import charts, findings, plain, saving, state
from pages.components.state import Current
from pages.components.words import plural
from rft_core.errors import InputError
from rft_core.evaluation.in_use import in_use
from rft_core.records import Project

MODELS = ("base", "warm_start", "tuned")


def show(report: dict[str, Any], found: Current) -> None:
    """Ask how often a decision is right in use, and say what the model's one is then worth.

    What was entered is kept with the project.
    """
    if not findings.has_decisions(report):
        return
    decision = report["decision"]
    st.subheader("What this means in use")
    noun = found.project.case_noun
    many = plural(plain.label(noun))
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    label = left.selectbox(
        "Decision", _labels(decision), format_func=plain.label, key="in-use-label"
    )
    key = f"in-use-{found.project.id}-{label}"
    if key not in st.session_state and label in found.project.frequencies:
        st.session_state[key] = round(100 * found.project.frequencies[label], 6)
    percent = right.number_input(
        f"How many of 100 {many} in your work call for it?",
        value=None, min_value=0.0, max_value=100.0, format="%g", key=key,
        placeholder="Such as 2", on_change=_keep, args=(found.project.id, label, key),
        help="In the test every decision is frequent enough to be seen. In your work one may be "
        "rare, and then even a few false ones outnumber the real ones.",
    )  # fmt: skip
    if percent is None:
        st.caption("Enter a number to see how often the decision would be right there.")
        return
    try:
        results = {
            model: in_use(decision["models"][model]["table"], label, percent / 100)
            for model in MODELS
            if model in decision["models"]
        }
    except InputError as error:
        st.warning(plain.label(found.told(f"{error.message} {error.fix}"), 300))
        return
    for model, result in results.items():
        plain.block(result.sentence(plural(noun)), charts.title(model))
    st.caption(
        f"Worked out from the test {many}; the other decisions are taken to be as frequent as in "
        f"the test. The ranges are wide because the test is small; {many} of one group are alike, "
        "so they count as fewer."
    )


def sentences(report: dict[str, Any], project: Project) -> list[str]:
    """Return what the practised model's decisions are worth at the frequencies entered so far."""
    if not findings.has_decisions(report):
        return []
    decision, found = report["decision"], []
    for label, frequency in project.frequencies.items():
        if label in decision["labels"]:
            with suppress(InputError):
                said = in_use(decision["models"]["tuned"]["table"], label, frequency)
                found.append(
                    f"If {100 * frequency:g} of 100 {plural(project.case_noun)} call for "
                    f"“{label}”: {said.sentence(plural(project.case_noun))}"
                )
    return found


def _keep(project_id: str, label: str, key: str) -> None:
    """Keep what was entered with the project as it is stored by now.

    What leaves nothing to tell apart is forgotten.
    """
    found, percent = state.current(), st.session_state[key]
    if found is None or found.project.id != project_id:
        return
    kept = found.project.frequencies
    others = {name: share for name, share in kept.items() if name != label}
    is_kept = percent is not None and 0 < percent < 100
    changed = others | {label: percent / 100} if is_kept else others
    with saving.error_kept():
        state.studio().save_project(
            found.project.with_changes(frequencies=changed), found.examples, found.rubric,
            f"frequency of “{label}” in use",
        )  # fmt: skip


def _labels(decision: dict[str, Any]) -> Sequence[str]:
    """Return the labels, those first that a test case calls for."""
    table = decision["models"]["tuned"]["table"]
    seen = {str(cell["right"]).casefold() for cell in table}
    labels: list[str] = decision["labels"]
    return sorted(labels, key=lambda label: label.casefold() not in seen)
