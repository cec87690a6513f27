"""Open the file of a run for reading, whatever its writer does: writes, has ended, or died half way."""

import contextlib
import sqlite3
import time
from pathlib import Path

from topodash.runs import schema
from topodash.runs.errors import RunBusy
from topodash.runs.lock import RunLock, is_locked

_TRANSIENT = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


def open_read_only(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """A connection that has read something; errors come out as those of `topodash.runs.errors`.

    Parameters
    ----------
    immutable : bool
        The file can never change: it is opened without any lock.

    Raises
    ------
    NotARun, RunTooNew, RunDamaged, RunBusy
    """
    deadline = time.monotonic() + 2.0
    while True:
        connection = None
        try:
            connection = schema.connect(path, "ro", immutable=immutable)
            connection.execute("SELECT 1 FROM meta LIMIT 1").fetchone()
            return connection
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a message may quote damaged text
            if connection is not None:
                connection.close()
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            stuck = code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
            if stuck and not immutable and _is_at_rest(path):
                immutable = True  # a whole file in a folder where nothing can be created
            elif code == sqlite3.SQLITE_READONLY:
                _roll_back(path)
            elif code not in _TRANSIENT:
                raise schema.translate(error, path) from error
            elif time.monotonic() > deadline:
                raise RunBusy(f"run {path.stem} cannot be read right now ({error}); try again") from error
            time.sleep(0.005)


def _is_at_rest(path: Path) -> bool:
    beside = (path.with_name(path.name + suffix) for suffix in ("-wal", "-journal"))
    return not any(file.exists() for file in beside) and not is_locked(path.with_suffix(".lock"))


def _roll_back(path: Path) -> None:
    """The writer died half way through a transaction of the rollback kind: undo it, as a writer."""
    lock = RunLock(path.with_suffix(".lock"))
    try:
        lock.acquire()
        with contextlib.closing(schema.connect(path, "rw")) as connection:
            connection.execute("SELECT 1 FROM meta LIMIT 1").fetchone()
    except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
        raise schema.translate(error, path) from error
    finally:
        lock.release()
