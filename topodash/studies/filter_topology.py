"""The topology of what a convolution's first layer learns: from a bank of filters to the ring.

The paper's steps, in its order:

1. every filter is centred and scaled to variance 1 (constant ones are left out and named);
2. distances are Euclidean after every coordinate is scaled to variance 1 over all filters;
3. the density filter rho(k, p) keeps the share p with the nearest k-th neighbours;
4. Mapper of what is left, with neighbourhood or PCA lenses and single linkage;
5. persistent homology in degree 1 of the same filters, the circular coordinate of its longest bar, the place
   of every filter on the Klein bottle of patches, and statistics of all that.

Source: paper C: R. Gabrielsson, G. Carlsson, *Exposition and interpretation of the topology of neural
networks* (2019), sections 3 and 4 (figures 1, 2, 5 and 6); G. Carlsson, R. Gabrielsson, *Topological
approaches to deep learning* (2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import pdist, squareform

from topodash.geometry import klein_fit
from topodash.geometry.klein import KleinFit, gradient_direction, line_orientation
from topodash.studies.filter_topology_config import FilterTopologyConfig
from topodash.studies.filter_topology_dense import DenseFilters, dense_filters
from topodash.studies.filter_topology_statistics import (
    DESCRIPTION,
    EVIDENCE,
    no_nan,
    plane_angle,
    principal_plane,
    statistics_of,
)
from topodash.topology.angles import CircularCorrelation, circular_correlation
from topodash.topology.circular import CircularCoordinates, NoBarError, circular_coordinates
from topodash.topology.clusterers import SingleLinkage
from topodash.topology.covers import CubicalCover
from topodash.topology.density import neighbour_distances
from topodash.topology.long_bars import degree_one_bars
from topodash.topology.mapper import MapperGraph, mapper_graph

__all__ = [
    "DESCRIPTION",
    "EVIDENCE",
    "DenseFilters",
    "FilterTopology",
    "RingPicture",
    "dense_filters",
    "filter_statistics",
    "filter_topology",
    "principal_plane",
    "ring_picture",
    "statistics_of",
]


@dataclass(frozen=True, eq=False)
class RingPicture:
    """Step 4 and what is drawn beside it. Rows of all (m, ...) arrays are those of ``dense``.

    Attributes
    ----------
    dense : DenseFilters
    scores : (m, 2) float64
        Coordinates of ``dense.values`` in their plane of the first two principal components.
    explained : (2,) float64
        Share of the variance that each of the two explains.
    lens : (m, 2) float64
    linkage : float
        The distance at which single linkage was cut, in the units of the metric.
    graph : MapperGraph
    klein : KleinFit
        Place of each filter on the Klein bottle.
    direction, orientation : (m,) float64
        Gradient direction of each filter in [0, 2 pi), and twice its line orientation in [0, 2 pi).
    pca_angle : (m,) float64
        Angle in the principal plane about its mean, in [0, 2 pi).
    """

    dense: DenseFilters
    scores: NDArray[np.float64]
    explained: NDArray[np.float64]
    lens: NDArray[np.float64]
    linkage: float
    graph: MapperGraph
    klein: KleinFit
    direction: NDArray[np.float64]
    orientation: NDArray[np.float64]
    pca_angle: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FilterTopology:
    """The study's result on one set of filters.

    Attributes
    ----------
    config : FilterTopologyConfig
    picture : RingPicture
    bars : (b, 2) float64
        All degree-1 bars over Z/2 of the dense filters, longest first, exact.
    circular : CircularCoordinates or None
        From the longest bar; None when there is no bar (``circular_reason`` says why).
    circular_reason : str
    statistics : dict
        The values named in `EVIDENCE` and `DESCRIPTION`.
    """

    config: FilterTopologyConfig
    picture: RingPicture
    bars: NDArray[np.float64]
    circular: CircularCoordinates | None
    circular_reason: str
    statistics: dict[str, float]

    def position(self, kind: str) -> NDArray[np.float64]:
        """The angle that says where on the ring each filter is: 'pca' or 'circular'.

        Raises
        ------
        ValueError
            For another kind, or 'circular' when there is no bar.
        """
        if kind == "pca":
            return self.picture.pca_angle
        if kind == "circular" and self.circular is not None:
            return self.circular.angles
        raise ValueError(f"kind must be 'pca' or 'circular'; it was {kind!r} {self.circular_reason}".rstrip())

    def correlation(self, kind: str, of: str) -> CircularCorrelation:
        """Rank-based correlation of a position ('pca' or 'circular') with 'direction' or 'orientation'."""
        if of not in ("direction", "orientation"):
            raise ValueError(f"of must be 'direction' or 'orientation'; it was {of!r}")
        angles = self.picture.direction if of == "direction" else self.picture.orientation
        return circular_correlation(
            self.position(kind), angles, permutations=self.config.permutations, seed=self.config.seed
        )


def filter_topology(filters: ArrayLike, config: FilterTopologyConfig) -> FilterTopology:
    """The whole study on one set of filters: `ring_picture`, then its homology, the slower half.

    Parameters
    ----------
    filters : (n, k, k) or (n, k * k) array
        Raw weights, of any k of at least 3.
    config : FilterTopologyConfig

    Raises
    ------
    ValueError
        As `dense_filters`.
    """
    picture = ring_picture(filters, config)
    dense = picture.dense
    bars = degree_one_bars(squareform(pdist(dense.points)))
    circular, reason = _circular(dense.points, len(bars), config)
    statistics = statistics_of(dense.values, bars, picture.klein)
    return FilterTopology(config, picture, bars, circular, reason, statistics)


def ring_picture(filters: ArrayLike, config: FilterTopologyConfig) -> RingPicture:
    """Steps 1 to 4 and the angles of the filters, without persistent homology.

    Parameters
    ----------
    filters : (n, k, k) or (n, k * k) array, raw
    config : FilterTopologyConfig

    Raises
    ------
    ValueError
        As `dense_filters`.
    """
    dense = dense_filters(filters, config)
    scores, explained = principal_plane(dense.values)
    lens = scores if config.lens == "pca" else _neighbourhood_lens(dense.points, config)
    linkage = config.linkage * _typical_gap(dense.points, config.linkage_neighbour)
    graph = mapper_graph(
        dense.points,
        lens,
        cover=CubicalCover(config.intervals, config.overlap),
        clusterer=SingleLinkage(linkage),
    )
    return RingPicture(
        dense,
        scores,
        explained,
        lens,
        linkage,
        graph,
        klein_fit(dense.values),
        no_nan(gradient_direction(dense.values)),
        no_nan(2 * line_orientation(dense.values)),
        plane_angle(scores),
    )


def filter_statistics(filters: ArrayLike, config: FilterTopologyConfig) -> dict[str, float]:
    """Only the numbers of `filter_topology`, by the same way: what every null bank goes through."""
    dense = dense_filters(filters, config)
    bars = degree_one_bars(squareform(pdist(dense.points)))
    return statistics_of(dense.values, bars, klein_fit(dense.values))


def _typical_gap(points: NDArray[np.float64], neighbour: int) -> float:
    """Median distance to the nearest, second nearest ... neighbour; 0 for a single filter."""
    if len(points) < 2:
        return 0.0
    return float(np.median(neighbour_distances(points, k=min(neighbour, len(points) - 1))))


def _neighbourhood_lens(points: NDArray[np.float64], config: FilterTopologyConfig) -> NDArray[np.float64]:
    from topodash.topology.lenses import neighbourhood

    return np.asarray(neighbourhood(points, "euclidean", config.lens_neighbours, config.seed))


def _circular(
    points: NDArray[np.float64], bars: int, config: FilterTopologyConfig
) -> tuple[CircularCoordinates | None, str]:
    try:
        return (
            circular_coordinates(points, prime=config.prime, landmarks=config.landmarks, scale=config.scale),
            "",
        )
    except NoBarError:
        return None, "(the longest bar is too short to give angles)" if bars else "(there is no degree-1 bar)"
    except ValueError as error:
        return None, f"(no circular coordinate: {error})"
