"""The verdict of a run: one word, the count of cases, how sure, and what to be careful about."""

import html
from functools import partial
from typing import Any, Literal, NamedTuple

import streamlit as st

from pages.components import charts
from pages.components.words import in_words_of
from rft_core.evaluation.verdict import LOUD_IDENTICAL
from rft_core.reports import points
from rft_core.reports.points import Scale
from rft_core.reports.summary import cautions, quiet_sentences

Colour = Literal["green", "red", "gray"]


class Look(NamedTuple):
    """How a verdict word is shown; shape and word tell it as well as colour."""

    text: str
    icon: str
    colour: Colour


LOOKS = {
    "better": Look("Better", ":material/trending_up:", "green"),
    "worse": Look("Worse", ":material/trending_down:", "red"),
    "not enough evidence": Look("Not enough evidence", ":material/help:", "gray"),
    "no tuned model": Look("Nothing to compare", ":material/block:", "gray"),
}


def word(verdict: Any) -> str:
    """Return a verdict as page text."""
    look = LOOKS.get(str(verdict))
    return look.text if look else "–"


def card(report: dict[str, Any], scale: Scale, exploratory: str | None, noun: str) -> None:
    """Show the verdict with its uncertainty, loudest warnings first."""
    said = partial(in_words_of, noun)
    careful = list(map(said, cautions(report)))
    with st.container(border=True, key="verdict"):
        _badges(report["verdict"], bool(careful), exploratory is not None)
        st.html(_headline(said(report["headline"])))
        main = report["paired"].get("tuned_vs_base")
        if main is not None:
            st.html(_bar(main))
            st.text(said(points.mean_difference(main, scale)))
        if careful:
            st.html(_careful(careful))
        quiet = list(map(said, quiet_sentences(report)))
        if quiet:
            st.html(_list(quiet))
    if exploratory:
        st.warning("Exploratory: take this verdict as a hint only.", icon=":material/science:")
        st.text(said(exploratory))
    share = report.get("identical_to_base")
    if share is not None and share > LOUD_IDENTICAL:
        st.error(
            f"{share:.0%} of the answers after training are word for word those from before. "
            "Training changed almost nothing.",
            icon=":material/warning:",
        )


def _badges(verdict: str, careful: bool, exploratory: bool) -> None:
    look = LOOKS.get(verdict, LOOKS["no tuned model"])
    with st.container(horizontal=True):
        st.badge(look.text, icon=look.icon, color=look.colour)
        if careful:
            st.badge("But read the warning", icon=":material/warning:", color="orange")
        if exploratory:
            st.badge("Exploratory", icon=":material/science:", color="orange")


def _headline(text: str) -> str:
    counts, _, ending = text.partition(": ")
    ending = ending[:1].upper() + ending[1:]
    return (
        f'<div role="heading" aria-level="2" style="font-size:1.9rem;font-weight:700;'
        f'line-height:1.2">{html.escape(counts)}</div>'
        f'<div style="font-size:1.2rem;margin-top:.25rem">{html.escape(ending)}</div>'
    )


def _bar(main: dict[str, Any]) -> str:
    """Return a bar of better, same and worse cases."""
    parts = (
        ("better", main["better"], charts.BETTER),
        ("the same", main["same"], charts.SAME),
        ("worse", main["worse"], charts.WORSE),
    )
    pieces = "".join(
        f'<div style="flex:{count};background:{colour};height:14px" title="{count} {name}"></div>'
        for name, count, colour in parts
        if count
    )
    legend = "".join(
        f'<span style="margin-right:1.2rem;white-space:nowrap"><span style="display:inline-block;'
        f'width:.7rem;height:.7rem;border-radius:2px;background:{colour};margin-right:.4rem">'
        f"</span>{count} {name}</span>"
        for name, count, colour in parts
    )
    return (
        f'<div style="display:flex;gap:2px;border-radius:7px;overflow:hidden">{pieces}</div>'
        f'<div style="font-size:.85rem;opacity:.8;margin-top:.35rem">{legend}</div>'
    )


def _list(sentences: list[str]) -> str:
    items = "".join(f'<li style="margin:.2rem 0">{html.escape(s)}</li>' for s in sentences)
    return f'<ul style="margin:0;padding-left:1.2rem">{items}</ul>'


def _careful(sentences: list[str]) -> str:
    """Return sentences that must not be missed, in a box of their own."""
    lines = "".join(f"<div>{html.escape(s)}</div>" for s in sentences)
    return (
        f'<div role="note" style="border-left:5px solid {charts.COLOURS["few_shot"]};'
        f'background:rgba(230,159,0,.13);border-radius:6px;padding:.6rem .9rem">{lines}</div>'
    )
