"""The process of one run: lock it, drive it, leave it in a state that says what happened, start the next."""

import logging
import signal
import sys
from dataclasses import dataclass
from types import FrameType
from typing import Any

from topodash.datasets import DatasetFileError
from topodash.jobs.driver import Driver
from topodash.jobs.kinds import make_driver
from topodash.jobs.loop import ControlSource, Loop, Outcome
from topodash.jobs.starter import JobStarter
from topodash.runs import (
    Catalogue,
    Checkpoint,
    Recorder,
    RecordingFailed,
    RunBusy,
    RunError,
    RunNotFound,
    RunStore,
)
from topodash.settings import Settings

_log = logging.getLogger("topodash.jobs")


def run_job(settings: Settings, run_id: str) -> int:
    """Drive a queued run to its outcome; the exit code is 0 unless the run failed.

    Nothing happens when another process has the run, or when it is not queued (any more).
    """
    asked = _EndSignals()
    catalogue = Catalogue.of(settings)
    try:
        recorder, task = _take(settings, run_id)
    except RunBusy:
        return 0
    except RunError as error:
        _log.warning("%s", error)
        catalogue.vacate(run_id)
        return 1
    if task is None:
        recorder.close()
        return 0
    try:
        outcome = _drive(settings, catalogue, recorder, task, asked)
        _conclude(recorder, outcome)
    finally:
        try:
            recorder.close()
        finally:
            catalogue.vacate(run_id)
            if not asked():
                _hand_over(settings, catalogue, run_id)
    return 1 if outcome.state == "failed" else 0


class _EndSignals:
    """Remembers SIGTERM and SIGINT; the run ends at its next step."""

    def __init__(self) -> None:
        self._asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def __call__(self) -> bool:
        return self._asked


@dataclass(frozen=True)
class _Task:
    """What there is to do; `recorded` is the newest step in the file."""

    kind: str
    config: dict[str, Any]
    checkpoint: Checkpoint | None
    recorded: int | None


def _take(settings: Settings, run_id: str) -> tuple[Recorder, _Task | None]:
    """Lock the run; no task when it is not queued (any more)."""
    store = RunStore.of(settings)
    recorder = Recorder.resume(store.path(run_id))
    try:
        with store.open(run_id) as reader:
            status = reader.status
            if status.state != "queued":
                return recorder, None
            return recorder, _Task(reader.meta.kind, reader.meta.config, reader.checkpoint(), status.step)
    except BaseException:
        recorder.close()
        raise


def _drive(
    settings: Settings,
    catalogue: Catalogue,
    recorder: Recorder,
    task: _Task,
    asked: _EndSignals,
) -> Outcome:
    try:
        driver: Driver = make_driver(task.kind, task.config)
        if torch := sys.modules.get("torch"):
            torch.set_num_threads(1)
        control = ControlSource(catalogue, recorder.path)
        loop = Loop(driver, recorder, control.read, pause_seconds=settings.pause_seconds, asked_to_end=asked)
        return loop.run(task.checkpoint, task.recorded)
    except (RecordingFailed, DatasetFileError) as error:
        return Outcome("failed", str(error))
    except RunNotFound:
        return Outcome("stopped", "deleted")
    except Exception as error:  # a run must end with a message whatever its driver does; the log has the rest
        _log.exception("the driver raised")
        return Outcome("failed", f"{type(error).__name__}: {error}"[:500])


def _conclude(recorder: Recorder, outcome: Outcome) -> None:
    try:
        if outcome.state == "released":
            recorder.status("paused", released=True)
        elif outcome.state == "interrupted":
            recorder.flush()  # 'running' with a free lock is what interrupted means
        else:
            recorder.status(outcome.state, message=outcome.message)
    except (RecordingFailed, DatasetFileError) as error:
        if not recorder.fail(str(error)):
            _log.warning("%s", error)


def _hand_over(settings: Settings, catalogue: Catalogue, run_id: str) -> None:
    """Start the next run; or this one again, if it was resumed just while it let go."""
    try:
        store = RunStore.of(settings)
        with store.open(run_id) as reader:
            status = reader.status
        if status.released and not catalogue.control(run_id).holds(status.step):
            catalogue.enqueue(run_id)
        JobStarter(settings).pump()
    except RunError as error:
        _log.warning("%s", error)
