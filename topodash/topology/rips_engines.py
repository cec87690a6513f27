"""The two engines of Rips persistence behind `topodash.topology.persistence`, and the memory that they need.

Each takes a symmetric float64 distance matrix and returns raw bars, one array a degree. They are imported
when they are first used: each costs most of a second.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Raw = tuple[list[NDArray[np.float64]], list[list[NDArray[np.int64]]]]

# Bytes: measured peaks on Gaussian clouds in three dimensions (degree 1: 45 n^2 and 73 n^2 at 3000 points;
# degree 2: ripser 72 a triangle, gudhi 45 n^2 because it collapses edges first), rounded up. How far they
# really grow depends on the data.
_BYTES_PER_DISTANCE = 20
_BYTES_PER_SIMPLEX = {"gudhi": 90, "ripser": 140}
# From so many points on it pays to look for the scale at which degree 1 is over.
_EARLY_END_FROM = 500
_SPREAD_POINTS = 150
_NEIGHBOURS = 13


def estimate_memory(n: int, max_degree: int = 1, engine: Literal["ripser", "gudhi"] = "gudhi") -> int:
    """Bytes that Rips persistence of ``n`` points takes for ordinary data, roughly and from above."""
    if max_degree == 0:
        simplices = 0
    elif engine == "gudhi":
        simplices = math.comb(n, 2) * 4 ** (max_degree - 1)
    else:
        simplices = math.comb(n, max_degree + 1)
    return _BYTES_PER_DISTANCE * n * n + _BYTES_PER_SIMPLEX[engine] * simplices


def available_memory() -> int:
    """Bytes of memory that are free for use now (on Linux; elsewhere half of what is built in)."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        for line in meminfo.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    return 4 * 2**30


def refuse_too_many(n: int, max_degree: int, engine: str, max_memory: int | None) -> None:
    """Refuse a computation that would not fit, and say what would.

    Raises
    ------
    ValueError
        With the estimate, the limit, and the number of landmarks that fit.
    """
    limit = available_memory() * 4 // 5 if max_memory is None else max_memory
    kind: Literal["ripser", "gudhi"] = "ripser" if engine == "ripser" else "gudhi"
    needed = estimate_memory(n, max_degree, kind)
    if needed <= limit:
        return
    fits, too_many = 0, n
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if estimate_memory(middle, max_degree, kind) <= limit:
            fits = middle
        else:
            too_many = middle
    raise ValueError(
        f"points must fit in memory: {n} points in degree {max_degree} need about {needed / 2**30:.3g} GiB"
        f" and {limit / 2**30:.3g} GiB may be used; take at most {fits} farthest-point landmarks"
        " or a subsample"
    )


def with_gudhi(distances: NDArray[np.float64], max_degree: int, prime: int, cocycles: bool) -> Raw:
    """Bars by gudhi's fork of Ripser, in float64. It gives no cocycles.

    In degree 1, many points are cut off at a scale beyond which provably nothing happens: half the time.
    """
    if len(distances) < 2:
        return _trivial(len(distances), max_degree)
    if max_degree == 1 and len(distances) >= _EARLY_END_FROM:
        for scale in _guesses(distances):
            bars = _gudhi(distances, 1, prime, scale)
            if np.isinf(bars[1]).any() or np.isinf(bars[0][:, 1]).sum() != 1:
                continue  # something is alive there: look farther
            if nothing_begins_after(distances, scale):
                return bars, []
            break
    return _gudhi(distances, max_degree, prime, np.inf), []


def _gudhi(
    distances: NDArray[np.float64], max_degree: int, prime: int, scale: float
) -> list[NDArray[np.float64]]:
    from gudhi.sklearn.rips_persistence import RipsPersistence

    # The lower triangle only: with a full matrix, two values for one pair give silently wrong bars.
    rips = RipsPersistence(
        list(range(max_degree + 1)),
        threshold=scale,
        input_type="lower distance matrix",
        homology_coeff_field=prime,
        n_jobs=1,
    )
    return [_bars(found) for found in rips.fit_transform([distances])[0]]


def bars_of_edges(
    edges: tuple[NDArray[np.intp], NDArray[np.intp]], lengths: ArrayLike, n: int
) -> NDArray[np.float64]:
    """Degree-1 bars over Z/2 of the flag complex of these edges among n points, (k, 2), in no order, by gudhi.

    Parameters
    ----------
    edges : two (e,) int arrays
        Every edge once.
    lengths : (e,) array
        When each of them comes. A class that no edge ends has an infinite death.
    """
    from gudhi.sklearn.rips_persistence import RipsPersistence
    from scipy.sparse import coo_matrix

    values = np.asarray(lengths, dtype=np.float64)
    graph = coo_matrix((values, edges), shape=(n, n))
    rips = RipsPersistence(
        1, input_type="distance coo_matrix", homology_coeff_field=2, num_collapses=0, n_jobs=1
    )
    return _bars(rips.fit_transform([graph])[0])


def _guesses(distances: NDArray[np.float64]) -> Iterator[float]:
    """Scales at which degree 1 may be over: where it is for a few spread points, then farther."""
    end = float(distances.max(axis=1).min())
    chosen, gap = [0], distances[0].copy()
    for _ in range(_SPREAD_POINTS - 1):
        chosen.append(int(gap.argmax()))
        np.minimum(gap, distances[chosen[-1]], out=gap)
    few = _gudhi(np.ascontiguousarray(distances[np.ix_(chosen, chosen)]), 1, 2, np.inf)
    scale = 1.05 * float(few[1][:, 1].max(initial=float(gap.max())))
    while 0 < scale < 0.7 * end:
        yield scale
        scale *= 1.5


def nothing_begins_after(distances: NDArray[np.float64], scale: float) -> bool:
    """Whether no bar of degree 1 begins beyond a scale.

    An edge u v with a point w nearer to both ends than they are to each other closes no new cycle: the path over w is
    there before, and the triangle u v w comes with the edge. So no bar begins when every longer edge, up to the
    enclosing radius, has such a point. For nearly all edges one of the points next to u or to v will do.

    Parameters
    ----------
    distances : (n, n) array
        Symmetric, zero diagonal; the triangle inequality is not used.
    """
    end = float(distances.max(axis=1).min())
    alone = (distances > scale) & (distances <= end)
    count = min(_NEIGHBOURS, len(distances))
    near = np.argpartition(distances, count - 1, axis=1)[:, :count]
    for k in range(count):
        w = near[:, k]
        to_w = np.take_along_axis(distances, w[:, None], axis=1)
        alone &= (distances[w] >= distances) | (to_w >= distances)
    alone &= alone.T
    for u, v in np.argwhere(np.triu(alone)):
        if not (np.maximum(distances[u], distances[v]) < distances[u, v]).any():
            return False
    return True


def with_ripser(distances: NDArray[np.float64], max_degree: int, prime: int, cocycles: bool) -> Raw:
    """Bars by ripser.py, in float32, with a representative cocycle each when asked for."""
    if len(distances) < 2:
        return _trivial(len(distances), max_degree)
    from ripser import ripser

    # Scaling by a power of two changes no digit and keeps very large and very small clouds inside
    # the range of float32.
    exponent = math.frexp(float(distances.max()))[1]
    found = ripser(
        np.ldexp(distances, -exponent),
        maxdim=max_degree,
        coeff=prime,
        distance_matrix=True,
        do_cocycles=cocycles,
    )
    diagrams = [np.ldexp(_bars(bars), exponent) for bars in found["dgms"]]
    if not cocycles:
        return diagrams, []
    return diagrams, [[np.asarray(c, dtype=np.int64) for c in degree] for degree in found["cocycles"]]


ENGINES = {"gudhi": with_gudhi, "ripser": with_ripser}


def _bars(found: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(found, dtype=np.float64).reshape(-1, 2)


def _trivial(n: int, max_degree: int) -> Raw:
    components = np.array([[0.0, np.inf]] * n).reshape(-1, 2)
    return [components] + [np.empty((0, 2))] * max_degree, [[] for _ in range(max_degree + 1)]
