"""Embedding a connected graph by the low end of its Laplacian's spectrum (Laplacian eigenmaps).

Source: M. Belkin, P. Niyogi, "Laplacian eigenmaps for dimensionality reduction and data representation"
(2003), with the symmetrically normalised Laplacian and unit weights unless the graph brings its own.
"""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import eigsh

DENSE = 600  # nodes up to which the full spectrum is cheaper than iterating


def laplacian_embedding(adjacency: sp.csr_array, dimensions: int, *, seed: int = 0) -> np.ndarray:
    """Coordinates of the nodes of a connected graph.

    Parameters
    ----------
    adjacency : (n, n) sparse, symmetric, non-negative
    dimensions : int
        How many eigenvectors after the constant one; missing ones (tiny graphs) are zero columns.
    seed : int
        Of the solver's start vector; the result depends on it only by rounding.

    Returns
    -------
    (n, dimensions) float64
        Eigenvectors divided by the square root of the degrees; in each, the entry of largest size is
        positive.
    """
    n = adjacency.shape[0]
    degrees = np.asarray(adjacency.sum(axis=1)).ravel().astype(float)
    root = np.sqrt(np.where(degrees > 0, degrees, 1))
    scaled = sp.diags_array(1 / root) @ adjacency @ sp.diags_array(1 / root)
    wanted = min(dimensions, n - 1)
    if n <= DENSE:
        _, vectors = np.linalg.eigh(np.eye(n) - scaled.toarray())
    else:
        start = np.random.default_rng(seed).normal(size=n)
        laplacian = sp.csc_array(sp.eye_array(n) - scaled)
        # Shifted just below zero, where the Laplacian is singular.
        values, vectors = eigsh(laplacian, k=wanted + 1, sigma=-1e-3, which="LM", v0=start)
        vectors = vectors[:, np.argsort(values, kind="stable")]
    chosen = vectors[:, 1 : wanted + 1] / root[:, None]
    result = np.zeros((n, dimensions))
    result[:, :wanted] = fix_signs(chosen)
    return result


def fix_signs(vectors: np.ndarray) -> np.ndarray:
    """Flip columns so that the entry of largest size is positive (of equal ones within 1e-9, the first)."""
    if not vectors.size:
        return vectors
    sizes = np.abs(vectors)
    first = np.argmax(sizes >= sizes.max(axis=0) * (1 - 1e-9), axis=0)
    signs = np.sign(vectors[first, np.arange(vectors.shape[1])])
    return vectors * np.where(signs == 0, 1, signs)
