"""The ring: a Mapper graph whose nodes are drawn as the mean of their filters (paper C, figures 1 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from topodash.figures import theme
from topodash.figures.filter_images import addresses

SELECTED = "#D55E00"
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


def elements(
    ring: Mapping[str, Any], painted: Mapping[str, Any], *, layout: str = "spring"
) -> list[dict[str, Any]]:
    """Cytoscape elements of an answer of the question 'filter_ring'."""
    sizes = np.diff(ring["starts"])
    sides, at = node_sizes(sizes), places(ring, layout)
    images = addresses(ring["means"], 4 if len(sizes) > MANY else 6) if len(sizes) else []
    found: list[dict[str, Any]] = [
        {
            "data": {
                "id": f"n{k}",
                "k": k,
                "d": round(float(sides[k]), 1),
                "image": images[k],
                "c": painted["colours"][k],
                "b": round(float(sides[k]) / 9, 1),
                "tip": f"node {k}: {size} filter{'' if size == 1 else 's'}",
            },
            "position": {"x": round(float(at[k, 0]), 1), "y": round(float(-at[k, 1]), 1)},
        }
        for k, size in enumerate(sizes.tolist())
    ]
    found += [
        {"data": {"id": f"n{a}-n{b}", "source": f"n{a}", "target": f"n{b}"}}
        for a, b in np.asarray(ring["edges"]).tolist()
    ]
    return found


def stylesheet(dark: bool) -> list[dict[str, Any]]:
    """How nodes and edges look; canvas knows no CSS variables, so each look has its own."""
    colours = theme.palette(dark)
    return [
        {"selector": "node", "style": {
            "shape": "rectangle", "width": "data(d)", "height": "data(d)", "background-color": "#808080", "background-image": "data(image)",
            "background-fit": "cover", "background-image-smoothing": "no", "border-width": "data(b)", "border-color": "data(c)", "overlay-opacity": 0}},
        {"selector": "edge", "style": {
            "width": 1.2, "line-color": "#5B616E" if dark else "#A9AEB8", "curve-style": "haystack", "opacity": 0.7, "overlay-opacity": 0}},
        {"selector": "node.told", "style": {
            "label": "data(tip)", "color": colours["text"], "font-size": 15, "font-family": "system-ui, sans-serif", "text-outline-color": colours["panel"],
            "text-outline-width": 3, "text-valign": "top", "text-margin-y": -4, "z-index": 20}},
        {"selector": "node:active", "style": {"overlay-opacity": 0.1, "overlay-color": SELECTED}},
    ]  # fmt: skip


def ring_svg(
    ring: Mapping[str, Any], painted: Mapping[str, Any], *, layout: str, dark: bool, title: str
) -> str:
    """The graph as an SVG document that stands alone, with a tooltip on every node."""
    colours = theme.palette(dark)
    found = elements(ring, painted, layout=layout)
    nodes = {one["data"]["id"]: one for one in found if "position" in one}
    if not nodes:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>'
    xs = np.array([[node["position"]["x"], node["position"]["y"]] for node in nodes.values()])
    low, high = xs.min(axis=0) - 50, xs.max(axis=0) + 50
    width, height = (high - low).tolist()
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{low[0]:.0f} {low[1]:.0f} {width:.0f} {height:.0f}" font-family="sans-serif">',
        f"<title>{escape(title)}</title>",
        f'<rect x="{low[0]:.0f}" y="{low[1]:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{colours["panel"]}"/>',
        f'<g stroke="{"#5B616E" if dark else "#A9AEB8"}" stroke-width="1.2">',
    ]
    for one in found:
        if "source" in one["data"]:
            a, b = (nodes[one["data"][end]]["position"] for end in ("source", "target"))
            lines.append(f'<line x1="{a["x"]}" y1="{a["y"]}" x2="{b["x"]}" y2="{b["y"]}"/>')
    lines.append("</g>")
    for node in nodes.values():
        data, at = node["data"], node["position"]
        half, rim = data["d"] / 2, data["b"]
        lines.append(
            f"<g><title>{escape(data['tip'])}</title>"
            f'<rect x="{at["x"] - half - rim / 2:.1f}" y="{at["y"] - half - rim / 2:.1f}" width="{data["d"] + rim:.1f}" height="{data["d"] + rim:.1f}" fill="{data["c"]}"/>'
            f'<image href="{data["image"]}" x="{at["x"] - half + rim / 2:.1f}" y="{at["y"] - half + rim / 2:.1f}" width="{data["d"] - rim:.1f}" height="{data["d"] - rim:.1f}"'
            ' style="image-rendering:pixelated"/></g>'
        )
    return "\n".join([*lines, "</svg>"])
