"""Null banks and the grid of the density filter, in pieces that are cached each by itself.

A page asks for one piece after the other: the picture grows, a stopped computation goes on where it was, and
other questions need not wait for all of it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import pdist, squareform
from threadpoolctl import threadpool_limits

from topodash.geometry import klein_fit
from topodash.jobs.answers.filter_source import config_of, filters_of
from topodash.jobs.sources import Sources
from topodash.studies.filter_topology import DESCRIPTION, EVIDENCE, dense_filters, statistics_of
from topodash.studies.filter_topology_sensitivity import sensitivity
from topodash.topology.long_bars import degree_one_bars
from topodash.topology.null_bank import GaussianBank

BARS = 12
THREADS = min(2, os.cpu_count() or 1)


def filter_nulls(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"filters", "config", "seed", "first", "count"} -> statistics and longest bars of those null banks.

    Each bank has its own random stream and goes through the whole pipeline, density filter included, exactly as
    `topodash.studies.filter_topology_evidence.gather_evidence` does.
    """
    filters = filters_of(parameters["filters"], sources).flat
    config = config_of(parameters)
    first, count, seed = (int(parameters[name]) for name in ("first", "count", "seed"))
    bank = GaussianBank.like(filters)
    statistics: dict[str, list[float]] = {name: [] for name in (*EVIDENCE, *DESCRIPTION)}
    bars = []

    def one(number: int) -> tuple[dict[str, float], NDArray[np.float64]]:
        dense = dense_filters(bank.draw(number, seed=seed), config)
        found = degree_one_bars(squareform(pdist(dense.points)))
        return statistics_of(dense.values, found, klein_fit(dense.values)), found[:BARS]

    # Nearly all of it is in numpy and gudhi, which let other threads run.
    with threadpool_limits(1), ThreadPoolExecutor(THREADS, initializer=_stand_back) as pool:
        for done, (values, longest) in enumerate(pool.map(one, range(first, first + count)), 1):
            sources.progress(done / count, f"null bank {first + done}")
            for name, kept in statistics.items():
                kept.append(values[name])
            bars.append(longest)
    return {
        "statistics": {name: np.array(kept) for name, kept in statistics.items()},
        "bars": np.concatenate(bars),
    }


def _stand_back() -> None:
    """Let the page, the server and other questions go before this thread."""
    if sys.platform == "linux":  # where niceness belongs to a thread
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def filter_sensitivity(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"filters", "config", "k", "fractions"} -> one row of the grid: what each share keeps, and whether it is a ring."""
    filters = filters_of(parameters["filters"], sources).flat
    fractions = [float(share) for share in parameters["fractions"]]
    cells = []
    steps = sensitivity(filters, config_of(parameters), ks=(int(parameters["k"]),), fractions=fractions)
    for done, cell in enumerate(steps, 1):
        cells.append(
            {
                "k": cell.k,
                "fraction": cell.fraction,
                "kept": cell.kept,
                "turns": cell.turns,
                "ring": cell.ring,
                "reason": cell.reason,
                "statistics": cell.statistics,
            }
        )
        sources.progress(done / len(fractions), f"rho({cell.k}, {cell.fraction:.0%})")
    return {"cells": cells}
