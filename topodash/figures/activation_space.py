"""The activation space in 3-D: the images of the points and of every linear region (paper A, figures 1, 3, 4a, 6a).

The traces stand in a fixed order (`TRACES`); frames fill them through `assets/live_space.js`.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from topodash.figures import theme

#: What follows the class traces, in this order; `assets/live_space.js` counts on it.
TRACES = (
    "cells",
    "edges",
    "segments",
    "origin",
    "plane",
    "boundary",
    "labels",
    "selected cell",
    "selected points",
)


def activation_space(
    counts: Sequence[int], *, class_names: Sequence[str], axes: Sequence[str], dark: bool = False
) -> go.Figure:
    """An empty 3-D scene with one trace a class and the traces of `TRACES`; equal axes, the octant camera.

    Parameters
    ----------
    counts : sequence of int
        Points of each class.
    axes : three names
    """
    colours = theme.palette(dark)
    figure = go.Figure()
    for index, name in enumerate(class_names):
        figure.add_trace(
            go.Scatter3d(
                x=[0.0] * counts[index],
                y=[0.0] * counts[index],
                z=[0.0] * counts[index],
                mode="markers",
                name=name,
                hoverinfo="none",
                marker={"size": 2.4, "color": theme.class_colour(index), "line": {"width": 0}},
            )
        )
    nothing = {"x": [], "y": [], "z": []}
    quiet = {"hoverinfo": "skip", "showlegend": False}
    figure.add_traces(
        [
            go.Mesh3d(**nothing, i=[], j=[], k=[], opacity=0.42, flatshading=True, name="cells", **quiet,
                      lighting={"ambient": 1, "diffuse": 0, "specular": 0}),
            go.Scatter3d(**nothing, mode="lines", line={"width": 2, "color": colours["quiet"]}, name="edges", **quiet),
            go.Scatter3d(**nothing, mode="lines", line={"width": 6, "color": colours["quiet"]}, name="segments", **quiet),
            go.Scatter3d(**nothing, mode="markers", name="origin", **quiet,
                         marker={"size": 5, "symbol": "diamond", "color": colours["text"]}),
            go.Mesh3d(**nothing, i=[], j=[], k=[], opacity=0.22, color=colours["quiet"], name="output plane", **quiet,
                      lighting={"ambient": 1, "diffuse": 0, "specular": 0}),
            go.Scatter3d(**nothing, mode="lines", line={"width": 5, "color": colours["text"]}, name="boundary", **quiet),
            go.Scatter3d(**nothing, mode="text", text=[], textfont={"size": 11, "color": colours["text"]}, name="labels", **quiet),
            go.Scatter3d(**nothing, mode="lines", line={"width": 7, "color": "#D55E00"}, name="selected cell", **quiet),
            go.Scatter3d(**nothing, mode="markers", name="selected points", **quiet,
                         marker={"size": 5, "color": "rgba(0,0,0,0)", "line": {"width": 2, "color": "#D55E00"}}),
        ]
    )  # fmt: skip
    axis = {"range": [0, 1], "nticks": 5, "autorange": False}
    figure.update_layout(
        template=theme.template(dark),
        uirevision="space",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        scene={
            "xaxis": {**axis, "title": {"text": axes[0]}},
            "yaxis": {**axis, "title": {"text": axes[1]}},
            "zaxis": {**axis, "title": {"text": axes[2]}},
            "aspectmode": "cube",
            "camera": theme.OCTANT_CAMERA,
            "uirevision": "space",
            "dragmode": "orbit",
        },
    )
    return figure
