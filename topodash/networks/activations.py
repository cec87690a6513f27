"""What a whole layer answers to a batch of inputs: the point clouds whose topology is studied."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def layer_count(weights: Mapping[str, np.ndarray]) -> int:
    """Number of affine layers in weights named W1, b1, W2, b2, ...

    Raises
    ------
    ValueError
        When a name is missing or unknown.
    """
    count = len(weights) // 2
    wanted = {f"{kind}{number}" for number in range(1, count + 1) for kind in "Wb"}
    if count == 0 or set(weights) != wanted:
        raise ValueError(f"weights must be named W1, b1, W2, b2, ... without gaps, not {sorted(weights)}")
    return count


def activations(weights: Mapping[str, np.ndarray], points: np.ndarray) -> list[NDArray[np.float32]]:
    """The input, the output of each ReLU, and the logits: (n, units) float32 each.

    Parameters
    ----------
    weights
        W1 (out, in), b1 (out,), ..., the last pair being the output layer, which has no ReLU.
    points
        (n, d).

    Raises
    ------
    ValueError
        When the names or shapes do not fit.
    """
    count = layer_count(weights)
    values = np.asarray(points, dtype=np.float32)
    if values.ndim != 2 or values.shape[1] != weights["W1"].shape[1]:
        raise ValueError(f"points must have shape (n, {weights['W1'].shape[1]}), not {values.shape}")
    layers = [values]
    for number in range(1, count + 1):
        values = values @ weights[f"W{number}"].T + weights[f"b{number}"]
        if number < count:
            np.maximum(values, 0, out=values)
        layers.append(values)
    return layers
