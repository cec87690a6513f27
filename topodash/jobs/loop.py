"""Drive one run: ask the driver for steps, record them, and obey what people want between two steps.

Nothing here knows what a step computes, and nothing here starts or ends processes.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topodash.jobs.driver import Driver, DriverFailed, Note, Step
from topodash.runs import Catalogue, Checkpoint, Control, Recorder, RunNotFound

_TICK = 0.01  # seconds between two looks at the control while nothing is computed
_CHECK_SECONDS = 1.0  # between two looks whether the file is still there
_CHECKPOINT_SECONDS = 1.0
_CHECKPOINT_SHARE = 50  # a checkpoint that takes t is not repeated before 50 t


@dataclass(frozen=True)
class Outcome:
    """How driving ended: a final state, 'interrupted' (asked to end) or 'released' (paused for long)."""

    state: str
    message: str = ""


class ControlSource:
    """The control of one run, read again only when somebody wrote the catalogue."""

    def __init__(self, catalogue: Catalogue, path: Path) -> None:
        self._catalogue = catalogue
        self._path = path
        self._checked = time.monotonic()
        self._seen: int | None = None
        self._control = Control()

    def read(self) -> Control:
        """The newest control; microseconds when nothing was written.

        Raises
        ------
        RunNotFound
            When the run was deleted, or its whole folder: nobody could stop it any more.
        """
        now = time.monotonic()
        if now - self._checked > _CHECK_SECONDS:
            self._checked = now
            if not self._path.exists():
                raise RunNotFound(f"the file of run {self._path.stem} is gone")
        seen = self._catalogue.data_version()
        if seen != self._seen:
            self._control = self._catalogue.control(self._path.stem)
            self._seen = seen
        return self._control


class Loop:
    """One run from its checkpoint, or its beginning, to an outcome.

    Parameters
    ----------
    driver : Driver
    recorder : Recorder
    read_control : callable giving the newest Control
        Called before every step, so it must be cheap.
    pause_seconds : float
        A pause longer than this ends in the outcome 'released'.
    asked_to_end : callable giving bool
        Looked at before every step and during waits: end as soon as a checkpoint is written.
    """

    def __init__(
        self,
        driver: Driver,
        recorder: Recorder,
        read_control: Callable[[], Control],
        *,
        pause_seconds: float = 60.0,
        asked_to_end: Callable[[], bool] = lambda: False,
    ) -> None:
        self._driver = driver
        self._recorder = recorder
        self._read_control = read_control
        self._pause_seconds = pause_seconds
        self._asked_to_end = asked_to_end
        self._step: int | None = None
        self._applied: float | None = None  # the learning rate that the driver was last told
        self._saved: int | None = None
        self._saved_at = time.monotonic()
        self._interval = _CHECKPOINT_SECONDS
        self._due = time.monotonic()
        self._said = ""  # of the step under way

    def run(self, checkpoint: Checkpoint | None, recorded: int | None = None) -> Outcome:
        """Go on after `checkpoint`; steps up to `recorded` are in the file already.

        Steps that are recorded already are repeated at full speed and without new control, so that they come
        out as they were; the recorder leaves them as they are.

        Raises
        ------
        RecordingFailed, and whatever the driver raises other than DriverFailed
        """
        steps = self._start(checkpoint)
        try:
            return self._run(steps, recorded)
        finally:
            if (close := getattr(steps, "close", None)) is not None:
                close()

    def _run(self, steps: Iterator[Step | Note | None], recorded: int | None) -> Outcome:
        self._recorder.status("running", total=self._driver.total)
        while True:
            if (outcome := self._obey(recorded)) is not None:
                return outcome
            try:
                step = next(steps)
            except StopIteration:
                self._save()
                return Outcome("finished", str(getattr(self._driver, "message", "") or ""))
            except DriverFailed as error:
                return Outcome("failed", str(error))
            if step is None:
                continue
            if isinstance(step, Note):
                self._say(step.message)
                continue
            self._record(step)
            self._say("")
            if time.monotonic() - self._saved_at >= self._interval:
                self._save()

    def _start(self, checkpoint: Checkpoint | None) -> Iterator[Step | Note | None]:
        if checkpoint is None:
            return self._driver.start(self._recorder, None)
        self._step = self._saved = checkpoint.step
        steps = self._driver.start(
            self._recorder, Checkpoint(checkpoint.step, checkpoint.tensors, checkpoint.state["driver"])
        )
        self._applied = checkpoint.state["learning_rate"]
        if self._applied is not None:
            self._driver.apply(Control(learning_rate=self._applied))
        return steps

    def _obey(self, recorded: int | None) -> Outcome | None:
        """Wait as long as the run is to wait; an outcome when it is to end."""
        paused_at: float | None = None
        while True:
            control = self._read_control()
            if self._asked_to_end():
                self._save()
                return Outcome("interrupted")
            if control.stop:
                self._save()
                return Outcome("stopped")
            if self._step is None or (recorded is not None and self._step < recorded):
                return None
            now = time.monotonic()
            if control.holds(self._step):
                if paused_at is None:
                    paused_at = now
                    self._rest(True)
                    self._save()
                    self._recorder.status("paused")
                    self._said = ""
                elif now - paused_at >= self._pause_seconds:
                    return Outcome("released")
            else:
                if paused_at is not None:
                    paused_at = None
                    self._due = now
                    self._rest(False)
                    self._recorder.status("running")
                self._apply(control)
                wait = self._pace(control, now)
                if wait <= 0:
                    return None
                time.sleep(min(wait, _TICK))
                continue
            time.sleep(_TICK)

    def _say(self, message: str) -> None:
        """Beside the state, until something else is said or the next step is there."""
        if message != self._said:
            self._said = message
            self._recorder.status("running", message=message)

    def _rest(self, on: bool) -> None:
        if (rest := getattr(self._driver, "rest", None)) is not None:
            rest(on)

    def _pace(self, control: Control, now: float) -> float:
        """Seconds until the next step is due; a run that cannot keep up does not owe the steps it missed."""
        if not control.epochs_per_second or now - self._due > 1.0 / control.epochs_per_second:
            self._due = now
            return 0.0
        return self._due - now

    def _apply(self, control: Control) -> None:
        if control.learning_rate == self._applied:
            return
        self._driver.apply(control)
        self._applied = control.learning_rate
        # The steps from here on are repeatable only from a state that knows the new rate.
        self._save(again=True)

    def _record(self, step: Step) -> None:
        for artifact in step.artifacts:
            self._recorder.artifact(
                artifact.name,
                artifact.content,
                step=step.step,
                media_type=artifact.media_type,
                meta=artifact.meta,
            )
        self._recorder.record(step.step, scalars=step.scalars, snapshot=step.snapshot, events=step.events)
        self._step = step.step
        rate = self._read_control().epochs_per_second
        self._due += 1.0 / rate if rate else 0.0

    def _save(self, *, again: bool = False) -> None:
        """Checkpoint at the newest step, if there is anything new to keep."""
        if self._step is None or (self._saved == self._step and not again):
            return
        began = time.monotonic()
        tensors, state = self._driver.state()
        wrapped: dict[str, Any] = {"driver": state, "learning_rate": self._applied}
        self._recorder.checkpoint(self._step, tensors, wrapped)
        self._saved_at = time.monotonic()
        self._saved = self._step
        self._interval = max(_CHECKPOINT_SECONDS, _CHECKPOINT_SHARE * (self._saved_at - began))
