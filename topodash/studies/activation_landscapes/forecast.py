"""What can be said of a study before it is done: how long it takes, and why it cannot be done at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType

from topodash.datasets import load
from topodash.studies.activation_landscapes.config import LandscapeConfig
from topodash.studies.activation_landscapes.units import study_data
from topodash.topology.rips_engines import available_memory, refuse_too_many

#: As many as a machine may have; what is asked for beyond is a slip of the hand.
MOST_WORKERS = 256
#: While no unit of a kind is finished, its estimate counts as so much of one that was.
_TRUST = 0.2
_NOTHING: Mapping[str, float] = MappingProxyType({})


def class_names(dataset: str) -> tuple[str, ...]:
    """The names of a data set's classes, without reading its images, which takes seconds."""
    if dataset == "mnist":
        return tuple(str(digit) for digit in range(10))
    return load(dataset, seed=0).class_names


def refuse_what_cannot_be_done(config: LandscapeConfig, workers: int = 1) -> None:
    """Refuse, before anything is trained, what would end a study in the middle: too few processes, a class that the data
    have not, a batch without points, diagrams that do not fit in memory.

    Raises
    ------
    ValueError
        With what it must be and what it was; for memory, with how many points fit.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise ValueError(f"workers must be a whole number from 1 to {MOST_WORKERS}; it was {workers}")
    known = class_names(config.dataset)
    if config.class_name and config.class_name not in known:
        raise ValueError(
            f"class_name must be one of {', '.join(known)}, or empty for all; it was {config.class_name!r}"
        )
    refuse_too_many(_points(config), max(config.degrees), "gudhi", available_memory() * 4 // 5 // workers)
    # The rest stands in the points; those of images are looked at where they are needed anyway.
    if config.dataset != "mnist":
        study_data(config)
    elif config.batch == "sublattice":
        raise ValueError("batch must be 'random' for the images of mnist; it was 'sublattice'")


def estimate_seconds(config: LandscapeConfig) -> float:
    """Time that the study takes on one idle core, roughly: for 'about so long' before it starts."""
    return len(config.groups) * _group_seconds(config) + config.networks * _network_seconds(config)


def seconds_left(
    config: LandscapeConfig,
    spent: Mapping[str, list[float]],
    todo: Iterable[str],
    *,
    shares: Mapping[str, float] = _NOTHING,
    since: float = 0.0,
) -> float:
    """What is left at the pace so far; kinds of units that nothing is known of at their estimate.

    Parameters
    ----------
    spent : {kind: seconds of each finished unit}
    todo : names
        Of the units that are not finished.
    shares : {name: share}
        What is done of units under way, all of one kind.
    since : float
        Seconds since the last unit was finished, in which that was done.
    """
    estimates = {"input": 1.0, "weights": _group_seconds(config), "network": _network_seconds(config)}
    now = next((kind_of(name) for name in shares), "")
    pace = {}
    for kind, estimate in estimates.items():
        seconds, done = sum(spent.get(kind, ())), float(len(spent.get(kind, ())))
        if not done:  # the first per cents are of starting, not of the work
            seconds, done = _TRUST * estimate, _TRUST
        if kind == now:
            seconds, done = seconds + since, done + sum(shares.values())
        pace[kind] = seconds / done
    return sum(pace[kind_of(name)] * (1.0 - shares.get(name, 0.0)) for name in todo)


def kind_of(name: str) -> str:
    """'input', 'weights' or 'network', of the name of a unit."""
    return name.partition("/")[0]


def _points(config: LandscapeConfig) -> int:
    """Points of an input batch, roughly: of the lattice of nine disks, three quarters are in the larger class."""
    if config.batch == "random":
        return config.batch_points
    return round((config.points or 14_235) * (0.75 if config.class_name else 1.0) / config.every**2)


def _group_seconds(config: LandscapeConfig) -> float:
    """Measured: 0.2 ms a step and network of disks, as much again for looking at the accuracy."""
    widths = (784 if config.dataset == "mnist" else 2, *config.hidden, 10)
    weights = sum(a * b for a, b in pairwise(widths))
    return (
        config.max_steps * config.group_size * (4e-4 + 2e-10 * weights * config.batch_size + 4e-9 * weights)
    )


def _network_seconds(config: LandscapeConfig) -> float:
    """Measured: persistence of m points takes about 0.15 s (m / 900)^2.3."""
    points = _points(config)
    diagrams = len(config.snapshots) * (len(config.layers) - 1) * config.batches
    return diagrams * 0.15 * (points / 900) ** 2.3
