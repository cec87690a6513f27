"""A ReLU network trained before one's eyes: a generator that yields the whole network after each epoch.

Paper A's network is the default: three hidden ReLU units, one sigmoid output, binary cross-entropy,
gradient descent, 1000 epochs. The sigmoid and the cross-entropy are computed together from the logit,
max(z, 0) - z y + log(1 + e^-|z|), which is the same function (torch calls it BCEWithLogits) and does not
overflow. More than two classes have one logit each and the softmax.

Networks this small spend their time in calls, not in arithmetic, so forward and backward pass are written
out in numpy, with all parameters in one vector; tests compare every optimiser with torch's autograd. One
forward pass over training and held-out points together gives the loss and accuracy of a step and, for full
batches, the activations that the next step's gradient needs: evaluating every epoch costs almost nothing.

The order of mini-batches is a function of (seed, epoch), so a training cut anywhere goes on bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Protocol

import numpy as np

from topodash.networks.initialisation import initial_layers
from topodash.networks.layers import FlatLayers
from topodash.networks.losses import (
    cross_entropies,
    output_units,
    predicted_classes,
    probabilities,
    targets,
)
from topodash.networks.mlp import Epoch, Event, MLPConfig, check_learning_rate
from topodash.networks.optimisers import Optimiser

DIVERGED_FACTOR = 10.0


class Points(Protocol):
    """What a training reads of a data set: `topodash.datasets.LabelledPoints` is one."""

    @property
    def points(self) -> np.ndarray: ...
    @property
    def labels(self) -> np.ndarray: ...
    @property
    def train(self) -> np.ndarray: ...
    @property
    def test(self) -> np.ndarray: ...


class Training:
    """The training of a network; iterate over it to get an `Epoch` at step 0 and after each epoch.

    Parameters
    ----------
    config
        What is trained, and how.
    data
        points (n, d), labels (n,) below `config.classes`, index arrays train and test.
    resume
        What `state` gave; the next epoch that is yielded is the one after it.
    start
        (k, weights): a branch. Step k is yielded first, with these weights; the optimiser begins afresh. A
        branch that begins at or after `config.epochs` is its first step only.

    Attributes
    ----------
    step : int
        Of the epoch that was yielded last.
    diverged : Event or None
        Set when the training ended because the loss was not finite, or over ten times the first one. A
        branch may begin with a loss near 0, so there the first one counts as at least log(classes), the
        loss of guessing.

    Raises
    ------
    ValueError
        When data, `resume` or `start` do not fit the configuration.
    """

    def __init__(
        self,
        config: MLPConfig,
        data: Points,
        *,
        resume: tuple[Mapping[str, np.ndarray], Mapping[str, Any]] | None = None,
        start: tuple[int, Mapping[str, np.ndarray]] | None = None,
    ) -> None:
        _check_data(config, data)
        if resume is not None and start is not None:
            raise ValueError(
                "resume must be None when start is given: a resumed branch has its weights already"
            )
        self.config = config
        self.diverged: Event | None = None
        self._split = len(data.train)
        order = np.concatenate([data.train, data.test])
        self._points = np.ascontiguousarray(np.asarray(data.points, dtype=np.float32)[order].T)
        self._targets = targets(np.asarray(data.labels)[order], config.classes)
        self._labels = np.asarray(data.labels)[order]
        widths = (self._points.shape[0], *config.hidden, output_units(config.classes))
        self._net = FlatLayers(widths)
        self._optimiser = Optimiser(config.optimiser, config.learning_rate, config.momentum, self._net.size)
        self._fresh = True
        self._dead: set[tuple[int, int]] = set()
        self._pending: list[Event] = []
        self._first_loss = math.nan
        self._branched = start is not None
        self._activations: list[np.ndarray] = []
        self.step = 0
        if resume is not None:
            self._restore(*resume)
        elif start is not None:
            self.step = start[0]
            self._net.load(start[1])
            self._first_loss = math.log(config.classes)
        else:
            self._net.load(initial_layers(widths, config.initialisation, config.seed))

    def __iter__(self) -> Iterator[Epoch]:
        if self._fresh:
            self._fresh = False
            yield self._observe()
        while self.step < self.config.epochs and self.diverged is None:
            # Overflow is no warning here: it is seen in the loss, and said by an event.
            with np.errstate(over="ignore", invalid="ignore"):
                self._train_epoch()
            self.step += 1
            yield self._observe()

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next epoch."""
        return self._optimiser.learning_rate

    def set_learning_rate(self, value: float) -> None:
        """Use this learning rate from the next epoch on, which carries the event."""
        check_learning_rate(value)
        if value != self._optimiser.learning_rate:
            self._pending.append(
                Event("learning_rate", {"before": self._optimiser.learning_rate, "after": float(value)})
            )
            self._optimiser.learning_rate = float(value)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """All that `resume` needs, after the epoch yielded last: arrays by name, and a JSON object."""
        tensors = {"parameters": self._net.vector.copy()} | self._optimiser.tensors()
        state = {
            "step": self.step,
            "fresh": self._fresh,
            "branched": self._branched,
            "first_loss": self._first_loss if math.isfinite(self._first_loss) else None,
            "dead": sorted(self._dead),
            "learning_rate": self._optimiser.learning_rate,
            "updates": self._optimiser.updates,
            "pending": [{"kind": event.kind, "data": dict(event.data)} for event in self._pending],
            "diverged": dict(self.diverged.data) if self.diverged else None,
            "config": asdict(self.config) | {"hidden": list(self.config.hidden)},
        }
        return tensors, state

    def _restore(self, tensors: Mapping[str, np.ndarray], state: Mapping[str, Any]) -> None:
        saved = state["config"]
        for name in ("hidden", "classes", "optimiser", "batch_size", "seed", "l2", "momentum"):
            mine = list(self.config.hidden) if name == "hidden" else getattr(self.config, name)
            if saved[name] != mine:
                raise ValueError(
                    f"resume must come from the same training: its {name} is {saved[name]!r}, not {mine!r}"
                )
        if np.shape(tensors["parameters"]) != (self._net.size,):
            raise ValueError(
                f"resume must hold {self._net.size} parameters, not {np.shape(tensors['parameters'])}"
            )
        self._net.vector[:] = tensors["parameters"]
        self._optimiser.restore(tensors, int(state["updates"]), float(state["learning_rate"]))
        self.step = int(state["step"])
        self._fresh = bool(state["fresh"])
        self._branched = bool(state["branched"])
        self._first_loss = math.nan if state["first_loss"] is None else float(state["first_loss"])
        self._dead = {(int(layer), int(unit)) for layer, unit in state["dead"]}
        self._pending = [Event(event["kind"], event["data"]) for event in state["pending"]]
        if state["diverged"] is not None:
            self.diverged = Event("diverged", state["diverged"])

    def _train_epoch(self) -> None:
        size = self.config.batch_size
        if size == 0 or size >= self._split:
            if not self._activations:
                self._activations = self._net.forward(self._points)
            self._update([a[:, : self._split] for a in self._activations], self._targets[:, : self._split])
        else:
            order = np.random.default_rng((self.config.seed, self.step)).permutation(self._split)
            points, targets = self._points[:, order], self._targets[:, order]
            for begin in range(0, self._split, size):
                batch = slice(begin, begin + size)
                self._update(self._net.forward(points[:, batch]), targets[:, batch])
        self._activations = []

    def _update(self, activations: list[np.ndarray], targets: np.ndarray) -> None:
        gradient = self._net.backward(activations, probabilities(activations[-1]) - targets)
        if self.config.l2 > 0:
            gradient += np.float32(self.config.l2) * (self._net.vector * self._net.is_weight)
        self._optimiser.update(self._net.vector, gradient)

    def _observe(self) -> Epoch:
        with np.errstate(over="ignore", invalid="ignore"):
            self._activations = self._net.forward(self._points)
            logits = self._activations[-1]
            losses = cross_entropies(logits, self._targets)
        right = predicted_classes(logits) == self._labels
        cut = self._split
        held_out = len(right) - cut
        loss = float(losses[:cut].mean())
        events = (*self._pending, *self._dead_events(), *self._divergence(loss))
        self._pending = []
        return Epoch(
            self.step,
            loss,
            np.count_nonzero(right[:cut]) / cut,
            float(losses[cut:].mean()) if held_out else math.nan,
            np.count_nonzero(right[cut:]) / held_out if held_out else math.nan,
            self._net.copy(),
            events,
        )

    def _dead_events(self) -> list[Event]:
        # A hidden activation is max(0, pre-activation): its maximum is 0 iff no training point has a
        # positive one.
        dead = {
            (layer, int(unit) + 1)
            for layer, values in enumerate(self._activations[1:-1], start=1)
            for unit in np.flatnonzero(values[:, : self._split].max(axis=1) <= 0)
        }
        if dead == self._dead:
            return []
        events = [Event("dead", {"layer": layer, "unit": unit}) for layer, unit in sorted(dead - self._dead)]
        events += [
            Event("revived", {"layer": layer, "unit": unit}) for layer, unit in sorted(self._dead - dead)
        ]
        self._dead = dead
        return events

    def _divergence(self, loss: float) -> list[Event]:
        if math.isnan(self._first_loss):
            self._first_loss = loss
        elif self._branched:
            self._first_loss = max(self._first_loss, loss)
            self._branched = False
        if math.isfinite(loss) and loss <= DIVERGED_FACTOR * self._first_loss:
            return []
        # JSON has no infinity: a loss that is not finite is left out.
        data = {"loss": loss if math.isfinite(loss) else None, "first": self._first_loss}
        self.diverged = Event("diverged", data)
        return [self.diverged]


def train(
    config: MLPConfig,
    data: Points,
    *,
    resume: tuple[Mapping[str, np.ndarray], Mapping[str, Any]] | None = None,
    start: tuple[int, Mapping[str, np.ndarray]] | None = None,
) -> Training:
    """The training as an iterable of `Epoch`; parameters, attributes and errors as in `Training`."""
    return Training(config, data, resume=resume, start=start)


def _check_data(config: MLPConfig, data: Points) -> None:
    points, labels = np.asarray(data.points), np.asarray(data.labels)
    if points.ndim != 2 or not np.isfinite(points).all():
        raise ValueError(f"points must be a finite array (n, d), not one of shape {points.shape}")
    if labels.shape != points.shape[:1]:
        raise ValueError(f"labels must have shape ({len(points)},), not {labels.shape}")
    if len(labels) and (labels.min() < 0 or labels.max() >= config.classes):
        raise ValueError(
            f"labels must lie in 0 .. {config.classes - 1}, not {labels.min()} .. {labels.max()}: set classes"
        )
    if len(data.train) == 0:
        raise ValueError("train must hold at least one point, not none")
