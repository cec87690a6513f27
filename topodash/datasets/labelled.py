"""The two values that every generator and loader gives: labelled points and labelled images."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Betti = tuple[int, int]
"""b0 (components) and b1 (holes) of a plane region."""


def _freeze(value: object) -> None:
    # One loaded array is shared by many readers; writing into it would change everybody's data.
    for each in fields(value):  # type: ignore[arg-type]
        array = getattr(value, each.name)
        if isinstance(array, np.ndarray):
            array.flags.writeable = False


@dataclass(frozen=True, eq=False)
class LabelledPoints:
    """Points with classes. The arrays are read-only; copy before writing.

    Attributes
    ----------
    points : (n, d) float32
        What a network is fed; d is 2 for the generators.
    labels : (n,) int64
        Index into `class_names`.
    class_names : tuple of str
    train, test : int64 index arrays
        Ascending, disjoint, together all of 0 .. n - 1.
    name : str
        As `load` takes it, or 'csv'.
    parameters : dict
        Every parameter with its value, JSON; with `seed` it gives the same points again.
    seed : int
    columns : tuple of str
        Names of the coordinates.
    centre, scale : (d,) float64
        Original coordinates are `points * scale + centre`; 0 and 1 where nothing was standardised.
    notices : tuple of str
        What a page must say beside the data (sampled, rows dropped, ...).
    betti : tuple of (b0, b1) or None, or None
        One entry a class: Betti numbers of the region its points are drawn from, before noise, where known.
    meta : dict
        JSON facts about the source (of a file: rows read, sampled, dropped, ...).
    """

    points: NDArray[np.float32]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    train: NDArray[np.int64]
    test: NDArray[np.int64]
    name: str
    parameters: Mapping[str, Any]
    seed: int
    columns: tuple[str, ...]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    notices: tuple[str, ...] = ()
    betti: tuple[Betti | None, ...] | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _freeze(self)

    def original(self) -> NDArray[np.float64]:
        """The points in the units they came in, (n, d) float64."""
        return self.points * self.scale + self.centre


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Images with classes. The arrays are read-only; copy before writing.

    Attributes
    ----------
    images : (n, h, w) float32
        Grey values in [0, 1], row 0 at the top; 0 is background.
    labels, class_names, train, test, name, parameters, seed, notices
        As in `LabelledPoints`.
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    train: NDArray[np.int64]
    test: NDArray[np.int64]
    name: str
    parameters: Mapping[str, Any]
    seed: int
    notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _freeze(self)
