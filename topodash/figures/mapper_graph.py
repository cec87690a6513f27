"""A Mapper graph: cytoscape elements with pie nodes, and a scatter for many nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from topodash.figures import theme
from topodash.figures.mapper_points import SELECTED

#: Above this many nodes a scatter draws the graph. (WebGL's 2-D traces need `unsafe-eval`, which we do not allow.)
MOST_NODES = 2000
#: Slices of a pie; further classes of the same node share the last, grey one.
SLICES = 5
#: Shapes of pure nodes by class, so that colour never speaks alone.
SHAPES = (
    "ellipse",
    "diamond",
    "rectangle",
    "triangle",
    "pentagon",
    "hexagon",
    "star",
    "octagon",
    "vee",
    "rhomboid",
)


def node_ids(elements: np.ndarray) -> list[str]:
    """Names of nodes that stay the same from one graph to the next: cover element and cluster in it."""
    first = np.searchsorted(elements, elements)
    return [
        f"e{element}c{k - begin}"
        for k, (element, begin) in enumerate(zip(elements.tolist(), first.tolist(), strict=True))
    ]


def node_sizes(sizes: np.ndarray, nodes: int) -> np.ndarray:
    """Diameters of nodes in the units of the layout, area by points."""
    largest = float(sizes.max()) if len(sizes) else 1.0
    least, most = (12.0, 46.0) if nodes <= 200 else (11.0, 34.0)
    return least + (most - least) * np.sqrt(sizes / largest)


def spread(nodes: int) -> float:
    """Half the width of the drawing, so that nodes have room."""
    return 90.0 + 30.0 * float(np.sqrt(max(nodes, 1)))


def pie(counts: np.ndarray) -> dict[str, Any]:
    """Slices of one node: c0, s0, ... (colour and percent), the largest class first; the rest in grey."""
    order = np.argsort(-counts, kind="stable")
    total = float(counts.sum()) or 1.0
    data: dict[str, Any] = {}
    for slot in range(SLICES):
        count = int(counts[order[slot]]) if slot < len(order) else 0
        data[f"c{slot}"] = theme.class_colour(int(order[slot])) if count else "#999999"
        data[f"s{slot}"] = round(100 * count / total, 3)
    data["s5"] = round(max(0.0, 100 - sum(data[f"s{k}"] for k in range(SLICES))), 3)
    return data


def describe_node(counts: np.ndarray | None, size: int, class_names: Sequence[str]) -> str:
    """'17 points: 12 inner, 5 outer'; '17 points: 12 of 0, 5 of 1' where the classes are numbers."""
    said = f"{size} point{'' if size == 1 else 's'}"
    if counts is None:
        return said
    names = [str(name) for name in class_names]
    of = " of" if any(name[:1].isdigit() for name in names) or not names else ""
    named = [
        f"{int(counts[k])}{of} {names[k] if k < len(names) else k}"
        for k in np.argsort(-counts, kind="stable")[:4]
        if counts[k]
    ]
    return f"{said}: {', '.join(named)}"


def elements(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Cytoscape elements of an answer of the question 'mapper'."""
    sizes = np.diff(value["starts"])
    names = node_ids(value["elements"])
    wide = node_sizes(sizes, len(names))
    place = value["positions"] * spread(len(names))
    classes = value["classes"]
    found: list[dict[str, Any]] = []
    for k, name in enumerate(names):
        counts = None if classes is None else classes[k]
        data: dict[str, Any] = {
            "id": name,
            "k": k,
            "d": round(float(wide[k]), 1),
            "n": int(sizes[k]),
            "tip": f"Node {k}, " + describe_node(counts, int(sizes[k]), value["class_names"]),
        }
        kind = "plain"
        if counts is not None:
            data |= pie(counts)
            pure = int((counts > 0).sum()) == 1
            kind = "pure" if pure else "mixed"
            data["shape"] = SHAPES[int(counts.argmax()) % len(SHAPES)] if pure else "ellipse"
        found.append(
            {
                "data": data,
                "position": {"x": round(float(place[k, 0]), 1), "y": round(float(-place[k, 1]), 1)},
                "classes": kind,
            }
        )
    found += [
        {"data": {"id": f"{names[a]}-{names[b]}", "source": names[a], "target": names[b], "w": weight}}
        for (a, b), weight in zip(value["edges"].tolist(), value["weights"].tolist(), strict=True)
    ]
    return found


def stylesheet(dark: bool) -> list[dict[str, Any]]:
    """How nodes and edges look; canvas knows no CSS variables, so each look has its own."""
    colours = theme.palette(dark)
    slices: dict[str, Any] = {}
    for k in range(SLICES):
        slices[f"pie-{k + 1}-background-color"] = f"data(c{k})"
        slices[f"pie-{k + 1}-background-size"] = f"data(s{k})"
    slices[f"pie-{SLICES + 1}-background-color"] = "#999999"
    slices[f"pie-{SLICES + 1}-background-size"] = "data(s5)"
    edge = "#7D8493" if dark else "#858B97"  # at least 3:1 against the panel
    return [
        {"selector": "node", "style": {
            "width": "data(d)", "height": "data(d)", "background-color": colours["quiet"], "border-width": 1,
            "border-color": colours["quiet"], "color": colours["text"], "font-size": 10, "font-family": "system-ui, sans-serif",
            "text-valign": "top", "text-outline-color": colours["panel"], "text-outline-width": 2, "min-zoomed-font-size": 7,
            "overlay-opacity": 0}},
        {"selector": "node.pure", "style": {"background-color": "data(c0)", "shape": "data(shape)"}},
        {"selector": "node.mixed", "style": {"pie-size": "100%", **slices, "border-width": 1.6, "border-color": colours["text"]}},
        {"selector": "node.value", "style": {"pie-size": "0%", "shape": "ellipse", "background-color": "data(paint)"}},
        {"selector": "edge", "style": {"width": 1.7, "line-color": edge, "curve-style": "haystack", "overlay-opacity": 0}},
        {"selector": "edge.thin", "style": {"display": "none"}},
        {"selector": ".dim", "style": {"opacity": 0.4 if dark else 0.28}},
        {"selector": "node.on", "style": {
            "border-width": 4, "border-color": SELECTED, "opacity": 1, "z-index": 10,
            "underlay-color": SELECTED, "underlay-opacity": 0.4, "underlay-padding": 6, "underlay-shape": "ellipse"}},
        {"selector": "edge.on", "style": {"width": 2.6, "line-color": SELECTED, "opacity": 1, "z-index": 9}},
        {"selector": "node.told", "style": {"label": "data(told)"}},
        {"selector": "node:active", "style": {"overlay-opacity": 0.08, "overlay-color": SELECTED}},
    ]  # fmt: skip


def paint(value: Mapping[str, Any], colour: str) -> dict[str, Any]:
    """Colours of the nodes: {"mode": "pie"} or {"mode": "value", "colours", "low", "high", "name"}.

    `colour` is 'class', 'component', 'size', 'mix' (entropy of the classes in a node) or a name of `value_names`.
    A colour that the graph does not have gives the classes.
    """
    numbers = node_numbers(value, colour)
    if numbers is None:
        return {"mode": "pie"}
    if colour == "component":
        return {
            "mode": "value",
            "colours": [theme.class_colour(int(k)) for k in numbers],
            "name": "component",
            "scale": False,
        }
    if not len(numbers):
        return {"mode": "value", "colours": [], "low": 0.0, "high": 0.0, "name": colour, "scale": True}
    low, high = float(numbers.min()), float(numbers.max())
    share = (numbers - low) / (high - low) if high > low else np.zeros(len(numbers))
    return {
        "mode": "value",
        "colours": [_hex(each) for each in sample_colorscale(theme.SEQUENTIAL, share.tolist())],
        "low": low,
        "high": high,
        "name": colour,
        "scale": True,
    }


def node_numbers(value: Mapping[str, Any], colour: str) -> np.ndarray | None:
    """The number of every node that `colour` names; None for the classes."""
    if colour == "component":
        return np.asarray(value["components"])
    if colour == "size":
        return np.diff(value["starts"])
    if colour == "mix" and value["classes"] is not None:
        share = value["classes"] / np.maximum(1, value["classes"].sum(axis=1, keepdims=True))
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.where(share > 0, share * np.log2(share), 0).sum(axis=1) + 0.0
    if colour in value["value_names"]:
        return value["node_values"][:, value["value_names"].index(colour)]
    return np.zeros(len(value["elements"])) if value["classes"] is None and colour == "class" else None


def _hex(colour: str) -> str:
    parts = [round(float(part)) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return "#" + "".join(f"{part:02x}" for part in parts)


def large_graph(
    value: Mapping[str, Any], painted: Mapping[str, Any], *, threshold: int = 1, dark: bool = False
) -> go.Figure:
    """The graph as a scatter: the majority class as colour and symbol, or the painted colours."""
    colours = theme.palette(dark)
    sizes = np.diff(value["starts"])
    place = value["positions"]
    wide = 4 + 14 * np.sqrt(sizes / sizes.max())
    edges = value["edges"][value["weights"] >= threshold]
    lines = np.full((len(edges), 3, 2), np.nan, dtype=np.float32)
    lines[:, 0], lines[:, 1] = place[edges[:, 0]], place[edges[:, 1]]
    figure = go.Figure(
        go.Scatter(
            x=lines[:, :, 0].ravel(), y=lines[:, :, 1].ravel(), mode="lines", hoverinfo="skip",
            line={"width": 0.8, "color": "#7D8493" if dark else "#858B97"}, name="edges", showlegend=False,
        )
    )  # fmt: skip
    classes = value["classes"]
    if painted["mode"] == "pie" and classes is not None:
        major = classes.argmax(axis=1)
        node_colours: list[str] = [theme.class_colour(int(k)) for k in major]
        symbols: Any = [theme.CLASS_SYMBOLS[int(k) % len(theme.CLASS_SYMBOLS)] for k in major]
        mixed = (classes > 0).sum(axis=1) > 1
        borders: Any = np.where(mixed, 1.6, 0.0)
    else:
        node_colours, symbols, borders = list(painted["colours"]), "circle", 0
    figure.add_trace(
        go.Scatter(
            x=place[:, 0], y=place[:, 1], mode="markers", customdata=np.arange(len(place)), name="nodes", showlegend=False,
            text=[f"Node {k}, " + describe_node(None if classes is None else classes[k], int(n), value["class_names"]) for k, n in enumerate(sizes)],
            hoverinfo="text",
            marker={"size": wide, "color": node_colours, "symbol": symbols, "opacity": 0.9, "line": {"width": borders, "color": colours["text"]}},
            selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 0.1}},
        )
    )  # fmt: skip
    figure.update_layout(
        template=theme.template(dark), uirevision="graph", dragmode="pan", hovermode="closest", margin={"l": 4, "r": 4, "t": 4, "b": 4},
        xaxis={"visible": False}, yaxis={"visible": False, "scaleanchor": "x"},
    )  # fmt: skip
    return figure
