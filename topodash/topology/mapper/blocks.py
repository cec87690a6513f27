"""The engine for many dimensions and for distance matrices: blocks of distances, element by element.

Points are kept in the order of their first principal component. A projection never lengthens a distance, so a block of
rows meets only the columns whose component is within eps of it. A block comes from one matrix product; the few pairs whose
squared distance is within its rounding error of eps squared are computed again from differences, so the answer is exact and
does not depend on the number of threads. Blocks are used up and dropped: memory is linear in the largest element.
"""

from collections.abc import Iterator

import numpy as np

from topodash.topology.mapper.engine import CHUNK, Rows, merge, number_clusters, squared_threshold

KEEP = 64_000_000  # bytes of neighbour blocks kept between passes; beyond that they are computed again


class BlockEngine:
    """Exact density clusters of Euclidean points in any dimension.

    Parameters
    ----------
    points : (n, d) float64
    eps : float, at least 0
    min_samples : int
    """

    def __init__(self, points: np.ndarray, eps: float, min_samples: int) -> None:
        self.points = points - points.mean(axis=0)
        self.eps, self.min_samples = eps, min_samples
        self.threshold = squared_threshold(eps)
        self.squares = np.einsum("ij,ij->i", self.points, self.points)
        _, axes = np.linalg.eigh(self.points.T @ self.points)
        self.height = self.points @ axes[:, -1]
        self.order = np.argsort(self.height, kind="stable")

    def near(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Which of points a are at most eps from which of points b, (len(a), len(b)) bool."""
        squared = self.points[a] @ self.points[b].T
        squared *= -2
        squared += self.squares[a][:, None]
        squared += self.squares[b][None, :]
        result: np.ndarray = squared <= self.threshold
        scale = self.squares[a].max() + self.squares[b].max()
        error = 4 * (self.points.shape[1] + 8) * np.finfo(float).eps * scale
        squared -= self.threshold
        np.abs(squared, out=squared)
        row, column = np.nonzero(squared <= error)
        for start in range(0, len(row), 100_000):
            r, c = row[start : start + 100_000], column[start : start + 100_000]
            gap = self.points[a[r]] - self.points[b[c]]
            result[r, c] = np.einsum("ij,ij->i", gap, gap) <= self.threshold
        return result

    def reach(self, ordered: np.ndarray, stop: int) -> int:
        """How many of the ordered points can be near one of the first `stop`."""
        height = self.height[ordered]
        rounding = 1e-9 * (self.eps + np.abs(height).max())
        return int(np.searchsorted(height, height[stop - 1] + self.eps + rounding, side="right"))

    def cluster(self, rows: Rows) -> np.ndarray:
        """See `Engine.cluster`."""
        labels = np.full(len(rows.points), -1, dtype=np.int64)
        count = 0
        for start, stop in zip(rows.starts[:-1], rows.starts[1:], strict=True):
            labels[start:stop] = self._cluster_element(rows.points[start:stop])
            found = int(labels[start:stop].max()) + 1
            labels[start:stop][labels[start:stop] >= 0] += count
            count += found
        return labels

    def _blocks(self, points: np.ndarray) -> Iterator[tuple[slice, slice, np.ndarray]]:
        """Blocks of the upper triangle: rows, columns (from the first row on), which pairs are near."""
        n = len(points)
        height = min(512, max(1, CHUNK // n))
        for start in range(0, n, height):
            stop = min(n, start + height)
            end = max(stop, self.reach(points, stop))
            for left in range(start, end, CHUNK):
                right = min(end, left + CHUNK)
                yield slice(start, stop), slice(left, right), self.near(points[start:stop], points[left:right])

    def _cluster_element(self, points: np.ndarray) -> np.ndarray:
        n = len(points)
        kept = list(self._blocks(points)) if self.min_samples > 2 and n * n <= 2 * KEEP else None

        def blocks() -> Iterator[tuple[slice, slice, np.ndarray]]:
            return iter(kept) if kept is not None else self._blocks(points)

        core = self._core(n, blocks()) if self.min_samples > 2 else np.ones(n, dtype=bool)
        components = np.arange(n, dtype=np.int32)
        for rows, columns, near in blocks():
            joins = near & (components[rows][:, None] != components[columns][None, :])
            if self.min_samples > 2:
                joins &= core[rows][:, None] & core[columns][None, :]
            a, b = np.nonzero(joins)
            components = merge(components, a + rows.start, b + columns.start)
        if self.min_samples == 2:
            core = np.bincount(components)[components] >= 2
        labels = np.full(n, -1, dtype=np.int64)
        inside = np.flatnonzero(core)
        if not len(inside):
            return labels
        numbers = np.unique(components[inside], return_inverse=True)[1]
        labels[inside] = number_clusters(np.zeros(len(inside), dtype=np.int64), numbers, points[inside])[numbers]
        if self.min_samples > 2 and not core.all():
            self._borders(labels, core, blocks())
        return labels

    def _core(self, n: int, blocks: Iterator[tuple[slice, slice, np.ndarray]]) -> np.ndarray:
        """Which points have at least min_samples neighbours."""
        counts = np.zeros(n, dtype=np.int64)
        for rows, columns, near in blocks:
            counts[rows] += near.sum(axis=1)
            # The square on the diagonal holds both (i, j) and (j, i); right of it only one of them is seen.
            beyond = max(rows.stop, columns.start)
            counts[beyond : columns.stop] += near[:, beyond - columns.start :].sum(axis=0)
        return counts >= self.min_samples

    def _borders(
        self, labels: np.ndarray, core: np.ndarray, blocks: Iterator[tuple[slice, slice, np.ndarray]]
    ) -> None:
        """Give points that are not core the lowest label among their core neighbours, in place."""
        none = np.iinfo(np.int64).max
        own = np.where(core, labels, none)
        best = np.full(len(labels), none)
        for rows, columns, near in blocks:
            for some, other, table in ((rows, columns, near), (columns, rows, near.T)):
                border = np.flatnonzero(~core[some])
                if len(border):
                    least = np.where(table[border], own[other][None, :], none).min(axis=1)
                    at = border + some.start
                    best[at] = np.minimum(best[at], least)
        found = ~core & (best < none)
        labels[found] = best[found]


class MatrixEngine(BlockEngine):
    """The same on a matrix of distances.

    Parameters
    ----------
    distances : (n, n) float64, symmetric
    eps : float
    min_samples : int
    """

    def __init__(self, distances: np.ndarray, eps: float, min_samples: int) -> None:
        self.distances, self.eps, self.min_samples = distances, eps, min_samples
        self.order = np.arange(len(distances))

    def near(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Which of points a are at most eps from which of points b, (len(a), len(b)) bool."""
        near: np.ndarray = self.distances[np.ix_(a, b)] <= self.eps
        return near

    def reach(self, ordered: np.ndarray, stop: int) -> int:
        """All of them: a matrix has no projection to go by."""
        return len(ordered)
