"""Small tables as HTML: every cell is escaped, the text can be selected, copied and printed."""

import html
from collections.abc import Container, Sequence

import streamlit as st

TABLE = "border-collapse:collapse;width:100%;font-size:.95rem;line-height:1.4"
CELL = "padding:.4rem .6rem;border-bottom:1px solid rgba(128,128,128,.25);vertical-align:top"
HEAD = f"{CELL};font-weight:600;opacity:.75;border-bottom-width:2px"


def show(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    strong: Sequence[int] = (),
    marked: Container[tuple[int, int]] = (),
    alarming: Container[int] = (),
    right: bool = True,
) -> None:
    """Show a table. The first column names the row; the others are right-aligned numbers.

    `strong` lists rows to emphasise, `marked` the (row, column) of cells to shade, `alarming` rows
    to be warned about; with `right` false all columns are text.
    """
    st.html(
        as_html(headings, rows, caption=caption, strong=strong, marked=marked, alarming=alarming,
                right=right)
    )  # fmt: skip


def as_html(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    strong: Sequence[int] = (),
    marked: Container[tuple[int, int]] = (),
    alarming: Container[int] = (),
    right: bool = True,
) -> str:
    """Return the table as escaped HTML."""
    head = "".join(_cell("th", text, HEAD, i, right) for i, text in enumerate(headings))
    body = "".join(
        "<tr>"
        + "".join(
            _cell(
                "th" if i == 0 else "td",
                text,
                _style(n in strong or (n, i) in marked, n in alarming),
                i,
                right,
            )
            for i, text in enumerate(row)
        )
        + "</tr>"
        for n, row in enumerate(rows)
    )
    title = (
        f'<caption style="text-align:left;padding:.2rem .6rem;opacity:.75">'
        f"{html.escape(caption)}</caption>"
        if caption
        else ""
    )
    return (
        f'<div style="overflow-x:auto"><table style="{TABLE}">{title}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _style(strong: bool, alarming: bool) -> str:
    if not (strong or alarming):
        return f"{CELL};font-weight:400"
    shade = "230,159,0,.2" if alarming else "0,158,115,.13"
    return f"{CELL};font-weight:600;background:rgba({shade})"


def _cell(tag: str, text: str, style: str, column: int, right: bool) -> str:
    side = "right" if right and column else "left"
    scope = ' scope="row"' if tag == "th" and column == 0 else ""
    shown = html.escape(text)
    wrap = ";white-space:nowrap" if right and column and tag == "td" else ""
    return f'<{tag}{scope} style="{style};text-align:{side}{wrap}">{shown}</{tag}>'
