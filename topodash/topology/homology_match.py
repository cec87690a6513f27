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
from scipy.sparse.csgraph import breadth_first_order, connected_components, dijkstra

from topodash.topology.long_bars import degree_one_bars
from topodash.topology.mapper.graph import MapperGraph
from topodash.topology.metrics import as_euclidean, distance_matrix, finite_matrix

PRIME = 47
ROUNDING = 1e-6  # of a bar's ends, relative: ripser works in single precision
_NO_CYCLE = np.zeros(0, dtype=np.int64)
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
        cochain = _cocycle_at(distances, at, birth, cache)
        if cochain is None:
            matches.append(BarMatch(birth, death, UNDECIDED if visible else INVISIBLE, (), (), _NO_CYCLE))
            continue
        cycle = _bar_cycle(distances, cochain, birth)
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


def _cocycle_at(
    distances: np.ndarray, at: float, birth: float, cache: dict[float, list[tuple[float, np.ndarray]]]
) -> np.ndarray | None:
    """The cocycle that is born at `birth` and alive at scale `at`; each is handed out once.

    None when Z/47 has no such bar (over Z/2 there may be one of its own, by torsion).
    """
    from ripser import ripser

    if at not in cache:
        stop = at * (1 + ROUNDING)
        found = ripser(distances, distance_matrix=True, maxdim=1, coeff=PRIME, do_cocycles=True, thresh=stop)
        cache[at] = [
            (float(begin), cocycle)
            for (begin, end), cocycle in zip(found["dgms"][1], found["cocycles"][1], strict=True)
            if np.isinf(end)
        ]
    alive = cache[at]
    if not alive:
        return None
    best = min(range(len(alive)), key=lambda k: abs(alive[k][0] - birth))
    if abs(alive[best][0] - birth) > 4 * ROUNDING * birth:
        return None
    return _cochain(alive.pop(best)[1], len(distances))


def _cochain(cocycle: np.ndarray, n: int) -> np.ndarray:
    """The cocycle as an antisymmetric matrix over Z/47, (n, n) int16: entry (i, j) is its value from i to j."""
    matrix = np.zeros((n, n), dtype=np.int16)
    i, j, value = cocycle.T
    matrix[i, j] = value % PRIME
    matrix[j, i] = -value % PRIME
    return matrix


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


def _bar_cycle(distances: np.ndarray, cochain: np.ndarray, birth: float) -> np.ndarray:
    """Points of a cycle for the bar: a birth edge closed by a shortest earlier path with a non-zero sum."""
    lengths = distances.astype(np.float32)
    edge = np.float32(birth)
    ties = np.argwhere(np.triu(lengths == edge, k=1))
    earlier = np.where((lengths <= edge) & ~np.eye(len(lengths), dtype=bool), distances, 0)
    strict = np.where(lengths < edge, earlier, 0)
    for i, j in ties.tolist():
        path = _path(strict, j, i)
        if len(path) and _sum(cochain, [i, *path]):
            return np.array(path)
    for i, j in ties.tolist():  # equal edges: others of the birth's length belong to the path
        path = _lifted_path(earlier, cochain, j, i)
        if len(path):
            return np.array(path)
    return _NO_CYCLE


def _path(weights: np.ndarray, start: int, end: int) -> list[int]:
    """Points of a shortest path; empty when there is none."""
    _, before = _shortest(sp.csr_array(weights), start)
    return _trace(before, start, end)


def _shortest(graph: sp.csr_array, start: int) -> tuple[np.ndarray, np.ndarray]:
    """Lengths of shortest paths from a vertex, and the vertex before each on its path."""
    lengths, before = dijkstra(graph, directed=True, indices=np.array([start]), return_predecessors=True)
    return lengths[0], before[0]


def _lifted_path(weights: np.ndarray, cochain: np.ndarray, start: int, end: int) -> list[int]:
    """Points of a shortest path that, closed by the edge from end to start, has a non-zero sum.

    It is searched among pairs (point, sum so far), where sums tell apart the ways around the hole.
    """
    a, b = np.nonzero(weights)  # both directions: the matrix is symmetric
    keep = ~(((a == start) & (b == end)) | ((a == end) & (b == start)))
    a, b = a[keep], b[keep]
    if len(a) * PRIME > 20_000_000:
        return []
    residues = np.arange(PRIME)
    head = (a[:, None] * PRIME + residues).ravel()
    tail = (b[:, None] * PRIME + (residues + cochain[a, b][:, None]) % PRIME).ravel()
    size = len(weights) * PRIME
    lifted = sp.csr_array((np.repeat(weights[a, b], PRIME), (head, tail)), shape=(size, size))
    length, before = _shortest(lifted, start * PRIME)
    ends = end * PRIME + residues
    closing = (residues + int(cochain[end, start])) % PRIME
    length = np.where(closing == 0, np.inf, length[ends])
    best = int(length.argmin())
    if not np.isfinite(length[best]):
        return []
    return [state // PRIME for state in _trace(before, start * PRIME, int(ends[best]))]


def _trace(before: np.ndarray, start: int, end: int) -> list[int]:
    path = [end]
    while path[-1] != start:
        previous = int(before[path[-1]])
        if previous < 0:
            return []
        path.append(previous)
    return path[::-1]


def _sum(cochain: np.ndarray, closed: list[int]) -> int:
    """Sum of the cocycle along a path whose first and last point are equal."""
    return int(sum(int(cochain[a, b]) for a, b in pairwise(closed))) % PRIME
