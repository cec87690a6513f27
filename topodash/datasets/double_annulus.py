"""Two concentric rings, one class each (paper A, the double annulus). The radii are ours."""

from functools import partial

from .rings import two_ring_betti, two_ring_parameters, two_rings
from .source import Source

DOUBLE_ANNULUS = Source(
    name="double_annulus",
    title="Double annulus",
    help="Two concentric rings, one class each.",
    kind="points",
    parameters=two_ring_parameters((0.3, 0.6), (0.9, 1.2)),
    make=partial(two_rings, "double_annulus"),
    betti=two_ring_betti,
)
