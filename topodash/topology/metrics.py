"""Distances: which points count as near.

Euclidean, cosine and variance-normalised distances all become Euclidean ones of moved points, so that one
engine serves all three.
"""

from typing import Literal, get_args

import numpy as np

Metric = Literal["euclidean", "cosine", "variance_normalised", "precomputed"]
METRICS: tuple[str, ...] = get_args(Metric)


#: Larger numbers have squares that overflow float64.
LARGEST = 1e150


def finite_matrix(name: str, values: np.ndarray) -> np.ndarray:
    """`values` as a C-contiguous float64 array (n, d); a vector becomes one column.

    Raises
    ------
    ValueError
        When it is not a matrix of numbers, has no rows or columns, or holds NaN, infinity or numbers above
        1e150 (row and column are named).
    """
    try:
        array = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} must be an array of numbers (n, d), was {type(values).__name__}: {error}"
        ) from error
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or not array.size:
        raise ValueError(
            f"{name} must have shape (n, d) with at least one row and column, was {np.shape(values)}"
        )
    if not np.isfinite(array.sum()):
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            row, column = bad[0]
            raise ValueError(
                f"{name} must be finite: row {row}, column {column} is {array[row, column]}"
                + (f" ({len(bad)} such values)" if len(bad) > 1 else "")
            )
    if max(array.max(), -array.min()) > LARGEST:
        row, column = np.argwhere(np.abs(array) > LARGEST)[0]
        raise ValueError(
            f"{name} must be at most {LARGEST:g} in size, so that squared distances are finite: row {row}, "
            f"column {column} is {array[row, column]:g}"
        )
    return array


def distance_matrix(name: str, values: np.ndarray) -> np.ndarray:
    """`values` as a checked distance matrix (n, n), float64.

    Raises
    ------
    ValueError
        When it is not square, symmetric (to a relative 1e-9), non-negative and zero on the diagonal.
    """
    matrix = finite_matrix(name, values)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"{name} must be a square matrix of distances, was {matrix.shape}")
    if matrix.min() < 0 or np.diagonal(matrix).any():
        raise ValueError(f"{name} must be distances: at least 0 everywhere and 0 on the diagonal")
    scale = matrix.max()
    for start in range(0, len(matrix), 1024):
        gap = np.abs(matrix[start : start + 1024] - matrix[:, start : start + 1024].T)
        if gap.max() > 1e-9 * scale:
            row, column = np.unravel_index(gap.argmax(), gap.shape)
            raise ValueError(
                f"{name} must be symmetric: row {row + start}, column {column} differs from its mirror "
                f"by {gap.max()}"
            )
    return matrix


def variance_normalised(points: np.ndarray) -> np.ndarray:
    """Divide every column by its standard deviation (ddof = 0).

    Raises
    ------
    ValueError
        When a column is constant: its variance cannot be normalised.
    """
    points = finite_matrix("points", points)
    deviation = points.std(axis=0)
    # Rounding leaves a constant column a deviation of about 1e-17; its range is exactly 0.
    constant = np.flatnonzero(points.min(axis=0) == points.max(axis=0))
    if len(constant):
        raise ValueError(
            "points must not have constant columns for the variance-normalised metric: "
            f"column {constant[0]} is {points[0, constant[0]]} everywhere"
            + (f" ({len(constant)} such columns)" if len(constant) > 1 else "")
        )
    return points / deviation


def variance_normalised_distances(points: np.ndarray) -> np.ndarray:
    """Euclidean distances after every coordinate is scaled to variance 1 (ddof = 0).

    scipy's `seuclidean` divides by the variance with ddof = 1; the paper's metric is this one.

    Parameters
    ----------
    points : (n, d)

    Returns
    -------
    (n, n) float64
        Symmetric, without unit.

    Raises
    ------
    ValueError
        When a column is constant or a value is not finite.

    Notes
    -----
    Source: R. Gabrielsson, G. Carlsson, "Exposition and interpretation of the topology of neural networks"
    (2019), section 3.
    """
    from scipy.spatial.distance import cdist

    scaled = variance_normalised(points)
    return cdist(scaled, scaled)


def as_euclidean(points: np.ndarray, metric: str) -> np.ndarray:
    """Points whose Euclidean distances stand for `metric`.

    For 'cosine' the points go to the unit sphere, where |u - v|^2 / 2 = 1 - u . v: use `euclidean_eps` for
    the radius. The zero vector has no direction; it gets one of its own (an extra coordinate), which puts it
    at cosine distance 1 from all others, as scikit-learn does, and 0 from other zero vectors.
    """
    if metric == "euclidean":
        return points
    if metric == "variance_normalised":
        return variance_normalised(points)
    if metric == "cosine":
        largest = np.abs(points).max(axis=1, keepdims=True)
        zero = largest[:, 0] == 0
        # Scaled by the largest entry first: the squares of 1e-200 would vanish.
        unit = points / np.where(largest > 0, largest, 1)
        unit /= np.where(zero, 1, np.linalg.norm(unit, axis=1))[:, None]
        return np.column_stack([unit, zero]) if zero.any() else unit
    raise ValueError(f"metric must be one of {', '.join(METRICS)}, was {metric!r}")


def euclidean_eps(eps: float, metric: str) -> float:
    """The Euclidean radius on `as_euclidean` points that stands for `eps` in `metric`."""
    return float(np.sqrt(2 * eps)) if metric == "cosine" else float(eps)
