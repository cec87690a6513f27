"""Filter banks: the first-layer filters of many networks at several iterations, shipped or uploaded.

A bank on disk is `<name>.npz` with `filters` (networks, r, c, k, k) and `biases` (networks, r, c),
`iterations` (r,), `seeds` (networks,), `accuracy` and `loss` (networks, r), and `<name>.json` with where it
comes from. `topodash.networks.banks` trains and writes them.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topodash.resources import resource_dir

__all__ = ["BankError", "FilterBank", "FilterSet", "bank_names", "load_bank"]

SMALLEST_KERNEL, LARGEST_KERNEL = 3, 11
_ARRAYS = ("filters", "biases", "iterations", "seeds", "accuracy", "loss")

DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)
"""What reading a broken npz raises."""


class BankError(ValueError):
    """A bank that is missing, damaged, or not a bank."""


@dataclass(frozen=True, eq=False)
class FilterSet:
    """Filters at one moment: what the study works on.

    Attributes
    ----------
    filters : (n, k, k) float32
        Raw weights, finite.
    biases : (n,) float32
        Zeros when the source has none.
    networks : (n,) int64
        Which network each filter comes from: its seed in a shipped bank, 0 in an upload.
    channels : (n,) int64
        Position of the filter in its network's layer.
    source : str
        What a reader should know: bank and iteration, or file and layer.
    """

    filters: NDArray[np.float32]
    biases: NDArray[np.float32]
    networks: NDArray[np.int64]
    channels: NDArray[np.int64]
    source: str

    def __len__(self) -> int:
        return len(self.filters)

    @property
    def size(self) -> int:
        """Side k of the filters."""
        return int(self.filters.shape[1])

    @property
    def flat(self) -> NDArray[np.float64]:
        """The filters as (n, k * k) float64, row by row."""
        return self.filters.reshape(len(self.filters), -1).astype(np.float64)


@dataclass(frozen=True, eq=False)
class FilterBank:
    """First-layer filters of several networks at the same iterations.

    Attributes
    ----------
    name, about : str
    filters : (networks, r, c, k, k) float32
    biases : (networks, r, c) float32
    iterations : (r,) int64, ascending; 0 is the initialisation
    seeds : (networks,) int64
    accuracy, loss : (networks, r) float64
        On the test images.
    provenance : dict
        The bank's JSON document.
    """

    name: str
    about: str
    filters: NDArray[np.float32]
    biases: NDArray[np.float32]
    iterations: NDArray[np.int64]
    seeds: NDArray[np.int64]
    accuracy: NDArray[np.float64]
    loss: NDArray[np.float64]
    provenance: dict[str, Any] = field(repr=False)

    def at(self, iteration: int | None = None) -> FilterSet:
        """All networks' filters at one recorded iteration; default the last.

        Raises
        ------
        ValueError
            For an iteration that was not recorded.
        """
        wanted = int(self.iterations[-1]) if iteration is None else iteration
        position = np.flatnonzero(self.iterations == wanted)
        if not len(position):
            raise ValueError(f"iteration must be one of {self.iterations.tolist()}; it was {iteration}")
        r = int(position[0])
        networks, _, channels, k, _ = self.filters.shape
        return FilterSet(
            np.ascontiguousarray(self.filters[:, r].reshape(-1, k, k)),
            self.biases[:, r].reshape(-1),
            np.repeat(self.seeds, channels),
            np.tile(np.arange(channels), networks),
            f"{self.name}, iteration {wanted}, {networks} network{'' if networks == 1 else 's'}",
        )

    def history(self, seed: int, channel: int) -> NDArray[np.float32]:
        """One filter over the recorded iterations, (r, k, k).

        Raises
        ------
        ValueError
            For a network or channel that the bank does not hold.
        """
        row = np.flatnonzero(self.seeds == seed)
        if not len(row):
            raise ValueError(f"seed must be that of a network in the bank; it was {seed}")
        if not 0 <= channel < self.filters.shape[2]:
            raise ValueError(f"channel must be from 0 to {self.filters.shape[2] - 1}; it was {channel}")
        return self.filters[int(row[0]), :, channel]


def bank_names() -> tuple[str, ...]:
    """Names of the shipped banks, sorted."""
    return tuple(sorted(path.stem for path in (resource_dir("data") / "banks").glob("*.npz")))


def load_bank(bank: str | Path) -> FilterBank:
    """A shipped bank by name, or any bank by the path of its npz file.

    Raises
    ------
    BankError
        When there is no such bank, or its files are damaged or are not a bank; the message says which.
    """
    path = Path(bank)
    if path.suffix != ".npz":
        path = resource_dir("data") / "banks" / f"{bank}.npz"
    if not path.is_file():
        known = ", ".join(bank_names()) or "none yet"
        raise BankError(f"bank must be a bank that exists (shipped: {known}); it was {str(bank)!r}")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {
                key: file[key] for key in ("filters", "biases", "iterations", "seeds", "accuracy", "loss")
            }
    except DAMAGE as error:
        raise BankError(f"the bank {path.name} is damaged or no bank: {_reason(error)}") from error
    document = path.with_suffix(".json")
    try:
        provenance = json.loads(document.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BankError(f"the provenance {document.name} is missing or damaged: {_reason(error)}") from error
    if not isinstance(provenance, dict):
        raise BankError(
            f"the provenance {document.name} must be a JSON object; it was a {type(provenance).__name__}"
        )
    _check(path.name, arrays)
    return FilterBank(
        name=path.stem,
        about=str(provenance.get("about", "")),
        filters=arrays["filters"].astype(np.float32),
        biases=arrays["biases"].astype(np.float32),
        iterations=arrays["iterations"].astype(np.int64),
        seeds=arrays["seeds"].astype(np.int64),
        accuracy=arrays["accuracy"].astype(np.float64),
        loss=arrays["loss"].astype(np.float64),
        provenance=provenance,
    )


def plain_npz(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of an npz file; pickled objects in it are refused unread. Raises one of `DAMAGE`."""
    with path.open("rb") as start:
        if not start.read(6).startswith((b"\x93NUMPY", b"PK")):  # numpy would take it for a pickle
            raise ValueError("it is no zip archive, which an npz is")
    file = np.load(path, allow_pickle=False)
    if not isinstance(file, np.lib.npyio.NpzFile):
        raise ValueError("it is one bare array, not an npz archive")
    with file:
        return {key: file[key] for key in file.files}


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}, {error}"


def _check(name: str, arrays: dict[str, NDArray[Any]]) -> None:
    shape = arrays["filters"].shape
    if len(shape) != 5 or shape[3] != shape[4] or 0 in shape:
        raise BankError(
            f"the bank {name} must hold filters (networks, r, channels, k, k); their shape was {shape}"
        )
    networks, r, channels = shape[:3]
    wanted = {
        "biases": (networks, r, channels),
        "iterations": (r,),
        "seeds": (networks,),
        "accuracy": (networks, r),
        "loss": (networks, r),
    }
    for key, expected in wanted.items():
        if arrays[key].shape != expected:
            raise BankError(
                f"the bank {name} must hold {key} of shape {expected}; it was {arrays[key].shape}"
            )
    if (np.diff(arrays["iterations"]) <= 0).any():
        raise BankError(
            f"the bank {name} must hold ascending iterations; they were {arrays['iterations'].tolist()}"
        )
    if not np.isfinite(arrays["filters"]).all():
        bad = np.argwhere(~np.isfinite(arrays["filters"]))[0]
        raise BankError(
            f"the bank {name} must hold finite filters; network {bad[0]}, iteration {arrays['iterations'][bad[1]]},"
            f" filter {bad[2]}, row {bad[3]}, column {bad[4]} was not"
        )
