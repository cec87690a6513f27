"""A landscape study seen otherwise than it was stored: other grid, depth, homology, degree, class, or fewer networks.

What is named is a run of kind 'landscapes': {"study": run id, "stamp": checksum of its result, "changes": {...}}.
The stamp makes the key of the answer: an unfinished study has another than the finished one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from topodash.datasets import counted
from topodash.jobs.sources import Sources
from topodash.runs import RunReader
from topodash.studies.activation_landscapes import LandscapeConfig, LandscapeStudy, combine, reports_to
from topodash.topology import lost_norm_share

Arrays = dict[str, np.ndarray]
#: Changes for which the stored bars are enough; all others need the networks' weights.
FROM_BARS = frozenset({"networks", "grid_end", "grid_step", "depth"})
CHANGES = FROM_BARS | {"homology", "degrees", "class_name", "batches"}
RESULT = "study"


def changed(config: LandscapeConfig, changes: Mapping[str, Any]) -> LandscapeConfig:
    """The configuration with changes; ValueError for one that is not possible."""
    unknown = sorted(set(changes) - CHANGES)
    if unknown:
        raise ValueError(f"changes must be of {', '.join(sorted(CHANGES))}; they had {', '.join(unknown)}")
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in changes.items()}
    return replace(config, **given)


def landscape_study(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"study", "stamp", "changes"} -> config (JSON), arrays of a `LandscapeStudy`, parts that were measured anew.

    `parts` is None when the stored ones still hold.
    """
    changes = parameters.get("changes") or {}
    with sources.store.open(parameters["study"]) as reader:
        old = LandscapeConfig.from_json(without_workers(reader.meta.config))
        new = changed(old, changes)
        if set(changes) <= FROM_BARS:
            sources.progress(None, f"landscapes of {counted(new.networks, 'network')}")
            regrid = new.grid_end != old.grid_end
            study = combine(new, lambda name: _stored(reader, name, new if regrid else None))
            return {"config": new.to_json(), "arrays": study.to_arrays(), "parts": None}
        parts = _measure(reader, new, sources)
    sources.progress(1.0, "landscapes and averages")
    study = combine(new, parts.__getitem__)
    return {"config": new.to_json(), "arrays": study.to_arrays(), "parts": parts}


def without_workers(config: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the study in a run's config."""
    return {k: v for k, v in config.items() if k not in ("workers", "epochs_per_second")}


def kept_study(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """The answer `landscape_study` to what a question names: measured once, for the picture and for all that is asked of it."""
    named = {name: parameters[name] for name in ("study", "stamp", "changes")}
    return dict(sources.answer("landscape_study", named))


def load_study(parameters: Mapping[str, Any], sources: Sources) -> LandscapeStudy:
    """The study with its changes: as stored where there are none."""
    if not parameters.get("changes"):
        with sources.store.open(parameters["study"]) as reader:
            config = LandscapeConfig.from_json(without_workers(reader.meta.config))
            return LandscapeStudy.from_arrays(config, reader.artifact(RESULT).arrays)
    answer = kept_study(parameters, sources)
    return LandscapeStudy.from_arrays(LandscapeConfig.from_json(answer["config"]), answer["arrays"])


def weights_of(part: Arrays) -> Arrays | None:
    """The kept snapshots W1 (s, out, in), b1, ... of a network's part; None when they were not kept."""
    found = {name.removeprefix("snapshot."): a for name, a in part.items() if name.startswith("snapshot.")}
    return found or None


def _stored(reader: RunReader, name: str, config: LandscapeConfig | None) -> Arrays:
    """A stored part; with a configuration, the share lost outside its grid is counted again from the kept bars."""
    part = dict(reader.artifact(name).arrays)
    if config is not None:
        shares = [
            lost_norm_share(part["bars"][low:high].astype(np.float64), config.grid)
            for low, high in pairwise(part["offsets"].tolist())
        ]
        lost = np.reshape(shares, part["norms"].shape)
        if "same_as" in part:
            lost = lost[part["same_as"]]
        part["lost_share"] = lost
    return part


def _measure(reader: RunReader, config: LandscapeConfig, sources: Sources) -> dict[str, Arrays]:
    """The parts of the first networks, measured anew from their kept weights."""
    from topodash.studies.activation_landscapes.units import measure_input, measure_network

    sources.progress(0.0, "the input layer")
    parts: dict[str, Arrays] = {"input": measure_input(config)}
    for number in range(config.networks):
        name = f"network/{number}"
        old = reader.artifact(name).arrays
        weights = weights_of(old)
        if weights is None:
            raise ValueError(
                f"networks must be at most {number} for this: the study kept no weights of the others; it was "
                f"{config.networks}"
            )
        with reports_to(partial(_tell, sources, number, config.networks)):
            measured = measure_network(config, weights, old["steps"])
        measured.update({key: old[key] for key in ("steps", "accuracy", "test_accuracy")})
        parts[name] = measured
    return parts


def _tell(sources: Sources, number: int, networks: int, share: float) -> None:
    """How far all networks are, when so much of this one is measured: a network may take a minute."""
    sources.progress((number + share) / networks, f"network {number + 1} of {networks}")
