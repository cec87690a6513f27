"""One filter, or some filters together: what they respond to, where they come from, who is near."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topodash.geometry import klein_fit
from topodash.jobs.answers.filter_source import config_of, filters_of
from topodash.jobs.sources import Sources
from topodash.studies.filter_topology_bank import load_bank
from topodash.studies.patches import (
    best_data_patches,
    maximal_box_patch,
    maximal_norm_patch,
    maximal_relu_patch,
)
from topodash.topology.density import normalise_filters
from topodash.topology.metrics import as_euclidean

NEIGHBOURS = 8
IMAGES = 1000
_MOMENTS = 60


def filter_group(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"filters", "rows", "data": name or None} -> mean filter, maximising patches, best patches of real images."""
    filters = filters_of(parameters["filters"], sources)
    rows = _rows(parameters["rows"], len(filters))
    weights, biases = filters.flat[rows], filters.biases[rows]
    spread = weights.std(axis=1, keepdims=True)
    normal = (weights - weights.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    relu = maximal_relu_patch(weights, biases)
    answer: dict[str, Any] = {
        "side": filters.size,
        "mean": normal.mean(axis=0),
        "relu": relu.patch.ravel(),
        "relu_response": relu.response,
        "relu_reached": [relu.reached, relu.starts],
        "box": maximal_box_patch(weights, biases).patch.ravel(),
        "norm": maximal_norm_patch(weights, biases).patch.ravel(),
        "real": None,
    }
    if parameters.get("data"):
        sources.progress(0.3, "searching real images")
        images = _images(str(parameters["data"]))
        found = best_data_patches(images, weights, biases, subsample=IMAGES)
        answer["real"] = found.patches.reshape(len(found.patches), -1)
        answer["real_responses"] = found.responses
        answer["real_images"] = found.images
        answer["searched"] = [found.searched, found.total]
    return answer


def filter_detail(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"filters", "config", "row"} -> one filter: weights, place, history over iterations, nearest neighbours."""
    filters = filters_of(parameters["filters"], sources)
    row = int(_rows([parameters["row"]], len(filters))[0])
    config = config_of(parameters)
    fit = klein_fit(filters.flat[row : row + 1])
    steps, history, accuracy = _history(
        parameters["filters"], row, filters.networks, filters.channels, sources
    )
    normal = normalise_filters(filters.filters)
    at = np.flatnonzero(normal.kept == row)
    near, distances = np.zeros(0, dtype=np.int64), np.zeros(0)
    if len(at):
        points = as_euclidean(normal.values, config.metric)
        apart = np.linalg.norm(points - points[at[0]], axis=1)
        order = np.argsort(apart, kind="stable")
        order = order[order != at[0]][:NEIGHBOURS]
        near, distances = normal.kept[order], apart[order]
    return {
        "side": filters.size,
        "weights": filters.flat[row],
        "bias": float(filters.biases[row]),
        "network": int(filters.networks[row]),
        "channel": int(filters.channels[row]),
        "theta": float(fit.theta[0]),
        "phi": float(fit.phi[0]),
        "r2": float(fit.r2[0]),
        "constant": not len(at),
        "steps": steps,
        "history": history,
        "accuracy": accuracy,
        "near": near,
        "near_weights": filters.flat[near],
        "near_networks": filters.networks[near],
        "near_channels": filters.channels[near],
        "near_distances": distances,
    }


def _rows(rows: Any, n: int) -> NDArray[np.int64]:
    found = np.asarray(rows)
    if (
        found.ndim != 1
        or not len(found)
        or found.dtype.kind not in "iu"
        or found.min() < 0
        or found.max() >= n
    ):
        raise ValueError(f"rows must be numbers of filters from 0 to {n - 1}; they were {rows!r:.100}")
    return found.astype(np.int64)


def _history(
    source: Mapping[str, Any], row: int, networks: NDArray, channels: NDArray, sources: Sources
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Iterations, the filter at each (r, d), and its network's test accuracy there."""
    if "bank" in source:
        bank = load_bank(source["bank"])
        seed = int(networks[row])
        found = bank.history(seed, int(channels[row]))
        return (
            bank.iterations,
            found.reshape(len(found), -1).astype(np.float64),
            bank.accuracy[bank.seeds == seed][0],
        )
    if "run" in source:
        with sources.store.open(source["run"]) as run:
            steps = run.snapshot_steps()
            if len(steps) > _MOMENTS:
                steps = steps[np.unique(np.linspace(0, len(steps) - 1, _MOMENTS).astype(int))]
            values = np.stack([run.snapshot(int(step))["filters"][row].ravel() for step in steps])
            at, accuracy = run.scalars(["test_accuracy"]).get("test_accuracy", (np.zeros(0), np.zeros(0)))
        known = dict(zip(at.tolist(), accuracy.tolist(), strict=True))
        return steps, values.astype(np.float64), np.array([known.get(int(step), np.nan) for step in steps])
    return np.zeros(0, dtype=np.int64), np.zeros((0, 0)), np.zeros(0)


@lru_cache(maxsize=2)
def _images(name: str) -> NDArray[np.float32]:
    from topodash.datasets import load_images

    return load_images(name).images
