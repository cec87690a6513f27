"""A disk and a ring around it (paper A, the single annulus).

The radii are ours: with an inner disk r < 0.5, a ring 0.8 to 1.2 and 1000 points the paper's three-neuron
network reaches 0.999 for five of six seeds.
"""

from functools import partial

from .rings import two_ring_betti, two_ring_parameters, two_rings
from .source import Source

SINGLE_ANNULUS = Source(
    name="single_annulus",
    title="Single annulus",
    help="A disk and a ring around it.",
    kind="points",
    parameters=two_ring_parameters((0.0, 0.5), (0.8, 1.2)),
    make=partial(two_rings, "single_annulus"),
    betti=two_ring_betti,
)
