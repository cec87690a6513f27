"""A cycle to look at for one bar of degree 1.

Cohomology gives every bar a cocycle over Z/2: a set of edges that every cycle which bounds crosses an even
number of times, at every scale below the bar's death. So a closed path of edges no longer than the bar's birth that
crosses it an odd number of times exists since the birth and bounds nothing before the death. The shortest such path
is found in the double cover, whose points are pairs (point, parity of crossings so far): a path from (v, even) to
(v, odd).

Source: V. de Silva, D. Morozov, M. Vejdemo-Johansson, *Persistent cohomology and circular coordinates*, Discrete
Comput. Geom. 45 (2011), for cocycles; J. Erickson, A. Nayyeri, *Minimum cuts and shortest non-separating cycles via
homology covers*, SODA 2011, for the cover.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from topodash.topology.persistence import finite_matrix, rips_persistence

# ripser works in float32: births are known to that precision. The second is for what rounding still hides.
_SLACK = (1e-5, 1e-2)
_EQUAL = 1e-6
_NOTHING = 1e-12  # the length of an edge between equal points; scipy takes 0 for no edge
_MOST_STARTS = 64


def bar_cycle(distances: ArrayLike, birth: float, death: float, *, tie: int = 0) -> NDArray[np.int64]:
    """Points of a shortest cycle that lives as long as a bar of degree 1.

    Parameters
    ----------
    distances : (n, n) array
        Symmetric, zero diagonal; a dissimilarity will do.
    birth, death : float
        Of the bar; the bar of the same diagram that is nearest to them is taken.
    tie : int
        Among bars that are equal within rounding, which one, from 0.

    Returns
    -------
    (k,) int64
        Rows of ``distances`` in the order of the cycle, each once; empty when there is no bar of degree 1.

    Raises
    ------
    ValueError
        For distances that are not finite or not symmetric.
    """
    matrix = finite_matrix(distances, "distances")
    found = rips_persistence(matrix, max_degree=1, metric="precomputed", cocycles=True)
    bars = found.diagrams[1]
    if not len(bars) or found.cocycles is None:
        return np.empty(0, dtype=np.int64)
    ends = np.where(np.isfinite(bars[:, 1]), bars[:, 1], matrix.max(initial=0.0))
    away = np.abs(bars[:, 0] - birth) + np.abs(ends - death)
    equal = np.flatnonzero(away <= away.min() + _EQUAL * (1 + abs(death)))
    nearest = int(equal[tie % len(equal)])
    crossed = np.zeros(matrix.shape, dtype=bool)
    edges = found.cocycles[1][nearest][:, :2]
    crossed[edges[:, 0], edges[:, 1]] = crossed[edges[:, 1], edges[:, 0]] = True
    for slack in _SLACK:
        cycle = _shortest_odd(matrix, crossed, float(bars[nearest, 0]) * (1 + slack))
        if len(cycle):
            return cycle
    return np.empty(0, dtype=np.int64)


def _shortest_odd(
    distances: NDArray[np.float64], crossed: NDArray[np.bool_], scale: float
) -> NDArray[np.int64]:
    """The shortest closed path of edges up to that scale that crosses an odd number of times; empty without any."""
    n = len(distances)
    near = (distances <= scale) & ~np.eye(n, dtype=bool)
    a, b = np.nonzero(near)
    odd = crossed[a, b]
    length = np.maximum(distances[a, b], _NOTHING)
    head = np.concatenate([a, a + n])
    tail = np.concatenate([b + n * odd, b + n * ~odd])
    cover = sparse.csr_array((np.concatenate([length, length]), (head, tail)), shape=(2 * n, 2 * n))
    starts = np.unique(a[odd])[:_MOST_STARTS]
    if not len(starts):
        return np.empty(0, dtype=np.int64)
    lengths, before = dijkstra(cover, directed=True, indices=starts, return_predecessors=True)
    ends = lengths[np.arange(len(starts)), starts + n]
    best = int(ends.argmin())
    if not np.isfinite(ends[best]):
        return np.empty(0, dtype=np.int64)
    path = [int(starts[best]) + n]
    while path[-1] != starts[best]:
        path.append(int(before[best, path[-1]]))
    return np.array(path[:0:-1], dtype=np.int64) % n
