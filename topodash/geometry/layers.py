"""The forward pass of a ReLU network in numpy, for every process that must not import torch.

A network is its hidden layers ``[(W (out, in), b (out,)), ...]``, each followed by ReLU, and an output pair
``(W (classes, in), b (classes,))`` without one. All arithmetic is float64: the weights of a float32 network
are taken exactly as they are.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Layer = tuple[npt.ArrayLike, npt.ArrayLike]
Layers = Sequence[Layer]
Array = npt.NDArray[np.float64]


def check_layer(layer: Layer, name: str, inputs: int | None = None) -> tuple[Array, Array]:
    """One affine map as float64 arrays.

    Parameters
    ----------
    layer : (W (out, in), b (out,))
    name : how a message calls it, for example ``layers[0]``.
    inputs : the width that W must take in; None for any.

    Raises
    ------
    ValueError
        When the shapes do not fit or a number is not finite.
    """
    try:
        weight, bias = layer
        weight, bias = np.asarray(weight, dtype=np.float64), np.asarray(bias, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a pair (W, b) of numeric arrays: {error}") from error
    if weight.ndim != 2 or bias.ndim != 1 or not len(bias) or weight.shape[0] != len(bias):
        raise ValueError(
            f"{name} must hold W (out, in) and b (out,) with out >= 1, "
            f"not shapes {weight.shape} and {bias.shape}"
        )
    if inputs is not None and weight.shape[1] != inputs:
        raise ValueError(f"{name}: W must take {inputs} inputs, not {weight.shape[1]}")
    if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        raise ValueError(f"{name}: weights and biases must be finite, but some are NaN or infinite")
    return weight, bias


def check_layers(layers: Layers, inputs: int | None = None) -> tuple[tuple[Array, Array], ...]:
    """All hidden layers as float64 arrays, each fitting the one before it.

    Raises
    ------
    ValueError
        As `check_layer`, naming the layer; also when there is no layer.
    """
    if not len(layers):
        raise ValueError("layers must hold at least one (W, b), not none")
    checked = []
    for index, layer in enumerate(layers):
        weight, bias = check_layer(layer, f"layers[{index}]", inputs)
        checked.append((weight, bias))
        inputs = len(bias)
    return tuple(checked)


def _check_points(points: npt.ArrayLike, inputs: int) -> Array:
    array = np.asarray(points, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != inputs:
        raise ValueError(f"points must have shape (n, {inputs}), not {array.shape}")
    return array


def activations(layers: Layers, points: npt.ArrayLike) -> list[Array]:
    """What every hidden layer gives after its ReLU.

    Parameters
    ----------
    layers : [(W (out, in), b (out,)), ...]
    points : (n, d)

    Returns
    -------
    list of (n, width) float64, one a layer.

    Raises
    ------
    ValueError
        When shapes do not fit or a weight is not finite.
    """
    checked = check_layers(layers)
    values = _check_points(points, checked[0][0].shape[1])
    result = []
    for weight, bias in checked:
        values = np.maximum(values @ weight.T + bias, 0.0)
        result.append(values)
    return result


def logits(layers: Layers, output: Layer, points: npt.ArrayLike) -> Array:
    """The network's output before sigmoid or softmax, shape (n, classes) or (n, 1).

    Raises
    ------
    ValueError
        When shapes do not fit or a weight is not finite.
    """
    last = activations(layers, points)[-1]
    weight, bias = check_layer(output, "output", last.shape[1])
    return last @ weight.T + bias


def probabilities(logits: npt.ArrayLike) -> Array:
    """Class probabilities that neither overflow nor round to NaN.

    Parameters
    ----------
    logits : (n, 1) for the sigmoid of two classes, (n, c) for the softmax of c.

    Returns
    -------
    (n, 2) or (n, c) float64; each row sums to 1. Column 1 of two is the sigmoid.
    """
    values = _check_logits(logits)
    if values.shape[1] == 1:
        values = np.concatenate([np.zeros_like(values), values], axis=1)
    with np.errstate(over="ignore"):  # a difference past the greatest float is -inf, and its power 0
        powers = np.exp(values - values.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def predicted(logits: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """The class that each row of logits names, (n,) int64.

    One logit says class 1 where it is >= 0, the closed convention of `positive_region`; several say the
    greatest, the first of equals.
    """
    values = _check_logits(logits)
    if values.shape[1] == 1:
        return (values[:, 0] >= 0).astype(np.int64)
    return values.argmax(axis=1)


def _check_logits(logits: npt.ArrayLike) -> Array:
    values = np.asarray(logits, dtype=np.float64)
    if values.ndim != 2 or not values.shape[1]:
        raise ValueError(f"logits must have shape (n, classes) with classes >= 1, not {values.shape}")
    return values
