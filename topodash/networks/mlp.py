"""What a ReLU network is and how it is trained: the configuration, and what a training yields.

Paper A's network is the default: three hidden ReLU units, one sigmoid output, binary cross-entropy,
gradient descent, 1000 epochs (visualisation of activation spaces with Mapper). `topodash.networks.training`
trains it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from topodash.networks.initialisation import Initialisation
from topodash.networks.optimisers import OptimiserName

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class MLPConfig:
    """Architecture and training of a ReLU network.

    Parameters
    ----------
    hidden
        Units of each hidden layer, at least one layer.
    classes
        2 gives one logit and the sigmoid; more give as many logits and the softmax.
    initialisation
        'default' is that of torch.nn.Linear, the same numbers for the same seed; biases of the others begin
        at 0.
    optimiser
        'sgd' is plain gradient descent, 'momentum' adds `momentum`, 'adam' has (0.9, 0.999, 1e-8).
    learning_rate, momentum
        Positive; in [0, 1).
    l2
        Adds l2/2 times the sum of squared weights (not biases) to what is minimised; the loss shown is
        without it.
    batch_size
        Points in a mini-batch; 0 is the full batch. The last batch of an epoch may be smaller.
    epochs
        The number of the last step.
    seed
        Of initialisation and order of mini-batches.

    Raises
    ------
    ValueError
        When a value is out of bounds, with its name.
    """

    hidden: tuple[int, ...] = (3,)
    classes: int = 2
    initialisation: Initialisation = "default"
    optimiser: OptimiserName = "sgd"
    learning_rate: float = 0.5
    momentum: float = 0.9
    l2: float = 0.0
    batch_size: int = 0
    epochs: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.hidden or not all(_is_integer(units, 1) for units in self.hidden):
            raise ValueError(
                f"hidden must hold at least one number of units, each at least 1, not {self.hidden!r}"
            )
        for name, least in (("classes", 2), ("batch_size", 0), ("epochs", 0), ("seed", 0)):
            if not _is_integer(getattr(self, name), least):
                raise ValueError(
                    f"{name} must be an integer of at least {least}, not {getattr(self, name)!r}"
                )
        for name, allowed in (("initialisation", Initialisation), ("optimiser", OptimiserName)):
            if getattr(self, name) not in get_args(allowed):
                raise ValueError(f"{name} must be one of {get_args(allowed)}, not {getattr(self, name)!r}")
        check_learning_rate(self.learning_rate)
        if not (_is_number(self.momentum) and 0 <= self.momentum < 1):
            raise ValueError(f"momentum must be in [0, 1), not {self.momentum!r}")
        if not (_is_number(self.l2) and self.l2 >= 0):
            raise ValueError(f"l2 must be a number of at least 0, not {self.l2!r}")


@dataclass(frozen=True)
class Event:
    """Something worth a mark on the timeline.

    `kind` is 'dead' or 'revived' (data: layer and unit, counted from 1), 'learning_rate' (before, after) or
    'diverged' (loss, first).
    """

    kind: Literal["dead", "revived", "learning_rate", "diverged"]
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Epoch:
    """The network after `step` epochs; step 0 is the initialisation.

    `loss` and `accuracy` are on the training points, `test_loss` and `test_accuracy` on the held-out ones
    (nan without any). `weights` are W1 (out, in), b1 (out,), ..., float32 copies.
    """

    step: int
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float
    weights: Weights
    events: tuple[Event, ...] = field(default=())


def check_learning_rate(value: float) -> None:
    """Raise ValueError unless it is a positive finite number."""
    if not (_is_number(value) and value > 0):
        raise ValueError(f"learning_rate must be a positive number, not {value!r}")


def _is_integer(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
