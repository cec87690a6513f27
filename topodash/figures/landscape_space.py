"""Figure 1 of paper B: activations of chosen layers in 3-D, each in its own principal axes; and a bar's cycle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from topodash.figures import theme
from topodash.figures.plain import Trace, figure, trace

_CAMERA = {"eye": {"x": 1.25, "y": 1.25, "z": 0.95}, "up": {"x": 0, "y": 0, "z": 1}}
_FLAT = {"eye": {"x": 0.0, "y": 0.0, "z": 2.0}, "up": {"x": 0, "y": 1, "z": 0}}

#: A cycle smaller than this share of its scene is zoomed to.
_SMALL = 0.5


def landscape_space(
    scenes: Sequence[dict[str, Any]],
    labels: NDArray[np.integer],
    *,
    titles: Sequence[str],
    class_names: Sequence[str],
    cycle: NDArray[np.floating] | None = None,
    legend: bool = True,
    place: Any = None,
    dark: bool = False,
) -> go.Figure:
    """A row of 3-D scenes, points coloured by class.

    Parameters
    ----------
    scenes : sequence of {"points": (n, 3), "explained": (3,), "width": int}
    labels : (n,)
    titles : names of the layers
    cycle : (k, 3), optional
        Drawn as a closed line with an outline in the first scene, its points faint.
    place : JSON, optional
        What the points belong to; the figure carries it, with the layers, as `layout.meta`.
    legend : bool
        Whether the classes are named; their colours are the same in every picture of the page.
    """
    colours = theme.palette(dark)
    traces: list[Trace] = []
    count = len(scenes)
    layout: dict[str, Any] = {}
    annotations = []
    for number, (scene, title) in enumerate(zip(scenes, titles, strict=True)):
        key = "scene" if number == 0 else f"scene{number + 1}"
        points = scene["points"]
        for index, name in enumerate(class_names):
            chosen = labels == index
            if not chosen.any():
                continue
            traces.append(
                trace(
                    "scatter3d",
                    x=points[chosen, 0],
                    y=points[chosen, 1],
                    z=points[chosen, 2],
                    mode="markers",
                    name=name,
                    legendgroup=name,
                    showlegend=legend and number == 0,
                    scene=key,
                    marker={
                        "size": 2.1,
                        "color": theme.class_colour(index),
                        # A cycle stands before the points, whatever their colours.
                        "opacity": 0.85 if cycle is None else 0.22,
                        "line": {"width": 0},
                    },
                    hovertemplate=f"{name}<extra></extra>",
                )
            )
        middle, reach = _reach(points)
        zoomed = cycle is not None and len(cycle) > 0 and _reach(cycle)[1] < _SMALL * reach
        if zoomed:
            middle, reach = _reach(cycle)[0], max(1.6 * _reach(cycle)[1], 0.3 * reach)
        axes = [
            {"range": [float(m) - reach, float(m) + reach], "showticklabels": False, "title": {"text": ""}}
            for m in middle
        ]
        left, right = number / count, (number + 1) / count
        # Two directions carry it all where the layer is flat: look at it from above.
        flat = scene["explained"][2] < 1e-6
        layout[key] = {
            "xaxis": axes[0],
            "yaxis": axes[1],
            "zaxis": axes[2],
            "aspectmode": "cube",
            "domain": {"x": [left, right], "y": [0.0, 0.93]},
            "camera": _FLAT if flat else _CAMERA,
            "uirevision": f"{title}-{flat}",
        }
        shares = scene["explained"][: min(3, scene["width"])]
        told = " + ".join(f"{share:.0%}".rstrip("%") for share in shares) + " % of variance"
        told += "<br>zoomed to the cycle" if zoomed else ""
        annotations.append(
            {
                "text": f"<b>{title}</b><br>{told}",
                "x": (left + right) / 2,
                "y": 1.0,
                "xref": "paper",
                "yref": "paper",
                "yanchor": "top",
                "xanchor": "center",
                "showarrow": False,
                "font": {"size": 11, "color": colours["text"]},
            }
        )
    if cycle is not None and len(cycle):
        closed = np.concatenate([cycle, cycle[:1]])
        for name, width, colour in (("", 12, colours["text"]), ("cycle of the bar", 6, "#D55E00")):
            traces.append(
                trace("scatter3d", x=closed[:, 0], y=closed[:, 1], z=closed[:, 2], mode="lines+markers" if name else "lines", name=name, showlegend=bool(name),
                             line={"width": width, "color": colour}, marker={"size": 4, "color": colour}, hoverinfo="name" if name else "skip")
            )  # fmt: skip
    return figure(
        traces,
        dark=dark,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        annotations=annotations,
        meta={"place": place, "layers": list(titles)},
        legend={"y": 0, "yanchor": "bottom", "itemsizing": "constant"},
        **layout,
    )


def _reach(points: NDArray[np.floating]) -> tuple[NDArray[np.floating], float]:
    """The middle (3,) of a set of points, and half the side of a cube around them: one scale on all three axes."""
    if not len(points):
        return np.zeros(3), 1.0
    low, high = points.min(axis=0), points.max(axis=0)
    return (low + high) / 2, float((high - low).max()) * 0.53 or 1.0
