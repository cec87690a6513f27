"""Get what is recorded to disk: soon, in short transactions, and without the recording thread waiting for it.

The recording thread only appends to lists. A small thread writes what has gathered in one short transaction
at most `FLUSH_SECONDS` after the first item arrived. A thread rather than 'flush when the next step is
recorded', because a step may take ten seconds, and the one before must be visible and safe before that. No
lock on the file is held between two flushes.
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from topodash.runs import schema
from topodash.runs.errors import RecordingFailed
from topodash.runs.lock import RunLock

FLUSH_SECONDS = 0.05
_FULL_BUFFER = 32 * 2**20  # bytes; a buffer larger than this is written at once, by the recording thread

_INSERTS = {
    "scalars": "INSERT OR IGNORE INTO scalars (step, name, value) VALUES (?, ?, ?)",
    "snapshots": "INSERT OR IGNORE INTO snapshots (step, checksum, blob) VALUES (?, ?, ?)",
    "events": "INSERT OR IGNORE INTO events (step, kind, data) VALUES (?, ?, ?)",
    "artifacts": (
        "INSERT OR REPLACE INTO artifacts (name, step, media_type, meta, checksum, blob) "
        "VALUES (?, ?, ?, ?, ?, ?)"
    ),
    "checkpoint": (
        "INSERT OR REPLACE INTO checkpoint (one, step, state, checksum, blob) VALUES (1, ?, ?, ?, ?)"
    ),
}


class BufferedWriter:
    """The buffer, the thread that empties it, and the end of a run's file; holds the run's lock until
    `close`."""

    def __init__(self, path: Path, lock: RunLock, connection: sqlite3.Connection) -> None:
        self.path = path
        self._lock = lock
        self._connection = connection
        self._mutex = threading.Lock()  # guards the buffer; held for microseconds
        self._writing = threading.Lock()  # guards the connection; held during a flush
        self._wake = threading.Condition(self._mutex)
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _INSERTS}
        self._resting: tuple[int, bytes, bytes] | None = None  # a snapshot that thinning must leave alone
        self._status: dict[str, Any] = {}
        self._buffered = 0
        self._dirty = False
        self._closed = False
        self._failure: RecordingFailed | None = None
        self._load()
        self._thread = threading.Thread(target=self._flush_often, name=f"recorder {path.stem}", daemon=True)
        self._thread.start()

    def _load(self) -> None:
        """Where the file stands."""
        execute = self._connection.execute
        self._steps: list[int] = [step for (step,) in execute("SELECT step FROM snapshots ORDER BY step")]
        (stride,) = execute("SELECT value FROM meta WHERE key = 'stride'").fetchone()
        self._stride = self._written_stride = int(stride)
        state, step, seconds = execute("SELECT state, step, seconds FROM status").fetchone()
        self._state: str = state
        self._step: int | None = step
        self._seconds: float = seconds
        self._running_since: float | None = None

    @property
    def state(self) -> str:
        """The state that was written last."""
        return self._state

    @contextlib.contextmanager
    def _adding(self) -> Iterator[None]:
        with self._mutex:
            if self._failure is not None:
                raise self._failure
            if self._closed:
                raise RecordingFailed(f"the recorder of run {self.path.stem} is closed")
            yield
            if not self._dirty:
                self._dirty = True
                self._wake.notify()
            full = self._buffered > _FULL_BUFFER
        if full:
            self.flush()

    def _flush_often(self) -> None:
        while True:
            with self._mutex:
                while not self._dirty and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                self._wake.wait_for(lambda: self._closed, timeout=FLUSH_SECONDS)
            with contextlib.suppress(RecordingFailed):  # kept, and raised where something is recorded next
                self.flush()

    def flush(self) -> None:
        """Write what has gathered, in one transaction.

        Raises
        ------
        RecordingFailed
        """
        with self._writing:
            with self._mutex:
                if self._failure is not None:
                    raise self._failure
                rows, self._rows = self._rows, {table: [] for table in _INSERTS}
                resting, self._resting = self._resting, None
                status, self._status = self._status, {}
                status["step"] = self._step
                status["seconds"] = self._seconds
                if self._running_since is not None:
                    status["seconds"] += time.monotonic() - self._running_since
                self._buffered, self._dirty = 0, False
                stride = self._stride
            try:
                self._write(rows, status, stride, resting)
            except sqlite3.Error as error:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                failure = failed(error)
                with self._mutex:
                    self._failure = failure
                raise failure from error

    def _write(
        self,
        rows: Mapping[str, list[tuple[Any, ...]]],
        status: dict[str, Any],
        stride: int,
        resting: tuple[int, bytes, bytes] | None,
    ) -> None:
        now = time.time()
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        for table, statement in _INSERTS.items():
            if rows[table]:
                self._connection.executemany(statement, rows[table])
        if stride != self._written_stride:
            self._thin(stride)
        if resting is not None:
            execute(_INSERTS["snapshots"], resting)
        status["updated"] = now
        columns = ", ".join(f"{name} = :{name}" for name in status)
        execute(
            f"UPDATE status SET {columns}, started = coalesce(started, :now)",
            {**status, "now": self._started(now)},
        )
        execute("COMMIT")

    def _started(self, now: float) -> float | None:
        return now if self._state == "running" else None

    def _thin(self, stride: int) -> None:
        """Keep every second snapshot, and the first."""
        self._connection.execute(
            "DELETE FROM snapshots WHERE step % ? != 0 AND step != (SELECT min(step) FROM snapshots)",
            (stride,),
        )
        self._connection.execute("UPDATE meta SET value = ? WHERE key = 'stride'", (schema.to_json(stride),))
        self._written_stride = stride

    def fail(self, message: str) -> bool:
        """After RecordingFailed: say 'failed' in the file if there is room at all; True if that worked."""
        with self._writing:
            self._lock.drop_ballast()
            try:
                self._connection.execute(
                    "UPDATE status SET state = 'failed', message = ?, updated = ?", (message, time.time())
                )
            except sqlite3.Error:
                return False
        return True

    def close(self, *, durable: bool = True) -> None:
        """Write the rest, leave one plain file, and free the lock. Closing twice does nothing.

        Without `durable` nobody waits for the disk: for a run that has not begun and will be written again.
        """
        with self._mutex:
            if self._closed:
                return
            healthy = self._failure is None
        try:
            if healthy:
                self.flush()
        finally:
            with self._mutex:
                self._closed = True
                self._wake.notify_all()
            self._thread.join()
            self._leave_wal(durable)
            self._connection.close()
            self._lock.release()

    def _leave_wal(self, durable: bool) -> None:
        # A reader that has the file open right now keeps it in WAL mode: it is out in a moment.
        deadline = time.monotonic() + 0.5
        while True:
            try:
                if not durable:
                    self._connection.execute("PRAGMA synchronous=OFF")
                self._connection.execute("PRAGMA journal_mode=DELETE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    return
            time.sleep(0.01)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def failed(error: sqlite3.Error, then: str = "Resume goes on from the last checkpoint") -> RecordingFailed:
    """The sentence for what SQLite raised while a run was written, and what to do then."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
        return RecordingFailed(f"the disk is full: free some space, then {then}")
    return RecordingFailed(f"the run could not be written ({error}); {then}")
