"""The moments of a training, thresholds or epochs: their colours, their names, and which of them a legend shows."""

from __future__ import annotations

import numpy as np
from plotly.colors import sample_colorscale

from topodash.figures import theme

#: Curves that a legend names: three rows on a phone.
_NAMED = 8


def moment_name(title: str, name: str) -> str:
    """'threshold 0.9', 'epoch 40'; the initialisation is no threshold: 'iteration 0'."""
    return name if name.startswith("iteration") else f"{title} {name}"


def moment_colours(count: int, dark: bool) -> list[str]:
    """One colour for each moment: a grey for the initialisation, then along the sequential scale."""
    first, last = (0.30, 0.98) if dark else (0.02, 0.80)
    shares = np.linspace(first, last, max(count - 1, 2)).tolist()
    return [theme.palette(dark)["quiet"], *sample_colorscale(theme.SEQUENTIAL, shares)][:count]


def short_name(name: str) -> str:
    """A moment's name where there is little room: 'iter. 0'."""
    return name.replace("iteration 0", "iter. 0")


def in_legend(moment: int, count: int) -> bool:
    """Whether a curve stands in the legend while it is not the chosen one: all where they are few, else some from first to last."""
    return count <= _NAMED or moment in np.linspace(0, count - 1, _NAMED).round()
