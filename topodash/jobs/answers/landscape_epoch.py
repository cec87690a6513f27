"""One epoch of a live run: bars, landscapes and norms of every layer of its network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from topodash.jobs.answers.landscape_space import of_run
from topodash.jobs.sources import Sources
from topodash.studies.activation_landscapes import Reason
from topodash.topology import (
    landscape,
    landscape_norm,
    local_persistence_diagrams,
    lost_norm_share,
    normalise_activations,
    persistence_diagrams,
)

_KEPT = 128


def landscape_epoch(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"place", "degree", "grid_end", "grid_points", "depth"} -> bars, landscapes (l, depth, g), norms (l,), lost (l,).

    `reason` (l,) says why a layer has no diagram (a `Reason`); its norm is NaN then.
    """
    place = of_run(parameters["place"], sources)
    degree, depth = int(parameters["degree"]), int(parameters["depth"])
    grid = np.linspace(0.0, float(parameters["grid_end"]), int(parameters["grid_points"]))
    layers = len(place.sets)
    landscapes = np.zeros((layers, depth, len(grid)), dtype=np.float32)
    norms, lost = np.full(layers, np.nan), np.zeros(layers)
    reason, counts = np.zeros(layers, dtype=np.int8), np.zeros(layers, dtype=np.int64)
    kept = []
    for layer, values in enumerate(place.sets):
        bars, reason[layer] = _bars(values[place.batch], degree, place.homology, 0 < layer < layers - 1)
        kept.append(bars[:_KEPT])
        if reason[layer] == Reason.FINE:
            landscapes[layer] = landscape(bars, grid, depth)
            norms[layer], lost[layer], counts[layer] = (
                landscape_norm(bars),
                lost_norm_share(bars, grid),
                len(bars),
            )
    return {
        "bars": np.concatenate([*kept, np.empty((0, 2))]),
        "offsets": np.concatenate([[0], np.cumsum([len(bars) for bars in kept])]).astype(np.int64),
        "landscapes": landscapes,
        "norms": norms,
        "lost": lost,
        "counts": counts,
        "reason": reason,
        "points": len(place.batch),
    }


def _bars(values: np.ndarray, degree: int, homology: str, ends_with_relu: bool) -> tuple[np.ndarray, Reason]:
    """The finite bars, longest first, or none with the reason."""
    nothing = np.empty((0, 2))
    if not np.isfinite(values).all():
        return nothing, Reason.NOT_FINITE
    if homology == "local":
        centred = values if ends_with_relu else values - values.mean(axis=0)
        lengths = np.sort(np.linalg.norm(centred, axis=1))
        if len(lengths) and lengths[len(lengths) // 2] == 0:
            return nothing, Reason.NO_RADIUS
        found = local_persistence_diagrams(values, max_degree=degree, ends_with_relu=ends_with_relu)
    else:
        found = persistence_diagrams(normalise_activations(values), max_degree=degree)
    bars = found[degree]
    return bars[np.isfinite(bars[:, 1])], Reason.FINE
