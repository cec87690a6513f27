"""Statistics of angles, in radians: correlation by ranks with a permutation null, turns of a closed sequence.

Source: N. I. Fisher, *Statistical Analysis of Circular Data* (1993), section 6.3, for uniform scores; the
tests take the maximum over reflection because a circular coordinate has no orientation of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

__all__ = [
    "CircularCorrelation",
    "circular_correlation",
    "circular_mean",
    "uniform_scores",
    "winding_number",
]

TURN = 2 * np.pi


@dataclass(frozen=True)
class CircularCorrelation:
    """How well one angle follows another.

    Attributes
    ----------
    value : float
        From 0 to 1: the larger of |mean exp(i (u - v))| and |mean exp(i (u + v))| for the uniform scores u,
        v.
    reflected : bool
        True when the second is the larger: one angle falls while the other rises.
    p_value : float
        (1 + number of permutations that reach the value) / (1 + permutations).
    null : (permutations,) float64
        The value after shuffling one of the angles.
    """

    value: float
    reflected: bool
    p_value: float
    null: NDArray[np.float64]


def uniform_scores(angles: ArrayLike) -> NDArray[np.float64]:
    """2 pi rank / n: the angles spread evenly around the circle in their own order; ties share their mean rank.

    Parameters
    ----------
    angles : (n,) array, radians
    """
    values = _angles("angles", angles)
    return TURN * rankdata(np.mod(values, TURN)) / len(values)


def circular_correlation(
    first: ArrayLike, second: ArrayLike, *, permutations: int = 999, seed: int = 0
) -> CircularCorrelation:
    """Rank-based correlation of two angles, up to rotation and reflection of either.

    Ranks first: where either angle is concentrated, raw angles correlate without following each other.

    Parameters
    ----------
    first, second : (n,) arrays, radians
    permutations : int
        Shuffles for the null, 0 or more.
    seed : int

    Raises
    ------
    ValueError
        For NaN, infinity, different lengths or fewer than 3 points.
    """
    a, b = _angles("first", first), _angles("second", second)
    if len(a) != len(b) or len(a) < 3:
        raise ValueError(
            f"first and second must be equally long, at least 3; their lengths were {len(a)} and {len(b)}"
        )
    if permutations < 0:
        raise ValueError(f"permutations must be 0 or more; it was {permutations}")
    u, v = np.exp(1j * uniform_scores(a)), np.exp(1j * uniform_scores(b))
    same, mirrored = abs(np.mean(u * v.conj())), abs(np.mean(u * v))
    value = float(max(same, mirrored))
    rng = np.random.default_rng(seed)
    null = np.empty(permutations)
    for i in range(permutations):
        w = v[rng.permutation(len(v))]
        null[i] = max(abs(np.mean(u * w.conj())), abs(np.mean(u * w)))
    p = (1 + int((null >= value - 1e-12).sum())) / (1 + permutations)
    return CircularCorrelation(value, bool(mirrored > same), p, null)


def winding_number(angles: ArrayLike) -> int:
    """How often a closed sequence of angles turns around, each step the short way; negative is backwards.

    Parameters
    ----------
    angles : (n,) array, radians
        In order along the sequence; the last is followed by the first.

    Notes
    -----
    A step of exactly half a turn counts as forwards. Steps near half a turn make the number uncertain.
    """
    values = _angles("angles", angles)
    steps = np.diff(np.append(values, values[:1]))
    short = np.pi - np.mod(np.pi - steps, TURN)
    return int(np.rint(short.sum() / TURN)) if len(values) else 0


def circular_mean(angles: ArrayLike, axis: int = 0) -> NDArray[np.float64]:
    """Direction of the mean of exp(i angle), in [0, 2 pi)."""
    return np.asarray(
        np.mod(np.angle(np.exp(1j * np.asarray(angles, dtype=np.float64)).mean(axis=axis)), TURN)
    )


def _angles(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(f"{name} must be a vector of finite angles in radians; its shape was {array.shape}")
    return array
