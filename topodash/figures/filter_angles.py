"""Gradient direction, and doubled orientation, against the position on the ring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from topodash.figures import theme

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
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.2)
    for column, (key, title) in enumerate(
        (("direction", "gradient direction"), ("orientation", "doubled orientation")), 1
    ):
        figure.add_trace(
            go.Scatter(
                x=np.degrees(where).astype(np.float32), y=np.degrees(ring[key]).astype(np.float32), mode="markers", customdata=np.asarray(ring["rows"]),
                marker={"size": 4, "color": shades, "opacity": 0.8}, hovertemplate="%{x:.0f}°, %{y:.0f}°<extra></extra>", showlegend=False, name=title,
                selected={"marker": {"color": "#D55E00", "opacity": 1, "size": 8}}, unselected={"marker": {"opacity": 0.2}},
            ), row=1, col=column,
        )  # fmt: skip
        figure.update_yaxes(title={"text": title}, row=1, col=column, **_AXIS)
        figure.update_xaxes(title={"text": dict(POSITIONS)[position]}, row=1, col=column, **_AXIS)
    figure.update_layout(
        template=theme.template(dark), uirevision=f"angles-{position}", hovermode="closest", dragmode="zoom"
    )
    return figure


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
