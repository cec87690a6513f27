"""The degree-1 persistence diagram of the kept filters, with the longest bars of their null banks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.plain import Trace, figure, trace

SHOWN = 300


def bars_figure(
    homology: Mapping[str, Any],
    null_bars: np.ndarray | None = None,
    longest: np.ndarray | None = None,
    *,
    dark: bool = False,
) -> go.Figure:
    """`null_bars` (b, 2) of all null banks so far, `longest` (banks,) the length of the longest of each."""
    colours = theme.palette(dark)
    bars = np.asarray(homology["bars"], dtype=np.float64).reshape(-1, 2)[:SHOWN]
    every = bars if null_bars is None else np.concatenate([bars, null_bars])
    low, high = (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)
    room = 0.06 * (high - low or 1.0)
    low, high = low - room, high + room
    traces: list[Trace] = [
        trace(
            "scatter",
            x=[low, high],
            y=[low, high],
            mode="lines",
            line={"color": colours["line"], "width": 1},
            hoverinfo="skip",
            showlegend=False,
            name="diagonal",
        )
    ]
    if null_bars is not None and len(null_bars):
        traces.append(
            trace("scatter", x=null_bars[:, 0].astype(np.float32), y=null_bars[:, 1].astype(np.float32), mode="markers", name=f"longest bars of {len(longest)} null banks" if longest is not None else "null banks",
                       marker={"size": 5, "color": colours["quiet"], "opacity": 0.35, "symbol": "x-thin", "line": {"width": 1, "color": colours["quiet"]}}, hovertemplate="null: birth %{x:.3g}, death %{y:.3g}<extra></extra>")
        )  # fmt: skip
    if longest is not None and len(longest):
        top = float(np.max(longest))
        traces.append(
            trace("scatter", x=[low, high - top], y=[low + top, high], mode="lines", line={"color": colours["quiet"], "width": 1, "dash": "dash"},
                       name="as long as the longest null bar", hoverinfo="skip")
        )  # fmt: skip
    lengths = bars[:, 1] - bars[:, 0]
    traces.append(
        trace("scatter", x=bars[:, 0].astype(np.float32), y=bars[:, 1].astype(np.float32), mode="markers", name="these filters", text=[f"length {length:.3f}" for length in lengths],
                   marker={"size": [11] + [6] * (len(bars) - 1) if len(bars) else 6, "color": theme.CLASS_COLOURS[1], "opacity": 0.9, "line": {"width": 0.5, "color": colours["panel"]}},
                   hovertemplate="birth %{x:.3f}, death %{y:.3f}<br>%{text}<extra></extra>")
    )  # fmt: skip
    return figure(
        traces, dark=dark, uirevision="bars", hovermode="closest", dragmode="zoom",
        xaxis={"title": {"text": "birth"}, "range": [low, high]}, yaxis={"title": {"text": "death"}, "range": [low, high]},
        legend={"orientation": "v", "x": 0.99, "y": 0.02, "xanchor": "right", "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"},
    )  # fmt: skip
