"""What the live page draws of a run: its sample of points, and views of its steps, each computed once.

Views are kept in a small memory of the process, one computation for many simultaneous askers; a run's snapshots never
change, so nothing here can grow stale.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from topodash.runs import RunReader, RunStore
from topodash.studies.live_view import LabelledSample

#: At most this many points are drawn; the rest count in every number all the same.
DRAWN_POINTS = 3_000


@dataclass(frozen=True, eq=False)
class RunSample:
    """The data of a run.

    Attributes
    ----------
    sample : all points, in the network's units.
    drawn : ascending row numbers of the points that are drawn.
    columns : two names.
    centre, scale : (2,) arrays; drawn = points * scale + centre.
    meta : what else the data set says of itself (name, notices, Betti numbers).
    total : int, the last epoch the run was set up for; 0 when unknown.
    """

    sample: LabelledSample
    drawn: np.ndarray
    columns: tuple[str, str]
    centre: np.ndarray
    scale: np.ndarray
    meta: dict[str, Any]

    def to_drawn(self, points: np.ndarray) -> np.ndarray:
        """From the network's units to those of the axes, (..., 2)."""
        return points * self.scale + self.centre

    def from_drawn(self, points: np.ndarray) -> np.ndarray:
        """From the axes' units to the network's."""
        return (points - self.centre) / self.scale

    @property
    def drawn_box(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The box in the units of the axes."""
        low, high = (self.to_drawn(np.array([side[end] for side in self.sample.box])) for end in (0, 1))
        return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def drawn_rows(count: int) -> np.ndarray:
    """The rows of `count` points that are drawn, ascending; the same each time."""
    if count <= DRAWN_POINTS:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, DRAWN_POINTS, replace=False))


def read_sample(reader: RunReader) -> RunSample:
    """The sample of a run of kind `mlp`, from its artifact `dataset`.

    Raises
    ------
    RunError
        When the run has none, or it is damaged.
    ValueError
        When the data are not points in the plane.
    """
    artifact = reader.artifact("dataset")
    arrays, meta = artifact.arrays, artifact.meta
    try:
        points, labels = (
            np.asarray(arrays["points"], dtype=np.float64),
            np.asarray(arrays["labels"], dtype=np.int64),
        )
        names = tuple(str(name) for name in meta["class_names"])
        centre, scale = (
            np.array(meta.get(key) or plain, dtype=np.float64).reshape(2)
            for key, plain in (("centre", (0.0, 0.0)), ("scale", (1.0, 1.0)))
        )
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise ValueError(f"its data have shape {points.shape}; the live page draws points in the plane")
        if labels.shape != (len(points),) or labels.min() < 0 or labels.max() >= len(names):
            raise ValueError("its labels do not fit its points and classes")
        if not all(np.isfinite(values).all() for values in (points, centre, scale)):
            raise ValueError("its data are not all finite numbers")
        train = np.zeros(len(points), dtype=bool)
        train[arrays["train"]] = True
    except (KeyError, IndexError, TypeError, ValueError) as problem:
        raise ValueError(f"The data set of this run cannot be used: {problem}.") from problem
    drawn = drawn_rows(len(points))
    columns = tuple(meta.get("columns") or ("x", "y"))
    return RunSample(
        sample=LabelledSample(points, labels, train, names),
        drawn=drawn,
        columns=(str(columns[0]), str(columns[1])),
        centre=centre,
        scale=scale,
        meta=dict(meta),
    )


class Memory:
    """The newest `size` results by key; simultaneous askers of one key wait for one computation."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._busy: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def peek(self, key: Hashable) -> Any | None:
        """The value of `key` if it is there."""
        with self._lock:
            return self._values.get(key)

    def get(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """The value of `key`, computed when it is not there; an error of `compute` is raised and not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            busy = self._busy.setdefault(key, threading.Lock())
        with busy:
            with self._lock:
                if key in self._values:
                    return self._values[key]
            try:
                value = compute()
            finally:
                with self._lock:
                    self._busy.pop(key, None)
            with self._lock:
                self._values[key] = value
                while len(self._values) > self._size:
                    self._values.popitem(last=False)
            return value


class Samples:
    """The samples of the runs of one store."""

    def __init__(self, store: RunStore, size: int = 32) -> None:
        self._store = store
        self._memory = Memory(size)

    def of(self, run_id: str) -> RunSample:
        """The sample of a run; RunError when there is none yet."""

        def read() -> RunSample:
            with self._store.open(run_id) as reader:
                return read_sample(reader)

        return self._memory.get(run_id, read)
