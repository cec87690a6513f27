"""Sensitivity: what becomes of the ring as the density filter rho(k, p) changes.

'Ring' here is a picture's word with a definition: the longest degree-1 bar is at least twice the second and
the gradient directions of the averaged filters around the PCA plane turn exactly once. A Gaussian bank may
pass it, so it is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import pdist, squareform

from topodash.geometry import klein_fit
from topodash.studies.filter_topology import dense_filters, principal_plane, statistics_of
from topodash.studies.filter_topology_config import FilterTopologyConfig
from topodash.studies.filter_topology_wheel import wheel
from topodash.topology.long_bars import degree_one_bars

__all__ = ["RING_RATIO", "SensitivityCell", "sensitivity"]

RING_RATIO = 2.0


@dataclass(frozen=True)
class SensitivityCell:
    """One setting of the density filter.

    Attributes
    ----------
    k : int
    fraction : float
    kept : int
        Filters that the setting keeps; 0 when it cannot be computed (``reason`` says why).
    statistics : dict
        As `topodash.studies.filter_topology.statistics_of`; empty when it cannot be computed.
    turns : int
        How often the averaged filters turn around the PCA plane.
    ring : bool
        As the module's docstring defines it.
    reason : str
    """

    k: int
    fraction: float
    kept: int
    statistics: dict[str, float]
    turns: int
    ring: bool
    reason: str = ""


def sensitivity(
    filters: NDArray,
    config: FilterTopologyConfig,
    *,
    ks: Sequence[int] = (5, 25, 50, 100, 200, 400),
    fractions: Sequence[float] = (0.05, 0.1, 0.2, 0.3, 0.4),
    skip: int = 0,
) -> Iterator[SensitivityCell]:
    """One cell after another, k by k, the fractions in their order.

    Parameters
    ----------
    filters : (n, k, k) or (n, k * k) array, raw
    config : FilterTopologyConfig
        All but ``k`` and ``fraction``.
    ks, fractions : sequences
        The grid.
    skip : int
        Cells that an earlier, stopped call has given.
    """
    grid = [(k, fraction) for k in ks for fraction in fractions]
    for k, fraction in grid[skip:]:
        try:
            dense = dense_filters(filters, replace(config, k=k, fraction=fraction))
        except ValueError as error:
            yield SensitivityCell(k, fraction, 0, {}, 0, False, str(error))
            continue
        bars = degree_one_bars(squareform(pdist(dense.points)))
        numbers = statistics_of(dense.values, bars, klein_fit(dense.values))
        scores, _ = principal_plane(dense.values)
        turns = wheel(np.arctan2(scores[:, 1], scores[:, 0]), dense.values).turns
        ring = abs(turns) == 1 and numbers["bar_ratio"] >= RING_RATIO
        yield SensitivityCell(k, fraction, len(dense), numbers, turns, bool(ring))
