"""Which filters a question is about.

    {"bank": name, "iteration": i, "stamp": bank_stamp(name)}                      a shipped bank
    {"run": id, "step": k, "layer": "filters"}                                     a training of kind `cnn`
    {"from": {"upload": id}, "name": file name, "layer": name or None, "channels": "mean" | "each"}

The stamp makes a bank that was written anew another question. A state dict is opened here and nowhere else:
only a worker process may import torch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from topodash.jobs.sources import Sources
from topodash.resources import resource_dir
from topodash.studies.filter_topology_bank import DAMAGE, FilterSet, load_bank, plain_npz
from topodash.studies.filter_topology_config import FilterTopologyConfig
from topodash.studies.filter_topology_upload import conv_layers, filters_from_arrays

__all__ = ["arrays_of", "bank_stamp", "config_of", "filter_layers", "filters_of"]

LAYERS = 40


def bank_stamp(name: str) -> str:
    """A hash of a bank's file; empty when there is none."""
    path = resource_dir("data") / "banks" / f"{name}.npz"
    try:
        found = path.stat()
        return _hash_of(path, found.st_size, found.st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=8)
def _hash_of(path: Path, _size: int, _changed: int) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=20).hexdigest()


def config_of(parameters: Mapping[str, Any]) -> FilterTopologyConfig:
    """The study's settings of a question; ValueError for unknown or impossible ones."""
    given = dict(parameters.get("config") or {})
    unknown = set(given) - set(FilterTopologyConfig.__dataclass_fields__)
    if unknown:
        raise ValueError(
            f"config must hold settings of the filter study; it held {', '.join(sorted(unknown))}"
        )
    return FilterTopologyConfig(**given)


def filters_of(source: Mapping[str, Any], sources: Sources) -> FilterSet:
    """The filters that a source names.

    Raises
    ------
    ValueError
        For a source that is none, and whatever is wrong with the bank, the file or the step.
    RunError
        For a run or upload that is not there.
    """
    if "bank" in source:
        if source.get("stamp") not in (None, bank_stamp(source["bank"])):
            raise ValueError(f"the bank {source['bank']} was written anew meanwhile; load the page again")
        return load_bank(source["bank"]).at(source.get("iteration"))
    if "run" in source:
        with sources.store.open(source["run"]) as run:
            weights = run.snapshot(source["step"])
            seed = int(run.meta.config.get("seed", 0))
        if "filters" not in weights:
            raise ValueError(
                "the run must be a training of a convolutional network; this one holds no filters"
            )
        filters = np.asarray(weights["filters"], dtype=np.float32)
        if not np.isfinite(filters).all():
            raise ValueError(
                f"filters must be finite; at iteration {source['step']} of this run they are not"
            )
        n = len(filters)
        biases = np.asarray(weights.get("biases", np.zeros(n)), dtype=np.float32)
        label = f"run {source['run'][:6]}, iteration {source['step']}"
        return FilterSet(filters, biases, np.full(n, seed), np.arange(n), label)
    if "from" in source:
        name = str(source["name"])
        arrays = arrays_of(sources.upload_path(source["from"]["upload"]), name)
        return filters_from_arrays(arrays, source.get("layer"), source.get("channels", "mean"), source=name)
    raise ValueError(f"filters must name a bank, a run or an upload; it was {source!r:.200}")


def arrays_of(path: Path, name: str) -> dict[str, NDArray[Any]]:
    """All arrays of an uploaded file by name; its kind is told by the ending of `name`. Nothing in it is executed.

    Raises
    ------
    ValueError
        For another ending, a damaged file, or pickled objects.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".npz":
        try:
            return plain_npz(path)
        except DAMAGE as error:
            raise ValueError(
                f"{name} must be an npz of plain arrays; it cannot be read as one: {error}"
            ) from error
    if suffix == ".safetensors":
        try:
            with safe_open(path, framework="numpy") as file:
                return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not a dict
        except (OSError, SafetensorError, TypeError, ValueError) as error:
            raise ValueError(
                f"{name} must be a safetensors file; it cannot be read as one: {error}"
            ) from error
    if suffix in (".pt", ".pth"):
        from topodash.jobs.state_dicts import state_dict_arrays

        try:
            return state_dict_arrays(path)
        except ValueError as error:
            raise ValueError(str(error).replace(path.name, name)) from error
    raise ValueError(f"the file must end in .npz, .safetensors, .pt or .pth; it was {name!r}")


def filter_layers(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"from": {"upload": id}, "name"} -> the convolutions of a file: names and shapes.

    Raises ValueError with the reason for each array when there is none.
    """
    name = str(parameters["name"])
    arrays = arrays_of(sources.upload_path(parameters["from"]["upload"]), name)
    layers = conv_layers(arrays)
    if not layers:
        filters_from_arrays(arrays, None, "mean", source=name)  # says why
    return {"layers": [[layer, [int(side) for side in arrays[layer].shape]] for layer in layers[:LAYERS]]}
