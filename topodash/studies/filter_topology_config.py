"""The settings of the filter study, and which of them are the papers' and which are ours."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["DENSITY", "IMPROVED", "OURS", "PAPER", "REPLICATION", "FilterTopologyConfig"]

Lens = Literal["pca", "neighbourhood"]
Metric = Literal["euclidean", "variance_normalised"]


@dataclass(frozen=True)
class FilterTopologyConfig:
    """From filters to picture and numbers.

    Attributes
    ----------
    k : int
        The density filter measures the distance to the k-th nearest neighbour.
    fraction : float
        Share of the filters that it keeps, the densest, in (0, 1].
    metric : 'variance_normalised' or 'euclidean'
        Distance between normalised filters, in every step. The variances are those of all normalised filters,
        before the density filter.
    lens : 'pca' or 'neighbourhood'
        Two principal components, or the two-dimensional embedding of the k-nearest-neighbour graph.
    intervals : int
        Mapper's intervals on each lens ('resolution').
    gain : float
        Mapper's gain: neighbouring intervals overlap by 1 - 1 / gain; above 1.
    linkage : float
        Single linkage joins filters at most this many times the median distance to the
        ``linkage_neighbour``-th nearest kept filter apart.
    linkage_neighbour : int
    lens_neighbours : int
        Neighbours in the neighbourhood lens's graph.
    prime, scale, landmarks
        Of the circular coordinate, see `topodash.topology.circular_coordinates`.
    permutations : int
        Shuffles behind the p-value of a correlation of angles.
    seed : int
        Of the lens and of the shuffles.
    """

    k: int = 200
    fraction: float = 0.3
    metric: Metric = "variance_normalised"
    lens: Lens = "pca"
    intervals: int = 30
    gain: float = 3.0
    linkage: float = 1.5
    linkage_neighbour: int = 5
    lens_neighbours: int = 15
    prime: int = 47
    scale: float = 0.9
    landmarks: int = 300
    permutations: int = 999
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("k", "intervals", "linkage_neighbour", "lens_neighbours", "landmarks"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1; it was {getattr(self, name)}")
        if not 0 < self.fraction <= 1:
            raise ValueError(f"fraction must be in (0, 1]; it was {self.fraction}")
        if not self.gain > 1:
            raise ValueError(f"gain must be above 1; it was {self.gain}")
        if not self.linkage > 0:
            raise ValueError(f"linkage must be above 0; it was {self.linkage}")
        for name, allowed in (
            ("metric", ("euclidean", "variance_normalised")),
            ("lens", ("pca", "neighbourhood")),
        ):
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} must be one of {', '.join(allowed)}; it was {getattr(self, name)!r}"
                )

    @property
    def overlap(self) -> float:
        """Share of an interval that its neighbour covers too: 1 - 1 / gain."""
        return 1.0 - 1.0 / self.gain


DENSITY = ("k", "fraction", "metric")
"""Fields of the density filter: null banks, and their statistics, depend on no others."""

PAPER = FilterTopologyConfig(k=5, fraction=0.2, lens="neighbourhood")
"""Paper C, M(512, 128, 1024): 512 filters, rho(5, 20 %) keeps 102, neighbourhood lenses."""

IMPROVED = FilterTopologyConfig(k=200, fraction=0.2)
"""Paper C's improved model, M(64, 8, 512) in 100 networks: 6400 filters, 20 % keep 1280, PCA lenses; k is ours."""

REPLICATION = FilterTopologyConfig()
"""The later replications' rho(200, 30 %) of 6400 filters, resolution 30, gain 3, single linkage."""

OURS = MappingProxyType(
    {
        "PAPER": (
            "intervals",
            "gain",
            "linkage",
            "linkage_neighbour",
            "lens_neighbours",
            "landmarks",
            "permutations",
            "seed",
        ),
        "IMPROVED": (
            "k",
            "intervals",
            "gain",
            "linkage",
            "linkage_neighbour",
            "lens_neighbours",
            "landmarks",
            "permutations",
            "seed",
        ),
        "REPLICATION": (
            "linkage",
            "linkage_neighbour",
            "lens_neighbours",
            "landmarks",
            "permutations",
            "seed",
        ),
    }
)
"""Fields of every preset that neither paper states: they are ours, and the page marks them so."""
