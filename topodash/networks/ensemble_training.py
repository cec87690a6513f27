"""Many ReLU networks trained at once, as one batched computation over a leading network axis (paper B).

Each network has its own initialisation, its own training split and its own order of mini-batches, all
functions of (seed, number of the network). Networks are trained in groups of a fixed size whatever the
number of workers, and a group is one thread: so results are bit-identical for the same configuration.
`ensemble_layers` holds the batched network; a test compares it with networks that are trained one by one by
autograd.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from topodash.networks.ensemble import Check, EnsembleConfig, Snapshot
from topodash.networks.ensemble_layers import BatchedNetworks

# Activations of so many elements stay in the processor's cache.
_EVALUATION_ELEMENTS = 250_000
_DENSE_CHECKS = 100


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
        points, labels = np.asarray(points, dtype=np.float32), np.asarray(labels)
        self._check_data(points, labels)
        self._widths = (points.shape[1], *config.hidden, config.classes)
        # One column a point: coordinates, a one for the biases, and the one-hot class; so a batch is one
        # look-up.
        one_hot = np.eye(config.classes, dtype=np.float32)[labels]
        rows = np.hstack([points, np.ones_like(points[:, :1]), one_hot])
        self._data = torch.from_numpy(np.ascontiguousarray(rows.T))
        self._splits = np.stack([self._split(network) for network in self.members])
        seeds = [
            int(np.random.SeedSequence((config.seed, 2, network)).generate_state(1)[0])
            for network in self.members
        ]
        self._networks = BatchedNetworks(self._widths, config.initialisation, seeds)
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
        inputs, wanted = self._look_up(self._batch())
        rate = self.config.learning_rate * self.config.decay ** (
            self.iteration / self.config.decay_iterations
        )
        self._networks.step(inputs, wanted, rate, self.iteration)
        self.iteration += 1

    @torch.no_grad()
    def accuracies(self) -> NDArray[np.float64]:
        """(g,): share of right answers of each network on its training split, or the points drawn from it."""
        chosen = self._splits
        if 0 < self.config.check_points < chosen.shape[1]:
            chosen = chosen[:, : self.config.check_points]
        widest = max(self._widths) * len(chosen)
        step = max(self.config.batch_size, _EVALUATION_ELEMENTS // widest)
        right = np.zeros(len(chosen), dtype=np.int64)
        for start in range(0, chosen.shape[1], step):
            inputs, wanted = self._look_up(chosen[:, start : start + step])
            guesses = self._networks.forward(inputs)[-1].max(1).indices  # torch's argmax is ten times slower
            right += wanted.gather(1, guesses[:, None]).sum((1, 2)).long().numpy()
        return right / chosen.shape[1]

    def weights(self, position: int) -> dict[str, NDArray[np.float32]]:
        """Copies of the weights of the network at this position in the group."""
        return self._networks.weights(position)

    def training_split(self, position: int) -> NDArray[np.int64]:
        """Ascending indices into the points that the network at this position is trained on."""
        return np.sort(self._splits[position])

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """All that `resume` needs: arrays by name, and a JSON object."""
        tensors = {"crossed": self._crossed.astype(np.uint8)}
        tensors |= self._networks.state(self.iteration > 0)
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
        self._networks.restore(tensors, self.iteration > 0)

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

    def _look_up(self, chosen: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Inputs (g, d + 1, n) and one-hot classes (g, c, n) of the chosen points (g, n)."""
        found = self._data.index_select(1, torch.from_numpy(chosen.reshape(-1))).view(-1, *chosen.shape)
        inputs = self._widths[0] + 1
        return found[:inputs].transpose(0, 1), found[inputs:].transpose(0, 1)

    def _batch(self) -> NDArray[np.int64]:
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
        return self._order[:, position * size : (position + 1) * size]

    def _split(self, network: int) -> NDArray[np.int64]:
        points = self._data.shape[1]
        count = max(1, math.floor(self.config.train_fraction * points + 1e-9))
        return (
            np.random.default_rng((self.config.seed, 0, network)).permutation(points)[:count].astype(np.int64)
        )

    def _check_data(self, points: np.ndarray, labels: np.ndarray) -> None:
        if points.ndim != 2 or len(points) == 0 or not np.isfinite(points).all():
            raise ValueError(f"points must be a finite array (n, d) with n > 0, not {points.shape}")
        if labels.shape != points.shape[:1]:
            raise ValueError(f"labels must have shape ({len(points)},), not {labels.shape}")
        if labels.min() < 0 or labels.max() >= self.config.classes:
            raise ValueError(f"labels must lie in 0 .. {self.config.classes - 1}")


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
