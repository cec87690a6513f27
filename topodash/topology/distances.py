"""Bottleneck and Wasserstein distances between persistence diagrams, by persim.

persim drops infinite bars with a warning. Here they take part: infinite bars can only be matched with each
other, in the order of their births, and two diagrams with different numbers of them are infinitely far apart
(D. Cohen-Steiner, H. Edelsbrunner, J. Harer, *Stability of persistence diagrams*, 2007).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topodash.topology.landscapes import finite_bars

#: A distance of two diagrams, or of two landscapes.
Distance = Callable[[ArrayLike, ArrayLike], float]


def bottleneck_distance(diagram_a: ArrayLike, diagram_b: ArrayLike) -> float:
    """Greatest move (maximum norm) of the best matching of two (k, 2) diagrams; bars may go to the diagonal.

    Raises
    ------
    ValueError
        For a bad diagram.
    """
    from persim import bottleneck

    essential = _essential_moves(diagram_a, diagram_b)
    a, b = finite_bars(diagram_a), finite_bars(diagram_b)
    if len(a) == 0 or len(b) == 0:
        finite = float(np.max(np.concatenate([a, b]) @ [-0.5, 0.5], initial=0.0))
    else:
        finite = float(bottleneck(a, b))
    return max(finite, float(essential.max(initial=0.0)))


def wasserstein_distance(diagram_a: ArrayLike, diagram_b: ArrayLike) -> float:
    """Sum of Euclidean moves of the best matching (1-Wasserstein) of two (k, 2) diagrams.

    Raises
    ------
    ValueError
        For a bad diagram.
    """
    from persim import wasserstein

    essential = _essential_moves(diagram_a, diagram_b)
    a, b = finite_bars(diagram_a), finite_bars(diagram_b)
    if len(a) == 0 or len(b) == 0:
        finite = float(np.sum(np.concatenate([a, b]) @ [-1.0, 1.0]) / np.sqrt(2))
    else:
        with warnings.catch_warnings():
            # persim builds its cost matrix from inf times one; numpy notes it, the result is right.
            warnings.simplefilter("ignore", RuntimeWarning)
            finite = float(wasserstein(a, b))
    return finite + float(essential.sum())


def distance_matrix(
    items: Sequence[ArrayLike],
    distance: Distance = bottleneck_distance,
    *,
    progress: Callable[[float], None] = lambda share: None,
) -> NDArray[np.float64]:
    """Distances of all pairs of n arrays, (n, n): symmetric, with a diagonal of 0.

    Parameters
    ----------
    items : n arrays
        What `distance` compares: (k, 2) diagrams, whose numbers k may differ, or landscapes on one grid.
    distance : callable
        Asked once a pair; only for pairs of different arrays.
    progress : callable
        Told before each pair which share of the pairs is done.
    """
    found = np.zeros((len(items), len(items)))
    pairs = list(combinations(range(len(items)), 2))
    for done, (i, j) in enumerate(pairs):
        progress(done / len(pairs))
        if not np.array_equal(items[i], items[j]):
            found[i, j] = found[j, i] = distance(items[i], items[j])
    return found


def _essential_moves(diagram_a: ArrayLike, diagram_b: ArrayLike) -> NDArray[np.float64]:
    a, b = (np.asarray(d, dtype=np.float64).reshape(-1, 2) for d in (diagram_a, diagram_b))
    births_a, births_b = (np.sort(d[np.isposinf(d[:, 1]), 0]) for d in (a, b))
    if len(births_a) != len(births_b):
        return np.array([np.inf])
    return np.abs(births_a - births_b)
