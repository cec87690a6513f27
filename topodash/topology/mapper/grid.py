"""The engine for few dimensions: a grid whose cells are cliques.

1. Cells of side eps / sqrt(d) have diameter at most eps: points that share an element and a cell are
   neighbours without a single distance. Sorted by (element, cell), such a *group* is one run of rows, and the
   groups next to it along the last axis are one run of groups, found by two binary searches.
2. Groups of neighbouring cells are joined where two of their core points are near: first one pair of points
   each is tried, then bounding boxes, then, only for groups that are still in different components, all
   pairs.
3. Points in groups of fewer than `min_samples` points count their neighbours within the element, and stop at
   enough.

Work is linear in rows for step 3 (a group of k points is asked by at most 5^d times min_samples others), and
memory is linear in rows throughout.

Source: the grid of A. Gunawan, "A faster algorithm for DBSCAN" (2013), carried over to all cover elements at
once.
"""

import itertools

import numpy as np
from scipy.spatial import cKDTree

from topodash.topology.mapper.engine import Rows, chunks, expand, merge, number_clusters, squared_threshold

SLACK = 1e-6  # cells are this much smaller than eps / sqrt(d), so that rounding cannot break a clique
MAX_CELLS = 2**26  # along one axis; beyond it the rounding of (x - min) / side eats the slack
HEAVY = 200_000  # pairs of points between two groups from which a tree is cheaper than all distances


def stencil(dimensions: int) -> list[tuple[tuple[int, ...], int]]:
    """The neighbouring runs of cells: offsets along all axes but the last, and the reach along the last.

    Nearest first, so that close groups are joined before far ones are looked at. Both halves are given.
    """
    budget = dimensions * (1 + 4 * SLACK)
    reach = int(np.sqrt(budget)) + 1
    rows = []
    for offset in itertools.product(range(-reach, reach + 1), repeat=dimensions - 1):
        left = budget - sum(max(abs(o) - 1, 0) ** 2 for o in offset)
        if left >= 0:
            rows.append((offset, int(np.sqrt(left)) + 1))
    return sorted(rows, key=lambda row: sum(o * o for o in row[0]))


class GridEngine:
    """Exact density clusters of Euclidean points in few dimensions.

    Parameters
    ----------
    points : (n, d) float64
    eps : float, at least 0
    min_samples : int
    n_elements : int
        Elements that a batch may hold at most.

    Raises
    ------
    OverflowError
        When the cells cannot be numbered; another engine must serve.
    """

    def __init__(self, points: np.ndarray, eps: float, min_samples: int, n_elements: int) -> None:
        self.columns = [np.ascontiguousarray(column) for column in points.T]
        self.eps, self.min_samples = eps, min_samples
        self.threshold = squared_threshold(eps)
        self.stencil = stencil(points.shape[1]) if eps > 0 else []
        cells = _cells(points, eps)
        reach = max((reach for _, reach in self.stencil), default=0)
        extents = [int(cell.max()) + 1 + reach for cell in cells]
        if np.prod(extents, dtype=float) * n_elements > 2**62:
            cells = [_close_gaps(cell, reach) for cell in cells]
            extents = [int(cell.max()) + 1 + reach for cell in cells]
            if np.prod(extents, dtype=float) * n_elements > 2**62:
                raise OverflowError("the grid has too many cells to number")
        strides = np.ones(len(extents), dtype=np.int64)
        strides[:-1] = np.cumprod(extents[::-1], dtype=np.int64)[::-1][1:]
        self.strides, self.element_stride = strides, int(np.prod(extents, dtype=np.int64))
        self.keys: np.ndarray = np.column_stack(cells) @ strides
        self.order = np.argsort(self.keys, kind="stable")

    def cluster(self, rows: Rows) -> np.ndarray:
        """See `Engine.cluster`."""
        elements = rows.elements
        keys = self.keys[rows.points] + elements * self.element_stride
        coordinates = [column[rows.points] for column in self.columns]
        core = self._core(keys, coordinates) if self.min_samples > 2 else None
        labels = np.full(len(keys), -1, dtype=np.int64)
        if core is not None and not len(core):
            return labels
        if core is None:
            components = self._components(keys, coordinates)
            if self.min_samples == 2:
                # With two samples every joined point is core, and what is left alone is noise.
                core = np.flatnonzero(np.bincount(components)[components] >= 2)
                components = np.unique(components[core], return_inverse=True)[1]
            else:
                core = np.arange(len(keys))
        else:
            components = self._components(keys[core], [column[core] for column in coordinates])
        rank = number_clusters(elements[core], components, rows.points[core])
        labels[core] = rank[components]
        if self.min_samples > 2:
            self._borders(keys, coordinates, core, labels)
        return labels

    def _near(self, xa: list[np.ndarray], a: np.ndarray, xb: list[np.ndarray], b: np.ndarray) -> np.ndarray:
        """Whether rows a[k] of xa and b[k] of xb are at most eps apart."""
        squared = np.zeros(len(a))
        for ca, cb in zip(xa, xb, strict=True):
            gap = ca[a]
            gap -= cb[b]
            gap *= gap
            squared += gap
        return squared <= self.threshold

    def _core(self, keys: np.ndarray, coordinates: list[np.ndarray]) -> np.ndarray:
        """Rows with at least min_samples neighbours within their element."""
        starts, group_keys = _groups(keys)
        sizes = np.diff(starts)
        counts = np.repeat(sizes, sizes)
        group = np.repeat(np.arange(len(sizes)), sizes)
        for offset, reach in self.stencil:
            active = np.flatnonzero(counts < self.min_samples)
            centre = keys[active] + int(np.dot(self.strides[:-1], offset))
            left = np.searchsorted(group_keys, centre - reach)
            right = np.searchsorted(group_keys, centre + reach, side="right")
            spans = [(left, right)]
            if not any(offset):
                spans = [(left, group[active]), (group[active] + 1, right)]
            for low, high in spans:
                begin, width = starts[low], starts[high] - starts[low]
                for part in chunks(width):
                    which, other = expand(begin[part], width[part])
                    near = self._near(coordinates, active[part][which], coordinates, other)
                    counts[active[part]] += np.bincount(which[near], minlength=part.stop - part.start)
        return np.flatnonzero(counts >= self.min_samples)

    def _components(self, keys: np.ndarray, coordinates: list[np.ndarray]) -> np.ndarray:
        """Connected components (r,) of the rows, all taken as core."""
        starts, group_keys = _groups(keys)
        sizes = np.diff(starts)
        labels = np.arange(len(sizes), dtype=np.int32)
        open_a, open_b = [], []
        half = [(offset, reach) for offset, reach in self.stencil if offset >= (0,) * len(offset)]
        waiting_a, waiting_b = [], []
        for turn, (offset, reach) in enumerate(half):
            centre = group_keys + int(np.dot(self.strides[:-1], offset))
            after = np.arange(1, len(sizes) + 1)
            low = np.searchsorted(group_keys, centre - reach) if any(offset) else after
            a, b = expand(low, np.searchsorted(group_keys, centre + reach, side="right") - low)
            apart = labels[a] != labels[b]
            a, b = a[apart], b[apart]
            near = self._near(coordinates, starts[a], coordinates, starts[b])
            waiting_a.append(a[near])
            waiting_b.append(b[near])
            # Merged after the nearest rows, where it saves most of the later pairs, and at the end.
            if turn in (0, 2, 4) or turn == len(half) - 1:
                labels = merge(labels, np.concatenate(waiting_a), np.concatenate(waiting_b))
                waiting_a, waiting_b = [], []
            rest = ~near & ((sizes[a] > 1) | (sizes[b] > 1))
            open_a.append(a[rest])
            open_b.append(b[rest])
        if open_a:
            labels = self._settle(labels, np.concatenate(open_a), np.concatenate(open_b), starts, coordinates)
        return np.repeat(labels, sizes)

    def _settle(
        self,
        labels: np.ndarray,
        a: np.ndarray,
        b: np.ndarray,
        starts: np.ndarray,
        coordinates: list[np.ndarray],
    ) -> np.ndarray:
        """Join the groups a[k] and b[k] that hold near points, looking only where it can still matter."""
        a, b = _still_apart(labels, a, b)
        if not len(a):
            return labels
        gap = np.zeros(len(a))
        for column in coordinates:
            low, high = np.minimum.reduceat(column, starts[:-1]), np.maximum.reduceat(column, starts[:-1])
            gap += np.maximum(0, np.maximum(low[a] - high[b], low[b] - high[a])) ** 2
        # The boxes' gap is a lower bound but for rounding, which the slack covers.
        possible = gap <= self.threshold * (1 + SLACK)
        a, b = a[possible], b[possible]
        sizes = np.diff(starts)
        by_cost = np.argsort(sizes[a] * sizes[b], kind="stable")
        a, b = a[by_cost], b[by_cost]
        limit = 50_000  # small at first: every early join saves later pairs
        while len(a):
            cost = sizes[a] * sizes[b]
            if cost[0] > HEAVY:
                near = np.array([self._trees_meet(starts, coordinates, a[0], b[0])])
                stop = 1
            else:
                light = int(np.searchsorted(cost, HEAVY, side="right"))
                stop = chunks(cost[:light], limit)[0].stop
                which, in_b = expand(
                    starts[b[:stop]].repeat(sizes[a[:stop]]), sizes[b[:stop]].repeat(sizes[a[:stop]])
                )
                pair, in_a = expand(starts[a[:stop]], sizes[a[:stop]])
                hit = self._near(coordinates, in_a[which], coordinates, in_b)
                near = np.bincount(pair[which[hit]], minlength=stop) > 0
            labels = merge(labels, a[:stop][near], b[:stop][near])
            a, b = _still_apart(labels, a[stop:], b[stop:])
            limit = min(limit * 4, 2_000_000)
        return labels

    def _trees_meet(self, starts: np.ndarray, coordinates: list[np.ndarray], a: int, b: int) -> bool:
        """Whether two groups of many points hold near points, by nearest neighbours."""
        rows_a, rows_b = np.arange(starts[a], starts[a + 1]), np.arange(starts[b], starts[b + 1])
        if len(rows_a) > len(rows_b):
            rows_a, rows_b = rows_b, rows_a
        tree = cKDTree(np.column_stack([column[rows_b] for column in coordinates]))
        _, nearest = tree.query(np.column_stack([column[rows_a] for column in coordinates]))
        return bool(self._near(coordinates, rows_a, coordinates, rows_b[nearest]).any())

    def _borders(
        self, keys: np.ndarray, coordinates: list[np.ndarray], core: np.ndarray, labels: np.ndarray
    ) -> None:
        """Give rows that are not core the lowest label among their core neighbours, in place."""
        border = np.flatnonzero(labels < 0)
        starts, group_keys = _groups(keys[core])
        ranks = labels[core]
        best = np.full(len(border), np.iinfo(np.int64).max)
        core_coordinates = [column[core] for column in coordinates]
        for offset, reach in self.stencil or [((), 0)]:
            centre = keys[border] + int(np.dot(self.strides[:-1], offset)) if offset else keys[border]
            low = np.searchsorted(group_keys, centre - reach)
            high = np.searchsorted(group_keys, centre + reach, side="right")
            begin, width = starts[low], starts[high] - starts[low]
            for part in chunks(width):
                which, other = expand(begin[part], width[part])
                near = self._near(coordinates, border[part][which], core_coordinates, other)
                np.minimum.at(best[part], which[near], ranks[other[near]])
        found = best < np.iinfo(np.int64).max
        labels[border[found]] = best[found]


def _cells(points: np.ndarray, eps: float) -> list[np.ndarray]:
    """The grid cell of every point along every axis."""
    if eps == 0:
        # Only equal points are near: one cell for each distinct point.
        return [
            np.unique(points + 0.0, axis=0, return_inverse=True)[1].reshape(-1)
        ]  # + 0.0: one zero, not two
    side = eps / np.sqrt(points.shape[1]) * (1 - SLACK)
    low = points.min(axis=0)
    with np.errstate(over="ignore"):
        extent = (points.max(axis=0) - low) / side
    if not extent.max() < MAX_CELLS:
        raise OverflowError("eps is too small against the spread of the points for a grid")
    return [
        np.floor((column - origin) / side).astype(np.int64)
        for column, origin in zip(points.T, low, strict=True)
    ]


def _close_gaps(cells: np.ndarray, reach: int) -> np.ndarray:
    """Renumber the cells along an axis so that wide gaps become just too wide to be neighbours."""
    values, position = np.unique(cells, return_inverse=True)
    return np.concatenate([[0], np.cumsum(np.minimum(np.diff(values), reach + 1))])[position]


def _groups(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where runs of equal keys start (with the end appended), and the keys."""
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return np.append(starts, len(keys)), keys[starts]


def _still_apart(labels: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    apart = labels[a] != labels[b]
    return a[apart], b[apart]
