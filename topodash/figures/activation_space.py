"""The activation space in 3-D: the images of the points and of every linear region (paper A, figures 1, 3, 4a, 6a).

The traces stand in a fixed order (`TRACES`); frames fill them through `assets/live_space.js`.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.plain import figure, trace

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
    """
    colours = theme.palette(dark)
    traces = [
        trace(
            "scatter3d",
            x=[_OUTSIDE] * counts[index],
            y=[_OUTSIDE] * counts[index],
            z=[_OUTSIDE] * counts[index],
            mode="markers",
            name=name,
            hoverinfo="none",
            marker={"size": 2.4, "color": theme.class_colour(index), "line": {"width": 0}},
        )
        for index, name in enumerate(class_names)
    ]
    unseen = {name: [_OUTSIDE, _OUTSIDE, _OUTSIDE] for name in "xyz"}
    quiet = {"hoverinfo": "skip", "showlegend": False}
    flat = {
        "i": [0],
        "j": [1],
        "k": [2],
        "lighting": {"ambient": 1, "diffuse": 0, "specular": 0},
        "flatshading": True,
    }
    grey, ink, chosen = colours["quiet"], colours["text"], "#D55E00"
    traces += [
        trace("mesh3d", **unseen, **quiet, **flat, name="cells", opacity=0.42),
        trace("scatter3d", **unseen, **quiet, name="edges", mode="lines", line={"width": 2, "color": grey}),
        trace("scatter3d", **unseen, **quiet, name="segments", mode="lines", line={"width": 6, "color": grey}),
        trace("scatter3d", **unseen, **quiet, name="origin", mode="markers", marker={"size": 5, "symbol": "diamond", "color": ink}),
        trace("mesh3d", **unseen, **quiet, **flat, name="output plane", opacity=0.22, color=grey),
        trace("scatter3d", **unseen, **quiet, name="boundary", mode="lines", line={"width": 5, "color": ink}),
        trace("scatter3d", **unseen, **quiet, name="labels", mode="text", text=["0"] * 3, textfont={"size": 11, "color": ink}),
        trace("scatter3d", **unseen, **quiet, name="selected cell", mode="lines", line={"width": 7, "color": chosen}),
        trace("scatter3d", **unseen, **quiet, name="selected points", mode="markers",
              marker={"size": 5, "color": "rgba(0,0,0,0)", "line": {"width": 2, "color": chosen}}),
        trace("scatter3d", **unseen, **quiet, name="corners", mode="markers", opacity=0, marker={"size": 1}),
    ]  # fmt: skip
    axis = {"range": [0, 1], "nticks": 5, "autorange": False}
    return figure(
        traces,
        dark=dark,
        uirevision="space",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        scene={
            "xaxis": {**axis, "title": {"text": axes[0]}},
            "yaxis": {**axis, "title": {"text": axes[1]}},
            "zaxis": {**axis, "title": {"text": axes[2]}},
            "aspectmode": "cube",
            "camera": theme.STAGE_CAMERA,
            "uirevision": "space",
            "dragmode": "orbit",
        },
    )
