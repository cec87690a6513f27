"""Numbers that describe a Mapper graph, and hints when its settings show nothing."""

from dataclasses import dataclass

import numpy as np

from topodash.topology.mapper.graph import MapperGraph


@dataclass(frozen=True)
class GraphStatistics:
    """Counts and shares of a Mapper graph.

    Attributes
    ----------
    nodes, edges : int
    triangles : int or None
        None when the overlap is so extreme that they cannot be listed.
    b0, b1 : int
        Betti numbers of the nerve over Z/2.
    covered : float
        Share of all points that are in some node.
    purity : float or None
        Share of a node's majority class, averaged over nodes by their points. None without labels or nodes.
    mixed : float or None
        Share of all points that are in some node with more than one class. None without labels.
    """

    nodes: int
    edges: int
    triangles: int | None
    b0: int
    b1: int
    covered: float
    purity: float | None
    mixed: float | None


def class_counts(graph: MapperGraph, labels: np.ndarray) -> np.ndarray:
    """Points of every class in every node, (k, c) int64.

    Parameters
    ----------
    labels : (n_points,) int, 0 to c - 1

    Raises
    ------
    ValueError
        When there is not one whole number of at least 0 for every point.
    """
    labels = np.asarray(labels)
    if labels.shape != (graph.n_points,) or labels.dtype.kind not in "iu" or labels.min() < 0:
        raise ValueError(
            f"labels must be {graph.n_points} whole numbers of at least 0, was {labels.dtype} {labels.shape}"
        )
    classes = int(labels.max()) + 1
    node = np.repeat(np.arange(len(graph)), graph.sizes)
    return np.bincount(node * classes + labels[graph.members], minlength=len(graph) * classes).reshape(
        -1, classes
    )


def graph_statistics(graph: MapperGraph, labels: np.ndarray | None = None) -> GraphStatistics:
    """Describe a graph; `labels` (n_points,) int adds purity and the share in mixed nodes.

    Raises
    ------
    ValueError
        When the labels do not fit the graph's points.
    """
    purity = mixed = None
    if labels is not None:
        counts = class_counts(graph, labels)
        if len(graph):
            purity = float(counts.max(axis=1).sum() / counts.sum())
        mixed = len(graph.points_of(np.flatnonzero((counts > 0).sum(axis=1) > 1))) / graph.n_points
    try:
        triangles: int | None = len(graph.triangles)
    except ValueError:
        triangles = None
    b0, b1 = graph.betti
    covered = 1 - len(graph.uncovered) / graph.n_points
    return GraphStatistics(len(graph), len(graph.edges), triangles, b0, b1, covered, purity, mixed)


#: More components than this share of the nodes make a scattered graph.
SCATTERED = 0.15


def hint(graph: MapperGraph) -> str | None:
    """What to change when the graph is empty, dust, or one blob; None when it is none of these."""
    balls = graph.settings.get("cover", {}).get("kind") == "BallCover"
    near = graph.settings.get("clusterer", {}).get("kind") in ("DBSCAN", "SingleLinkage")
    larger = "larger balls" if balls else "fewer intervals"
    if not len(graph):
        what = f"Raise eps, use {larger}, or lower min_samples." if near else f"Use {larger}."
        return f"No node: no point has enough neighbours{' within eps' if near else ''} in its piece of the cover. {what}"
    if len(graph.uncovered) > 0.5 * graph.n_points:
        share = 100 * len(graph.uncovered) / graph.n_points
        return (
            f"{share:.0f} % of the points are in no node{': raise eps or lower min_samples' if near else ''}."
        )
    elements = len(np.unique(graph.elements))
    if elements == len(graph) and graph.betti == (1, 0):
        said = "One blob: every piece of the cover is a single cluster."
        return f"{said} Lower eps to see its shape." if near and len(graph) > 1 else said
    if graph.sizes.max() <= 2 and graph.n_points > 20:
        return f"Dust: no node has more than two points. {'Raise eps or use' if near else 'Use'} {larger}."
    return _scattered(graph, near)


def _scattered(graph: MapperGraph, near: bool) -> str | None:
    """What to change when the graph falls apart; `near`: its clusters are made with eps."""
    pieces = graph.betti[0]
    if not len(graph.edges) and graph.settings.get("cover", {}).get("overlap") == 0 and len(graph) > 1:
        return "No edge: pieces of the cover that do not overlap share no points. Raise the overlap."
    if pieces > SCATTERED * len(graph) and pieces > 20:
        return f"The graph falls into {pieces:,} pieces{': eps is small against the gaps of these points' if near else ''}."
    return None
