"""Networks that the geometry tests share."""

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

BOX = ((-2.0, 2.0), (-2.0, 2.0))


def random_net(widths, seed):
    """Layers with He's scale; the last pair is the output when the caller wants one."""
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(size=(out, inputs)) * np.sqrt(2 / inputs), rng.normal(size=out) * 0.5)
        for inputs, out in pairwise(widths)
    ]


def layers_from(*pairs):
    return [(np.array(weight, dtype=float), np.array(bias, dtype=float)) for weight, bias in pairs]


@st.composite
def generic_nets(draw, depths=(1, 2, 3), width=5):
    depth = draw(st.sampled_from(depths))
    widths = [2] + [draw(st.integers(1, width)) for _ in range(depth)]
    return random_net(widths, draw(st.integers(0, 2**32 - 1)))


@st.composite
def degenerate_nets(draw, depths=(1, 2, 3), width=5):
    """Small integer weights: parallel, coincident and concurrent lines, lines through corners, dead units."""
    small = st.integers(-2, 2)
    inputs, layers = 2, []
    for _ in range(draw(st.sampled_from(depths))):
        out = draw(st.integers(1, width))
        weight = draw(st.lists(small, min_size=inputs * out, max_size=inputs * out))
        bias = draw(st.lists(small, min_size=out, max_size=out))
        layers.append((np.array(weight, dtype=float).reshape(out, inputs), np.array(bias, dtype=float)))
        inputs = out
    return layers
