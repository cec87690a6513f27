"""The moments of a training, thresholds or epochs: their colours, their names, and which of them a legend shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from plotly.colors import sample_colorscale

from topodash.figures import theme


def moment_name(title: str, name: str) -> str:
    """'threshold 0.9', 'epoch 40'; the initialisation is no threshold: 'iteration 0'."""
    return name if name.startswith("iteration") else f"{title} {name}"


def short_moments(moments: Sequence[str]) -> list[str]:
    """The names of moments as an axis or a table has room for them."""
    return [str(name).replace("iteration 0", "iter. 0") for name in moments]


def moment_colours(count: int, dark: bool) -> list[str]:
    """One colour for each moment: a grey for the initialisation, then along the sequential scale."""
    first, last = (0.30, 0.98) if dark else (0.02, 0.80)
    shares = np.linspace(first, last, max(count - 1, 2)).tolist()
    return [theme.palette(dark)["quiet"], *sample_colorscale(theme.SEQUENTIAL, shares)][:count]


def in_legend(moment: int, count: int) -> bool:
    """Whether a curve stands in the legend while it is not the chosen one: all where they are few, else the first and the last."""
    return count <= 8 or moment in (0, count - 1)
