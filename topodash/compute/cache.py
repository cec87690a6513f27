"""Compute once, for however many ask, in however many processes.

The first to ask computes, under a lock file that the kernel frees if it dies; all others wait and read what
it stored. A result that cannot be stored (full disk, read-only folder) is computed and given all the same,
and that is said once.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from filelock import FileLock

from topodash.compute import codec
from topodash.compute.backends import Backend, FolderBackend, MemoryBackend
from topodash.compute.shipped import Shipped
from topodash.resources import resource_dir

if TYPE_CHECKING:
    from topodash.settings import Settings

_log = logging.getLogger("topodash.compute")
_MISSING = object()
#: The file of shipped results in the folder `data`.
SHIPPED = "answers.zip"


class Cache:
    """Results by key (`topodash.compute.key`).

    Parameters
    ----------
    folder : Path or None
        None keeps results in the memory of this process.
    max_mb : float
        Greatest size of the folder, or of the memory.
    shipped : Shipped, optional
        Results that travel with the code; looked at when there is no other.
    """

    def __init__(self, folder: Path | str | None, max_mb: float, shipped: Shipped | None = None) -> None:
        most = int(max_mb * 2**20)
        self._folder = None if folder is None else Path(folder)
        self._backend: Backend = (
            MemoryBackend(most) if self._folder is None else FolderBackend(self._folder, most)
        )
        self._shipped = shipped
        self._mutex = threading.Lock()
        self._busy: dict[str, tuple[threading.Lock, int]] = {}
        self.trouble = ""
        """Why results cannot be kept, or empty."""

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """The cache that the settings name, over the results that travel with the code."""
        return cls(settings.cache_dir, settings.cache_mb, Shipped(resource_dir("data") / SHIPPED))

    def get(self, key: str, default: Any = None) -> Any:
        """The result, or `default`; what cannot be decoded is a miss and is removed.

        None is a result like any other: pass a `default` of your own to tell it from a miss.
        """
        data = self._backend.load(key)
        if data is not None:
            try:
                return codec.decode(data)
            except codec.Undecodable:
                self._backend.remove(key)
        data = None if self._shipped is None else self._shipped.load(key)
        try:
            return default if data is None else codec.decode(data)
        except codec.Undecodable:
            return default

    def put(self, key: str, value: Any) -> bool:
        """Keep a result; False when it cannot be kept (said once in the log, and in `trouble`).

        Raises
        ------
        TypeError
            For a value that is no JSON tree with numpy arrays.
        """
        return self.put_encoded(key, codec.encode(value))

    def put_encoded(self, key: str, data: bytes) -> bool:
        """As `put`, of what `codec.encode` made."""
        trouble = self._backend.store(key, data) or ""
        if trouble and trouble != self.trouble:
            _log.warning("%s; results are computed again each time", trouble)
        self.trouble = trouble
        return not trouble

    def get_or_compute(self, key: str, function: Callable[[], Any]) -> Any:
        """The result; computed by `function()` when nobody has it, once for all who ask meanwhile.

        Raises
        ------
        TypeError
            As `put`. What `function` raises is raised to each who asked, after a try of its own.
        """
        value = self.get(key, _MISSING)
        if value is not _MISSING:
            return value
        with self.alone(key):
            value = self.get(key, _MISSING)
            if value is _MISSING:
                value = function()
                self.put(key, value)
            return value

    @contextlib.contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """One at a time for this key: in this process by a lock, among processes by a lock file."""
        with self._mutex:
            lock, users = self._busy.get(key, (threading.Lock(), 0))
            self._busy[key] = (lock, users + 1)
        try:
            with lock, self._lock_file(key):
                yield
        finally:
            with self._mutex:
                users = self._busy[key][1] - 1
                if users:
                    self._busy[key] = (lock, users)
                else:
                    del self._busy[key]

    @contextlib.contextmanager
    def _lock_file(self, key: str) -> Iterator[None]:
        lock = None
        if self._folder is not None:
            with contextlib.suppress(
                OSError, NotImplementedError
            ):  # a folder without locks: alone in this process
                self._folder.mkdir(parents=True, exist_ok=True)
                lock = FileLock(self._folder / f"{key}.lock", thread_local=False)
                lock.acquire(poll_interval=0.02)
        try:
            yield
        finally:
            if lock is not None and lock.is_locked:
                lock.release()
