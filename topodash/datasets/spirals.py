"""Arms of an Archimedean spiral, one class each, turned evenly about the origin."""

import numpy as np

from .labelled import Betti, LabelledPoints
from .parameters import HELD_OUT, Parameter
from .seeded import shares_to_counts, stream
from .source import Source, Values, assemble, jitter

_NAME = "spirals"
_START = 0.1  # radius where an arm begins, so that the arms stay apart
_PARAMETERS = (
    Parameter("points", 1000, "integer", 20, 200_000, help="Number of points in all."),
    Parameter("classes", 2, "integer", 2, 5, help="Number of arms."),
    Parameter("turns", 1.25, "number", 0.25, 4.0, help="How often each arm winds around the origin."),
    Parameter(
        "noise", 0.02, "number", 0.0, 1.0, help="Standard deviation of the noise; the arms end at radius 1."
    ),
    HELD_OUT,
)


def _betti(values: Values) -> tuple[Betti, ...]:
    return ((1, 0),) * values["classes"]


def _make(seed: int, values: Values) -> LabelledPoints:
    arms = values["classes"]
    parts = []
    for label, count in enumerate(shares_to_counts(values["points"], np.ones(arms))):
        # The square root spaces points evenly along the arm, whose length grows like the radius squared.
        along = np.sqrt(stream(seed, _NAME, f"class {label}").random(count))
        angle = 2 * np.pi * (values["turns"] * along + label / arms)
        radius = _START + (1 - _START) * along
        arm = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        parts.append(jitter(arm, values["noise"], seed, _NAME, f"class {label}"))
    return assemble(
        parts,
        name=_NAME,
        class_names=tuple(f"arm {i + 1}" for i in range(arms)),
        seed=seed,
        values=values,
        betti=_betti(values),
    )


SPIRALS = Source(
    name=_NAME,
    title="Spirals",
    help="Interleaved spiral arms, one class each.",
    kind="points",
    parameters=_PARAMETERS,
    make=_make,
    betti=_betti,
)
