"""Forward and backward pass of a ReLU network with all parameters in one float32 vector.

Arrays are kept feature first, (units, points): for a handful of units the points are then the contiguous
axis, and elementwise operations run at full width. One vector makes every optimiser a few vector operations.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class FlatLayers:
    """A ReLU network of the given widths, input first; `vector` holds W1, b1, W2, b2, ... one after another.

    Attributes
    ----------
    size : int
        Number of parameters.
    vector : (size,) float32
        Written in place by an optimiser.
    is_weight : (size,) float32
        1 at weights, 0 at biases.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        self.shapes = [(out, into) for into, out in pairwise(widths)]
        self.size = sum(out * into + out for out, into in self.shapes)
        self.vector: Floats = np.zeros(self.size, dtype=np.float32)
        self._gradient: Floats = np.zeros(self.size, dtype=np.float32)
        self._layers = self._views(self.vector)
        self._gradients = self._views(self._gradient)
        self.is_weight: Floats = np.zeros(self.size, dtype=np.float32)
        for weight, _ in self._views(self.is_weight):
            weight[:] = 1

    def _views(self, vector: Floats) -> list[tuple[Floats, Floats]]:
        views, start = [], 0
        for out, into in self.shapes:
            middle = start + out * into
            views.append((vector[start:middle].reshape(out, into), vector[middle : middle + out]))
            start = middle + out
        return views

    def copy(self) -> dict[str, Floats]:
        """The parameters as they are now: W1 (out, in), b1 (out,), ..."""
        named: dict[str, Floats] = {}
        for number, (weight, bias) in enumerate(self._views(self.vector.copy()), start=1):
            named[f"W{number}"], named[f"b{number}"] = weight, bias
        return named

    def load(self, weights: Mapping[str, np.ndarray]) -> None:
        """Take these parameters over.

        Raises
        ------
        ValueError
            When a name is missing or unknown, or a shape differs.
        """
        wanted = {f"{kind}{number}" for number in range(1, len(self.shapes) + 1) for kind in "Wb"}
        if set(weights) != wanted:
            raise ValueError(f"weights must be named {sorted(wanted)}, not {sorted(weights)}")
        for number, (weight, bias) in enumerate(self._layers, start=1):
            for name, view in ((f"W{number}", weight), (f"b{number}", bias)):
                if np.shape(weights[name]) != view.shape:
                    raise ValueError(f"{name} must have shape {view.shape}, not {np.shape(weights[name])}")
                view[...] = weights[name]

    def forward(self, points: Floats) -> list[Floats]:
        """Input (d, n), the output of each ReLU (units, n), and the logits (outputs, n), which have none."""
        activations = [points]
        last = len(self._layers) - 1
        for number, (weight, bias) in enumerate(self._layers):
            values = weight @ activations[-1]
            values += bias[:, None]
            if number < last:
                np.maximum(values, 0, out=values)
            activations.append(values)
        return activations

    def backward(self, activations: Sequence[Floats], error: Floats) -> Floats:
        """The gradient (size,) of the mean over points, overwritten by the next call.

        Parameters
        ----------
        activations
            What `forward` gave.
        error
            (outputs, n), derivative of each point's loss by its logits.
        """
        delta = error / np.float32(error.shape[1])
        for number in range(len(self._layers) - 1, -1, -1):
            weight, bias = self._gradients[number]
            np.matmul(delta, activations[number].T, out=weight)
            np.sum(delta, axis=1, out=bias)
            if number > 0:
                delta = self._layers[number][0].T @ delta
                delta *= activations[number] > 0
        return self._gradient
