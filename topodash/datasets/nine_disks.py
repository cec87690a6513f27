"""Nine disks and their complement in a larger disk, on a square lattice (paper B).

Class 0, 'disks', is nine pieces; class 1, 'complement', is **the class with the nine holes**, and the
majority. The paper gives 14,235 points and nothing of the geometry. A lattice that a quarter turn about the
disk's centre maps to itself has 0 or 1 points modulo 4 in the disk, never 14,235; so ours is shifted by a
vector that leaves no symmetry and no two points at equal distance from the centre. Then some spacing gives
any wished number exactly.
"""

import math

import numpy as np
from numpy.typing import NDArray

from .labelled import Betti, LabelledPoints
from .parameters import HELD_OUT, Parameter
from .source import Source, Values, assemble

_SHIFT = ((math.sqrt(5) - 1) / 2, math.sqrt(2) - 1)
"""Of the lattice against the centre, in lattice steps."""

_PARAMETERS = (
    Parameter("points", 14_235, "integer", 500, 200_000, help="Number of lattice points in the large disk."),
    Parameter("radius", 1.0, "number", 0.1, 100.0, help="Radius of the large disk."),
    Parameter(
        "disk_radius",
        0.18,
        "number",
        0.01,
        0.33,
        help="Radius of each small disk, as a share of the large radius.",
    ),
    Parameter(
        "disk_spacing",
        0.49,
        "number",
        0.02,
        0.7,
        help="Distance of neighbouring disks' centres, as a share of the large radius.",
    ),
    HELD_OUT,
)


def lattice_disk(count: int) -> NDArray[np.float64]:
    """The `count` points of a square lattice that lie in the unit disk, row by row; (count, 2).

    The lattice's step follows from the count: about sqrt(pi / count).
    """
    reach = math.ceil(math.sqrt(count / math.pi)) + 3
    line = np.arange(-reach, reach + 1, dtype=np.float64)
    x, y = np.meshgrid(line + _SHIFT[0], line + _SHIFT[1])
    grid = np.column_stack([x.ravel(), y.ravel()])
    squared = (grid**2).sum(axis=1)
    last, beyond = np.partition(squared, (count - 1, count))[[count - 1, count]]
    limit = (last + beyond) / 2
    return grid[squared < limit] / math.sqrt(limit)


def disk_centres(spacing: float) -> NDArray[np.float64]:
    """The nine centres, three by three around the origin; (9, 2)."""
    line = spacing * np.array([-1.0, 0.0, 1.0])
    x, y = np.meshgrid(line, line)
    return np.column_stack([x.ravel(), y.ravel()])


def _check(values: Values) -> None:
    radius, spacing = values["disk_radius"], values["disk_spacing"]
    if spacing <= 2 * radius:
        raise ValueError(f"disk_spacing must be more than 2 disk_radius = {2 * radius:g}, was {spacing:g}")
    if spacing * math.sqrt(2) + radius >= 1:
        raise ValueError(
            f"disk_spacing must be less than (1 - disk_radius) / sqrt(2) = {(1 - radius) / math.sqrt(2):.3g}"
            f" to keep the disks inside the large one, was {spacing:g}"
        )


def _betti(values: Values) -> tuple[Betti, Betti]:
    _check(values)
    return (9, 0), (1, 9)


def _make(seed: int, values: Values) -> LabelledPoints:
    betti = _betti(values)
    points = lattice_disk(values["points"])
    centres = disk_centres(values["disk_spacing"])
    inside = np.zeros(len(points), dtype=bool)
    for centre in centres:
        disk = ((points - centre) ** 2).sum(axis=1) <= values["disk_radius"] ** 2
        if not disk.any():
            raise ValueError(
                "disk_radius must be large enough for the lattice to have a point in each disk,"
                f" was {values['disk_radius']:g} with points {values['points']}"
            )
        inside |= disk
    scaled = points * values["radius"]
    return assemble(
        [scaled[inside], scaled[~inside]],
        name="nine_disks",
        class_names=("disks", "complement"),
        seed=seed,
        values=values,
        betti=betti,
    )


NINE_DISKS = Source(
    name="nine_disks",
    title="Nine disks",
    help="Nine disks and their complement in a larger disk, on a square lattice.",
    kind="points",
    parameters=_PARAMETERS,
    make=_make,
    betti=_betti,
)


def sublattice(
    points: LabelledPoints | NDArray[np.floating], every: int, *, phase: tuple[int, int] = (0, 0)
) -> NDArray[np.int64]:
    """Indices of the points on each `every`-th line of the lattice, both ways.

    Every second line keeps 25 % of the points (about 3,560 of 14,235), every third 1,580, every fourth 890.

    Parameters
    ----------
    points : LabelledPoints or (n, 2) array
        Points of a square lattice parallel to the axes; some may be missing.
    every : int
        At least 1.
    phase : (int, int)
        Which of the `every`^2 disjoint sublattices, 0 to every - 1 each way, counted from the lowest x and
        lowest y present.

    Returns
    -------
    (m,) int64, ascending

    Raises
    ------
    ValueError
        On a bad `every` or `phase`, and when the points lie on no square lattice.

    Notes
    -----
    Paper B takes a sublattice as input batch; different phases are different batches.
    """
    if isinstance(every, bool) or not isinstance(every, (int, np.integer)) or every < 1:
        raise ValueError(f"every must be a whole number of at least 1, was {every!r}")
    if len(phase) != 2 or any(not 0 <= each < every for each in phase):
        raise ValueError(f"phase must be two whole numbers from 0 to {every - 1}, was {phase!r}")
    array = np.asarray(points.points if isinstance(points, LabelledPoints) else points, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2 or len(array) < 2:
        raise ValueError(f"points must be an (n, 2) array of at least 2 points, had shape {array.shape}")
    offset = array - array.min(axis=0)
    # Coordinates of one line may differ in the last digit of float32: far less than a step.
    rough = offset.max() / max(2.0, math.sqrt(len(array)))
    gaps = np.concatenate([np.diff(np.unique(column)) for column in offset.T])
    gaps = gaps[gaps > 1e-3 * rough]
    if not len(gaps):
        raise ValueError("points must lie on a square lattice, were all equal")
    step = gaps.min()
    step = offset.max() / round(offset.max() / step)  # the longest distance gives the step most exactly
    index = np.rint(offset / step)
    if np.abs(offset / step - index).max() > 0.05:
        raise ValueError("points must lie on a square lattice parallel to the axes, did not")
    lines = index.astype(np.int64) % every
    return np.flatnonzero((lines[:, 0] == phase[0]) & (lines[:, 1] == phase[1]))
