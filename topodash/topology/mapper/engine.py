"""What the clustering engines share: their interface, exact distances, connected components.

An engine gets *rows*, which are (cover element, point) pairs sorted by element, and labels them. All elements
of a batch are one problem: nothing is called once per element that could be called once per batch.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

FEW = 5000  # pairs up to which components are merged without a sparse matrix
CHUNK = 2_000_000  # distances held at once; bounds the memory, whatever the data


@dataclass(frozen=True)
class Rows:
    """Pairs of cover element and point, sorted by element.

    Attributes
    ----------
    points : (r,) point indices
        Within an element in the order that the engine asks for.
    starts : (m + 1,) int64
        Element j holds rows starts[j] to starts[j + 1].
    """

    points: np.ndarray
    starts: np.ndarray

    @property
    def elements(self) -> np.ndarray:
        """The element of every row, (r,)."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


class Engine(Protocol):
    """Clusters the rows of many cover elements at once.

    Attributes
    ----------
    order : (n,) int64
        The order in which points should come within an element.
    """

    order: np.ndarray

    def cluster(self, rows: Rows) -> np.ndarray:
        """Labels (r,): -1 for noise, else clusters numbered by element, then by lowest first core point."""


def squared_threshold(eps: float) -> float:
    """The greatest float t with sqrt(t) <= eps, so that 'squared <= t' says exactly 'distance <= eps'."""
    threshold = np.float64(eps) * np.float64(eps)
    while np.sqrt(threshold) > eps:
        threshold = np.nextafter(threshold, 0.0)
    while np.sqrt(np.nextafter(threshold, np.inf)) <= eps:
        threshold = np.nextafter(threshold, np.inf)
    return float(threshold)


def merge(labels: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Join the components of the items a[k] and b[k].

    Parameters
    ----------
    labels : (g,) int, component of every item, numbered 0, 1, ...
    a, b : (k,) int, items

    Returns
    -------
    (g,) int32, the new components, numbered 0, 1, ...
    """
    if not len(a):
        return labels
    if len(a) <= FEW:
        return _merge_few(labels, a, b)
    count = int(labels.max()) + 1
    edges = sp.coo_array((np.ones(len(a)), (labels[a], labels[b])), shape=(count, count))
    _, joined = connected_components(edges.tocsr(), directed=False)
    return joined[labels]


def _merge_few(labels: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """`merge` by hooking roots on lower ones and halving paths, which beats building sparse matrices for few pairs."""
    one, other = labels[a], labels[b]
    parent = np.arange(int(labels.max()) + 1, dtype=np.int32)
    while True:
        low, high = np.minimum(one, other), np.maximum(one, other)
        apart = low != high
        if not apart.any():
            break
        np.minimum.at(parent, high[apart], low[apart])
        above = parent[parent]
        while (above != parent).any():
            parent, above = above, above[above]
        one, other = parent[low[apart]], parent[high[apart]]
    roots = parent == np.arange(len(parent))
    joined: np.ndarray = (np.cumsum(roots, dtype=np.int32) - 1)[parent]
    return joined[labels]


def expand(starts: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spell out ranges: for range k the pairs (k, starts[k]), (k, starts[k] + 1), ...

    Returns
    -------
    (which range, which value), both (sum of counts,)
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    values = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - (ends - counts), counts)
    return owner, values


def chunks(costs: np.ndarray, limit: int = CHUNK) -> list[slice]:
    """Cut items into runs whose summed cost is at most `limit` (or a single item)."""
    if not len(costs):
        return []
    total = np.cumsum(costs)
    slices, start = [], 0
    while start < len(costs):
        base = total[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(total, base + limit, side="right")))
        slices.append(slice(start, stop))
        start = stop
    return slices


def number_clusters(elements: np.ndarray, components: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Number the components of core rows by element, then by their lowest point index.

    Parameters
    ----------
    elements, components, points : (c,) int
        Of the core rows; components numbered 0, 1, ...

    Returns
    -------
    (k,) int64, the number of every component
    """
    count = int(components.max()) + 1 if len(components) else 0
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, components, points)
    element = np.zeros(count, dtype=np.int64)
    element[components] = elements
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort((first, element))] = np.arange(count)
    return rank
