"""The density filter of filter topology, and the normalisation of filters before it.

The density of a point is the inverse of the distance to its k-th nearest neighbour (itself not counted), so
rho(k, p) keeps the fraction p of the points whose k-th neighbour is nearest.

Source: R. Gabrielsson, G. Carlsson, *Exposition and interpretation of the topology of neural networks*
(2019), section 3; G. Carlsson, T. Ishkhanov, V. de Silva, A. Zomorodian, *On the local behavior of spaces of
natural images*, Int. J. Comput. Vis. 76 (2008), section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from topodash.topology.metrics import as_euclidean, finite_matrix

__all__ = ["NormalisedFilters", "density_filter", "neighbour_distances", "normalise_filters"]

Metric = Literal["euclidean", "variance_normalised"]

_TREE_UP_TO = 8  # columns; above that a k-d tree visits nearly every point and products of blocks are faster
_BLOCK = 128  # rows at once: 128 x 6400 float32 are 3 MB, which stay in the cache
_FLAT = 1e-7  # a filter whose deviation is less than this share of its largest weight is constant in float32


@dataclass(frozen=True)
class NormalisedFilters:
    """Filters with mean 0 and variance 1 each.

    Attributes
    ----------
    values : (m, d) float64
        The filters that are not constant, flattened; mean 0 and variance 1 (ddof = 0), so norm sqrt(d).
    kept : (m,) int64
        Their rows in what was given, ascending.
    constant : (c,) int64
        Rows left out because all weights are equal: they have no variance to scale.
    """

    values: NDArray[np.float64]
    kept: NDArray[np.int64]
    constant: NDArray[np.int64]


def normalise_filters(filters: ArrayLike) -> NormalisedFilters:
    """Centre every filter and scale it to variance 1; constant filters are left out and named.

    Parameters
    ----------
    filters : (n, k, k) or (n, d) array

    Raises
    ------
    ValueError
        For NaN or infinity (filter and weight are named) or an array of another shape.
    """
    array = np.asarray(filters, dtype=np.float64)
    if array.ndim < 2 or not array.size:
        raise ValueError(f"filters must have shape (n, k, k) or (n, d), not empty; it was {array.shape}")
    flat = finite_matrix("filters", array.reshape(len(array), -1))
    centred = flat - flat.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1))
    varies = deviation > _FLAT * np.abs(flat).max(axis=1)
    values = centred[varies] / deviation[varies, None]
    return NormalisedFilters(values, np.flatnonzero(varies), np.flatnonzero(~varies))


def density_filter(
    points: ArrayLike, *, k: int, fraction: float, metric: Metric = "euclidean"
) -> NDArray[np.int64]:
    """Indices of the floor(fraction n + 1e-9) densest points, densest first, ties by index.

    Parameters
    ----------
    points : (n, d) array
    k : int
        Which nearest neighbour's distance measures density, from 1 to n - 1; the point itself does not count.
    fraction : float
        Share of the points to keep, in (0, 1].
    metric : 'euclidean' or 'variance_normalised'
        The second divides every column by its standard deviation (ddof = 0) first.

    Raises
    ------
    ValueError
        For NaN or infinity (row and column are named), k not below n, a fraction outside (0, 1], or a
        constant column with the variance-normalised metric.
    """
    if not 0 < fraction <= 1:
        raise ValueError(f"fraction must be in (0, 1]; it was {fraction}")
    far = neighbour_distances(points, k=k, metric=metric)
    return np.argsort(far, kind="stable")[: int(fraction * len(far) + 1e-9)].astype(np.int64)


def neighbour_distances(points: ArrayLike, *, k: int, metric: Metric = "euclidean") -> NDArray[np.float64]:
    """Distance of every point to its k-th nearest neighbour, without an n x n matrix.

    Parameters
    ----------
    points, k, metric
        As in `density_filter`.

    Returns
    -------
    (n,) float64
        In the units of the metric.
    """
    values = finite_matrix("points", np.asarray(points))
    n = len(values)
    if k != int(k) or not 1 <= k < n:
        raise ValueError(
            f"k must be a whole number from 1 to {n - 1}, one less than the number of points {n}; it was {k}"
        )
    values = as_euclidean(values, metric)
    if values.shape[1] <= _TREE_UP_TO:
        return np.asarray(cKDTree(values).query(values, [k + 1])[0], dtype=np.float64)[:, 0]
    return _by_blocks(values - values.mean(axis=0), int(k))


def _by_blocks(values: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Products in float32 say which points can be the k-th neighbour at all; those few are measured in float64."""
    n, width = values.shape
    small = values / (float(np.abs(values).max(initial=0.0)) or 1.0)  # float32 ends at 3e38
    squares = np.einsum("ij,ij->i", small, small)
    # |x - y|^2 - |x|^2 as one product: the row's own square moves no rank
    right = np.vstack([-2 * small.T, squares]).astype(np.float32)
    left = np.hstack([small, np.ones((n, 1))]).astype(np.float32)
    # Rounding of the factors and of width + 1 additions, of terms that are at most 3 max |y|^2 together.
    doubt = np.float32(3 * (width + 4) * np.finfo(np.float32).eps) * squares.max(initial=0.0).astype(
        np.float32
    )
    far = np.empty(n)
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(start + _BLOCK, n))
        distances = left[rows] @ right
        own = np.arange(rows.stop - rows.start)
        distances[own, start + own] = -np.inf
        level = np.partition(distances, k, axis=1)[:, k, None]
        nearer = np.count_nonzero(distances < level - doubt, axis=1)
        near = (distances >= level - doubt) & (distances <= level + doubt)
        row, column = np.divmod(np.flatnonzero(near), n)  # ten times faster than nonzero of two columns
        exact = np.linalg.norm(values[start + row] - values[column], axis=1)
        order = np.lexsort((exact, row))
        first = np.searchsorted(row[order], own)
        far[rows] = exact[order[first + k - nearer]]
    return far
