"""Null banks: Gaussian filters with the mean and covariance of a trained bank, and p-values against them.

A Gaussian with a bank's own mean and covariance has no ring and no Klein bottle, but its principal plane is
the same. A statistic that such banks reproduce is no evidence for the ring. Each null bank goes through the
whole pipeline, normalisation and density filter included, exactly as the trained one does.

Every bank has a random stream of its own, from (seed, number): the numbers do not depend on how many workers
there are, on the order in which they finish, or on where a stopped computation goes on.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from topodash.topology.metrics import finite_matrix

__all__ = ["GaussianBank", "null_p_value", "null_statistics"]

Statistics = dict[str, float]


@dataclass(frozen=True)
class GaussianBank:
    """What null banks are drawn from.

    Attributes
    ----------
    means : (g, d) float64
    factors : (g, d, d) float64
        A @ A.T is the covariance (ddof = 0) of a group; singular ones too.
    sizes : (g,) int64
        Filters of every group; a drawn bank has them in this order.
    """

    means: NDArray[np.float64]
    factors: NDArray[np.float64]
    sizes: NDArray[np.int64]

    @classmethod
    def like(cls, filters: ArrayLike, networks: ArrayLike | None = None) -> GaussianBank:
        """The Gaussian that matches a bank.

        Parameters
        ----------
        filters : (n, k, k) or (n, d) array
            As trained: raw, before any normalisation.
        networks : (n,) int array, optional
            Match mean and covariance within every network by itself. Default: one Gaussian for the pooled
            bank, the one that the field's measurements use. A network of fewer than d + 1 filters has a
            singular covariance of its own, and its draws stay in the span of its filters.

        Raises
        ------
        ValueError
            For NaN, infinity, fewer than two filters or another number of networks.
        """
        array = np.asarray(filters, dtype=np.float64)
        flat = finite_matrix("filters", array.reshape(len(array), -1))
        if len(flat) < 2:
            raise ValueError(f"filters must be at least two, for a covariance; there were {len(flat)}")
        groups = np.zeros(len(flat), dtype=np.int64) if networks is None else np.asarray(networks)
        if groups.shape != (len(flat),):
            raise ValueError(
                f"networks must have shape ({len(flat)},), one for each filter; it was {groups.shape}"
            )
        means, factors, sizes = [], [], []
        for group in np.unique(groups):
            members = flat[groups == group]
            mean = members.mean(axis=0)
            # from the data's own singular values: exact for singular covariances, where Cholesky fails
            _, spread, axes = np.linalg.svd(members - mean, full_matrices=False)
            factor = np.zeros((flat.shape[1], flat.shape[1]))
            factor[:, : len(spread)] = axes.T * (spread / np.sqrt(len(members)))
            means.append(mean)
            factors.append(factor)
            sizes.append(len(members))
        return cls(np.stack(means), np.stack(factors), np.array(sizes, dtype=np.int64))

    def draw(self, number: int, *, seed: int) -> NDArray[np.float64]:
        """Null bank ``number``: (n, d) filters, the same for the same seed and number."""
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
        return np.concatenate(
            [
                mean + rng.standard_normal((size, len(mean))) @ factor.T
                for mean, factor, size in zip(self.means, self.factors, self.sizes, strict=True)
            ]
        )


def null_statistics(
    bank: GaussianBank,
    pipeline: Callable[[NDArray[np.float64]], Statistics],
    *,
    count: int,
    seed: int,
    workers: int = 1,
    done: Mapping[int, Statistics] | None = None,
) -> Iterator[tuple[int, Statistics]]:
    """The statistics of null banks 0 to ``count`` - 1, in order, each as soon as it and those before it are there.

    Parameters
    ----------
    pipeline : function of (n, d) filters
        The whole way from raw filters to statistics; picklable when there is more than one worker.
    count : int
        99 or more for p-values down to 0.01.
    workers : int
        Processes of one thread each; 1 computes in this process.
    done : mapping from number to statistics, optional
        Banks that an earlier, stopped call has given; they are not computed again and not given again.

    Raises
    ------
    ValueError
        For a count or workers below 1.
    """
    if count < 1 or workers < 1:
        raise ValueError(f"count and workers must be at least 1; they were {count} and {workers}")
    left = [i for i in range(count) if i not in (done or {})]
    if workers == 1 or len(left) < 2:
        for i in left:
            yield i, _one(bank, pipeline, i, seed)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(left)), context, initializer=_leave_interrupts) as pool:
        futures = [pool.submit(_one, bank, pipeline, i, seed) for i in left]
        try:
            for i, future in zip(left, futures, strict=True):
                yield i, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl-C reaches a whole group of processes; the one that asked decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(
    bank: GaussianBank, pipeline: Callable[[NDArray[np.float64]], Statistics], number: int, seed: int
) -> Statistics:
    with threadpool_limits(1):
        return pipeline(bank.draw(number, seed=seed))


def null_p_value(observed: float, null: ArrayLike) -> float:
    """(1 + null values at least as large) / (1 + null values); a NaN of the null counts as large.

    Parameters
    ----------
    observed : float
        NaN gives 1: what cannot be computed is no evidence.
    null : (m,) array
    """
    values = np.asarray(null, dtype=np.float64)
    if np.isnan(observed):
        return 1.0
    return float((1 + np.count_nonzero(~(values < observed))) / (1 + len(values)))
