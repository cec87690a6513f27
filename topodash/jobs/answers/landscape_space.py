"""Figure 1 and a layer's detail: activations in 3-D, the cycle of a bar, the spread over networks.

A place is one network at one moment: {"study", "stamp", "changes", "network", "moment"}, or for a run of the live page
{"source": ..., "homology", "class", "limit"}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from topodash.jobs.answers.landscape_study import changed, weights_of, without_workers
from topodash.jobs.sources import Sources
from topodash.studies.activation_landscapes import LandscapeConfig, Reason, diagram_of, input_diagram_of
from topodash.topology import landscape, local_dissimilarity, normalise_activations
from topodash.topology.bar_cycle import bar_cycle

#: Points that a scene draws; more are thinned to every so-many-th.
DRAWN = 2500


@dataclass(frozen=True)
class Place:
    """The activations of one network at one moment.

    Attributes
    ----------
    sets : list of (n, width) arrays
        Of all layers, the input first.
    labels : (n,) int64
    class_names : tuple of str
    batch : (m,) int64
        Rows whose homology the study looks at.
    homology : 'ordinary' or 'local'
    numbers : (n,) int64
        Which point of the data set each row is.
    """

    sets: list[np.ndarray]
    labels: np.ndarray
    class_names: tuple[str, ...]
    batch: np.ndarray
    homology: str
    numbers: np.ndarray


def landscape_points(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"place", "layers": [k, ...]} -> scenes: points (n, 3) float32 and explained (3,) of each layer; labels and numbers (n,)."""
    place = _place(parameters["place"], sources)
    step = max(1, -(-len(place.labels) // DRAWN))
    rows = np.arange(0, len(place.labels), step)
    scenes = []
    for layer in parameters["layers"]:
        centre, axes, explained = _principal(place.sets[layer])
        coordinates = (place.sets[layer][rows] - centre) @ axes
        scenes.append(
            {"points": coordinates.astype(np.float32), "explained": explained, "width": len(centre)}
        )
    return {
        "scenes": scenes,
        "labels": place.labels[rows].astype(np.int32),
        "numbers": place.numbers[rows],
        "class_names": list(place.class_names),
        "total": len(place.labels),
        "batch": len(place.batch),
    }


def landscape_cycle(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"place", "layer", "birth", "death", "tie"} -> cycle (k, 3) float32 in the axes of `landscape_points`, numbers (k,)."""
    place, layer = _place(parameters["place"], sources), int(parameters["layer"])
    activations = place.sets[layer][place.batch]
    sources.progress(None, "cohomology of the layer, with cocycles")
    if place.homology == "local":
        distances = local_dissimilarity(activations, ends_with_relu=0 < layer < len(place.sets) - 1)
    else:
        from scipy.spatial.distance import pdist, squareform

        distances = squareform(pdist(normalise_activations(activations)))
    cycle = bar_cycle(
        distances, float(parameters["birth"]), float(parameters["death"]), tie=int(parameters["tie"])
    )
    centre, axes, _ = _principal(place.sets[layer])
    return {
        "cycle": ((activations[cycle] - centre) @ axes).astype(np.float32),
        "numbers": place.numbers[place.batch[cycle]],
        "points": len(activations),
    }


def landscape_band(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"study", "stamp", "changes", "moment", "layer", "degree", "functions"} -> mean, sd, low, high (k, g), networks.

    Over the networks that have the layer at that moment; `low` and `high` are the 5th and 95th percentiles.
    """
    from topodash.jobs.answers.landscape_study import FROM_BARS, kept_study

    changes = parameters.get("changes") or {}
    again = set(changes) - FROM_BARS
    parts = kept_study(parameters, sources)["parts"] if again else None
    moment, layer, degree = (int(parameters[name]) for name in ("moment", "layer", "degree"))
    with sources.store.open(parameters["study"]) as reader:
        config = changed(LandscapeConfig.from_json(without_workers(reader.meta.config)), changes)

        def part(name: str) -> Mapping[str, np.ndarray]:
            return parts[name] if parts else reader.artifact(name).arrays

        grid, first, stack = config.grid, part("input"), []
        for number in range(config.networks if layer else 1):
            sources.progress(number / config.networks, f"network {number + 1} of {config.networks}")
            net = first if layer == 0 else part(f"network/{number}")
            if layer and (
                net["steps"][moment] < 0 or (net["reason"][moment, layer - 1] != Reason.FINE).any()
            ):
                continue
            of_batches = [
                landscape(
                    diagram_of(net, moment, layer, degree=degree, batch=batch)
                    if layer
                    else input_diagram_of(first, degree=degree, batch=batch),
                    grid,
                    int(parameters["functions"]),
                )
                for batch in range(config.batches)
            ]
            stack.append(np.mean(of_batches, axis=0))
    if not stack:
        return {"networks": 0}
    values = np.stack(stack)
    low, high = np.percentile(values, [5, 95], axis=0)
    return {
        "networks": len(stack),
        "mean": values.mean(axis=0).astype(np.float32),
        "sd": values.std(axis=0).astype(np.float32),
        "low": low.astype(np.float32),
        "high": high.astype(np.float32),
    }


def _place(place: Mapping[str, Any], sources: Sources) -> Place:
    return _of_study(place, sources) if "study" in place else of_run(place, sources)


def _of_study(place: Mapping[str, Any], sources: Sources) -> Place:
    from topodash.studies.activation_landscapes.units import forward, study_data

    with sources.store.open(place["study"]) as reader:
        config = changed(
            LandscapeConfig.from_json(without_workers(reader.meta.config)), place.get("changes") or {}
        )
        part = reader.artifact(f"network/{int(place['network'])}").arrays
    weights, moment = weights_of(part), int(place["moment"])
    if weights is None:
        raise ValueError(f"network must be one whose weights were kept; {place['network']} is not")
    if part["steps"][moment] < 0:
        raise ValueError(f"network {int(place['network']) + 1} never reached {config.snapshots[moment]}")
    sources.progress(None, "activations")
    one = replace(config, batches=1)
    batch = study_data(one).batches[0]
    data = study_data(replace(one, class_name=""))
    rows = np.union1d(data.batches[0], batch)
    later = forward({name: values[moment] for name, values in weights.items()}, data.points[rows])
    sets = [data.points[rows], *later]
    where = np.searchsorted(rows, batch)
    return Place(
        [np.asarray(s, dtype=np.float64) for s in sets],
        data.labels[rows],
        data.class_names,
        where,
        config.homology,
        rows,
    )


def of_run(place: Mapping[str, Any], sources: Sources) -> Place:
    """The activations of a live run's network at one epoch, of a seeded sample of the chosen class."""
    from topodash.geometry.layers import activations, logits
    from topodash.jobs.sources import network

    source = place["source"]
    data = sources.load(source)
    with sources.store.open(source["run"]) as reader:
        hidden, output = network(reader.snapshot(int(source["step"])))
    labels = data.labels if data.labels is not None else np.zeros(len(data.points), dtype=np.int64)
    name = str(place["class"])
    eligible = (
        np.arange(len(labels)) if name == "" else np.flatnonzero(labels == data.class_names.index(name))
    )
    limit = int(place["limit"])
    if len(eligible) > limit:
        eligible = np.sort(np.random.default_rng(0).choice(eligible, limit, replace=False))
    sets = [data.points, *activations(hidden, data.points), logits(hidden, output, data.points)]
    return Place(
        [np.asarray(s, dtype=np.float64) for s in sets],
        labels,
        data.class_names,
        eligible,
        str(place["homology"]),
        data.index,
    )


def _principal(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, three principal axes (width, 3) with signs fixed, and shares of the variance; missing axes are 0."""
    centre = values.mean(axis=0)
    width = values.shape[1]
    axes, explained = np.zeros((width, 3)), np.zeros(3)
    if not np.isfinite(values).all():
        raise ValueError("the activations must be finite; this network has diverged")
    variances, vectors = np.linalg.eigh(np.atleast_2d(np.cov(values, rowvar=False, ddof=0)))
    count = min(3, width)
    best = vectors[:, ::-1][:, :count]
    sign = np.sign(best[np.abs(best).argmax(axis=0), np.arange(count)])
    axes[:, :count] = best * np.where(sign == 0, 1.0, sign)
    variances = np.maximum(variances[::-1], 0.0)
    if variances.sum() > 0:
        explained[:count] = variances[:count] / variances.sum()
    return centre, axes, explained
