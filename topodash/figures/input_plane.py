"""The input plane: points by class; cells, hyperplanes and the decision boundary are drawn over it by frames.

The figure holds what does not change while a network trains. `assets/live_plane.js` adds the rest as shapes in
data units, which `assets/live_canvas.js` paints under and over the points.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.plain import figure, trace

# Never Scattergl: it builds its drawing functions with `new Function`, which the security policy forbids. SVG exports as true
# vectors besides, and a frame leaves the points alone, so their number costs little after the first picture.
#: Above this many points they are drawn smaller.
MANY_POINTS = 1_500
#: Cells a side of the optional field of predicted probability.
FIELD_SIZE = 48


def field_axis(bounds: tuple[float, float], size: int = FIELD_SIZE) -> list[float]:
    """The centres of `size` equal intervals of `bounds`."""
    edges = np.linspace(bounds[0], bounds[1], size + 1)
    return ((edges[1:] + edges[:-1]) / 2).tolist()


def input_plane(
    points: np.ndarray,
    labels: np.ndarray,
    held_out: np.ndarray,
    *,
    class_names: Sequence[str],
    columns: Sequence[str],
    box: tuple[tuple[float, float], tuple[float, float]],
    dark: bool = False,
) -> go.Figure:
    """Points (n, 2) by class over an empty field; held-out points are open marks.

    Every point trace carries the point's row number as `customdata`, so that a selection means the same points in every view.

    Parameters
    ----------
    points : (n, 2) array
        In the units of the figure's axes.
    labels : (n,) int array
    held_out : (n,) bool array
    box : ((xmin, xmax), (ymin, ymax))
    """
    scale = theme.DIVERGING_DARK if dark else theme.DIVERGING
    traces = [
        trace(
            "heatmap",
            x=field_axis(box[0]),
            y=field_axis(box[1]),
            z=np.full((FIELD_SIZE, FIELD_SIZE), 0.5, dtype=np.float32),
            zmin=0,
            zmax=1,
            colorscale=[list(stop) for stop in scale],
            reversescale=False,
            opacity=0.75,
            zsmooth="best",
            hoverinfo="skip",
            visible=False,
            colorbar={"title": {"text": "probability"}, "thickness": 10, "len": 0.6},
            name="probability",
        )
    ]
    size = 6 if len(points) <= 400 else 5 if len(points) <= MANY_POINTS else 3.5
    for index, name in enumerate(class_names):
        rows = np.flatnonzero(labels == index)
        closed = theme.CLASS_SYMBOLS[index % len(theme.CLASS_SYMBOLS)]
        symbols = [f"{closed}-open" if held_out[row] else closed for row in rows]
        traces.append(
            trace(
                "scatter",
                x=points[rows, 0],
                y=points[rows, 1],
                customdata=rows,
                mode="markers",
                name=name,
                hoverinfo="none",
                marker={
                    "size": size,
                    "color": theme.class_colour(index),
                    "symbol": symbols,
                    "line": {"width": 0},
                },
                unselected={"marker": {"opacity": 0.18}},
            )
        )
    return figure(
        traces,
        dark=dark,
        uirevision="plane",
        margin={"l": 46, "r": 8, "t": 8, "b": 38},
        dragmode="pan",
        hovermode="closest",
        hoverdistance=6,
        showlegend=True,
        legend={"y": 1.0, "x": 0.0, "yanchor": "bottom"},
        xaxis={
            "title": {"text": columns[0]},
            "range": list(box[0]),
            "zeroline": False,
            "constrain": "domain",
        },
        yaxis={
            "title": {"text": columns[1]},
            "range": list(box[1]),
            "zeroline": False,
            "constrain": "domain",
            "scaleanchor": "x",
            "scaleratio": 1,
        },
    )
