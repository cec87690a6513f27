"""What the catalogue knows of a run: whose it is, what is wanted of it, which process works at it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """Whose run it is and what it is called; `added` is in seconds since 1970."""

    id: str
    owner: str
    title: str
    added: float


@dataclass(frozen=True)
class Control:
    """What a person wants of a run.

    Attributes
    ----------
    pause, stop : bool
    step_until : int or None
        Go on until this step and pause there, whatever `pause` says.
    learning_rate : float or None
        None: as in the config.
    epochs_per_second : float or None
        None: as fast as possible.
    version : int
        Grows by 1 with every change.
    """

    pause: bool = False
    stop: bool = False
    step_until: int | None = None
    learning_rate: float | None = None
    epochs_per_second: float | None = None
    version: int = 0

    def holds(self, step: int | None) -> bool:
        """Whether a run that has done `step` is to wait."""
        if self.step_until is not None:
            return step is not None and step >= self.step_until
        return self.pause


@dataclass(frozen=True)
class Slot:
    """A process that was started for a run; `launched` in seconds since 1970, `tries` counts starts in a
    row."""

    id: str
    pid: int
    launched: float
    tries: int
