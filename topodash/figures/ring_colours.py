"""What the ring's nodes can be coloured by, as numbers of filters and as colours of nodes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plotly.colors import sample_colorscale

from topodash.figures import theme

TURN = 2 * np.pi
#: Cyclic as theme.CYCLIC, but without its near-white and near-black: rims must stand out on both grounds.
ANGLES = "Phase"

COLOURS = (
    ("circular", "circular coordinate"),
    ("pca_angle", "angle in the PCA plane"),
    ("direction", "gradient direction"),
    ("orientation", "doubled orientation"),
    ("density", "density"),
    ("r2", "Klein R²"),
    ("network", "network of origin"),
    ("lens0", "lens 1"),
    ("lens1", "lens 2"),
)
NAMES = dict(COLOURS)
CYCLIC = ("circular", "pca_angle", "direction", "orientation")


def hexes(scale: str, shares: NDArray[np.float64]) -> list[str]:
    """Colours `#rrggbb` of shares in [0, 1]."""
    found = []
    for colour in sample_colorscale(scale, np.clip(shares, 0, 1).tolist()):
        parts = [round(float(part)) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        found.append("#" + "".join(f"{part:02x}" for part in parts))
    return found


def angle_colours(angles: NDArray[np.float64]) -> list[str]:
    """Colours of angles in radians on the cyclic map."""
    return hexes(ANGLES, np.mod(angles, TURN) / TURN)


def filter_numbers(
    ring: Mapping[str, Any], homology: Mapping[str, Any] | None, colour: str
) -> NDArray[np.float64] | None:
    """The number of every kept filter that `colour` names; None when there is none (yet)."""
    if colour == "circular":
        angles = None if homology is None else homology["circular"]
        return (
            None
            if angles is None or len(angles) != len(ring["rows"])
            else np.asarray(angles, dtype=np.float64)
        )
    if colour == "density":
        return -np.asarray(ring["reach"], dtype=np.float64)
    if colour == "network":
        return np.asarray(ring["networks"], dtype=np.float64)
    if colour.startswith("lens"):
        return np.asarray(ring["lens"], dtype=np.float64)[:, int(colour[-1])]
    return np.asarray(ring[colour], dtype=np.float64)


def used_colour(homology: Mapping[str, Any] | None, colour: str) -> str:
    """`colour`, or the PCA angle where there is no circular coordinate."""
    if colour == "circular" and (homology is None or homology["circular"] is None):
        return "pca_angle"
    return colour


def node_colours(ring: Mapping[str, Any], homology: Mapping[str, Any] | None, colour: str) -> dict[str, Any]:
    """{"colours": [...], "name", "cyclic", "low", "high"} of the nodes, by the mean over their filters; dark is low, bright high."""
    colour = used_colour(homology, colour)
    numbers = filter_numbers(ring, homology, colour)
    starts, members = np.asarray(ring["starts"]), np.asarray(ring["members"])
    groups = [members[a:b] for a, b in pairwise(starts)]
    painted: dict[str, Any] = {
        "name": NAMES[colour],
        "cyclic": colour in CYCLIC,
        "low": None,
        "high": None,
        "key": colour,
    }
    if numbers is None or not groups:
        return {**painted, "colours": ["#888888"] * len(groups)}
    if painted["cyclic"]:
        means = np.array([np.angle(np.exp(1j * numbers[rows]).mean()) for rows in groups])
        return {**painted, "colours": angle_colours(means)}
    if colour == "network" and len(np.unique(numbers)) <= len(theme.CLASS_COLOURS):
        order = {seed: k for k, seed in enumerate(np.unique(numbers).tolist())}
        most = [max(order, key=lambda seed, rows=rows: int((numbers[rows] == seed).sum())) for rows in groups]
        return {
            **painted,
            "name": "network most of a node's filters are from",
            "colours": [theme.class_colour(order[s]) for s in most],
        }
    if colour == "network":
        means = np.array([len(np.unique(numbers[rows])) for rows in groups], dtype=np.float64)
        painted["name"] = "networks that a node's filters come from"
    else:
        means = np.array([np.nanmean(numbers[rows]) for rows in groups])
    low, high = float(means.min()), float(means.max())
    share = (means - low) / (high - low) if high > low else np.full(len(means), 0.5)
    if colour == "density":
        low, high = (
            -low,
            -high,
        )  # of the dark end and of the bright one: the legend begins with the greatest distance
        painted["name"] = "distance to the k-th neighbour (bright: dense)"
    return {**painted, "colours": hexes(theme.SEQUENTIAL, share), "low": low, "high": high}
