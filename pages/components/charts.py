"""Charts of results, with the same colour for a model on every page.

Colours are those of Okabe and Ito, which colour-blind people can tell apart. Text of users goes
through `_safe`: plotly reads a little HTML.
"""

import html
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.components import words

COLOURS = {
    "base": "#8c9097",
    "few_shot": "#e69f00",
    "warm_start": "#56b4e9",
    "tuned": "#009e73",
    "commonest": "#b8a99a",
    "nearest": "#b8a99a",
}
MODELS = ("base", "few_shot", "warm_start", "tuned")
FLOORS = ("commonest", "nearest")
BETTER, WORSE, SAME = "#009e73", "#d55e00", "#a3a7ad"
ROW = 42


def title(model: str, noun: str = "case") -> str:
    """Return the page name of a model or of a floor, which may speak of cases."""
    return words.title(model, noun)


def titles(noun: str) -> dict[str, str]:
    """Return page names by model, by floor and of what chance earns, in a project's words."""
    return {model: title(model, noun) for model in (*MODELS, *FLOORS, "chance")}


def show(figure: go.Figure, key: str) -> None:
    """Show a figure in the page's own theme, without plotly's toolbar."""
    st.plotly_chart(figure, theme="streamlit", config={"displayModeBar": False}, key=key)


def legend(names: Mapping[str, str]) -> None:
    """Show what the colours mean: names (any text) by colour."""
    st.html(
        "".join(
            f'<span style="margin-right:1.4rem;white-space:nowrap;font-size:.9rem">'
            f'<span style="display:inline-block;width:.8rem;height:.8rem;border-radius:2px;'
            f'background:{colour};margin-right:.45rem"></span>{html.escape(name)}</span> '
            for colour, name in names.items()
        )
    )


def model_legend(models: Iterable[str]) -> None:
    """Show the colours of models."""
    legend({COLOURS[model]: title(model) for model in models})


def decisions(models: Mapping[str, Any], key: str, noun: str) -> None:
    """Show how many decisions each model got right, as a dot with its likely range."""
    names = [m for m in (*MODELS, *FLOORS) if m in models and models[m]["accuracy"]]
    figure = go.Figure()
    for name in names:
        rate, counts = models[name]["accuracy"], models[name]
        text = f"{counts['right']} of {counts['n']}"
        figure.add_trace(
            go.Scatter(
                x=[rate["estimate"]],
                y=[_safe(title(name, noun))],
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [rate["high"] - rate["estimate"]],
                    "arrayminus": [rate["estimate"] - rate["low"]],
                    "thickness": 3,
                    "width": 0,
                },
                mode="markers",
                marker={"size": 15, "color": COLOURS[name]},
                hovertemplate=(
                    f"{text}<br>likely range {rate['low']:.0%} to {rate['high']:.0%}<extra></extra>"
                ),
            )
        )
        figure.add_annotation(
            x=1,
            y=_safe(title(name, noun)),
            text=f"<b>{text}</b>",
            showarrow=False,
            xref="paper",
            xanchor="left",
            xshift=8,
        )
    figure.update_xaxes(range=[-0.04, 1.04], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=False)
    _lay_out(figure, height=60 + ROW * len(names))
    figure.update_layout(margin_r=80)
    show(figure, key)


def criteria(rows: Sequence[tuple[str, Mapping[str, float | None]]], key: str) -> None:
    """Show how often each criterion was met: (text, share by model), one bar a model."""
    models = [m for m in MODELS if any(m in shares for _, shares in rows)]
    places = list(range(len(rows)))
    figure = go.Figure()
    for model in models:
        shares = [values.get(model) for _, values in rows]
        figure.add_trace(
            go.Bar(
                name=title(model),
                orientation="h",
                y=places,
                x=shares,
                marker_color=COLOURS[model],
                text=["" if s is None else f"{s:.0%}" for s in shares],
                textposition="outside",
                cliponaxis=False,
                hovertemplate="%{x:.0%}<extra>" + title(model) + "</extra>",
            )
        )
    figure.update_layout(barmode="group", bargap=0.28)
    figure.update_xaxes(range=[0, 1.1], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        automargin=True,
        showgrid=False,
        zeroline=False,
        tickvals=places,
        ticktext=[_safe(text) for text, _ in rows],
    )
    _lay_out(figure, height=90 + len(rows) * (18 * len(models) + 18))
    show(figure, key)


NEAR = 0.015
"""Points nearer than this share of the chart, both ways, hide each other."""
FEW_TIMES = 4
"""Up to so many runs, the axis names their times and no others."""


def over_time(lines: Sequence[tuple[str, str, list[Any], list[float | None]]], key: str) -> None:
    """Show lines (name, colour, times, shares of the possible points) over time.

    Points that would hide each other stand side by side; hovering says their own time.
    """
    legend({colour: name for name, colour, *_ in lines})
    figure = go.Figure()
    places = side_by_side([(times, shares) for *_, times, shares in lines])
    for (name, colour, times, shares), drawn_at in zip(lines, places, strict=True):
        figure.add_trace(
            go.Scatter(
                name=_safe(name, 40),
                x=drawn_at,
                y=shares,
                customdata=[[f"{time:%d %b %Y %H:%M}"] for time in times],
                mode="lines+markers",
                line={"color": colour, "width": 2},
                marker={"size": 10, "color": colour, "opacity": 0.85},
                hovertemplate="%{y:.0%} of the points, %{customdata[0]}<extra>"
                + _safe(name, 40)
                + "</extra>",
            )
        )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", title="Share of the points")
    figure.update_xaxes(tickformat="%-d %b<br>%H:%M", nticks=8, showgrid=False)
    seen = sorted({time for *_, times, _ in lines for time in times})
    if len(seen) <= FEW_TIMES:
        # Else the axis repeats one minute, or names times at which nothing was run.
        figure.update_xaxes(tickvals=seen)
    _lay_out(figure, height=340)
    show(figure, key)


def side_by_side(lines: Sequence[tuple[list[Any], list[float | None]]]) -> list[list[Any]]:
    """Return the times at which to draw the points of lines (times, shares).

    Points of about one time and within `NEAR` of each other are moved apart along the time, around
    where they belong; all others stay.
    """
    drawn = [list(times) for times, _ in lines]
    seen = [time for times in drawn for time in times]
    first = min(seen, default=None)
    step = (max(seen) - first) * NEAR if len(set(seen)) > 1 else timedelta(minutes=1)
    at_once: dict[int, list[tuple[float, int, int]]] = {}
    for line, (times, shares) in enumerate(lines):
        for point, (time, share) in enumerate(zip(times, shares, strict=True)):
            if share is not None:
                at_once.setdefault(round((time - first) / step), []).append((share, line, point))
    for points in at_once.values():
        for group in _near(sorted(points)):
            for number, (_, line, point) in enumerate(sorted(group, key=lambda one: one[1:])):
                drawn[line][point] += step * (number - (len(group) - 1) / 2)
    return drawn


def _near(points: Sequence[tuple[float, int, int]]) -> Iterator[list[tuple[float, int, int]]]:
    """Yield groups of points, sorted by their share, that lie within `NEAR` of the one before."""
    group: list[tuple[float, int, int]] = []
    for point in points:
        if group and point[0] - group[-1][0] >= NEAR:
            yield group
            group = []
        group.append(point)
    yield group


def _lay_out(figure: go.Figure, height: int) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 10, "t": 10, "b": 30},
        showlegend=False,
        font={"size": 14},
        xaxis_zeroline=False,
        xaxis_tickfont_size=13,
        yaxis_tickfont_size=14,
        hoverlabel={"namelength": -1},
    )


def _safe(text: str, width: int = 38) -> str:
    """Return user text for plotly: escaped, in lines of at most `width` characters."""
    lines = textwrap.wrap(text, width, max_lines=3, placeholder=" …") or [""]
    return "<br>".join(html.escape(line, quote=False) for line in lines)
