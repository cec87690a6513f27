"""The engine for many dimensions and for distance matrices: blocks of distances, element by element.

1. Points are kept in a space-filling order of their first principal components. An element is cut into runs
   of that order; a projection never lengthens a distance, so runs whose boxes are more than eps apart are
   never compared.
2. Where all rows of a run already share a component, columns of that component are dropped before any
   distance is computed; where all rows have enough neighbours, so are columns that have.
3. A block of squared distances is one matrix product in single precision. Pairs within its rounding error of
   eps squared are computed again from differences in double precision: the answer is exact, whatever the
   number of threads.

Blocks are used and dropped: memory is linear in the largest element. Elements of at most `SMALL` points are one
block each, and many of them one graph (`small.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from topodash.topology.mapper.engine import CHUNK, Rows, merge, number_clusters, squared_threshold
from topodash.topology.mapper.small import SMALL, small_batches

RUN = 256  # rows of a block
BOX_AXES = 8  # principal components whose boxes are compared
NONE = np.iinfo(np.int64).max


Pairs = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class _Runs:
    """An element cut into runs: where they start, how long they are, and the run of every point."""

    starts: np.ndarray
    sizes: np.ndarray
    owner: np.ndarray

    @classmethod
    def cut(cls, n: int) -> "_Runs":
        starts = np.append(np.arange(0, n, RUN if n > SMALL else n), n)
        sizes = np.diff(starts)
        return cls(starts, sizes, np.repeat(np.arange(len(sizes)), sizes))

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        for k, (start, stop) in enumerate(pairwise(self.starts.tolist())):
            yield k, start, stop


@dataclass(frozen=True)
class _Seen:
    """Near pairs (a, b) met while counting, and the runs whose rows met every column."""

    a: np.ndarray
    b: np.ndarray
    whole: np.ndarray


class BlockEngine:
    """Exact density clusters of Euclidean points in any dimension.

    Parameters
    ----------
    points : (n, d) float64
    eps : float, at least 0
    min_samples : int
    """

    def __init__(self, points: np.ndarray, eps: float, min_samples: int) -> None:
        centred = points - points.mean(axis=0)
        self.points, self.min_samples = centred, min_samples
        self.eps, self.threshold = eps, squared_threshold(eps)
        squares = np.einsum("ij,ij->i", centred, centred)
        _, axes = np.linalg.eigh(centred.T @ centred)
        self.heights = centred @ axes[:, ::-1][:, :BOX_AXES]
        self.order = np.lexsort((np.arange(len(points)), _morton(self.heights[:, :3])))
        dimensions = points.shape[1]
        for kind in (np.float32, np.float64):
            # Bound of the rounding of x.x + y.y - 2 x.y, with a factor to spare.
            self.error = 8 * (dimensions + 8) * float(np.finfo(kind).eps) * float(squares.max())
            if self.error < 0.01 * self.threshold and squares.max() < 1e30:
                break
        # Rows of these meet in x.x + y.y - 2 x.y: one product and no further pass over the block.
        self.left = np.empty((len(points), dimensions + 2), dtype=kind)
        self.left[:, :dimensions], self.left[:, -2], self.left[:, -1] = (
            centred[self.order],
            squares[self.order],
            1,
        )
        self.right = np.empty_like(self.left)
        np.multiply(self.left[:, :dimensions], -2, out=self.right[:, :dimensions])
        self.right[:, -2], self.right[:, -1] = 1, squares[self.order]
        # In engine order, so that the rows of an element are read from memory in passing.
        self.rank = np.empty(len(points), dtype=np.int64)
        self.rank[self.order] = np.arange(len(points))

    def near(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of positions in a and b of points that are at most eps apart."""
        squared = (self.left[self.rank[a]] @ self.right[self.rank[b]].T).ravel()
        # One flat pass: two-dimensional `nonzero` is several times slower.
        hits = np.flatnonzero(squared <= self.threshold + self.error)
        row = hits // len(b)  # not divmod: division by one number is vectorised, divmod is not
        column = hits - row * len(b)
        unsure = np.flatnonzero(squared[hits] > self.threshold - self.error)
        if not len(unsure):
            return row, column
        kept = np.ones(len(hits), dtype=bool)
        for start in range(0, len(unsure), 50_000):
            part = unsure[start : start + 50_000]
            gap = self.points[a[row[part]]] - self.points[b[column[part]]]
            kept[part] = np.einsum("ij,ij->i", gap, gap) <= self.threshold
        return row[kept], column[kept]

    def meeting_runs(self, points: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """Which runs of the points may hold near points of which others, (runs, runs) bool."""
        heights = self.heights[points]
        low, high = np.minimum.reduceat(heights, starts[:-1]), np.maximum.reduceat(heights, starts[:-1])
        gap = np.zeros((len(low), len(low)))
        for bottom, top in zip(low.T, high.T, strict=True):
            gap += np.maximum(0, np.maximum(bottom[:, None] - top, bottom - top[:, None])) ** 2
        rounding = 1e-9 * (self.eps + np.abs(self.heights[:, 0]).max())
        meeting: np.ndarray = gap <= (self.eps + rounding) ** 2
        return meeting

    def cluster(self, rows: Rows) -> np.ndarray:
        """See `Engine.cluster`."""
        local = np.full(len(rows.points), -1, dtype=np.int64)
        sizes = np.diff(rows.starts)
        small = (sizes >= max(1, self.min_samples)) & (sizes <= SMALL)
        for part in small_batches(self, rows, np.flatnonzero(small)):
            local[part.rows] = part.cluster(self.min_samples)
        for element in np.flatnonzero(sizes > SMALL).tolist():
            start, stop = rows.starts[element], rows.starts[element + 1]
            local[start:stop] = self._cluster_element(rows.points[start:stop])
        elements = rows.elements
        counts = np.zeros(len(sizes), dtype=np.int64)
        np.maximum.at(counts, elements, local + 1)
        return np.where(local >= 0, local + (np.cumsum(counts) - counts)[elements], -1)

    def _cluster_element(self, points: np.ndarray) -> np.ndarray:
        """Labels of the points of one element, in engine order."""
        n = len(points)
        runs = _Runs.cut(n)
        meeting = self.meeting_runs(points, runs.starts)
        if self.min_samples > 2:
            core, seen = self._core(points, runs, meeting)
        else:
            core, seen = np.ones(n, dtype=bool), None
        components = self._components(points, runs, meeting, core, seen)
        if self.min_samples == 2:
            core = np.bincount(components)[components] >= 2
        labels = np.full(n, -1, dtype=np.int64)
        inside = np.flatnonzero(core)
        if not len(inside):
            return labels
        numbers = np.unique(components[inside], return_inverse=True)[1]
        labels[inside] = number_clusters(np.zeros(len(inside), dtype=np.int64), numbers, points[inside])[
            numbers
        ]
        if self.min_samples > 2 and len(inside) < n:
            self._borders(points, runs, meeting, labels, seen)
        return labels

    def _blocks(
        self, points: np.ndarray, rows: np.ndarray, columns: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Near pairs of the rows and columns, as positions in `points`, in bounded blocks."""
        width = max(1, CHUNK // max(1, len(rows)))
        for start in range(0, len(columns) if len(rows) else 0, width):
            part = columns[start : start + width]
            row, column = self.near(points[rows], points[part])
            yield rows[row], part[column]

    def _core(
        self, points: np.ndarray, runs: "_Runs", meeting: np.ndarray
    ) -> tuple[np.ndarray, "_Seen | None"]:
        """Which points have at least min_samples neighbours (counting stops at enough), and what was seen
        meanwhile.
        """
        n = len(points)
        counts = np.zeros(n, dtype=np.int64)
        pairs: list[Pairs] = []
        held, whole = 0, np.zeros(len(meeting), dtype=bool)
        for _, start, stop in runs:
            rows = np.arange(start, stop)
            for a, b in self._blocks(points, rows, rows):
                counts[start:stop] += np.bincount(a - start, minlength=stop - start)
                pairs.append((a, b))
        for k, start, stop in runs:
            wanted = np.repeat(meeting[k], runs.sizes) & (runs.owner > k)
            whole[k] = bool((counts[start:stop] < self.min_samples).any())
            if not whole[k]:
                wanted &= counts < self.min_samples
            for a, b in self._blocks(points, np.arange(start, stop), np.flatnonzero(wanted)):
                counts[start:stop] += np.bincount(a - start, minlength=stop - start)
                counts[stop:] += np.bincount(b - stop, minlength=n - stop)
                held += len(a)
                if held <= CHUNK:
                    pairs.append((a, b))
        seen = _Seen(*_concatenate(pairs), whole) if held <= CHUNK else None
        return counts >= self.min_samples, seen

    def _components(
        self, points: np.ndarray, runs: "_Runs", meeting: np.ndarray, core: np.ndarray, seen: "_Seen | None"
    ) -> np.ndarray:
        """Connected components of the core points (the others stay alone), (n,) int."""
        n = len(points)
        components = np.arange(n, dtype=np.int32)
        waiting: list[Pairs] = []
        inside = [start + np.flatnonzero(core[start:stop]) for _, start, stop in runs]
        if seen is None:
            for rows in inside:
                waiting += self._blocks(points, rows, rows)
        else:
            both = core[seen.a] & core[seen.b]
            waiting.append((seen.a[both], seen.b[both]))
        components, waiting = _join(components, waiting), []
        for k, rows in enumerate(inside):
            if not len(rows) or (seen is not None and seen.whole[k]):
                continue
            wanted = core & np.repeat(meeting[k], runs.sizes) & (runs.owner > k)
            if (components[rows] == components[rows[0]]).all():
                wanted &= components != components[rows[0]]
            for a, b in self._blocks(points, rows, np.flatnonzero(wanted)):
                apart = components[a] != components[b]
                waiting.append((a[apart], b[apart]))
                if sum(len(a) for a, _ in waiting) > n // 2:
                    components, waiting = _join(components, waiting), []
        return _join(components, waiting)

    def _borders(
        self, points: np.ndarray, runs: "_Runs", meeting: np.ndarray, labels: np.ndarray, seen: "_Seen | None"
    ) -> None:
        """Give points that are not core the lowest label among their core neighbours, in place."""
        core = labels >= 0
        best = np.full(len(points), NONE)
        if seen is not None:
            # Counting never left out a pair with a point that is not core: all of them were seen.
            for a, b in ((seen.a, seen.b), (seen.b, seen.a)):
                border = ~core[a] & core[b]
                np.minimum.at(best, a[border], labels[b[border]])
        else:
            for k, start, stop in runs:
                rows = start + np.flatnonzero(~core[start:stop])
                columns = np.flatnonzero(core & np.repeat(meeting[k], runs.sizes))
                for a, b in self._blocks(points, rows, columns):
                    np.minimum.at(best, a, labels[b])
        labels[best < NONE] = best[best < NONE]


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

    def near(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of positions in a and b of points that are at most eps apart."""
        hits = np.flatnonzero(self.distances[np.ix_(a, b)] <= self.eps)
        row = hits // len(b)
        return row, hits - row * len(b)

    def meeting_runs(self, points: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """All of them: a matrix has no boxes to go by."""
        return np.ones((len(starts) - 1, len(starts) - 1), dtype=bool)


def _concatenate(pairs: list[Pairs]) -> Pairs:
    return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])


def _join(components: np.ndarray, pairs: list[Pairs]) -> np.ndarray:
    """Merge the components along lists of pairs."""
    return merge(components, *_concatenate(pairs)) if pairs else components


def _morton(heights: np.ndarray) -> np.ndarray:
    """Number the points along a space-filling curve through up to three coordinates, (n,) int64.

    All axes have the unit of the widest, so that a flat cloud is cut along its long sides.
    """
    low = heights.min(axis=0)
    spread = (heights.max(axis=0) - low).max()
    cells = ((heights - low) * (1023 / spread if spread > 0 else 0)).astype(np.int64)
    code = np.zeros(len(heights), dtype=np.int64)
    for bit in range(10):
        for axis in range(cells.shape[1]):
            code |= ((cells[:, axis] >> bit) & 1) << (cells.shape[1] * bit + axis)
    return code
