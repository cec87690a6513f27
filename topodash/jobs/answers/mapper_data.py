"""What a Mapper question names: points, lens, cover and clusterer, from one JSON request.

    {"source": source, "limit": 5000, "seed": 0,
     "lens": [{"name": "pca", "components": 2}], "lens_source": a source of one column, for the lens "column"
     "cover": {"kind": "cubical", "n_intervals": 30, "overlap": 0.5} | {"kind": "ball", "radius": 0.2},
     "clusterer": {"kind": "dbscan", "eps": 0.1, "min_samples": 2, "relative": False}, "metric": "euclidean"}

The page, the stability sweep and the exports all read requests here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topodash.datasets import describe, sample_notice
from topodash.jobs.sources import Data, Sources
from topodash.topology.clusterers import DBSCAN, SingleLinkage
from topodash.topology.covers import BallCover, CubicalCover
from topodash.topology.lenses import LENSES, compute_lens, given_column, pca
from topodash.topology.mapper.build import mapper_graph
from topodash.topology.mapper.graph import MapperGraph
from topodash.topology.mapper.suggest import data_scale

#: Columns that nodes can be coloured by; more do not fit a list.
MOST_COLUMNS = 64


@dataclass(frozen=True, eq=False)
class Prepared:
    """The data of a request, ready for `mapper_graph`.

    Attributes
    ----------
    data : Data
        The sampled rows only.
    lens : (n, l) float64
    lens_names : tuple of l str
    eps : float
        In units of the metric.
    scale : float
        What an eps of 1 means when it is relative.
    total : int
        Points of the source before sampling.
    notices : tuple of str
    """

    data: Data
    lens: NDArray[np.float64]
    lens_names: tuple[str, ...]
    eps: float
    scale: float
    total: int
    notices: tuple[str, ...]


def sampled(request: Mapping[str, Any], sources: Sources) -> tuple[Data, int, tuple[str, ...]]:
    """The source's data, at most `limit` rows of it: (data, rows there were, what must be said).

    Raises
    ------
    ValueError
        When the source has no points or is not what it says.
    """
    data = sources.load(request["source"])
    n, limit, seed = len(data.points), int(request.get("limit", 5000)), int(request.get("seed", 0))
    if not n:
        raise ValueError("source must have at least one point; it has none")
    total = data.drawn_from or n
    if n <= limit:
        return data, total, data.notices
    rows = np.sort(np.random.default_rng(seed).choice(n, limit, replace=False))
    # A sample of a sample is one sample of the file, and is said once.
    before = sample_notice(n, total, int(request["source"].get("seed", 0)))
    notices = [each for each in data.notices if each != before]
    said = f"{limit:,} of {total:,} points, drawn at random (seed {seed})."
    return _rows(data, rows), total, (*notices, said)


def _rows(data: Data, rows: NDArray[np.int64]) -> Data:
    def part(values: Any) -> Any:
        return None if values is None else values[rows]

    return replace(
        data,
        points=data.points[rows],
        labels=part(data.labels),
        index=data.index[rows],
        inputs=part(data.inputs),
        probabilities=part(data.probabilities),
    )


def prepare(request: Mapping[str, Any], sources: Sources) -> Prepared:
    """Load, sample, and compute the lens.

    Raises
    ------
    ValueError
        When a setting does not fit the data, with the setting's name.
    """
    data, total, notices = sampled(request, sources)
    metric = request["metric"]
    columns, names = [], []
    for each in request["lens"]:
        values, titles = _lens(each, request, data, metric, sources)
        columns.append(values)
        names += titles
    clusterer = request["clusterer"]
    scale = data_scale(data.points)
    eps = float(clusterer.get("eps", 0.1)) * (scale if clusterer.get("relative") else 1.0)
    return Prepared(data, np.column_stack(columns), tuple(names), eps, scale, total, notices)


def _lens(
    each: Mapping[str, Any], request: Mapping[str, Any], data: Data, metric: str, sources: Sources
) -> tuple[NDArray[np.float64], list[str]]:
    parameters = dict(each)
    name = parameters.pop("name")
    if name == "probability":
        if data.probabilities is None:
            raise ValueError("lens must not be the predicted probability: this source is no network")
        index = int(parameters.get("class", 0))
        if not 0 <= index < data.probabilities.shape[1]:
            raise ValueError(f"class must be 0 to {data.probabilities.shape[1] - 1}, was {index}")
        shown = data.class_names[index] if index < len(data.class_names) else str(index)
        return given_column(data.probabilities[:, index], len(data.points)), [f"P({shown})"]
    if name == "column":
        other = sources.load(request["lens_source"])
        place = {int(row): k for k, row in enumerate(other.index)}
        missing = [int(row) for row in data.index if int(row) not in place]
        if missing:
            raise ValueError(f"the lens column must have a number in every row; row {missing[0]} has none")
        chosen = other.points[[place[int(row)] for row in data.index], 0]
        return given_column(chosen, len(data.points)), [other.columns[0]]
    values = compute_lens(name, data.points, metric=metric, **parameters)
    if name == "pca":
        return values, [f"PC {k}" for k in range(1, values.shape[1] + 1)]
    if name == "coordinate":
        return values, [data.columns[int(parameters.get("column", 0))]]
    title = LENSES[name].label
    return values, [title] if values.shape[1] == 1 else [f"{title} {k + 1}" for k in range(values.shape[1])]


def cover_of(request: Mapping[str, Any]) -> CubicalCover | BallCover:
    """The cover of a request; ValueError when its settings will not do."""
    cover = request["cover"]
    if cover["kind"] == "ball":
        return BallCover(float(cover["radius"]))
    return CubicalCover(int(cover["n_intervals"]), float(cover["overlap"]))


def clusterer_of(request: Mapping[str, Any], eps: float) -> Any:
    """The clusterer of a request; `eps` in units of the metric."""
    clusterer = request["clusterer"]
    kind = clusterer["kind"]
    if kind == "dbscan":
        return DBSCAN(eps, int(clusterer["min_samples"]))
    if kind == "single":
        return SingleLinkage(eps)
    count = int(clusterer.get("clusters", 2))
    if kind == "kmeans":
        from sklearn.cluster import KMeans

        return KMeans(n_clusters=count, random_state=int(request.get("seed", 0)), n_init=4)
    if kind == "agglomerative":
        from sklearn.cluster import AgglomerativeClustering

        return AgglomerativeClustering(n_clusters=count)
    if kind == "hdbscan":
        from sklearn.cluster import HDBSCAN

        return HDBSCAN(min_cluster_size=max(2, int(clusterer["min_samples"])), copy=True)
    raise ValueError(f"clusterer must be dbscan, single, kmeans, agglomerative or hdbscan, was {kind!r}")


def build(request: Mapping[str, Any], prepared: Prepared) -> MapperGraph:
    """The Mapper graph of a request."""
    return mapper_graph(
        prepared.data.points,
        prepared.lens,
        cover=cover_of(request),
        clusterer=clusterer_of(request, prepared.eps),
        metric=request["metric"],
    )


def space_of(data: Data) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Three coordinates to look at: the columns themselves, or three principal components of more than three."""
    points = data.points
    if points.shape[1] > 3:
        return pca(points, 3).astype(np.float32), ("PC 1", "PC 2", "PC 3")
    missing = 3 - points.shape[1]
    padded = np.column_stack([points, np.zeros((len(points), missing))]) if missing else points
    return padded.astype(np.float32), (*data.columns, *([""] * missing))


def plane_of(
    request: Mapping[str, Any], data: Data, sources: Sources
) -> tuple[NDArray[np.float32], tuple[str, str]]:
    """Where the points lie in the input plane (in the data's own units), and the names of its two axes."""
    source = request["source"]
    inputs = data.points if data.inputs is None else data.inputs
    names = data.columns if data.inputs is None else ()
    if inputs.shape[1] > 2:
        return pca(inputs, 2).astype(np.float32), ("input PC 1", "input PC 2")
    if data.inputs is not None and "run" in source:
        with sources.store.open(source["run"]) as run:
            meta = run.artifact("dataset").meta
        inputs = inputs * np.asarray(meta.get("scale", 1.0)) + np.asarray(meta.get("centre", 0.0))
        names = tuple(meta.get("columns", ()))
    if inputs.shape[1] == 1:
        inputs = np.column_stack([inputs, np.zeros(len(inputs))])
    pair = (*names, "input 1", "input 2")
    return inputs.astype(np.float32), (str(pair[0]), str(pair[1]) if len(names) > 1 else "input 2")


def image_shape(source: Mapping[str, Any], columns: int) -> tuple[int, int] | None:
    """(height, width) when the rows of a source are images, else None."""
    side = round(columns**0.5)
    images = (
        describe(source["dataset"]).kind == "images"
        if "dataset" in source
        else source.get("layer") == "filters"
    )
    return (side, side) if images and side * side == columns else None
