"""The first three steps of the filter study: normalise, measure, keep the densest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topodash.studies.filter_topology_config import FilterTopologyConfig
from topodash.topology.density import neighbour_distances, normalise_filters
from topodash.topology.metrics import as_euclidean

__all__ = ["DenseFilters", "dense_filters"]


@dataclass(frozen=True, eq=False)
class DenseFilters:
    """Steps 1 to 3.

    Attributes
    ----------
    indices : (m,) int64
        Rows of the bank, densest first.
    values : (m, d) float64
        Those filters, each with mean 0 and variance 1.
    points : (m, d) float64
        The same in the metric: their Euclidean distances are the study's distances.
    reach : (m,) float64
        Distance to the k-th nearest neighbour among all filters, ascending.
    constant : (c,) int64
        Rows of the bank that are constant filters, and so have no place.
    total : int
        Filters in the bank.
    """

    indices: NDArray[np.int64]
    values: NDArray[np.float64]
    points: NDArray[np.float64]
    reach: NDArray[np.float64]
    constant: NDArray[np.int64]
    total: int

    def __len__(self) -> int:
        return len(self.indices)


def dense_filters(filters: ArrayLike, config: FilterTopologyConfig) -> DenseFilters:
    """Steps 1 to 3: normalise, measure, keep the densest.

    Parameters
    ----------
    filters : (n, k, k) or (n, k * k) array, raw

    Raises
    ------
    ValueError
        For NaN or infinity, ``k`` not below the number of filters that are not constant, a fraction that
        keeps none, or a weight that is constant over all filters (with the variance-normalised metric).
    """
    normal = normalise_filters(filters)
    total = len(normal.kept) + len(normal.constant)
    keep = int(config.fraction * len(normal.kept) + 1e-9)
    if keep < 1:
        raise ValueError(
            f"fraction must keep at least one of {len(normal.kept)} filters; {config.fraction} keeps none"
            f" ({len(normal.constant)} constant filters were left out)"
        )
    count = len(normal.kept)
    if not config.k < count:
        raise ValueError(
            f"k must be a whole number from 1 to {count - 1}, one less than the number of filters that are not constant"
            f" ({count}); it was {config.k}"
        )
    points = as_euclidean(normal.values, config.metric)
    reach = neighbour_distances(points, k=config.k)
    order = np.argsort(reach, kind="stable")[:keep]
    return DenseFilters(
        normal.kept[order], normal.values[order], points[order], reach[order], normal.constant, total
    )
