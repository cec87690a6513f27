"""The activation space in 3-D: the images of the points and of every linear region (paper A, figures 1, 3, 4a, 6a).

The traces stand in a fixed order (`TRACES`); frames fill them through `assets/live_space.js`.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from topodash.figures import theme

#: Below the axes' ranges, which begin at 0.
_OUTSIDE = -1.0

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
    "corners",
)


def activation_space(
    counts: Sequence[int],
    *,
    class_names: Sequence[str],
    axes: Sequence[str],
    sentence: str = "",
    dark: bool = False,
) -> go.Figure:
    """A 3-D scene with one trace a class and the traces of `TRACES`; equal axes, the octant camera.

    Nothing is seen in it yet, but every trace holds something outside of the axes: what a browser prepares for a
    kind of trace (on a machine without a graphics card most of a second in all) is then ready before the first frame.

    Parameters
    ----------
    counts : sequence of int
        Points of each class.
    axes : three names
    sentence : str
        What is written into the empty scene.
    """
    colours = theme.palette(dark)
    figure = go.Figure()
    for index, name in enumerate(class_names):
        figure.add_trace(
            go.Scatter3d(
                x=[_OUTSIDE] * counts[index],
                y=[_OUTSIDE] * counts[index],
                z=[_OUTSIDE] * counts[index],
                mode="markers",
                name=name,
                hoverinfo="none",
                marker={"size": 2.4, "color": theme.class_colour(index), "line": {"width": 0}},
            )
        )
    unseen = {name: [_OUTSIDE, _OUTSIDE, _OUTSIDE] for name in "xyz"}
    triangle = {"i": [0], "j": [1], "k": [2]}
    quiet = {"hoverinfo": "skip", "showlegend": False}
    figure.add_traces(
        [
            go.Mesh3d(**unseen, **triangle, opacity=0.42, flatshading=True, name="cells", **quiet,
                      lighting={"ambient": 1, "diffuse": 0, "specular": 0}),
            go.Scatter3d(**unseen, mode="lines", line={"width": 2, "color": colours["quiet"]}, name="edges", **quiet),
            go.Scatter3d(**unseen, mode="lines", line={"width": 6, "color": colours["quiet"]}, name="segments", **quiet),
            go.Scatter3d(**unseen, mode="markers", name="origin", **quiet,
                         marker={"size": 5, "symbol": "diamond", "color": colours["text"]}),
            go.Mesh3d(**unseen, **triangle, opacity=0.22, color=colours["quiet"], name="output plane", **quiet,
                      lighting={"ambient": 1, "diffuse": 0, "specular": 0}),
            go.Scatter3d(**unseen, mode="lines", line={"width": 5, "color": colours["text"]}, name="boundary", **quiet),
            go.Scatter3d(**unseen, mode="text", text=["0"] * 3, textfont={"size": 11, "color": colours["text"]}, name="labels", **quiet),
            go.Scatter3d(**unseen, mode="lines", line={"width": 7, "color": "#D55E00"}, name="selected cell", **quiet),
            go.Scatter3d(**unseen, mode="markers", name="selected points", **quiet,
                         marker={"size": 5, "color": "rgba(0,0,0,0)", "line": {"width": 2, "color": "#D55E00"}}),
            go.Scatter3d(**unseen, mode="markers", opacity=0, name="corners", **quiet, marker={"size": 1}),
        ]
    )  # fmt: skip
    axis = {"range": [0, 1], "nticks": 5, "autorange": False}
    figure.update_layout(
        template=theme.template(dark),
        uirevision="space",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        annotations=theme.sentence(sentence),
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
