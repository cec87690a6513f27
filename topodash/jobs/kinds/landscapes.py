"""Kind `landscapes`: the activation-landscape study; every unit of work (a group trained, a network
measured) is a step.

Parts are artifacts of the run, named as in `topodash.studies.activation_landscapes.run`: 'input' and
'network/<number>'. Weights of groups that are still needed are in the checkpoint. The last step leaves the
artifact 'study'.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import numpy as np

from topodash.datasets import counted
from topodash.durations import duration
from topodash.jobs.driver import DriverFailed, Note, Step, StepArtifact
from topodash.jobs.kinds import checks
from topodash.runs import Checkpoint, Control, Recorder, RunReader
from topodash.studies.activation_landscapes import (
    LandscapeConfig,
    Part,
    Underway,
    Workers,
    WorkersDied,
    attend,
    combine,
    table,
    units,
)

#: Seconds that a unit may take before the control is looked at.
_PATIENCE = 0.2


class LandscapesDriver:
    """Drives one study; see `topodash.jobs.driver.Driver`.

    Config: the fields of `LandscapeConfig` (`LandscapeConfig.to_json`), and `workers`, the number of
    processes, which changes no number of the result. Scalars of each step: `seconds` (of the unit) and
    `seconds_left` (of all).

    Raises
    ------
    ValueError
        When the config is out of bounds or has an unknown key.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        given = dict(config)
        self._workers = Workers(checks.integer(given, "workers", 1, 256, 1), _PATIENCE)
        given.pop("workers", None)
        given.pop("epochs_per_second", None)
        self._config = LandscapeConfig.from_json(given)
        self._names = units(self._config)
        self.total: int | None = len(self._names)
        self.message = ""
        self._weights: dict[int, dict[str, np.ndarray]] = {}

    def start(self, recorder: Recorder, checkpoint: Checkpoint | None) -> Iterator[Step | Note | None]:
        """Every unit that the run has not, then the result; None or a Note now and then while a unit takes its time."""
        finished: set[str] = set()
        if checkpoint is not None:
            self._weights = _unflatten(checkpoint.tensors)
            recorder.flush()
            with RunReader(recorder.path) as reader:
                finished = {each.name for each in reader.artifacts()} & set(self._names)
        # A group counts as finished when its weights are at hand or nobody needs them any more.
        for group, members in enumerate(self._config.groups):
            if group in self._weights or finished.issuperset(f"network/{k}" for k in members):
                finished.add(f"weights/{group}")
        with closing(self._workers) as workers:
            parts = attend(self._config, workers, finished=finished, load_weights=self._weights.__getitem__)
            try:
                yield from map(self._step, parts)
            except WorkersDied as problem:
                raise DriverFailed(str(problem)) from problem
        yield Note("averages and tests")
        result = self._result(recorder)
        self._weights = {}  # before the step: the checkpoint after it is the last one, and need not hold them
        yield Step(len(self._names), artifacts=(result,))

    def _step(self, part: Part | Underway | None) -> Step | Note | None:
        if part is None:
            return None
        if isinstance(part, Underway):
            return Note(f"{part.message}, about {duration(part.seconds_left)} left")
        kind, _, number = part.name.partition("/")
        artifacts: tuple[StepArtifact, ...] = ()
        if kind == "weights":
            self._weights[int(number)] = part.arrays
        else:
            artifacts = (StepArtifact(part.name, part.arrays),)
        scalars = {"seconds": part.seconds, "seconds_left": part.seconds_left}
        return Step(self._names.index(part.name), scalars, artifacts=artifacts)

    def _result(self, recorder: Recorder) -> StepArtifact:
        recorder.flush()
        with RunReader(recorder.path) as reader:
            study = combine(self._config, lambda name: reader.artifact(name).arrays)
        if not study.usable.any():
            raise DriverFailed("no network has every layer at any moment; see the reasons in the parts")
        never = int((study.steps[:, -1] < 0).sum())
        if never:
            self.message = (
                f"{never} of {counted(self._config.networks, 'network')} never reached the highest threshold"
            )
        tests, corrected = table(study)
        rows = [
            {
                "a": self._config.snapshots[each.a],
                "b": self._config.snapshots[each.b],
                "networks": each.networks,
                "shared": each.shared,
                "why": each.why,
                "statistic": each.test.statistic if each.test else None,
                "p": each.test.p_value if each.test else None,
                "smallest_p": each.test.smallest_p if each.test else None,
                "holm": float(adjusted) if each.test else None,
            }
            for each, adjusted in zip(tests, corrected, strict=True)
        ]
        meta = {
            "layers": list(self._config.layers),
            "snapshots": list(self._config.snapshots),
            "degrees": list(self._config.degrees),
            "paired_tests": rows,
        }
        return StepArtifact("study", study.to_arrays(), meta=meta)

    def state(self) -> tuple[Mapping[str, np.ndarray], Any]:
        """Weights of the trained groups; which units are finished stands in the run itself."""
        return {
            f"{number}.{key}": a for number, arrays in self._weights.items() for key, a in arrays.items()
        }, {}

    def rest(self, on: bool) -> None:
        """Hold the unit under way while the run is paused, and let it go on."""
        self._workers.hold(on)

    def apply(self, control: Control) -> None:
        """A study has nothing to steer but pause and stop."""


def _unflatten(tensors: Mapping[str, np.ndarray]) -> dict[int, dict[str, np.ndarray]]:
    groups: dict[int, dict[str, np.ndarray]] = {}
    for name, array in tensors.items():
        number, _, key = name.partition(".")
        groups.setdefault(int(number), {})[key] = array
    return groups
