"""Where the bytes of results are kept: a folder, or memory. A backend never raises: what it cannot give is a
miss."""

import contextlib
import io
import os
import struct
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from flask_caching.backends.filesystemcache import FileSystemCache


class Backend(Protocol):
    """Bytes by key."""

    def load(self, key: str) -> bytes | None:
        """The bytes, or None."""
        ...

    def store(self, key: str, data: bytes) -> str | None:
        """Keep the bytes; None, or a sentence that says why they could not be kept."""
        ...

    def remove(self, key: str) -> None:
        """Forget them."""
        ...


class MemoryBackend:
    """A dict that forgets what was unused for longest beyond `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._items: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._mutex = threading.Lock()

    def load(self, key: str) -> bytes | None:
        """The bytes, or None."""
        with self._mutex:
            if key in self._items:
                self._items.move_to_end(key)
            return self._items.get(key)

    def store(self, key: str, data: bytes) -> str | None:
        """Keep the bytes unless they are greater than the whole."""
        if len(data) > self._max:
            return _too_great(len(data), self._max)
        with self._mutex:
            self._drop(key)
            self._items[key] = data
            self._size += len(data)
            while self._size > self._max:
                self._drop(next(iter(self._items)))
        return None

    def remove(self, key: str) -> None:
        """Forget them."""
        with self._mutex:
            self._drop(key)

    def _drop(self, key: str) -> None:
        self._size -= len(self._items.pop(key, b""))


class _Raw:
    """The serializer of our files: the bytes themselves. (The default one is pickle.)"""

    def dump(self, value: bytes, file: io.BufferedWriter) -> None:
        file.write(value)

    def load(self, file: io.BufferedReader) -> bytes:
        return file.read()


class _Files(FileSystemCache):
    """flask-caching's FileSystemCache with raw bytes, no expiry, no eviction of its own, and quiet about
    errors.

    The base class writes a traceback to the root logger for every file that it cannot use, leaves
    half-written files when the disk is full, and retries for ten seconds where permission is missing.
    """

    serializer: Any = _Raw()

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), threshold=0, default_timeout=0)

    def path(self, key: str) -> Path:
        """The file of this key."""
        return Path(self._get_filename(key))

    def _run_safely(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)

    @contextlib.contextmanager
    def _safe_stream_open(self, path: str, mode: str) -> Iterator[Any]:
        try:
            file = Path(path).open(mode)  # noqa: SIM115 - closed below
            if os.fstat(file.fileno()).st_size < 4:
                file.close()
                raise FileNotFoundError(path)
        except OSError as error:
            raise FileNotFoundError(path) from error  # which the base class takes as a quiet miss
        with file:
            yield file

    def set(self, key: str, value: Any, timeout: Any = None, mgmt_element: bool = False) -> bool:
        """Write whole or not at all; OSError when it cannot be written."""
        descriptor, part = tempfile.mkstemp(suffix=self._fs_transaction_suffix, dir=self._path)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(struct.pack("I", 0))  # the base class's 'never expires'
                self.serializer.dump(value, file)
            Path(part).replace(self.path(key))
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        return True


class FolderBackend:
    """Files in a folder that is kept under `max_bytes`, those unused for longest going first.

    Parameters
    ----------
    folder : Path
        Made when it is missing; if that fails, nothing is kept.
    max_bytes : int
    """

    _CHECK_SECONDS = 10.0

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = Path(folder)
        self._max = max_bytes
        self._files: _Files | None = None
        self._total = 0
        self._looked = float("-inf")
        self._mutex = threading.Lock()

    def _open(self) -> _Files:
        if self._files is None:
            self._files = _Files(self.folder)
        return self._files

    def load(self, key: str) -> bytes | None:
        """The bytes, or None; marks the file as used."""
        try:
            files = self._open()
            data = files.get(key)
            if data is not None:
                with contextlib.suppress(OSError):  # read-only, or swept away since
                    os.utime(files.path(key))
            return data
        except OSError:
            return None

    def store(self, key: str, data: bytes) -> str | None:
        """Write the bytes, and make room for them first."""
        if len(data) > self._max:
            return _too_great(len(data), self._max)
        try:
            files = self._open()
            self._make_room(len(data) + 4)
            files.set(key, data)
        except OSError as error:
            self._files = None
            return f"the cache folder {self.folder} cannot be written: {error.strerror or error}"
        return None

    def remove(self, key: str) -> None:
        """Forget them."""
        with contextlib.suppress(OSError):
            self._open().path(key).unlink(missing_ok=True)

    def _make_room(self, size: int) -> None:
        """Other processes write here too: look at the folder now and then, and whenever it might be full."""
        with self._mutex:
            self._total += size
            now = time.monotonic()
            if self._total > self._max or now - self._looked > self._CHECK_SECONDS:
                self._total = sweep(self.folder, self._max - size) + size
                self._looked = now


def sweep(folder: Path, max_bytes: int) -> int:
    """Delete the files of a cache folder that were unused for longest until it holds at most `max_bytes`.

    Returns the bytes that are left. When there is too much, a tenth more is deleted, so as not to sweep every
    time. Half-written files are removed after an hour, lock files after a day.
    """
    found: list[tuple[float, int, Path]] = []
    now = time.time()
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            info = path.stat()
            if path.is_dir():
                continue
            old = (path.suffix == ".__wz_cache" and 3600) or (path.suffix == ".lock" and 86400)
            if old and now - info.st_mtime > old:
                path.unlink()
            else:
                found.append((info.st_mtime, info.st_size, path))
    total = sum(size for _, size, _ in found)
    if total > max_bytes:
        target = max(0, max_bytes - max_bytes // 10)
        for _, size, path in sorted(found, key=lambda item: item[0]):
            if path.suffix == ".lock":
                continue
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size
            if total <= target:
                break
    return total


def _too_great(size: int, most: int) -> str:
    return f"a result of {size / 2**20:.0f} MB is greater than the whole cache ({most / 2**20:.0f} MB)"
