"""What a kind of run is to the process that drives it: steps out, control in.

A driver is built from the run's config. `start` gives an iterator that computes one step each time it is
asked; between two steps, and only there, the driver may be asked for its state and be given new control.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from topodash.datasets import DatasetFileError
from topodash.runs import Checkpoint, Control, Recorder, RunError


class DriverFailed(Exception):
    """Raised by a driver to end its run as 'failed' with a sentence that a person can read, and no
    traceback."""


#: Errors whose sentence is meant for people.
FOR_PEOPLE = ValueError | RunError | DatasetFileError


def failure(error: Exception) -> str:
    """What a person is told of an error: its sentence where it is meant for people; else with its class too, for whoever
    mends it."""
    if isinstance(error, FOR_PEOPLE):
        return str(error)[:500]
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; try fewer points"
    return f"{type(error).__name__}: {error}"[:500]


@dataclass(frozen=True)
class StepArtifact:
    """An artifact that belongs to a step: a dict of arrays, or bytes with their media type."""

    name: str
    content: Mapping[str, np.ndarray] | bytes
    media_type: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What one step of a run leaves behind.

    Attributes
    ----------
    step : int
        The number of the step; greater than that of the step before.
    scalars : mapping of str to float
        NaN and infinities are kept.
    snapshot : mapping of str to ndarray, or None
        Copied at once: the driver may go on writing into its arrays.
    events : sequence of (kind, data)
        `data` is a JSON object. The same event at the same step is kept once.
    artifacts : sequence of StepArtifact
        Results that belong to this step.
    """

    step: int
    scalars: Mapping[str, float] = field(default_factory=dict)
    snapshot: Mapping[str, np.ndarray] | None = None
    events: Sequence[tuple[str, Mapping[str, Any]]] = ()
    artifacts: Sequence[StepArtifact] = ()


@dataclass(frozen=True)
class Note:
    """No step yet, but a sentence on the one under way; shown beside the state while it runs."""

    message: str


class Driver(Protocol):
    """One kind of run. `topodash.jobs.kinds.KINDS` maps the kind's name to a callable (config) -> Driver.

    The run of a config must be the same, bit for bit, with and without a stop and a restart from `state()`
    between any two steps.

    An optional method `rest(on)` is called when a pause begins (True) and ends (False), for a driver that computes
    between its steps too. An optional attribute `message` is shown with the final state, e.g. why the run ended before `total`.
    """

    total: int | None
    """The number of the last step, or None when it is not known."""

    def start(self, recorder: Recorder, checkpoint: Checkpoint | None) -> Iterator[Step | Note | None]:
        """Begin, or go on after `checkpoint.step`.

        The first step of a fresh run is its initialisation. Artifacts for the whole run (the data set) are
        written to the recorder here. Ending the iterator means 'finished'; DriverFailed means 'failed' with
        its message. None is no step: a driver whose steps take long gives it, or a Note, now and then, so that
        control is looked at; the state is then still that after the last step. The iterator is closed when the run ends.
        """
        ...

    def state(self) -> tuple[Mapping[str, np.ndarray], Any]:
        """(tensors, JSON) after the last step that was given out: all that `start` needs to go on from
        there."""
        ...

    def apply(self, control: Control) -> None:
        """Obey at the next step. `control.learning_rate` None means: as in the config."""
        ...
