"""Where the nodes of a Mapper graph are drawn: seeded, and a function of the graph alone, never of its
colours.

Up to 1,500 nodes a spring layout; above that, where springs take seconds, the mean lens of the nodes when the
lens has two columns, else each component by the spectrum of its Laplacian, packed side by side.
"""

import numpy as np
import scipy.sparse as sp

from topodash.topology.mapper.graph import MapperGraph
from topodash.topology.spectrum import laplacian_embedding

MAX_SPRING_NODES = 1500


def layout(graph: MapperGraph, *, lens: np.ndarray | None = None, seed: int = 0) -> np.ndarray:
    """Positions of the nodes.

    Parameters
    ----------
    graph : MapperGraph
    lens : (n_points, l), optional
        With two or more columns it places large graphs, and where the springs start.
    seed : int
        Of the springs.

    Returns
    -------
    (k, 2) float64 in [-1, 1]; the same for the same graph, lens and seed.
    """
    if not len(graph):
        return np.zeros((0, 2))
    start = None
    if lens is not None and np.ndim(lens) == 2 and np.shape(lens)[1] >= 2:
        start = _fit(graph.node_means(np.asarray(lens)[:, :2]))
    if len(graph) <= MAX_SPRING_NODES:
        return _fit(_spring(graph, start, seed))
    return start if start is not None else _fit(_spectral(graph))


def _spring(graph: MapperGraph, start: np.ndarray | None, seed: int) -> np.ndarray:
    import rustworkx

    springs = rustworkx.PyGraph()
    springs.add_nodes_from(range(len(graph)))
    springs.add_edges_from([(a, b, 1.0) for a, b in graph.edges.tolist()])
    begin = None
    if start is not None:
        # Nodes with equal lens means would sit on each other for ever: a seeded nudge parts them.
        nudge = np.random.default_rng(seed).normal(scale=1e-3, size=start.shape)
        begin = dict(enumerate((start + nudge).tolist()))
    positions = rustworkx.spring_layout(springs, pos=begin, seed=seed, num_iter=60)
    return np.array([positions[k] for k in range(len(graph))])


def _spectral(graph: MapperGraph) -> np.ndarray:
    """Components, the largest first, each in a square of area proportional to its nodes, in rows."""
    positions = np.zeros((len(graph), 2))
    adjacency = graph.adjacency + graph.adjacency.T
    adjacency = sp.csr_array(adjacency)
    labels = graph.components
    sizes = np.bincount(labels)
    members = np.split(np.argsort(labels, kind="stable"), np.cumsum(sizes)[:-1])
    width, x, y, row = np.sqrt(len(graph)) * 1.2, 0.0, 0.0, 0.0
    for component in np.argsort(-sizes, kind="stable"):
        nodes = members[component]
        side = np.sqrt(len(nodes))
        if x and x + side > width:
            x, y, row = 0.0, y + row + 0.5, 0.0
        if len(nodes) > 2:
            placed = _fit(laplacian_embedding(adjacency[nodes][:, nodes], 2))
        else:
            placed = np.array([[-0.5, 0.0], [0.5, 0.0]])[: len(nodes)]
        positions[nodes] = (placed + 1) / 2 * side + (x, y)
        x, row = x + side + 0.5, max(row, side)
    return positions


def _fit(positions: np.ndarray) -> np.ndarray:
    """Shift and scale positions into [-1, 1] with equal axes."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    spread = (high - low).max()
    return (positions - (low + high) / 2) * (2 / spread if spread > 0 else 0)
