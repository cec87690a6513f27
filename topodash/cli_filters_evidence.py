"""The null banks of `topodash filters`: each is kept when it is done, so that a stopped command goes on.

They are kept in the cache of the data folder, by the filters themselves, the settings of the density filter, the seed and the number.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import numpy as np

from topodash.compute import Cache, key
from topodash.settings import Settings
from topodash.studies.filter_topology_bank import FilterSet
from topodash.studies.filter_topology_config import DENSITY, FilterTopologyConfig
from topodash.studies.filter_topology_evidence import Evidence, conclude, gather_evidence
from topodash.studies.filter_topology_verdict import Shown, verdict

__all__ = ["Stopped", "evidence"]

#: Whoever changes what a null bank's statistics are raises it.
VERSION = 1

Statistics = dict[str, float]


class Stopped(Exception):
    """Ctrl-C; the message says what is there and how to go on."""


def evidence(
    filters: FilterSet,
    config: FilterTopologyConfig,
    observed: Statistics,
    *,
    nulls: int,
    seed: int,
    workers: int,
) -> Evidence:
    """The null banks of these filters, of which those that are kept are not computed again.

    Raises
    ------
    Stopped
        On Ctrl-C.
    """
    cache = Cache.of(Settings.from_env())
    keys = [_key(filters, config, seed, number) for number in range(nulls)]
    steps: dict[int, Statistics] = {-1: observed}
    for number, each in enumerate(keys):
        found = cache.get(each)
        if isinstance(found, Mapping):
            steps[number] = dict(found)
    if len(steps) > 1:
        _show(f"{len(steps) - 1} of {nulls} null banks are kept from before\n")
    try:
        for step in gather_evidence(
            filters.flat, config, nulls=nulls, seed=seed, workers=workers, done=dict(steps)
        ):
            steps[step.number] = step.statistics
            cache.put(keys[step.number], step.statistics)
            _show(f"\rnull bank {len(steps) - 1} of {nulls}")
    except KeyboardInterrupt:
        raise Stopped(_so_far(steps, nulls, cache.trouble)) from None
    finally:
        _show("\n")
    return conclude(steps)


def _key(filters: FilterSet, config: FilterTopologyConfig, seed: int, number: int) -> str:
    density = {name: getattr(config, name) for name in DENSITY}
    parameters = {"config": density, "seed": seed, "number": number}
    return key("filters_null_bank", VERSION, parameters, [filters.filters])


def _so_far(steps: Mapping[int, Statistics], nulls: int, trouble: str) -> str:
    done = [steps[number] for number in sorted(steps) if number >= 0]
    null = {name: np.array([each[name] for each in done]) for name in steps[-1]}
    said = verdict(Shown("these filters", steps[-1], null), nulls) if done else "No null bank is done."
    how = (
        f"They could not be kept: {trouble}"
        if trouble
        else "Those that are done are kept: the same command goes on from here."
    )
    return f"stopped. {said} {how}"


def _show(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
