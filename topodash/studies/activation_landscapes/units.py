"""The steps of paper B for one network: activations of the input batch, homology, and what is kept of it.

A unit of work is a pure function of the configuration, so units may run in any process and in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from topodash.datasets import LabelledImages, LabelledPoints, load, sublattice
from topodash.studies.activation_landscapes.config import LandscapeConfig
from topodash.studies.activation_landscapes.workers import report
from topodash.topology import (
    landscape_norm,
    local_persistence_diagrams,
    lost_norm_share,
    normalise_activations,
    persistence_diagrams,
)

Arrays = dict[str, NDArray[Any]]
_LEAST_POINTS = 3


class Reason(IntEnum):
    """Why there is, or is not, a diagram."""

    FINE = 0
    NOT_REACHED = 1  # the network never had this training accuracy
    NOT_FINITE = 2  # weights or activations hold NaN or infinity
    NO_RADIUS = 3  # local homology of a layer that is dead on half of the batch


@dataclass(frozen=True)
class Study:
    """The data of a study, loaded once a process: the pool from which networks draw their training points.

    Attributes
    ----------
    points : (n, d) float32
        All points; of images the training part, flattened.
    labels : (n,) int64
    class_names : tuple of str
    batches : tuple of (m,) int64 arrays
        Rows of each input batch.
    """

    points: NDArray[np.float32]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    batches: tuple[NDArray[np.int64], ...]

    @property
    def majority_share(self) -> float:
        """Share of the largest class: a training accuracy up to here means nothing."""
        return float(np.bincount(self.labels).max() / len(self.labels))


@lru_cache(maxsize=1)
def study_data(config: LandscapeConfig) -> Study:
    """Load the data set and choose the input batches.

    Raises
    ------
    ValueError
        For a class that the data set has not, or a batch larger than the data set or with hardly a point.
    """
    parameters = {"points": config.points} if config.points else {}
    data = load(config.dataset, seed=config.dataset_seed, **parameters)
    if isinstance(data, LabelledImages):
        points, labels = data.images.reshape(len(data.images), -1)[data.train], data.labels[data.train]
    else:
        points, labels = data.points, data.labels
    eligible = np.arange(len(points))
    if config.class_name:
        if config.class_name not in data.class_names:
            raise ValueError(
                f"class_name must be one of {', '.join(data.class_names)}; it was {config.class_name!r}"
            )
        eligible = np.flatnonzero(labels == data.class_names.index(config.class_name))
    batches = tuple(_batch(config, data, eligible, number) for number in range(config.batches))
    least = min(map(len, batches))
    if least < _LEAST_POINTS:
        raise ValueError(
            f"every must leave {_LEAST_POINTS} points or more in each input batch; {config.every} leaves {least}"
        )
    return Study(points, labels, data.class_names, batches)


def _batch(
    config: LandscapeConfig, data: LabelledPoints | LabelledImages, eligible: NDArray[np.int64], number: int
) -> NDArray[np.int64]:
    if config.batch == "sublattice":
        if isinstance(data, LabelledImages):
            raise ValueError(
                f"batch must be 'random' for the images of {config.dataset}; it was 'sublattice'"
            )
        chosen = sublattice(data, config.every, phase=(number // config.every, number % config.every))
        return np.intersect1d(chosen, eligible)
    if config.batch_points > len(eligible):
        raise ValueError(
            f"batch_points must be at most the {len(eligible)} eligible points; it was {config.batch_points}"
        )
    # The batch is part of the study, not of a network: all networks see the same points.
    rng = np.random.default_rng([config.seed, 7, number])
    return np.sort(rng.choice(eligible, config.batch_points, replace=False))


def measure_input(config: LandscapeConfig) -> Arrays:
    """Homology of the input layer, the same always. Packed as `measure_network` does, with one moment."""
    data = study_data(config)
    with threadpool_limits(1):
        return _packed(config, [[[data.points[rows]] for rows in data.batches]])


def measure_network(
    config: LandscapeConfig, weights: Mapping[str, NDArray[np.float32]], steps: NDArray[np.int64]
) -> Arrays:
    """Homology of every later layer of one network at every moment.

    Parameters
    ----------
    weights : {'W1': (s, out, in), 'b1': (s, out), ...}
        Snapshots at each of the s moments; the last pair is the output layer.
    steps : (s,) int
        Training step of each snapshot; -1 where the network never reached the threshold.

    Returns
    -------
    dict of arrays, with l layers, d degrees, b input batches
        bars : (k, 2) float32, the longest ``kept_bars`` bars of every diagram, one diagram after another in
        C order
            of (moment, layer, degree, batch); the diagrams of a moment that shares its snapshot are not
            repeated.
        offsets : (s l d b + 1,) int64, where each diagram begins.
        same_as : (s,) int64, the first moment with the same snapshot (itself for most).
        reason : (s, l, b) int8, a `Reason`.
        norms : (s, l, d, b) float64, exact L2 norms of all bars; NaN where there is no diagram.
        counts : (s, l, d, b) int64, finite bars.
        kept_share : (s, l, d, b) float64, share of the squared norm in the kept bars.
        lost_share : (s, l, d, b) float64, share of the squared norm outside the grid.
    """
    data = study_data(config)
    same_as = np.array([int(np.flatnonzero(steps == step)[0]) for step in steps])
    with threadpool_limits(1):
        sets = [
            [
                forward({key: value[moment] for key, value in weights.items()}, data.points[rows])
                if steps[moment] >= 0 and same_as[moment] == moment
                else None
                for rows in data.batches
            ]
            for moment in range(len(steps))
        ]
        packed = _packed(config, sets, later=True)
    for moment, first in enumerate(same_as):
        for key in ("reason", "norms", "counts", "kept_share", "lost_share"):
            packed[key][moment] = packed[key][first]
    packed["reason"][steps < 0] = Reason.NOT_REACHED
    packed["same_as"] = same_as
    return packed


def forward(
    weights: Mapping[str, NDArray[np.float32]], points: NDArray[np.float32]
) -> list[NDArray[np.float64]]:
    """Every ReLU layer, then the logits: (n, units) float64 each."""
    values, sets = points.astype(np.float64), []
    last = len(weights) // 2
    with np.errstate(invalid="ignore", over="ignore"):
        for number in range(1, last + 1):
            values = values @ weights[f"W{number}"].astype(np.float64).T + weights[f"b{number}"]
            if number < last:
                values = np.maximum(values, 0.0)
            sets.append(values)
    return sets


def _packed(
    config: LandscapeConfig, sets: list[list[list[NDArray[Any]] | None]], later: bool = False
) -> Arrays:
    """Diagrams and numbers of activation sets [moment][batch][layer]; None gives no diagram."""
    layers = len(config.layers) - 1 if later else 1
    shape = (len(sets), layers, len(config.degrees), config.batches)
    result: Arrays = {
        "reason": np.zeros((shape[0], layers, shape[3]), dtype=np.int8),
        "norms": np.full(shape, np.nan),
        "counts": np.zeros(shape, dtype=np.int64),
        "kept_share": np.ones(shape),
        "lost_share": np.zeros(shape),
    }
    kept: dict[tuple[int, ...], NDArray[np.float64]] = {}
    places = list(product(range(shape[0]), range(layers), range(shape[3])))
    for number, (moment, layer, batch) in enumerate(places):
        report(number / len(places))
        activations = sets[moment][batch]
        if activations is None:
            continue
        ends_with_relu = later and layer < layers - 1
        diagrams, reason = _diagrams(config, activations[layer], ends_with_relu)
        result["reason"][moment, layer, batch] = reason
        for degree, bars in enumerate(diagrams):
            at = (moment, layer, degree, batch)
            kept[at] = _keep(config, result, at, bars, config.kept_bars if later else 0)
    empty = np.empty((0, 2))
    everything = [kept.get(at, empty) for at in product(*map(range, shape))]
    result["bars"] = np.concatenate([*everything, empty]).astype(np.float32)
    result["offsets"] = np.concatenate([[0], np.cumsum([len(bars) for bars in everything])]).astype(np.int64)
    return result


def _keep(
    config: LandscapeConfig,
    result: Arrays,
    at: tuple[int, ...],
    bars: NDArray[np.float64],
    limit: int,
) -> NDArray[np.float64]:
    """Write the numbers of a diagram down; the ``limit`` longest finite bars of it, or all when that is 0."""
    finite = bars[np.isfinite(bars[:, 1])]
    longest = finite[:limit] if limit else finite
    norm = landscape_norm(finite)
    result["norms"][at] = norm
    result["counts"][at] = len(finite)
    result["kept_share"][at] = (landscape_norm(longest) / norm) ** 2 if norm > 0 else 1.0
    result["lost_share"][at] = lost_norm_share(finite, config.grid)
    return longest


def _diagrams(
    config: LandscapeConfig, activations: NDArray[Any], ends_with_relu: bool
) -> tuple[list[NDArray[np.float64]], Reason]:
    """The diagrams of the configured degrees, or none with the reason."""
    if not np.isfinite(activations).all():
        return [], Reason.NOT_FINITE
    top = max(config.degrees)
    if config.homology == "ordinary":
        found = persistence_diagrams(normalise_activations(activations), max_degree=top)
    else:
        centred = activations if ends_with_relu else activations - activations.mean(axis=0)
        norms = np.sort(np.linalg.norm(centred, axis=1))
        if norms[len(norms) // 2] == 0:
            return [], Reason.NO_RADIUS
        found = local_persistence_diagrams(activations, max_degree=top, ends_with_relu=ends_with_relu)
    return [found[degree] for degree in config.degrees], Reason.FINE
