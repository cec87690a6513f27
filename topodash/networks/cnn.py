"""The convolutional network M(c1, c2, dense) of paper C: its configuration, and what a training records.

    conv 5x5, ReLU, max-pool 2  ->  conv 5x5, ReLU, max-pool 2  ->  dense, ReLU, dropout  ->  softmax

Architecture and batch sizes are the paper's (Gabrielsson and Carlsson, 'Exposition and interpretation of
the topology of neural networks', 2019, section 3); 'same' padding, the truncated normal initialisation of
standard deviation 0.1, biases of 0.1 and Adam are those of the well-known tutorial network that the paper
builds on, and parameters here. `topodash.networks.cnn_training` trains it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

SIDE = 28
KERNEL = 5
PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True)
class CNNConfig:
    """Architecture and training of M(c1, c2, dense).

    Parameters
    ----------
    c1, c2, dense
        Channels of the two convolutions and units of the dense layer.
    classes
        Number of classes, at least 2.
    standard_deviation, bias
        Weights begin as a normal of this standard deviation cut at two of them, biases at this constant.
    learning_rate
        Of Adam (0.9, 0.999, 1e-8).
    dropout
        Share of the dense units left out at each iteration, in [0, 1).
    batch_size, iterations
        Images an iteration, and how many iterations.
    record
        Iterations at which filters, loss and accuracy are recorded; 0 and the last are always added.
    test_images
        0 evaluates on every test image, otherwise on that many, drawn once by the seed.
    precision
        Number format of the products in the two convolutions: 'float32', or 'bfloat16', which a processor
        that knows it multiplies twice as fast. Weights, sums, moments and the layers above are float32.
    seed
        Of initialisation, order of images, and dropout.

    Raises
    ------
    ValueError
        When a value is out of bounds, with its name.
    """

    c1: int = 64
    c2: int = 8
    dense: int = 512
    classes: int = 10
    standard_deviation: float = 0.1
    bias: float = 0.1
    learning_rate: float = 1e-3
    dropout: float = 0.5
    batch_size: int = 100
    iterations: int = 2000
    record: tuple[int, ...] = (0, 100, 500, 1000, 2000)
    test_images: int = 0
    precision: str = "float32"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("c1", 1),
            ("c2", 1),
            ("dense", 1),
            ("classes", 2),
            ("batch_size", 1),
            ("iterations", 0),
            ("test_images", 0),
            ("seed", 0),
        ):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise ValueError(f"{name} must be an integer of at least {least}, not {value!r}")
        for name in ("standard_deviation", "learning_rate"):
            value = getattr(self, name)
            if not (is_number(value) and value > 0):
                raise ValueError(f"{name} must be a positive number, not {value!r}")
        if not is_number(self.bias):
            raise ValueError(f"bias must be a finite number, not {self.bias!r}")
        if not (is_number(self.dropout) and 0 <= self.dropout < 1):
            raise ValueError(f"dropout must be in [0, 1), not {self.dropout!r}")
        if self.precision not in PRECISIONS:
            raise ValueError(f"precision must be one of {', '.join(PRECISIONS)}, not {self.precision!r}")
        if any(isinstance(step, bool) or not isinstance(step, int) or step < 0 for step in self.record):
            raise ValueError(f"record must hold integers of at least 0, not {self.record!r}")
        if max(self.record, default=0) > self.iterations:
            raise ValueError(
                f"record must lie within the {self.iterations} iterations, not reach {max(self.record)}"
            )

    @property
    def recorded(self) -> tuple[int, ...]:
        """The iterations that are recorded, ascending, with 0 and the last."""
        return tuple(sorted({0, *self.record, self.iterations}))


@dataclass(frozen=True)
class CNNStep:
    """The network at one iteration.

    Parameters
    ----------
    iteration
        How many batches it has seen.
    filters, biases
        First layer: (c1, 5, 5) and (c1,) float32.
    loss, accuracy
        Mean cross-entropy and share of right answers on the test images, without dropout.
    train_loss
        Mean cross-entropy of the last batch, with dropout; nan before the first.
    """

    iteration: int
    filters: np.ndarray
    biases: np.ndarray
    loss: float
    accuracy: float
    train_loss: float


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
