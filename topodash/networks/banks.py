"""Train many convolutional networks, one process each, and pack their first-layer filters to a bank.

    python -m topodash.networks.banks --bank mnist_64_8_512 --count 100 --work ~/banks     trains and packs
    python -m topodash.networks.banks --bank mnist_64_8_512 --work ~/banks --pack-only     only packs

The command can be killed and started again at any time: a finished network is one npz in the work folder
and is never trained again, an unfinished one goes on from its checkpoint bit for bit. Several commands may
share a work folder: each network is trained under a file lock. A bank is `<bank>.npz` (arrays) and
`<bank>.json` (provenance); the networks of a bank that is packed already count as finished, so that a bank
grows from where it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import filelock
import numpy as np
import safetensors.numpy
import torch
from safetensors import safe_open

from topodash.datasets import load_images
from topodash.networks.bank_files import Bank, now, pack, unpack, versions, write_arrays
from topodash.networks.cnn import PRECISIONS, CNNConfig, CNNStep
from topodash.networks.cnn_training import CNNTraining, Images
from topodash.resources import resource_dir

_CHECKPOINT_SECONDS = 60.0
_LOG_SECONDS = 30.0


BANKS = {
    "mnist_512_128_1024": Bank(
        "mnist",
        CNNConfig(
            512, 128, 1024, learning_rate=1e-4, batch_size=50, iterations=1000, record=(0, 100, 500, 1000)
        ),
        1,
        "M(512, 128, 1024) on MNIST, before training and after 1000 iterations of 50 images",
    ),
    "shapes_512_128_1024": Bank(
        "circles_squares",
        CNNConfig(
            512,
            128,
            1024,
            classes=2,
            learning_rate=1e-4,
            batch_size=50,
            iterations=2000,
            record=(0, 40, 500, 2000),
        ),
        1,
        "M(512, 128, 1024) on circles and squares, before training, after 40 and after 2000 iterations",
    ),
    "mnist_64_8_512": Bank(
        "mnist",
        CNNConfig(64, 8, 512, batch_size=100, iterations=2000, record=(0, 100, 500, 1000, 2000)),
        100,
        "M(64, 8, 512) on MNIST, the improved model; the paper trains 10,000 iterations, these 2000",
    ),
}


def train_network(bank: Bank, number: int, folder: Path, precision: str = "float32") -> Path:
    """Train one network of the bank, or go on with it; the file of its filters.

    Raises
    ------
    filelock.Timeout
        When another process trains this network.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"net_{number:04d}.npz"
    partial = folder / f"net_{number:04d}.safetensors"
    with filelock.FileLock(folder / f"net_{number:04d}.lock", timeout=0):
        if target.exists():
            return target
        config = replace(bank.config, seed=number, precision=precision)
        resume, steps, seconds = _read_partial(partial, config)
        data = load_images(bank.dataset)
        training = CNNTraining(config, data, resume=resume)
        began = saved = logged = time.monotonic()
        for step in training.ticks():
            now = time.monotonic()
            if step is not None:
                steps.append(step)
                measured = f"accuracy {step.accuracy:.4f}, loss {step.loss:.4f}"
                _log(f"net {number} iteration {step.iteration}: {measured}")
            elif now - logged > _LOG_SECONDS:
                logged = now
                _log(f"net {number} iteration {training.iteration} of {config.iterations}")
            if now - saved > _CHECKPOINT_SECONDS:
                _write_partial(partial, training, steps, seconds + now - began)
                saved = time.monotonic()
        _write_network(target, config, steps, seconds + time.monotonic() - began, fingerprint(data))
        partial.unlink(missing_ok=True)
    return target


def fingerprint(data: Images) -> str:
    """SHA-256 of images, labels and split: says later whether a data set is still the one trained on."""
    digest = hashlib.sha256()
    for array in (data.images, data.labels, data.train, data.test):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _write_network(
    path: Path, config: CNNConfig, steps: Sequence[CNNStep], seconds: float, data_sha256: str
) -> None:
    provenance = {
        "config": asdict(config),
        "seconds": round(seconds, 1),
        "finished": now(),
        "versions": versions(),
        "data_sha256": data_sha256,
    }
    write_arrays(path, _stack(steps) | {"provenance": np.array(json.dumps(provenance))})


def _stack(steps: Sequence[CNNStep]) -> dict[str, np.ndarray]:
    return {
        "filters": np.stack([step.filters for step in steps]),
        "biases": np.stack([step.biases for step in steps]),
        "iterations": np.array([step.iteration for step in steps]),
        "accuracy": np.array([step.accuracy for step in steps]),
        "loss": np.array([step.loss for step in steps]),
        "train_loss": np.array([step.train_loss for step in steps]),
    }


def _write_partial(path: Path, training: CNNTraining, steps: Sequence[CNNStep], seconds: float) -> None:
    tensors, state = training.state()
    tensors |= {f"recorded/{key}": value for key, value in _stack(steps).items()}
    metadata = {"state": json.dumps(state), "seconds": repr(seconds)}
    temporary = path.with_suffix(".tmp")
    safetensors.numpy.save_file(tensors, temporary, metadata)
    temporary.replace(path)


def _read_partial(path: Path, config: CNNConfig) -> tuple[tuple[dict, dict] | None, list[CNNStep], float]:
    if not path.exists():
        return None, [], 0.0
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not a dict
    recorded = {key: tensors.pop(f"recorded/{key}") for key in _stack_keys()}
    steps = [
        CNNStep(int(iteration), filters, biases, float(loss), float(accuracy), float(train_loss))
        for iteration, filters, biases, loss, accuracy, train_loss in zip(*recorded.values(), strict=True)
    ]
    _log(f"net {config.seed} goes on from iteration {json.loads(metadata['state'])['iteration']}")
    return (tensors, json.loads(metadata["state"])), steps, float(metadata["seconds"])


def _stack_keys() -> tuple[str, ...]:
    return ("iterations", "filters", "biases", "loss", "accuracy", "train_loss")


def _log(message: str) -> None:
    sys.stdout.write(f"{now()} {message}\n")
    sys.stdout.flush()


def _train_all(name: str, count: int, work: Path, precision: str) -> int:
    """One process a network, one after another; those that another command holds are passed over."""
    failed = 0
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    for number in range(count):
        if (work / name / f"net_{number:04d}.npz").exists():
            continue
        command = [sys.executable, "-m", "topodash.networks.banks", "--bank", name, "--work", str(work)]
        command += ["--network", str(number), "--precision", precision]
        finished = subprocess.run(command, env=environment, check=False)
        failed += finished.returncode != 0
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 when every network that was asked for is finished."""
    parser = argparse.ArgumentParser(prog="topodash banks", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bank", required=True, choices=sorted(BANKS))
    parser.add_argument(
        "--count", type=int, help="networks in all; those that are finished are not trained again"
    )
    parser.add_argument(
        "--work", type=Path, required=True, help="folder for finished networks and checkpoints"
    )
    parser.add_argument("--target", type=Path, help="folder of the packed bank; default data/banks")
    parser.add_argument("--pack-only", action="store_true", help="train nothing, pack what is finished")
    parser.add_argument(
        "--precision", default="float32", choices=PRECISIONS, help="of the products in the convolutions"
    )
    parser.add_argument("--network", type=int, help="train only the network of this number, in this process")
    options = parser.parse_args(arguments)
    bank = BANKS[options.bank]
    count = bank.count if options.count is None else options.count
    if count < 1:
        parser.error(f"--count must be at least 1; it was {count}")
    if options.network is not None and options.network < 0:
        parser.error(f"--network must be at least 0; it was {options.network}")
    folder = options.work / options.bank
    if options.network is not None:
        torch.set_num_threads(1)
        try:
            train_network(bank, options.network, folder, options.precision)
        except filelock.Timeout:
            _log(f"net {options.network} is trained by another process")
        return 0
    target = options.target or resource_dir("data") / "banks"
    unpack(options.bank, target, folder)
    failed = 0 if options.pack_only else _train_all(options.bank, count, options.work, options.precision)
    packed = pack(options.bank, bank, folder, target)
    _log(f"bank {options.bank}: {packed} networks packed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
