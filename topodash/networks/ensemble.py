"""Many ReLU networks trained at once, as one batched computation over a leading network axis (paper B).

Each network has its own initialisation, its own training split and its own order of mini-batches, all
functions of (seed, number of the network). Networks are trained in groups of a fixed size whatever the
number of workers, and a group is one thread: so results are bit-identical for the same configuration.
Forward and backward pass are written out as batched products of (units, units) and (units, points)
matrices; a test compares them with networks that are trained one by one by autograd.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from topodash.networks.initialisation import Initialisation, initial_layers

_EVALUATION_ELEMENTS = 2_000_000
_DENSE_CHECKS = 100


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


class EnsembleTraining:
    """Trains one group; iterate over it to get a `Check` at iteration 0 and at every check after it.

    Parameters
    ----------
    config, group
        What is trained, and which of its groups.
    points, labels
        (n, d) and (n,), the pool from which each network's training split is drawn.
    resume
        What `state` gave; checks that were yielded are not yielded again.

    Raises
    ------
    ValueError
        When the data do not fit the configuration, or `resume` belongs to another training.
    """

    def __init__(
        self,
        config: EnsembleConfig,
        points: np.ndarray,
        labels: np.ndarray,
        *,
        group: int = 0,
        resume: tuple[Mapping[str, np.ndarray], Mapping[str, Any]] | None = None,
    ) -> None:
        self.config = config
        self.members = config.members(group)
        self.iteration = 0
        self._group = group
        self._points = torch.from_numpy(np.array(points, dtype=np.float32))
        self._labels = torch.from_numpy(np.array(labels, dtype=np.int64))
        self._check_data()
        self._splits = np.stack([self._split(network) for network in self.members])
        self._widths = (self._points.shape[1], *config.hidden, config.classes)
        self._parameters = self._initial()
        self._gradient = torch.zeros_like(self._parameters)
        self._layers = _views(self._parameters, self._widths)
        self._gradients = _views(self._gradient, self._widths)
        self._parameters.grad = self._gradient
        self._adam = torch.optim.Adam(
            [self._parameters.requires_grad_()], lr=config.learning_rate, fused=True
        )
        self._crossed = np.zeros((len(self.members), len(config.thresholds)), dtype=bool)
        self._checked = -1
        self._epoch = -1
        self._order = self._splits
        if resume is not None:
            self._restore(*resume)

    def __iter__(self) -> Iterator[Check]:
        while True:
            last = self.iteration >= self.config.iterations
            every = self.config.check_every * (
                1 if self.iteration < _DENSE_CHECKS * self.config.check_every else 10
            )
            if (self.iteration % every == 0 or last) and self._checked != self.iteration:
                self._checked = self.iteration
                yield self._check()
            if last or self._crossed[:, -1].all():
                return
            self.advance()

    @torch.no_grad()
    def advance(self) -> None:
        """One iteration of every network of the group."""
        # Narrow deep networks that learn little have gradients below 1e-38, on which the processor is ten
        # times slower; they are taken as zero.
        torch.set_flush_denormal(True)
        try:
            self._advance()
        finally:
            torch.set_flush_denormal(False)

    def _advance(self) -> None:
        chosen = self._batch()
        inputs = self._points[chosen].transpose(1, 2)
        activations = self._forward(inputs)
        delta = torch.softmax(activations[-1], dim=1)
        delta.scatter_add_(
            1, self._labels[chosen][:, None, :], torch.full((len(delta), 1, delta.shape[2]), -1.0)
        )
        delta /= delta.shape[2]
        for number in range(len(self._layers) - 1, -1, -1):
            weight, bias = self._gradients[number]
            weight.copy_(torch.bmm(delta, activations[number].transpose(1, 2)))
            torch.sum(delta, dim=2, keepdim=True, out=bias)
            if number > 0:
                delta = torch.bmm(self._layers[number][0].transpose(1, 2), delta)
                delta = torch.ops.aten.threshold_backward(delta, activations[number], 0)
        progress = self.iteration / self.config.decay_iterations
        self._adam.param_groups[0]["lr"] = self.config.learning_rate * self.config.decay**progress
        self._adam.step()
        self.iteration += 1

    @torch.no_grad()
    def accuracies(self) -> NDArray[np.float64]:
        """(g,): share of right answers of each network on its training split, or the points drawn from it."""
        chosen = self._splits
        if 0 < self.config.check_points < chosen.shape[1]:
            chosen = chosen[:, : self.config.check_points]
        widest = max(self._widths) * len(chosen)
        step = max(1, _EVALUATION_ELEMENTS // widest)
        right = np.zeros(len(chosen), dtype=np.int64)
        for start in range(0, chosen.shape[1], step):
            index = torch.from_numpy(chosen[:, start : start + step])
            logits = self._forward(self._points[index].transpose(1, 2))[-1]
            right += (logits.argmax(1) == self._labels[index]).sum(1).numpy()
        return right / chosen.shape[1]

    def weights(self, position: int) -> dict[str, NDArray[np.float32]]:
        """Copies of the weights of the network at this position in the group."""
        named: dict[str, NDArray[np.float32]] = {}
        for number, (weight, bias) in enumerate(self._layers, start=1):
            named[f"W{number}"] = weight[position].detach().numpy().copy()
            named[f"b{number}"] = bias[position, :, 0].detach().numpy().copy()
        return named

    def training_split(self, position: int) -> NDArray[np.int64]:
        """Ascending indices into the points that the network at this position is trained on."""
        return np.sort(self._splits[position])

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """All that `resume` needs: arrays by name, and a JSON object."""
        tensors = {
            "parameters": self._parameters.detach().numpy().copy(),
            "crossed": self._crossed.astype(np.uint8),
        }
        moments = self._adam.state.get(self._parameters)
        if moments:
            tensors["mean"] = moments["exp_avg"].numpy().copy()
            tensors["square"] = moments["exp_avg_sq"].numpy().copy()
        config = asdict(self.config) | {
            "hidden": list(self.config.hidden),
            "thresholds": list(self.config.thresholds),
        }
        return tensors, {
            "iteration": self.iteration,
            "checked": self._checked,
            "group": self._group,
            "config": config,
        }

    def _restore(self, tensors: Mapping[str, np.ndarray], state: Mapping[str, Any]) -> None:
        mine = self.state()[1]
        if (state["config"], state["group"]) != (mine["config"], mine["group"]):
            raise ValueError("resume must come from the same group of the same configuration")
        self.iteration = int(state["iteration"])
        self._checked = int(state["checked"])
        self._crossed[:] = tensors["crossed"].astype(bool)
        with torch.no_grad():
            self._parameters.copy_(torch.from_numpy(np.array(tensors["parameters"])))
        if self.iteration > 0:
            self._adam.state[self._parameters] = {
                "step": torch.tensor(float(self.iteration)),
                "exp_avg": torch.from_numpy(np.array(tensors["mean"])),
                "exp_avg_sq": torch.from_numpy(np.array(tensors["square"])),
            }

    def _check(self) -> Check:
        accuracy = self.accuracies()
        reached = accuracy[:, None] >= np.array(self.config.thresholds)
        new = reached & ~self._crossed
        self._crossed |= reached
        kept = [
            Snapshot(
                network,
                self.iteration,
                float(accuracy[position]),
                tuple(t for t, first in zip(self.config.thresholds, new[position], strict=True) if first),
                self.weights(position),
            )
            for position, network in enumerate(self.members)
            if self.iteration == 0 or new[position].any()
        ]
        return Check(self.iteration, accuracy, tuple(kept))

    def _forward(self, inputs: Tensor) -> list[Tensor]:
        activations = [inputs]
        for number, (weight, bias) in enumerate(self._layers, start=1):
            values = torch.baddbmm(bias, weight, activations[-1])
            activations.append(values.relu_() if number < len(self._layers) else values)
        return activations

    def _batch(self) -> Tensor:
        size = min(self.config.batch_size, self._splits.shape[1])
        epoch, position = divmod(self.iteration, self._splits.shape[1] // size)
        if epoch != self._epoch:
            self._epoch = epoch
            self._order = np.stack(
                [
                    np.random.default_rng((self.config.seed, 1, network, epoch)).permutation(split)
                    for network, split in zip(self.members, self._splits, strict=True)
                ]
            )
        return torch.from_numpy(self._order[:, position * size : (position + 1) * size])

    def _split(self, network: int) -> NDArray[np.int64]:
        count = max(1, math.floor(self.config.train_fraction * len(self._points) + 1e-9))
        order = np.random.default_rng((self.config.seed, 0, network)).permutation(len(self._points))
        return order[:count].astype(np.int64)

    def _initial(self) -> Tensor:
        rows = []
        for network in self.members:
            seed = int(np.random.SeedSequence((self.config.seed, 2, network)).generate_state(1)[0])
            layers = initial_layers(self._widths, self.config.initialisation, seed)
            rows.append(np.concatenate([values.ravel() for values in layers.values()]))
        return torch.from_numpy(np.stack(rows))

    def _check_data(self) -> None:
        if self._points.ndim != 2 or len(self._points) == 0 or not torch.isfinite(self._points).all():
            raise ValueError(
                f"points must be a finite array (n, d) with n > 0, not {tuple(self._points.shape)}"
            )
        if self._labels.shape != self._points.shape[:1]:
            raise ValueError(
                f"labels must have shape ({len(self._points)},), not {tuple(self._labels.shape)}"
            )
        if int(self._labels.min()) < 0 or int(self._labels.max()) >= self.config.classes:
            raise ValueError(f"labels must lie in 0 .. {self.config.classes - 1}")


def _views(flat: Tensor, widths: tuple[int, ...]) -> list[tuple[Tensor, Tensor]]:
    """For each layer W (g, out, in) and b (g, out, 1), views of the flat parameters (g, p)."""
    views, start = [], 0
    flat = flat.detach()
    for into, out in pairwise(widths):
        middle = start + out * into
        weight = flat[:, start:middle].unflatten(1, (out, into))
        views.append((weight, flat[:, middle : middle + out].unsqueeze(2)))
        start = middle + out
    return views


def train_ensemble(
    config: EnsembleConfig,
    points: np.ndarray,
    labels: np.ndarray,
    *,
    group: int = 0,
    resume: tuple[Mapping[str, np.ndarray], Mapping[str, Any]] | None = None,
) -> EnsembleTraining:
    """The training of a group as an iterable of `Check`; parameters and errors as in `EnsembleTraining`."""
    return EnsembleTraining(config, points, labels, group=group, resume=resume)
