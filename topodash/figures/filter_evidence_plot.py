"""Each statistic of each source beside those of its own null banks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from topodash.figures import theme

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


@dataclass(frozen=True, eq=False)
class Shown:
    """A source in the picture: its name, its statistics, those of its null banks (name -> (banks,))."""

    name: str
    observed: dict[str, float]
    null: dict[str, np.ndarray]


def evidence_figure(sources: Sequence[Shown], evidence: Sequence[str], *, dark: bool = False) -> go.Figure:
    """One column a statistic, one row a source: null banks as ticks, the source itself as a diamond."""
    colours = theme.palette(dark)
    names = list(LABELS)
    titles = [
        f"<b>{_WRAPPED.get(n, LABELS[n])}</b><br>{'evidence' if n in evidence else 'description only'}"
        for n in names
    ]
    figure = make_subplots(
        rows=1, cols=len(names), subplot_titles=titles, horizontal_spacing=0.035, shared_yaxes=True
    )
    labels = [source.name for source in sources]
    for column, name in enumerate(names, 1):
        for k, source in enumerate(sources):
            colour = theme.CLASS_COLOURS[1 - k % 2] if name in evidence else colours["quiet"]
            null = np.asarray(source.null.get(name, np.zeros(0)), dtype=np.float64)
            figure.add_trace(
                go.Scatter(x=null.astype(np.float32), y=[source.name] * len(null), mode="markers", showlegend=False, name="null banks",
                           marker={"symbol": "line-ns", "size": 16, "line": {"width": 1, "color": colours["quiet"]}, "opacity": 0.55}, hovertemplate="null bank: %{x:.3f}<extra></extra>"),
                row=1, col=column,
            )  # fmt: skip
            figure.add_trace(
                go.Scatter(x=[source.observed.get(name)], y=[source.name], mode="markers", showlegend=False, name=source.name,
                           marker={"symbol": "diamond", "size": 13, "color": colour, "line": {"width": 1, "color": colours["panel"]}}, hovertemplate="%{y}: %{x:.3f}<extra></extra>"),
                row=1, col=column,
            )  # fmt: skip
    figure.update_yaxes(
        categoryorder="array", categoryarray=labels[::-1], range=[-0.7, len(labels) - 0.3], showgrid=False
    )
    figure.update_xaxes(nticks=4)
    figure.update_annotations(font={"size": 11.5, "color": colours["text"]})
    figure.update_layout(
        template=theme.template(dark),
        uirevision="evidence",
        margin={"l": 70, "r": 12, "t": 62, "b": 28},
        hovermode="closest",
        dragmode=False,
    )
    return figure
