"""What a node or an arc of filters responds to: the input patches that make its mean activation greatest.

For filters w_i with biases b_i and an input patch x the mean linear response is mean(<w_i, x> + b_i), the
mean ReLU response mean(max(0, <w_i, x> + b_i)). Raw weights and biases, as the network has them.

- Linear, pixels in [0, 1]: 1 where the mean filter is positive. Exact.
- Linear, norm at most 1: the mean filter, normalised. Exact.
- ReLU, pixels in [0, 1]: the response is convex in x, so a vertex of the box is best. From many starts, x
  becomes 1[sum of active filters > 0] until nothing changes; by convexity the response never falls. The best
  vertex found is kept: a local maximum for certain, the global one as far as the starts reach (tests compare
  with all 512 vertices of 3 x 3).

Source: paper C, section 3 (figure 2): patches that maximise the mean activation of a node.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "DataPatches",
    "MaximalPatch",
    "best_data_patches",
    "maximal_box_patch",
    "maximal_norm_patch",
    "maximal_relu_patch",
    "mean_relu",
]

_ROUNDS = 1000  # the ascent stops by itself, after a handful of rounds


@dataclass(frozen=True, eq=False)
class MaximalPatch:
    """An input that maximises a mean response.

    Attributes
    ----------
    patch : (k, k) float64
    response : float
        The mean response to it, bias included.
    starts : int
        Starts of the search, 0 for a closed form.
    reached : int
        How many of the starts ended at this response.
    """

    patch: NDArray[np.float64]
    response: float
    starts: int = 0
    reached: int = 0


@dataclass(frozen=True, eq=False)
class DataPatches:
    """The patches of real images with the greatest mean ReLU response.

    Attributes
    ----------
    patches : (top, k, k) float32
        Best first, at most one from an image.
    responses : (top,) float64
    images : (top,) int64
        Image that each comes from.
    corners : (top, 2) int64
        Row and column of its upper left pixel.
    searched, total : int
        Images searched and images there are; fewer were searched when they are a seeded subsample.
    """

    patches: NDArray[np.float32]
    responses: NDArray[np.float64]
    images: NDArray[np.int64]
    corners: NDArray[np.int64]
    searched: int
    total: int


def mean_relu(patches: ArrayLike, filters: ArrayLike, biases: ArrayLike | None = None) -> NDArray[np.float64]:
    """Mean ReLU response of the filters to each patch, (p,).

    Parameters
    ----------
    patches : (p, k * k) array
    filters : (n, k, k) or (n, k * k) array
    biases : (n,) array, optional
        Default 0.
    """
    weights, bias, _ = _layer(filters, biases)
    values = np.asarray(patches, dtype=np.float64)
    return np.asarray(np.maximum(values @ weights.T + bias, 0.0).mean(axis=1))


def maximal_box_patch(filters: ArrayLike, biases: ArrayLike | None = None) -> MaximalPatch:
    """The patch with pixels in [0, 1] of the greatest mean linear response: 1 where the mean filter is positive."""
    weights, bias, k = _layer(filters, biases)
    mean = weights.mean(axis=0)
    patch = (mean > 0).astype(np.float64)
    return MaximalPatch(patch.reshape(k, k), float(mean @ patch + bias.mean()))


def maximal_norm_patch(filters: ArrayLike, biases: ArrayLike | None = None) -> MaximalPatch:
    """The patch of norm at most 1 of the greatest mean linear response: the mean filter, normalised (0 if it is 0)."""
    weights, bias, k = _layer(filters, biases)
    mean = weights.mean(axis=0)
    norm = float(np.linalg.norm(mean))
    patch = mean / norm if norm > 0 else mean
    return MaximalPatch(patch.reshape(k, k), float(mean @ patch + bias.mean()))


def maximal_relu_patch(
    filters: ArrayLike, biases: ArrayLike | None = None, *, starts: int = 256, seed: int = 0
) -> MaximalPatch:
    """The patch with pixels in [0, 1] of the greatest mean ReLU response that the ascent finds.

    Parameters
    ----------
    filters : (n, k, k) or (n, k * k) array, raw
    biases : (n,) array, optional
        Default 0.
    starts : int
        Random 0/1 patches to start from, besides each filter's own best patch and the linear optimum.
    seed : int

    Raises
    ------
    ValueError
        For arrays of other shapes or fewer than 0 starts.
    """
    if starts < 0:
        raise ValueError(f"starts must be 0 or more; it was {starts}")
    weights, bias, k = _layer(filters, biases)
    rng = np.random.default_rng(seed)
    own = np.concatenate([weights > 0, [weights.mean(axis=0) > 0], np.ones((1, k * k), dtype=bool)])
    patches = np.concatenate([own, rng.random((starts, k * k)) < 0.5]).astype(np.float64)
    for _ in range(_ROUNDS):
        active = patches @ weights.T + bias > 0
        better = (active @ weights > 0).astype(np.float64)
        if np.array_equal(better, patches):
            break
        patches = better
    responses = mean_relu(patches, weights, bias)
    best = int(responses.argmax())
    reached = int((responses >= responses[best] - 1e-12 * max(1.0, abs(responses[best]))).sum())
    return MaximalPatch(patches[best].reshape(k, k), float(responses[best]), len(patches), reached)


def best_data_patches(
    images: ArrayLike,
    filters: ArrayLike,
    biases: ArrayLike | None = None,
    *,
    top: int = 9,
    subsample: int | None = 2000,
    seed: int = 0,
) -> DataPatches:
    """The patches of real images with the greatest mean ReLU response, at most one an image.

    Patches lie inside the image; the network's padded border is not searched.

    Parameters
    ----------
    images : (n, h, w) array, pixels in [0, 1]
    filters : (m, k, k) or (m, k * k) array, raw
    biases : (m,) array, optional
    top : int
        How many patches, at least 1.
    subsample : int, optional
        Search that many images, drawn with the seed; None searches all.

    Raises
    ------
    ValueError
        For images smaller than the filters, other shapes, or ``top`` or ``subsample`` below 1.
    """
    weights, bias, k = _layer(filters, biases)
    pictures = np.asarray(images)
    if pictures.ndim != 3 or min(pictures.shape[1:]) < k or not len(pictures):
        raise ValueError(f"images must have shape (n, h, w), at least {k} x {k}; it was {pictures.shape}")
    if top < 1 or (subsample is not None and subsample < 1):
        raise ValueError(f"top and subsample must be at least 1; they were {top} and {subsample}")
    total = len(pictures)
    rows = np.arange(total)
    if subsample is not None and subsample < total:
        rows = np.sort(np.random.default_rng(seed).choice(total, subsample, replace=False))
    best = np.empty(len(rows))
    corner = np.empty((len(rows), 2), dtype=np.int64)
    weights32, bias32 = weights.T.astype(np.float32), bias.astype(np.float32)
    for i, row in enumerate(rows):
        windows = np.lib.stride_tricks.sliding_window_view(pictures[row].astype(np.float32), (k, k))
        responses = np.maximum(windows.reshape(-1, k * k) @ weights32 + bias32, 0).mean(axis=1)
        at = int(responses.argmax())
        best[i], corner[i] = responses[at], divmod(at, windows.shape[1])
    order = np.argsort(-best, kind="stable")[:top]
    patches = np.stack(
        [pictures[rows[i], r : r + k, c : c + k] for i, (r, c) in zip(order, corner[order], strict=True)]
    )
    flat = patches.reshape(len(order), -1)
    return DataPatches(
        patches.astype(np.float32),
        mean_relu(flat, weights, bias),
        rows[order],
        corner[order],
        len(rows),
        total,
    )


def _layer(
    filters: ArrayLike, biases: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Weights (n, k * k), biases (n,) and k, checked."""
    array = np.asarray(filters, dtype=np.float64)
    weights = array.reshape(len(array), -1) if array.ndim >= 2 and array.size else np.empty((0, 0))
    k = int(np.rint(np.sqrt(weights.shape[1])))
    if not len(weights) or k * k != weights.shape[1] or not np.isfinite(weights).all():
        raise ValueError(f"filters must be finite, of shape (n, k, k) or (n, k * k); it was {array.shape}")
    bias = np.zeros(len(weights)) if biases is None else np.asarray(biases, dtype=np.float64)
    if bias.shape != (len(weights),) or not np.isfinite(bias).all():
        raise ValueError(
            f"biases must be finite, one for each of {len(weights)} filters; it was {bias.shape}"
        )
    return weights, bias, k
