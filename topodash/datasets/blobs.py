"""Normal clouds, one a class."""

import numpy as np

from .labelled import Betti, LabelledPoints
from .parameters import HELD_OUT, Parameter
from .seeded import shares_to_counts, stream
from .source import Source, Values, assemble

_NAME = "blobs"
_PARAMETERS = (
    Parameter("points", 1000, "integer", 50, 200_000, help="Number of points in all."),
    Parameter("classes", 3, "integer", 2, 10, help="Number of clouds."),
    Parameter(
        "spread",
        0.2,
        "number",
        0.0,
        5.0,
        help="Standard deviation of each cloud; centres lie within radius 1.",
    ),
    Parameter(
        "layout",
        "circle",
        "choice",
        choices=("circle", "random"),
        help="Centres evenly on the unit circle, or at random in the unit disk.",
    ),
    HELD_OUT,
)


def _betti(values: Values) -> tuple[Betti, ...]:
    # A cloud has no border; every set where its density exceeds a level is a disk.
    return ((1, 0),) * values["classes"]


def _centres(seed: int, values: Values) -> np.ndarray:
    classes = values["classes"]
    if values["layout"] == "circle":
        angle, radius = 2 * np.pi * np.arange(classes) / classes, np.ones(classes)
    else:
        rng = stream(seed, _NAME, "centres")
        angle, radius = 2 * np.pi * rng.random(classes), np.sqrt(rng.random(classes))
    return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def _make(seed: int, values: Values) -> LabelledPoints:
    centres = _centres(seed, values)
    counts = shares_to_counts(values["points"], np.ones(len(centres)))
    return assemble(
        [
            centre + values["spread"] * stream(seed, _NAME, f"class {label}").standard_normal((count, 2))
            for label, (centre, count) in enumerate(zip(centres, counts, strict=True))
        ],
        name=_NAME,
        class_names=tuple(f"blob {i + 1}" for i in range(len(centres))),
        seed=seed,
        values=values,
        betti=_betti(values),
    )


BLOBS = Source(
    name=_NAME,
    title="Blobs",
    help="Normal clouds, one a class.",
    kind="points",
    parameters=_PARAMETERS,
    make=_make,
    betti=_betti,
)
