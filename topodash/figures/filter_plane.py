"""The filters in their principal plane, with thumbnails (paper C, figure 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from topodash.figures.filter_images import canvas, laid
from topodash.figures.plain import figure, trace

PIXELS = 640


def plane_figure(
    ring: Mapping[str, Any], shades: Sequence[str], *, name: str, dark: bool = False
) -> go.Figure:
    """Kept filters of an answer 'filter_ring'; the densest get thumbnails, the others are dots.

    `shades` are the colours of the filters, `name` says of what.
    """
    scores = np.asarray(ring["scores"], dtype=np.float64)
    reach = float(np.abs(scores).max(initial=1e-9)) * 1.12
    explained = np.asarray(ring["explained"])
    pictures = []
    if len(scores):
        borders = [tuple(int(shade[i : i + 2], 16) for i in (1, 3, 5)) for shade in shades]
        zoom = max(3, min(6, 34 // int(ring["side"])))
        pixels, _ = canvas(
            (scores / reach + 1) / 2,
            ring["values"],
            size=(PIXELS, PIXELS),
            zoom=zoom,
            border=borders,
            gap=1.04,
        )
        pictures.append(laid(pixels, -reach, reach, 2 * reach, 2 * reach))
    traces = [
        trace(
            "scatter",
            x=scores[:, 0].astype(np.float32), y=scores[:, 1].astype(np.float32), mode="markers", customdata=np.asarray(ring["rows"]), name="filters",
            text=[f"filter {c} of network {n}" for n, c in zip(ring["networks"], ring["channels"], strict=True)], hoverinfo="text",
            marker={"size": 5, "color": list(shades), "opacity": 0.85}, selected={"marker": {"opacity": 1, "size": 10, "color": "#D55E00"}},
            unselected={"marker": {"opacity": 0.25}}, showlegend=False,
        )
    ]  # fmt: skip
    return figure(
        traces, dark=dark, uirevision="plane", dragmode="lasso", hovermode="closest", meta={"colour": name}, images=pictures,
        xaxis={"title": {"text": f"PC 1 ({explained[0]:.0%} of the variance)"}, "range": [-reach, reach]},
        yaxis={"title": {"text": f"PC 2 ({explained[1]:.0%})"}, "range": [-reach, reach], "scaleanchor": "x"},
    )  # fmt: skip
