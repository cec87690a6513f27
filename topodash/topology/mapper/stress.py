"""Drawing a connected graph so that distances on paper are distances in the graph (stress majorisation).

Source: E. Gansner, Y. Koren, S. North, "Graph drawing by stress majorization" (2004): the stress
sum over i < j of w_ij (|x_i - x_j| - d_ij)^2 with w_ij = d_ij^-2 never grows from one step to the next.
A ring becomes a round ring, a filament a line, and a flare sticks out.
"""

import numpy as np
import scipy.sparse as sp
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.csgraph import shortest_path

#: More nodes than this take too long: all pairs are looked at in every step.
MOST_NODES = 600
STEPS = 40
#: The steps end when one takes off less than this share of the stress.
ENOUGH = 1e-3


def stress_layout(adjacency: sp.csr_array, start: np.ndarray, *, steps: int = STEPS) -> np.ndarray:
    """Places of the nodes of a connected graph.

    Parameters
    ----------
    adjacency : (n, n) sparse, symmetric; entries that are not zero are edges of length 1
    start : (n, 2) where the nodes begin, no two in the same place

    Returns
    -------
    (n, 2) float64, centred; edges have about length 1

    Raises
    ------
    ValueError
        When the graph is not connected.
    """
    distances = shortest_path(adjacency, directed=False, unweighted=True)
    if not np.isfinite(distances).all():
        raise ValueError("adjacency must be that of a connected graph; it has more than one component")
    n = len(distances)
    np.fill_diagonal(distances, 1)
    weights = 1 / distances**2
    np.fill_diagonal(weights, 0)
    # The weighted Laplacian without its first row and column is regular: node 0 stays at the origin.
    laplacian = -weights
    np.fill_diagonal(laplacian, weights.sum(axis=1))
    solver = cho_factor(laplacian[1:, 1:])
    pull = weights * distances
    places = start - start.mean(axis=0)
    places = places * (_spread(distances) / max(_spread(_lengths(places)), 1e-12))
    before = np.inf
    for _ in range(steps):
        lengths = _lengths(places)
        stress = float((weights * (lengths - distances) ** 2).sum())
        if before - stress <= ENOUGH * before and np.isfinite(before):
            break
        before = stress
        np.fill_diagonal(lengths, 1)
        share = pull / np.maximum(lengths, 1e-9)
        # B(x) x of the majorising function: sum over j of w_ij d_ij (x_i - x_j) / |x_i - x_j|.
        right = places * share.sum(axis=1, keepdims=True) - share @ places
        places = np.zeros((n, 2))
        places[1:] = cho_solve(solver, right[1:])
    return places - places.mean(axis=0)


def _lengths(places: np.ndarray) -> np.ndarray:
    """Distances on paper, (n, n)."""
    x, y = places[:, 0], places[:, 1]
    lengths: np.ndarray = np.subtract.outer(x, x)
    lengths *= lengths
    height = np.subtract.outer(y, y)
    height *= height
    lengths += height
    return np.sqrt(lengths, out=lengths)


def _spread(distances: np.ndarray) -> float:
    return float(distances.mean())
