"""What a bank of filters is, and its files: `<bank>.npz` (arrays) and `<bank>.json` (provenance).

A work folder holds one npz a finished network; `pack` makes a bank of them, `unpack` the reverse.
"""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

import topodash
from topodash.networks.cnn import CNNConfig


@dataclass(frozen=True)
class Bank:
    """One bank: a data set, a configuration (its seed is the network's number), and how many networks."""

    dataset: str
    config: CNNConfig
    count: int
    about: str


def pack(name: str, bank: Bank, folder: Path, target: Path) -> int:
    """Pack the finished networks of a bank to `<target>/<name>.npz` and `.json`; how many there were.

    The npz holds `filters` (networks, r, c1, 5, 5) and `biases` (networks, r, c1) float32 at the r
    `iterations` (r,), `seeds` (networks,), and on the test images `accuracy` and `loss` (networks, r)
    float64.
    """
    wanted = _comparable(asdict(bank.config))
    networks: list[dict[str, np.ndarray]] = []
    made: list[dict[str, Any]] = []
    for path in sorted(folder.glob("net_*.npz")):
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        provenance = json.loads(str(arrays.pop("provenance")))
        if _comparable(provenance["config"]) != wanted:
            raise ValueError(f"{path} was trained with another configuration than bank {name!r} has now")
        networks.append(arrays)
        made.append(provenance)
    if not networks:
        return 0
    stacked = {key: np.stack([n[key] for n in networks]) for key in ("filters", "biases", "accuracy", "loss")}
    seeds = np.array([made_one["config"]["seed"] for made_one in made])
    target.mkdir(parents=True, exist_ok=True)
    write_arrays(target / f"{name}.npz", stacked | {"seeds": seeds, "iterations": networks[0]["iterations"]})
    document = _provenance(name, bank, stacked, networks[0]["iterations"], made)
    (target / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return len(networks)


def _comparable(config: dict[str, Any]) -> dict[str, Any]:
    """What the networks of a bank have in common: all but seed and precision, as JSON has it."""
    kept = {key: value for key, value in config.items() if key not in ("seed", "precision")}
    return kept | {"record": list(config["record"])}


def unpack(name: str, packed: Path, folder: Path) -> int:
    """Put the networks of a packed bank into a work folder that has not got them; how many.

    The loss of the last training batch is not kept in a bank: `train_loss` is nan.
    """
    if not (packed / f"{name}.npz").exists():
        return 0
    with np.load(packed / f"{name}.npz", allow_pickle=False) as file:
        bank = dict(file)
    document = json.loads((packed / f"{name}.json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    put = 0
    for index, said in enumerate(document["each"]):
        path = folder / f"net_{said['seed']:04d}.npz"
        if path.exists():
            continue
        arrays = {key: bank[key][index] for key in ("filters", "biases", "accuracy", "loss")}
        arrays |= {"iterations": bank["iterations"], "train_loss": np.full(len(bank["iterations"]), np.nan)}
        config = document["config"] | {"seed": said["seed"], "precision": said.get("precision", "float32")}
        provenance = {"config": config} | {
            key: said[key] for key in ("seconds", "finished", "versions", "data_sha256")
        }
        write_arrays(path, arrays | {"provenance": np.array(json.dumps(provenance))})
        put += 1
    return put


def _provenance(
    name: str, bank: Bank, stacked: dict[str, np.ndarray], iterations: np.ndarray, made: list[dict[str, Any]]
) -> dict[str, Any]:
    last = stacked["accuracy"][:, -1]
    return {
        "bank": name,
        "about": bank.about,
        "command": f"python -m topodash.networks.banks --work FOLDER --bank {name} --count {bank.count}",
        "dataset": {"name": bank.dataset, "seed": 0, "parameters": {}},
        "config": _comparable(asdict(bank.config)),
        "networks": len(made),
        "networks_wanted": bank.count,
        "iterations": iterations.tolist(),
        "last_accuracy": {
            "mean": float(last.mean()),
            "smallest": float(last.min()),
            "largest": float(last.max()),
        },
        "evaluated_on": "all test images, without dropout",
        "each": [
            {
                "seed": provenance["config"]["seed"],
                "precision": provenance["config"].get("precision", "float32"),
                "accuracy": [round(float(value), 6) for value in accuracy],
                "loss": [round(float(value), 6) for value in loss],
                "seconds": provenance["seconds"],
                "finished": provenance["finished"],
                "versions": provenance["versions"],
                "data_sha256": provenance.get("data_sha256", "not recorded"),
            }
            for provenance, accuracy, loss in zip(made, stacked["accuracy"], stacked["loss"], strict=True)
        ],
        "packed": now(),
    }


def write_arrays(path: Path, arrays: dict[str, Any]) -> None:
    """An npz, whole or not at all."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        np.savez_compressed(file, **arrays)
    temporary.replace(path)


def versions() -> dict[str, str]:
    """Of everything that a training's numbers depend on."""
    return {
        "topodash": topodash.__version__,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def now() -> str:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
