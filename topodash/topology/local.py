"""Local homology of a layer's activations, and the normalisation that ordinary homology uses.

The homology of a space near a point, relative to what is far from it, asks which branches meet in that
point. The point is the origin of activation space: after a ReLU it is where the data go that no neuron
answers to. Coning off everything outside a ball turns relative homology into absolute homology of a Rips
filtration (paper B, *activation landscapes*, local homology of the MNIST networks):

1. centre, unless the layer ends with a ReLU (there the origin means something);
2. sort the points by their norms;
3. divide by the norm at 0-based rank floor(n / 2), the ball's radius;
4. send the points of that rank and above to the unit sphere, and set all distances among them to 0;
5. Rips persistence of that dissimilarity.

It is no metric (the sphere's points are 0 apart yet have different distances to the rest). So landmarks are
not offered, and the sphere may not be replaced by one point: that would change the bars.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist, pdist, squareform

from topodash.topology.persistence import Engine, finite_matrix, persistence_diagrams

_BLOCK = 2048


def normalise_activations(activations: ArrayLike) -> NDArray[np.float64]:
    """Centre the points and divide by their greatest pairwise distance (paper B).

    Parameters
    ----------
    activations : (n, d) array
        Finite numbers.

    Returns
    -------
    (n, d) float64
        Mean 0 and greatest pairwise distance 1; all zero when all points are equal (a dead layer).
    """
    points = finite_matrix(activations, "activations")
    if len(points) == 0:
        return points.copy()
    centred = points - points.mean(axis=0)
    if (points == points[0]).all():
        return np.zeros_like(points)
    return centred / _diameter(centred)


def local_dissimilarity(activations: ArrayLike, *, ends_with_relu: bool = True) -> NDArray[np.float64]:
    """Dissimilarities whose Rips persistence is local homology at the origin.

    Parameters
    ----------
    activations : (n, d) array
        One row a data point.
    ends_with_relu : bool
        False for the input and the logits: they are centred first.

    Returns
    -------
    (n, n) float64
        Symmetric, zero diagonal, values in [0, 2]; rows in the order of the points.

    Raises
    ------
    ValueError
        When the norm at rank floor(n / 2) is 0: at least half of the points lie in the origin, and the ball
        around it has no radius.
    """
    points = finite_matrix(activations, "activations")
    n = len(points)
    if n == 0:
        return np.empty((0, 0))
    if not ends_with_relu:
        points = points - points.mean(axis=0)
    norms = np.linalg.norm(points, axis=1)
    order = np.argsort(norms, kind="stable")
    half = n // 2
    radius = float(norms[order[half]])
    if not radius > 0:
        at_origin = int((norms == 0).sum())
        raise ValueError(
            f"activations must have a positive norm at rank {half} of {n}; it was {radius}"
            f" ({at_origin} points lie in the origin)"
        )
    outside = order[half:]
    placed = points / radius
    placed[outside] = points[outside] / norms[outside, None]
    distances = squareform(pdist(placed)) if n > 1 else np.zeros((1, 1))
    distances[np.ix_(outside, outside)] = 0.0
    return distances


def local_persistence_diagrams(
    activations: ArrayLike, *, max_degree: int = 1, ends_with_relu: bool = True, engine: Engine = "auto"
) -> list[NDArray[np.float64]]:
    """Persistence diagrams of local homology at the origin of activation space, Z/2 coefficients.

    k rays that leave the origin have exactly k - 1 bars in degree 1.

    Parameters
    ----------
    activations : (n, d) array
    max_degree : int
    ends_with_relu : bool
        False for the input and the logits.
    engine : 'auto', 'ripser' or 'gudhi'

    Returns
    -------
    list of (k, 2) float64 arrays
        As `persistence_diagrams`; births and deaths in units of the ball's radius.

    Raises
    ------
    ValueError
        As `local_dissimilarity` and `persistence_diagrams`.
    """
    distances = local_dissimilarity(activations, ends_with_relu=ends_with_relu)
    return persistence_diagrams(distances, max_degree=max_degree, metric="precomputed", engine=engine)


def _diameter(points: NDArray[np.float64]) -> float:
    """Greatest pairwise distance, in blocks: any number of points in bounded memory."""
    greatest = 0.0
    for start in range(0, len(points), _BLOCK):
        rows = points[start : start + _BLOCK]
        for other in range(start, len(points), _BLOCK):
            greatest = max(greatest, float(cdist(rows, points[other : other + _BLOCK]).max()))
    return greatest
