"""`MapperGraph`: the nodes of a Mapper graph and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from topodash.topology.nerve import Patterns, nerve_edges, nerve_triangles, patterns
from topodash.topology.nerve_homology import NerveHomology, nerve_homology

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, eq=False)
class MapperGraph:
    """Clusters of points and the nerve that they span.

    Attributes
    ----------
    n_points : int
        Points that the graph was made of, in nodes or not.
    starts : (k + 1,) int64
        Node j holds members[starts[j]:starts[j + 1]].
    members : (m,) int32
        Point indices, ascending in every node.
    elements : (k,) int64
        The cover element that every node comes from, ascending.
    settings : mapping
        Cover, clusterer and metric, as plain JSON values.
    """

    n_points: int
    starts: np.ndarray
    members: np.ndarray
    elements: np.ndarray
    settings: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.elements)

    @cached_property
    def nodes(self) -> tuple[np.ndarray, ...]:
        """The sorted point indices of every node."""
        if not len(self):
            return ()
        return tuple(np.split(self.members.astype(np.int64), self.starts[1:-1]))

    @property
    def sizes(self) -> np.ndarray:
        """How many points every node holds, (k,)."""
        return np.diff(self.starts)

    @cached_property
    def incidence(self) -> sp.csr_array:
        """Nodes by points, (k, n_points), 1 where the node holds the point."""
        ones = np.ones(len(self.members))
        return sp.csr_array((ones, self.members, self.starts), shape=(len(self), self.n_points))

    @cached_property
    def _patterns(self) -> Patterns:
        return patterns(self.starts, self.members, self.n_points)

    @cached_property
    def _weighted_edges(self) -> tuple[np.ndarray, np.ndarray]:
        return nerve_edges(self._patterns)

    @property
    def edges(self) -> np.ndarray:
        """Pairs of nodes that share points, (m, 2) int64, ascending."""
        return self._weighted_edges[0]

    @property
    def edge_weights(self) -> np.ndarray:
        """How many points the nodes of every edge share, (m,) int64."""
        return self._weighted_edges[1]

    @cached_property
    def triangles(self) -> np.ndarray:
        """Triples of nodes that share a point, (t, 3) int64, ascending.

        Raises
        ------
        ValueError
            When the overlap is so extreme that they cannot be listed.
        """
        return nerve_triangles(self._patterns)

    @cached_property
    def homology(self) -> NerveHomology:
        """Homology of the whole nerve in degrees 0 and 1, over Z/2."""
        return nerve_homology(self._patterns)

    @property
    def betti(self) -> tuple[int, int]:
        """(b0, b1) of the nerve over Z/2: pieces, and loops that no triangles fill."""
        return self.homology.b0, self.homology.b1

    @cached_property
    def loops(self) -> tuple[np.ndarray, ...]:
        """b1 loops of nodes that generate degree-1 homology, short ones preferred; the last node joins the
        first.
        """
        return self.homology.loops()

    @cached_property
    def components(self) -> np.ndarray:
        """The component of every node, (k,) int64, numbered by first node."""
        labels: np.ndarray = connected_components(self.adjacency, directed=False)[1]
        _, first, which = np.unique(labels, return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[which]

    @cached_property
    def adjacency(self) -> sp.csr_array:
        """Shared points of nodes a < b, (k, k), upper triangle."""
        edges, weights = self._weighted_edges
        return sp.csr_array((weights.astype(float), (edges[:, 0], edges[:, 1])), shape=(len(self), len(self)))

    @cached_property
    def uncovered(self) -> np.ndarray:
        """Points in no node, ascending: noise, or in elements that the clusterer skipped."""
        covered = np.zeros(self.n_points, dtype=bool)
        covered[self.members] = True
        return np.flatnonzero(~covered)

    def node_means(self, values: np.ndarray) -> np.ndarray:
        """Mean of a column (n,) or of columns (n, c) over every node, (k,) or (k, c).

        Raises
        ------
        ValueError
            When there is not one row for every point.
        """
        values = np.asarray(values, dtype=np.float64)
        if len(values) != self.n_points:
            raise ValueError(f"values must have {self.n_points} rows, had {len(values)}")
        sizes = self.sizes if values.ndim == 1 else self.sizes[:, None]
        return (self.incidence @ values) / sizes

    def nodes_with(self, points: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Nodes that hold some of the points, and how many of them each holds: (nodes (s,), counts (s,))."""
        chosen = np.zeros(self.n_points)
        chosen[np.asarray(points, dtype=np.int64)] = 1
        counts = (self.incidence @ chosen).astype(np.int64)
        nodes = np.flatnonzero(counts)
        return nodes, counts[nodes]

    def points_of(self, nodes: Sequence[int] | np.ndarray) -> np.ndarray:
        """The points in any of the nodes, ascending."""
        chosen = [
            self.members[self.starts[j] : self.starts[j + 1]] for j in np.asarray(nodes, dtype=np.int64)
        ]
        return np.unique(np.concatenate(chosen)).astype(np.int64) if chosen else np.zeros(0, dtype=np.int64)

    def shortest_path(self, start: int, end: int) -> tuple[int, ...]:
        """Nodes of a path with the fewest edges, ends included; empty when there is none. Ties: the lowest
        node numbers.

        Raises
        ------
        ValueError
            When a node does not exist.
        """
        from topodash.topology.mapper.selection import shortest_path

        return shortest_path(self, start, end)

    def layout(self, *, lens: np.ndarray | None = None, seed: int = 0) -> np.ndarray:
        """Positions of the nodes, (k, 2) in [-1, 1]; see `topodash.topology.mapper.layout.layout`."""
        from topodash.topology.mapper.layout import layout

        return layout(self, lens=lens, seed=seed)

    def to_kmapper(self) -> dict[str, Any]:
        """kmapper's graph dictionary, on which its `visualize` (HTML export) works."""
        from topodash.topology.mapper.export import to_kmapper

        return to_kmapper(self)

    def to_networkx(self) -> "nx.Graph":
        """A networkx graph: nodes carry `size`, `element` and `points`, edges `weight`."""
        from topodash.topology.mapper.export import to_networkx

        return to_networkx(self)

    def to_graphml(self) -> str:
        """GraphML text; a node's points are a string of numbers."""
        from topodash.topology.mapper.export import to_graphml

        return to_graphml(self)

    def to_json(self) -> str:
        """JSON text that `from_json` reads back to an equal graph."""
        from topodash.topology.mapper.export import to_json

        return to_json(self)

    @staticmethod
    def from_json(text: str) -> "MapperGraph":
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            When the text is not such a graph.
        """
        from topodash.topology.mapper.export import from_json

        return from_json(text)
