"""The points of a Mapper graph: in activation space, in the input plane, and in the plane of the lens.

Every trace carries row numbers as `customdata`; the last trace of the 3-D view is the selection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.plain import Trace, figure, trace

#: More points than this are not drawn; the graph has them all.
DRAWN = 5000
#: More classes than this are drawn as one.
MOST_CLASSES = 20
#: Of the selection: neither of the first two classes, and clear on light and dark.
SELECTED = "#E0218A"
SYMBOLS_3D = ("circle", "diamond", "square", "cross", "x")


def drawn_rows(n: int, limit: int = DRAWN) -> np.ndarray:
    """The rows that are drawn: all, or a seeded sample of `limit`."""
    if n <= limit:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, limit, replace=False))


def _groups(value: Mapping[str, Any], rows: np.ndarray) -> list[tuple[str, int, np.ndarray]]:
    """(name, class, rows) for each class that is drawn."""
    labels, names = value["labels"], value["class_names"]
    if labels is None or len(names) > MOST_CLASSES:
        return [("points", 0, rows)]
    present = np.unique(labels[rows]).tolist()
    return [(str(names[k]) if k < len(names) else str(k), int(k), rows[labels[rows] == k]) for k in present]


def space(value: Mapping[str, Any], *, dark: bool = False) -> go.Figure:
    """The points in activation space (paper A, figures 4 and 6, left), equal axes, the octant camera."""
    rows, at = drawn_rows(value["n"]), value["space"]
    traces: list[Trace] = []
    for name, index, group in _groups(value, rows):
        traces.append(
            trace(
                "scatter3d", x=at[group, 0], y=at[group, 1], z=at[group, 2], mode="markers", name=name, customdata=group,
                hovertemplate="point %{customdata}<br>" + name + "<extra></extra>",
                marker={"size": 2.1, "color": theme.class_colour(index), "symbol": SYMBOLS_3D[index % len(SYMBOLS_3D)], "line": {"width": 0}},
            )
        )  # fmt: skip
    traces.append(
        trace(
            "scatter3d", x=[], y=[], z=[], mode="markers", name="selected", showlegend=False, hoverinfo="skip",
            marker={"size": 5.5, "color": SELECTED, "symbol": "circle", "line": {"width": 0}},
        )
    )  # fmt: skip
    low, high = at[rows].min(axis=0), at[rows].max(axis=0)
    half = max(float((high - low).max()) / 2 * 1.06, 1e-6)
    middle = (low + high) / 2
    names = value["space_names"]
    scene: dict[str, Any] = {
        f"{axis}axis": {
            "title": {"text": names[k]},
            "range": [float(middle[k] - half), float(middle[k] + half)],
            "nticks": 5,
        }
        for k, axis in enumerate("xyz")
    }
    return figure(
        traces,
        dark=dark,
        uirevision="space",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        scene={**scene, "aspectmode": "cube", "camera": theme.OCTANT_CAMERA, "uirevision": "space"},
    )


def plane(
    value: Mapping[str, Any], at: np.ndarray, names: Sequence[str], *, equal: bool, dark: bool = False
) -> go.Figure:
    """Points (n, 2) by class, to brush: drag a lasso and every view shows the same points."""
    rows = drawn_rows(value["n"])
    # Not Scattergl: it compiles its shaders' callers with `new Function`, which our security policy forbids.
    traces: list[Trace] = []
    for name, index, group in _groups(value, rows):
        traces.append(
            trace(
                "scatter", x=at[group, 0], y=at[group, 1], mode="markers", name=name, customdata=group,
                hovertemplate="point %{customdata}<br>" + name + "<extra></extra>",
                marker={"size": 5, "color": theme.class_colour(index), "symbol": theme.CLASS_SYMBOLS[index % len(theme.CLASS_SYMBOLS)], "line": {"width": 0}},
                selected={"marker": {"opacity": 1, "color": SELECTED, "size": 7}}, unselected={"marker": {"opacity": 0.18}},
            )
        )  # fmt: skip
    return figure(
        traces, dark=dark, uirevision="plane", dragmode="lasso", hovermode="closest", margin={"l": 46, "r": 8, "t": 6, "b": 38},
        showlegend=1 < len(traces) <= 10, legend={"y": 1.0, "x": 0.0, "yanchor": "bottom"},
        xaxis={"title": {"text": names[0]}, "zeroline": False},
        yaxis={"title": {"text": names[1]}, "zeroline": False, **({"scaleanchor": "x"} if equal else {})},
    )  # fmt: skip


def input_plane(value: Mapping[str, Any], *, dark: bool = False) -> go.Figure:
    """The points where the network is fed."""
    return plane(value, value["plane"], value["plane_names"], equal=True, dark=dark)


def lens_plane(value: Mapping[str, Any], *, dark: bool = False) -> go.Figure:
    """The points where the lens sends them; a lens of one column is spread out by class."""
    lens, names = value["lens"], value["lens_names"]
    if lens.shape[1] == 1:
        labels = np.zeros(len(lens)) if value["labels"] is None else value["labels"].astype(float)
        shift = np.random.default_rng(0).uniform(-0.3, 0.3, len(lens))
        at = np.column_stack([lens[:, 0], labels + shift]).astype(np.float32)
        return plane(value, at, (names[0], "class, jittered"), equal=False, dark=dark)
    return plane(value, lens, names, equal=True, dark=dark)
