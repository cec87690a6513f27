"""All degree-1 bars of a Vietoris-Rips filtration of a thousand points or two, in about a second, exactly.

The general engines look at every triangle that a long edge closes: 20 s for 1280 points, over a minute for
1920, which is too slow for a hundred null banks. In degree 1 over Z/2 the late part of the filtration needs
much less:

1. Up to a scale at which only a few classes are alive the complex is sparse: ripser gives its bars and one
   cocycle for every class that is still alive. A cocycle is a sign on every edge whose product around every
   triangle is +1.
2. A longer edge u v whose ends have a common neighbour w creates no class, and its sign is forced: that of u
   w times that of w v. An edge without a common neighbour creates a class with a sign of its own.
3. A triangle whose product is -1 is a relation among the classes: by the elder rule the youngest class in it
   dies at the triangle's diameter; the other cocycles are multiplied by the dead one's so that they go on.
4. When no class is left, and every remaining edge has a common neighbour already, nothing can happen any
   more. At the enclosing radius the complex is a cone, so it ends there at the latest.

Steps 2 to 4 are a few products of n x n matrices of signs a scale: sum_w s(u, w) s(w, v) against the number
of common neighbours tells forced signs and violated triangles alike.

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

from topodash.topology.persistence import finite_matrix, persistence_diagrams

__all__ = ["degree_one_bars", "longest_bar"]

_DIRECT_BELOW = 200  # points; the general engine takes less than 0.1 s there
_MOST_CLASSES = 6  # alive at the scale where the signs take over; each costs one product a step
_GROWTH = 1.2  # from one scale to the next
_CHUNK = 256  # edges examined at once
_EXAMINED = 4096  # edges examined one by one; more are narrowed down by products first

Signs = NDArray[np.float32]


@dataclass
class _Class:
    """A class that is alive: its birth, and its cocycle as signs on the edges so far (0 elsewhere)."""

    birth: float
    signs: Signs


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
        self.bars: list[tuple[float, float]] = []
        self.classes: list[_Class] = []
        self.adjacent: Signs = np.zeros((self.n, self.n), dtype=np.float32)

    def run(self) -> NDArray[np.float64]:
        scale = self._sparse_part()
        common = self.adjacent @ self.adjacent
        while scale < self.radius:
            later = (self.lengths > scale) & (self.lengths <= self.radius)
            if not self.classes and not (later & (common == 0)).any():
                break
            reach = min(max(scale * _GROWTH, float(self.lengths[later].min(initial=np.inf))), self.radius)
            block = np.triu(later & (self.lengths <= reach), 1)
            self._extend(block, common)
            common = self._relations(reach)
            scale = reach
        return np.array(self.bars, dtype=np.float64).reshape(-1, 2)

    def _sparse_part(self) -> float:
        """Step 1: the scale at which the signs take over."""
        ordered = np.sort(self.lengths[np.triu_indices(self.n, 1)])
        share = 0.04
        while True:
            # between two different lengths, so that no edge lies on the threshold
            rank = min(int(share * len(ordered)), len(ordered) - 1)
            scale = min(float(np.nextafter(ordered[rank], np.float32(np.inf))), self.radius)
            rows, columns = np.nonzero(np.triu(self.lengths <= scale, 1))
            edges = sparse.coo_matrix((self.lengths[rows, columns], (rows, columns)), (self.n, self.n))
            found = ripser(edges, distance_matrix=True, maxdim=1, thresh=scale, coeff=2, do_cocycles=True)
            bars = found["dgms"][1].astype(np.float64)
            alive = np.flatnonzero(np.isinf(bars[:, 1]))
            if len(alive) <= _MOST_CLASSES or scale >= self.radius:
                break
            share *= 1.5
        if scale >= self.radius:  # a cone: what is left alive dies with it
            bars[alive, 1] = self.radius
            alive = alive[:0]
        ends = np.isfinite(bars[:, 1]) & (bars[:, 1] > bars[:, 0])
        self.bars.extend(map(tuple, bars[ends]))
        self.adjacent[rows, columns] = self.adjacent[columns, rows] = 1.0
        for index in alive:
            signs = self.adjacent.copy()
            cocycle = np.asarray(found["cocycles"][1][index], dtype=np.int64)
            u, v = cocycle[cocycle[:, 2] % 2 == 1, :2].T
            signs[u, v] = signs[v, u] = -1.0
            self.classes.append(_Class(float(bars[index, 0]), signs))
        return scale

    def _extend(self, block: NDArray[np.bool_], common: Signs) -> None:
        """Step 2: the signs of the edges of the block; ``common`` counts the common neighbours before it."""
        before = self.adjacent.copy()
        plain = block & (common > 0)
        sums = [c.signs @ c.signs for c in self.classes]
        torn = np.zeros_like(block)  # two common neighbours that disagree: a relation, found later
        for total in sums:
            torn |= plain & (np.abs(total) != common)
        plain &= ~torn
        for cls, total in zip(self.classes, sums, strict=True):
            u, v = np.nonzero(plain)
            cls.signs[u, v] = cls.signs[v, u] = np.sign(total[u, v])
        u, v = np.nonzero(torn)
        for start in range(0, len(u), _CHUNK):
            a, b = u[start : start + _CHUNK], v[start : start + _CHUNK]
            w = (before[a] * before[b]).argmax(
                axis=1
            )  # one neighbour for all classes: a sign each would mix two
            for cls in self.classes:
                cls.signs[a, b] = cls.signs[b, a] = cls.signs[a, w] * cls.signs[b, w]
        self._mark(np.nonzero(plain | torn))
        u, v = np.nonzero(block & (common == 0))
        for i in np.argsort(self.lengths[u, v], kind="stable"):
            self._single(int(u[i]), int(v[i]))

    def _single(self, u: int, v: int) -> None:
        """An edge with no common neighbour at the scale before the block, in its turn."""
        length = self.lengths[u, v]
        near = (self.lengths[u] <= length) & (self.lengths[v] <= length)
        w = np.flatnonzero(near & (self.adjacent[u] * self.adjacent[v] > 0))
        for cls in self.classes:
            cls.signs[u, v] = cls.signs[v, u] = cls.signs[u, w[0]] * cls.signs[v, w[0]] if len(w) else 1.0
        self._mark((np.array([u]), np.array([v])))
        if not len(w):
            signs = self.adjacent.copy()
            signs[u, v] = signs[v, u] = -1.0
            self.classes.append(_Class(float(length), signs))

    def _mark(self, edges: tuple[NDArray[np.intp], ...]) -> None:
        """Add edges to the complex; classes that are born later give them the sign +1."""
        u, v = edges
        self.adjacent[u, v] = self.adjacent[v, u] = 1.0

    def _relations(self, reach: float) -> Signs:
        """Step 3: every violated triangle up to ``reach``, shortest first; counts common neighbours."""
        self._fill()
        while self.classes:
            first = self._first_violation(reach)
            if first is None:
                break
            death, members = first
            youngest = max(members, key=lambda i: self.classes[i].birth)
            dead = self.classes[youngest]
            if death > dead.birth:
                self.bars.append((dead.birth, death))
            for i in members:
                if i != youngest:
                    self.classes[i].signs *= dead.signs
            del self.classes[youngest]
        return self.adjacent @ self.adjacent

    def _fill(self) -> None:
        """Edges that came after a class in the same block, and saw no sign yet, carry +1."""
        for cls in self.classes:
            np.copyto(cls.signs, self.adjacent, where=(cls.signs == 0))

    def _first_violation(self, limit: float) -> tuple[float, list[int]] | None:
        """Diameter of the shortest violated triangle up to ``limit`` and the classes that it is a relation of.

        Violated triangles may be millions. A sample of their edges gives a triangle, its diameter the next
        limit, until few enough edges are left to look at all of them.
        """
        shortest = None
        while True:
            u, v = self._violated_edges(limit)
            if not len(u):
                return shortest
            sample = (
                np.arange(len(u))
                if len(u) <= _EXAMINED
                else np.linspace(0, len(u) - 1, _EXAMINED // 4).astype(int)
            )
            chunks = (sample[start : start + _CHUNK] for start in range(0, len(sample), _CHUNK))
            shortest = min((self._shortest_through(u[c], v[c]) for c in chunks), key=lambda found: found[0])
            if len(sample) == len(u):
                return shortest
            # a sample that is no shorter than the limit says nothing about what lies below it
            limit = (
                shortest[0] if shortest[0] < limit else float(np.nextafter(np.float32(limit), np.float32(0)))
            )

    def _violated_edges(self, limit: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Edges of triangles up to ``limit`` whose product is -1 for some class."""
        inside = self.adjacent * (self.lengths <= limit)
        agreeing = (inside @ inside) * inside
        violated = np.zeros(inside.shape, dtype=bool)
        for cls in self.classes:
            signs = cls.signs * inside
            violated |= (signs @ signs) * signs != agreeing
        u, v = np.nonzero(np.triu(violated, 1))
        return u, v

    def _shortest_through(self, u: NDArray[np.intp], v: NDArray[np.intp]) -> tuple[float, list[int]]:
        """The shortest violated triangle through one of the edges, and its classes."""
        both = self.adjacent[u] * self.adjacent[v] > 0
        wrong = np.stack([both & (c.signs[u] * c.signs[v] != c.signs[u, v][:, None]) for c in self.classes])
        diameter = np.maximum(np.maximum(self.lengths[u], self.lengths[v]), self.lengths[u, v][:, None])
        diameter = np.where(wrong.any(axis=0), diameter, np.inf)
        row, w = np.unravel_index(int(diameter.argmin()), diameter.shape)
        return float(diameter[row, w]), [int(i) for i in np.flatnonzero(wrong[:, row, w])]
