"""Farthest-point landmarks: a few points that stand for many, with the error that this makes.

Every landmark is the point farthest from those before it, so the greatest distance of any point to its
landmark, the covering radius r, is at most twice the smallest that so many points can reach (Gonzalez 1985).
Sending each point to its nearest landmark changes no distance by more than 2 r, hence no bar's end by more
than 2 r (Chazal, de Silva, Oudot, *Persistence stability for geometric complexes*, Geom. Dedicata 173
(2014), theorem 5.2). Both steps use the triangle inequality, so a dissimilarity without it is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist


@dataclass(frozen=True)
class Landmarks:
    """Chosen points.

    Attributes
    ----------
    indices : (m,) int64
        Rows of the points, in the order in which they were chosen; the first is row 0.
    nearest : (n,) int64
        Position in ``indices`` of the landmark nearest to each point.
    covering_radius : float
        Greatest distance of a point to its nearest landmark.
    bottleneck_bound : float
        Twice the covering radius: no diagram of the landmarks is farther than that from the one of all
        points.
    """

    indices: NDArray[np.int64]
    nearest: NDArray[np.int64]
    covering_radius: float
    bottleneck_bound: float


def farthest_point_landmarks(
    points: NDArray[np.float64], count: int, *, metric: str = "euclidean"
) -> Landmarks:
    """Choose ``count`` landmarks, or fewer when those already cover every point exactly.

    Parameters
    ----------
    points : (n, d) array, or (n, n) symmetric distances when ``metric`` is 'precomputed'
    count : int
        From 1 to n.
    metric : 'euclidean' or 'precomputed'

    Raises
    ------
    ValueError
        For a count outside 1 to n, or distances that break the triangle inequality.
    """
    points = np.asarray(points, dtype=np.float64)
    n = len(points)
    if not 1 <= count <= n:
        raise ValueError(f"landmarks must be from 1 to the number of points, {n}; it was {count}")
    if metric == "precomputed":
        _refuse_points_merged_without_agreeing(points)
    chosen = [0]
    gap = _to_all(points, 0, metric)
    nearest = np.zeros(n, dtype=np.int64)
    while len(chosen) < count and gap.max() > 0:
        chosen.append(int(gap.argmax()))
        closer = _to_all(points, chosen[-1], metric)
        nearest[closer < gap] = len(chosen) - 1
        gap = np.minimum(gap, closer)
    indices = np.array(chosen, dtype=np.int64)
    radius = float(gap.max())
    if metric == "precomputed":
        _refuse_distortion(points, indices[nearest], radius)
    return Landmarks(indices, nearest, radius, 2 * radius)


def _to_all(points: NDArray[np.float64], row: int, metric: str) -> NDArray[np.float64]:
    if metric == "precomputed":
        return points[row].copy()
    return np.asarray(cdist(points[row : row + 1], points)[0], dtype=np.float64)


def _refuse_points_merged_without_agreeing(distances: NDArray[np.float64]) -> None:
    """Two points 0 apart have equal distances to all others in a metric, not in local homology."""
    twin = (distances == 0).argmax(axis=1)
    tolerance = 1e-9 * float(distances.max(initial=0.0))
    for row in np.flatnonzero(twin != np.arange(len(distances))):
        if np.abs(distances[row] - distances[twin[row]]).max() > tolerance:
            raise ValueError(
                "landmarks need a metric; these distances break the triangle inequality:"
                f" points {twin[row]} and {row} are 0 apart but differ in their distances to others"
                " (the dissimilarity of local homology does)"
            )


def _refuse_distortion(distances: NDArray[np.float64], stand_in: NDArray[np.int64], radius: float) -> None:
    """Check what the bound needs: |d(x, y) - d(x', y')| <= 2 r for the landmarks x', y' of x, y."""
    slack = 1e-9 * float(distances.max(initial=0.0))
    for row, image in enumerate(stand_in):
        worst = float(np.abs(distances[row] - distances[image, stand_in]).max())
        if worst > 2 * radius + slack:
            raise ValueError(
                "landmarks need a metric; these distances break the triangle inequality:"
                f" replacing points by their landmarks changes a distance of point {row} by {worst},"
                f" more than twice the covering radius {radius}"
            )
