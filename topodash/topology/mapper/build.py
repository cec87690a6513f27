"""`mapper_graph`: from points and a lens to a graph."""

from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from topodash.topology.clusterers import DBSCAN, SingleLinkage
from topodash.topology.covers import Cover, Incidence
from topodash.topology.mapper.blocks import BlockEngine, MatrixEngine
from topodash.topology.mapper.engine import Engine, Rows
from topodash.topology.mapper.general import cluster_with_estimator
from topodash.topology.mapper.graph import MapperGraph
from topodash.topology.mapper.grid import GridEngine
from topodash.topology.metrics import METRICS, as_euclidean, distance_matrix, euclidean_eps, finite_matrix

BATCH = 2_000_000  # rows (element, point) clustered at once
GRID_DIMENSIONS = 4  # beyond it a cell has too many neighbours


def mapper_graph(
    points: np.ndarray, lens: np.ndarray, *, cover: Cover, clusterer: Any, metric: str = "euclidean"
) -> MapperGraph:
    """The Mapper graph of points under a lens.

    Parameters
    ----------
    points : (n, d) finite numbers, or (n, n) distances for metric 'precomputed'
    lens : (n, l) or (n,) finite numbers
    cover : CubicalCover or BallCover
        How the lens is covered.
    clusterer : DBSCAN, SingleLinkage, or any scikit-learn clusterer
        The first two are exact and fast; an estimator is cloned, fitted on each element's points with
        `fit_predict`, and its label -1 is noise. As in kmapper, an element with fewer points than the
        estimator asks for (its n_clusters, min_cluster_size or min_samples, else 2) is skipped;
        `MapperGraph.uncovered` tells which points are in no node.
    metric : 'euclidean', 'cosine', 'variance_normalised' or 'precomputed'
        Distance in which points cluster. An estimator has its own metric: it gets the points (scaled to
        variance 1 for 'variance_normalised'), or the element's square of distances for 'precomputed'.

    Returns
    -------
    MapperGraph
        Nodes ordered by cover element, then by the lowest first core index of the cluster (an estimator's: by
        label).

    Raises
    ------
    ValueError
        When an argument has the wrong shape, is not finite (row and column are named), or the metric is not
        known.

    Notes
    -----
    Source: G. Singh, F. Mémoli, G. Carlsson (2007), section 4. Deterministic: equal input, equal graph.
    """
    if metric not in METRICS:
        raise ValueError(f"metric must be one of {', '.join(METRICS)}, was {metric!r}")
    points = distance_matrix("points", points) if metric == "precomputed" else finite_matrix("points", points)
    lens = finite_matrix("lens", lens)
    if len(lens) != len(points):
        raise ValueError(f"lens must have one row for each of the {len(points)} points, had {len(lens)}")
    incidence = cover.incidence(lens)
    if isinstance(clusterer, DBSCAN | SingleLinkage):
        engine = choose_engine(points, clusterer, metric, incidence)
        point, node, element = _cluster_all(engine, incidence)
    else:
        point, node, element = cluster_with_estimator(points, incidence, clusterer, metric)
    members = sp.coo_array(
        (np.ones(len(point), dtype=np.int8), (point, node)), shape=(len(points), len(element))
    )
    # Sorting by counting, twice: by point, then by node, leaves the points of every node ascending.
    by_node = members.tocsr().tocsc()
    return MapperGraph(
        n_points=len(points),
        starts=by_node.indptr.astype(np.int64),
        members=by_node.indices.astype(np.int32, copy=False),
        elements=incidence.elements[element],
        settings={"cover": _describe(cover), "clusterer": _describe(clusterer), "metric": metric},
    )


def choose_engine(
    points: np.ndarray, clusterer: DBSCAN | SingleLinkage, metric: str, incidence: Incidence
) -> Engine:
    """The cheapest engine for the points: a grid in few dimensions, else blocks of distances. Both are exact."""
    eps, min_samples = clusterer.eps, int(clusterer.min_samples)
    if metric == "precomputed":
        return MatrixEngine(points, eps, min_samples)
    moved = as_euclidean(points, metric)
    # No two points are farther apart than the box's diagonal: a larger eps says no more, and its square may
    # overflow.
    eps = min(euclidean_eps(eps, metric), 2 * float(np.linalg.norm(np.ptp(moved, axis=0))))
    if moved.shape[1] <= GRID_DIMENSIONS or eps == 0:
        try:
            return GridEngine(moved, eps, min_samples, len(incidence.elements))
        except OverflowError:
            pass  # eps is tiny against the spread: blocks serve, and their columns are then few
    return BlockEngine(moved, eps, min_samples)


def _cluster_all(engine: Engine, incidence: Incidence) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cluster batches of elements; returns (point, node) pairs and the position of every node's element."""
    by_element = incidence.by_point[engine.order].tocsc()
    starts = by_element.indptr.astype(np.int64)
    points, nodes, elements = [], [], []
    count, first = 0, 0
    while first < len(incidence.elements):
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + BATCH, side="right")) - 1)
        in_order = by_element.indices[starts[first] : starts[last]]
        rows = Rows(points=engine.order[in_order], starts=starts[first : last + 1] - starts[first])
        labels = engine.cluster(rows)
        kept = np.flatnonzero(labels >= 0)
        found = int(labels.max()) + 1
        element = np.zeros(found, dtype=np.int64)
        element[labels[kept]] = rows.elements[kept] + first
        points.append(rows.points[kept].astype(np.int32))
        nodes.append((labels[kept] + count).astype(np.int32))
        elements.append(element)
        count, first = count + found, last
    return np.concatenate(points), np.concatenate(nodes), np.concatenate(elements)


def _describe(setting: Any) -> dict[str, Any]:
    """A setting as plain JSON values, with its kind."""
    if is_dataclass(setting) and not isinstance(setting, type):
        return {"kind": type(setting).__name__, **{k: _plain(v) for k, v in asdict(setting).items()}}
    parameters = setting.get_params() if hasattr(setting, "get_params") else {}
    return {"kind": type(setting).__name__, **{k: _plain(v) for k, v in parameters.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
