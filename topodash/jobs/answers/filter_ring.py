"""The ring picture of a set of filters, and what its homology adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topodash.jobs.answers.filter_source import config_of, filters_of
from topodash.jobs.sources import Sources
from topodash.studies.filter_topology import FilterTopology, filter_topology, ring_picture
from topodash.studies.filter_topology_bank import FilterSet
from topodash.studies.filter_topology_wheel import wheel
from topodash.studies.patches import maximal_box_patch, maximal_norm_patch, maximal_relu_patch

SECTORS = 16


def filter_ring(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"filters": source, "config": settings} -> density filter, principal plane, Mapper graph, Klein bottle.

    Rows of `rows`, `values` (normalised), `weights` (raw), `scores`, `theta`, ... are the kept filters, densest
    first; `rows` are their numbers in the source. `starts`, `members`, `edges`, `shared`, `positions`, `means` are
    the graph's.
    """
    sources.progress(None, "reading the filters")
    filters = filters_of(parameters["filters"], sources)
    sources.progress(0.2, "density filter and Mapper")
    picture = ring_picture(filters.flat, config_of(parameters))
    dense, graph = picture.dense, picture.graph
    rows = dense.indices
    return {
        "source": filters.source,
        "total": dense.total,
        "networks_total": len(np.unique(filters.networks)),
        "constant": dense.constant.astype(np.int32),
        "side": filters.size,
        "rows": rows.astype(np.int32),
        "values": dense.values.astype(np.float32),
        "weights": filters.flat[rows].astype(np.float32),
        "biases": filters.biases[rows],
        "networks": filters.networks[rows].astype(np.int64),
        "channels": filters.channels[rows].astype(np.int32),
        "reach": dense.reach.astype(np.float32),
        "scores": picture.scores.astype(np.float32),
        "explained": picture.explained,
        "lens": picture.lens.astype(np.float32),
        "linkage": picture.linkage,
        "theta": picture.klein.theta.astype(np.float32),
        "phi": picture.klein.phi.astype(np.float32),
        "r2": picture.klein.r2.astype(np.float32),
        "direction": picture.direction.astype(np.float32),
        "orientation": picture.orientation.astype(np.float32),
        "pca_angle": picture.pca_angle.astype(np.float32),
        "starts": graph.starts.astype(np.int32),
        "members": graph.members.astype(np.int32),
        "elements": graph.elements.astype(np.int32),
        "edges": graph.edges.astype(np.int32),
        "shared": graph.edge_weights.astype(np.int32),
        "positions": graph.layout(lens=picture.lens, seed=0).astype(np.float32),
        "plane": graph.node_means(picture.scores).astype(np.float32) if len(graph) else np.zeros((0, 2)),
        "means": (graph.node_means(dense.values) if len(graph) else np.zeros((0, filters.size**2))).astype(
            np.float32
        ),
        "betti": list(graph.betti),
        "uncovered": len(graph.uncovered),
    }


def filter_homology(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"filters", "config"} -> degree-1 bars, circular coordinate, statistics, correlations of angles, wheels.

    `wheels` and `correlations` have one entry for each position there is: 'pca', and 'circular' when a bar gives it.
    """
    sources.progress(None, "persistent homology of the kept filters")
    filters = filters_of(parameters["filters"], sources)
    found = filter_topology(filters.flat, config_of(parameters))
    positions = ["pca"] + (["circular"] if found.circular is not None else [])
    sources.progress(0.7, "averages and patches around the circle")
    return {
        "bars": found.bars,
        "circular": None if found.circular is None else found.circular.angles.astype(np.float32),
        "circular_bar": None if found.circular is None else [found.circular.birth, found.circular.death],
        "circular_prime": None if found.circular is None else found.circular.prime,
        "reason": found.circular_reason,
        "statistics": found.statistics,
        "correlations": {kind: _correlations(found, kind) for kind in positions}
        if len(found.picture.dense) >= 3
        else {},
        "wheels": {kind: _wheel(found, filters, kind) for kind in positions},
    }


def _correlations(found: FilterTopology, kind: str) -> dict[str, Any]:
    result = {}
    for of in ("direction", "orientation"):
        correlation = found.correlation(kind, of)
        result[of] = {
            "value": correlation.value,
            "reflected": correlation.reflected,
            "p": correlation.p_value,
            "null_median": float(np.median(correlation.null)),
            "null_95": float(np.quantile(correlation.null, 0.95)),
            "permutations": len(correlation.null),
        }
    return result


def _wheel(found: FilterTopology, filters: FilterSet, kind: str) -> dict[str, Any]:
    dense = found.picture.dense
    around = wheel(found.position(kind), dense.values, sectors=SECTORS)
    patches: dict[str, list[NDArray[np.float64]]] = {"relu": [], "box": [], "norm": []}
    responses, reached = [], []
    for members in around.members:
        rows = dense.indices[members]
        weights, biases = filters.flat[rows], filters.biases[rows]
        best = maximal_relu_patch(weights, biases, starts=64)
        patches["relu"].append(best.patch.ravel())
        patches["box"].append(maximal_box_patch(weights, biases).patch.ravel())
        patches["norm"].append(maximal_norm_patch(weights, biases).patch.ravel())
        responses.append(best.response)
        reached.append([best.reached, best.starts])
    return {
        "centres": around.centres,
        "members": [members.astype(np.int32) for members in around.members],
        "means": around.means.astype(np.float32),
        "directions": around.directions,
        "klein_r2": around.klein_r2,
        "agreement": around.agreement,
        "turns": around.turns,
        "largest_step": around.largest_step,
        "responses": responses,
        "reached": reached,
        **{f"patch_{name}": np.array(values, dtype=np.float32) for name, values in patches.items()},
    }
