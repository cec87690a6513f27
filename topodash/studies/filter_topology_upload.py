"""Filters from other people's files: npz and safetensors here, and the rules that a PyTorch state dict shares.

Any convolution with square kernels of 3 x 3 to 11 x 11 will do. Its weights (out, in, k, k) become filters
either by the mean over the input channels or one filter for each input channel. Nothing in a file is ever
executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from topodash.studies.filter_topology_bank import (
    DAMAGE,
    LARGEST_KERNEL,
    SMALLEST_KERNEL,
    FilterSet,
    plain_npz,
)

__all__ = ["Channels", "conv_layers", "filters_from_arrays", "read_filters"]

Channels = Literal["mean", "each"]

#: The weights are kept as float32, which ends at 3e38 and at 1e-38.
LARGEST = 1e30


def read_filters(path: str | Path, layer: str | None = None, channels: Channels = "mean") -> FilterSet:
    """The filters of one convolution in an npz or safetensors file.

    Parameters
    ----------
    path : str or Path
        A `.npz` of plain arrays or a `.safetensors` file. (A PyTorch state dict:
        `topodash.jobs.state_dicts`.)
    layer : str, optional
        Name of the weight array. Default: the only convolution, or the first one when there are several.
    channels : 'mean' or 'each'
        Average the input channels, or take every one as a filter of its own.

    Raises
    ------
    ValueError
        For a file that cannot be read, pickled objects in it (never loaded), no convolution, kernels that are
        not square or not 3 x 3 to 11 x 11, or weights that are not finite.
    """
    path = Path(path)
    if path.suffix.lower() == ".npz":
        arrays = _npz(path)
    elif path.suffix.lower() == ".safetensors":
        arrays = _safetensors(path)
    else:
        raise ValueError(f"path must end in .npz or .safetensors; it was {path.name!r}")
    return filters_from_arrays(arrays, layer, channels, source=path.name)


def conv_layers(arrays: Mapping[str, NDArray]) -> tuple[str, ...]:
    """Names of the arrays that can be the weights of a convolution that this study takes, in their order."""
    return tuple(name for name, array in arrays.items() if _refusal(array) is None)


def filters_from_arrays(
    arrays: Mapping[str, NDArray],
    layer: str | None = None,
    channels: Channels = "mean",
    *,
    source: str = "upload",
) -> FilterSet:
    """Filters of one convolution among named arrays.

    Weights are (out, in, k, k), as PyTorch has them, or filters alone (n, k, k). A bias is found beside
    `<layer>.weight` as `<layer>.bias`, or as `biases` beside `filters`.

    Raises
    ------
    ValueError
        As `read_filters`.
    """
    if channels not in ("mean", "each"):
        raise ValueError(f"channels must be 'mean' or 'each'; it was {channels!r}")
    if not arrays:
        raise ValueError(f"{source} must hold the weights of a convolution; it holds no arrays")
    if layer is not None and layer not in arrays:
        raise ValueError(f"layer must be one of {', '.join(arrays)}; it was {layer!r}")
    if layer is None:
        found = conv_layers(arrays)
        if not found:
            reasons = "; ".join(f"{name}: {_refusal(array)}" for name, array in list(arrays.items())[:8])
            raise ValueError(f"{source} must hold a convolution with 3 x 3 to 11 x 11 kernels. {reasons}")
        layer = found[0]
    weights = arrays[layer]
    refusal = _refusal(weights)
    if refusal is not None:
        raise ValueError(f"layer {layer!r} cannot be used: {refusal}")
    if not np.isfinite(weights).all():
        bad = np.argwhere(~np.isfinite(weights))[0].tolist()
        raise ValueError(
            f"the weights of {source} must be finite; in {layer!r} {int((~np.isfinite(weights)).sum())} of {weights.size} are not,"
            f" the first at {bad}: {weights[tuple(bad)]}"
        )
    _refuse_what_float32_cannot_hold(weights, f"the weights of {source}", layer)
    stacked = np.asarray(weights, dtype=np.float32)
    stacked = stacked[:, None] if stacked.ndim == 3 else stacked
    out, inputs, k, _ = stacked.shape
    bias = _bias(arrays, layer, out)
    if channels == "mean":
        filters = stacked.mean(axis=1)
    else:
        filters = stacked.reshape(out * inputs, k, k)
        # the bias belongs to the sum over channels, not to one of them
        bias = bias if inputs == 1 else np.zeros(out * inputs, dtype=np.float32)
    how = (
        ""
        if inputs == 1
        else f", {inputs} channels {'averaged' if channels == 'mean' else 'each on its own'}"
    )
    n = len(filters)
    return FilterSet(
        np.ascontiguousarray(filters),
        bias,
        np.zeros(n, dtype=np.int64),
        np.arange(n, dtype=np.int64),
        f"{source}, layer {layer}{how}",
    )


def _refusal(array: NDArray) -> str | None:
    """Why an array cannot be filters; None when it can."""
    shape = tuple(np.shape(array))
    if not np.issubdtype(array.dtype, np.floating):
        return f"weights must be floating-point numbers, they were {array.dtype}"
    if len(shape) not in (3, 4) or 0 in shape:
        return f"weights must have shape (out, in, k, k) or (n, k, k), it was {shape}"
    if shape[-1] != shape[-2]:
        return f"kernels must be square, they were {shape[-2]} x {shape[-1]}"
    if not SMALLEST_KERNEL <= shape[-1] <= LARGEST_KERNEL:
        smaller = " (smaller ones have no lines, so no Klein bottle)" if shape[-1] < SMALLEST_KERNEL else ""
        return (
            f"kernels must be from {SMALLEST_KERNEL} x {SMALLEST_KERNEL} to {LARGEST_KERNEL} x {LARGEST_KERNEL},"
            f" they were {shape[-1]} x {shape[-1]}{smaller}"
        )
    return None


def _refuse_what_float32_cannot_hold(array: NDArray, what: str, name: str) -> None:
    """ValueError for numbers that would become infinite, they or their sum over channels, or all zeros."""
    size = np.abs(array)
    large = size > LARGEST
    if large.any():
        first = np.argwhere(large)[0].tolist()
        raise ValueError(
            f"{what} must be at most {LARGEST:g} in size; in {name!r} {int(large.sum())} of {array.size} are larger,"
            f" the first at {first}: {array[tuple(first)]:.3g}"
        )
    greatest = float(size.max())
    if 0 < greatest < 1 / LARGEST:
        raise ValueError(
            f"{what} must not all be below {1 / LARGEST:g}; the greatest in {name!r} is {greatest:.3g}"
        )


def _bias(arrays: Mapping[str, NDArray], layer: str, out: int) -> NDArray[np.float32]:
    for name in (layer.removesuffix("weight") + "bias", layer.removesuffix("filters") + "biases"):
        found = arrays.get(name)
        if name != layer and found is not None and np.shape(found) == (out,) and np.isfinite(found).all():
            _refuse_what_float32_cannot_hold(found, "biases", name)
            return np.asarray(found, dtype=np.float32)
    return np.zeros(out, dtype=np.float32)


def _npz(path: Path) -> dict[str, NDArray]:
    try:
        return plain_npz(path)
    except DAMAGE as error:
        raise ValueError(
            f"{path.name} must be an npz of plain arrays; it cannot be read as one: {error}"
        ) from error


def _safetensors(path: Path) -> dict[str, NDArray]:
    try:
        with safe_open(path, framework="numpy") as file:
            return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not a dict
    except (OSError, SafetensorError, TypeError, ValueError) as error:
        raise ValueError(f"path must be a safetensors file; {path.name}: {error}") from error
