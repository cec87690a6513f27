"""Kind `cnn`: M(c1, c2, dense) on images; every iteration is a step, recorded ones keep the first layer."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch

from topodash.datasets import load_images
from topodash.jobs.driver import Step
from topodash.jobs.kinds import checks
from topodash.networks import CNNConfig, CNNTraining
from topodash.runs import Checkpoint, Control, Recorder

_KEYS = {
    "dataset", "c1", "c2", "dense", "standard_deviation", "bias", "learning_rate", "dropout", "batch_size",
    "iterations", "record", "test_images", "seed",
}  # fmt: skip
MAX_ITERATIONS = 100_000


class CnnDriver:
    """Drives one training; see `topodash.jobs.driver.Driver`.

    Config: {"dataset": {"name": "mnist", "seed": 0, "parameters": {}}, "c1": 64, "c2": 8, "dense": 512,
    "standard_deviation": 0.1, "bias": 0.1, "learning_rate": 0.001, "dropout": 0.5, "batch_size": 100,
    "iterations": 2000, "record": [0, 100, 500, 1000, 2000], "test_images": 0, "seed": 0}. `record` lists the
    iterations that keep a snapshot {"filters" (c1, 5, 5), "biases" (c1,)} with `test_loss` and
    `test_accuracy`; 0 and the last are always among them. Each iteration has `loss`, that of its batch with
    dropout. `test_images` 0 evaluates on all test images.

    Raises
    ------
    ValueError
        When the config is out of bounds or has an unknown key.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        checks.refuse_unknown(config, _KEYS)
        self._dataset = checks.dataset(config, "images")
        iterations = checks.integer(config, "iterations", 0, MAX_ITERATIONS, 2000)
        self._options: dict[str, Any] = {
            "c1": checks.integer(config, "c1", 1, 1024, 64),
            "c2": checks.integer(config, "c2", 1, 512, 8),
            "dense": checks.integer(config, "dense", 1, 4096, 512),
            "standard_deviation": checks.number(config, "standard_deviation", 1e-6, 10.0, 0.1),
            "bias": checks.number(config, "bias", -10.0, 10.0, 0.1),
            "learning_rate": checks.number(config, "learning_rate", 1e-8, 10.0, 1e-3),
            "dropout": checks.number(config, "dropout", 0.0, 0.99, 0.5),
            "batch_size": checks.integer(config, "batch_size", 1, 1000, 100),
            "iterations": iterations,
            "record": checks.integers(config, "record", (0, 10_000), (0, iterations), []),
            "test_images": checks.integer(config, "test_images", 0, 1_000_000, 0),
            "seed": checks.integer(config, "seed", 0, 2**63 - 1, 0),
        }
        CNNConfig(**self._options)
        self.total: int | None = iterations
        self._training: CNNTraining | None = None

    def start(self, recorder: Recorder, checkpoint: Checkpoint | None) -> Iterator[Step]:
        """Every iteration after the checkpoint, or all from the initialisation."""
        torch.set_num_threads(1)
        name, seed, parameters = self._dataset
        data = load_images(name, seed=seed, **parameters)
        config = CNNConfig(classes=len(data.class_names), **self._options)
        resume = None if checkpoint is None else (checkpoint.tensors, checkpoint.state)
        self._training = CNNTraining(config, data, resume=resume)
        for recorded in self._training.ticks():
            scalars = {} if self._training.iteration == 0 else {"loss": self._training.train_loss}
            snapshot = None
            if recorded is not None:
                scalars |= {"test_loss": recorded.loss, "test_accuracy": recorded.accuracy}
                snapshot = {"filters": recorded.filters, "biases": recorded.biases}
            yield Step(self._training.iteration, scalars, snapshot)

    def state(self) -> tuple[Mapping[str, np.ndarray], Any]:
        """What `start` needs to go on after the last step."""
        if self._training is None:
            raise RuntimeError("state is known only after start")
        return self._training.state()

    def apply(self, control: Control) -> None:
        """Use the control's learning rate, or the config's, from the next iteration on."""
        if self._training is not None:
            wanted = (
                self._options["learning_rate"] if control.learning_rate is None else control.learning_rate
            )
            self._training.set_learning_rate(wanted)
