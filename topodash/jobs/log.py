"""The log of a process: a file beside its run that cannot grow without bound."""

import os
import sys
from pathlib import Path
from typing import TextIO

LIMIT = 256 * 1024  # bytes


class BoundedText:
    """Stands in for `sys.stdout` and `sys.stderr`: passes text on until `limit` bytes, then says so and
    stops."""

    def __init__(self, stream: TextIO, limit: int = LIMIT) -> None:
        self._stream = stream
        self._left = limit

    def write(self, text: str) -> int:
        """Write, as long as there is room."""
        if self._left > 0:
            self._left -= len(text.encode(errors="replace"))
            self._stream.write(text if self._left > 0 else "\n[this log is full]\n")
            self._stream.flush()
        return len(text)

    def flush(self) -> None:
        """Everything is written at once; there is nothing left to flush."""

    def fileno(self) -> int:
        """The descriptor below, for those who write past Python."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """A file."""
        return False


def open_log(path: Path, limit: int = LIMIT) -> int:
    """A descriptor that appends to the log; of a long log only the newer half is kept."""
    try:
        if path.stat().st_size > limit:
            path.write_bytes(path.read_bytes()[-limit // 2 :])
    except FileNotFoundError:
        pass
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def redirect(path: Path) -> None:
    """Send everything that this process prints, also from C, to the log; read nothing any more."""
    log, nothing = open_log(path), os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(log)
    os.close(nothing)
    sys.stdout = BoundedText(sys.__stdout__)  # type: ignore[arg-type]
    sys.stderr = BoundedText(sys.__stderr__)  # type: ignore[arg-type]
