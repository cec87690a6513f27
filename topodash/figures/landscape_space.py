"""Figure 1 of paper B: activations of chosen layers in 3-D, each in its own principal axes; and a bar's cycle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from topodash.figures import theme

_CAMERA = {"eye": {"x": 1.25, "y": 1.25, "z": 0.95}, "up": {"x": 0, "y": 0, "z": 1}}
_FLAT = {"eye": {"x": 0.0, "y": 0.0, "z": 2.0}, "up": {"x": 0, "y": 1, "z": 0}}


def landscape_space(
    scenes: Sequence[dict[str, Any]],
    labels: NDArray[np.integer],
    *,
    titles: Sequence[str],
    class_names: Sequence[str],
    cycle: NDArray[np.floating] | None = None,
    legend: bool = True,
    dark: bool = False,
) -> go.Figure:
    """A row of 3-D scenes, points coloured by class.

    Parameters
    ----------
    scenes : sequence of {"points": (n, 3), "explained": (3,), "width": int}
    labels : (n,)
    titles : names of the layers
    cycle : (k, 3), optional
        Drawn as a closed line in the first scene.
    legend : bool
        Whether the classes are named; their colours are the same in every picture of the page.
    """
    colours = theme.palette(dark)
    figure = go.Figure()
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
            figure.add_trace(
                go.Scatter3d(
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
                        "opacity": 0.85,
                        "line": {"width": 0},
                    },
                    hovertemplate=f"{name}<extra></extra>",
                )
            )
        low, high = (points.min(axis=0), points.max(axis=0)) if len(points) else (np.zeros(3), np.zeros(3))
        middle, reach = (
            (low + high) / 2,
            float((high - low).max()) * 0.53 or 1.0,
        )  # one scale on all three axes
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
        told = " + ".join(f"{share:.0%}".rstrip("%") for share in shares) + " %"
        annotations.append(
            {
                "text": f"<b>{title}</b><br>{told} of variance",
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
        figure.add_trace(
            go.Scatter3d(x=closed[:, 0], y=closed[:, 1], z=closed[:, 2], mode="lines+markers", name="cycle of the bar",
                         line={"width": 6, "color": "#D55E00"}, marker={"size": 3, "color": "#D55E00"}, hoverinfo="name")
        )  # fmt: skip
    figure.update_layout(
        template=theme.template(dark),
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        annotations=annotations,
        legend={"y": 0, "yanchor": "bottom", "itemsizing": "constant"},
        **layout,
    )
    return figure
