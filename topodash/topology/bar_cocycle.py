"""The cocycle of a degree-1 bar over Z/47, and a cycle of points that represents the bar.

The cycle is the bar's birth edge, closed by a shortest path of earlier edges along which, together with the edge,
the cocycle does not vanish: so it goes around the bar's hole and not around another.

Source: V. de Silva, D. Morozov, M. Vejdemo-Johansson, "Persistent cohomology and circular coordinates" (2011),
for cocycles over a prime field.
"""

from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

PRIME = 47
ROUNDING = 1e-6  # of a bar's ends, relative: ripser works in single precision
NO_CYCLE = np.zeros(0, dtype=np.int64)


def cocycle_at(
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


def representative_cycle(distances: np.ndarray, cochain: np.ndarray, birth: float) -> np.ndarray:
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
    return NO_CYCLE


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
