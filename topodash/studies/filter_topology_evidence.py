"""Evidence: the study's statistics beside those of covariance-matched Gaussian banks.

Every source (trained filters, untrained ones) has null banks of its own: Gaussian filters with that source's
mean and covariance, through the same pipeline. The statistics in `EVIDENCE` get p-values; those in
`DESCRIPTION` are shown with their null and get none, because the nulls reproduce them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from topodash.studies.filter_topology import DESCRIPTION, EVIDENCE, filter_statistics
from topodash.studies.filter_topology_config import FilterTopologyConfig
from topodash.topology.null_bank import GaussianBank, null_p_value, null_statistics

__all__ = ["Evidence", "EvidenceStep", "conclude", "gather_evidence"]

Statistics = dict[str, float]


@dataclass(frozen=True, eq=False)
class Evidence:
    """One source's statistics and those of its null banks.

    Attributes
    ----------
    observed : dict
        The statistics named in `EVIDENCE` and `DESCRIPTION`.
    null : dict of (banks,) float64
        The same of the null banks, by number.
    p_values : dict
        For those in `EVIDENCE` only: (1 + null values at least as large) / (1 + banks).
    """

    observed: Statistics
    null: dict[str, NDArray[np.float64]]
    p_values: dict[str, float]

    @property
    def smallest_p(self) -> float:
        """The smallest p-value that so many banks can give."""
        return 1.0 / (1 + len(self.null[EVIDENCE[0]]))


@dataclass(frozen=True)
class EvidenceStep:
    """One bank is done.

    Attributes
    ----------
    number : int
        -1 for the source itself, else the number of the null bank.
    statistics : dict
    done, total : int
        Banks so far and altogether, the source among them.
    """

    number: int
    statistics: Statistics
    done: int
    total: int


def gather_evidence(
    filters: NDArray,
    config: FilterTopologyConfig,
    *,
    nulls: int = 99,
    seed: int = 0,
    workers: int = 1,
    networks: NDArray | None = None,
    done: Mapping[int, Statistics] | None = None,
) -> Iterator[EvidenceStep]:
    """The statistics of a source and of its null banks, one bank a step; `conclude` makes the result.

    Parameters
    ----------
    filters : (n, k, k) or (n, k * k) array, raw
    nulls : int
        Null banks; 99 give p-values down to 0.01.
    seed : int
        Of the null banks. Each has its own stream: the numbers do not depend on ``workers`` or on stops.
    workers : int
        Processes.
    networks : (n,) int array, optional
        Match mean and covariance within every network; default over the pooled bank.
    done : mapping, optional
        Steps of an earlier, stopped call by number; those are not repeated.

    Raises
    ------
    ValueError
        For filters that `topodash.studies.filter_topology.dense_filters` refuses.
    """
    known = dict(done or {})
    total, count = nulls + 1, sum(1 for number in known if number < nulls)
    if -1 not in known:
        count += 1
        yield EvidenceStep(-1, filter_statistics(filters, config), count, total)
    bank = GaussianBank.like(filters, networks)
    pipeline = partial(filter_statistics, config=config)
    for number, statistics in null_statistics(
        bank, pipeline, count=nulls, seed=seed, workers=workers, done=known
    ):
        count += 1
        yield EvidenceStep(number, statistics, count, total)


def conclude(steps: Mapping[int, Statistics]) -> Evidence:
    """P-values from the statistics by number (-1 the source) of as many null banks as there are.

    Raises
    ------
    ValueError
        Without the source or without a null bank.
    """
    numbers = sorted(number for number in steps if number >= 0)
    if -1 not in steps or not numbers:
        raise ValueError(f"steps must hold the source (-1) and null banks; they held {sorted(steps)}")
    null = {name: np.array([steps[i][name] for i in numbers]) for name in (*EVIDENCE, *DESCRIPTION)}
    observed = dict(steps[-1])
    return Evidence(observed, null, {name: null_p_value(observed[name], null[name]) for name in EVIDENCE})
