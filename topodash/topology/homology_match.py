"""Which loops of a Mapper graph are loops of the points: matched by cohomology, not by eye.

1. Degree-1 bars of the points' Vietoris-Rips filtration come with cocycles (ripser, over Z/47).
2. A long bar [birth, death) can be seen at eps when some t in [max(birth, eps), death) exists: then every
   edge of at most eps lies in the complex at t, where the cocycle is one and is not trivial.
3. A loop of nodes becomes a loop of points: one shared point for each edge of the nerve, joined inside the
   nodes along edges of at most eps. The sum of the cocycle along it is the same for all paths through a node
   on which the cocycle is trivial: there it is the difference of a potential. Non-zero says that the loop
   goes around the bar's hole.

Source: the pairing of homology and cohomology; V. de Silva, D. Morozov, M. Vejdemo-Johansson, "Persistent
cohomology and circular coordinates" (2011), for cocycles over a prime field.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, connected_components

from topodash.topology.bar_cocycle import NO_CYCLE, PRIME, ROUNDING, cocycle_at, representative_cycle
from topodash.topology.long_bars import degree_one_bars
from topodash.topology.mapper.graph import MapperGraph
from topodash.topology.metrics import as_euclidean, distance_matrix, finite_matrix

MATCHED, NO_LOOP, UNDECIDED = "matched", "no loop", "undecided"
INSIDE, INVISIBLE = "inside a node", "not visible at this eps"


@dataclass(frozen=True)
class BarMatch:
    """A long bar and the loops that go around it.

    Attributes
    ----------
    birth, death : float
        In units of the metric.
    status : str
        'matched', 'no loop', 'undecided', 'inside a node' or 'not visible at this eps'.
    loops : tuple of int
        Positions in `LoopMatches.loops` of the loops on which the cocycle is not zero.
    undecided : tuple of int
        Loops on which the sum depends on which shared points are taken.
    cycle : (c,) int64
        Points of a cycle that represents the bar: its birth edge (last to first point), closed by a shortest
        path of earlier edges. Empty when none was found.
    """

    birth: float
    death: float
    status: str
    loops: tuple[int, ...]
    undecided: tuple[int, ...]
    cycle: np.ndarray


@dataclass(frozen=True)
class LoopMatches:
    """Long bars, longest first, and the loops of the graph's homology basis that they were held against."""

    bars: tuple[BarMatch, ...]
    loops: tuple[np.ndarray, ...]
    eps: float
    long: float

    @property
    def unmatched(self) -> tuple[int, ...]:
        """Loops that go around no long bar: of the cover or the clusterer rather than of the points."""
        taken = {loop for bar in self.bars for loop in (*bar.loops, *bar.undecided)}
        return tuple(k for k in range(len(self.loops)) if k not in taken)


def match_loops(
    points: np.ndarray,
    graph: MapperGraph,
    *,
    eps: float,
    long: float | None = None,
    metric: str = "euclidean",
    max_points: int = 1500,
) -> LoopMatches:
    """Match the loops of a Mapper graph with the long degree-1 bars of the same points.

    Parameters
    ----------
    points : (n, d), or (n, n) distances for metric 'precomputed'
        The points of the graph.
    graph : MapperGraph
        Clustered at `eps` in the same metric.
    eps : float
        Longest edge inside nodes.
    long : float, optional
        Least persistence of a long bar; half of the greatest persistence by default.
    metric : str
    max_points : int
        Persistence takes a matrix of distances: more points than this are refused.

    Raises
    ------
    ValueError
        When the points are not the graph's, or too many.
    """
    distances = _distances(points, metric)
    n = len(distances)
    if n != graph.n_points:
        raise ValueError(f"points must be the {graph.n_points} points of the graph, was {n}")
    if n > max_points:
        raise ValueError(f"points must be at most max_points = {max_points} to match loops, was {n}")
    bars = degree_one_bars(distances) if n > 2 else np.zeros((0, 2))
    persistence = bars[:, 1] - bars[:, 0]
    if long is None:
        long = float(persistence.max() / 2) if len(bars) else 0.0
    chosen = np.argsort(-persistence, kind="stable")
    chosen = chosen[persistence[chosen] >= long]
    short = np.delete(bars, chosen, axis=0)[:, 1]
    cache: dict[float, list[tuple[float, np.ndarray]]] = {}
    matches = []
    for birth, death in bars[chosen].tolist():
        # Bars are known in single precision: an interval shorter than its rounding is none.
        visible = max(birth, eps) * (1 + ROUNDING) < death
        at = max(birth, eps if visible else 0.0, *short[short < death * (1 - ROUNDING)].tolist())
        cochain = cocycle_at(distances, at, birth, cache)
        if cochain is None:
            matches.append(BarMatch(birth, death, UNDECIDED if visible else INVISIBLE, (), (), NO_CYCLE))
            continue
        cycle = representative_cycle(distances, cochain, birth)
        status, loops, undecided = _status(graph, distances, cochain, eps) if visible else (INVISIBLE, (), ())
        matches.append(BarMatch(birth, death, status, loops, undecided, cycle))
    return LoopMatches(tuple(matches), graph.loops, float(eps), long)


def _distances(points: np.ndarray, metric: str) -> np.ndarray:
    from scipy.spatial.distance import cdist

    if metric == "precomputed":
        return distance_matrix("points", points)
    moved = as_euclidean(finite_matrix("points", points), metric)
    distances = cdist(moved, moved)
    return distances**2 / 2 if metric == "cosine" else distances


def _status(
    graph: MapperGraph, distances: np.ndarray, cochain: np.ndarray, eps: float
) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Status of a visible bar, the loops that match it and those that are undecided."""
    potentials: list[tuple[np.ndarray, np.ndarray]] = []
    for node in graph.nodes:
        potential = _potential(distances[np.ix_(node, node)] <= eps, cochain[np.ix_(node, node)])
        if potential is None:
            return INSIDE, (), ()
        potentials.append(potential)
    matched, undecided = [], []
    for k, loop in enumerate(graph.loops):
        sums = _loop_sums(graph, potentials, loop)
        if sums is None or len(sums) > 1:
            undecided.append(k)
        elif sums != {0}:
            matched.append(k)
    status = MATCHED if matched else UNDECIDED if undecided else NO_LOOP
    return status, tuple(matched), tuple(undecided)


def _potential(near: np.ndarray, cochain: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """A function whose differences along near edges are the cocycle, and the pieces of the near graph.

    None when there is no such function: the cocycle does not vanish on some loop inside the node.
    """
    graph = sp.csr_array(near)
    count, pieces = connected_components(graph, directed=False)
    values = np.zeros(len(near), dtype=np.int64)
    for piece in range(count):
        root = int(np.flatnonzero(pieces == piece)[0])
        order, before = breadth_first_order(graph, root, directed=False)
        for k in order[1:].tolist():
            values[k] = (values[before[k]] + cochain[before[k], k]) % PRIME
    i, j = np.nonzero(near)
    if ((values[j] - values[i] - cochain[i, j]) % PRIME).any():
        return None
    return values, pieces


def _loop_sums(
    graph: MapperGraph, potentials: list[tuple[np.ndarray, np.ndarray]], loop: np.ndarray
) -> set[int] | None:
    """Sums of the cocycle along the loop for every choice of shared points; None when a node falls apart at
    eps.
    """
    shared = {}
    around = [*loop.tolist(), int(loop[0])]
    for a, b in pairwise(around):
        shared[a, b] = np.intersect1d(graph.nodes[a], graph.nodes[b], assume_unique=True)
    sums = {0}
    for (a, b), (_, c) in zip(pairwise(around), pairwise([*around[1:], around[1]]), strict=True):
        gate = np.concatenate([shared[a, b], shared[b, c]])
        if len(set(potentials[b][1][np.searchsorted(graph.nodes[b], gate)].tolist())) > 1:
            return None
        left = potentials[a][0][np.searchsorted(graph.nodes[a], shared[a, b])]
        right = potentials[b][0][np.searchsorted(graph.nodes[b], shared[a, b])]
        steps = set(((left - right) % PRIME).tolist())
        sums = {(total + step) % PRIME for total in sums for step in steps}
    return sums
