"""What a model's decisions mean in real use, at a frequency that the expert enters."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.components import charts, plain
from pages.components.words import plural
from rft_core.errors import InputError
from rft_core.evaluation.in_use import InUse, in_use
from rft_core.evaluation.statistics import Interval

MODELS = ("base", "warm_start", "tuned")


def show(report: dict[str, Any], noun: str) -> None:
    """Ask how often a decision is right in use, and say what the model's one is then worth."""
    decision = report.get("decision")
    if not decision or "tuned" not in decision["models"]:
        return
    st.subheader("What this means in use")
    many = plural(plain.label(noun))
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    label = left.selectbox(
        "Decision", _labels(decision), format_func=plain.label, key="in-use-label"
    )
    percent = right.number_input(
        f"How many of 100 {many} in your work call for it?",
        value=None, min_value=0.0, max_value=100.0, format="%g", key=f"in-use-{label}",
        placeholder="Such as 2",
        help="In the test every decision is frequent enough to be seen. In your work one may be "
        "rare, and then even a few false ones outnumber the real ones.",
    )  # fmt: skip
    if percent is None:
        st.caption("Enter a number to see how often the decision would be right there.")
        return
    try:
        found = {
            model: in_use(decision["models"][model]["table"], label, percent / 100)
            for model in MODELS
            if model in decision["models"]
        }
    except InputError as error:
        st.warning(plain.label(f"{error.message} {error.fix}", 300))
        return
    for model, result in found.items():
        plain.block(sentence(result, plural(noun)), charts.title(model))
    st.caption(
        "Worked out from the test cases; the other decisions are taken to be as frequent as in "
        "the test. The ranges are wide because the test is small."
    )


def sentence(found: InUse, many: str) -> str:
    """Return what giving the label is worth, in one sentence with its likely ranges."""
    if not found.ever_given:
        return f"It marked none of the test cases “{found.label}”."
    return (
        f"Of 100 {many} that it marks “{found.label}”, {_about(found.right_of_given)} are right. "
        f"Of 100 that should be marked so, it marks {_about(found.given_of_right)}."
    )


def _about(counts: Interval) -> str:
    low, high = round(counts.low or 0), round(counts.high or 0)
    return f"about {round(counts.estimate)} (likely {low} to {high})"


def _labels(decision: dict[str, Any]) -> Sequence[str]:
    """Return the labels, those first that a test case calls for."""
    table = decision["models"]["tuned"]["table"]
    seen = {str(cell["right"]).casefold() for cell in table}
    labels: list[str] = decision["labels"]
    return sorted(labels, key=lambda label: label.casefold() not in seen)
