"""From the name of some data to the data.

    {"run": id, "step": k, "layer": "input" | 1 | 2 | ... | "output", "part": "all" | "train" | "test"}
    {"run": id, "step": k, "layer": "filters"}                                  first-layer filters of a CNN,
    flattened {"dataset": name, "seed": 0, "parameters": {...}}                          images are flattened
    {"upload": id, "columns": [...], "label": name or None, "limit": ..., "seed": ..., "drop_bad_rows": ...}

A network's layer 1 is what its first hidden layer gives after the ReLU; 'output' is its logits. Everything is
computed in numpy (`geometry.layers`): no process needs torch to look at a run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topodash import __version__
from topodash.compute import Cache
from topodash.datasets import LabelledPoints, load, read_table, refuse_what_overflows
from topodash.geometry.layers import activations, logits, probabilities
from topodash.jobs.questions import question, question_key
from topodash.runs import RunError, RunReader, RunStore
from topodash.runs.uploads import Uploads
from topodash.settings import Settings
from topodash.topology.metrics import LARGEST

_KEYS = {
    "run": {"run", "step", "layer", "part"},
    "dataset": {"dataset", "seed", "parameters"},
    "upload": {"upload", "columns", "label", "limit", "seed", "drop_bad_rows"},
}


@dataclass(frozen=True, eq=False)
class Data:
    """The points that a source names.

    Attributes
    ----------
    points : (n, d) float64
    columns : tuple of str
        d names.
    labels : (n,) int64, or None
        Index into `class_names`.
    class_names : tuple of str
    index : (n,) int64
        Which point of the whole data set each is (with `part`), or which row of the file.
    inputs : (n, k) float64, or None
        What the network was fed.
    probabilities : (n, classes) float64, or None
        What the network predicts for each.
    notices : tuple of str
        What must be said beside the data.
    drawn_from : int, or None
        Rows of the file that the points were drawn from at random; None when they are all of it.
    """

    points: NDArray[np.float64]
    columns: tuple[str, ...]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    index: NDArray[np.int64]
    inputs: NDArray[np.float64] | None = None
    probabilities: NDArray[np.float64] | None = None
    notices: tuple[str, ...] = ()
    drawn_from: int | None = None


class Sources:
    """Resolves sources in one data folder, and carries progress back to who asked."""

    def __init__(self, settings: Settings, report: Callable[[float | None, str], None] | None = None) -> None:
        self.store = RunStore.of(settings)
        self._settings = settings
        self._uploads = Uploads.of(settings)
        self._report = report

    def progress(self, share: float | None, message: str = "") -> None:
        """Tell who asked how far the computation is: a share in [0, 1], or None, and a short sentence."""
        if self._report is not None:
            self._report(share, message)

    def answer(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """The answer to another question, on which this one builds: what is kept of it, else computed here and kept.

        Raises
        ------
        As the question does.
        """
        key = question_key(name, parameters, self)
        return Cache.of(self._settings).get_or_compute(key, lambda: question(name)(parameters, self))

    def load(self, source: Mapping[str, Any]) -> Data:
        """The data of a source.

        Raises
        ------
        ValueError
            For a source that is none, a layer that the network does not have, or a file that cannot be read.
        RunError
            When the run, step or upload is not there, or the run is damaged.
        """
        kind = _kind(source)
        if kind == "run":
            return self._run(source)
        if kind == "dataset":
            return _dataset(source)
        return self._upload(source)

    def upload_path(self, upload_id: str) -> Path:
        """The file of an upload; RunError when it is no longer there."""
        return self._uploads.path(upload_id)

    def upload_name(self, upload_id: str | None) -> str:
        """What the file of an upload was called; '' where there is none."""
        try:
            return self._uploads.entry(upload_id).name if upload_id else ""
        except RunError:
            return ""

    def fingerprints(self, parameters: Any) -> list[Any]:
        """What identifies the content of every source in `parameters`, in a fixed order; cheap.

        Raises
        ------
        As `load`.
        """
        return [self._fingerprint(source) for source in _sources(parameters)]

    def _fingerprint(self, source: Mapping[str, Any]) -> Any:
        kind = _kind(source)
        if kind == "dataset":
            return __version__  # generators are part of the code
        if kind == "upload":
            return self._uploads.path(source["upload"]).stem  # named by its content
        with self.store.open(source["run"]) as run:
            snapshot = run.snapshot_checksum(_step(source))
            return [snapshot, None if source.get("layer") == "filters" else run.artifact_checksum("dataset")]

    def _run(self, source: Mapping[str, Any]) -> Data:
        layer = source.get("layer", "input")
        with self.store.open(source["run"]) as run:
            weights = run.snapshot(_step(source))
            if layer == "filters":
                return _filters(weights)
            return _layer(run, weights, layer, source.get("part", "all"))

    def _upload(self, source: Mapping[str, Any]) -> Data:
        path = self._uploads.path(source["upload"])
        options = {name: source[name] for name in ("limit", "seed", "drop_bad_rows") if name in source}
        table = refuse_what_overflows(
            read_table(path, source["columns"], source.get("label"), **options), LARGEST
        )
        rows = table.rows_read - table.rows_dropped
        return Data(
            table.values, table.columns, table.labels, table.class_names, table.rows, notices=table.notices,
            drawn_from=rows if rows > len(table.values) else None,
        )  # fmt: skip


def is_source(value: Any) -> bool:
    """Whether a JSON value names data."""
    return isinstance(value, Mapping) and any(kind in value and set(value) <= _KEYS[kind] for kind in _KEYS)


def _sources(value: Any) -> Iterator[Mapping[str, Any]]:
    if is_source(value):
        yield value
    elif isinstance(value, Mapping):
        for name in sorted(value):
            yield from _sources(value[name])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _sources(item)


def _kind(source: Any) -> str:
    if not is_source(source):
        raise ValueError(
            f"source must be an object with run, dataset or upload and its known keys, was {source!r:.200}"
        )
    return next(kind for kind in _KEYS if kind in source)


def _step(source: Mapping[str, Any]) -> int:
    step = source.get("step")
    if not isinstance(step, int) or isinstance(step, bool):
        raise ValueError(f"step must be a whole number, was {step!r}")
    return step


def _filters(weights: Mapping[str, np.ndarray]) -> Data:
    if "filters" not in weights:
        raise ValueError("layer must not be 'filters': this run has none")
    filters = weights["filters"].astype(np.float64)
    flat = filters.reshape(len(filters), -1)
    columns = tuple(f"{row}, {column}" for row, column in np.ndindex(*filters.shape[-2:]))
    return Data(flat, columns[: flat.shape[1]], None, (), np.arange(len(flat)))


def network(
    weights: Mapping[str, np.ndarray],
) -> tuple[list[tuple[np.ndarray, np.ndarray]], tuple[np.ndarray, np.ndarray]]:
    """The hidden layers and the output pair of an `mlp` snapshot W1, b1, W2, b2, ...

    Raises
    ------
    ValueError
        When these are not the weights of such a network.
    """
    count = len(weights) // 2
    try:
        pairs = [(weights[f"W{index}"], weights[f"b{index}"]) for index in range(1, count + 1)]
    except KeyError as error:
        raise ValueError(f"the snapshot must hold W1, b1, W2, ..., lacks {error}") from None
    if count < 2:
        raise ValueError(f"the snapshot must hold at least two layers, has {count}")
    return pairs[:-1], pairs[-1]


def _layer(run: RunReader, weights: Mapping[str, np.ndarray], layer: Any, part: Any) -> Data:
    hidden, output = network(weights)
    dataset = run.artifact("dataset")
    arrays, meta = dataset.arrays, dataset.meta
    if part not in ("all", "train", "test"):
        raise ValueError(f"part must be 'all', 'train' or 'test', was {part!r}")
    index = np.arange(len(arrays["points"])) if part == "all" else np.sort(arrays[part])
    inputs = arrays["points"][index].astype(np.float64)
    names = tuple(str(name) for name in meta.get("columns", ()))
    outputs = logits(hidden, output, inputs)
    if layer == "input":
        points = inputs
    elif layer == "output":
        points, names = outputs, ()
    elif isinstance(layer, int) and not isinstance(layer, bool) and 1 <= layer <= len(hidden):
        points, names = activations(hidden, inputs)[layer - 1], ()
    else:
        raise ValueError(f"layer must be 'input', 1 to {len(hidden)}, or 'output', was {layer!r}")
    if len(names) != points.shape[1]:
        word = {"input": "x", "output": "logit"}.get(layer, "unit")
        names = tuple(f"{word} {number}" for number in range(1, points.shape[1] + 1))
    return Data(
        points,
        names,
        arrays["labels"][index].astype(np.int64),
        tuple(meta.get("class_names", ())),
        index.astype(np.int64),
        inputs,
        probabilities(outputs),
    )


def _dataset(source: Mapping[str, Any]) -> Data:
    loaded = load(source["dataset"], seed=source.get("seed", 0), **source.get("parameters", {}))
    if isinstance(loaded, LabelledPoints):
        points, columns = loaded.points.astype(np.float64), loaded.columns
    else:
        points = loaded.images.reshape(len(loaded.images), -1).astype(np.float64)
        columns = tuple(f"{row}, {column}" for row, column in np.ndindex(*loaded.images.shape[1:]))
    return Data(
        points, columns, loaded.labels, loaded.class_names, np.arange(len(points)), notices=loaded.notices
    )
