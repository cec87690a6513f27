"""Distances of all pairs as a heat map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import get_colorscale

from topodash.figures import theme
from topodash.figures.plain import figure, trace


def distance_matrix_figure(
    distances: NDArray[np.float64],
    names: Sequence[str],
    *,
    short: Sequence[str] | None = None,
    title: str = "",
    unit: str = "distance",
    dark: bool = False,
) -> go.Figure:
    """An (n, n) matrix with the first of `names` in the upper left corner; NaN stays empty.

    `short` are the names on the axes where `names` are too long; `title` stands under the lower one.
    """
    at = np.arange(len(names))
    axis = {
        "tickvals": at,
        "ticktext": list(short or names),
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "tickfont": {"size": 11},
    }
    made = trace(
        "heatmap",
        z=distances,
        x=at,
        y=at,
        xgap=1,
        ygap=1,
        customdata=[[f"<b>{a}</b> to <b>{b}</b>" for b in names] for a in names],
        hovertemplate=f"%{{customdata}}<br>{unit} %{{z:.4g}}<extra></extra>",
        hoverongaps=False,
        colorscale=get_colorscale(theme.SEQUENTIAL),
        zmin=0,
        colorbar={"thickness": 10, "outlinewidth": 0, "nticks": 5, "tickfont": {"size": 11}},
    )
    return figure(
        [made],
        dark=dark,
        uirevision="distances",
        margin={"l": 62, "r": 8, "t": 8, "b": 40},
        xaxis={**axis, "title": {"text": title, "standoff": 4}, "range": [-0.5, len(names) - 0.5]},
        yaxis={**axis, "range": [len(names) - 0.5, -0.5], "ticksuffix": " "},
    )
