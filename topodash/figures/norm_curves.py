"""Figure 4 of paper B: landscape norms by layer in its two readings, and as a heat map; norms over epochs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import get_colorscale, sample_colorscale

from topodash.figures import theme
from topodash.figures.moments import in_legend, moment_colours, moment_name, short_name
from topodash.figures.plain import Trace, figure, trace, with_looks

Floats = NDArray[np.float64]


def norm_curves(
    norm_of_mean: Floats,
    mean_norm: Floats,
    sd_norm: Floats,
    *,
    layers: Sequence[str],
    moments: Sequence[str],
    moment_title: str,
    cursor: int | None = None,
    dark: bool = False,
) -> go.Figure:
    """Two panels over the layers, a curve a moment: the norm of the average, and the average of the norms.

    Parameters
    ----------
    norm_of_mean, mean_norm, sd_norm : (s, l)
        NaN where no network has the layer.
    cursor : int, optional
        The moment whose band (one standard deviation over networks) is drawn.
    """
    colours, x = moment_colours(len(moments), dark), np.arange(len(layers))
    traces = [
        _band(mean_norm[k], sd_norm[k], colours[k], k, cursor)
        for k in range(len(moments))
        if not np.isnan(mean_norm[k]).all() and np.nanmax(sd_norm[k]) > 0
    ]
    for row, (values, axis, what) in enumerate(
        ((norm_of_mean, "y", "norm of the average"), (mean_norm, "y2", "average of the norms"))
    ):
        for moment, name in enumerate(moments):
            made = trace(
                "scatter",
                x=x,
                y=values[moment],
                yaxis=axis,
                mode="lines+markers",
                name=short_name(name),
                legendgroup=str(moment),
                connectgaps=False,
                line={"color": colours[moment], "dash": "dot" if moment == 0 else "solid"},
                customdata=None if row == 0 else sd_norm[moment],
                text=list(layers),
                hovertemplate=f"<b>%{{text}}</b>, {moment_name(moment_title, name)}<br>{what} %{{y:.4g}}"
                + ("<br>standard deviation %{customdata:.3g}" if row else "")
                + "<extra></extra>",
            )
            known = row == 0 and in_legend(moment, len(moments))
            plain = {"line.width": 1.5, "marker.size": 4, "showlegend": known}
            chosen = {"line.width": 3, "marker.size": 6, "showlegend": row == 0}
            traces.append(with_looks(made, moment, cursor, plain=plain, chosen=chosen))
    return figure(
        traces,
        dark=dark,
        uirevision="norms",
        meta={"moment": cursor},
        margin={"l": 50, "r": 10, "t": 8, "b": 40},
        hovermode="closest",
        xaxis={
            **_layer_axis(layers),
            "anchor": "y2",
            "title": {"text": "ReLU layer, between input and logits"},
        },
        yaxis={
            "title": {"text": "norm of the average"},
            "domain": [0.50, 0.88 if len(moments) <= 6 else 0.82],
            "rangemode": "tozero",
        },
        yaxis2={"title": {"text": "average of the norms"}, "domain": [0.0, 0.40], "rangemode": "tozero"},
        # Inside, above the panels, three entries a row on a phone: a legend that pushes the margin moves the panels while it is laid out.
        legend={
            "title": {"text": moment_title + " "},
            "font": {"size": 11},
            "y": 1.0,
            "yanchor": "top",
            "entrywidth": 40,
        },
    )


def norm_heatmap(
    norms: Floats, *, layers: Sequence[str], moments: Sequence[str], moment_title: str, dark: bool = False
) -> go.Figure:
    """Norms as a heat map of layers and moments, (s, l)."""
    traces = [
        trace(
            "heatmap",
            z=norms[::-1],
            x=np.arange(len(layers)),
            y=[str(name) for name in moments[::-1]],
            text=[
                [f"<b>{layer}</b>, {moment_name(moment_title, name)}" for layer in layers]
                for name in moments[::-1]
            ],
            colorscale=get_colorscale(theme.SEQUENTIAL),
            xgap=1,
            ygap=1,
            colorbar={"title": {"text": "norm", "side": "right"}, "orientation": "h", "y": 1.0, "yanchor": "bottom", "thickness": 8, "outlinewidth": 0,
                      "len": 1.0, "nticks": 4, "tickfont": {"size": 11}},
            hovertemplate="%{text}<br>norm %{z:.4g}<extra></extra>",
            hoverongaps=False,
        )
    ]  # fmt: skip
    return figure(
        traces,
        dark=dark,
        uirevision="heat",
        margin={"l": 50, "r": 8, "t": 52, "b": 40},
        xaxis={
            **_layer_axis(layers),
            "tickfont": {"size": 9 if len(layers) > 9 else 12},
            "showgrid": False,
            "title": {"text": "ReLU layer", "standoff": 4},
        },
        yaxis={"type": "category", "showgrid": False, "ticksuffix": " "},
    )


def norms_over_epochs(
    norms: Floats, epochs: Sequence[int], *, layers: Sequence[str], log: bool = True, dark: bool = False
) -> go.Figure:
    """Norm of every layer (s, l) over epochs (s,): a curve a layer, the last ones the strongest."""
    traces: list[Trace] = []
    first, last = (0.30, 0.98) if dark else (0.02, 0.80)
    colours = sample_colorscale(theme.SEQUENTIAL, np.linspace(first, last, max(len(layers), 2)).tolist())
    # Epoch 0 has no place on a logarithmic axis: one is added, and the ticks say the epochs themselves.
    ticks = [0, *(10**k for k in range(7) if 10**k <= max([1, *epochs]))]
    for layer, name in enumerate(layers):
        ends = layer in (0, len(layers) - 1)
        traces.append(
            trace(
                "scatter",
                x=[epoch + 1 for epoch in epochs] if log else list(epochs),
                y=norms[:, layer],
                customdata=list(epochs),
                mode="lines+markers",
                marker={"size": 4},
                name=name,
                line={"width": 2, "color": colours[layer], "dash": "dot" if ends else "solid"},
                hovertemplate=f"<b>{name}</b>, epoch %{{customdata}}<br>norm %{{y:.4g}}<extra></extra>",
            )
        )
    axis = {"title": {"text": "epoch"}}
    if log:
        axis |= {"type": "log", "tickvals": [t + 1 for t in ticks], "ticktext": [str(t) for t in ticks]}
    return figure(
        traces,
        dark=dark,
        uirevision="epochs",
        margin={"l": 50, "r": 10, "t": 8, "b": 36},
        xaxis=axis,
        yaxis={"title": {"text": "landscape norm"}, "rangemode": "tozero"},
    )


def short_layers(layers: Sequence[str]) -> list[str]:
    """The names of layers as an axis has room for them: in, 1, 2, ..., out."""
    names = {"input": "in", "logits": "out"}
    return [names.get(name, name.replace("ReLU ", "")) for name in layers]


def _layer_axis(layers: Sequence[str]) -> dict[str, object]:
    return {
        "tickvals": np.arange(len(layers)),
        "ticktext": short_layers(layers),
        "range": [-0.5, len(layers) - 0.5],
        "zeroline": False,
        "tickangle": 0,
    }


def _band(mean: Floats, deviation: Floats, colour: str, moment: int, cursor: int | None) -> Trace:
    """One standard deviation over networks around their average, seen while its moment is chosen."""
    known = ~np.isnan(mean)
    x = np.flatnonzero(known)
    low, high = (np.maximum(mean + sign * deviation, 0) for sign in (-1, 1))
    made = trace(
        "scatter",
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([high[known], low[known][::-1]]),
        yaxis="y2",
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=_faint(colour),
        hoverinfo="skip",
        showlegend=False,
        name="band",
    )
    return with_looks(made, moment, cursor, plain={"visible": False}, chosen={"visible": True})


def _faint(colour: str) -> str:
    if colour.startswith("#"):
        return "rgba({}, {}, {}, 0.18)".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))
    return colour.replace("rgb(", "rgba(").replace(")", ", 0.18)")
