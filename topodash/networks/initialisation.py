"""Where a network's weights begin: torch's own initialisers, each from a generator of its own."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import torch
from torch import Generator, Tensor, nn

Initialisation = Literal[
    "default", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal", "orthogonal", "normal"
]

_WEIGHTS: dict[str, Callable[[Tensor, Generator], Tensor]] = {
    "xavier_uniform": lambda w, g: nn.init.xavier_uniform_(w, generator=g),
    "xavier_normal": lambda w, g: nn.init.xavier_normal_(w, generator=g),
    "he_uniform": lambda w, g: nn.init.kaiming_uniform_(w, nonlinearity="relu", generator=g),
    "he_normal": lambda w, g: nn.init.kaiming_normal_(w, nonlinearity="relu", generator=g),
    "orthogonal": lambda w, g: nn.init.orthogonal_(w, generator=g),
    "normal": lambda w, g: nn.init.normal_(w, generator=g),
}


def initial_layers(widths: Sequence[int], initialisation: Initialisation, seed: int) -> dict[str, np.ndarray]:
    """Weights and biases W1 (out, in), b1 (out,), ... float32 of a network with these widths, input first.

    'default' is uniform within 1/sqrt(inputs) for weights and biases, and gives the same numbers as
    building the torch.nn.Linear layers in order after `torch.manual_seed(seed)`. The others set biases to
    zero: 'xavier_*' (Glorot and Bengio 2010), 'he_*' (He et al. 2015), 'orthogonal' (Saxe et al. 2013),
    'normal' (independent standard normals).

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if initialisation != "default" and initialisation not in _WEIGHTS:
        raise ValueError(
            f"initialisation must be 'default' or one of {', '.join(_WEIGHTS)}, not {initialisation!r}"
        )
    generator = torch.Generator().manual_seed(seed)
    layers: dict[str, np.ndarray] = {}
    for number, (inputs, outputs) in enumerate(pairwise(widths), start=1):
        weights, biases = torch.empty(outputs, inputs), torch.zeros(outputs)
        if initialisation == "default":
            bound = 1 / math.sqrt(inputs)
            nn.init.kaiming_uniform_(weights, a=math.sqrt(5), generator=generator)
            nn.init.uniform_(biases, -bound, bound, generator=generator)
        else:
            _WEIGHTS[initialisation](weights, generator)
        layers[f"W{number}"], layers[f"b{number}"] = weights.numpy(), biases.numpy()
    return layers
