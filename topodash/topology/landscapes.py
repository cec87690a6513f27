"""Persistence landscapes: a diagram as a sequence of functions in a Hilbert space.

A bar (b, d) is a tent, max(0, min(t - b, d - t)); the k-th landscape function at t is the k-th largest tent
there (P. Bubenik, *Statistical topological data analysis using persistence landscapes*, JMLR 16 (2015)). On
a grid that is one sort a grid point, of the bars alive there. Norms need no landscape: the k-th largest
values over all k are just the tents in another order, so the sum over k of the integral of lambda_k^p is the
sum over the tents.

Scale: the tent's height is half the persistence (gudhi's ``Landscape`` is sqrt(2) times that).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Tents held at once: 32 MB. A block of grid points shares one selection of bars: few points waste fewer
# tents, many points fewer calls; measured best for few and for many bars.
_TENTS = 1 << 22
_BLOCKS = ((200, 128), (2000, 64), (float("inf"), 32))
_LARGEST_RESULT = 2**31


def finite_bars(diagram: ArrayLike) -> Floats:
    """The bars that have a tent: finite and of positive length, as a (k, 2) float64 array.

    Raises
    ------
    ValueError
        For a shape other than (k, 2), a NaN, or a death before its birth.
    """
    bars = np.asarray(diagram, dtype=np.float64)
    if bars.size == 0:
        return np.empty((0, 2))
    if bars.ndim != 2 or bars.shape[1] != 2:
        raise ValueError(f"diagram must be a (k, 2) array of births and deaths; its shape was {bars.shape}")
    if np.isnan(bars).any():
        raise ValueError(f"diagram must not contain NaN; row {int(np.isnan(bars).any(axis=1).argmax())} does")
    if (bars[:, 1] < bars[:, 0]).any():
        row = int((bars[:, 1] < bars[:, 0]).argmax())
        raise ValueError(f"diagram must have no death before its birth; row {row} was {bars[row].tolist()}")
    return bars[np.isfinite(bars).all(axis=1) & (bars[:, 1] > bars[:, 0])]


def landscape(diagram: ArrayLike, grid: ArrayLike, depth: int | None = None) -> Floats:
    """Values of the landscape functions on a grid.

    Parameters
    ----------
    diagram : (k, 2) array
        Births and deaths; infinite bars are dropped.
    grid : (g,) array
        Increasing.
    depth : int, optional
        Number of functions; missing ones are 0. Default: as many as are not 0 somewhere on the grid.

    Returns
    -------
    (depth, g) float64
        lambda_1 first.

    Raises
    ------
    ValueError
        For a bad diagram, grid or depth, or a full depth whose result would not fit in memory.
    """
    bars, ts = finite_bars(diagram), _grid(grid)
    if depth is not None and depth < 1:
        raise ValueError(f"depth must be 1 or more; it was {depth}")
    births, deaths = np.sort(bars[:, 0]), np.sort(bars[:, 1])
    alive = np.searchsorted(births, ts, "left") - np.searchsorted(deaths, ts, "right")
    levels = int(alive.max(initial=0)) if depth is None else depth
    if depth is None and levels * len(ts) * 8 > _LARGEST_RESULT:
        raise ValueError(
            f"depth must be given: all {levels} functions on {len(ts)} grid points would take"
            f" {levels * len(ts) * 8 / 2**30:.1f} GiB"
        )
    values = np.zeros((levels, len(ts)))
    size = next(points for most, points in _BLOCKS if len(bars) <= most)
    for start in range(0, len(ts), size):
        block = ts[start : start + size]
        near = bars[(bars[:, 0] < block[-1]) & (bars[:, 1] > block[0])]
        step = max(1, _TENTS // max(1, len(near)))
        for first in range(0, len(block), step):
            part = block[first : first + step]
            top = _largest_tents(near, part, levels)
            columns = values[: top.shape[1], start + first : start + first + len(part)]
            np.maximum(top.T, 0.0, out=columns)
    return values


def _largest_tents(bars: Floats, ts: Floats, levels: int) -> Floats:
    """The ``levels`` largest tents at each t, largest first, also below 0: (len(ts), at most levels)."""
    tents = np.minimum(ts[:, None] - bars[:, 0], bars[:, 1] - ts[:, None])
    if tents.shape[1] > 2 * levels:  # else sorting all of them is quicker than choosing first
        tents.partition(tents.shape[1] - levels, axis=1)
        tents = tents[:, tents.shape[1] - levels :]
    tents.sort(axis=1)
    return tents[:, ::-1][:, :levels]


def landscape_norm(diagram: ArrayLike, p: float = 2) -> float:
    """L^p norm of the whole landscape, at full depth, exact from the bars.

    ||lambda||_p^p = sum over bars of 2 / (p + 1) (persistence / 2)^(p + 1);
    ||lambda||_2 = sqrt(sum persistence^3 / 12).

    Parameters
    ----------
    diagram : (k, 2) array
        Infinite bars are dropped.
    p : float
        1 or more; ``inf`` gives the greatest height.

    Raises
    ------
    ValueError
        For p below 1 or a bad diagram.
    """
    bars = finite_bars(diagram)
    if not p >= 1:
        raise ValueError(f"p must be 1 or more; it was {p}")
    heights = (bars[:, 1] - bars[:, 0]) / 2
    tallest = float(heights.max(initial=0.0))
    if tallest == 0.0 or np.isinf(p):
        return tallest
    # Relative to the tallest, so that a large p neither overflows nor underflows.
    integral = float(np.sum(2 / (p + 1) * (heights / tallest) ** (p + 1)))
    return tallest * (integral * tallest) ** (1 / p)


def landscape_inner(landscapes_a: ArrayLike, landscapes_b: ArrayLike, grid: ArrayLike) -> float:
    """Inner product, summed over depth, of two sequences of functions that are piecewise linear on the grid.

    Parameters
    ----------
    landscapes_a, landscapes_b : (depth, g) arrays
        The depths may differ; missing functions are 0.
    grid : (g,) array
        Increasing.

    Returns
    -------
    float
        Exact for piecewise-linear functions: on an interval of length h from (a0, b0) to (a1, b1) the
        integral is h (2 a0 b0 + a0 b1 + a1 b0 + 2 a1 b1) / 6.

    Raises
    ------
    ValueError
        When a landscape does not fit the grid.
    """
    ts = _grid(grid)
    a, b = _values(landscapes_a, ts, "landscapes_a"), _values(landscapes_b, ts, "landscapes_b")
    common = min(len(a), len(b))
    return float(np.sum(a[:common] * _times_mass(b[:common], ts)))


def landscape_gram(stack: ArrayLike, grid: ArrayLike) -> Floats:
    """Inner products of all pairs: (m, depth, g) or (m, g) functions on a grid (g,) -> (m, m)."""
    ts = _grid(grid)
    values = np.asarray(stack, dtype=np.float64)
    if values.ndim < 2 or values.shape[-1] != len(ts):
        raise ValueError(f"stack must be (m, depth, {len(ts)}) for this grid; its shape was {values.shape}")
    gram = values.reshape(len(values), -1) @ _times_mass(values, ts).reshape(len(values), -1).T
    return (gram + gram.T) / 2


def landscape_distance(landscapes_a: ArrayLike, landscapes_b: ArrayLike, grid: ArrayLike) -> float:
    """L^2 distance of two landscapes given on a grid; exact for piecewise-linear functions."""
    ts = _grid(grid)
    a, b = _values(landscapes_a, ts, "landscapes_a"), _values(landscapes_b, ts, "landscapes_b")
    a, b = _same_depth([a, b])
    return float(np.sqrt(max(0.0, landscape_inner(a - b, a - b, ts))))


def average_landscape(landscapes: Sequence[ArrayLike]) -> Floats:
    """Mean of landscapes on one grid, each (depth, g); those of less depth are filled up with 0."""
    if len(landscapes) == 0:
        raise ValueError("landscapes must contain at least one landscape; it was empty")
    arrays = [np.asarray(values, dtype=np.float64) for values in landscapes]
    if any(a.ndim != 2 or a.shape[1] != arrays[0].shape[1] for a in arrays):
        raise ValueError(
            f"landscapes must be (depth, g) on one grid; the shapes were {[a.shape for a in arrays]}"
        )
    return np.mean(_same_depth(arrays), axis=0)


def lost_norm_share(diagram: ArrayLike, grid: ArrayLike, p: float = 2) -> float:
    """Share of ||lambda||_p^p that lies outside the grid's ends, from 0 to 1; exact, from the bars."""
    bars, ts = finite_bars(diagram), _grid(grid)
    middle, height = bars.mean(axis=1), (bars[:, 1] - bars[:, 0]) / 2
    tallest = float(height.max(initial=0.0))
    if tallest == 0.0:
        return 0.0
    middle, height = middle / tallest, height / tallest

    def up_to(t: float) -> Floats:
        """Integral of each tent to the power p from its birth to t."""
        rising = np.clip(t / tallest - middle + height, 0, height) ** (p + 1)
        falling = np.clip(middle + height - t / tallest, 0, height) ** (p + 1)
        return (rising + height ** (p + 1) - falling) / (p + 1)

    whole = float(np.sum(2 * height ** (p + 1) / (p + 1)))
    inside = float(np.sum(up_to(float(ts[-1])) - up_to(float(ts[0]))))
    return float(np.clip(1 - inside / whole, 0.0, 1.0))


def retained_norm_share(landscapes: ArrayLike, grid: ArrayLike, depth: int) -> float:
    """Share of a full-depth landscape's squared L^2 norm that its first ``depth`` functions hold."""
    ts = _grid(grid)
    values = _values(landscapes, ts, "landscapes")
    whole = landscape_inner(values, values, ts)
    return landscape_inner(values[:depth], values[:depth], ts) / whole if whole > 0 else 1.0


def _times_mass(values: Floats, ts: Floats) -> Floats:
    """The mass matrix of hat functions on the grid, applied along the last axis."""
    h = np.diff(ts) / 6
    product = np.zeros_like(values)
    product[..., :-1] += h * (2 * values[..., :-1] + values[..., 1:])
    product[..., 1:] += h * (values[..., :-1] + 2 * values[..., 1:])
    return product


def _same_depth(arrays: Sequence[Floats]) -> list[Floats]:
    deepest = max(len(a) for a in arrays)
    return [np.pad(a, ((0, deepest - len(a)), (0, 0))) for a in arrays]


def _grid(grid: ArrayLike) -> Floats:
    ts = np.asarray(grid, dtype=np.float64)
    if ts.ndim != 1 or len(ts) < 1 or not np.isfinite(ts).all() or (np.diff(ts) <= 0).any():
        raise ValueError(f"grid must be a 1-D array of increasing finite numbers; its shape was {ts.shape}")
    return ts


def _values(landscapes: ArrayLike, ts: Floats, name: str) -> Floats:
    values = np.asarray(landscapes, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != len(ts):
        raise ValueError(f"{name} must be (depth, {len(ts)}) for this grid; its shape was {values.shape}")
    return values
