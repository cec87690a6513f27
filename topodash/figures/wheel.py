"""The wheel: averaged filters by position on the ring, and inside each the patch it responds to most (paper C, figure 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.filter_images import framed, laid, patch_square, squares
from topodash.figures.plain import Trace, figure, trace
from topodash.figures.ring_colours import angle_colours

OUTER, INNER = 1.0, 0.62
UNCERTAIN = np.pi / 2
"""Radians: a step between neighbouring averages above which their number of turns is not to be relied on."""
PATCHES = (
    ("relu", "mean ReLU response, pixels 0 to 1"),
    ("box", "mean linear response, pixels 0 to 1"),
    ("norm", "mean linear response, norm 1"),
)


def wheel_figure(
    wheel: Mapping[str, Any], rows: np.ndarray, *, patch: str = "relu", dark: bool = False
) -> go.Figure:
    """One wheel of the answer 'filter_homology'; `rows` are the numbers of the kept filters, for the page's script."""
    colours = theme.palette(dark)
    centres = np.asarray(wheel["centres"])
    at = np.stack([np.cos(centres), np.sin(centres)], axis=1)
    shades = angle_colours(centres)
    turn = np.linspace(0, 2 * np.pi, 181)
    traces: list[Trace] = [
        trace("scatter", x=1.27 * np.cos(turn), y=1.27 * np.sin(turn), mode="markers", hoverinfo="skip", showlegend=False,
                   marker={"size": 6, "color": angle_colours(turn)}, name="position")
    ]  # fmt: skip
    texts = [
        f"{np.degrees(c):.0f}°: {len(m)} filter{'' if len(m) == 1 else 's'}<br>average rises towards {_degrees(d)}<br>Klein R² of the average {r:.2f}, agreement {a:.2f}"
        f"<br>greatest mean ReLU response {w:.3g}"
        for c, m, d, r, a, w in zip(centres, wheel["members"], wheel["directions"], wheel["klein_r2"], wheel["agreement"], wheel["responses"], strict=True)
    ]  # fmt: skip
    for radius, name in ((OUTER, "averaged filters"), (INNER, "maximising patches")):
        traces.append(
            trace("scatter", x=radius * at[:, 0], y=radius * at[:, 1], mode="markers", customdata=np.arange(len(centres)), text=texts, hoverinfo="text",
                       marker={"size": 34 if radius == OUTER else 24, "symbol": "square", "color": shades, "opacity": 0}, name=name, showlegend=False)
        )  # fmt: skip
    outer, inner = squares(wheel["means"], 8), np.asarray(wheel[f"patch_{patch}"])
    pictures = []
    for k, (x, y) in enumerate(at):
        average, best = framed(outer[k], shades[k], 4), framed(_patch(inner[k], patch), colours["quiet"], 1)
        for pixels, radius, size in ((average, OUTER, 0.27), (best, INNER, 0.19)):
            pictures.append(
                laid(pixels, radius * x, radius * y, size, size, xanchor="center", yanchor="middle")
            )
    turns = int(wheel["turns"])
    said = f"<b>{abs(turns)} turn{'' if abs(turns) == 1 else 's'}</b>" + (
        "<br>backwards" if turns < 0 else ""
    )
    if wheel["largest_step"] > UNCERTAIN:
        said += "<br>uncertain"
    middle = {"x": 0, "showarrow": False}
    told = [
        {**middle, "y": 0.02, "yanchor": "bottom", "text": said, "font": {"size": 15, "color": colours["text"]}},
        {**middle, "y": -0.02, "yanchor": "top", "text": "of the averages'<br>gradient", "font": {"size": 11, "color": colours["quiet"]}},
    ]  # fmt: skip
    return figure(
        traces, dark=dark, uirevision="wheel", dragmode=False, images=pictures, annotations=told,
        meta={"rows": [np.asarray(rows)[members].tolist() for members in wheel["members"]], "names": [f"{np.degrees(c):.0f}°" for c in centres]},
        hovermode="closest", margin={"l": 4, "r": 4, "t": 4, "b": 4},
        xaxis={"visible": False, "range": [-1.4, 1.4], "fixedrange": True},
        yaxis={"visible": False, "range": [-1.4, 1.4], "scaleanchor": "x", "fixedrange": True},
    )  # fmt: skip


def _patch(picture: np.ndarray, kind: str) -> np.ndarray:
    # a patch of norm 1 has a sign, as a filter has; the others are pixels from 0 to 1
    return (
        squares(picture, 8)[0]
        if kind == "norm"
        else patch_square(np.asarray(picture, dtype=float), int(np.sqrt(len(picture))), 8)
    )


def _degrees(angle: float) -> str:
    return f"{np.degrees(angle):.0f}°" if np.isfinite(angle) else "no side"
