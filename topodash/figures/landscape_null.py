"""The null distribution of a permutation test, and where the observed statistic stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.plain import figure, trace


def landscape_null(test: Mapping[str, Any], *, dark: bool = False) -> go.Figure:
    """Histogram of the statistic under relabelling, a line at the observed one.

    Parameters
    ----------
    test : mapping with edges (b + 1,), counts (b,), statistic and p
    """
    colours = theme.palette(dark)
    edges, counts = test["edges"], test["counts"]
    traces = [
        trace(
            "bar",
            x=(edges[1:] + edges[:-1]) / 2,
            y=counts,
            width=edges[1:] - edges[:-1],
            marker={"color": colours["quiet"], "opacity": 0.55, "line": {"width": 0}},
            hovertemplate="%{x:.4g}: %{y} relabellings<extra></extra>",
            showlegend=False,
        )
    ]
    at = {"yref": "y domain", "xref": "x"}
    line = {
        "type": "line",
        "x0": test["statistic"],
        "x1": test["statistic"],
        "y0": 0,
        "y1": 1,
        "line": {"color": theme.class_colour(5), "width": 2},
    }
    # On the side that has room: an observed value far beyond all relabellings stands at the edge.
    side = "right" if test["statistic"] > 0.6 * max(float(edges[-1]), test["statistic"]) else "left"
    name = {"x": test["statistic"], "y": 1, "text": f"observed, p = {test['p']:.3g}", "font": {"size": 11}, "yanchor": "bottom", "xanchor": side,
            "showarrow": False}  # fmt: skip
    return figure(
        traces,
        dark=dark,
        margin={"l": 46, "r": 14, "t": 24, "b": 38},
        bargap=0,
        shapes=[{**at, **line}],
        annotations=[{**at, **name}],
        xaxis={"title": {"text": "‖mean A − mean B‖"}, "rangemode": "tozero"},
        yaxis={"title": {"text": "relabellings"}},
    )
