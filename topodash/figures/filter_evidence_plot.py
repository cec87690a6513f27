"""Each statistic of each source beside those of its own null banks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.plain import Trace, figure, panels, trace
from topodash.studies.filter_topology_verdict import Shown

LABELS = {
    "longest_bar": "longest degree-1 bar",
    "klein_r2": "median Klein R²",
    "bar_ratio": "first to second bar",
    "pca_correlation": "PCA-angle correlation",
    "hollowness": "hollow PCA plane",
}

_WRAPPED = {
    "longest_bar": "longest<br>degree-1 bar",
    "klein_r2": "median<br>Klein R²",
    "bar_ratio": "first to<br>second bar",
    "pca_correlation": "PCA-angle<br>correlation",
    "hollowness": "hollow<br>PCA plane",
}


def evidence_figure(sources: Sequence[Shown], evidence: Sequence[str], *, dark: bool = False) -> go.Figure:
    """One column a statistic, one row a source: null banks as ticks, the source itself as a diamond."""
    colours = theme.palette(dark)
    rows = {
        "categoryorder": "array",
        "categoryarray": [source.name for source in sources][::-1],
        "range": [-0.7, len(sources) - 0.3],
        "showgrid": False,
    }
    traces: list[Trace] = []
    axes: dict[str, Any] = {}
    titles = []
    for (n, domain), name in zip(panels(len(LABELS), 0.035), LABELS, strict=True):
        axes[f"xaxis{n}"] = {"nticks": 4, "domain": domain, "anchor": f"y{n}"}
        axes[f"yaxis{n}"] = {
            **rows,
            "anchor": f"x{n}",
            **({"matches": "y", "showticklabels": False} if n else {}),
        }
        what = "evidence" if name in evidence else "description only"
        titles.append(
            {"text": f"<b>{_WRAPPED[name]}</b><br>{what}", "x": sum(domain) / 2, "y": 1.0, "xref": "paper", "yref": "paper", "xanchor": "center", "yanchor": "bottom",
             "showarrow": False, "font": {"size": 11.5, "color": colours["text"]}}
        )  # fmt: skip
        for k, source in enumerate(sources):
            colour = theme.CLASS_COLOURS[1 - k % 2] if name in evidence else colours["quiet"]
            null = source.nulls(name)
            traces.append(
                trace("scatter", xaxis=f"x{n}", yaxis=f"y{n}", x=null.astype("float32"), y=[source.name] * len(null), mode="markers", showlegend=False, name="null banks",
                           marker={"symbol": "line-ns", "size": 16, "line": {"width": 1, "color": colours["quiet"]}, "opacity": 0.55}, hovertemplate="null bank: %{x:.3f}<extra></extra>")
            )  # fmt: skip
            traces.append(
                trace("scatter", xaxis=f"x{n}", yaxis=f"y{n}", x=[source.observed.get(name)], y=[source.name], mode="markers", showlegend=False, name=source.name,
                           marker={"symbol": "diamond", "size": 13, "color": colour, "line": {"width": 1, "color": colours["panel"]}}, hovertemplate="%{y}: %{x:.3f}<extra></extra>")
            )  # fmt: skip
    return figure(
        traces,
        dark=dark,
        uirevision="evidence",
        margin={"l": 70, "r": 12, "t": 62, "b": 28},
        hovermode="closest",
        dragmode=False,
        annotations=titles,
        **axes,
    )
