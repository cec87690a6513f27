"""How the points of one cover element fall into clusters: settings only; the Mapper engine does the work.

Both settings are one algorithm: clusters are the connected components of 'core points at most eps apart',
where a point is core when at least `min_samples` points of the element, itself among them, are within eps. A
point that is not core joins the adjacent cluster with the lowest first core index, or is noise.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DBSCAN:
    """Density-based clusters, as scikit-learn's `DBSCAN` finds them.

    Parameters
    ----------
    eps : float
        Largest distance of neighbours, in units of the metric; 0 joins equal points only.
    min_samples : int
        Neighbours (the point itself included) that make a point core, at least 1.

    Notes
    -----
    Source: M. Ester, H.-P. Kriegel, J. Sander, X. Xu, "A density-based algorithm for discovering clusters"
    (KDD 1996). The defaults are those of the paper on activation spaces.
    """

    eps: float = 0.1
    min_samples: int = 2

    def __post_init__(self) -> None:
        _check_distance("eps", self.eps)
        if self.min_samples != int(self.min_samples) or self.min_samples < 1:
            raise ValueError(f"min_samples must be a whole number of at least 1, was {self.min_samples!r}")


@dataclass(frozen=True)
class SingleLinkage:
    """Single-linkage clusters cut at a distance: components of 'at most `distance` apart'. Single points
    count.

    Parameters
    ----------
    distance : float
        In units of the metric; agrees with scipy's `fcluster(..., criterion='distance')`.
    """

    distance: float = 0.1

    def __post_init__(self) -> None:
        _check_distance("distance", self.distance)

    @property
    def eps(self) -> float:
        """The largest distance of neighbours: `distance`."""
        return self.distance

    @property
    def min_samples(self) -> int:
        """Every point is core."""
        return 1


def _check_distance(name: str, value: float) -> None:
    if not (np.isfinite(value) and value >= 0):
        raise ValueError(f"{name} must be at least 0 and finite, was {value!r}")
