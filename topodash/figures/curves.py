"""Loss, accuracy and the topology of the decision, by epoch, on one common axis."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.plain import figure, trace

#: The traces in their order, as (name, scalar, row); `assets/live_curves.js` fills them by scalar.
CURVES = (
    ("loss, train", "loss", 1),
    ("loss, held out", "test_loss", 1),
    ("accuracy, train", "accuracy", 2),
    ("accuracy, held out", "test_accuracy", 2),
    ("components b0", "b0", 3),
    ("holes b1", "b1", 3),
)


def curves(
    *,
    total: int,
    known: Sequence[tuple[str, int, int]] = (),
    region_name: str = "positive region",
    meta: str | None = None,
    dark: bool = False,
) -> go.Figure:
    """Three stacked panels: loss, accuracy, Betti numbers of the region that the network calls positive.

    Parameters
    ----------
    total : int
        The last epoch of the run; the axis ends there.
    known : sequence of (class name, b0, b1)
        The Betti numbers of the data's classes where they are known: dotted lines in the third panel.
    meta : str
        Whose curves they are.
    """
    colours = theme.palette(dark)
    look = {"loss": colours["text"], "test_loss": colours["quiet"], "accuracy": colours["text"], "test_accuracy": colours["quiet"],
            "b0": "#7A5CC0", "b1": "#D55E00"}  # fmt: skip
    traces = [
        trace(
            "scatter",
            x=[],
            y=[],
            name=name,
            mode="lines",
            meta=scalar,
            line={
                "width": 1.6,
                "color": look[scalar],
                "dash": "dot" if scalar.startswith("test_") else "solid",
                "shape": "hv" if row == 3 else "linear",
            },
            xaxis="x",
            yaxis="y" if row == 1 else f"y{row}",
            hovertemplate="%{y:.4g}" if row < 3 else "%{y}",
            showlegend=False,
        )
        for name, scalar, row in CURVES
    ]
    dotted = {"type": "line", "x0": 0, "x1": 1, "xref": "x domain", "yref": "y3"}
    shapes = [
        {**dotted, "y0": level, "y1": level, "line": {"width": 1, "dash": "dot", "color": look[number]}, "name": f"data {number}"}
        for _, b0, b1 in known[-1:]
        for number, level in (("b0", b0), ("b1", b1))
    ]  # fmt: skip
    return figure(
        traces,
        dark=dark,
        uirevision="curves",
        meta=meta,
        margin={"l": 46, "r": 10, "t": 8, "b": 34},
        hovermode="x unified",
        dragmode="zoom",
        shapes=shapes,
        xaxis={"title": {"text": "epoch"}, "range": [0, max(total, 1)], "anchor": "y3", "showspikes": False},
        yaxis={"title": {"text": "loss"}, "domain": [0.70, 1.0], "rangemode": "tozero"},
        yaxis2={"title": {"text": "accuracy"}, "domain": [0.36, 0.64], "range": [0, 1.03]},
        yaxis3={
            "title": {"text": region_name},
            "domain": [0.0, 0.30],
            "rangemode": "tozero",
            "dtick": 1,
            "tickformat": "d",
        },
    )
