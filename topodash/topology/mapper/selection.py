"""What a selection of points is like, and paths between nodes."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from topodash.topology.mapper.graph import MapperGraph


@dataclass(frozen=True)
class ColumnSummary:
    """One column inside a selection against the rest.

    Attributes
    ----------
    column : int
    mean, spread : float
        Mean and standard deviation (ddof = 1) inside.
    rest_mean, rest_spread : float
        The same of the other points; NaN when there are none.
    effect : float
        Cohen's d: difference of the means over the pooled standard deviation; 0 for equal means, infinite for
        different means without spread, NaN without other points.
    """

    column: int
    mean: float
    spread: float
    rest_mean: float
    rest_spread: float
    effect: float


@dataclass(frozen=True)
class SelectionSummary:
    """Class counts and columns of a selection.

    Attributes
    ----------
    size : int
        Points selected.
    classes : (c,) int64 or None
        Points of every class.
    columns : tuple of ColumnSummary
        Largest effect first.
    """

    size: int
    classes: np.ndarray | None
    columns: tuple[ColumnSummary, ...]


def describe_selection(
    columns: np.ndarray, selected: np.ndarray, labels: np.ndarray | None = None
) -> SelectionSummary:
    """Compare selected points with the rest.

    Parameters
    ----------
    columns : (n, c) float
    selected : (s,) int
        Point indices; repeats count once.
    labels : (n,) int, optional

    Raises
    ------
    ValueError
        When the selection is empty or outside the points.

    Notes
    -----
    Source of the effect size: J. Cohen, "Statistical power analysis for the behavioral sciences" (1988),
    section 2.2.
    """
    columns = np.asarray(columns, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    inside = np.zeros(len(columns), dtype=bool)
    chosen = np.asarray(selected, dtype=np.int64)
    if not len(chosen) or chosen.min() < 0 or chosen.max() >= len(columns):
        raise ValueError(
            f"selected must be one or more point indices below {len(columns)}, had {len(chosen)}"
        )
    inside[chosen] = True
    a, b = columns[inside], columns[~inside]
    mean, spread = a.mean(axis=0), _spread(a)
    nothing = np.full(columns.shape[1], np.nan)
    rest_mean, rest_spread = (b.mean(axis=0), _spread(b)) if len(b) else (nothing, nothing)
    freedom = max(1, len(a) + len(b) - 2)
    pooled = np.sqrt(((len(a) - 1) * spread**2 + (len(b) - 1) * rest_spread**2) / freedom)
    gap = mean - rest_mean
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.where(gap == 0, 0.0, gap / pooled)
    size = np.where(np.isnan(effect), -1, np.abs(effect))
    summaries = tuple(
        ColumnSummary(
            int(c),
            float(mean[c]),
            float(spread[c]),
            float(rest_mean[c]),
            float(rest_spread[c]),
            float(effect[c]),
        )
        for c in np.argsort(-size, kind="stable")
    )
    classes = None
    if labels is not None:
        labels = np.asarray(labels)
        classes = np.bincount(labels[inside], minlength=int(labels.max()) + 1)
    return SelectionSummary(int(inside.sum()), classes, summaries)


def shortest_path(graph: MapperGraph, start: int, end: int) -> tuple[int, ...]:
    """Nodes of a path with the fewest edges, ends included; () when there is none. Ties: the lowest node
    numbers first.

    Raises
    ------
    ValueError
        When a node does not exist.
    """
    for name, node in (("start", start), ("end", end)):
        if not 0 <= node < len(graph):
            raise ValueError(f"{name} must be a node from 0 to {len(graph) - 1}, was {node!r}")
    neighbours: list[list[int]] = [[] for _ in range(len(graph))]
    for (
        a,
        b,
    ) in graph.edges.tolist():  # ascending pairs: every list comes out ascending but for the larger ends
        neighbours[a].append(b)
        neighbours[b].append(a)
    before = {end: end}
    queue = deque([end])
    while queue and start not in before:
        node = queue.popleft()
        for other in sorted(neighbours[node]):
            if other not in before:
                before[other] = node
                queue.append(other)
    if start not in before:
        return ()
    path = [start]
    while path[-1] != end:
        path.append(before[path[-1]])
    return tuple(path)


def _spread(values: np.ndarray) -> np.ndarray:
    """Standard deviation with ddof = 1; 0 for a single row."""
    return values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])
