"""Many small cover elements as one problem.

Each element is a single block of distances; the near pairs of many elements make one graph, whose components are
found in one call. Called element by element, the overhead would cost more than the distances.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from topodash.topology.mapper.engine import CHUNK, Rows, merge, number_clusters

SMALL = 512  # points of an element whose distances are one block
NONE = np.iinfo(np.int64).max


class Neighbours(Protocol):
    """Finds near pairs."""

    def near(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of positions in a and b of points that are at most eps apart."""


@dataclass(frozen=True)
class SmallBatch:
    """Some elements and the near pairs inside them.

    Attributes
    ----------
    rows, points, elements : (k,) int64
        The rows of the elements, in order; their points and elements.
    a, b : (p,) int64
        Near pairs a < b, as positions in `rows`.
    """

    rows: np.ndarray
    points: np.ndarray
    elements: np.ndarray
    a: np.ndarray
    b: np.ndarray

    def cluster(self, min_samples: int) -> np.ndarray:
        """Labels (k,): -1 for noise, else clusters numbered in each element by lowest first core point."""
        n = len(self.rows)
        alone = np.arange(n, dtype=np.int32)
        if min_samples > 2:
            counts = 1 + np.bincount(self.a, minlength=n) + np.bincount(self.b, minlength=n)
            core = counts >= min_samples
            both = core[self.a] & core[self.b]
            components = merge(alone, self.a[both], self.b[both])
        else:
            components = merge(alone, self.a, self.b)
            core = np.bincount(components)[components] >= min_samples
        labels = np.full(n, -1, dtype=np.int64)
        inside = np.flatnonzero(core)
        if not len(inside):
            return labels
        numbers = np.unique(components[inside], return_inverse=True)[1]
        element = self.elements[inside]
        found = number_clusters(element, numbers, self.points[inside])[numbers]
        home = np.empty(int(found.max()) + 1, dtype=np.int64)
        home[found] = element
        labels[inside] = found - np.searchsorted(home, element)
        if min_samples > 2:
            self._borders(labels, core)
        return labels

    def _borders(self, labels: np.ndarray, core: np.ndarray) -> None:
        """Give points that are not core the lowest label among their core neighbours, in place."""
        best = np.full(len(labels), NONE)
        for one, other in ((self.a, self.b), (self.b, self.a)):
            border = ~core[one] & core[other]
            np.minimum.at(best, one[border], labels[other[border]])
        labels[best < NONE] = best[best < NONE]


def small_batches(engine: Neighbours, rows: Rows, elements: np.ndarray) -> Iterator[SmallBatch]:
    """Batches of small elements, each with about a bounded number of near pairs."""
    first: list[int] = []
    pairs: list[tuple[np.ndarray, np.ndarray]] = []
    held = base = 0
    for element in elements.tolist():
        start, stop = int(rows.starts[element]), int(rows.starts[element + 1])
        points = rows.points[start:stop]
        row, column = engine.near(points, points)
        upper = row < column
        pairs.append((row[upper] + base, column[upper] + base))
        first.append(element)
        base += stop - start
        held += len(pairs[-1][0])
        if held > CHUNK:
            yield _batch(rows, np.array(first), pairs)
            first, pairs, held, base = [], [], 0, 0
    if first:
        yield _batch(rows, np.array(first), pairs)


def _batch(rows: Rows, elements: np.ndarray, pairs: list[tuple[np.ndarray, np.ndarray]]) -> SmallBatch:
    which = np.concatenate([np.arange(rows.starts[e], rows.starts[e + 1]) for e in elements.tolist()])
    return SmallBatch(
        rows=which,
        points=rows.points[which],
        elements=np.repeat(elements, np.diff(rows.starts)[elements]),
        a=np.concatenate([a for a, _ in pairs]),
        b=np.concatenate([b for _, b in pairs]),
    )
