"""The first three steps of the filter study: normalise, measure, keep the densest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topodash.studies.filter_topology_config import FilterTopologyConfig
from topodash.topology.density import NormalisedFilters, neighbour_distances, normalise_filters
from topodash.topology.metrics import as_euclidean

__all__ = ["DenseFilters", "dense_filters"]

#: Fewer points have no loop.
LEAST = 3
#: Every filter is measured against every other, and the distances of those that are kept are held at once (800 MB).
MOST, MOST_KEPT = 50_000, 10_000
#: Normalised filters that differ by less in every weight are one filter, rounded to float32.
_ALIKE = 1e-5


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
        For NaN or infinity, more than 50,000 filters, fewer than three filters that are not constant, filters that are all alike, ``k`` not
        below their number, a fraction that keeps none or more than 10,000, or a weight that is the same in all filters (with the
        variance-normalised metric).
    """
    if len(np.asarray(filters)) > MOST:
        raise ValueError(
            f"there are {len(np.asarray(filters)):,} filters; at most {MOST:,} are compared (average the input channels, or"
            " choose another layer)"
        )
    normal = normalise_filters(filters)
    total = len(normal.kept) + len(normal.constant)
    _refuse_what_has_no_topology(normal, config)
    count = len(normal.kept)
    keep = int(config.fraction * count + 1e-9)
    there = f"there are {count:,} filters" + (" that are not constant" if len(normal.constant) else "")
    if keep < 1:
        raise ValueError(
            f"the share kept must keep at least one filter; {there}, and {config.fraction:.3g} of them is none"
        )
    if keep > MOST_KEPT:
        raise ValueError(
            f"the share kept must keep at most {MOST_KEPT:,} filters; {there}, and {config.fraction:.3g} of them is {keep:,}"
        )
    if not config.k < count:
        raise ValueError(f"k must be a whole number from 1 to {count - 1}, for {there}; it was {config.k}")
    points = as_euclidean(normal.values, config.metric)
    reach = neighbour_distances(points, k=config.k)
    order = np.argsort(reach, kind="stable")[:keep]
    return DenseFilters(
        normal.kept[order], normal.values[order], points[order], reach[order], normal.constant, total
    )


def _refuse_what_has_no_topology(normal: NormalisedFilters, config: FilterTopologyConfig) -> None:
    """ValueError in the terms of whoever has the filters."""
    count, gone = len(normal.kept), len(normal.constant)
    if not count:
        raise ValueError(f"all {gone} filters are constant: each has one weight everywhere, and so no shape")
    if count < LEAST:
        some = f"; {gone} more are constant and have no shape" if gone else ""
        raise ValueError(
            f"there {'is only one filter' if count == 1 else f'are only {count} filters'}{some}: a ring takes at least {LEAST}"
        )
    spread = np.ptp(normal.values, axis=0)
    if spread.max() < _ALIKE:
        raise ValueError(
            f"all {count} filters are the same up to brightness and contrast: there is nothing to compare"
        )
    fixed = np.flatnonzero(spread < _ALIKE)
    if len(fixed) and config.metric == "variance_normalised":
        side = math.isqrt(normal.values.shape[1])
        row, column = divmod(int(fixed[0]), side)
        more = f" ({len(fixed)} such weights)" if len(fixed) > 1 else ""
        raise ValueError(
            f"the weight in row {row}, column {column} is the same in all filters after each is centred and scaled{more},"
            " so it cannot be scaled to variance 1; the Euclidean metric can be used"
        )
