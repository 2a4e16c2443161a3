"""The cost of mistakes as a grid: right choice by given choice, in points."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from rft_core.checks.cost_table import shares_of
from rft_core.checks.wording import tokens

Table = Mapping[str, Mapping[str, float]]
DIGITS = 6
"""Of a share of the points; more would show rounding as a change."""


def show(
    label: str, about: str, table: Table, labels: Sequence[str], points: float, key: str
) -> dict[str, dict[str, float]]:
    """Draw the grid in points and return the shares of the points by right and given label.

    A cell that the table lacks begins with all points for the right choice, else none.
    """
    worth = points if points > 0 else 1.0
    names = list({tokens(name): name for name in reversed(labels)}.values())[::-1]
    shares = shares_of(table)
    frame = pd.DataFrame(
        [[worth * _share(shares, right, given) for given in names] for right in names],
        index=pd.Index(names, name="Right choice"),
        columns=names,
    )
    st.markdown(f"**{label}**", help=about)
    if len(names) < 2:
        st.caption("Write at least two choices above.")
        return {name: {name: 1.0} for name in names}
    edited = st.data_editor(
        frame,
        num_rows="fixed",
        key=key,
        column_config={
            name: st.column_config.NumberColumn(
                name, min_value=0.0, max_value=worth, format="%g", required=True
            )
            for name in names
        },
    )
    return {
        right: {given: _kept(edited.iat[i, j], worth) for j, given in enumerate(names)}
        for i, right in enumerate(names)
    }


def _share(shares: Mapping[tuple[str, str], float], right: str, given: str) -> float:
    return shares.get((tokens(right), tokens(given)), 1.0 if right == given else 0.0)


def _kept(points: object, worth: float) -> float:
    """Return points as a share; an emptied cell earns nothing."""
    value = pd.to_numeric(points, errors="coerce")  # type: ignore[call-overload]
    return 0.0 if pd.isna(value) else round(min(1.0, max(0.0, float(value) / worth)), DIGITS)
