"""One neuron: where in the input plane it fires and how strongly (paper A, figure 1)."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.input_plane import field_axis
from topodash.figures.plain import figure, trace

#: Samples a side of the shading; the line itself is exact.
PANEL_SIZE = 32


def neuron_panel(
    unit: int,
    *,
    box: tuple[tuple[float, float], tuple[float, float]],
    dark: bool = False,
    values: np.ndarray | None = None,
) -> go.Figure:
    """The shaded half-plane of hidden unit `unit`; frames fill `z` (activation on a grid of `PANEL_SIZE`) and the line."""
    shading = trace(
        "heatmap",
        x=field_axis(box[0], PANEL_SIZE),
        y=field_axis(box[1], PANEL_SIZE),
        z=np.zeros((PANEL_SIZE, PANEL_SIZE), dtype=np.float32) if values is None else values,
        zmin=0,
        colorscale=theme.neuron_scale(unit % len(theme.NEURON_COLOURS), dark),
        zsmooth="best",
        showscale=False,
        hovertemplate="activation %{z:.3g}<extra></extra>",
    )
    return figure(
        [shading],
        dark=dark,
        uirevision="neuron",
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        dragmode=False,
        xaxis={"range": list(box[0]), "visible": False, "fixedrange": True},
        yaxis={
            "range": list(box[1]),
            "visible": False,
            "fixedrange": True,
            "scaleanchor": "x",
            "scaleratio": 1,
        },
    )


def neuron_landscape(unit: int, *, columns: tuple[str, str], dark: bool = False) -> go.Figure:
    """An empty 3-D scene for the exact folded surface of one neuron's activation over the box."""
    quiet = theme.palette(dark)["quiet"]
    surface = trace(
        "mesh3d",
        **{name: [] for name in "xyzijk"},
        color=theme.neuron_colour(unit),
        opacity=0.75,
        flatshading=True,
        hoverinfo="skip",
        lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.05},
    )
    creases = trace(
        "scatter3d", x=[], y=[], z=[], mode="lines", line={"width": 3, "color": quiet}, hoverinfo="skip"
    )
    return figure(
        [surface, creases],
        dark=dark,
        uirevision="landscape",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        scene={
            "xaxis": {"title": {"text": columns[0]}},
            "yaxis": {"title": {"text": columns[1]}},
            "zaxis": {"title": {"text": f"activation of neuron {unit + 1}"}, "rangemode": "tozero"},
            "aspectmode": "cube",
            "camera": theme.OCTANT_CAMERA,
            "uirevision": "landscape",
        },
    )
