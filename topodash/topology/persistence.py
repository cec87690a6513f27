"""Persistent homology of a Vietoris-Rips filtration: one function over two engines.

The steps:

1. check the input and turn it into one symmetric float64 distance matrix, the same for both engines;
2. refuse what cannot fit into memory, with the estimate and what would fit;
3. hand the *lower triangle* to the engine, so that no engine can see two different values for one pair
   (gudhi is silently wrong when a full matrix is asymmetric by one unit in the last place);
4. return the bars, longest first.

Sources: U. Bauer, *Ripser: efficient computation of Vietoris-Rips persistence barcodes*, J. Appl. Comput.
Topol. 5 (2021), for the algorithm of both engines; F. Chazal, V. de Silva, S. Oudot, *Persistence stability
for geometric complexes*, Geom. Dedicata 173 (2014), theorem 5.2, for the error bound of landmarks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import pdist, squareform

from topodash.topology.landmarks import Landmarks, farthest_point_landmarks
from topodash.topology.rips_engines import ENGINES, estimate_memory, refuse_too_many

__all__ = ["Persistence", "estimate_memory", "finite_matrix", "persistence_diagrams", "rips_persistence"]

Metric = Literal["euclidean", "precomputed"]
Engine = Literal["auto", "ripser", "gudhi"]

_SYMMETRY_TOLERANCE = 1e-6
# Distances that should tie differ in their last digits and leave bars of that length; they are no bars.
_ROUNDING = 1e-14


@dataclass(frozen=True)
class Persistence:
    """Bars of every degree, and what is needed to judge them.

    Attributes
    ----------
    diagrams : tuple of (k, 2) float64 arrays
        One a degree, from 0: birth and death, longest bar first; an infinite death is ``inf``.
    cocycles : tuple of tuples of (r, degree + 2) int64 arrays, or None
        One representative cocycle a bar, in the order of the bars: the vertices of a simplex (indices into
        the points given) and its coefficient in Z/prime. Empty for degree 0. None when not asked for.
    landmarks : Landmarks or None
        The points used when landmarks were asked for; ``landmarks.bottleneck_bound`` bounds the error.
    engine : str
        'ripser' or 'gudhi', the one that was used.
    prime : int
        Homology coefficients are in Z/prime.
    """

    diagrams: tuple[NDArray[np.float64], ...]
    cocycles: tuple[tuple[NDArray[np.int64], ...], ...] | None
    landmarks: Landmarks | None
    engine: str
    prime: int


def persistence_diagrams(
    points: ArrayLike,
    *,
    max_degree: int = 1,
    metric: Metric = "euclidean",
    engine: Engine = "auto",
    prime: int = 2,
    max_memory: int | None = None,
) -> list[NDArray[np.float64]]:
    """Persistence diagrams of the Vietoris-Rips filtration, in degrees 0 to ``max_degree``.

    Parameters
    ----------
    points : (n, d) array, or (n, n) distances when ``metric`` is 'precomputed'
        Any n, duplicates and constant clouds included; finite numbers only.
    max_degree : int
        Highest degree of homology, 0 or more.
    metric : 'euclidean' or 'precomputed'
        'precomputed' takes any symmetric dissimilarity with a zero diagonal.
    engine : 'auto', 'ripser' or 'gudhi'
        'auto' is gudhi, the faster one.
    prime : int
        Coefficients are in Z/prime; a prime up to 251.
    max_memory : int, optional
        Bytes that the computation may take; default four fifths of the memory that is free now.

    Returns
    -------
    list of (k, 2) float64 arrays
        Birth and death in the units of the distances, longest bar first. Infinite deaths are kept; bars
        no longer than rounding, 1e-14 of the greatest distance, are not listed.

    Raises
    ------
    ValueError
        For a NaN or infinity (with its row and column), an asymmetric matrix, or more points than fit in
        memory.
    """
    result = rips_persistence(
        points, max_degree=max_degree, metric=metric, engine=engine, prime=prime, max_memory=max_memory
    )
    return list(result.diagrams)


def rips_persistence(
    points: ArrayLike,
    *,
    max_degree: int = 1,
    metric: Metric = "euclidean",
    engine: Engine = "auto",
    prime: int = 2,
    landmarks: int | None = None,
    cocycles: bool = False,
    max_memory: int | None = None,
) -> Persistence:
    """Diagrams as `persistence_diagrams`, with landmarks and representative cocycles where asked for.

    Parameters
    ----------
    landmarks : int, optional
        Use that many farthest-point landmarks instead of all points. Their diagrams differ from those of all
        points by at most ``landmarks.bottleneck_bound`` in bottleneck distance. Metrics only: a dissimilarity
        that breaks the triangle inequality, as that of local homology, is refused.
    cocycles : bool
        Also return a representative cocycle of every bar of degree 1 and above (ripser only).
    points, max_degree, metric, engine, prime, max_memory
        As in `persistence_diagrams`.

    Raises
    ------
    ValueError
        As `persistence_diagrams`; for cocycles from gudhi; for landmarks on something that is no metric.
    """
    _check_options(max_degree, metric, engine, prime, cocycles)
    chosen = ("ripser" if cocycles else "gudhi") if engine == "auto" else engine
    values = finite_matrix(points, "points" if metric == "euclidean" else "distances")
    if metric == "precomputed":
        values = _symmetric(values)
    found = None
    if landmarks is not None:
        found = farthest_point_landmarks(values, landmarks, metric=metric)
        keep = found.indices
        values = values[keep] if metric == "euclidean" else values[np.ix_(keep, keep)]
    refuse_too_many(len(values), max_degree, chosen, max_memory)
    distances = values if metric == "precomputed" else _euclidean(values)
    diagrams, raw = ENGINES[chosen](distances, max_degree, prime, cocycles)
    ordered, classes = [], []
    for degree, bars in enumerate(diagrams):
        order = _longest_first(bars, _ROUNDING * float(distances.max(initial=0.0)))
        ordered.append(bars[order])
        if cocycles:
            of_degree = raw[degree] if degree > 0 else ()
            classes.append(tuple(_relabel(of_degree[i], found) for i in order) if degree > 0 else ())
    return Persistence(tuple(ordered), tuple(classes) if cocycles else None, found, chosen, prime)


def finite_matrix(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """``values`` as an (n, d) float64 array; a NaN or an infinity is refused with its row and column."""
    matrix = np.asarray(values, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"{name} must be a 2-D array (n, d); its shape was {matrix.shape}")
    bad = ~np.isfinite(matrix)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"{name} must be finite; row {row}, column {column} was {matrix[row, column]}"
            f" ({int(bad.sum())} such values)"
        )
    return matrix


def _check_options(max_degree: int, metric: str, engine: str, prime: int, cocycles: bool) -> None:
    if max_degree < 0:
        raise ValueError(f"max_degree must be 0 or more; it was {max_degree}")
    if metric not in ("euclidean", "precomputed"):
        raise ValueError(f"metric must be 'euclidean' or 'precomputed'; it was {metric!r}")
    if engine not in ("auto", "ripser", "gudhi"):
        raise ValueError(f"engine must be 'auto', 'ripser' or 'gudhi'; it was {engine!r}")
    if not 2 <= prime <= 251 or any(prime % q == 0 for q in range(2, math.isqrt(prime) + 1)):
        raise ValueError(f"prime must be a prime number from 2 to 251; it was {prime}")
    if cocycles and engine == "gudhi":
        raise ValueError("engine must be 'ripser' or 'auto' when cocycles are asked for; it was 'gudhi'")


def _symmetric(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of the matrix and its transpose; more than rounding between them is refused."""
    if distances.shape[0] != distances.shape[1]:
        raise ValueError(f"distances must be a square matrix; its shape was {distances.shape}")
    if not len(distances):
        return distances
    scale = float(np.abs(distances).max())
    if distances.min() < 0:
        raise ValueError(f"distances must not be negative; the least was {distances.min()}")
    if np.abs(np.diagonal(distances)).max() > _SYMMETRY_TOLERANCE * scale:
        raise ValueError("distances must be 0 on the diagonal")
    gap = np.abs(distances - distances.T)
    if gap.max() > _SYMMETRY_TOLERANCE * scale:
        row, column = np.unravel_index(int(gap.argmax()), gap.shape)
        raise ValueError(
            f"distances must be symmetric; ({row}, {column}) was {distances[row, column]}"
            f" but ({column}, {row}) was {distances[column, row]}"
        )
    symmetric = distances / 2 + distances.T / 2
    np.fill_diagonal(symmetric, 0.0)
    return symmetric


def _euclidean(points: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(points) < 2 or points.shape[1] == 0:
        return np.zeros((len(points), len(points)))
    distances = squareform(pdist(points))
    if not np.isfinite(distances).all():
        raise ValueError("points must be small enough for their distances to be finite; one overflowed")
    return distances


def _longest_first(bars: NDArray[np.float64], shortest: float) -> NDArray[np.intp]:
    """Indices of the bars longer than that, longest first, ties by birth."""
    length = bars[:, 1] - bars[:, 0]
    order = np.lexsort((bars[:, 0], -length))
    return order[length[order] > shortest]


def _relabel(cocycle: NDArray[np.int64], landmarks: Landmarks | None) -> NDArray[np.int64]:
    """The cocycle with its vertices as indices into all points."""
    if landmarks is None or not cocycle.size:
        return cocycle
    return np.column_stack([landmarks.indices[cocycle[:, :-1]], cocycle[:, -1]])
