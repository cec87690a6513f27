"""Ensembles of ReLU networks (paper B): the configuration, and what a training keeps.

`topodash.networks.ensemble_training` trains them, a group at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from topodash.networks.initialisation import Initialisation


@dataclass(frozen=True)
class EnsembleConfig:
    """Architecture and training of an ensemble.

    Parameters
    ----------
    networks, group_size
        How many networks, and how many of them are trained at once; the last group may be smaller.
    hidden, classes, initialisation
        Units of each hidden layer; number of classes, one logit each; as `MLPConfig`. Ten layers of 15 units
        stay near the majority share from torch's default, so He's is the default here.
    learning_rate, decay, decay_iterations
        Adam's rate at iteration t is learning_rate * decay ** (t / decay_iterations); decay 1 keeps it.
    batch_size, iterations
        Points a network sees in an iteration, and the greatest number of iterations. A group ends earlier
        when all its networks have crossed the highest threshold.
    thresholds
        Ascending training accuracies in (0, 1]; each network is kept when it first reaches each of them.
    check_every, check_points
        Accuracy is checked every so many iterations, and a tenth as often after the first hundred checks,
        when it changes slowly; on the training split or, when that is larger than `check_points` > 0, on
        that many points of it, drawn once.
    train_fraction
        Share of the points in each network's training split.
    seed
        Of everything.

    Raises
    ------
    ValueError
        When a value is out of bounds, with its name.
    """

    networks: int = 100
    group_size: int = 20
    hidden: tuple[int, ...] = (15,) * 10
    classes: int = 2
    initialisation: Initialisation = "he_uniform"
    learning_rate: float = 0.01
    decay: float = 0.1
    decay_iterations: int = 4000
    batch_size: int = 512
    iterations: int = 10_000
    thresholds: tuple[float, ...] = (0.5, 0.6, 0.7, 0.8, 0.9, 0.999)
    check_every: int = 10
    check_points: int = 0
    train_fraction: float = 0.8
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("networks", 1),
            ("group_size", 1),
            ("classes", 2),
            ("decay_iterations", 1),
            ("batch_size", 1),
            ("iterations", 0),
            ("check_every", 1),
            ("check_points", 0),
            ("seed", 0),
        ):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise ValueError(f"{name} must be an integer of at least {least}, not {value!r}")
        if not self.hidden or not all(isinstance(units, int) and units >= 1 for units in self.hidden):
            raise ValueError(
                f"hidden must hold at least one number of units, each at least 1, not {self.hidden!r}"
            )
        if self.initialisation not in get_args(Initialisation):
            raise ValueError(
                f"initialisation must be one of {get_args(Initialisation)}, not {self.initialisation!r}"
            )
        if not 0 < self.learning_rate < math.inf:
            raise ValueError(f"learning_rate must be a positive number, not {self.learning_rate!r}")
        if not 0 < self.decay <= 1:
            raise ValueError(f"decay must be in (0, 1], not {self.decay!r}")
        if not 0 < self.train_fraction <= 1:
            raise ValueError(f"train_fraction must be in (0, 1], not {self.train_fraction!r}")
        ascending = all(low < high for low, high in pairwise(self.thresholds))
        if not self.thresholds or not ascending or not 0 < self.thresholds[0] <= self.thresholds[-1] <= 1:
            raise ValueError(f"thresholds must ascend within (0, 1], not {self.thresholds!r}")

    @property
    def groups(self) -> int:
        """Number of groups."""
        return -(-self.networks // self.group_size)

    def members(self, group: int) -> range:
        """The numbers of the networks of a group; ValueError when there is no such group."""
        if not 0 <= group < self.groups:
            raise ValueError(f"group must be in 0 .. {self.groups - 1}, not {group!r}")
        return range(group * self.group_size, min((group + 1) * self.group_size, self.networks))


@dataclass(frozen=True)
class Snapshot:
    """One network when it was kept.

    `thresholds` are those it first reached at this check: more than one share this snapshot, none at
    iteration 0 means that it is kept as the initialisation only. `weights` are W1 (out, in), b1 (out,), ...
    float32.
    """

    network: int
    iteration: int
    accuracy: float
    thresholds: tuple[float, ...]
    weights: dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Check:
    """A group at one check: accuracy (g,) on the training splits, and the networks that are kept now."""

    iteration: int
    accuracy: NDArray[np.float64]
    snapshots: tuple[Snapshot, ...]
