"""The study as units of work: train a group, measure a network. Whoever drives it shows progress and keeps
the parts.

A unit is a pure function of the configuration. Units may run in any number of processes; what comes out is
the same to the last bit. The study is a generator over the units that are not finished yet, so it can be
stopped, also in the middle of a unit, and goes on after a kill.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topodash.studies.activation_landscapes.config import LandscapeConfig
from topodash.studies.activation_landscapes.forecast import seconds_left
from topodash.studies.activation_landscapes.units import measure_input, measure_network
from topodash.studies.activation_landscapes.workers import Workers

Arrays = dict[str, NDArray[Any]]
#: Seconds between two words on how far the units under way are.
_TELL_SECONDS = 2.0


@dataclass(frozen=True)
class Part:
    """What one finished unit leaves behind.

    Attributes
    ----------
    name : str
        'input', 'weights/3' (a group) or 'network/42'.
    arrays : dict of arrays
        As `units.measure_network` and `training.train_group` document.
    done, total : int
        Units finished so far, those of earlier runs among them, and all of them.
    seconds, seconds_left : float
        Time since the unit before, and an estimate for all that is left.
    message : str
        The sentence for a person.
    """

    name: str
    arrays: Arrays
    done: int
    total: int
    seconds: float
    seconds_left: float
    message: str


@dataclass(frozen=True)
class Underway:
    """How far it is between two parts: a sentence of the units under way, and the time that is left of all."""

    message: str
    seconds_left: float


def units(config: LandscapeConfig) -> tuple[str, ...]:
    """Names of all units of work, in the order in which `run` gives them."""
    return (
        "input",
        *(f"weights/{number}" for number in range(len(config.groups))),
        *(f"network/{number}" for number in range(config.networks)),
    )


def networks_done(config: LandscapeConfig, unit: int) -> tuple[int, int]:
    """How many networks are trained, and how many measured, once the unit with this number is finished."""
    groups = len(config.groups)
    trained = sum(len(members) for members in config.groups[: max(0, min(unit, groups))])
    return trained, max(0, min(unit - groups, config.networks))


def run(
    config: LandscapeConfig,
    *,
    finished: Container[str] = (),
    load_weights: Callable[[int], Mapping[str, NDArray[Any]]] | None = None,
    workers: int = 1,
) -> Iterator[Part]:
    """Do all units that are not finished, in order.

    See `attend`, which gives None too while nothing is finished.

    Parameters
    ----------
    finished : container of str
        Names of units that were done before; they are neither repeated nor given out.
    load_weights : function of a group's number, optional
        Gives the arrays of a finished 'weights/<group>' part; needed when such a part is finished and a
        network of its group is not.
    workers : int
        Processes; 1 works in this one. The results do not depend on it.

    Yields
    ------
    Part
        For group parts, the snapshots of every network of the group.

    Raises
    ------
    ValueError
        For fewer than one worker, or a finished group whose weights cannot be loaded.
    WorkersDied
        When a worker process dies again and again.
    """
    with closing(Workers(workers)) as hands:
        parts = attend(config, hands, finished=finished, load_weights=load_weights)
        yield from (part for part in parts if isinstance(part, Part))


def attend(
    config: LandscapeConfig,
    hands: Workers,
    *,
    finished: Container[str] = (),
    load_weights: Callable[[int], Mapping[str, NDArray[Any]]] | None = None,
) -> Iterator[Part | Underway | None]:
    """As `run`, with given workers: whenever they have nothing ready within their patience, None or, now and then, how
    far they are."""
    names = units(config)
    todo = [name for name in names if name not in finished]
    done, began = len(names) - len(todo), hands.clock()
    told = began
    weights: dict[int, Mapping[str, NDArray[Any]]] = {}
    spent: dict[str, list[float]] = {}
    group_of = {network: number for number, group in enumerate(config.groups) for network in group}
    first = [name for name in todo if not name.startswith("network/")]
    networks = [name for name in todo if name.startswith("network/")]

    def call(name: str) -> tuple[Any, ...]:
        kind, _, number = name.partition("/")
        if kind != "network":
            return (config, kind, int(number or 0), None)
        group = group_of[int(number)]
        if group not in weights:
            if load_weights is None:
                raise ValueError(f"load_weights must be given: weights/{group} is finished, {name} is not")
            weights[group] = load_weights(group)
        place = config.groups[group].index(int(number))
        return (config, kind, int(number), {key: value[place] for key, value in weights[group].items()})

    for stage in (first, networks):
        for found in hands.in_order(_unit, stage, call):
            if found is None:
                now, shares = hands.clock(), hands.shares()
                if now - told < _TELL_SECONDS or not any(shares.values()):
                    yield None
                    continue
                told = now
                left = seconds_left(config, spent, todo, shares=shares, since=now - began)
                yield Underway(_underway(config, shares), left)
                continue
            name, arrays = found
            kind, _, number = name.partition("/")
            if kind == "weights":
                weights[int(number)] = arrays
            todo.remove(name)
            done, now = done + 1, hands.clock()
            spent.setdefault(kind, []).append(now - began)
            left = seconds_left(config, spent, todo)
            yield Part(name, arrays, done, len(names), now - began, left, _message(config, kind, number))
            began = hands.clock()
            if kind == "network" and config.groups[group_of[int(number)]][-1] == int(number):
                weights.pop(group_of[int(number)], None)


def _message(config: LandscapeConfig, kind: str, number: str) -> str:
    if kind == "input":
        return "measured the input layer"
    if kind == "weights":
        return f"trained group {int(number) + 1} of {len(config.groups)}"
    return f"measured network {int(number) + 1} of {config.networks}"


def _underway(config: LandscapeConfig, shares: Mapping[str, float]) -> str:
    """'training group 2 of 5 (34 %)', of the units that have begun."""
    found = [(name.partition("/"), share) for name, share in shares.items() if share > 0]
    kind = found[0][0][0]
    if kind == "input":
        return f"measuring the input layer ({found[0][1]:.0%})"
    verb, total = (
        ("training group", len(config.groups))
        if kind == "weights"
        else ("measuring network", config.networks)
    )
    told = ", ".join(f"{int(number) + 1} of {total} ({share:.0%})" for (_, _, number), share in found[:2])
    return f"{verb} {told}" + (f" and {len(found) - 2} more" if len(found) > 2 else "")


def _unit(
    config: LandscapeConfig, kind: str, number: int, weights: Mapping[str, NDArray[Any]] | None
) -> Arrays:
    """One unit of work, in whatever process."""
    if kind == "input":
        return measure_input(config)
    if kind == "weights":
        # Only here: a process that measures networks has no use for torch.
        from topodash.studies.activation_landscapes.training import train_group

        return train_group(config, number)
    given = dict(weights or {})
    steps, accuracy, test = (given.pop(key) for key in ("steps", "accuracy", "test_accuracy"))
    measured = measure_network(config, given, np.asarray(steps))
    measured.update(steps=steps, accuracy=accuracy, test_accuracy=test)
    if number < config.kept_weights:
        measured.update({f"snapshot.{key}": value for key, value in given.items()})
    return measured
