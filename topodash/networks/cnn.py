"""The convolutional network M(c1, c2, dense) of 'topology of CNN weights', trained as a generator.

    conv 5x5, ReLU, max-pool 2  ->  conv 5x5, ReLU, max-pool 2  ->  dense, ReLU, dropout  ->  softmax

Architecture and batch size are the paper's (Gabrielsson and Carlsson, 'Exposition and interpretation of the topology
of neural networks', 2019, section 3); 'same' padding, the truncated normal initialisation of standard deviation
0.1, biases of 0.1 and Adam are those of the well-known tutorial network that the paper builds on, and parameters here.

All randomness is a function of (seed, epoch) or (seed, iteration), never of what happened before, so a training
that was cut anywhere goes on bit for bit as if it had not been.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from topodash.networks.convolution import KERNEL, SIDE, ConvolutionPair

PARAMETERS = ("W1", "b1", "W2", "b2", "W3", "b3", "W4", "b4")
_EVALUATION_BATCH = 100


class Images(Protocol):
    """What a training reads of a data set: `topodash.datasets.LabelledImages` is one."""

    images: np.ndarray
    labels: np.ndarray
    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class CNNConfig:
    """Architecture and training of M(c1, c2, dense).

    Parameters
    ----------
    c1, c2, dense
        Channels of the two convolutions and units of the dense layer.
    classes
        Number of classes, at least 2.
    standard_deviation, bias
        Weights begin as a normal of this standard deviation cut at two of them, biases at this constant.
    learning_rate
        Of Adam (0.9, 0.999, 1e-8).
    dropout
        Share of the dense units left out at each iteration, in [0, 1).
    batch_size, iterations
        Images an iteration, and how many iterations.
    record
        Iterations at which filters, loss and accuracy are recorded; 0 and the last are always added.
    test_images
        0 evaluates on every test image, otherwise on that many, drawn once by the seed.
    seed
        Of initialisation, order of images, and dropout.

    Raises
    ------
    ValueError
        When a value is out of bounds, with its name.
    """

    c1: int = 64
    c2: int = 8
    dense: int = 512
    classes: int = 10
    standard_deviation: float = 0.1
    bias: float = 0.1
    learning_rate: float = 1e-3
    dropout: float = 0.5
    batch_size: int = 100
    iterations: int = 2000
    record: tuple[int, ...] = (0, 100, 500, 1000, 2000)
    test_images: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("c1", 1),
            ("c2", 1),
            ("dense", 1),
            ("classes", 2),
            ("batch_size", 1),
            ("iterations", 0),
            ("test_images", 0),
            ("seed", 0),
        ):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise ValueError(f"{name} must be an integer of at least {least}, not {value!r}")
        for name in ("standard_deviation", "learning_rate"):
            value = getattr(self, name)
            if not (_is_number(value) and value > 0):
                raise ValueError(f"{name} must be a positive number, not {value!r}")
        if not _is_number(self.bias):
            raise ValueError(f"bias must be a finite number, not {self.bias!r}")
        if not (_is_number(self.dropout) and 0 <= self.dropout < 1):
            raise ValueError(f"dropout must be in [0, 1), not {self.dropout!r}")
        if any(isinstance(step, bool) or not isinstance(step, int) or step < 0 for step in self.record):
            raise ValueError(f"record must hold integers of at least 0, not {self.record!r}")
        if max(self.record, default=0) > self.iterations:
            raise ValueError(
                f"record must lie within the {self.iterations} iterations, not reach {max(self.record)}"
            )

    @property
    def recorded(self) -> tuple[int, ...]:
        """The iterations that are recorded, ascending, with 0 and the last."""
        return tuple(sorted({0, *self.record, self.iterations}))


@dataclass(frozen=True)
class CNNStep:
    """The network at one iteration.

    Parameters
    ----------
    iteration
        How many batches it has seen.
    filters, biases
        First layer: (c1, 5, 5) and (c1,) float32.
    loss, accuracy
        Mean cross-entropy and share of right answers on the test images, without dropout.
    train_loss
        Mean cross-entropy of the last batch, with dropout; nan before the first.
    """

    iteration: int
    filters: np.ndarray
    biases: np.ndarray
    loss: float
    accuracy: float
    train_loss: float


class CNNTraining:
    """Trains M(c1, c2, dense); iterate over it to get a `CNNStep` at each recorded iteration.

    Parameters
    ----------
    config
        What is trained, and how.
    data
        Images (n, 28, 28) in [0, 1], labels (n,), index arrays train and test.
    resume
        What `state` gave in an earlier process; the training goes on after it. The recorded iteration it
        stopped at is not yielded again.
    tick
        Also yield None after each iteration that is not recorded, so that a caller can pause or stop there.

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
        self._images = torch.from_numpy(np.ascontiguousarray(data.images, dtype=np.float32))
        self._labels = torch.from_numpy(np.asarray(data.labels, dtype=np.int64))
        self._train = np.asarray(data.train, dtype=np.int64)
        self._test = _test_subset(config, np.asarray(data.test, dtype=np.int64))
        self._convolutions = ConvolutionPair(config.c1, config.c2)
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
        """Like iterating, and None after each iteration that is not recorded, so that a caller can act there."""
        recorded = set(self.config.recorded)
        while True:
            if self.iteration in recorded and self.iteration != self._last_yielded:
                self._last_yielded = self.iteration
                yield self.observe()
            elif self.iteration > 0:
                yield None
            if self.iteration >= self.config.iterations:
                return
            self.advance()

    def set_learning_rate(self, value: float) -> None:
        """Use this learning rate from the next iteration on."""
        if not (_is_number(value) and value > 0):
            raise ValueError(f"learning_rate must be a positive number, not {value!r}")
        for group in self._adam.param_groups:
            group["lr"] = float(value)

    @torch.no_grad()
    def advance(self) -> None:
        """One iteration: a batch forward and backward, and a step of Adam."""
        images, labels = self._batch()
        p = self._parameters
        responses = self._convolutions.forward(images, p["W1"], p["b1"], p["W2"])
        # Only the small upper half goes through autograd; the convolutions have their own backward pass.
        leaf = responses.permute(1, 0, 2, 3).contiguous().requires_grad_()
        with torch.enable_grad():
            loss = functional.cross_entropy(self._upper(leaf, self._dropout_mask(len(labels))), labels)
            upper = [p[name] for name in PARAMETERS[3:]]
            gradients = torch.autograd.grad(loss, [leaf, *upper])
        below = self._convolutions.backward(gradients[0].permute(1, 0, 2, 3), p["W2"])
        for name, gradient in zip(PARAMETERS, (*below, *gradients[1:]), strict=True):
            p[name].grad = gradient
        self._adam.step()
        self.train_loss = float(loss)
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
            chosen = torch.from_numpy(indices[start : start + _EVALUATION_BATCH])
            labels = self._labels[chosen]
            logits = self.logits(self._images[chosen])
            loss += float(functional.cross_entropy(logits, labels, reduction="sum"))
            right += int((logits.argmax(1) == labels).sum())
        return loss / len(indices), right / len(indices)

    @torch.no_grad()
    def logits(self, images: Tensor) -> Tensor:
        """Outputs (n, classes) before the softmax for images (n, 28, 28), without dropout."""
        p = self._parameters
        responses = self._convolutions.forward(images, p["W1"], p["b1"], p["W2"], keep=False)
        return self._upper(responses.permute(1, 0, 2, 3), None)

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
        for name in ("c1", "c2", "dense", "classes", "batch_size", "dropout", "seed"):
            if saved[name] != getattr(self.config, name):
                raise ValueError(
                    f"resume must come from the same training: its {name} is {saved[name]!r}, "
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
        chosen = torch.from_numpy(self._order[position * size : (position + 1) * size])
        return self._images[chosen], self._labels[chosen]

    def _dropout_mask(self, size: int) -> Tensor | None:
        if self.config.dropout == 0:
            return None
        random = np.random.default_rng((self.config.seed, 2, self.iteration))
        kept = random.random((size, self.config.dense), dtype=np.float32) >= self.config.dropout
        return torch.from_numpy(kept.astype(np.float32) / np.float32(1 - self.config.dropout))

    def _upper(self, responses: Tensor, mask: Tensor | None) -> Tensor:
        """Logits from the second convolution's responses (n, c2, 14, 14)."""
        p = self._parameters
        n, channels = responses.shape[:2]
        pooled = responses.reshape(n, channels, 7, 2, 7, 2).amax((3, 5))
        features = functional.relu(pooled + p["b2"].view(1, -1, 1, 1)).flatten(1)
        hidden = functional.relu(functional.linear(features, p["W3"], p["b3"]))
        if mask is not None:
            hidden = hidden * mask
        return functional.linear(hidden, p["W4"], p["b4"])


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


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_data(config: CNNConfig, data: Images) -> None:
    shape = np.shape(data.images)
    if len(shape) != 3 or shape[1:] != (SIDE, SIDE):
        raise ValueError(f"images must have shape (n, {SIDE}, {SIDE}), not {shape}")
    labels = np.asarray(data.labels)
    if labels.shape != shape[:1] or labels.min() < 0 or labels.max() >= config.classes:
        raise ValueError(f"labels must be {shape[0]} integers in 0 .. {config.classes - 1}")
    if len(data.train) < config.batch_size:
        raise ValueError(f"batch_size must be at most the {len(data.train)} training images, not {config.batch_size}")
    if len(data.test) == 0:
        raise ValueError("test must hold at least one image, not none")


def _test_subset(config: CNNConfig, test: np.ndarray) -> np.ndarray:
    if not 0 < config.test_images < len(test):
        return test
    return np.sort(np.random.default_rng((config.seed, 3)).choice(test, config.test_images, replace=False))
