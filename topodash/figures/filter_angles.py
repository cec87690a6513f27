"""Gradient direction, and doubled orientation, against the position on the ring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from topodash.figures.plain import Trace, figure, panels, trace

POSITIONS = (("circular", "circular coordinate"), ("pca", "PCA angle"))
_AXIS = {"range": [-6, 366], "tickvals": [0, 180, 360], "ticktext": ["0°", "180°", "360°"]}


def angle_figure(
    ring: Mapping[str, Any],
    homology: Mapping[str, Any],
    *,
    position: str,
    shades: list[str],
    dark: bool = False,
) -> go.Figure:
    """Two scatters; `position` is 'pca' or 'circular'."""
    where = np.asarray(ring["pca_angle"] if position == "pca" else homology["circular"], dtype=np.float64)
    traces: list[Trace] = []
    axes: dict[str, Any] = {}
    angles = (("direction", "gradient direction"), ("orientation", "doubled orientation"))
    for (n, domain), (key, title) in zip(panels(2, 0.2), angles, strict=True):
        traces.append(
            trace(
                "scatter", xaxis=f"x{n}", yaxis=f"y{n}",
                x=np.degrees(where).astype(np.float32), y=np.degrees(ring[key]).astype(np.float32), mode="markers", customdata=np.asarray(ring["rows"]),
                marker={"size": 4, "color": shades, "opacity": 0.8}, hovertemplate="%{x:.0f}°, %{y:.0f}°<extra></extra>", showlegend=False, name=title,
                selected={"marker": {"color": "#D55E00", "opacity": 1, "size": 8}}, unselected={"marker": {"opacity": 0.2}},
            )
        )  # fmt: skip
        along = {"text": dict(POSITIONS)[position]}
        axes[f"xaxis{n}"] = {**_AXIS, "title": along, "domain": domain, "anchor": f"y{n}"}
        axes[f"yaxis{n}"] = {**_AXIS, "title": {"text": title}, "anchor": f"x{n}"}
    return figure(
        traces, dark=dark, uirevision=f"angles-{position}", hovermode="closest", dragmode="zoom", **axes
    )


def correlation_words(homology: Mapping[str, Any], position: str) -> str:
    """The correlations and what they may be taken for, in words."""
    found = homology["correlations"].get(position)
    if not found:
        return "Fewer than three filters: no correlation."
    parts = [
        f"{'direction' if of == 'direction' else 'doubled orientation'}: rank correlation {c['value']:.2f}"
        f" (shuffled: median {c['null_median']:.2f}, 95 % {c['null_95']:.2f}; p = {c['p']:.3f} of {c['permutations']} shuffles)"
        for of, c in found.items()
    ]
    end = (
        "Description only: a Gaussian with the same covariance, which has no ring, gives a PCA-angle correlation as large."
        if position == "pca"
        else "The shuffles test whether the angles are unrelated, not whether there is a ring; that is for Evidence."
    )
    return f"{'; '.join(parts)}. {end}"
