"""Training M(c1, c2, dense), as a generator that yields its first layer at the recorded iterations.

All randomness is a function of (seed, epoch) or (seed, iteration), never of what happened before, so a
training that was cut anywhere goes on bit for bit as if it had not been.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from topodash.networks.cnn import KERNEL, SIDE, CNNConfig, CNNStep, is_number

PARAMETERS = ("W1", "b1", "W2", "b2", "W3", "b3", "W4", "b4")
_EVALUATION_BATCH = 100


class Images(Protocol):
    """What a training reads of a data set: `topodash.datasets.LabelledImages` is one."""

    @property
    def images(self) -> np.ndarray: ...
    @property
    def labels(self) -> np.ndarray: ...
    @property
    def train(self) -> np.ndarray: ...
    @property
    def test(self) -> np.ndarray: ...


class CNNTraining:
    """Trains M(c1, c2, dense); iterate over it to get a `CNNStep` at each recorded iteration.

    Parameters
    ----------
    config
        What is trained, and how.
    data
        Images (n, 28, 28) in [0, 1], labels (n,), index arrays train and test.
    resume
        What `state` gave in an earlier process; the training goes on after it, and what was yielded is not
        yielded again.

    Raises
    ------
    ValueError
        When the images have another size, a label is outside the classes, the training set is smaller than
        a batch, or `resume` belongs to another architecture.
    """

    def __init__(
        self,
        config: CNNConfig,
        data: Images,
        *,
        resume: tuple[Mapping[str, np.ndarray], Mapping[str, Any]] | None = None,
    ) -> None:
        _check_data(config, data)
        self.config = config
        self.iteration = 0
        self.train_loss = math.nan
        # A loaded data set is read-only, which torch warns of: a copy is made.
        self._images = torch.from_numpy(np.array(data.images, dtype=np.float32))
        self._labels = torch.from_numpy(np.array(data.labels, dtype=np.int64))
        self._train = np.asarray(data.train, dtype=np.int64)
        self._test = _test_subset(config, np.asarray(data.test, dtype=np.int64))
        self._parameters = initial_parameters(config)
        self._adam = torch.optim.Adam(
            [tensor.requires_grad_() for tensor in self._parameters.values()],
            lr=config.learning_rate,
            fused=True,
        )
        self._epoch = -1
        self._order = self._train
        self._last_yielded = -1
        if resume is not None:
            self._restore(*resume)

    def __iter__(self) -> Iterator[CNNStep]:
        for step in self.ticks():
            if step is not None:
                yield step

    def ticks(self) -> Iterator[CNNStep | None]:
        """Like iterating, and None after each iteration that is not recorded: a caller can act there."""
        recorded = set(self.config.recorded)
        while True:
            if self.iteration != self._last_yielded:
                self._last_yielded = self.iteration
                yield self.observe() if self.iteration in recorded else None
            if self.iteration >= self.config.iterations:
                return
            self.advance()

    def set_learning_rate(self, value: float) -> None:
        """Use this learning rate from the next iteration on."""
        if not (is_number(value) and value > 0):
            raise ValueError(f"learning_rate must be a positive number, not {value!r}")
        for group in self._adam.param_groups:
            group["lr"] = float(value)

    def advance(self) -> None:
        """One iteration: a batch forward and backward, and a step of Adam."""
        images, labels = self._batch()
        self._adam.zero_grad()
        loss = functional.cross_entropy(self._logits(images, self._dropout_mask(len(labels))), labels)
        loss.backward()
        self._adam.step()
        self.train_loss = float(loss.detach())
        self.iteration += 1

    def observe(self) -> CNNStep:
        """The network as it is now, evaluated on the test images."""
        loss, accuracy = self.evaluate(self._test)
        weights = self._parameters["W1"].detach().numpy()[:, 0].copy()
        biases = self._parameters["b1"].detach().numpy().copy()
        return CNNStep(self.iteration, weights, biases, loss, accuracy, self.train_loss)

    @torch.no_grad()
    def evaluate(self, indices: np.ndarray) -> tuple[float, float]:
        """Mean cross-entropy and accuracy on these images, without dropout."""
        loss, right = 0.0, 0
        for start in range(0, len(indices), _EVALUATION_BATCH):
            chosen = torch.from_numpy(indices[start : start + _EVALUATION_BATCH].copy())
            labels = self._labels[chosen]
            logits = self.logits(self._images[chosen])
            loss += float(functional.cross_entropy(logits, labels, reduction="sum"))
            right += int((logits.argmax(1) == labels).sum())
        return loss / len(indices), right / len(indices)

    @torch.no_grad()
    def logits(self, images: Tensor) -> Tensor:
        """Outputs (n, classes) before the softmax for images (n, 28, 28), without dropout."""
        return self._logits(images, None)

    def parameters(self) -> dict[str, np.ndarray]:
        """Copies of all weights and biases, by name."""
        return {name: tensor.detach().numpy().copy() for name, tensor in self._parameters.items()}

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Everything that a later `resume` needs: arrays by name, and a JSON object."""
        tensors = self.parameters()
        for name, tensor in self._parameters.items():
            moments = self._adam.state.get(tensor)
            if moments:
                tensors[f"mean/{name}"] = moments["exp_avg"].numpy().copy()
                tensors[f"square/{name}"] = moments["exp_avg_sq"].numpy().copy()
        state = {
            "iteration": self.iteration,
            "last_yielded": self._last_yielded,
            "train_loss": None if math.isnan(self.train_loss) else self.train_loss,
            "learning_rate": self._adam.param_groups[0]["lr"],
            "config": asdict(self.config),
        }
        return tensors, state

    def _restore(self, tensors: Mapping[str, np.ndarray], state: Mapping[str, Any]) -> None:
        saved = state["config"]
        for name in ("c1", "c2", "dense", "classes", "batch_size", "dropout", "precision", "seed"):
            if saved.get(name, "float32") != getattr(self.config, name):
                raise ValueError(
                    f"resume must come from the same training: its {name} is {saved.get(name)!r}, "
                    f"not {getattr(self.config, name)!r}"
                )
        self.iteration = int(state["iteration"])
        self._last_yielded = int(state["last_yielded"])
        self.train_loss = math.nan if state["train_loss"] is None else float(state["train_loss"])
        with torch.no_grad():
            for name, tensor in self._parameters.items():
                tensor.copy_(torch.from_numpy(np.array(tensors[name])))
                if self.iteration > 0:
                    self._adam.state[tensor] = {
                        "step": torch.tensor(float(self.iteration)),
                        "exp_avg": torch.from_numpy(np.array(tensors[f"mean/{name}"])),
                        "exp_avg_sq": torch.from_numpy(np.array(tensors[f"square/{name}"])),
                    }
        self.set_learning_rate(state["learning_rate"])

    def _batch(self) -> tuple[Tensor, Tensor]:
        size = self.config.batch_size
        per_epoch = len(self._train) // size
        epoch, position = divmod(self.iteration, per_epoch)
        if epoch != self._epoch:
            self._epoch = epoch
            self._order = np.random.default_rng((self.config.seed, 1, epoch)).permutation(self._train)
        chosen = torch.from_numpy(self._order[position * size : (position + 1) * size].copy())
        return self._images[chosen], self._labels[chosen]

    def _dropout_mask(self, size: int) -> Tensor | None:
        if self.config.dropout == 0:
            return None
        random = np.random.default_rng((self.config.seed, 2, self.iteration))
        kept = random.random((size, self.config.dense), dtype=np.float32) >= self.config.dropout
        return torch.from_numpy(kept.astype(np.float32) / np.float32(1 - self.config.dropout))

    def _logits(self, images: Tensor, mask: Tensor | None) -> Tensor:
        p = self._parameters
        features = convolutions(images, p["W1"], p["b1"], p["W2"], p["b2"], precision=self.config.precision)
        hidden = functional.relu(functional.linear(features.flatten(1), p["W3"], p["b3"]))
        if mask is not None:
            hidden = hidden * mask
        return functional.linear(hidden, p["W4"], p["b4"])


def convolutions(
    images: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, *, precision: str = "float32"
) -> Tensor:
    """Two 5x5 convolutions, each with ReLU and 2x2 max-pooling: (n, c2, 7, 7) of images (n, 28, 28).

    The ReLU and the second bias commute with the pooling and come after it, on a quarter of the values.
    Channels lie innermost in memory, as the convolutions of processors want them.
    """
    number = getattr(torch, precision)
    innermost: dict[str, Any] = {"dtype": number, "memory_format": torch.channels_last}
    first = functional.conv2d(images[:, None].to(**innermost), w1.to(**innermost), b1.to(number), padding=2)
    maps = functional.relu(functional.max_pool2d(first, 2))
    pooled = functional.max_pool2d(functional.conv2d(maps, w2.to(**innermost), padding=2), 2)
    return functional.relu(pooled.to(torch.float32) + b2.view(1, -1, 1, 1)).contiguous()


def train_cnn(config: CNNConfig, data: Images, **options: Any) -> CNNTraining:
    """The training of a network as an iterable of `CNNStep`; see `CNNTraining`."""
    return CNNTraining(config, data, **options)


def initial_parameters(config: CNNConfig) -> dict[str, Tensor]:
    """Weights of a truncated normal and constant biases, by the seed: W1, b1, ..., W4, b4."""
    generator = torch.Generator().manual_seed(config.seed)
    shapes = (
        (config.c1, 1, KERNEL, KERNEL),
        (config.c2, config.c1, KERNEL, KERNEL),
        (config.dense, 49 * config.c2),
        (config.classes, config.dense),
    )
    parameters: dict[str, Tensor] = {}
    deviation = config.standard_deviation
    for number, shape in enumerate(shapes, start=1):
        weights = torch.empty(shape)
        torch.nn.init.trunc_normal_(
            weights, 0.0, deviation, -2 * deviation, 2 * deviation, generator=generator
        )
        parameters[f"W{number}"] = weights
        parameters[f"b{number}"] = torch.full((shape[0],), float(config.bias))
    return parameters


def _check_data(config: CNNConfig, data: Images) -> None:
    shape = np.shape(data.images)
    if len(shape) != 3 or shape[1:] != (SIDE, SIDE):
        raise ValueError(f"images must have shape (n, {SIDE}, {SIDE}), not {shape}")
    labels = np.asarray(data.labels)
    if labels.shape != shape[:1] or labels.min() < 0 or labels.max() >= config.classes:
        raise ValueError(f"labels must be {shape[0]} integers in 0 .. {config.classes - 1}")
    if len(data.train) < config.batch_size:
        raise ValueError(
            f"batch_size must be at most the {len(data.train)} training images, not {config.batch_size}"
        )
    if len(data.test) == 0:
        raise ValueError("test must hold at least one image, not none")


def _test_subset(config: CNNConfig, test: np.ndarray) -> np.ndarray:
    if not 0 < config.test_images < len(test):
        return test
    return np.sort(np.random.default_rng((config.seed, 3)).choice(test, config.test_images, replace=False))
