"""Which eps suits the data: the elbow of the k-distance curve, and the data's own scale."""

from dataclasses import dataclass

import numpy as np

from topodash.topology.metrics import distance_matrix, finite_matrix
from topodash.topology.neighbours import kth_distances

MAX_POINTS = 5000


@dataclass(frozen=True)
class EpsSuggestion:
    """The k-distance curve and its elbow.

    Attributes
    ----------
    eps : float
        The elbow's height, in units of the metric.
    k : int
        Neighbours counted (the point itself not among them).
    curve : (m,) float64
        Distances to the k-th neighbour, ascending.
    sampled : bool
        Whether only a sample of points was asked (each among all points).
    """

    eps: float
    k: int
    curve: np.ndarray
    sampled: bool


def suggest_eps(
    points: np.ndarray, *, min_samples: int = 2, metric: str = "euclidean", seed: int = 0
) -> EpsSuggestion:
    """Suggest eps as the elbow of the sorted distances to the k-th neighbour, k = max(1, min_samples - 1).

    The elbow is the point of the curve farthest below its chord. Above 5,000 points a seeded sample is asked.

    Raises
    ------
    ValueError
        When the points are not finite, or fewer than two.

    Notes
    -----
    Source: M. Ester et al. (KDD 1996), section 4.2, 'sorted k-dist graph'; the elbow rule after V. Satopää et
    al., "Finding a 'kneedle' in a haystack" (2011).
    """
    points = distance_matrix("points", points) if metric == "precomputed" else finite_matrix("points", points)
    n = len(points)
    if n < 2:
        raise ValueError(f"points must be at least two for a suggestion, was {n}")
    k = min(max(1, int(min_samples) - 1), n - 1)
    asked = np.arange(n)
    if n > MAX_POINTS:
        asked = np.sort(np.random.default_rng(seed).choice(n, MAX_POINTS, replace=False))
    curve = np.sort(kth_distances(points, k, metric=metric, asked=asked))
    line = curve[0] + (curve[-1] - curve[0]) * np.linspace(0, 1, len(curve))
    return EpsSuggestion(float(curve[np.argmax(line - curve)]), k, curve, len(asked) < n)


def data_scale(points: np.ndarray) -> float:
    """The unit of a relative eps: the root mean square distance of the points from their mean.

    Raises
    ------
    ValueError
        When the points are not finite.
    """
    points = finite_matrix("points", points)
    return float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=1).mean()))
