"""One diagram in two pictures: points over the diagonal, and bars."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from topodash.figures import theme
from topodash.figures.plain import Trace, figure, trace

#: Bars drawn in the barcode; the shorter ones are counted in words.
BARS = 40
_CHOSEN = "#D55E00"


def persistence_diagram(
    bars: NDArray[np.float64],
    *,
    degree: int,
    infinite: int = 0,
    chosen: int | None = None,
    dark: bool = False,
) -> go.Figure:
    """Birth and death of every bar; infinite bars stand on a line of their own at the top.

    Parameters
    ----------
    bars : (k, 2)
        Finite bars, longest first.
    infinite : int
        Bars that never die; they are born at 0.
    chosen : int, optional
        The bar that is picked out.
    """
    colours = theme.palette(dark)
    top = float(bars[:, 1].max(initial=0.0)) or 1.0
    traces: list[Trace] = []
    traces.append(
        trace("scatter", x=[0, top * 1.1], y=[0, top * 1.1], mode="lines", hoverinfo="skip", showlegend=False,
                   line={"color": colours["line"], "width": 1.5})
    )  # fmt: skip
    size = np.where(np.arange(len(bars)) == (-1 if chosen is None else chosen), 12, 7)
    traces.append(
        trace(
            "scatter",
            x=bars[:, 0],
            y=bars[:, 1],
            mode="markers",
            marker={
                "size": size,
                "color": [_CHOSEN if k == chosen else theme.class_colour(1) for k in range(len(bars))],
                "opacity": 0.8,
                "line": {"width": 0.5, "color": colours["panel"]},
            },
            customdata=np.arange(1, len(bars) + 1),
            hovertemplate="bar %{customdata}<br>birth %{x:.4g}<br>death %{y:.4g}<extra></extra>",
            showlegend=False,
        )
    )
    level = top * 1.18
    if infinite:
        traces.append(
            trace("scatter", x=[0.0] * infinite, y=[level] * infinite, mode="markers", showlegend=False,
                       marker={"symbol": "triangle-up", "size": 11, "color": theme.class_colour(0)},
                       hovertemplate="never dies<extra></extra>")
        )  # fmt: skip
    ceiling, named = infinite_line(level, infinite, colours["quiet"])
    return figure(
        traces,
        dark=dark,
        uirevision="diagram",
        margin={"l": 50, "r": 10, "t": 8, "b": 38},
        hovermode="closest",
        shapes=ceiling,
        annotations=named,
        xaxis={"title": {"text": f"birth (degree {degree})"}, "range": [-0.03 * top, 1.12 * top], "zeroline": False},
        yaxis={"title": {"text": "death"}, "range": [-0.03 * top, (1.26 if infinite else 1.12) * top], "zeroline": False},
    )  # fmt: skip


def infinite_line(
    level: float, infinite: int, colour: str
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The line on which bars stand that never die, and its name; neither where there are none."""
    if not infinite:
        return [], []
    line = {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "xref": "x domain",
        "y0": level,
        "y1": level,
        "line": {"dash": "dash", "width": 1, "color": colour},
    }
    name = {"text": f"infinite: {infinite}", "x": 1, "xref": "x domain", "xanchor": "right", "y": level, "yanchor": "bottom", "showarrow": False,
            "font": {"size": 11}}  # fmt: skip
    return [line], [name]


def persistence_barcode(
    bars: NDArray[np.float64],
    *,
    total: int | None = None,
    infinite: int = 0,
    chosen: int | None = None,
    dark: bool = False,
) -> go.Figure:
    """The longest bars from the top; an infinite one goes to the edge with an arrow and is not given an end.

    `total` is the number of finite bars there were, where only the longest of them are at hand.
    """
    drawn = bars[:BARS]
    left = max(len(bars), total or 0) - len(drawn)
    more = f" ({left} shorter bar{'s' if left > 1 else ''} not drawn)" if left else ""
    top = float(drawn[:, 1].max(initial=0.0)) or 1.0
    rows = np.arange(infinite, infinite + len(drawn))
    traces = [
        trace(
            "bar",
            base=drawn[:, 0].tolist(),
            x=drawn[:, 1] - drawn[:, 0],
            y=rows,
            orientation="h",
            marker={
                "color": [_CHOSEN if k == chosen else theme.class_colour(1) for k in range(len(drawn))],
                "line": {"width": 0},
            },
            width=0.72,
            # `x` of a bar with a base is where it ends, so the length is handed over.
            customdata=np.column_stack([drawn, np.arange(1, len(drawn) + 1), drawn[:, 1] - drawn[:, 0]]),
            hovertemplate="bar %{customdata[2]:d}<br>birth %{customdata[0]:.4g}<br>death %{customdata[1]:.4g}"
            "<br>length %{customdata[3]:.4g}<extra></extra>",
            showlegend=False,
        )
    ]
    arrow = {"x": top * 1.1, "ax": 0, "xref": "x", "yref": "y", "axref": "x", "ayref": "y", "text": "", "showarrow": True, "arrowhead": 2,
             "arrowwidth": 4, "arrowcolor": theme.class_colour(0)}  # fmt: skip
    return figure(
        traces,
        dark=dark,
        uirevision="barcode",
        margin={"l": 12, "r": 10, "t": 8, "b": 38},
        hovermode="closest",
        bargap=0,
        annotations=[{**arrow, "y": k, "ay": k} for k in range(infinite)],
        xaxis={"title": {"text": "scale" + more}, "range": [0, 1.12 * top]},
        yaxis={"autorange": "reversed", "showticklabels": False, "showgrid": False, "zeroline": False},
    )
