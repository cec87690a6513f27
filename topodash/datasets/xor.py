"""Four squares around the origin; opposite ones are one class."""

import numpy as np

from .labelled import Betti, LabelledPoints
from .parameters import HELD_OUT, Parameter
from .seeded import shares_to_counts, stream
from .source import Source, Values, assemble, jitter

_NAME = "xor"
_PARAMETERS = (
    Parameter("points", 1000, "integer", 20, 200_000, help="Number of points in all."),
    Parameter("margin", 0.1, "number", 0.0, 0.9, help="Least distance from the axes; the squares end at 1."),
    Parameter("noise", 0.0, "number", 0.0, 1.0, help="Standard deviation of the noise."),
    HELD_OUT,
)


def _betti(values: Values) -> tuple[Betti, Betti]:
    # Without a margin the open quadrants still are two pieces: they meet only in the origin, which is
    # in neither class.
    return (2, 0), (2, 0)


def _make(seed: int, values: Values) -> LabelledPoints:
    margin = values["margin"]
    parts = []
    for label, count in enumerate(shares_to_counts(values["points"], np.ones(2))):
        rng = stream(seed, _NAME, f"class {label}")
        square = margin + (1 - margin) * rng.random((count, 2))
        side = np.where(rng.random(count) < 0.5, -1.0, 1.0)
        signs = np.column_stack([side, side if label == 0 else -side])
        parts.append(jitter(square * signs, values["noise"], seed, _NAME, f"class {label}"))
    return assemble(
        parts,
        name=_NAME,
        class_names=("same signs", "opposite signs"),
        seed=seed,
        values=values,
        betti=_betti(values),
    )


XOR = Source(
    name=_NAME,
    title="Exclusive or",
    help="Four squares around the origin; opposite ones are one class.",
    kind="points",
    parameters=_PARAMETERS,
    make=_make,
    betti=_betti,
)
