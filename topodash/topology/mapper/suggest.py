"""Which eps suits the data: the elbow of the k-distance curve, where most points join, the data's own scale."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import minimum_spanning_tree

from topodash.topology.metrics import distance_matrix, finite_matrix
from topodash.topology.neighbours import kth_distances, nearest

MAX_POINTS = 5000
#: Neighbours of a point along which it may join others.
JOINING_NEIGHBOURS = 15


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


def joining_eps(
    points: np.ndarray, *, min_samples: int = 2, metric: str = "euclidean", share: float = 0.98
) -> float | None:
    """The eps at which all but a share of the points have joined others under DBSCAN.

    Parameters
    ----------
    points : (n, d), at least two
    share : float
        Of the n - 1 joins that it takes to make one piece of all points.

    Returns
    -------
    float, or None above 5,000 points, and when so many never join along their 15 nearest neighbours

    Notes
    -----
    A join happens at the mutual reachability distance, the greatest of the pair's distance and both points'
    distances to their (min_samples - 1)-th neighbour; the joins are a minimum spanning tree. Source: R.
    Campello et al., "Density-based clustering based on hierarchical density estimates" (2013).
    """
    n = len(points)
    if not 2 <= n <= MAX_POINTS:
        return None
    k = min(n - 1, max(JOINING_NEIGHBOURS, min_samples - 1))
    distances, indices = nearest(points, k, metric=metric)
    core = distances[:, min(k, max(1, min_samples - 1)) - 1]
    row = np.repeat(np.arange(n), k)
    reach = np.maximum(distances.ravel(), np.maximum(core[row], core[indices.ravel()]))
    # A distance of 0 is a join too, and sparse matrices have no zeros: they are moved up for the tree alone.
    low, high = np.minimum(row, indices.ravel()), np.maximum(row, indices.ravel())
    pairs, first = np.unique(low * n + high, return_index=True)
    tree = minimum_spanning_tree(sp.csr_array((reach[first] + 1.0, (pairs // n, pairs % n)), shape=(n, n)))
    joins = np.sort(tree.data - 1.0)
    wanted = int(np.ceil(share * (n - 1)))
    return float(joins[wanted - 1]) if len(joins) >= wanted else None


def data_scale(points: np.ndarray) -> float:
    """The unit of a relative eps: the root mean square distance of the points from their mean.

    Raises
    ------
    ValueError
        When the points are not finite.
    """
    points = finite_matrix("points", points)
    return float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=1).mean()))
