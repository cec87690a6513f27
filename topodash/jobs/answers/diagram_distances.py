"""How far persistence diagrams lie apart, all pairs of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from topodash.jobs.sources import Sources
from topodash.topology import (
    bottleneck_distance,
    distance_matrix,
    landscape,
    landscape_distance,
    wasserstein_distance,
)
from topodash.topology.distances import Distance

_MATCHINGS = {"bottleneck": bottleneck_distance, "wasserstein": wasserstein_distance}


def diagram_distances(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"diagrams": n lists of [birth, death], "distance", "grid", "depth"} -> {"distances": (n, n)}.

    `distance` is 'bottleneck', 'wasserstein' or 'landscape': the last is the L^2 distance of the first `depth` landscape
    functions on `grid` [end, points], from 0.
    """
    diagrams = [np.asarray(bars, dtype=np.float64).reshape(-1, 2) for bars in parameters["diagrams"]]
    name = parameters["distance"]
    if name == "landscape":
        end, points = parameters["grid"]
        grid = np.linspace(0.0, float(end), int(points))
        items = [landscape(bars, grid, int(parameters["depth"])) for bars in diagrams]
        distance: Distance = partial(landscape_distance, grid=grid)
    elif name in _MATCHINGS:
        items, distance = diagrams, _MATCHINGS[name]
    else:
        raise ValueError(f"distance must be landscape, {' or '.join(_MATCHINGS)}; it was {name!r}")
    words = f"{len(items) * (len(items) - 1) // 2} distances"
    return {
        "distances": distance_matrix(items, distance, progress=lambda share: sources.progress(share, words))
    }
