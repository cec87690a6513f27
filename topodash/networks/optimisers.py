"""Gradient descent, momentum and Adam on one parameter vector, with torch's formulas and constants."""

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

OptimiserName = Literal["sgd", "momentum", "adam"]
Floats = NDArray[np.float32]

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
_STATE: dict[str, tuple[str, ...]] = {"sgd": (), "momentum": ("velocity",), "adam": ("mean", "square")}


class Optimiser:
    """Updates a vector in place.

    Parameters
    ----------
    name
        'sgd': x -= lr g. 'momentum': v = momentum v + g, x -= lr v (Polyak, no dampening). 'adam': Kingma
        and Ba 2015, algorithm 1, with (0.9, 0.999, 1e-8).
    learning_rate, momentum, size
        `learning_rate` may be changed between updates; `size` is the length of the vector.
    """

    def __init__(self, name: OptimiserName, learning_rate: float, momentum: float, size: int) -> None:
        self.name = name
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.updates = 0
        self._state: dict[str, Floats] = {key: np.zeros(size, dtype=np.float32) for key in _STATE[name]}

    def update(self, vector: Floats, gradient: Floats) -> None:
        """One step; both are (size,) float32."""
        self.updates += 1
        if self.name == "adam":
            self._adam(vector, gradient)
        elif self.name == "momentum":
            velocity = self._state["velocity"]
            velocity *= self.momentum
            velocity += gradient
            vector -= self.learning_rate * velocity
        else:
            vector -= self.learning_rate * gradient

    def _adam(self, vector: Floats, gradient: Floats) -> None:
        mean, square = self._state["mean"], self._state["square"]
        mean += (1 - BETA_1) * (gradient - mean)
        square *= BETA_2
        square += (1 - BETA_2) * (gradient * gradient)
        scale = np.sqrt(square)
        scale *= 1 / math.sqrt(1 - BETA_2**self.updates)
        scale += EPSILON
        vector -= (self.learning_rate / (1 - BETA_1**self.updates)) * (mean / scale)

    def tensors(self) -> dict[str, Floats]:
        """Copies of the running means, by name."""
        return {key: value.copy() for key, value in self._state.items()}

    def restore(self, tensors: Mapping[str, np.ndarray], updates: int, learning_rate: float) -> None:
        """Go on from what `tensors` gave after so many updates.

        Raises
        ------
        ValueError
            When an array is missing or has another length.
        """
        for key, value in self._state.items():
            if key not in tensors or np.shape(tensors[key]) != value.shape:
                raise ValueError(f"tensors must hold {key!r} of shape {value.shape}")
            value[:] = tensors[key]
        self.updates = updates
        self.learning_rate = learning_rate
