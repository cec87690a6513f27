"""The wheel: filters averaged by their position on the ring (paper C, figure 2).

The ring is cut into equal sectors of position, the PCA angle or the circular coordinate. When the averaged
filters are edges that turn with the position, their gradient directions wind around once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topodash.geometry.klein import gradient_direction, klein_fit
from topodash.topology.angles import winding_number

__all__ = ["Wheel", "wheel"]


@dataclass(frozen=True, eq=False)
class Wheel:
    """Averages around the ring.

    Attributes
    ----------
    centres : (s,) float64
        Middle of each sector, radians; only sectors that hold filters.
    members : tuple of (n_s,) int64 arrays
        Rows of the filters in each sector.
    means : (s, d) float64
        Their average.
    directions : (s,) float64
        Gradient direction of the average, in [0, 2 pi); NaN where it has none.
    klein_r2 : (s,) float64
        How nearly the average is a patch of the Klein bottle, 0 to 1; NaN for a constant one.
    agreement : (s,) float64
        Norm of the average over the mean norm of its members, 0 to 1: near 0 the members cancel.
    turns : int
        How often ``directions`` turn around along the wheel; negative against the position, 0 when they do
        not close or fewer than three sectors hold filters.
    largest_step : float
        Greatest turn between neighbouring sectors, radians; near pi the number of turns is uncertain.
    """

    centres: NDArray[np.float64]
    members: tuple[NDArray[np.int64], ...]
    means: NDArray[np.float64]
    directions: NDArray[np.float64]
    klein_r2: NDArray[np.float64]
    agreement: NDArray[np.float64]
    turns: int
    largest_step: float

    @property
    def said(self) -> str:
        """'turn once', as the averages do."""
        times = abs(self.turns)
        how = {0: "do not turn", 1: "turn once", 2: "turn twice"}.get(times, f"turn {times} times")
        return how + (" backwards" if self.turns < 0 else "")


def wheel(position: ArrayLike, filters: ArrayLike, *, sectors: int = 16) -> Wheel:
    """Average filters over equal sectors of their position.

    Parameters
    ----------
    position : (n,) array, radians
    filters : (n, k * k) array
    sectors : int
        At least 3.

    Raises
    ------
    ValueError
        For fewer than 3 sectors or arrays of different lengths.
    """
    if sectors < 3:
        raise ValueError(f"sectors must be at least 3; it was {sectors}")
    angles = np.mod(np.asarray(position, dtype=np.float64), 2 * np.pi)
    values = np.asarray(filters, dtype=np.float64)
    if angles.shape != (len(values),):
        raise ValueError(
            f"position must have shape ({len(values)},), one for each filter; it was {angles.shape}"
        )
    sector = np.minimum((angles * (sectors / (2 * np.pi))).astype(np.int64), sectors - 1)
    present = np.unique(sector)
    members = tuple(np.flatnonzero(sector == s) for s in present)
    means = np.stack([values[rows].mean(axis=0) for rows in members])
    norms = np.array([np.linalg.norm(values[rows], axis=1).mean() for rows in members])
    directions = np.asarray(gradient_direction(means))
    clear = directions[np.isfinite(directions)]
    steps = np.diff(np.append(clear, clear[:1]))
    steps = np.abs(np.angle(np.exp(1j * steps)))
    return Wheel(
        centres=(present + 0.5) * (2 * np.pi / sectors),
        members=members,
        means=means,
        directions=directions,
        klein_r2=np.asarray(klein_fit(means).r2),
        agreement=np.linalg.norm(means, axis=1) / np.where(norms > 0, norms, 1.0),
        turns=winding_number(clear) if len(clear) >= 3 else 0,
        largest_step=float(steps.max(initial=0.0)),
    )
