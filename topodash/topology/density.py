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
_BLOCK = 512  # rows at once: 512 x 6400 float64 are 26 MB
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
    squares = np.einsum("ij,ij->i", values, values)
    far = np.empty(len(values))
    for start in range(0, len(values), _BLOCK):
        rows = values[start : start + _BLOCK]
        distances = rows @ values.T
        distances *= -2
        distances += squares  # the row's own square moves no rank
        own = np.arange(len(rows))
        distances[own, start + own] = -np.inf
        # ten times faster than argpartition; equal entries are equally far, so any of them will do
        level = np.partition(distances, k, axis=1)[:, k]
        neighbour = (distances == level[:, None]).argmax(axis=1)
        # from the coordinates again: the product form would break ties by its rounding
        far[start : start + _BLOCK] = np.linalg.norm(rows - values[neighbour], axis=1)
    return far
