"""The ring: a Mapper graph whose nodes are drawn as the mean of their filters (paper C, figures 1 and 5)."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from topodash.figures import theme
from topodash.figures.filter_images import addresses, greys

#: Above this many nodes thumbnails are drawn with fewer pixels.
MANY = 400


def node_sizes(sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sides of the nodes, area by members."""
    largest = float(sizes.max()) if len(sizes) else 1.0
    least, most = (26.0, 62.0) if len(sizes) <= 160 else (22.0, 48.0)
    return least + (most - least) * np.sqrt(sizes / largest)


def places(ring: Mapping[str, Any], layout: str) -> NDArray[np.float64]:
    """Positions of the nodes in the units of the drawing: seeded springs, or the mean in the principal plane."""
    nodes = len(ring["starts"]) - 1
    at = np.asarray(ring["plane"] if layout == "plane" else ring["positions"], dtype=np.float64)
    if not nodes:
        return np.zeros((0, 2))
    low, high = at.min(axis=0), at.max(axis=0)
    spread = float((high - low).max()) or 1.0
    half = 150.0 + 26.0 * float(np.sqrt(nodes))
    return (at - (low + high) / 2) * (2 * half / spread)


def drawing(ring: Mapping[str, Any], colours: Sequence[str], *, layout: str = "spring") -> dict[str, Any]:
    """What `assets/filters_ring.js` needs to draw an answer of the question 'filter_ring', in columns.

    Returns
    -------
    dict
        Of k nodes: `x`, `y` (y downwards), `d` (sides), `tips`, `colours` (lists of k), `greys` (base64 of k pictures of
        `side` x `side` bytes); `edges`: [node, node, 1, ...], flat.
    """
    sizes = np.diff(ring["starts"])
    at, means, edges = (
        places(ring, layout),
        np.asarray(ring["means"]),
        np.asarray(ring["edges"]).reshape(-1, 2),
    )
    return {
        "x": np.round(at[:, 0], 1).tolist(),
        "y": np.round(0.0 - at[:, 1], 1).tolist(),
        "d": np.round(node_sizes(sizes), 1).tolist(),
        "tips": [
            f"node {k}: {size} filter{'' if size == 1 else 's'}" for k, size in enumerate(sizes.tolist())
        ],
        "colours": list(colours),
        "side": round(float(means.shape[1]) ** 0.5) if len(sizes) else 1,
        "greys": base64.b64encode(greys(means).tobytes()).decode("ascii") if len(sizes) else "",
        "edges": np.column_stack([edges, np.ones(len(edges), dtype=int)]).ravel().tolist(),
    }


def ring_svg(
    ring: Mapping[str, Any], painted: Mapping[str, Any], *, layout: str, dark: bool, title: str
) -> str:
    """The graph as an SVG document that stands alone, with a tooltip on every node."""
    colours = theme.palette(dark)
    drawn = drawing(ring, painted["colours"], layout=layout)
    at = np.column_stack([drawn["x"], drawn["y"]])
    if not len(at):
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>'
    low, high = at.min(axis=0) - 50, at.max(axis=0) + 50
    width, height = (high - low).tolist()
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{low[0]:.0f} {low[1]:.0f} {width:.0f} {height:.0f}" font-family="sans-serif">',
        f"<title>{escape(title)}</title>",
        f'<rect x="{low[0]:.0f}" y="{low[1]:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{colours["panel"]}"/>',
        f'<g stroke="{"#4A505C" if dark else "#C3C7CF"}" stroke-width="1.2">',
    ]
    for a, b in np.asarray(ring["edges"]).reshape(-1, 2).tolist():
        lines.append(f'<line x1="{at[a, 0]}" y1="{at[a, 1]}" x2="{at[b, 0]}" y2="{at[b, 1]}"/>')
    lines.append("</g>")
    images = addresses(ring["means"], 4 if len(at) > MANY else 6)
    for (x, y), side, colour, tip, image in zip(
        at.tolist(), drawn["d"], drawn["colours"], drawn["tips"], images, strict=True
    ):
        whole, inner = side * 10 / 9, side * 8 / 9
        lines.append(
            f"<g><title>{escape(tip)}</title>"
            f'<rect x="{x - whole / 2:.1f}" y="{y - whole / 2:.1f}" width="{whole:.1f}" height="{whole:.1f}" fill="{colour}"/>'
            f'<image href="{image}" x="{x - inner / 2:.1f}" y="{y - inner / 2:.1f}" width="{inner:.1f}" height="{inner:.1f}"'
            ' style="image-rendering:pixelated"/></g>'
        )
    return "\n".join([*lines, "</svg>"])
