"""The Mapper graph of a source, with all that the page draws beside it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from topodash.jobs.answers.mapper_data import (
    MOST_COLUMNS,
    Prepared,
    build,
    plane_of,
    prepare,
    sampled,
    space_of,
)
from topodash.jobs.sources import Sources
from topodash.topology.homology_match import match_loops
from topodash.topology.mapper.graph import MapperGraph
from topodash.topology.mapper.statistics import class_counts, graph_statistics, hint
from topodash.topology.mapper.suggest import data_scale, joining_eps, suggest_eps

#: Persistence of more points takes a matrix that is too large to wait for.
MATCH_POINTS = 1500


def mapper(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"request": request} -> graph, its layout, numbers, and the points where the views draw them.

    Arrays of the graph: starts, members, elements, edges, weights, positions, components; of its nodes:
    classes (k, c), node_values (k, m) under `value_names`; of the points: lens, space, plane, labels, index.
    """
    request = parameters["request"]
    sources.progress(None, "reading the points")
    prepared = prepare(request, sources)
    sources.progress(0.3, "clustering")
    graph = build(request, prepared)
    sources.progress(0.7, "numbers and layout")
    data = prepared.data
    statistics = graph_statistics(graph, data.labels)
    names, values = node_values(graph, prepared)
    space, space_names = space_of(data)
    plane, plane_names = plane_of(request, data, sources)
    return {
        "n": graph.n_points,
        "total": prepared.total,
        "settings": dict(graph.settings),
        "eps": prepared.eps,
        "scale": prepared.scale,
        "starts": graph.starts,
        "members": graph.members,
        "elements": graph.elements,
        "edges": graph.edges.astype(np.int32),
        "weights": graph.edge_weights.astype(np.int32),
        "positions": graph.layout(lens=prepared.lens, seed=int(request.get("seed", 0))).astype(np.float32),
        "components": graph.components.astype(np.int32),
        "classes": None if data.labels is None else class_counts(graph, data.labels).astype(np.int32),
        "class_names": list(data.class_names),
        "value_names": names,
        "node_values": values,
        "statistics": {
            name: getattr(statistics, name)
            for name in ("nodes", "edges", "triangles", "b0", "b1", "covered", "purity", "mixed")
        },
        "hint": hint(graph),
        "notices": list(prepared.notices),
        "columns": list(data.columns[:MOST_COLUMNS]),
        "lens": prepared.lens.astype(np.float32),
        "lens_names": list(prepared.lens_names),
        "space": space,
        "space_names": list(space_names),
        "plane": plane,
        "plane_names": list(plane_names),
        "labels": None if data.labels is None else data.labels.astype(np.int32),
        "index": data.index.astype(np.int32),
    }


def node_values(graph: MapperGraph, prepared: Prepared) -> tuple[list[str], np.ndarray]:
    """What nodes can be coloured by: names, and the mean of each over every node, (k, m) float32."""
    data = prepared.data
    names = [f"lens: {name}" for name in prepared.lens_names]
    columns = [prepared.lens]
    if data.probabilities is not None:
        share = data.probabilities
        names += [
            f"probability: {data.class_names[k] if k < len(data.class_names) else k}"
            for k in range(share.shape[1])
        ][:MOST_COLUMNS]
        columns.append(share[:, :MOST_COLUMNS])
        with np.errstate(divide="ignore", invalid="ignore"):
            entropy = -np.where(share > 0, share * np.log2(share), 0).sum(axis=1)
        names.append("prediction entropy, bits")
        columns.append(entropy[:, None])
    names += [f"column: {name}" for name in data.columns[:MOST_COLUMNS]]
    columns.append(data.points[:, :MOST_COLUMNS])
    means = graph.node_means(np.column_stack(columns)) if len(graph) else np.zeros((0, len(names)))
    return names, means.astype(np.float32)


def mapper_eps(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"source", "limit", "seed", "metric", "min_samples"} -> eps (elbow), joining, k, curve, scale, sampled."""
    data, _, _ = sampled(parameters, sources)
    found = suggest_eps(
        data.points,
        min_samples=int(parameters["min_samples"]),
        metric=parameters["metric"],
        seed=int(parameters.get("seed", 0)),
    )
    take = np.unique(np.linspace(0, len(found.curve) - 1, 200).astype(int))
    return {
        "eps": found.eps,
        "joining": joining_eps(
            data.points, min_samples=int(parameters["min_samples"]), metric=parameters["metric"]
        ),
        "k": found.k,
        "curve": found.curve[take],
        "share": take / max(1, len(found.curve) - 1),
        "scale": data_scale(data.points),
        "sampled": found.sampled,
    }


def mapper_loops(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"request": request} -> loops of the nerve, and the long bars of the points that they go around.

    Bars are None where matching is not possible, with the reason in `why`.
    """
    request = parameters["request"]
    prepared = prepare(request, sources)
    graph = build(request, prepared)
    loops = [loop.astype(np.int32) for loop in graph.loops]
    answer: dict[str, Any] = {"loops": loops, "bars": None, "why": "", "unmatched": [], "eps": prepared.eps}
    if graph.n_points > MATCH_POINTS:
        answer["why"] = (
            f"Matching with homology takes at most {MATCH_POINTS:,} points; there are {graph.n_points:,}."
        )
        return answer
    if request["clusterer"]["kind"] not in ("dbscan", "single"):
        answer["why"] = "Matching with homology needs clusters at a distance (DBSCAN or single linkage)."
        return answer
    sources.progress(0.4, "persistent cohomology of the points")
    found = match_loops(
        prepared.data.points, graph, eps=prepared.eps, metric=request["metric"], max_points=MATCH_POINTS
    )
    answer["bars"] = [
        {
            "birth": bar.birth,
            "death": bar.death,
            "status": bar.status,
            "loops": list(bar.loops),
            "undecided": list(bar.undecided),
            "cycle": bar.cycle.astype(np.int32),
        }
        for bar in found.bars[:12]
    ]
    answer["loops"] = [loop.astype(np.int32) for loop in found.loops]
    answer["unmatched"] = list(found.unmatched)
    return answer
