"""The landscape of one network against the mean over networks with its band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from topodash.figures.landscape_grid import function_colours
from topodash.figures.plain import Trace, figure, trace


def landscape_band(
    single: NDArray[np.float64],
    grid: NDArray[np.float64],
    band: Mapping[str, Any] | None,
    *,
    name: str,
    dark: bool = False,
) -> go.Figure:
    """Functions of one network (k, g) as lines, the mean over networks dashed, their 5th to 95th percentile as band.

    Parameters
    ----------
    band : mapping with mean, low, high (k, g) and networks, or None while it is computed.
    name : str
        Of the network.
    """
    traces: list[Trace] = []
    colours = function_colours(len(single), dark)
    shown = single.max(axis=0)
    if band is not None and band.get("networks", 0) > 1:
        shown = np.maximum(shown, band["high"].max(axis=0))
    used = np.flatnonzero(shown)
    cut = slice(0, min(int(used[-1]) + 2, len(grid)) if len(used) else len(grid))
    step = max(1, (cut.stop - cut.start) // 300)
    cut = slice(0, cut.stop, step)
    t = grid[cut]
    for k in range(len(single)):
        if band is not None and band.get("networks", 0) > 1:
            traces.append(
                trace("scatter", x=np.concatenate([t, t[::-1]]), y=np.concatenate([band["high"][k][cut], band["low"][k][cut][::-1]]),
                           fill="toself", mode="lines", line={"width": 0}, hoverinfo="skip", showlegend=False,
                           fillcolor=colours[k].replace("rgb(", "rgba(").replace(")", ", 0.16)"))
            )  # fmt: skip
            traces.append(
                trace("scatter", x=t, y=band["mean"][k][cut], mode="lines", line={"width": 1.4, "dash": "dash", "color": colours[k]},
                           name=f"mean, k = {k + 1}", showlegend=k == 0, hovertemplate=f"mean λ{k + 1} %{{y:.4g}}<extra></extra>")
            )  # fmt: skip
        traces.append(
            trace("scatter", x=t, y=single[k][cut], mode="lines", line={"width": 2, "color": colours[k]}, name=f"{name}, k = {k + 1}",
                       showlegend=k == 0, hovertemplate=f"λ{k + 1} %{{y:.4g}}<extra></extra>")
        )  # fmt: skip
    return figure(
        traces,
        dark=dark,
        uirevision="band",
        margin={"l": 54, "r": 10, "t": 8, "b": 38},
        hovermode="x unified",
        xaxis={"title": {"text": "t"}, "zeroline": False},
        yaxis={"title": {"text": "λ(t)"}, "rangemode": "tozero"},
    )
