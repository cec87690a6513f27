"""Figure 2 of paper B: average landscapes of all layers and moments as small multiples, light enough to hover.

One cell a (layer, moment), laid out by shifting the functions of all cells into one pair of axes: a trace a function
k, not a subplot a cell. Cell (layer i, moment j) fills [i, i + 1] x [s - 1 - j, s - j].
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import sample_colorscale

from topodash.figures import theme
from topodash.figures.moments import moment_name, short_name
from topodash.figures.plain import Trace, figure, trace

#: Points of each function that are drawn in a cell.
SAMPLES = 64
#: Below this share of a cell's height a function lies on the ground.
_GROUND = 1e-3
_INSET, _WIDTH, _HEIGHT = 0.07, 0.86, 0.80
#: Lower where the greatest value of the cell is written above them.
_HEIGHT_UNDER_NUMBER = 0.66


def function_colours(count: int, dark: bool) -> list[str]:
    """One colour for each landscape function, the first the strongest."""
    first, last = (0.92, 0.40) if dark else (0.08, 0.72)
    return sample_colorscale(theme.SEQUENTIAL, np.linspace(first, last, max(count, 2)).tolist())[:count]


def cell_box(layer: int, moment: int, moments: int, colour: str, dash: str = "solid") -> dict[str, object]:
    """The frame of one cell, as a plotly shape."""
    y = moments - 1 - moment
    return {
        "type": "rect",
        "x0": layer + 0.015,
        "x1": layer + 0.985,
        "y0": y + 0.015,
        "y1": y + 0.985,
        "line": {"color": colour, "width": 2, "dash": dash},
    }


def landscape_grid(
    means: NDArray[np.floating],
    grid: NDArray[np.float64],
    norms: NDArray[np.float64],
    *,
    layers: Sequence[str],
    moments: Sequence[str],
    moment_title: str,
    functions: int = 3,
    common: bool = True,
    cursor: tuple[int, int] | None = None,
    dark: bool = False,
) -> go.Figure:
    """Average landscapes as small multiples.

    Parameters
    ----------
    means : (s, l, depth, g)
    grid : (g,)
    norms : (s, l)
        Norm of each average; NaN where there is none.
    functions : int
        How many functions are drawn, from the first.
    common : bool
        The same axes in all cells; else each cell fills its own.
    cursor : (layer, moment), optional
        The cell that is open.
    """
    colours = theme.palette(dark)
    count_s, count_l = means.shape[:2]
    drawn = means[:, :, :functions]
    traces: list[Trace] = []
    known = ~np.isnan(norms)
    traces.append(
        trace(
            "heatmap",
            x=np.arange(count_l) + 0.5,
            y=count_s - 0.5 - np.arange(count_s),
            z=known.astype(np.int8),
            customdata=np.dstack([norms, drawn[:, :, 0].max(axis=-1)]),
            text=[
                [f"<b>{layer}</b>, {moment_name(moment_title, moment)}" for layer in layers]
                for moment in moments
            ],
            hovertemplate="%{text}<br>norm %{customdata[0]:.4g}<br>highest %{customdata[1]:.4g}<extra></extra>",
            colorscale=[[0, colours["grid"]], [1, colours["panel"]]],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    boxes = _boxes(drawn, grid, common)
    look = function_colours(drawn.shape[2], dark)
    for k in range(drawn.shape[2]):
        x, y, values = _functions(
            drawn[:, :, k], grid, boxes, known, _HEIGHT if common else _HEIGHT_UNDER_NUMBER
        )
        traces.append(
            trace(
                "scatter",
                x=x,
                y=y,
                customdata=values,
                mode="lines",
                fill="toself",
                fillcolor=look[k].replace("rgb(", "rgba(").replace(")", f", {0.30 if k else 0.14})"),
                line={"width": 1.2, "color": look[k]},
                hoveron="points",
                name=f"k = {k + 1}",
                hovertemplate=f"t %{{customdata[0]:.4g}}<br>λ{k + 1} %{{customdata[1]:.4g}}<extra></extra>",
                showlegend=True,
            )
        )
    notes = [] if common else _own_scales(boxes, known, colours["quiet"])
    if known.any():
        low, high, top = boxes[0, 0]
        said = (
            f"each cell: t from {low:.3g} to {high:.3g}, λ from 0 to {top:.3g}"
            if common
            else "each cell has its own axes; the number in it is its greatest λ"
        )
        notes.append(
            {"text": said, "x": 0, "y": 0, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top", "yshift": -33, "showarrow": False,
             "font": {"size": 11, "color": colours["quiet"]}}
        )  # fmt: skip
    return figure(
        traces,
        dark=dark,
        uirevision="grid",
        margin={"l": 8, "r": 8, "t": 30, "b": 54},
        hovermode="closest",
        hoverdistance=6,
        dragmode=False,
        legend={"y": -0.02, "yanchor": "top", "x": 0},
        xaxis={
            "side": "top",
            "tickvals": np.arange(count_l) + 0.5,
            "ticktext": [name.replace("ReLU ", "R") for name in layers],
            "range": [0, count_l],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickangle": 0,
        },
        yaxis={
            "tickvals": count_s - 0.5 - np.arange(count_s),
            "ticktext": [short_name(name) for name in moments],
            "range": [0, count_s],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        annotations=notes,
        shapes=[] if cursor is None else [cell_box(cursor[0], cursor[1], count_s, colours["text"])],
    )


def _boxes(drawn: NDArray[np.floating], grid: NDArray[np.float64], common: bool) -> NDArray[np.float64]:
    """(s, l, 3): from, to, and the greatest value of every cell's axes; never empty."""
    top = drawn.max(axis=2)
    boxes = np.empty((*top.shape[:2], 3))
    for at in np.ndindex(*top.shape[:2]):
        used = np.flatnonzero(top.max(axis=(0, 1)) if common else top[at])
        low, high = (
            (grid[max(used[0] - 1, 0)], grid[min(used[-1] + 1, len(grid) - 1)])
            if len(used)
            else grid[[0, -1]]
        )
        highest = float(top.max() if common else top[at].max())
        boxes[at] = (0.0 if common else low, high, highest or 1.0)
    return boxes


def _functions(
    values: NDArray[np.floating],
    grid: NDArray[np.float64],
    boxes: NDArray[np.float64],
    known: NDArray[np.bool_],
    height: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """One function of all cells as closed outlines with gaps between them; with (t, value) of each point."""
    count_s = len(values)
    xs, ys, told = [], [], []
    for moment, layer in zip(*np.nonzero(known), strict=True):
        low, high, top = boxes[moment, layer]
        inside = np.flatnonzero((grid >= low - 1e-12) & (grid <= high + 1e-12))
        rows = inside[np.unique(np.linspace(0, len(inside) - 1, SAMPLES).round().astype(int))]
        rows = rows[_seen(values[moment, layer][rows], top)]
        t, v = grid[rows], values[moment, layer][rows].astype(np.float64)
        x = layer + _INSET + _WIDTH * (t - low) / (high - low)
        y = count_s - 1 - moment + _INSET + height * v / top
        xs += [x, [np.nan]]
        ys += [y, [np.nan]]
        told += [np.column_stack([t, v]), [[np.nan, np.nan]]]
    if not xs:
        return np.empty(0, np.float32), np.empty(0, np.float32), np.empty((0, 2), np.float32)
    return tuple(np.concatenate(parts).astype(np.float32) for parts in (xs, ys, told))  # type: ignore[return-value]


def _seen(values: NDArray[np.floating], top: float) -> NDArray[np.bool_]:
    """Which samples shape the outline: of a stretch on the ground its two ends are enough."""
    low = np.abs(values) <= _GROUND * top
    inner = np.zeros(len(low), dtype=bool)
    inner[1:-1] = low[:-2] & low[1:-1] & low[2:]
    return ~inner


def _own_scales(boxes: NDArray[np.float64], known: NDArray[np.bool_], colour: str) -> list[dict[str, object]]:
    """The greatest value of each cell, written into its corner."""
    count_s = len(boxes)
    return [
        {
            "x": layer + 0.95,
            "y": count_s - moment - 0.02,
            "text": f"{boxes[moment, layer, 2]:.2g}",
            "showarrow": False,
            "xanchor": "right",
            "yanchor": "top",
            "font": {"size": 9, "color": colour},
        }
        for moment, layer in zip(*np.nonzero(known), strict=True)
    ]
