"""Steps 1 and 2: train one group of networks as one batch, and keep the snapshots that the study looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from topodash.networks import EnsembleConfig, EnsembleTraining
from topodash.networks.initialisation import Initialisation
from topodash.studies.activation_landscapes.config import LandscapeConfig
from topodash.studies.activation_landscapes.units import forward, study_data
from topodash.studies.activation_landscapes.workers import report

_BLOCK = 8192


def ensemble_config(config: LandscapeConfig) -> EnsembleConfig:
    """What the study's configuration says about training."""
    return EnsembleConfig(
        networks=config.networks,
        group_size=config.group_size,
        hidden=config.hidden,
        classes=len(study_data(config).class_names),
        initialisation=cast(Initialisation, config.initialisation),
        learning_rate=config.learning_rate,
        decay=config.decay,
        decay_iterations=config.decay_steps,
        batch_size=config.batch_size,
        iterations=config.max_steps,
        thresholds=config.thresholds,
        check_every=config.check_every,
        check_points=config.check_points,
        train_fraction=config.train_share,
        seed=config.seed,
    )


def train_group(config: LandscapeConfig, group: int) -> dict[str, NDArray[Any]]:
    """Train a group until all its networks reach the highest threshold, or for ``max_steps``.

    Returns
    -------
    dict of arrays, for m networks and s moments
        W1 (m, s, out, in), b1 (m, s, out), ... : float32, 0 where a threshold was never reached.
        steps : (m, s) int64
            Training step of each snapshot; -1 where the threshold was never reached. Moments with the same
            step share a snapshot.
        accuracy, test_accuracy : (m, s) float64
            On the training points (those that are looked at) and on the others of the pool; NaN where there
            is no snapshot or no other point.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            return _train(config, group)
    finally:
        torch.set_num_threads(threads)


def _train(config: LandscapeConfig, group: int) -> dict[str, NDArray[Any]]:
    data = study_data(config)
    training = EnsembleTraining(ensemble_config(config), data.points, data.labels, group=group)
    members, moments = list(training.members), len(config.snapshots)
    shape = (len(members), moments)
    steps = np.full(shape, -1, dtype=np.int64)
    accuracy, test_accuracy = np.full(shape, np.nan), np.full(shape, np.nan)
    kept: dict[str, NDArray[Any]] = {}
    for check in training:
        report(check.iteration / config.max_steps)
        for snapshot in check.snapshots:
            at = members.index(snapshot.network)
            crossed = [config.thresholds.index(each) + 1 for each in snapshot.thresholds]
            now = crossed if check.iteration > 0 else [0, *crossed]
            others = np.setdiff1d(np.arange(len(data.labels)), training.training_split(at))
            for name, values in snapshot.weights.items():
                array = kept.setdefault(name, np.zeros((*shape, *values.shape), dtype=np.float32))
                array[at, now] = values
            steps[at, now] = snapshot.iteration
            accuracy[at, now] = snapshot.accuracy
            test_accuracy[at, now] = _accuracy(snapshot.weights, data.points, data.labels, others)
    return kept | {"steps": steps, "accuracy": accuracy, "test_accuracy": test_accuracy}


def _accuracy(
    weights: Mapping[str, NDArray[np.float32]],
    points: NDArray[np.float32],
    labels: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> float:
    if len(rows) == 0:
        return float("nan")
    right = 0
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        right += int((forward(weights, points[block])[-1].argmax(axis=1) == labels[block]).sum())
    return right / len(rows)
