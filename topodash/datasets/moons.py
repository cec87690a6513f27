"""Two half circles that reach into each other."""

import numpy as np

from .labelled import Betti, LabelledPoints
from .parameters import HELD_OUT, Parameter
from .seeded import shares_to_counts, stream
from .source import Source, Values, assemble, jitter

_NAME = "moons"
_PARAMETERS = (
    Parameter("points", 1000, "integer", 10, 200_000, help="Number of points in all."),
    Parameter(
        "noise", 0.1, "number", 0.0, 1.0, help="Standard deviation of the noise; the moons have radius 1."
    ),
    HELD_OUT,
)


def _betti(values: Values) -> tuple[Betti, Betti]:
    return (1, 0), (1, 0)


def _make(seed: int, values: Values) -> LabelledPoints:
    parts = []
    for label, count in enumerate(shares_to_counts(values["points"], np.ones(2))):
        angle = np.pi * stream(seed, _NAME, f"class {label}").random(count)
        arc = np.column_stack([np.cos(angle), np.sin(angle)])
        # The lower moon is the upper one turned by half a turn about (0.5, 0.25), which becomes the origin.
        moon = (arc if label == 0 else np.array([1.0, 0.5]) - arc) - np.array([0.5, 0.25])
        parts.append(jitter(moon, values["noise"], seed, _NAME, f"class {label}"))
    return assemble(
        parts, name=_NAME, class_names=("upper", "lower"), seed=seed, values=values, betti=_betti(values)
    )


MOONS = Source(
    name=_NAME,
    title="Two moons",
    help="Two half circles that reach into each other.",
    kind="points",
    parameters=_PARAMETERS,
    make=_make,
    betti=_betti,
)
