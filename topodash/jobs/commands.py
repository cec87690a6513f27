"""What a person does to runs: create, steer, resume, delete; and what is looked after when a server
starts."""

import contextlib
import platform
import time
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import numpy as np

from topodash import __version__
from topodash.jobs.driver import StepArtifact
from topodash.jobs.kinds import KINDS
from topodash.jobs.starter import JobStarter
from topodash.runs import Catalogue, Control, Recorder, RunBusy, RunError, RunNotFound, RunStore, new_id
from topodash.settings import Settings


class _Unchanged:
    """Not given: None means 'as in the config' or 'as fast as possible'."""

    def __repr__(self) -> str:
        return "unchanged"


UNCHANGED: Final = _Unchanged()
_RESUMABLE = frozenset({"interrupted", "stopped", "failed", "paused"})


def create_run(
    settings: Settings,
    *,
    kind: str,
    config: Mapping[str, Any],
    owner: str = "",
    title: str = "",
    parent: Mapping[str, Any] | None = None,
    artifacts: Mapping[str, Mapping[str, np.ndarray] | bytes | StepArtifact] | None = None,
    start: bool = True,
    command: str = "",
) -> str:
    """A new run: its file, its place in the catalogue and in the queue; started at once if there is room.

    Parameters
    ----------
    kind : str
        One of `topodash.jobs.kinds.KINDS`.
    config : JSON object
        Of that kind. `epochs_per_second` in it is the first pace; missing or None is as fast as possible.
    owner, title : str
    parent : {"run": id, "step": k}, optional
    artifacts : mapping, optional
        What the run begins with: arrays, bytes, or a StepArtifact with media type and meta.
    start : bool
        False leaves the run in the queue for the next pump.
    command : str
        On the command line: what was called, for the run's provenance.

    Returns
    -------
    str
        The id.

    Raises
    ------
    ValueError
        For an unknown kind or a config that is not JSON.
    RunError
        When the file or the catalogue cannot be written (RecordingFailed on a full disk).
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}, was {kind!r}")
    store = RunStore.of(settings)
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"the data folder {settings.data_dir} cannot be used: {error.strerror}") from error
    run_id = new_id()
    try:
        with Recorder.create(
            store.path(run_id), kind=kind, config=config, parent=parent, provenance=_provenance(command)
        ) as recorder:
            for name, content in (artifacts or {}).items():
                if isinstance(content, StepArtifact):
                    recorder.artifact(name, content.content, media_type=content.media_type, meta=content.meta)
                else:
                    recorder.artifact(name, content)
            recorder.close(durable=False)
        control = Control(epochs_per_second=config.get("epochs_per_second"))
        Catalogue.of(settings).add(run_id, owner, title, control=control, queue=True)
    except BaseException:
        with contextlib.suppress(RunError):
            store.delete(run_id)
        raise
    if start:
        JobStarter(settings).pump()
    return run_id


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    found = {"topodash": __version__, "python": platform.python_version()}
    for package in ("numpy", "torch"):
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def _provenance(command: str = "") -> dict[str, Any]:
    said = {"command": command} if command else {}
    return {**said, "versions": _versions(), "machine": platform.machine()}


def steer(
    settings: Settings,
    run_id: str,
    *,
    pause: bool | _Unchanged = UNCHANGED,
    stop: bool | _Unchanged = UNCHANGED,
    step_until: int | _Unchanged | None = UNCHANGED,
    learning_rate: float | _Unchanged | None = UNCHANGED,
    epochs_per_second: float | _Unchanged | None = UNCHANGED,
) -> Control:
    """Change what is wanted of a run; it obeys at its next step. What is not given stays.

    Parameters
    ----------
    pause : bool
        Also forgets `step_until`, unless that is given too.
    stop : bool
        Also ends a run that waits, or whose process is gone.
    step_until : int or None
        Go on until this step and pause there; Step is `step_until=step + 1`.
    learning_rate : float or None
        Positive; None is the config's own.
    epochs_per_second : float or None
        Positive; None is as fast as possible.

    Raises
    ------
    ValueError
        For a learning rate or pace that is not positive and finite.
    RunNotFound, RunError
    """
    given = {
        "pause": pause,
        "stop": stop,
        "step_until": step_until,
        "learning_rate": learning_rate,
        "epochs_per_second": epochs_per_second,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not UNCHANGED}
    for name in ("learning_rate", "epochs_per_second"):
        value = changes.get(name)
        if value is not None and not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be a positive number or None, was {value!r}")
    if "pause" in changes:
        changes.setdefault("step_until", None)
    catalogue, store = Catalogue.of(settings), RunStore.of(settings)
    control = catalogue.set_control(run_id, **changes)
    if changes.get("stop"):
        _stop_idle(store, catalogue, run_id)
    elif "pause" in changes or "step_until" in changes:
        with store.open(run_id) as reader:
            status = reader.status
        if status.released and not control.holds(status.step):
            resume_run(settings, run_id)
    return control


def _stop_idle(store: RunStore, catalogue: Catalogue, run_id: str) -> None:
    """Stop a run that no process drives: in the queue, paused for long, or interrupted."""
    waiting = catalogue.dequeue(run_id)
    if waiting or store.state(run_id) == "interrupted" or not store.is_running(run_id):
        # Busy: a process has just taken it, and will read the control.
        with contextlib.suppress(RunBusy), Recorder.resume(store.path(run_id)) as recorder:
            if recorder.state in {"queued", "running", "paused"}:
                recorder.status("stopped")


def resume_run(settings: Settings, run_id: str) -> None:
    """Queue a run again that was interrupted, stopped, paused for long, or failed; it goes on from its
    checkpoint.

    Nothing happens to a run that waits or works already, except that a pause ends.

    Raises
    ------
    RunError
        For a finished run.
    RunNotFound, RunDamaged, RunTooNew
    """
    store, catalogue = RunStore.of(settings), Catalogue.of(settings)
    state = store.state(run_id)
    if state == "finished":
        raise RunError(f"run {run_id} is finished; use Branch to train on from any of its steps")
    control = catalogue.control(run_id)
    step = _status_step(store, run_id)
    changes: dict[str, Any] = {"stop": False}
    if control.holds(step):
        changes.update(pause=False, step_until=None)
    catalogue.set_control(run_id, **changes)
    if state not in _RESUMABLE or store.is_running(run_id):
        return
    with Recorder.resume(store.path(run_id)) as recorder:
        recorder.status("queued")
        recorder.close(durable=False)
    catalogue.enqueue(run_id)
    JobStarter(settings).pump()


def _status_step(store: RunStore, run_id: str) -> int | None:
    with store.open(run_id) as reader:
        return reader.status.step


def delete_run(settings: Settings, run_id: str, *, patience: float = 3.0) -> None:
    """Stop a run, then remove its file and all that the catalogue knows of it.

    Raises
    ------
    RunBusy
        When it does not stop within `patience` seconds (a step may take long): it was told to stop; try
        again.
    RunError
        For a shipped result.
    """
    store, catalogue = RunStore.of(settings), Catalogue.of(settings)
    catalogue.dequeue(run_id)
    with contextlib.suppress(RunNotFound):  # a file without an entry can be deleted too
        catalogue.set_control(run_id, stop=True)
    deadline = time.monotonic() + patience
    while store.is_running(run_id):
        if time.monotonic() > deadline:
            raise RunBusy(
                f"run {run_id} is still at work; it was told to stop after its step: delete it then"
            )
        time.sleep(0.02)
    store.delete(run_id)
    catalogue.delete(run_id)


def sweep(settings: Settings) -> list[str]:
    """When a server starts: the ids of interrupted runs; half-written leftovers are removed."""
    store = RunStore.of(settings)
    settings.runs_dir.mkdir(parents=True, exist_ok=True)
    for part in settings.runs_dir.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > 3600:
                part.unlink()
    JobStarter(settings).pump()
    interrupted = []
    for run_id in store.ids():
        with contextlib.suppress(RunError):
            if store.state(run_id) == "interrupted":
                interrupted.append(run_id)
    return sorted(interrupted)
