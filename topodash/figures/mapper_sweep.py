"""A stability sweep as a heat map: b1, b0, nodes or coverage over intervals and overlap (or eps)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale

from topodash.figures.plain import figure, trace, words

NAMES = {"b1": "loops b1", "b0": "components b0", "nodes": "nodes", "coverage": "share of points covered"}


def column_names(config: Mapping[str, Any]) -> list[str]:
    """The second setting of every column as the axis writes it, with as few digits as tell them apart."""
    scale = 1 if config["against"] == "eps" else 100
    for digits in range(3, 18):
        names = [f"{scale * value:.{digits}g}" for value in config["values"]]
        if len(set(names)) == len(names):
            break
    return names


def cell_at(config: Mapping[str, Any], x: Any, y: Any) -> tuple[int, float]:
    """Intervals and second setting of the cell at these places of the axes.

    Dash hands on where a heat map was clicked, but not the cell's `customdata`.

    Raises
    ------
    ValueError
        When the sweep has no such cell.
    """
    names, rows = column_names(config), [str(row) for row in config["n_intervals"]]
    if str(x) not in names or str(y) not in rows:
        raise ValueError(f"x and y must name a cell of the sweep; they were {x!r} and {y!r}")
    return config["n_intervals"][rows.index(str(y))], config["values"][names.index(str(x))]


def sweep_map(
    config: Mapping[str, Any] | None, scalars: Mapping[str, Any], show: str, *, dark: bool = False
) -> go.Figure:
    """The heat map; cells that are not computed, or were refused, stay empty.

    Parameters
    ----------
    config : mapping or None
        Of a run of kind `mapper_sweep`; None gives an empty picture that says how to fill it.
    scalars : {name: (steps, values)}
        Step k is cell k, row by row.
    show : 'b1', 'b0', 'nodes' or 'coverage'
    """
    if config is None:
        return words("Sweep computes the graph<br>for every pair of settings.", dark=dark)
    rows, columns = list(config["n_intervals"]), list(config["values"])
    flat = np.full(len(rows) * len(columns), np.nan)
    if show in scalars:
        steps, values = scalars[show]
        inside = (steps >= 1) & (steps <= len(flat))
        flat[np.asarray(steps)[inside] - 1] = np.asarray(values, dtype=float)[inside]
    cells = flat.reshape(len(rows), len(columns))
    eps = config["against"] == "eps"
    names = column_names(config)
    shown = [
        ["" if np.isnan(cell) else f"{cell:.2g}" if show == "coverage" else f"{cell:.0f}" for cell in row]
        for row in cells
    ]
    traces = [
        trace(
            "heatmap", z=cells, x=names, y=[str(row) for row in rows], text=shown, texttemplate="%{text}",
            colorscale=get_colorscale("Cividis"), hoverongaps=False, xgap=2, ygap=2, colorbar={"thickness": 10, "nticks": 4},
            hovertemplate="%{y} intervals, " + ("eps %{x}" if eps else "%{x} % overlap") + f"<br>{NAMES[show]}: %{{z}}<br>click to load<extra></extra>",
        )
    ]  # fmt: skip
    return figure(
        traces,
        dark=dark,
        margin={"l": 52, "r": 8, "t": 8, "b": 40},
        xaxis={"title": {"text": "eps" if eps else "overlap, %"}, "type": "category", "showgrid": False},
        yaxis={"title": {"text": "intervals"}, "type": "category", "showgrid": False},
        uirevision="sweep",
    )
