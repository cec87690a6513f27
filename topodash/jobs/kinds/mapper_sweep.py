"""Kind `mapper_sweep`: the Mapper graph of every pair of settings; step k is cell k, row by row, from 1."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from topodash.jobs.answers.mapper_data import clusterer_of, cover_of, prepare
from topodash.jobs.driver import DriverFailed, Step
from topodash.jobs.kinds import checks
from topodash.jobs.sources import Sources, is_source
from topodash.runs import Checkpoint, Control, Recorder, RunError
from topodash.settings import Settings
from topodash.topology.clusterers import DBSCAN, SingleLinkage
from topodash.topology.covers import CubicalCover
from topodash.topology.stability import stability_sweep

_KEYS = {"request", "n_intervals", "against", "values", "epochs_per_second"}
MAX_CELLS = 10_000


class MapperSweepDriver:
    """Drives one sweep; see `topodash.jobs.driver.Driver`.

    Config: {"request": a request of `topodash.jobs.answers.mapper_data`, "n_intervals": [10, 20], "against":
    "overlap" | "eps", "values": [0.3, 0.5]}; eps in the unit of the request. Scalars of each step: nodes,
    edges, b0, b1, coverage; NaN where the setting was refused, with the reason as an event 'refused'.

    Raises
    ------
    ValueError
        When the config is out of bounds or has an unknown key.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        checks.refuse_unknown(config, _KEYS)
        self._request = config.get("request")
        if not isinstance(self._request, Mapping) or not is_source(self._request.get("source")):
            raise ValueError(f"request must be a Mapper request with a source, was {self._request!r:.200}")
        self._against = config.get("against", "overlap")
        if self._against not in ("overlap", "eps"):
            raise ValueError(f"against must be 'overlap' or 'eps', was {self._against!r}")
        self._counts = checks.integers(config, "n_intervals", (1, 1000), (1, 10_000), [])
        values = config.get("values")
        if (
            not isinstance(values, list)
            or not values
            or not np.isfinite(np.asarray(values, dtype=float)).all()
        ):
            raise ValueError(f"values must be a list of one or more finite numbers, was {values!r:.200}")
        self._values = [float(each) for each in values]
        self.total: int | None = len(self._counts) * len(self._values)
        if self.total > MAX_CELLS:
            raise ValueError(f"n_intervals x values must be at most {MAX_CELLS} cells, was {self.total}")
        self.message = ""

    def start(self, recorder: Recorder, checkpoint: Checkpoint | None) -> Iterator[Step]:
        """Every cell that is not computed yet; cells do not depend on each other."""
        done = checkpoint.step if checkpoint is not None else 0
        assert isinstance(self._request, Mapping)
        if done == 0:
            yield Step(0)
        try:
            prepared = prepare(self._request, Sources(Settings.from_env()))
            cover = cover_of(self._request)
            clusterer = clusterer_of(self._request, prepared.eps)
        except (ValueError, RunError) as error:
            raise DriverFailed(str(error)) from error
        if not isinstance(cover, CubicalCover) or not isinstance(clusterer, DBSCAN | SingleLinkage):
            raise DriverFailed("a sweep needs a cover by intervals, and DBSCAN or single linkage")
        relative = self._against == "eps" and bool(self._request["clusterer"].get("relative"))
        unit = prepared.scale if relative else 1.0
        columns = len(self._values)
        # Whole rows are skipped without being computed; the cells before the next one in its row are not.
        cells = stability_sweep(
            prepared.data.points,
            prepared.lens,
            n_intervals=self._counts[done // columns :] or self._counts[-1:],
            against="eps" if self._against == "eps" else "overlap",
            values=[value * unit for value in self._values],
            cover=cover,
            clusterer=clusterer,
            metric=self._request["metric"],
        )
        skipped = done // columns * columns
        for number, cell in enumerate(islice(cells, done - skipped, None), done + 1):
            if number > (self.total or 0):
                return
            if cell.refused:
                scalars = dict.fromkeys(("nodes", "edges", "b0", "b1", "coverage"), float("nan"))
                yield Step(number, scalars, events=[("refused", {"reason": cell.refused})])
            else:
                yield Step(
                    number,
                    {name: float(getattr(cell, name)) for name in ("nodes", "edges", "b0", "b1", "coverage")},
                )

    def state(self) -> tuple[Mapping[str, np.ndarray], Any]:
        """Nothing: the step alone says which cells are done."""
        return {}, {}

    def apply(self, control: Control) -> None:
        """A sweep has nothing to steer but pause and stop."""
