"""Kind `mlp`: a small ReLU network that trains while one looks on; every epoch is a step with a snapshot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from topodash.datasets import load_points
from topodash.jobs.driver import DriverFailed, Step
from topodash.jobs.kinds import checks
from topodash.networks import Epoch, MLPConfig, Training, train
from topodash.runs import Checkpoint, Control, Recorder, RunNotFound, RunReader

_KEYS = {
    "dataset", "hidden", "initialisation", "optimiser", "learning_rate", "momentum", "l2", "batch_size",
    "epochs", "seed", "epochs_per_second", "branch",
}  # fmt: skip
MAX_LAYERS = 3
MAX_UNITS = 8
MAX_EPOCHS = 100_000


@dataclass(frozen=True)
class _Data:
    """The data set as the run keeps it."""

    points: np.ndarray
    labels: np.ndarray
    train: np.ndarray
    test: np.ndarray
    classes: int


class MlpDriver:
    """Drives one training; see `topodash.jobs.driver.Driver`.

    The config is docs/architecture.md's: 1 to 3 hidden layers of 1 to 8 units. The artifact `dataset` of the
    run is used when it is there (an uploaded CSV, a branch, a resumed run) and written otherwise; a branch
    finds its weights in the artifact `start`.

    Raises
    ------
    ValueError
        When the config is out of bounds or has an unknown key.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        # A data set from a file, {"upload": id, ...}, is an artifact of the run from the beginning.
        checks.refuse_unknown(config, _KEYS)
        self._dataset = None if _is_upload(config) else checks.dataset(config, "points")
        self._branch_step = _branch_step(config)
        self._learning_rate = checks.number(config, "learning_rate", 1e-8, 1000.0, 0.5)
        self._options: dict[str, Any] = {
            "hidden": checks.integers(config, "hidden", (1, MAX_LAYERS), (1, MAX_UNITS), [3]),
            "initialisation": config.get("initialisation", "default"),
            "optimiser": config.get("optimiser", "sgd"),
            "learning_rate": self._learning_rate,
            "momentum": checks.number(config, "momentum", 0.0, 0.9999, 0.9),
            "l2": checks.number(config, "l2", 0.0, 100.0, 0.0),
            "batch_size": checks.integer(config, "batch_size", 0, 1_000_000, 0),
            "epochs": checks.integer(config, "epochs", 0, MAX_EPOCHS, 1000),
            "seed": checks.integer(config, "seed", 0, 2**63 - 1, 0),
        }
        MLPConfig(**self._options)
        if config.get("epochs_per_second") is not None:
            # Kept by the process that drives the run; a bad value is refused with the others.
            checks.number(config, "epochs_per_second", 0.01, 1e6, 30.0)
        self.total: int | None = max(self._options["epochs"], self._branch_step or 0)
        self._training: Training | None = None

    def start(self, recorder: Recorder, checkpoint: Checkpoint | None) -> Iterator[Step]:
        """Every epoch after the checkpoint, or all from the initialisation or the start of the branch.

        Raises
        ------
        DriverFailed
            After the epoch at which the training diverged.
        """
        torch.set_num_threads(1)
        with RunReader(recorder.path) as run:
            data = _recorded_data(run)
            start = None if self._branch_step is None else dict(run.artifact("start").arrays)
        if data is None:
            data = self._load(recorder)
        config = MLPConfig(classes=data.classes, **self._options)
        if checkpoint is not None:
            self._training = train(config, data, resume=(checkpoint.tensors, checkpoint.state))
        elif start is not None and self._branch_step is not None:
            self._training = train(config, data, start=(self._branch_step, start))
        else:
            self._training = train(config, data)
        for epoch in self._training:
            yield _step(epoch, self._training.learning_rate)
        if self._training.diverged is not None:
            raise DriverFailed(_divergence(self._training))

    def state(self) -> tuple[Mapping[str, np.ndarray], Any]:
        """What `start` needs to go on after the last step."""
        if self._training is None:
            raise RuntimeError("state is known only after start")
        return self._training.state()

    def apply(self, control: Control) -> None:
        """Use the control's learning rate, or the config's, from the next epoch on."""
        if self._training is not None:
            wanted = self._learning_rate if control.learning_rate is None else control.learning_rate
            self._training.set_learning_rate(wanted)

    def _load(self, recorder: Recorder) -> _Data:
        if self._dataset is None:
            raise DriverFailed(
                "The uploaded data set is missing from this run; start it again from the upload."
            )
        name, seed, parameters = self._dataset
        points = load_points(name, seed=seed, **parameters)
        recorder.artifact(
            "dataset",
            {"points": points.points, "labels": points.labels, "train": points.train, "test": points.test},
            meta={
                "class_names": list(points.class_names),
                "columns": list(points.columns),
                "centre": points.centre.tolist(),
                "scale": points.scale.tolist(),
                "notices": list(points.notices),
                "betti": None if points.betti is None else [b and list(b) for b in points.betti],
            },
        )
        return _Data(points.points, points.labels, points.train, points.test, len(points.class_names))


def _is_upload(config: Mapping[str, Any]) -> bool:
    dataset = config.get("dataset")
    return isinstance(dataset, Mapping) and "upload" in dataset


def _branch_step(config: Mapping[str, Any]) -> int | None:
    branch = config.get("branch")
    if branch is None:
        return None
    if not isinstance(branch, Mapping):
        raise ValueError(f"branch must be an object with run and step, was {branch!r}")
    return checks.integer(branch, "step", 0, MAX_EPOCHS, 0)


def _recorded_data(run: RunReader) -> _Data | None:
    try:
        artifact = run.artifact("dataset")
    except RunNotFound:
        return None
    arrays = artifact.arrays
    return _Data(
        arrays["points"],
        arrays["labels"],
        arrays["train"],
        arrays["test"],
        len(artifact.meta["class_names"]),
    )


def _step(epoch: Epoch, learning_rate: float) -> Step:
    scalars = {
        "loss": epoch.loss,
        "accuracy": epoch.accuracy,
        "test_loss": epoch.test_loss,
        "test_accuracy": epoch.test_accuracy,
        "learning_rate": learning_rate,
    }
    events = tuple((event.kind, dict(event.data)) for event in epoch.events)
    return Step(epoch.step, scalars, epoch.weights, events)


def _divergence(training: Training) -> str:
    event = training.diverged
    loss = event.data["loss"] if event else None
    what = "is no longer a finite number" if loss is None else f"rose to {loss:.3g}, over ten times the first"
    return (
        f"Diverged at epoch {training.step}: the training loss {what}. "
        "Branch from an earlier epoch with a smaller learning rate."
    )
