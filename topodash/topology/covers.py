"""Covers of the lens: which points lie in which overlapping piece.

A cover turns a lens (n, l) into an incidence between points and cover elements. Elements are numbered
as kmapper numbers its cubes (the first lens column varies slowest); empty ones are left out.

Source: G. Singh, F. Mémoli, G. Carlsson, "Topological methods for the analysis of high dimensional data
sets and 3D object recognition" (2007), section 3; the ball cover after P. Dłotko, "Ball mapper" (2019).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

MAX_INCIDENCES = 200_000_000


@dataclass(frozen=True)
class Incidence:
    """Which points lie in which cover elements.

    Attributes
    ----------
    by_point : scipy.sparse.csr_array, shape (n, m)
        Entry (i, j) is stored when point i lies in the j-th non-empty element. Indices are sorted.
    elements : (m,) int64
        The element's number in the cover, ascending.
    """

    by_point: sp.csr_array
    elements: np.ndarray

    @property
    def size(self) -> int:
        """How many (point, element) pairs there are."""
        return int(self.by_point.indptr[-1])

    def members(self) -> list[np.ndarray]:
        """The ascending point indices of every non-empty element."""
        by_element = self.by_point.tocsc()
        return np.split(by_element.indices.astype(np.int64), by_element.indptr[1:-1])


class Cover(Protocol):
    """Anything that covers a lens."""

    def incidence(self, lens: np.ndarray) -> Incidence:
        """Cover the lens (n, l), finite float64."""


@dataclass(frozen=True)
class CubicalCover:
    """Overlapping boxes of equal size, by the convention of kmapper 2.1.0's `Cover`.

    On a lens column with range r, interval i of n is centred at min + r (i + 1/2) / n and is
    r / (n (1 - overlap)) wide, closed at both ends; neighbours share the fraction `overlap` of their width.

    Two things differ from kmapper, both on purpose. A point that falls between two intervals, or outside the
    outermost one, by rounding (kmapper loses it at overlap 0) goes to the interval before it, or to the
    outermost one. A constant lens column gets one interval instead of n copies of the same one.

    Parameters
    ----------
    n_intervals : int or sequence of int
        Intervals of every lens column, at least 1; one number serves all columns.
    overlap : float or sequence of float
        Fraction in [0, 1) that neighbouring intervals share.
    """

    n_intervals: int | Sequence[int] = 30
    overlap: float | Sequence[float] = 0.5

    def __post_init__(self) -> None:
        for count in np.atleast_1d(np.asarray(self.n_intervals)):
            if count != int(count) or count < 1:
                raise ValueError(f"n_intervals must be whole numbers of at least 1, was {self.n_intervals!r}")
        for share in np.atleast_1d(np.asarray(self.overlap, dtype=float)):
            if not 0 <= share < 1:
                raise ValueError(f"overlap must lie in [0, 1), was {self.overlap!r}")

    def _per_column(
        self, value: int | float | Sequence[int] | Sequence[float], name: str, columns: int
    ) -> list:
        values = np.atleast_1d(np.asarray(value)).tolist()
        if len(values) == 1:
            return values * columns
        if len(values) != columns:
            raise ValueError(
                f"{name} must be one number or one for each of {columns} lens columns, was {value!r}"
            )
        return values

    def intervals(self, lens: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Lower and upper ends (n_intervals,) of the intervals of every lens column."""
        counts = self._per_column(self.n_intervals, "n_intervals", lens.shape[1])
        overlaps = self._per_column(self.overlap, "overlap", lens.shape[1])
        ends = []
        for column, count, overlap in zip(lens.T, counts, overlaps, strict=True):
            low, high = column.min(), column.max()
            n = int(count) if high > low else 1
            # The very operations of kmapper's Cover.fit, in its order: other roundings would move border
            # points.
            spread = high - low
            inset = (spread - ((n - 1) / n) * spread) / 2
            radius = spread / (2 * n * (1 - overlap))
            centres = np.linspace(low + inset, high - inset, num=n)
            ends.append((centres - radius, centres + radius))
        return ends

    def incidence(self, lens: np.ndarray) -> Incidence:
        """Cover the lens (n, l).

        Raises
        ------
        ValueError
            When the pairs of point and element would not fit in memory.
        """
        ends = self.intervals(lens)
        n_points = len(lens)
        firsts, counts = [], []
        for column, (lower, upper) in zip(lens.T, ends, strict=True):
            first = np.searchsorted(upper, column, side="left")
            last = np.maximum(np.searchsorted(lower, column, side="right") - 1, 0)
            firsts.append(np.minimum(first, last))
            counts.append(last - firsts[-1] + 1)
        total = float(np.prod([len(lower) for lower, _ in ends], dtype=float))
        size = float(np.prod(np.array(counts, dtype=float), axis=0).sum())
        if size > MAX_INCIDENCES or total > 2**62:
            raise ValueError(
                f"n_intervals and overlap must give at most {MAX_INCIDENCES:,} pairs of point and interval; "
                f"{self.n_intervals!r} and {self.overlap!r} give {size:,.0f} in {total:,.0f} boxes"
            )
        point, element = np.arange(n_points), np.zeros(n_points, dtype=np.int64)
        for first, count, (lower, _) in zip(firsts, counts, ends, strict=True):
            repeats = count[point]
            begin = np.cumsum(repeats) - repeats
            step = np.arange(int(repeats.sum())) - np.repeat(begin, repeats)
            start = element * len(lower) + first[point]
            point, element = np.repeat(point, repeats), np.repeat(start, repeats) + step
        return _incidence(n_points, point, element, int(total))


@dataclass(frozen=True)
class BallCover:
    """Balls around a greedy net of lens points.

    Going through the points in order, a point that no earlier ball covers becomes a centre; its ball holds
    all points whose lens is within `radius` (Euclidean, closed). Elements are numbered in the order of their
    centres.

    Parameters
    ----------
    radius : float
        In units of the lens, positive.
    """

    radius: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.radius) and self.radius > 0):
            raise ValueError(f"radius must be positive and finite, was {self.radius!r}")

    def incidence(self, lens: np.ndarray) -> Incidence:
        """Cover the lens (n, l).

        Raises
        ------
        ValueError
            When the pairs of point and ball would not fit in memory.
        """
        tree = cKDTree(lens)
        covered = np.zeros(len(lens), dtype=bool)
        balls: list[np.ndarray] = []
        size = 0
        for centre in range(len(lens)):
            if covered[centre]:
                continue
            ball = np.array(tree.query_ball_point(lens[centre], self.radius), dtype=np.int64)
            covered[ball] = True
            balls.append(ball)
            size += len(ball)
            if size > MAX_INCIDENCES:
                raise ValueError(f"radius must give at most {MAX_INCIDENCES:,} pairs, was {self.radius!r}")
        element = np.repeat(np.arange(len(balls)), [len(ball) for ball in balls])
        return _incidence(len(lens), np.concatenate(balls), element, len(balls))


def _incidence(n_points: int, point: np.ndarray, element: np.ndarray, n_elements: int) -> Incidence:
    """Gather pairs into an `Incidence`, leaving empty elements out."""
    if n_elements <= 4 * len(element) + 1024:
        present = np.flatnonzero(np.bincount(element, minlength=n_elements))
        position = np.zeros(n_elements, dtype=np.int32)
        position[present] = np.arange(len(present), dtype=np.int32)
        column = position[element]
    else:
        # 10,000 x 10,000 boxes are almost all empty: counting them would cost more than sorting the pairs.
        present, column = np.unique(element, return_inverse=True)
    data = np.ones(len(element), dtype=np.int8)
    matrix = sp.coo_array((data, (point, column)), shape=(n_points, len(present))).tocsr()
    matrix.sort_indices()
    return Incidence(by_point=matrix, elements=present.astype(np.int64))
