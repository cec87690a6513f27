"""A Mapper graph as `assets/mapper_canvas.js` draws it: places, sizes, pies, and how the nodes are painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from plotly.colors import sample_colorscale

from topodash.figures import theme

#: Slices of a pie; further classes of the same node share the last, grey one.
SLICES = 5
#: Share of the drawing that nodes may cover.
MOST_COVERED = 0.1
#: Shapes of pure nodes by class, so that colour never speaks alone.
SHAPES = (
    "circle",
    "diamond",
    "square",
    "triangle",
    "pentagon",
    "hexagon",
    "star",
    "octagon",
    "cross",
    "kite",
)


def node_ids(elements: np.ndarray) -> list[str]:
    """Names of nodes that stay the same from one graph to the next: cover element and cluster in it."""
    first = np.searchsorted(elements, elements)
    return [
        f"e{element}c{k - begin}"
        for k, (element, begin) in enumerate(zip(elements.tolist(), first.tolist(), strict=True))
    ]


def node_sizes(sizes: np.ndarray, nodes: int) -> np.ndarray:
    """Diameters of nodes in the units of the layout, area by points; together they leave most of the drawing to edges."""
    largest = float(sizes.max()) if len(sizes) else 1.0
    least, most = (12.0, 46.0) if nodes <= 200 else (11.0, 34.0)
    wide = least + (most - least) * np.sqrt(sizes / largest)
    covered = float((np.pi / 4 * wide**2).sum()) / (2 * spread(nodes)) ** 2
    return wide * min(1.0, float(np.sqrt(MOST_COVERED / max(covered, 1e-9))))


def spread(nodes: int) -> float:
    """Half the width of the drawing, so that nodes have room."""
    return 90.0 + 30.0 * float(np.sqrt(max(nodes, 1)))


def slices(counts: np.ndarray) -> list[float]:
    """The pie of a mixed node, [class, percent, class, percent, ...], the largest class first; what is left to 100 % is grey."""
    order = np.argsort(-counts, kind="stable")[:SLICES]
    total = float(counts.sum()) or 1.0
    return [
        part for k in order.tolist() if counts[k] for part in (k, round(100 * float(counts[k]) / total, 2))
    ]


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


def drawing(value: Mapping[str, Any]) -> dict[str, Any]:
    """What the script needs to draw an answer of the question 'mapper', in columns: a list of objects is three times as long.

    Returns
    -------
    dict
        Of k nodes: `x`, `y` (y downwards), `d` (diameters), `n` (points), `tips`, `ids` (lists of k); `pure`, the class of each,
        -1 where classes mix, or None without classes; `slices` of the mixed, by node. `edges`: [node, node, weight, ...], flat.
        `colours` and `shapes` of the classes.
    """
    sizes, classes = np.diff(value["starts"]), value["classes"]
    place = np.round(value["positions"].astype(float) * spread(len(sizes)), 1)
    pure, pies = None, {}
    if classes is not None:
        pure = (
            np.where((classes > 0).sum(axis=1) > 1, -1, classes.argmax(axis=1))
            if len(sizes)
            else np.zeros(0, int)
        )
        pies = {str(k): slices(classes[k]) for k in np.flatnonzero(pure < 0).tolist()}
        pure = pure.tolist()
    names = value["class_names"]
    return {
        "x": place[:, 0].tolist(), "y": (0.0 - place[:, 1]).tolist(), "d": np.round(node_sizes(sizes, len(sizes)), 1).tolist(),
        "n": sizes.tolist(), "ids": node_ids(value["elements"]), "pure": pure, "slices": pies,
        "tips": [f"Node {k}, " + describe_node(None if classes is None else classes[k], n, names) for k, n in enumerate(sizes.tolist())],
        "edges": np.column_stack([value["edges"], value["weights"]]).ravel().tolist(),
        "colours": theme.CLASS_COLOURS, "shapes": SHAPES,
    }  # fmt: skip


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
    return None


def _hex(colour: str) -> str:
    parts = [round(float(part)) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return "#" + "".join(f"{part:02x}" for part in parts)
