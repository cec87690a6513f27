"""How a Mapper graph changes with its settings: a sweep, cell by cell, for a job to record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from topodash.topology.clusterers import DBSCAN, SingleLinkage
from topodash.topology.covers import CubicalCover
from topodash.topology.mapper import mapper_graph


@dataclass(frozen=True)
class SweepCell:
    """One setting of a sweep and the graph that it gives.

    Attributes
    ----------
    row, column : int
        Place in the heat map: row is the interval count, column the overlap or eps.
    n_intervals : int
    overlap, eps : float
    nodes, edges, b0, b1 : int
        -1 when the setting was refused.
    coverage : float
        Share of points in some node.
    refused : str
        Why the setting gave no graph; empty when it did.
    """

    row: int
    column: int
    n_intervals: int
    overlap: float
    eps: float
    nodes: int
    edges: int
    b0: int
    b1: int
    coverage: float
    refused: str = ""


def stability_sweep(
    points: np.ndarray,
    lens: np.ndarray,
    *,
    n_intervals: Sequence[int],
    against: Literal["overlap", "eps"] = "overlap",
    values: Sequence[float],
    cover: CubicalCover,
    clusterer: DBSCAN | SingleLinkage,
    metric: str = "euclidean",
) -> Iterator[SweepCell]:
    """Mapper graphs for all pairs of an interval count and an overlap (or eps), one after the other.

    Parameters
    ----------
    points, lens, metric
        As for `mapper_graph`.
    n_intervals : sequence of int
        Rows of the heat map.
    against : 'overlap' or 'eps'
        What the columns change.
    values : sequence of float
        The columns.
    cover, clusterer
        All that the sweep does not change.

    Yields
    ------
    SweepCell
        Row by row. A setting that is refused is yielded with its reason and does not end the sweep.

    Raises
    ------
    ValueError
        When `against` is neither, or there is no row or column.
    """
    if against not in ("overlap", "eps"):
        raise ValueError(f"against must be 'overlap' or 'eps', was {against!r}")
    if not len(n_intervals) or not len(values):
        raise ValueError("n_intervals and values must hold at least one number each")
    return _sweep(points, lens, n_intervals, against, values, cover, clusterer, metric)


def _sweep(  # noqa: PLR0917 - the arguments of stability_sweep, checked
    points: np.ndarray,
    lens: np.ndarray,
    n_intervals: Sequence[int],
    against: str,
    values: Sequence[float],
    cover: CubicalCover,
    clusterer: DBSCAN | SingleLinkage,
    metric: str,
) -> Iterator[SweepCell]:
    for row, count in enumerate(n_intervals):
        for column, value in enumerate(values):
            overlap = value if against == "overlap" else cover.overlap
            eps = value if against == "eps" else clusterer.eps
            place = (row, column, int(count), float(np.max(overlap)), float(eps))
            try:
                graph = mapper_graph(
                    points,
                    lens,
                    cover=replace(cover, n_intervals=count, overlap=overlap),
                    clusterer=_with_eps(clusterer, eps),
                    metric=metric,
                )
                b0, b1 = graph.betti
            except ValueError as error:
                yield SweepCell(*place, -1, -1, -1, -1, 0.0, str(error))
                continue
            coverage = 1 - len(graph.uncovered) / graph.n_points
            yield SweepCell(*place, len(graph), len(graph.edges), b0, b1, coverage)


def _with_eps(clusterer: DBSCAN | SingleLinkage, eps: float) -> DBSCAN | SingleLinkage:
    if isinstance(clusterer, DBSCAN):
        return replace(clusterer, eps=eps)
    return replace(clusterer, distance=eps)
