"""Exact Betti numbers of the regions that a network predicts.

A region is a union of pieces of the complex (`predicted_pieces`), so its topology is counted, not sampled:
b0 is the number of components glued along edges, and in the plane b1 = b0 - (V - E + F), as b2 = 0.

Two conventions. The *closed* region holds its boundary, {x in box : logit >= 0}: the subcomplex of all
faces, edges and vertices on which the class wins or ties. The *open* one is {x in box : logit > 0}, open in
the box; it is homotopy equivalent to the dual of its faces, glued through the edges and vertices inside the
box. They differ only where regions touch in a point or a tie fills an area.
"""

from dataclasses import dataclass

import numpy as np

from .complex import PolyhedralComplex
from .layers import Layer
from .mesh import Ints
from .prediction import PredictedPieces, check_output, predicted_pieces


@dataclass(frozen=True)
class RegionTopology:
    """A region's shape.

    Attributes
    ----------
    b0 : components.
    b1 : holes. The box is all there is: what reaches its rim does not go around anything outside.
    area : in squared input units.
    closed : whether the region holds its boundary.
    """

    b0: int
    b1: int
    area: float
    closed: bool


def positive_region(complex: PolyhedralComplex, output: Layer, *, closed: bool = True) -> RegionTopology:
    """The topology of {x in box : logit >= 0}, or of {x in box : logit > 0}.

    Parameters
    ----------
    complex : of the hidden layers.
    output : (W (1, out), b (1,)), a single logit.
    closed : with the boundary (default) or without.

    Raises
    ------
    ValueError
        When the output has more than one logit or does not fit.
    """
    weight, _ = check_output(complex, output)
    if len(weight) != 1:
        raise ValueError(f"output must have a single logit, not {len(weight)}; see class_regions for more")
    return _region(predicted_pieces(complex, output), 1, closed)


def class_regions(
    complex: PolyhedralComplex,
    output: Layer,
    *,
    closed: bool = True,
    pieces: PredictedPieces | None = None,
) -> tuple[RegionTopology, ...]:
    """The topology of each class's region, {x in box : its logit >= all others}, or > for ``closed=False``.

    A single logit gives two regions, of class 0 (logit <= 0) and class 1. `pieces` are the complex's
    `predicted_pieces` where they are known already.

    Raises
    ------
    ValueError
        When the output does not fit.
    """
    pieces = pieces or predicted_pieces(complex, output)
    return tuple(_region(pieces, label, closed) for label in range(pieces.winners.shape[1]))


def _region(pieces: PredictedPieces, label: int, closed: bool) -> RegionTopology:
    ends, sides = pieces.edges
    mine = pieces.winners[:, label]
    faces = pieces.pieces_of(label)
    if closed:
        edges = ends[mine[ends].all(axis=1)]
        components = component_count(len(mine), edges, mine)
        euler = int(mine.sum()) - len(edges) + int(faces.sum())
        return RegionTopology(components, components - euler, _area(pieces, faces), True)

    shared = pieces.winners.sum(axis=1) > 1
    alone = mine & ~shared
    # The class wins alone in the interior of a face or an edge exactly if no other class ties at all
    # of its corners.
    others = pieces.winners.copy()
    others[:, label] = False
    faces &= ~np.logical_and.reduce(others[pieces.corners], axis=0).any(axis=1)
    inner = sides[:, 1] >= 0
    open_edges = inner & mine[ends].all(axis=1) & ~(others[ends[:, 0]] & others[ends[:, 1]]).any(axis=1)
    on_rim = np.zeros(len(mine), dtype=bool)
    on_rim[ends[~inner]] = True
    glued = sides[open_edges]
    components = component_count(len(faces), glued, faces)
    euler = int(faces.sum()) - len(glued) + int((alone & ~on_rim).sum())
    return RegionTopology(components, components - euler, _area(pieces, faces), False)


def _area(pieces: PredictedPieces, faces: np.ndarray) -> float:
    return float(pieces.area[faces].sum())


def component_count(nodes: int, edges: Ints, members: np.ndarray) -> int:
    """Connected components of the members under edges (m, 2) between members.

    Each round hooks the greater root of every edge on the lower and shortens all paths, a logarithmic
    number of rounds.
    """
    root = np.arange(nodes)
    start, end = edges.T
    while True:
        low, high = np.minimum(root[start], root[end]), np.maximum(root[start], root[end])
        open_ = low != high
        if not open_.any():
            return int((root[members] == np.flatnonzero(members)).sum())
        start, end = start[open_], end[open_]
        np.minimum.at(root, high[open_], low[open_])
        while True:
            shorter = root[root]
            if np.array_equal(shorter, root):
                break
            root = shorter
