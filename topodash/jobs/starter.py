"""Start queued runs, up to a limit, whichever process notices first.

All starting happens under one lock in the data folder, so that any number of web processes, and runs that
end, may pump at the same time. A *slot* in the catalogue says that a process was started for a run; the run's
own lock, once the process holds it, says that it lives.
"""

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import topodash
from topodash.jobs import spare
from topodash.jobs.log import open_log
from topodash.runs import Catalogue, Recorder, RunBusy, RunError, RunStore
from topodash.runs.catalogue_records import Slot
from topodash.runs.lock import RunLock
from topodash.settings import Settings

_log = logging.getLogger("topodash.jobs")

_IMPORT_SECONDS = 30.0  # a started process that has not locked its run after so long is not going to
_TRIES = 2
_SPARE_SECONDS = 2.0
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "RAYON")


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment of a process of ours: these settings, one thread a library, and this very code."""
    here = str(Path(topodash.__file__).resolve().parent.parent)
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    caps = {f"{library}_NUM_THREADS": "1" for library in _THREADS}
    return {**os.environ, **settings.environment(), **caps, "PYTHONPATH": os.pathsep.join(paths)}


def spawn(
    settings: Settings, arguments: list[str], log: Path, *, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen:
    """`python -m topodash.jobs ...`, in a session of its own, printing to a log."""
    descriptor = open_log(log)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "topodash.jobs", *arguments],
            stdin=stdin,
            stdout=descriptor,
            stderr=descriptor,
            env=child_environment(settings),
            start_new_session=True,
        )
    finally:
        os.close(descriptor)


class JobStarter:
    """Starts queued runs up to `settings.workers`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._catalogue = Catalogue.of(settings)
        self._store = RunStore.of(settings)
        self._spare: subprocess.Popen | None = None
        self._spare_began = float("-inf")
        self._ended = threading.Event()

    def pump(self) -> list[str]:
        """Start what is queued, as far as there are free slots; gives the ids of the started runs.

        Raises
        ------
        RunError
            When the data folder cannot be used.
        """
        started: list[str] = []
        with self._starting():
            active = sum(self._lives(slot) for slot in self._catalogue.slots())
            for run_id in self._catalogue.queued():
                if active >= self._settings.workers:
                    break
                if not self._store.exists(run_id):
                    self._catalogue.dequeue(run_id)
                    continue
                self._start(run_id)
                active += 1
                started.append(run_id)
        return started

    @contextlib.contextmanager
    def _starting(self) -> Iterator[None]:
        try:
            self._settings.runs_dir.mkdir(parents=True, exist_ok=True)
            lock = RunLock(self._settings.data_dir / "start.lock", ballast=0)
            lock.acquire(patience=10.0)
        except OSError as error:
            raise RunError(
                f"the data folder {self._settings.data_dir} cannot be used: {error.strerror}"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _lives(self, slot: Slot) -> bool:
        if self._store.is_running(slot.id):
            return True
        young = time.time() - slot.launched < _IMPORT_SECONDS
        if young and _alive(slot.pid):
            return True
        return self._bury(slot)

    def _bury(self, slot: Slot) -> bool:
        """The process is gone. A run that never began is tried once more; True if it was started again."""
        self._catalogue.vacate(slot.id)
        try:
            if self._store.state(slot.id) != "queued" or slot.id in self._catalogue.queued():
                return False
            if slot.tries < _TRIES:
                self._start(slot.id, slot.tries + 1)
                return True
            with Recorder.resume(self._store.path(slot.id)) as recorder:
                recorder.status("failed", message="its process ended before it began; its log says why")
        except RunBusy:
            return True
        except RunError as error:
            _log.warning("%s", error)
        return False

    def _start(self, run_id: str, tries: int = 1) -> None:
        # The slot is taken before the process runs: a short run may end before this function does.
        self._catalogue.occupy(run_id, os.getpid(), tries=tries)
        pid = spare.claim(self._settings.data_dir, run_id)
        if pid is None:
            process = spawn(self._settings, [run_id], self._store.log_path(run_id))
            pid = process.pid
            threading.Thread(target=self._reap, args=(process,), daemon=True, name=f"reap {run_id}").start()
        self._catalogue.move_in(run_id, pid)

    def _reap(self, process: subprocess.Popen) -> None:
        """Wait for a child, so that no zombie stays; a run that was killed could not start the next, so we
        do."""
        process.wait()
        if process.returncode and not self._ended.is_set():
            with contextlib.suppress(RunError):
                self.pump()

    # The warm spare, and watching

    def warm(self) -> None:
        """Have a spare process, if the settings want one and there is none; returns at once."""
        if not self._settings.spare or spare.exists(self._settings.data_dir):
            return
        with self._starting():
            young = (
                time.monotonic() - self._spare_began < _SPARE_SECONDS
            )  # it may not have said yet that it is there
            if young or spare.exists(self._settings.data_dir):
                return
            self._let_go_of_spare()
            self._spare_began = time.monotonic()
            self._spare = spawn(
                self._settings, ["--spare"], self._settings.data_dir / "spare.log", stdin=subprocess.PIPE
            )
        threading.Thread(target=self._reap, args=(self._spare,), daemon=True, name="reap spare").start()

    def watch(self, seconds: float = 1.0) -> threading.Thread:
        """Pump whenever something is queued, and keep a spare, until `close`; in a thread of its own."""
        thread = threading.Thread(target=self._watch, args=(seconds,), daemon=True, name="job starter")
        thread.start()
        return thread

    def _watch(self, seconds: float) -> None:
        lacking = 0
        while not self._ended.wait(seconds):
            with contextlib.suppress(RunError):
                if self._catalogue.queued() or self._catalogue.slots():
                    self.pump()
                # Not at once: the run that has just taken the spare needs the processor first.
                lacking = 0 if spare.exists(self._settings.data_dir) else lacking + 1
                if lacking == 3:
                    self.warm()

    def check(self) -> None:
        """Raise RunError when runs could not be started: the data folder or the catalogue is unusable."""
        with self._starting():
            self._catalogue.queued()

    def close(self) -> None:
        """End watching and the spare that this starter began; runs go on."""
        self._ended.set()
        self._let_go_of_spare()
        self._catalogue.close()

    def _let_go_of_spare(self) -> None:
        if self._spare is not None and self._spare.stdin is not None:
            self._spare.stdin.close()
        self._spare = None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
