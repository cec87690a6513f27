"""The null distribution of a permutation test, and where the observed statistic stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from topodash.figures import theme


def landscape_null(test: Mapping[str, Any], *, dark: bool = False) -> go.Figure:
    """Histogram of the statistic under relabelling, a line at the observed one.

    Parameters
    ----------
    test : mapping with edges (b + 1,), counts (b,), statistic and p
    """
    colours = theme.palette(dark)
    edges, counts = test["edges"], test["counts"]
    figure = go.Figure(
        go.Bar(
            x=(edges[1:] + edges[:-1]) / 2,
            y=counts,
            width=edges[1:] - edges[:-1],
            marker={"color": colours["quiet"], "opacity": 0.55, "line": {"width": 0}},
            hovertemplate="%{x:.4g}: %{y} relabellings<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_vline(
        x=test["statistic"],
        line={"color": theme.class_colour(5), "width": 2},
        annotation={"text": f"observed, p = {test['p']:.3g}", "font": {"size": 11}, "yanchor": "bottom"},
    )
    figure.update_layout(
        template=theme.template(dark),
        margin={"l": 46, "r": 14, "t": 24, "b": 38},
        bargap=0,
        xaxis={"title": {"text": "‖mean A − mean B‖"}, "rangemode": "tozero"},
        yaxis={"title": {"text": "relabellings"}},
    )
    return figure
