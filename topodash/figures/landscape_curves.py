"""Figure 3 of paper B: the path of the average landscapes through the layers, a curve a moment, in the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from topodash.figures import theme
from topodash.figures.landscape_grid import moment_colours


def landscape_curves(
    points: NDArray[np.float64],
    explained: NDArray[np.float64],
    *,
    layers: Sequence[str],
    moments: Sequence[str],
    moment_title: str,
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
    cursor : int, optional
        The moment that stands out; only its layers are named.
    """
    figure = go.Figure()
    colours = moment_colours(len(moments), dark)
    for moment, name in enumerate(moments):
        chosen = moment == cursor
        found = points[moment]
        figure.add_trace(
            go.Scatter(
                x=found[:, 0],
                y=found[:, 1],
                mode="lines+markers+text" if chosen else "lines+markers",
                text=_labels(found, layers) if chosen else None,
                textposition="top center",
                textfont={"size": 10},
                name=str(name),
                connectgaps=False,
                showlegend=len(moments) <= 8 or moment in (0, len(moments) - 1, cursor),
                marker={
                    "size": [9, *([8 if chosen else 6] * (len(layers) - 2)), 10],
                    "symbol": ["square", *(["arrow"] * (len(layers) - 2)), "diamond"],
                    "angleref": "previous",
                    "color": colours[moment],
                },
                line={
                    "color": colours[moment],
                    "width": 2.6 if chosen else 1.2,
                    "dash": "dot" if moment == 0 else "solid",
                },
                opacity=1 if chosen or cursor is None else 0.75,
                customdata=list(layers),
                hovertemplate=f"<b>%{{customdata}}</b>, {moment_title} {name}<extra></extra>",
            )
        )
    figure.update_layout(
        template=theme.template(dark),
        uirevision="curves",
        margin={"l": 50, "r": 12, "t": 8, "b": 40},
        hovermode="closest",
        xaxis={"title": {"text": f"first direction, {explained[0]:.0%} of the variance"}, "zeroline": False},
        yaxis={
            "title": {"text": f"second, {explained[1]:.0%}"},
            "zeroline": False,
            "scaleanchor": "x",
            "scaleratio": 1,
        },
        legend={
            "orientation": "v",
            "x": 1.02,
            "y": 1,
            "yanchor": "top",
            "font": {"size": 10},
            "title": {"text": moment_title, "font": {"size": 10}},
        },
    )
    return figure


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
