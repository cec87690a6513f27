"""The settings of the page, one table; and the request that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topodash.components.controls import Choice, ControlErrors, Group, Number, Table, Value
from topodash.datasets import ROWS_READ, describe, names
from topodash.pages.mapper import ids

_ONE = [
    ("pc1", "First principal component"),
    ("coordinate", "Coordinate"),
    ("l1_norm", "L1 norm"),
    ("l2_norm", "L2 norm"),
    ("sum", "Sum"),
    ("mean", "Mean"),
    ("max", "Maximum"),
    ("min", "Minimum"),
    ("eccentricity", "Eccentricity"),
    ("density", "Density"),
    ("distance", "Distance to a point"),
    ("probability", "Predicted probability"),
    ("column", "Column of the file"),
]
_TWO = [("pca", "Two principal components"), ("neighbourhood", "Two neighbourhood lenses")]

TABLE = Table(
    ids.PAGE,
    [
        Group(
            "Source",
            [
                Choice("source", "Points", "run", [("run", "A run's layer"), ("dataset", "A data set"), ("upload", "My CSV file")],
                       "Where the points come from: a layer of a trained network at an epoch, a data set itself, or your own table."),
                Choice("dataset", "Data set", "single_annulus", [(name, describe(name).title) for name in names()],
                       "The data set whose points (or pixels) are looked at."),
                Number("data_seed", "Data seed", 0, 0, 2**31 - 1, 1, "Another seed draws another sample of the data set.", integer=True),
                Choice("part", "Part", "all", [("all", "All points"), ("train", "Trained on"), ("test", "Held out")], "Which points of the run's data set."),
                Number("limit", "Points at most", 5000, 1, 1_000_000, 1000, "Larger sources are sampled at random, and the page says so. A million rows of a file are worked on with progress, and Cancel.", integer=True, log=True),
            ],
        ),
        Group(
            "Lens",
            [
                Choice("lens", "Lens", "pca", _TWO + _ONE, "The function through which Mapper looks. The paper does not name its lens; two principal components are our default."),
                Choice("lens2", "Second lens", "none", [("none", "None"), *_ONE], "A second direction, for a cover by rectangles. Only beside a lens of one column."),
                Number("column", "Coordinate of the lens", 1, 1, 100_000, 1, "Which column the lens Coordinate takes, from 1.", integer=True),
                Number("column2", "Coordinate of the second lens", 2, 1, 100_000, 1, "Which column the second lens takes, from 1.", integer=True),
                Number("lens_k", "Neighbours of the lens", 15, 1, 10_000, 1, "k of the density and neighbourhood lenses.", integer=True),
            ],
        ),
        Group(
            "Lens details",
            [
                Number("exponent", "Exponent of eccentricity", 2.0, 1.0, 100.0, 1.0, "Power of the mean of distances; large powers look at the farthest points."),
                Number("point", "Point of the distance lens", 0, 0, 10_000_000, 1, "Index of the point that the lens Distance measures from.", integer=True),
                Number("probability_class", "Class of the probability", 1, 0, 1000, 1, "Whose predicted probability the lens takes, from 0.", integer=True),
            ],
            open=False,
        ),
        Group(
            "Cover",
            [
                Choice("cover", "Cover", "cubical", [("cubical", "Intervals"), ("ball", "Balls")], "Overlapping intervals of each lens (as kmapper does), or balls around lens points."),
                Number("intervals", "Intervals", 30, 1, 10_000, 1, "Intervals of every lens column. More intervals show finer detail. The paper's is 30.", integer=True, log=True),
                Number("overlap", "Overlap", 50, 0, 99, 5, "Share of an interval that it has in common with its neighbour. The paper's is 50 %.", unit="%"),
                Number("radius", "Ball radius", 0.3, 1e-6, 1e6, 0.1, "Radius of the balls, in units of the lens.", log=True),
            ],
        ),
        Group(
            "Clusters",
            [
                Choice("clusterer", "Clusterer", "dbscan",
                       [("dbscan", "DBSCAN"), ("single", "Single linkage"), ("hdbscan", "HDBSCAN"), ("kmeans", "k-means"), ("agglomerative", "Agglomerative")],
                       "How the points of one cover element fall into nodes. DBSCAN is the paper's; the last three run in scikit-learn and are slower."),
                Number("eps", "Eps", 0.1, 0.0, 1e9, 0.05, "Greatest distance of neighbours in a node. The paper's is 0.1.", log=True),
                Choice("eps_unit", "Unit of eps", "absolute", [("absolute", "Data units"), ("relative", "Share of the data's scale")],
                       "Relative: a share of the root mean square distance of the points from their mean."),
                Number("min_samples", "Min samples", 2, 1, 1000, 1, "Points within eps (itself included) that make a point a core point. The paper's is 2.", integer=True),
                Choice("metric", "Metric", "euclidean", [("euclidean", "Euclidean"), ("cosine", "Cosine"), ("variance_normalised", "Variance-normalised")],
                       "How distances are measured."),
            ],
        ),
        Group(
            "More",
            [
                Number("clusters", "Clusters an element", 2, 1, 100, 1, "For k-means and agglomerative clusters.", integer=True),
                Number("seed", "Seed", 0, 0, 2**31 - 1, 1, "Of the layout, the sample and k-means.", integer=True),
            ],
            open=False,
        ),
    ],
)  # fmt: skip


def source_of(values: Mapping[str, Value], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The source that the controls name.

    Parameters
    ----------
    values : mapping
        Of `TABLE`.
    chosen : mapping
        `run`, `layer`, `step`; or `upload`, `columns`, `label`.

    Raises
    ------
    ControlErrors
        When the source is not chosen yet.
    """
    kind = values["source"]
    if kind == "dataset":
        return {"dataset": values["dataset"], "seed": values["data_seed"], "parameters": {}}
    if kind == "upload":
        if not chosen.get("upload"):
            raise ControlErrors([("source", "Choose a CSV file above first.")])
        if not chosen.get("columns"):
            raise ControlErrors([("source", "Choose one or more number columns of the file above.")])
        return _table(chosen["upload"], chosen["columns"], chosen.get("label"), values["limit"])
    if not chosen.get("run"):
        raise ControlErrors(
            [("source", "You have no run yet: train one on the Live page, or choose a data set.")]
        )
    if chosen.get("step") is None:
        raise ControlErrors([("source", "This run has recorded nothing yet, or is not there any more.")])
    layer = str(chosen.get("layer") or "input")
    source: dict[str, Any] = {
        "run": chosen["run"],
        "step": int(chosen["step"]),
        "layer": int(layer) if layer.isdecimal() else layer,
    }
    if layer != "filters":
        source["part"] = values["part"]
    return source


def _table(upload: Any, columns: Sequence[str], label: Any, limit: Any) -> dict[str, Any]:
    """A source that reads an uploaded table: as many rows as are asked for, where that is more than are read unasked."""
    found = {"upload": upload, "columns": list(columns), "label": label or None, "drop_bad_rows": True}
    return {**found, "limit": limit} if limit > ROWS_READ else found


def lens_of(values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """The lenses of a request, one or two columns.

    Raises
    ------
    ControlErrors
        For a second lens beside one that has two columns already.
    """
    first, second = str(values["lens"]), str(values["lens2"])
    if second != "none" and first in ("pca", "neighbourhood"):
        raise ControlErrors([("lens2", "The first lens has two columns already; choose None here.")])
    lenses = [_lens(first, values, "column")]
    if second != "none":
        lenses.append(_lens(second, values, "column2"))
    return lenses


#: The control that only one lens, or two, read.
LENS_CONTROLS = {
    "exponent": ("eccentricity",),
    "lens_k": ("density", "neighbourhood"),
    "point": ("distance",),
    "probability_class": ("probability",),
}


def _lens(name: str, values: Mapping[str, Value], column: str) -> dict[str, Any]:
    every: dict[str, dict[str, Any]] = {
        "pca": {"components": 2},
        "pc1": {"components": 1},
        "coordinate": {"column": int(values[column]) - 1},
        "eccentricity": {"exponent": float(values["exponent"])},
        "density": {"k": int(values["lens_k"])},
        "neighbourhood": {"k": int(values["lens_k"]), "seed": int(values["seed"])},
        "distance": {"index": int(values["point"])},
        "probability": {"class": int(values["probability_class"])},
    }
    return {"name": "pca" if name == "pc1" else name, **every.get(name, {})}


def request_of(values: Mapping[str, Value], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The request of `topodash.jobs.answers.mapper_data`.

    Raises
    ------
    ControlErrors
        With the control that is at fault.
    """
    source = source_of(values, chosen)
    lens = lens_of(values)
    request: dict[str, Any] = {
        "source": source,
        "limit": values["limit"],
        "seed": values["seed"],
        "lens": lens,
        "metric": values["metric"],
    }
    if values["cover"] == "ball":
        request["cover"] = {"kind": "ball", "radius": values["radius"]}
    else:
        request["cover"] = {
            "kind": "cubical",
            "n_intervals": values["intervals"],
            "overlap": float(values["overlap"]) / 100,
        }
    request["clusterer"] = {
        "kind": values["clusterer"],
        "eps": values["eps"],
        "min_samples": values["min_samples"],
        "relative": values["eps_unit"] == "relative",
        "clusters": values["clusters"],
    }
    if any(each["name"] == "column" for each in lens):
        if values["source"] != "upload" or not chosen.get("lens_column"):
            raise ControlErrors(
                [("lens", "Choose the lens column of an uploaded file first (under My CSV file).")]
            )
        request["lens_source"] = _table(chosen["upload"], [chosen["lens_column"]], None, values["limit"])
    return request


def sentence(request: Mapping[str, Any], columns: Sequence[str] = ()) -> str:
    """What a graph is a graph of: 'Layer 1, epoch 500 of run 0660b1; eps 0.1, 30 intervals, 50 %'."""
    source = request["source"]
    if "run" in source:
        layer = source["layer"]
        where = {"input": "Input", "output": "Logits", "filters": "Filters"}.get(str(layer), f"Layer {layer}")
        said = f"{where}, epoch {source['step']} of run {str(source['run'])[:6]}"
    elif "dataset" in source:
        said = describe(source["dataset"]).title
    else:
        count = len(source["columns"])
        said = f"Your file, {count} column{'' if count == 1 else 's'}"
    cover, clusterer = request["cover"], request["clusterer"]
    pieces = (
        f"balls of radius {cover['radius']:g}"
        if cover["kind"] == "ball"
        else f"{cover['n_intervals']:,} interval{'' if cover['n_intervals'] == 1 else 's'}, {100 * cover['overlap']:g} %"
    )
    near = f"eps {clusterer['eps']:g}" + (" of the scale" if clusterer["relative"] else "")
    if clusterer["kind"] not in ("dbscan", "single"):
        near = clusterer["kind"]
    return f"{said}; {near}, {pieces}"
