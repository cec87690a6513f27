"""Where the ring is, and where it breaks, as the density filter rho(k, p) changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from topodash.figures import theme
from topodash.figures.plain import figure, trace, words


def sensitivity_figure(
    cells: Sequence[dict[str, Any]], *, here: tuple[int, float] | None = None, dark: bool = False
) -> go.Figure:
    """Colour: first to second bar; a circle marks what counts as a ring; `here` is the setting of the page."""
    colours = theme.palette(dark)
    if not cells:
        return words(
            "Compute fills this grid: one k after the other.<br>What is computed is kept.", dark=dark
        )
    ks = sorted({cell["k"] for cell in cells})
    shares = sorted({cell["fraction"] for cell in cells})
    z = np.full((len(shares), len(ks)), np.nan)
    text = [["" for _ in ks] for _ in shares]
    hover = [["" for _ in ks] for _ in shares]
    for cell in cells:
        i, j = shares.index(cell["fraction"]), ks.index(cell["k"])
        if cell["reason"]:
            text[i][j], hover[i][j] = "–", cell["reason"]
            continue
        numbers = cell["statistics"]
        ratio = numbers["bar_ratio"]
        z[i, j] = ratio
        turns = cell["turns"]
        signed = f"{turns:+d}".replace("-", "−") if turns else "0"
        text[i][j] = (
            f"{'<b>○</b> ' if cell['ring'] else ''}{ratio:.2f}<br>{signed} turn{'' if abs(turns) == 1 else 's'}"
        )
        hover[i][j] = (
            f"ρ({cell['k']}, {cell['fraction']:.0%}): {cell['kept']} filters<br>longest bar {numbers['longest_bar']:.3f}, ratio {ratio:.2f}"
            f"<br>Klein R² {numbers['klein_r2']:.3f}, averages turn {turns} times"
        )
    low = "#1E2430" if dark else "#F3F4F6"
    traces = [
        trace(
            "heatmap", z=z, x=[str(k) for k in ks], y=[f"{share:.0%}" for share in shares], zmin=1, zmax=3, colorscale=[[0, low], [1, "#3E7CC9" if dark else "#6FA3E0"]],
            text=text, texttemplate="%{text}", customdata=hover, hovertemplate="%{customdata}<extra></extra>", xgap=2, ygap=2, showscale=False,
            textfont={"color": colours["text"], "size": 11},
        )
    ]  # fmt: skip
    frames = []
    if here is not None and here[0] in ks and here[1] in shares:
        i, j = shares.index(here[1]), ks.index(here[0])
        line = {"color": "#D55E00", "width": 2.5}
        frames.append(
            {"type": "rect", "x0": j - 0.5, "x1": j + 0.5, "y0": i - 0.5, "y1": i + 0.5, "line": line}
        )
    return figure(
        traces, dark=dark, uirevision="sensitivity", dragmode=False, shapes=frames,
        xaxis={"title": {"text": "k, neighbour of the density filter"}, "type": "category"},
        yaxis={"title": {"text": "p, share kept"}, "type": "category"},
    )  # fmt: skip
