"""Nearest neighbours in the metrics of `metrics.py`, exactly."""

import numpy as np
from scipy.spatial import cKDTree

from topodash.topology.metrics import as_euclidean

TREE_DIMENSIONS = 12  # beyond it a tree looks at nearly all points anyway


def nearest(
    points: np.ndarray, k: int, *, metric: str = "euclidean", asked: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Distances and indices of the k nearest other points, nearest first; ties by index.

    Parameters
    ----------
    points : (n, d), or (n, n) distances for metric 'precomputed'
    k : int, from 1 to n - 1
    metric : str
    asked : (m,) int, optional
        The points whose neighbours are wanted; all by default.

    Returns
    -------
    distances (m, k) float64, indices (m, k) int64

    Raises
    ------
    ValueError
        When there are no k other points.
    """
    n = len(points)
    if not 1 <= k < n:
        raise ValueError(f"k must be from 1 to {n - 1} for {n} points, was {k!r}")
    asked = np.arange(n) if asked is None else asked
    distances, indices = np.empty((len(asked), k)), np.empty((len(asked), k), dtype=np.int64)
    moved = points if metric == "precomputed" else as_euclidean(points, metric)
    if metric != "precomputed" and moved.shape[1] <= TREE_DIMENSIONS:
        found = cKDTree(moved).query(moved[asked], k=k + 1)
        near, which = np.asarray(found[0]), np.asarray(found[1])
        # The point itself stands first, unless equal points push it back or out: take out it, or the last.
        itself = which == asked[:, None]
        drop = np.where(itself.any(axis=1), itself.argmax(axis=1), k)
        kept = np.arange(k + 1)[None, :] != drop[:, None]
        distances, indices = near[kept].reshape(-1, k), which[kept].reshape(-1, k)
    else:
        for start in range(0, len(asked), 256):
            rows = asked[start : start + 256]
            block = points[rows].copy() if metric == "precomputed" else _distances(moved[rows], moved)
            block[np.arange(len(rows)), rows] = np.inf
            which = np.argpartition(block, k - 1, axis=1)[:, :k]
            near = np.take_along_axis(block, which, axis=1)
            distances[start : start + 256], indices[start : start + 256] = near, which
    order = np.lexsort((indices, distances), axis=1)
    distances, indices = (
        np.take_along_axis(distances, order, axis=1),
        np.take_along_axis(indices, order, axis=1),
    )
    return (distances**2 / 2 if metric == "cosine" else distances), indices


def kth_distances(
    points: np.ndarray, k: int, *, metric: str = "euclidean", asked: np.ndarray | None = None
) -> np.ndarray:
    """Distance to the k-th nearest other point, (m,)."""
    return nearest(points, k, metric=metric, asked=asked)[0][:, -1]


def _distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    from scipy.spatial.distance import cdist

    return cdist(a, b)
