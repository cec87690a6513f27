"""All degree-1 bars of a Vietoris-Rips filtration of a thousand points or two, in half a second, exactly.

The general engines look at every triangle that a long edge closes: 20 s for 1280 points, over a minute for
1920, which is too slow for a hundred null banks. In degree 1 over Z/2 the late part of the filtration needs
much less:

1. Up to a scale at which only a few classes are alive the complex is sparse: the engines give its bars (gudhi,
   twice as fast) and, if any class is still alive there, one cocycle for each (ripser). A cocycle is a sign on
   every edge whose product around every triangle is +1.
2. A longer edge u v whose ends have a common neighbour w creates no class, and its sign is forced: that of u
   w times that of w v. An edge without a common neighbour creates a class with a sign of its own.
3. A triangle whose product is -1 is a relation among the classes: by the elder rule the youngest class in it
   dies at the triangle's diameter; the other cocycles are multiplied by the dead one's so that they go on.
4. When no class is left, nothing happens before the next edge that comes before all its triangles; without
   such an edge nothing happens any more. At the enclosing radius the complex is a cone, so it ends there at
   the latest.

Edges are taken in blocks by length. A triangle has its longest edge in one block, so each edge is examined
in its own block and never again: what was in order stays in order when cocycles are multiplied. Neighbours
and signs are bits, 64 points a word (`topodash.topology.edge_signs`).

Sources: V. de Silva, D. Morozov, M. Vejdemo-Johansson, *Dualities in persistent (co)homology*, Inverse
Problems 27 (2011), for the elder rule on cocycles; U. Bauer, *Ripser*, J. Appl. Comput. Topol. 5 (2021), for
the enclosing radius.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ripser import ripser
from scipy import sparse

from topodash.topology.edge_signs import EdgeBits, disagreeing, forced_signs
from topodash.topology.persistence import finite_matrix, persistence_diagrams
from topodash.topology.rips_engines import bars_of_edges

__all__ = ["degree_one_bars", "longest_bar"]

_DIRECT_BELOW = 200  # points; the general engine takes less than 0.1 s there
_FIRST_SHARE = 0.06  # of the edges goes to the engine at first: points without a ring are done with then
_FARTHER = 1.4
_MOST_CLASSES = 12  # alive at the scale where the signs take over; each costs a pass over the later edges
_GROWTH = 1.15  # of the number of edges, from one block to the next
_CHUNK = 256  # edges of which triangles are compared one by one
_NEAR = 12  # neighbours of an end that are tried as third points first, when nothing is left alive

Edges = tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass
class _Class:
    """A class that is alive: its birth, and its cocycle, the edges with the sign -1."""

    birth: float
    signs: EdgeBits


def longest_bar(bars: NDArray[np.float64]) -> float:
    """Length of the longest bar; 0 when there is none.

    Parameters
    ----------
    bars : (k, 2) array
    """
    return float(np.max(bars[:, 1] - bars[:, 0], initial=0.0))


def degree_one_bars(distances: ArrayLike, *, direct_below: int = _DIRECT_BELOW) -> NDArray[np.float64]:
    """The whole barcode in degree 1 over Z/2, longest bar first.

    The same bars as ``persistence_diagrams(distances, metric='precomputed')[1]``, at float32 precision.

    Parameters
    ----------
    distances : (n, n) array
        Symmetric, zero on the diagonal.
    direct_below : int
        Fewer points than this go to the general engine.

    Returns
    -------
    (k, 2) float64 array
        Birth and death in the units of the distances. Never infinite.

    Raises
    ------
    ValueError
        For a matrix that is not square, not symmetric or not finite.
    """
    matrix = finite_matrix(distances, "distances")
    if matrix.shape[0] != matrix.shape[1] or (
        np.abs(matrix - matrix.T).max(initial=0) > 1e-6 * matrix.max(initial=0)
    ):
        raise ValueError(f"distances must be a symmetric square matrix; its shape was {matrix.shape}")
    n = len(matrix)
    if n < max(4, direct_below):
        return persistence_diagrams(np.maximum(matrix, matrix.T), max_degree=1, metric="precomputed")[1]
    lengths = np.maximum(matrix, matrix.T).astype(np.float32)
    np.fill_diagonal(lengths, 0.0)
    bars = _Barcode(lengths).run()
    order = np.lexsort((bars[:, 0], bars[:, 0] - bars[:, 1]))
    return bars[order]


class _Barcode:
    """The four steps of the module's docstring; ``run`` gives the (k, 2) bars in no order."""

    def __init__(self, lengths: NDArray[np.float32]) -> None:
        self.lengths = lengths
        self.n = len(lengths)
        self.radius = float(lengths.max(axis=1).min())
        self.rows, self.columns = (part.astype(np.int32) for part in np.triu_indices(self.n, 1))
        self.each = lengths[self.rows, self.columns]
        self.ordered = np.sort(self.each)
        self.bars: list[tuple[float, float]] = []
        self.classes: list[_Class] = []
        self.adjacent = EdgeBits(self.n)

    def run(self) -> NDArray[np.float64]:
        scale = self._sparse_part()
        while scale < self.radius:
            if not self.classes:
                creator = self._next_creator(scale)
                if creator is None:
                    break
                scale = self._jump(scale, creator)
            reach = self._next(scale)
            block = self._between(scale, reach)
            self._extend(block)
            self._relations(block)
            scale = reach
        return np.array(self.bars, dtype=np.float64).reshape(-1, 2)

    def _between(self, above: float, up_to: float) -> Edges:
        """The edges of these lengths."""
        found = np.flatnonzero((self.each > above) & (self.each <= up_to))
        return self.rows[found].astype(np.intp), self.columns[found].astype(np.intp)

    def _next(self, scale: float) -> float:
        """The scale of the next block: a few per cent more edges, and at least one more."""
        have = int(np.searchsorted(self.ordered, np.float32(scale), side="right"))
        reach = self.ordered[min(int(have * _GROWTH) + 1, len(self.ordered)) - 1]
        return min(float(max(reach, self.ordered[min(have, len(self.ordered) - 1)])), self.radius)

    def _next_creator(self, scale: float) -> float | None:
        """Step 4: length of the first later edge without a triangle whose other two edges are both shorter."""
        left = np.flatnonzero((self.each > scale) & (self.each <= self.radius))
        near = np.argpartition(self.lengths, min(_NEAR, self.n - 1), axis=1)[:, : _NEAR + 1]
        for a, b in ((self.rows, self.columns), (self.columns, self.rows)):
            for k in range(
                near.shape[1]
            ):  # a point next to one end is nearer to the other in half of the cases
                w = near[a[left], k]
                detour = np.maximum(self.lengths[a[left], w], self.lengths[b[left], w])
                left = left[detour >= self.each[left]]
        left = left[np.argsort(self.each[left], kind="stable")]
        for start in range(0, len(left), _CHUNK):
            part = left[start : start + _CHUNK]
            detour = np.maximum(self.lengths[self.rows[part]], self.lengths[self.columns[part]]).min(axis=1)
            alone = detour >= self.each[part]
            if alone.any():
                return float(self.each[part[alone.argmax()]])
        return None

    def _jump(self, scale: float, creator: float) -> float:
        """Let the edges shorter than a creator come, without a class that they could touch."""
        before = int(np.searchsorted(self.ordered, np.float32(creator)))
        reach = max(scale, float(self.ordered[max(before - 1, 0)]))
        self.adjacent.put(self._between(scale, reach), True)
        return reach

    def _sparse_part(self) -> float:
        """Step 1: the scale at which the signs take over."""
        share = _FIRST_SHARE
        while True:
            scale = self._scale(share)
            edges = self._between(-1.0, scale)
            bars = bars_of_edges(edges, self.lengths[edges], self.n)
            alive = np.isinf(bars[:, 1])
            count = np.count_nonzero(alive)
            if count == 0 or scale >= self.radius or (count <= _MOST_CLASSES and share > _FIRST_SHARE):
                break
            share *= _FARTHER  # a few that are alive may be gone there, and then no cocycles are needed
        if scale >= self.radius:  # a cone: what is left alive dies with it
            bars[alive, 1] = self.radius
            alive[:] = False
        if alive.any():
            scale, edges = self._take_over(bars, scale)
            bars = bars[bars[:, 1] <= scale]
        self.bars.extend(map(tuple, bars[bars[:, 1] > bars[:, 0]]))
        self.adjacent.put(edges, True)
        return scale

    def _scale(self, share: float) -> float:
        """A scale with that share of the edges, between two lengths, so that no edge lies on the threshold."""
        rank = min(int(share * len(self.ordered)), len(self.ordered) - 1)
        return min(float(np.nextafter(self.ordered[rank], np.float32(np.inf))), self.radius)

    def _take_over(self, bars: NDArray[np.float64], scale: float) -> tuple[float, Edges]:
        """The first scale from which on few classes are alive, and its edges; makes those classes."""
        ends = np.sort(bars[:, 1])
        alive = np.searchsorted(np.sort(bars[:, 0]), ends, side="right") - np.arange(1, len(ends) + 1)
        crowded = np.flatnonzero((alive > _MOST_CLASSES) & (ends <= scale))
        if len(crowded):  # with the next death they are few
            scale = min(scale, float(np.nextafter(np.float32(ends[crowded[-1] + 1]), np.float32(np.inf))))
        edges = self._between(-1.0, scale)
        graph = sparse.coo_matrix((self.lengths[edges], edges), (self.n, self.n))
        found = ripser(graph, distance_matrix=True, maxdim=1, thresh=scale, coeff=2, do_cocycles=True)
        for bar, cocycle in zip(found["dgms"][1], found["cocycles"][1], strict=True):
            if np.isinf(bar[1]):
                simplices = np.asarray(cocycle, dtype=np.int64)
                u, v = simplices[simplices[:, 2] % 2 == 1, :2].T
                signs = EdgeBits(self.n)
                signs.put((u, v), True)
                self.classes.append(_Class(float(bar[0]), signs))
        return scale, edges

    def _extend(self, edges: Edges) -> None:
        """Step 2: the signs of the edges of a block."""
        lonely, signs = forced_signs(self.adjacent, [cls.signs for cls in self.classes], edges)
        u, v = (part[~lonely] for part in edges)
        for cls, negative in zip(self.classes, signs, strict=True):
            cls.signs.put((u, v), negative[~lonely])
        self.adjacent.put((u, v), True)
        u, v = (part[lonely] for part in edges)
        for i in np.argsort(self.lengths[u, v], kind="stable"):
            self._single(int(u[i]), int(v[i]))

    def _single(self, u: int, v: int) -> None:
        """An edge with no common neighbour before the block, in its turn.

        A class that it creates has the sign +1 on all edges that came before it.
        """
        length = self.lengths[u, v]
        near = (self.lengths[u] <= length) & (self.lengths[v] <= length)
        w = np.flatnonzero(near & self.adjacent.bits[u, : self.n] & self.adjacent.bits[v, : self.n])
        if len(w):
            for cls in self.classes:
                cls.signs.put((u, v), cls.signs.bits[u, w[0]] ^ cls.signs.bits[v, w[0]])
        self.adjacent.put((u, v), True)
        if not len(w):
            signs = EdgeBits(self.n)
            signs.put((u, v), True)
            self.classes.append(_Class(float(length), signs))

    def _relations(self, edges: Edges) -> None:
        """Step 3: every violated triangle whose longest edge is one of the block, shortest first."""
        while self.classes:
            wrong = disagreeing(self.adjacent, [cls.signs for cls in self.classes], edges)
            if not wrong.any():
                break
            death, members = self._shortest_violated((edges[0][wrong], edges[1][wrong]))
            youngest = max(members, key=lambda i: self.classes[i].birth)
            dead = self.classes[youngest]
            if death > dead.birth:
                self.bars.append((dead.birth, death))
            for i in members:
                if i != youngest:
                    self.classes[i].signs.multiply(dead.signs)
            del self.classes[youngest]

    def _shortest_violated(self, edges: Edges) -> tuple[float, list[int]]:
        """Diameter of the shortest violated triangle, whose longest edge is one of these, and its classes."""
        u, v = edges
        order = np.argsort(self.lengths[u, v], kind="stable")
        u, v = u[order], v[order]
        best: tuple[float, list[int]] = (np.inf, [])
        for start in range(0, len(u), _CHUNK):
            if self.lengths[u[start], v[start]] >= best[0]:
                break
            part = slice(start, start + _CHUNK)
            best = min(best, self._shortest_through(u[part], v[part]), key=lambda found: found[0])
        return best

    def _shortest_through(self, u: NDArray[np.intp], v: NDArray[np.intp]) -> tuple[float, list[int]]:
        """The shortest violated triangle through one of the edges, and its classes."""
        both = (self.adjacent.bits[u] & self.adjacent.bits[v])[:, : self.n]
        wrong = np.stack(
            [
                both & (bits[u] ^ bits[v] ^ bits[u, v][:, None])[:, : self.n]
                for bits in (cls.signs.bits for cls in self.classes)
            ]
        )
        diameter = np.maximum(np.maximum(self.lengths[u], self.lengths[v]), self.lengths[u, v][:, None])
        diameter = np.where(wrong.any(axis=0), diameter, np.inf)
        row, w = np.unravel_index(int(diameter.argmin()), diameter.shape)
        return float(diameter[row, w]), [int(i) for i in np.flatnonzero(wrong[:, row, w])]
