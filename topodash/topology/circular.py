"""Circular coordinates from persistent cohomology: an angle for every point, from one degree-1 bar.

1. Rips persistence with coefficients in Z/prime of the points, or of farthest-point landmarks when there are
   many, and a representative cocycle of the bar chosen.
2. Restrict it to the edges up to a scale inside the bar and lift it to integers in (-prime/2, prime/2]. The
   lift is a cocycle over the integers unless torsion or wrapping gets in the way; every triangle is checked,
   and another prime is tried when one fails.
3. Subtract the coboundary that leaves the least sum of squares: the vertex function found, modulo 1, is the
   angle.
4. Other points: with a partition of unity of the balls around the landmarks, half the scale in radius.

Sources: V. de Silva, D. Morozov, M. Vejdemo-Johansson, *Persistent cohomology and circular coordinates*,
Discrete Comput. Geom. 45 (2011), sections 2.3 to 2.5; J. A. Perea, *Sparse circular coordinates via principal
Z-bundles*, Topological Data Analysis, Abel Symposia 15 (2020), theorem 3.2, for step 4. Scale 0.9 and prime
47 after Carlsson and Gabrielsson's replication.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import lsqr
from scipy.spatial.distance import cdist

from topodash.topology.metrics import as_euclidean, distance_matrix, finite_matrix
from topodash.topology.persistence import Persistence, rips_persistence

__all__ = ["CircularCoordinates", "NoBarError", "circular_coordinates"]

_OTHER_PRIMES = (47, 43, 41, 53, 59, 61, 67, 71)


class NoBarError(ValueError):
    """There is no degree-1 bar to take a circular coordinate from."""


@dataclass(frozen=True)
class CircularCoordinates:
    """An angle for every point, and what it rests on.

    Attributes
    ----------
    angles : (n,) float64
        In [0, 2 pi); zero and the sense of rotation mean nothing.
    bar : int
        Position in ``bars`` of the bar used.
    bars : (b, 2) float64
        Birth and death of every degree-1 bar, longest first.
    birth, death : float
        Of the bar used, in the units of the metric.
    scale : float
        Longest edge used, in the units of the metric.
    prime : int
        Coefficients that were used; not the one asked for when its cocycle could not be lifted.
    landmarks : (m,) int64
        Rows of the points that carry the homology; all rows when none were left out.
    covering_radius : float
        Greatest distance of a point to its nearest landmark.
    outside : (o,) int64
        Points farther from every landmark than half the scale: they take the angle of their nearest landmark.
    """

    angles: NDArray[np.float64]
    bar: int
    bars: NDArray[np.float64]
    birth: float
    death: float
    scale: float
    prime: int
    landmarks: NDArray[np.int64]
    covering_radius: float
    outside: NDArray[np.int64]


def circular_coordinates(
    points: ArrayLike,
    *,
    prime: int = 47,
    landmarks: int | None = None,
    scale: float = 0.9,
    bar: int = 0,
    longer_than: float = 0.0,
    metric: Literal["euclidean", "variance_normalised", "precomputed"] = "euclidean",
) -> CircularCoordinates:
    """An angle for every point, from the persistent cohomology of the points.

    Parameters
    ----------
    points : (n, d) array, or (n, n) distances when ``metric`` is 'precomputed'
    prime : int
        Coefficients are in Z/prime, an odd prime up to 251.
    landmarks : int, optional
        Use that many farthest-point landmarks when there are more points; default all points (a minute
        for 1500 points; 300 landmarks take a second).
    scale : float
        How far from birth (0) to death (1) of the bar the complex is taken, inside (0, 1).
    bar : int
        Which bar, 0 the longest.
    longer_than : float
        A bar that is not longer than this, say the longest of its null, gives no coordinate.
    metric : 'euclidean', 'variance_normalised' or 'precomputed'

    Raises
    ------
    NoBarError
        When there is no such bar, or it is not longer than ``longer_than``.
    ValueError
        For bad arguments, NaN or infinity (row and column are named), or a cocycle that no prime lifts.
    """
    if not 0 < scale < 1:
        raise ValueError(f"scale must be between 0 and 1, the ends left out; it was {scale}")
    if prime < 3:
        raise ValueError(f"prime must be an odd prime; it was {prime}")
    values = _values(points, metric)
    n = len(values)
    count = None if landmarks is None or landmarks >= n else landmarks
    for p in (prime, *(q for q in _OTHER_PRIMES if q != prime)):
        found = rips_persistence(
            values,
            max_degree=1,
            metric="precomputed" if metric == "precomputed" else "euclidean",
            prime=p,
            landmarks=count,
            cocycles=True,
        )
        bars = found.diagrams[1]
        birth, death = _chosen(bars, bar, longer_than)
        chosen = np.arange(n) if found.landmarks is None else found.landmarks.indices
        to_landmarks = values[:, chosen] if metric == "precomputed" else cdist(values, values[chosen])
        among = to_landmarks[chosen]
        level = birth + scale * (death - birth)
        lift = _lifted(found, bar, chosen, among, level)
        if lift is not None:
            break
    else:
        raise ValueError(
            f"scale must be such that the cocycle lifts to integers; at {scale} no prime did, try a smaller one"
        )
    height = _smoothed(lift, among, level)
    if len(chosen) == n:
        turns, outside = np.empty(n), np.empty(0, dtype=np.int64)
        turns[chosen] = height
    else:
        turns, outside = _extended(lift, height, to_landmarks, level / 2)
    angles = 2 * np.pi * np.mod(turns, 1.0)
    angles[angles >= 2 * np.pi] = 0.0  # -1e-17 modulo 1 rounds to 1
    radius = float(to_landmarks.min(axis=1).max())
    return CircularCoordinates(
        angles, bar, bars, birth, death, level, p, chosen.astype(np.int64), radius, outside
    )


def _values(points: ArrayLike, metric: str) -> NDArray[np.float64]:
    if metric == "precomputed":
        return distance_matrix("points", np.asarray(points))
    if metric not in ("euclidean", "variance_normalised"):
        raise ValueError(
            f"metric must be 'euclidean', 'variance_normalised' or 'precomputed'; it was {metric!r}"
        )
    return as_euclidean(finite_matrix("points", np.asarray(points)), metric)


def _chosen(bars: NDArray[np.float64], bar: int, longer_than: float) -> tuple[float, float]:
    if not 0 <= bar < len(bars):
        raise NoBarError(f"bar must be one of the {len(bars)} degree-1 bars; it was {bar}")
    birth, death = float(bars[bar, 0]), float(bars[bar, 1])
    if not death - birth > longer_than:
        raise NoBarError(
            f"bar {bar} must be longer than {longer_than:.6g} to give an angle; its length was {death - birth:.6g}"
        )
    return birth, death


def _lifted(
    found: Persistence,
    bar: int,
    chosen: NDArray[np.int64],
    among: NDArray[np.float64],
    level: float,
) -> NDArray[np.float64] | None:
    """The cocycle as an antisymmetric integer matrix on the edges up to the level; None when it is no cocycle there."""
    if found.cocycles is None:
        return None
    cocycle, prime = found.cocycles[1][bar], found.prime
    position = np.full(int(chosen.max()) + 1, -1)
    position[chosen] = np.arange(len(chosen))
    u, v, c = position[cocycle[:, 0]], position[cocycle[:, 1]], cocycle[:, 2] % prime
    c = np.where(c > prime // 2, c - prime, c)
    lift = np.zeros_like(among)
    lift[u, v], lift[v, u] = c, -c
    near = among <= level
    lift[~near] = 0.0
    for w in range(len(chosen)):
        around = np.flatnonzero(near[w])
        block = np.ix_(around, around)
        if (near[block] & (lift[block] != lift[around, w][:, None] + lift[w, around])).any():
            return None
    return lift


def _smoothed(lift: NDArray[np.float64], among: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """The vertex function whose coboundary is nearest to the cocycle; 0 at the first vertex of every component."""
    u, v = np.nonzero(np.triu(among <= level, 1))
    edges = np.arange(len(u))
    coboundary = sparse.csr_array(
        (
            np.concatenate([np.ones(len(u)), -np.ones(len(u))]),
            (np.concatenate([edges, edges]), np.concatenate([v, u])),
        ),
        shape=(len(u), len(lift)),
    )
    height = np.asarray(lsqr(coboundary, lift[u, v], atol=1e-12, btol=1e-12, iter_lim=10_000)[0])
    pieces, label = connected_components(among <= level, directed=False)
    for piece in range(pieces):
        members = np.flatnonzero(label == piece)
        height[members] -= height[members[0]]
    return height


def _extended(
    lift: NDArray[np.float64], height: NDArray[np.float64], to_landmarks: NDArray[np.float64], radius: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Step 4: the nearest landmark's height plus the weighted residual cocycle to the other landmarks around."""
    weights = np.clip(radius - to_landmarks, 0.0, None)
    total = weights.sum(axis=1)
    nearest = to_landmarks.argmin(axis=1)
    # what is left of the cocycle on u v after height[v] - height[u]; seen from v it differs by that and an
    # integer
    residual = lift - (height[None, :] - height[:, None])
    inside = total > 0
    turns = height[nearest].copy()
    drift = np.einsum("ij,ij->i", weights[inside], residual[nearest[inside]])
    turns[inside] -= drift / total[inside]
    return turns, np.flatnonzero(~inside)
