"""Figure 3 of paper B: the path of the average landscapes through the layers, a curve a moment, in the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from topodash.figures.moments import in_legend, moment_colours, moment_name, short_name
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
    reach = _extent(points[:, 1:-1] if hidden_only else points)
    colours = moment_colours(len(moments), dark)
    for moment, name in enumerate(moments):
        found = points[moment]
        made = trace(
            "scatter",
            x=found[:, 0],
            y=found[:, 1],
            cliponaxis=False,
            textfont={"size": 11},
            name=short_name(name),
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
        texts, sides = _labels(found, layers, reach)
        plain |= {"showlegend": in_legend(moment, len(moments)), "text": None, "textposition": None}
        chosen |= {
            "showlegend": True,
            "text": texts,
            "textposition": sides,
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


def _extent(points: NDArray[np.float64]) -> float:
    """The greater side of the box around all points; 1 where there is none."""
    known = points[~np.isnan(points).any(axis=-1)]
    return float(np.ptp(known, axis=0).max(initial=0.0)) or 1.0 if len(known) else 1.0


#: Where a label can stand beside its point, and how plotly calls it.
_SIDES = {(x, y): f"{row} {column}" for y, row in ((1, "top"), (0, "middle"), (-1, "bottom")) for x, column in ((1, "right"), (0, "center"), (-1, "left")) if x or y}  # fmt: skip
#: Of a label, in shares of the picture's extent: a letter's width, the height, the gap to its point. For a panel 300 pixels wide.
_LETTER, _LINE, _GAP = 0.031, 0.055, 0.025
#: Half the side of a marker, likewise.
_MARKER = 0.015


def _labels(points: NDArray[np.float64], layers: Sequence[str], reach: float) -> tuple[list[str], list[str]]:
    """Names of the layers and where they stand: outside the curve where there is room, else elsewhere beside their points; a name
    that would lie on another, or on another layer's marker, is left out. Input and logits are named first."""
    texts, sides = [""] * len(layers), ["top center"] * len(layers)
    middle = np.nanmean(points, axis=0) if not np.isnan(points).all() else np.zeros(2)
    placed: list[NDArray[np.float64]] = []
    markers = [np.concatenate([p - _MARKER * reach, p + _MARKER * reach]) for p in points]
    for k in (0, len(layers) - 1, *range(1, len(layers) - 1)):
        if np.isnan(points[k]).any():
            continue
        name = layers[k].replace("ReLU ", "R")
        outward = points[k] - middle
        half = np.array([_LETTER * len(name), _LINE]) * reach / 2
        # The side that looks away from the middle of the curve comes first.
        for side in sorted(_SIDES, key=lambda way: -float(np.dot(way, outward)) / np.hypot(*way)):
            centre = points[k] + np.array(side) * (half + _GAP * reach)
            box = np.concatenate([centre - half, centre + half])
            taken = [
                *placed,
                *(each for j, each in enumerate(markers) if j != k and not np.isnan(each).any()),
            ]
            if all((box[:2] > other[2:]).any() or (box[2:] < other[:2]).any() for other in taken):
                placed.append(box)
                texts[k], sides[k] = name, _SIDES[side]
                break
    return texts, sides
