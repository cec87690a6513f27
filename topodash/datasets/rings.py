"""A ring, or arcs of one: what the annulus data sets are made of (paper A, section on data).

The freedom is the paper's: radii, angular intervals, density along the angle, and beside them centre, noise
and share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .labelled import Betti, LabelledPoints
from .parameters import HELD_OUT, Parameter
from .seeded import shares_to_counts, stream
from .source import Values, assemble, jitter

_TURN = 360.0
_TOUCH = 1e-9  # degrees; arcs nearer than this are one


@dataclass(frozen=True)
class Ring:
    """The region {centre + r (cos a, sin a) : r in radii, a in one of the angular intervals}.

    Attributes
    ----------
    radii : (low, high), the units of the plane
    angles : intervals (from, to) in degrees, counter-clockwise from the x axis
    densities : points per unit of area in each interval, relative to the others
    centre : (x, y)
    noise : standard deviation of a normal displacement, the units of the plane
    """

    radii: tuple[float, float]
    angles: tuple[tuple[float, float], ...]
    densities: tuple[float, ...]
    centre: tuple[float, float]
    noise: float

    def arcs(self) -> int:
        """Number of separate arcs; 0 when the intervals close the full turn."""
        ordered = sorted((low % _TURN, high - low) for low, high in self.angles)
        nexts = [start for start, _ in ordered[1:]] + [ordered[0][0] + _TURN]
        return sum(
            follower - (start + width) > _TOUCH
            for (start, width), follower in zip(ordered, nexts, strict=True)
        )

    def betti(self) -> Betti:
        """Betti numbers of the region without its noise.

        Sectors that reach the centre all hold it, so they are one piece without a hole.
        """
        if self.radii[0] == 0.0:
            return (1, 0)
        return (self.arcs(), 0) if self.arcs() else (1, 1)

    def sample(self, count: int, seed: int, name: str, purpose: str) -> NDArray[np.float64]:
        """`count` points, uniform in area within each interval; (count, 2)."""
        rng = stream(seed, name, purpose)
        low, high = np.array(self.angles, dtype=np.float64).T
        weights = np.array(self.densities) * (high - low)
        interval = rng.choice(len(low), size=count, p=weights / weights.sum())
        angle = np.deg2rad(low[interval] + (high - low)[interval] * rng.random(count))
        inner, outer = self.radii
        radius = np.sqrt(inner**2 + (outer**2 - inner**2) * rng.random(count))
        circle = np.column_stack([np.cos(angle), np.sin(angle)])
        return jitter(np.array(self.centre) + radius[:, None] * circle, self.noise, seed, name, purpose)


def ring_parameters(prefix: str, radii: tuple[float, float]) -> tuple[Parameter, ...]:
    """The five parameters of one class's ring, named `<prefix>_radii` and so on."""
    of = f"of class {prefix}"
    return (
        Parameter(
            f"{prefix}_radii", list(radii), "range", 0.0, 100.0, help=f"Smallest and largest radius {of}."
        ),
        Parameter(
            f"{prefix}_angles",
            [[0.0, 360.0]],
            "intervals",
            -360.0,
            720.0,
            help=f"Angular intervals {of}, in degrees from the x axis; they may touch but not overlap.",
        ),
        Parameter(
            f"{prefix}_densities",
            [1.0],
            "numbers",
            0.01,
            100.0,
            help=f"Relative density in each angular interval {of}; one number holds for all.",
        ),
        Parameter(f"{prefix}_centre", [0.0, 0.0], "point", -100.0, 100.0, help=f"Centre {of}."),
        Parameter(
            f"{prefix}_noise",
            0.0,
            "number",
            0.0,
            10.0,
            help=f"Standard deviation of the noise {of}, 0 is none.",
        ),
    )


def ring_of(values: Mapping[str, Any], prefix: str) -> Ring:
    """The ring that the values describe.

    Raises
    ------
    ValueError
        When angular intervals overlap or the number of densities does not fit.
    """
    angles = tuple((low, high) for low, high in values[f"{prefix}_angles"])
    given = tuple(values[f"{prefix}_densities"])
    if len(given) not in (1, len(angles)):
        raise ValueError(
            f"{prefix}_densities must have 1 number or one for each of the {len(angles)} angular intervals,"
            f" had {len(given)}"
        )
    ordered = sorted((low % _TURN, high - low) for low, high in angles)
    for i, (start, width) in enumerate(ordered):
        follower = ordered[i + 1][0] if i + 1 < len(ordered) else ordered[0][0] + _TURN
        if start + width > follower + _TOUCH:
            raise ValueError(
                f"{prefix}_angles must be intervals that do not overlap around the circle,"
                f" was {values[f'{prefix}_angles']!r}"
            )
    low, high = values[f"{prefix}_radii"]
    x, y = values[f"{prefix}_centre"]
    densities = given if len(given) == len(angles) else given * len(angles)
    return Ring((low, high), angles, densities, (x, y), values[f"{prefix}_noise"])


def two_ring_parameters(inner: tuple[float, float], outer: tuple[float, float]) -> tuple[Parameter, ...]:
    """Everything that can be chosen of two concentric classes."""
    return (
        Parameter("points", 1000, "integer", 10, 200_000, help="Number of points in all."),
        Parameter(
            "outer_share", 0.5, "number", 0.1, 0.9, help="Share of the points in class outer, 0.1 to 0.9."
        ),
        *ring_parameters("inner", inner),
        *ring_parameters("outer", outer),
        HELD_OUT,
    )


def two_ring_betti(values: Values) -> tuple[Betti, Betti]:
    """Betti numbers of the inner and the outer region."""
    return ring_of(values, "inner").betti(), ring_of(values, "outer").betti()


def two_rings(name: str, seed: int, values: Values) -> LabelledPoints:
    """Points of the classes 'inner' (0) and 'outer' (1)."""
    classes = ("inner", "outer")
    share = values["outer_share"]
    counts = shares_to_counts(values["points"], np.array([1.0 - share, share]))
    rings = [ring_of(values, each) for each in classes]
    return assemble(
        [
            ring.sample(int(count), seed, name, each)
            for ring, count, each in zip(rings, counts, classes, strict=True)
        ],
        name=name,
        class_names=classes,
        seed=seed,
        values=values,
        betti=two_ring_betti(values),
    )
