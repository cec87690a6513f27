"""A group of ReLU networks as one batched network over a leading axis: its parameters, forward pass and Adam's step.

Forward and backward pass are written out as batched products of (units, units) and (units, points) matrices. All
layers are views of one tensor, a unit that is always one holds the biases, and memory is kept between steps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.adam import adam

from topodash.networks.initialisation import Initialisation, initial_layers
from topodash.networks.optimisers import BETA_1, BETA_2, EPSILON


class BatchedNetworks:
    """Networks of one architecture, each with its own parameters.

    Parameters
    ----------
    widths : input, hidden layers, classes
    initialisation : str
    seeds : sequence of int
        Of each network's initialisation.
    """

    def __init__(self, widths: Sequence[int], initialisation: Initialisation, seeds: Sequence[int]) -> None:
        self._widths = tuple(widths)
        self._count = len(seeds)
        # All layers are views of one tensor: Adam takes one step a network group, not one a layer.
        initial = _initial(self._widths, initialisation, seeds)
        self._shapes = [tuple(layer.shape) for layer in initial]
        self._parameters = torch.cat([layer.reshape(-1) for layer in initial])
        self._gradient = torch.zeros_like(self._parameters)
        self._layers = self._views(self._parameters)
        self._gradients = self._views(self._gradient)
        self._trained = torch.ones_like(self._parameters)
        for layer in self._views(self._trained)[:-1]:
            layer[:, -1] = 0  # the unit that is always one has no parameters
        self._mean, self._square = torch.zeros_like(self._parameters), torch.zeros_like(self._parameters)
        self._memory: dict[int, tuple[list[Tensor], list[Tensor]]] = {}

    def forward(self, inputs: Tensor) -> list[Tensor]:
        """Inputs, outputs of the ReLUs (g, units + 1, n), the last unit being one, and logits (g, c, n).

        They are valid until this is called again for as many points.
        """
        activations = [inputs]
        for layer, out in zip(self._layers, self._kept(inputs.shape[2])[0], strict=True):
            torch.bmm(layer, activations[-1], out=out)
            activations.append(out.relu_() if layer is not self._layers[-1] else out)
        return activations

    def _kept(self, count: int) -> tuple[list[Tensor], list[Tensor]]:
        """Memory for what leaves the layers, and for what comes back into them, of so many points.

        It is kept: what is allocated at every iteration may be given back to the system and fetched anew,
        which takes as long as the products. Of what comes back only two layers are needed at a time.
        """
        if count not in self._memory:
            shapes = [(self._count, shape[1], count) for shape in self._shapes]
            two = [torch.empty(max(map(math.prod, shapes))) for _ in range(2)]
            self._memory[count] = (
                [torch.empty(shape) for shape in shapes],
                [two[k % 2][: math.prod(shape)].view(shape) for k, shape in enumerate(shapes)],
            )
        return self._memory[count]

    def step(self, inputs: Tensor, wanted: Tensor, rate: float, number: int) -> None:
        """One of Adam's steps on the cross-entropy of a batch.

        Parameters
        ----------
        inputs, wanted : (g, d + 1, n) and (g, c, n)
            Points with a last row of ones, and one-hot classes.
        rate : float
            Adam's learning rate.
        number : int
            How many steps there were before.
        """
        activations = self.forward(inputs)
        deltas = self._kept(inputs.shape[2])[1]
        delta = torch.softmax(activations[-1], dim=1).sub_(wanted).div_(wanted.shape[2])
        for layer in range(len(self._layers) - 1, 0, -1):
            torch.bmm(delta, activations[layer].transpose(1, 2), out=self._gradients[layer])
            behind = deltas[layer - 1]
            torch.bmm(self._layers[layer].transpose(1, 2), delta, out=behind)
            delta = torch.ops.aten.threshold_backward.grad_input(
                behind, activations[layer], 0, grad_input=behind
            )
        torch.bmm(delta, inputs.transpose(1, 2).contiguous(), out=self._gradients[0])
        self._gradient.mul_(self._trained)
        # The function instead of the optimiser object, whose bookkeeping takes longer than its step.
        adam(
            [self._parameters],
            [self._gradient],
            [self._mean],
            [self._square],
            max_exp_avg_sqs=[],
            state_steps=[torch.tensor(float(number))],
            fused=True,
            amsgrad=False,
            beta1=BETA_1,
            beta2=BETA_2,
            eps=EPSILON,
            lr=rate,
            weight_decay=0.0,
            maximize=False,
        )

    def weights(self, position: int) -> dict[str, NDArray[np.float32]]:
        """Copies of the weights of the network at this position."""
        named: dict[str, NDArray[np.float32]] = {}
        for number, (layer, units) in enumerate(zip(self._layers, self._widths[1:], strict=True), start=1):
            values = layer[position].detach().numpy()
            named[f"W{number}"] = values[:units, :-1].copy()
            named[f"b{number}"] = values[:units, -1].copy()
        return named

    def state(self, stepped: bool) -> dict[str, NDArray[Any]]:
        """Copies of all layers (g, out + 1, in + 1) by name, and of Adam's moments when there was a step."""
        kept = {"layer": self._parameters}
        if stepped:
            kept |= {"mean": self._mean, "square": self._square}
        return {
            f"{name}{number}": view.numpy().copy()
            for name, values in kept.items()
            for number, view in enumerate(self._views(values), start=1)
        }

    def restore(self, tensors: Mapping[str, NDArray[Any]], stepped: bool) -> None:
        """What `state` gave."""

        def whole(name: str) -> Tensor:
            parts = [np.ravel(tensors[f"{name}{number}"]) for number in range(1, len(self._layers) + 1)]
            return torch.from_numpy(np.concatenate(parts))

        self._parameters.copy_(whole("layer"))
        if stepped:
            self._mean.copy_(whole("mean"))
            self._square.copy_(whole("square"))

    def _views(self, flat: Tensor) -> list[Tensor]:
        """The layers (g, out + 1, in + 1) as parts of one flat tensor."""
        parts = torch.split(flat, [math.prod(shape) for shape in self._shapes])
        return [part.view(shape) for part, shape in zip(parts, self._shapes, strict=True)]


def _initial(widths: Sequence[int], initialisation: Initialisation, seeds: Sequence[int]) -> list[Tensor]:
    """For each layer (g, out + 1, in + 1): weights with biases as the last column, and below them the row
    that hands the one on; the last layer has no such row."""
    networks = [initial_layers(widths, initialisation, seed) for seed in seeds]
    layers = []
    for number, (into, out) in enumerate(pairwise(widths), start=1):
        rows = out if number == len(widths) - 1 else out + 1
        layer = np.zeros((len(networks), rows, into + 1), dtype=np.float32)
        for values, weights in zip(layer, networks, strict=True):
            values[:out, :-1], values[:out, -1] = weights[f"W{number}"], weights[f"b{number}"]
        layer[:, out:, -1] = 1
        layers.append(torch.from_numpy(layer))
    return layers
