"""What a comparison found, section by section: mistakes, decisions, models, criteria, tags."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.components import charts, tables, words
from pages.components.verdict import word
from rft_core.evaluation.verdict import outcome
from rft_core.records import Aspect, Criterion
from rft_core.reports import points
from rft_core.reports.answers import Case, by_tag
from rft_core.reports.summary import UNCLEAR, mistake_sentence, model_rows, unclear_before

ASPECTS: tuple[Aspect, ...] = ("substance", "form")
HEADINGS = ("Answered by", "Points", "What it says", "How it is laid out", "Right decisions",
            "Seconds per answer", "Cut off")  # fmt: skip
FEW = 5
"""Cases of a tag under which a mean says little."""


def mistakes(report: dict[str, Any]) -> None:
    """Show how often each mistake that the rubric names was made."""
    if not report.get("errors"):
        return
    st.subheader("Mistakes your rubric names")
    for error in report["errors"]:
        st.text(mistake_sentence(error, charts.titles()))
    models = [m for m in (*charts.MODELS, *charts.FLOORS) if m in report["errors"][0]["models"]]
    rows = [
        [error["text"], *(f"{error['models'][m]} of {error['of']}" for m in models)]
        for error in report["errors"]
    ]
    tables.show(["Mistake", *(charts.title(m) for m in models)], rows)
    unclear = unclear_before(report)
    if unclear:
        st.caption(unclear)


def decisions(report: dict[str, Any]) -> None:
    """Show right decisions by model, and what the practised model decided for each right one."""
    decision = report.get("decision")
    if not decision:
        return
    st.subheader("Right decisions")
    left, right = st.columns([3, 2], gap="large")
    with left:
        charts.decisions(decision["models"], key="decisions")
        st.caption(
            "The dot is the share of right decisions on the test cases, the line its likely range. "
            "The two grey-brown rows need no model."
        )
    with right:
        if "tuned" in decision["models"]:
            st.markdown(f"**{charts.title('tuned')}: what it decided**")
            _table(decision["models"]["tuned"]["table"], decision["labels"])


def _table(counts: Sequence[dict[str, Any]], labels: Sequence[str]) -> None:
    number = {(cell["right"].casefold(), cell["given"].casefold()): cell["n"] for cell in counts}
    unclear = [UNCLEAR] if any(cell["given"] == UNCLEAR for cell in counts) else []
    given = [*labels, *unclear]
    rows = []
    for label in labels:
        cells = [number.get((label.casefold(), g.casefold()), 0) for g in given]
        if sum(cells):
            rows.append([label, *(str(n) if n else "·" for n in cells)])
    diagonal = {(i, 1 + given.index(row[0])) for i, row in enumerate(rows)}
    tables.show(["Right answer", *given], rows, marked=diagonal)
    st.caption("Rows: the right decision. Columns: the one it gave. Shaded: right.")


def all_models(report: dict[str, Any], cases: Sequence[Case]) -> None:
    """Show every model and every floor in one table, form and substance apart."""
    st.subheader("Could something simpler have done it?")
    rows = model_rows(report, cases, charts.titles() | {"chance": words.title("chance")})
    strong = [i for i, row in enumerate(rows) if row[0] == charts.title("tuned")]
    tables.show(HEADINGS, rows, strong=strong)
    st.caption(
        "Points are means per case. The last rows need no model: one fixed answer, your answer to "
        "the most similar training case, and a training answer picked at random."
    )
    _paired(report, cases)


def _paired(report: dict[str, Any], cases: Sequence[Case]) -> None:
    on = {None: points.scale(cases)} | {a: points.scale(cases, a) for a in ASPECTS}
    rows = []
    for other in ("base", "few_shot", "warm_start"):
        result = report["paired"].get(f"tuned_vs_{other}")
        if result is not None:
            counts = f"{result['better']} / {result['worse']} / {result['same']}"
            rows.append(
                [
                    charts.title(other),
                    counts,
                    points.signed_range(result, on[None]),
                    *(points.signed_range(result.get(a), on[a]) for a in ASPECTS),
                    word(outcome(result, result.get("coverage", 1.0))),
                ]
            )
    if rows:
        st.markdown(f"**{charts.title('tuned')}, compared with**")
        tables.show(
            ["", "Better / worse / same", "Points more (likely range)", "What it says",
             "How it is laid out", "Verdict"],
            rows,
        )  # fmt: skip


def criteria(report: dict[str, Any], rules: Sequence[Criterion]) -> None:
    """Show how often each criterion was met, what it says apart from how it is laid out."""
    shares = {name: model["criteria"] for name, model in report["models"].items()}
    parts = [
        (aspect, positive, [c for c in rules if c.aspect == aspect and (c.points > 0) is positive])
        for positive in (True, False)
        for aspect in ASPECTS
    ]
    for aspect, positive, found in parts:
        if not found:
            continue
        kind = "how often each criterion was met" if positive else "penalties (fewer is better)"
        st.markdown(f"**{words.title(aspect)}: {kind}**")
        rows = [(c.text, {name: values.get(c.id) for name, values in shares.items()}) for c in found]
        charts.criteria(rows, key=f"criteria-{aspect}-{positive}")


def tags(cases: Sequence[Case]) -> None:
    """Show how the models did on the cases of each tag."""
    rows = by_tag(cases)
    if not rows:
        return
    st.subheader("By tag")
    models = [m for m in charts.MODELS if any(m in row.points for row in rows)]
    tables.show(
        ["Tag", "Test cases", *(charts.title(m) for m in models), "Possible", "Got better",
         "Got worse"],
        [
            [
                row.tag,
                str(row.cases),
                *(points.shown(row.points.get(m)) for m in models),
                points.shown(row.possible),
                str(row.better),
                str(row.worse),
            ]
            for row in rows
        ],
    )  # fmt: skip
    note = "Mean points per case. A case with several tags counts in each."
    if any(row.cases < FEW for row in rows):
        note += f" Tags with fewer than {FEW} test cases say little."
    st.caption(note)
