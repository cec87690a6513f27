"""The Klein bottle of patches as its chart [0, pi) x [0, 2 pi), with the filters' density and the three circles (paper C, figure 6)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale

from topodash.figures import theme
from topodash.figures.filter_images import canvas, laid
from topodash.figures.plain import Trace, figure, trace
from topodash.geometry.klein import patch

THETA_BINS, PHI_BINS = 30, 60
REGION = 30  # degrees, the side of the squares that a click on the chart opens; divides 180
_PRIMARY, _SECONDARY = "#D55E00", "#009E73"


def glued_density(theta: np.ndarray, phi: np.ndarray, *, width: float = 1.6) -> np.ndarray:
    """Smoothed counts (PHI_BINS, THETA_BINS); the smoothing goes over the sides as they are glued.

    Top and bottom are the same line; past the right side comes the left one turned upside down.
    """
    good = np.isfinite(theta) & np.isfinite(phi)
    counts, _, _ = np.histogram2d(
        phi[good], theta[good], bins=(PHI_BINS, THETA_BINS), range=((0, 2 * np.pi), (0, np.pi))
    )
    reach = int(np.ceil(3 * width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    kernel /= kernel.sum()
    flipped = counts[::-1]  # phi -> -phi on bins
    wide = np.concatenate([flipped[:, -reach:], counts, flipped[:, :reach]], axis=1)
    wide = np.apply_along_axis(lambda row: np.convolve(row, kernel, mode="valid"), 1, wide)
    tall = np.concatenate([wide[-reach:], wide, wide[:reach]], axis=0)
    return np.apply_along_axis(lambda column: np.convolve(column, kernel, mode="valid"), 0, tall)


def klein_figure(ring: Mapping[str, Any], *, dark: bool = False) -> go.Figure:
    """Kept filters of an answer 'filter_ring' on the chart."""
    colours = theme.palette(dark)
    theta, phi = np.asarray(ring["theta"], dtype=np.float64), np.asarray(ring["phi"], dtype=np.float64)
    density = glued_density(theta, phi)
    ground = colours["panel"]
    scale = [[0, ground], [0.25, "#2B3B63" if dark else "#DCE4F5"], [1, "#7FA0F0" if dark else "#4A68B8"]]
    traces: list[Trace] = [
        trace(
            "heatmap", z=density.astype(np.float32), x0=90 / THETA_BINS, dx=180 / THETA_BINS, y0=180 / PHI_BINS, dy=360 / PHI_BINS, colorscale=scale,
            showscale=False, zsmooth="best", hoverinfo="none", name="density", customdata=region_of_bins(),
        ),
        trace(
            "scatter",
            x=np.degrees(theta).astype(np.float32), y=np.degrees(phi).astype(np.float32), mode="markers", customdata=np.asarray(ring["rows"]), name="filters",
            text=[f"R² {r:.2f}, filter {c} of network {n}" for r, n, c in zip(ring["r2"], ring["networks"], ring["channels"], strict=True)],
            hovertemplate="θ %{x:.0f}°, φ %{y:.0f}°<br>%{text}<extra></extra>", showlegend=False,
            marker={"size": 5 if len(theta) < 600 else 3.2, "line": {"width": 0.6 if len(theta) < 600 else 0, "color": ground}, "color": np.asarray(ring["r2"], dtype=np.float32), "colorscale": get_colorscale(theme.SEQUENTIAL), "cmin": 0, "cmax": 1, "opacity": 0.9,
                    "colorbar": {"title": {"text": "R²", "side": "top"}, "thickness": 8, "len": 0.5, "x": 1.06, "tickvals": [0, 0.5, 1], "outlinewidth": 0}},
            selected={"marker": {"color": "#D55E00", "opacity": 1, "size": 8}}, unselected={"marker": {"opacity": 0.25}},
        ),
        *_circles(),
    ]  # fmt: skip
    return figure(
        traces, dark=dark, images=[_patches(int(ring["side"]))], annotations=_gluing(colours["text"]), uirevision="klein", hovermode="closest", dragmode="select", margin={"l": 58, "r": 70, "t": 30, "b": 44},
        xaxis={"title": {"text": "θ, direction of the patch"}, "range": [-6, 186], "tickvals": [0, 45, 90, 135, 180], "ticksuffix": "°", "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": "φ, from line to edge"}, "range": [-10, 370], "tickvals": [0, 90, 180, 270, 360],
               "ticktext": ["0° line", "90° edge", "180° line", "270° edge", "360°"], "showgrid": False, "zeroline": False},
        legend={"orientation": "h", "x": 0, "y": 1.0, "font": {"size": 11}},
        meta=regions(theta, phi, np.asarray(ring["rows"])),
    )  # fmt: skip


def region_of_bins() -> np.ndarray:
    """(PHI_BINS, THETA_BINS) int: which region, a square of REGION degrees a side, each bin of the density is in."""
    across = np.arange(THETA_BINS) * (180 // REGION) // THETA_BINS
    up = np.arange(PHI_BINS) * (360 // REGION) // PHI_BINS
    return up[:, None] * (180 // REGION) + across


def regions(theta: np.ndarray, phi: np.ndarray, rows: np.ndarray) -> dict[str, list[Any]]:
    """Names and filters of the regions, for a click on the chart beside the filters."""
    across, up = 180 // REGION, 360 // REGION
    good = np.isfinite(theta) & np.isfinite(phi)
    i = np.minimum((np.degrees(theta[good]) // REGION).astype(int), across - 1)
    j = np.minimum((np.degrees(phi[good]) // REGION).astype(int), up - 1)
    inside: list[list[int]] = [[] for _ in range(across * up)]
    for region, row in zip((j * across + i).tolist(), rows[good].tolist(), strict=True):
        inside[region].append(int(row))
    names = [
        f"Klein bottle, θ {REGION * (k % across)}° to {REGION * (k % across + 1)}°, φ {REGION * (k // across)}° to {REGION * (k // across + 1)}°"
        for k in range(across * up)
    ]
    return {"names": names, "rows": inside}


@lru_cache(maxsize=8)
def _patches(side: int) -> Mapping[str, Any]:
    """The patches themselves on a lattice of the chart, so that one sees what a place means; the same for all filters of a side."""
    theta, phi = np.meshgrid(np.arange(0.5, 6) * np.pi / 6, np.arange(0, 8) * np.pi / 4 + np.pi / 8)
    k = max(3, side)
    pixels, _ = canvas(
        np.stack([theta.ravel() / np.pi, phi.ravel() / (2 * np.pi)], axis=1), patch(theta.ravel(), phi.ravel(), k), size=(540, 1000), zoom=max(2, 40 // k)
    )  # fmt: skip
    return laid(pixels, 0, 360, 180, 360, opacity=0.8)


def _circles() -> list[Trace]:
    lines = (
        ("primary circle", [0, 180, None, 0, 180], [90, 90, None, 270, 270], _PRIMARY, "solid"),
        ("θ = 0", [0, 0, None, 180, 180], [0, 360, None, 0, 360], _SECONDARY, "dash"),
        ("θ = 90°", [90, 90], [0, 360], _SECONDARY, "dot"),
    )
    return [
        trace("scatter", x=x, y=y, mode="lines", name=name, hoverinfo="skip", line={"color": colour, "width": 2, "dash": dash})
        for name, x, y, colour, dash in lines
    ]  # fmt: skip


def _gluing(colour: str) -> list[dict[str, Any]]:
    """Arrows on the sides that are one: top and bottom run the same way, left and right against each other."""
    arrows = (
        (184, 60, 184, 110),
        (184, 240, 184, 290),
        (-4, 110, -4, 60),
        (-4, 290, -4, 240),
        (60, 366, 76, 366),
        (60, -6, 76, -6),
    )
    look = {"text": "", "showarrow": True, "arrowhead": 2, "arrowsize": 1.1, "arrowwidth": 1.6, "arrowcolor": colour, "opacity": 0.7,
            "xref": "x", "yref": "y", "axref": "x", "ayref": "y"}  # fmt: skip
    return [{**look, "x": to_x, "y": to_y, "ax": x, "ay": y} for x, y, to_x, to_y in arrows]
