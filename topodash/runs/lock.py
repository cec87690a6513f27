"""The lock that says 'a process is writing this run'.

A lock is `flock` on a small file beside the run. The kernel frees it when the process dies, however it dies,
so a lock never has to be cleaned up. Asking whether it is held takes a *shared* lock for a moment, so that
any number of web processes may ask at once without taking each other for a writer; a writer tries again for a
moment for the same reason.
"""

import contextlib
import fcntl
import os
import time
from pathlib import Path

from topodash.runs.errors import RunBusy

_PATIENCE = 1.0  # seconds a writer goes on trying, longer than any reader's question takes


class RunLock:
    """Exclusive lock on one file, held from `acquire` until `release` or the death of the process.

    The locked file carries some ballast (bytes). On a full disk `drop_ballast` gives that room back, so that
    the state 'failed, the disk is full' can still be written.
    """

    def __init__(self, path: Path, *, ballast: int = 64 * 1024) -> None:
        self._path = path
        self._ballast = ballast
        self._descriptor: int | None = None

    def acquire(self, patience: float = _PATIENCE) -> None:
        """Take the lock.

        Raises
        ------
        RunBusy
            When another process (or another recorder in this one) still holds it after `patience` seconds.
        """
        deadline = time.monotonic() + patience
        while not self._try():
            if time.monotonic() >= deadline:
                raise RunBusy(f"{self._path.stem} is being written by another process; stop that run first")
            time.sleep(0.005)
        with contextlib.suppress(OSError):  # ballast is a convenience: a disk that is full already has none
            os.pwrite(self._held, b"\0" * self._ballast, 0)

    def _try(self) -> bool:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The file may have been deleted between open and flock: a lock on a nameless file locks nothing.
            if self._path.stat().st_ino == os.fstat(descriptor).st_ino:
                self._descriptor, descriptor = descriptor, -1
                return True
        except (BlockingIOError, FileNotFoundError):
            return False
        finally:
            if descriptor >= 0:
                os.close(descriptor)
        return False

    @property
    def _held(self) -> int:
        if self._descriptor is None:
            raise RuntimeError("the lock is not held")
        return self._descriptor

    def drop_ballast(self) -> None:
        """Give the room of the ballast back to the disk."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._held, 0)

    def release(self, *, unlink: bool = False) -> None:
        """Free the lock; with `unlink`, remove its file first (only when the run itself is gone)."""
        if self._descriptor is None:
            return
        if unlink:
            self._path.unlink(missing_ok=True)
        else:
            self.drop_ballast()
        # Said aloud: a program just being started may hold a copy of the descriptor for another moment.
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)
        self._descriptor = None


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock at `path`; never creates the file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
