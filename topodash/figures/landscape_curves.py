"""Figure 3 of paper B: the path of the average landscapes through the layers, a curve a moment, in the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from topodash.figures.moments import in_legend, moment_colours, moment_name
from topodash.figures.plain import Trace, figure, trace, with_looks


def landscape_curves(
    points: NDArray[np.float64],
    explained: NDArray[np.float64],
    *,
    layers: Sequence[str],
    moments: Sequence[str],
    moment_title: str,
    hidden_only: bool = False,
    cursor: int | None = None,
    dark: bool = False,
) -> go.Figure:
    """Curves of (s, l, 2) points with a marker a layer and arrows in the direction of depth.

    Parameters
    ----------
    points : (s, l, 2)
        NaN where no network has the layer.
    explained : (2,)
        Shares of the variance.
    hidden_only : bool
        Fit the axes to the layers between input and logits, which may lie close together.
    cursor : int, optional
        The moment that stands out; only its layers are named.
    """
    traces: list[Trace] = []
    colours = moment_colours(len(moments), dark)
    for moment, name in enumerate(moments):
        found = points[moment]
        made = trace(
            "scatter",
            x=found[:, 0],
            y=found[:, 1],
            cliponaxis=False,
            textfont={"size": 11},
            name=str(name),
            connectgaps=False,
            marker={
                "symbol": ["square", *(["arrow"] * (len(layers) - 2)), "diamond"],
                "angleref": "previous",
                "color": colours[moment],
            },
            line={"color": colours[moment], "dash": "dot" if moment == 0 else "solid"},
            customdata=list(layers),
            hovertemplate=f"<b>%{{customdata}}</b>, {moment_name(moment_title, name)}<extra></extra>",
        )
        plain, chosen = (
            {
                "marker.size": [10, *([inner] * (len(layers) - 2)), 12],
                "line.width": width,
                "opacity": opacity,
                "mode": mode,
            }
            for inner, width, opacity, mode in (
                (7, 1.2, 1 if cursor is None else 0.6, "lines+markers"),
                (12, 2.6, 1, "lines+markers+text"),
            )
        )
        plain |= {"showlegend": in_legend(moment, len(moments)), "text": None, "textposition": None}
        chosen |= {
            "showlegend": True,
            "text": _labels(found, layers),
            "textposition": _outwards(found),
        }
        traces.append(with_looks(made, moment, cursor, plain=plain, chosen=chosen))
    ranges = _fitted(points[:, 1:-1]) if hidden_only else ({}, {})
    return figure(
        traces,
        dark=dark,
        uirevision=f"curves-{hidden_only}",
        meta={"moment": cursor},
        margin={"l": 50, "r": 12, "t": 44, "b": 40},
        hovermode="closest",
        xaxis={
            "title": {"text": f"first direction, {explained[0]:.0%} of the variance"},
            "zeroline": False,
            **ranges[0],
        },
        yaxis={
            "title": {"text": f"second, {explained[1]:.0%}"},
            "zeroline": False,
            "scaleanchor": "x",
            "scaleratio": 1,
            **ranges[1],
        },
        # In a margin of its own: a legend that pushes the margin moves the plot while it is laid out.
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "font": {"size": 10},
            "entrywidth": 46,
        },
    )


def _fitted(points: NDArray[np.float64]) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Ranges of both axes around these points, (s, l, 2); none where there are none."""
    known = points[~np.isnan(points).any(axis=-1)]
    if not len(known):
        return {}, {}
    low, high = known.min(axis=0), known.max(axis=0)
    room = 0.15 * (float((high - low).max()) or 1.0)
    x, y = ({"range": [float(a - room), float(b + room)]} for a, b in zip(low, high, strict=True))
    return x, y


def _outwards(points: NDArray[np.float64]) -> list[str]:
    """Where each label stands: on the side of its point that looks away from the middle of the curve."""
    middle = np.nanmean(points, axis=0) if not np.isnan(points).all() else np.zeros(2)
    reach = np.nanmax(np.abs(points - middle), initial=0.0) or 1.0
    said = []
    for x, y in (points - middle) / reach:
        row = "top" if y > 0.12 else "bottom" if y < -0.12 else "middle"
        column = "right" if x > 0.3 else "left" if x < -0.3 else "center"
        said.append("top center" if (row, column) == ("middle", "center") else f"{row} {column}")
    return said


def _labels(points: NDArray[np.float64], layers: Sequence[str]) -> list[str]:
    """Names of the layers, those left out that would lie on one before."""
    known = points[~np.isnan(points).any(axis=1)]
    reach = float(np.ptp(known, axis=0).max()) if len(known) else 0.0
    said: list[str] = []
    placed: list[NDArray[np.float64]] = []
    for point, layer in zip(points, layers, strict=True):
        free = not np.isnan(point).any() and all(
            np.abs(point - other).max() > 0.11 * reach for other in placed
        )
        said.append(layer.replace("ReLU ", "R") if free else "")
        if free:
            placed.append(point)
    return said
