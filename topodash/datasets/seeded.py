"""Randomness by name, and the held-out split.

Each purpose (a class's angles, its noise, the split) draws from a stream of its own, so that turning one
control moves nothing else: with more noise the same points move further, with another held-out share they
stay where they are.
"""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray


def stream(seed: int, name: str, purpose: str) -> np.random.Generator:
    """The random stream for one purpose in one data set; a function of its three arguments only."""
    return np.random.default_rng(np.random.SeedSequence([seed, crc32(f"{name}/{purpose}".encode())]))


def shares_to_counts(total: int, shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole numbers that sum to `total` and follow `shares`, any positive weights (largest remainders)."""
    exact = total * shares / shares.sum()
    counts = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return counts


def split(
    labels: NDArray[np.int64], held_out: float, seed: int, name: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Train and test indices, each class in its own proportion.

    Every class has at least one training point, and at least one test point where it has two points and the
    test part is large enough for all classes.

    Parameters
    ----------
    labels : (n,) int64
    held_out : float
        Share of the points in `test`, 0 to 0.9; rounded to the nearest whole number.
    seed, name
        Which random stream.

    Returns
    -------
    train, test : int64 arrays, ascending
    """
    classes, sizes = np.unique(labels, return_counts=True)
    wanted = round(len(labels) * held_out)
    counts = np.minimum(shares_to_counts(wanted, sizes.astype(np.float64)), sizes - 1)
    if wanted >= len(classes):
        for empty in np.flatnonzero((counts == 0) & (sizes > 1)):
            largest = int(np.argmax(counts))
            if counts[largest] > 1:
                counts[largest] -= 1
                counts[empty] += 1
    rng = stream(seed, name, "split")
    test = [
        rng.permutation(np.flatnonzero(labels == each))[:count]
        for each, count in zip(classes, counts, strict=True)
    ]
    held = np.sort(np.concatenate(test)).astype(np.int64)
    return np.setdiff1d(np.arange(len(labels), dtype=np.int64), held, assume_unique=True), held
