"""All data sets by name."""

from typing import Any

from .blobs import BLOBS
from .circles_squares import CIRCLES_SQUARES
from .double_annulus import DOUBLE_ANNULUS
from .labelled import Betti, LabelledImages, LabelledPoints
from .mnist import MNIST
from .moons import MOONS
from .nine_disks import NINE_DISKS
from .parameters import Parameter, check_seed, resolve
from .single_annulus import SINGLE_ANNULUS
from .source import Source
from .spirals import SPIRALS
from .xor import XOR

_SOURCES = {
    each.name: each
    for each in (
        SINGLE_ANNULUS,
        DOUBLE_ANNULUS,
        NINE_DISKS,
        MOONS,
        SPIRALS,
        XOR,
        BLOBS,
        MNIST,
        CIRCLES_SQUARES,
    )
}


def names(kind: str | None = None) -> tuple[str, ...]:
    """The data sets that `load` knows; with `kind` 'points' or 'images', only those."""
    if kind not in (None, "points", "images"):
        raise ValueError(f"kind must be 'points', 'images' or None, was {kind!r}")
    return tuple(name for name, each in _SOURCES.items() if kind in (None, each.kind))


def describe(name: str) -> Source:
    """Title, help, kind and parameters of a data set.

    Raises
    ------
    ValueError
        When there is no data set of that name.
    """
    if not isinstance(name, str) or name not in _SOURCES:
        raise ValueError(f"name must be one of {', '.join(_SOURCES)}, was {name!r}")
    return _SOURCES[name]


def parameters(name: str) -> tuple[Parameter, ...]:
    """What can be chosen of a data set, in the order a page should show it. ValueError on an unknown name."""
    return describe(name).parameters


def betti(name: str, **parameters: Any) -> tuple[Betti | None, ...] | None:
    """Betti numbers (b0, b1) of the region of each class, before noise; None where unknown.

    Raises
    ------
    ValueError
        As `load`.
    """
    source = describe(name)
    return source.betti(resolve(name, source.parameters, parameters))


def load(name: str, *, seed: int = 0, **parameters: Any) -> LabelledPoints | LabelledImages:
    """A data set.

    Parameters
    ----------
    name : str
        One of `names()`.
    seed : int
        At least 0. The same seed and parameters give the same data, whatever was loaded before.
    **parameters
        As `topodash.datasets.parameters(name)` describes them; all are JSON values.

    Returns
    -------
    LabelledPoints or LabelledImages
        With read-only arrays.

    Raises
    ------
    ValueError
        On an unknown name or parameter, or a bad value; nothing is clamped.
    DatasetFileError
        When a file that ships with the project is missing or damaged (mnist).

    Examples
    --------
    >>> rings = load("single_annulus", points=500, outer_angles=[[0, 90], [180, 270]])
    >>> rings.points.shape, rings.betti
    ((500, 2), ((1, 0), (2, 0)))
    """
    source = describe(name)
    return source.make(check_seed(seed), resolve(name, source.parameters, parameters))


def load_points(name: str, *, seed: int = 0, **parameters: Any) -> LabelledPoints:
    """`load`, for those who need points; ValueError when the data set holds images."""
    found = load(name, seed=seed, **parameters) if describe(name).kind == "points" else None
    if not isinstance(found, LabelledPoints):
        raise ValueError(f"name must be a data set of points ({', '.join(names('points'))}), was {name!r}")
    return found


def load_images(name: str, *, seed: int = 0, **parameters: Any) -> LabelledImages:
    """`load`, for those who need images; ValueError when the data set holds points."""
    found = load(name, seed=seed, **parameters) if describe(name).kind == "images" else None
    if not isinstance(found, LabelledImages):
        raise ValueError(f"name must be a data set of images ({', '.join(names('images'))}), was {name!r}")
    return found
