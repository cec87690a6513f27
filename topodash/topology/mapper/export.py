"""A Mapper graph in other people's formats, and in our own."""

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from topodash.topology.mapper.graph import MapperGraph

if TYPE_CHECKING:
    import networkx as nx

FORMAT, VERSION = "topodash-mapper", 1


def node_names(graph: MapperGraph) -> list[str]:
    """kmapper's names of the nodes: the cover element and the cluster's number in it.

    The element keeps its number in the cover; kmapper counts non-empty elements only.
    """
    elements = graph.elements
    first = np.searchsorted(elements, elements)
    return [
        f"cube{element}_cluster{k - begin}"
        for k, (element, begin) in enumerate(zip(elements, first, strict=True))
    ]


def to_kmapper(graph: MapperGraph) -> dict[str, Any]:
    """kmapper's graph dictionary: nodes, links, simplices, meta_data and meta_nodes."""
    names = node_names(graph)
    links: dict[str, list[str]] = {}
    for a, b in graph.edges.tolist():
        links.setdefault(names[a], []).append(names[b])
    cover, clusterer = graph.settings.get("cover", {}), graph.settings.get("clusterer", {})
    return {
        "nodes": {name: points.tolist() for name, points in zip(names, graph.nodes, strict=True)},
        "links": links,
        "simplices": [[name] for name in names] + [[names[a], names[b]] for a, b in graph.edges.tolist()],
        "meta_data": {
            "projection": "custom",
            "n_cubes": cover.get("n_intervals", len(np.unique(graph.elements))),
            "perc_overlap": cover.get("overlap", 0.0),
            "clusterer": _call(clusterer),
            "scaler": "None",
            "nerve_min_intersection": 1,
        },
        "meta_nodes": {},
    }


def to_networkx(graph: MapperGraph) -> "nx.Graph":
    """A networkx graph: nodes 0, 1, ... carry `name`, `size`, `element`, `points`; edges `weight`."""
    import networkx as nx

    result: nx.Graph = nx.Graph()
    for k, (name, points) in enumerate(zip(node_names(graph), graph.nodes, strict=True)):
        result.add_node(
            k, name=name, size=len(points), element=int(graph.elements[k]), points=points.tolist()
        )
    for (a, b), weight in zip(graph.edges.tolist(), graph.edge_weights.tolist(), strict=True):
        result.add_edge(a, b, weight=weight)
    return result


def to_graphml(graph: MapperGraph) -> str:
    """GraphML text; `points` becomes a string of numbers, for GraphML has no lists."""
    import networkx as nx

    flat = to_networkx(graph)
    for _, data in flat.nodes(data=True):
        data["points"] = " ".join(map(str, data["points"]))
    return "\n".join(nx.generate_graphml(flat)) + "\n"


def to_json(graph: MapperGraph) -> str:
    """JSON text with nodes, edges, their weights and Betti numbers; `from_json` reads it back."""
    return json.dumps(to_plain(graph))


def to_plain(graph: MapperGraph) -> dict[str, Any]:
    """What `to_json` writes, as plain values."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "n_points": graph.n_points,
        "settings": dict(graph.settings),
        "elements": graph.elements.tolist(),
        "nodes": [points.tolist() for points in graph.nodes],
        "edges": graph.edges.tolist(),
        "edge_weights": graph.edge_weights.tolist(),
        "betti": list(graph.betti),
    }


def from_json(text: str) -> MapperGraph:
    """Read what `to_json` wrote. Edges and Betti numbers follow from the nodes and are computed again.

    Raises
    ------
    ValueError
        When the text is not such a graph, or a node's points are not ascending and below n_points.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"text must be JSON, was not: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT or data.get("version") != VERSION:
        raise ValueError(f"text must be a graph in the format {FORMAT!r}, version {VERSION}")
    try:
        n_points, settings = int(data["n_points"]), dict(data["settings"])
        nodes = [np.asarray(node, dtype=np.int64) for node in data["nodes"]]
        elements = np.asarray(data["elements"], dtype=np.int64)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"text must hold n_points, settings, nodes and elements: {error!r}") from error
    if elements.shape != (len(nodes),) or (np.diff(elements) < 0).any():
        raise ValueError("elements must be one number a node, ascending")
    for k, node in enumerate(nodes):
        if (
            node.ndim != 1
            or not len(node)
            or (np.diff(node) <= 0).any()
            or node[0] < 0
            or node[-1] >= n_points
        ):
            raise ValueError(f"nodes must hold ascending points below {n_points}: node {k} does not")
    members = np.concatenate(nodes) if nodes else np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(node) for node in nodes], dtype=np.int64)])
    return MapperGraph(n_points, starts.astype(np.int64), members.astype(np.int32), elements, settings)


def _call(setting: dict[str, Any]) -> str:
    arguments = ", ".join(f"{name}={value!r}" for name, value in setting.items() if name != "kind")
    return f"{setting.get('kind', 'custom')}({arguments})"
