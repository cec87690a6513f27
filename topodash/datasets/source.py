"""One data set as the registry sees it, and the last steps that all generators of points share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .labelled import Betti, LabelledImages, LabelledPoints
from .parameters import Parameter
from .seeded import split, stream

Values = Mapping[str, Any]
"""Checked parameter values, complete."""


@dataclass(frozen=True)
class Source:
    """A data set that can be loaded by name.

    Attributes
    ----------
    name, title, help : str
        As `load` takes it; a short noun; a sentence.
    kind : 'points' or 'images'
    parameters : tuple of Parameter
    make : (seed, values) -> LabelledPoints or LabelledImages
    betti : values -> one (b0, b1) or None for each class; None when nothing is known of any
    """

    name: str
    title: str
    help: str
    kind: Literal["points", "images"]
    parameters: tuple[Parameter, ...]
    make: Callable[[int, Values], LabelledPoints | LabelledImages]
    betti: Callable[[Values], tuple[Betti | None, ...] | None]


def assemble(
    parts: list[NDArray[np.float64]],
    *,
    name: str,
    class_names: tuple[str, ...],
    seed: int,
    values: Values,
    betti: tuple[Betti | None, ...] | None,
    shuffle: bool = True,
) -> LabelledPoints:
    """Join the classes' points (one (k, 2) array a class), shuffle them and hold some out.

    Shuffled, so that the first m points are a fair sample and no class is always drawn on top.
    """
    labels = np.repeat(np.arange(len(parts), dtype=np.int64), [len(part) for part in parts])
    points = np.concatenate(parts).astype(np.float32)
    if shuffle:
        order = stream(seed, name, "order").permutation(len(points))
        points, labels = points[order], labels[order]
    train, test = split(labels, values["held_out"], seed, name)
    return LabelledPoints(
        points=points,
        labels=labels,
        class_names=class_names,
        train=train,
        test=test,
        name=name,
        parameters=dict(values),
        seed=seed,
        columns=("x", "y"),
        centre=np.zeros(2),
        scale=np.ones(2),
        betti=betti,
    )


def jitter(
    points: NDArray[np.float64], noise: float, seed: int, name: str, purpose: str
) -> NDArray[np.float64]:
    """Points moved by normal noise of standard deviation `noise` in each coordinate."""
    return points + noise * stream(seed, name, f"{purpose} noise").standard_normal(points.shape)
