"""What a comparison found, section by section: mistakes, decisions, models, criteria, tags."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.components import charts, plain, tables, words
from pages.components.verdict import word
from rft_core.evaluation.verdict import outcome
from rft_core.records import Aspect, Criterion
from rft_core.reports import points
from rft_core.reports.answers import Case, by_tag
from rft_core.reports.summary import UNCLEAR, mistake_sentence, model_table, unclear_before
from rft_core.rubric.ingredients import is_penalty
from rft_core.rubric.rule_words import broken

ASPECTS: tuple[Aspect, ...] = ("substance", "form")
FEW = 5
"""Cases of a tag under which a mean says little."""


def mistakes(report: dict[str, Any], noun: str) -> None:
    """Show how often each mistake that the rubric names was made."""
    if not report.get("errors"):
        return
    st.subheader("Mistakes your rubric names")
    for error in report["errors"]:
        st.html(_mistake(error, noun))
    unclear = unclear_before(report)
    if unclear:
        st.caption(plain.label(words.in_words_of(noun, unclear), 300))


def _mistake(error: dict[str, Any], noun: str) -> str:
    """Return the sentence of a mistake, and a smaller line about what needs no training."""
    others = ", ".join(
        f"{words.in_words_of(noun, words.word(m))} {error['models'][m]} of {error['of']}"
        for m in ("few_shot", *charts.FLOORS)
        if m in error["models"]
    )
    sentence = html.escape(mistake_sentence(error, charts.titles(noun)))
    costs = f"Costs {points.counted(error['costs'])}. " if "costs" in error else ""
    return (
        f'<div style="font-weight:600">{sentence}</div>'
        f'<div style="font-size:.9rem;opacity:.75">{costs}For comparison: '
        f"{html.escape(others)}.</div>"
    )


def decisions(report: dict[str, Any], noun: str) -> None:
    """Show right decisions by model, and what the practised model decided for each right one."""
    decision = report.get("decision")
    if not decision:
        return
    st.subheader("Right decisions")
    charts.decisions(decision["models"], "decisions", noun)
    st.caption(
        f"The dot is the share of right decisions on the test {_many(noun)}, the line its likely "
        "range. "
        "The two grey-brown rows need no model."
    )
    if has_decisions(report):
        st.markdown(f"**{charts.title('tuned')}: what it decided**")
        decided(report)


def has_decisions(report: dict[str, Any]) -> bool:
    """Say whether there are decisions of a practised model."""
    return "tuned" in (report.get("decision") or {}).get("models", {})


def decided(report: dict[str, Any]) -> None:
    """Show what the practised model decided for each right decision."""
    decision = report["decision"]
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


def all_models(report: dict[str, Any], cases: Sequence[Case], noun: str) -> None:
    """Show every model and every floor in one table, form and substance apart."""
    st.subheader("Could something simpler have done it?")
    models = model_table(report, cases, charts.titles(noun))
    strong = [i for i, row in enumerate(models.rows) if row[0] == charts.title("tuned")]
    tables.show(models.headings, models.rows, strong=strong)
    st.caption(
        f"Points are means per {plain.label(noun)}, seconds are per answer, brackets hold the "
        "likely range; cut off are answers that ran into the limit of length. The last rows need "
        "no model: one fixed answer, your answer to the most similar training "
        f"{plain.label(noun)}, and a training answer picked at random."
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
                    _verdict(result),
                ]
            )
    if rows:
        st.markdown(f"**{charts.title('tuned')}, compared with**")
        tables.show(
            ["", "Better / worse / same", "Points more", "What it says", "How it is laid out",
             "Verdict"],
            rows,
        )  # fmt: skip


def _verdict(result: Mapping[str, Any]) -> str:
    if not result["better"] + result["worse"]:
        return "No difference"
    return word(outcome(result, result.get("coverage", 1.0)))


def criteria(report: dict[str, Any], rules: Sequence[Criterion]) -> None:
    """Show how often each criterion was met, what it says apart from how it is laid out."""
    st.subheader("Criterion by criterion")
    st.caption("How often each was met. Of a penalty or a broken rule, fewer is better.")
    charts.model_legend(m for m in charts.MODELS if m in report["models"])
    shares = {name: model["criteria"] for name, model in report["models"].items()}
    for aspect in ASPECTS:
        found = sorted((c for c in rules if c.aspect == aspect), key=is_penalty)
        if found:
            st.markdown(f"**{words.title(aspect)}**")
            rows = [
                (broken(c, c.text), {name: values.get(c.id) for name, values in shares.items()})
                for c in found
            ]
            charts.criteria(rows, key=f"criteria-{aspect}")


def tags(cases: Sequence[Case], noun: str) -> None:
    """Show how the models did on the cases of each tag."""
    rows = by_tag(cases)
    if not rows:
        return
    st.subheader("By tag")
    models = [m for m in charts.MODELS if any(m in row.points for row in rows)]
    tables.show(
        ["Tag", f"Test {words.plural(noun)}", *(charts.title(m) for m in models), "Possible",
         "Got better", "Got worse"],
        [
            [
                row.tag,
                str(row.cases),
                *(points.in_column(row.points.get(m)) for m in models),
                points.exact(row.possible),
                str(row.better),
                str(row.worse),
            ]
            for row in rows
        ],
    )  # fmt: skip
    one = plain.label(noun)
    note = (
        f"Mean points per {one}. {words.capital(words.an(one))} with several tags counts in each."
    )
    if any(row.cases < FEW for row in rows):
        note += f" Tags with fewer than {FEW} test {_many(noun)} say little."
    st.caption(note)


def _many(noun: str) -> str:
    return words.plural(plain.label(noun))
