"""Where the nodes of a Mapper graph are drawn: seeded, and a function of the graph alone, never of its
colours.

Up to 1,500 nodes each component is laid out by itself, with edges of about length 1 in all of them: by the
distances in the graph where those are cheap (`stress.py`), else by springs. Then the components are packed, the
largest first and near where the lens has them, so that a hundred specks of two nodes stand in rows below the
main piece instead of around it.
Above 1,500 nodes, where springs take seconds: the mean lens of the nodes when the lens has two columns, else
the spectrum of each component's Laplacian.
"""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from topodash.topology.mapper.graph import MapperGraph
from topodash.topology.mapper.packing import pack
from topodash.topology.mapper.stress import MOST_NODES, stress_layout
from topodash.topology.spectrum import laplacian_embedding

MAX_SPRING_NODES = 1500


def layout(graph: MapperGraph, *, lens: np.ndarray | None = None, seed: int = 0) -> np.ndarray:
    """Positions of the nodes.

    Parameters
    ----------
    graph : MapperGraph
    lens : (n_points, l), optional
        With two or more columns it places large graphs, and where the others start.
    seed : int
        Of the starting places and the springs.

    Returns
    -------
    (k, 2) float64 in [-1, 1]; the same for the same graph, lens and seed.
    """
    if not len(graph):
        return np.zeros((0, 2))
    start = None
    if lens is not None and np.ndim(lens) == 2 and np.shape(lens)[1] >= 2:
        start = _fit(graph.node_means(np.asarray(lens)[:, :2]))
    if len(graph) > MAX_SPRING_NODES and start is not None:
        return start
    sides = sp.csr_array(graph.adjacency + graph.adjacency.T)
    labels = graph.components
    pieces = np.split(np.argsort(labels, kind="stable"), np.cumsum(np.bincount(labels))[:-1])
    random = np.random.default_rng(seed)
    placed = [
        _component(sides[nodes][:, nodes], None if start is None else start[nodes], random, len(graph), seed)
        for nodes in pieces
    ]
    positions = np.empty((len(graph), 2))
    targets = None if start is None else _targets(start, pieces, placed)
    for nodes, places in zip(pieces, pack(placed, targets), strict=True):
        positions[nodes] = places
    return _fit(positions)


def _targets(start: np.ndarray, pieces: Sequence[np.ndarray], placed: Sequence[np.ndarray]) -> np.ndarray:
    """The middle of every component under the lens, scaled as the largest one was when it was laid out."""
    middles = np.array([(start[nodes].min(axis=0) + start[nodes].max(axis=0)) / 2 for nodes in pieces])
    most = max(range(len(pieces)), key=lambda k: len(pieces[k]))
    extent = np.ptp(start[pieces[most]], axis=0).max()
    return middles * (np.ptp(placed[most], axis=0).max() / extent if extent > 0 else 1.0)


def _component(
    sides: sp.csr_array, start: np.ndarray | None, random: np.random.Generator, total: int, seed: int
) -> np.ndarray:
    """One connected component, with edges of about length 1."""
    n = sides.shape[0]
    if n <= 2:
        return np.array([[-0.5, 0.0], [0.5, 0.0]])[:n] if n == 2 else np.zeros((1, 2))
    # Nodes that begin on each other would stay there: a seeded nudge parts them.
    nudge = random.normal(scale=1e-2, size=(n, 2))
    if total > MAX_SPRING_NODES:
        return _unit_edges(_fit(laplacian_embedding(sides, 2)) + 1e-3 * nudge, sides)
    if start is None:
        start = _fit(laplacian_embedding(sides, 2))
    begin = _fit(start) + nudge
    return (
        stress_layout(sides, begin) if n <= MOST_NODES else _unit_edges(_springs(sides, begin, seed), sides)
    )


def _springs(sides: sp.csr_array, begin: np.ndarray, seed: int) -> np.ndarray:
    import rustworkx

    springs = rustworkx.PyGraph()
    springs.add_nodes_from(range(sides.shape[0]))
    upper = sp.coo_array(sp.triu(sides, k=1))
    springs.add_edges_from([(a, b, 1.0) for a, b in zip(upper.row.tolist(), upper.col.tolist(), strict=True)])
    found = rustworkx.spring_layout(springs, pos=dict(enumerate(begin.tolist())), seed=seed, num_iter=60)
    return np.array([found[k] for k in range(sides.shape[0])])


def _unit_edges(places: np.ndarray, sides: sp.csr_array) -> np.ndarray:
    """Scale places so that the mean edge has length 1."""
    edges = sp.coo_array(sides)
    length = float(np.linalg.norm(places[edges.row] - places[edges.col], axis=1).mean())
    return places / length if length > 0 else places


def _fit(positions: np.ndarray) -> np.ndarray:
    """Shift and scale positions into [-1, 1] with equal axes."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    spread = (high - low).max()
    return (positions - (low + high) / 2) * (2 / spread if spread > 0 else 0)
