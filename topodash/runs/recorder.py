"""Write a run: cheap for the training loop, safe against any death, readable all the while.

The recording thread only encodes and appends to lists. A small thread of the recorder's own writes what has
gathered in one short transaction at most `FLUSH_SECONDS` after the first item arrived. A thread rather than
'flush when the next step is recorded', because a step may take ten seconds and its predecessor must be
visible and safe before that.

Every row is keyed by its step and inserted 'or ignore': a run that goes on from a checkpoint repeats the few
steps after it, bit for bit, and the rows that are there already stay. So a crash loses at most the unflushed
steps, and nothing is ever taken back from a reader.
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from topodash.runs import schema
from topodash.runs.blobs import SAFETENSORS, checksum, encode
from topodash.runs.errors import RecordingFailed
from topodash.runs.lock import RunLock
from topodash.runs.reader import RunReader

FLUSH_SECONDS = 0.05
MAX_SNAPSHOTS = 20_000
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
NO_STEP = -1


class Recorder:
    """Writes one run; made by `create` or `resume`, and holds the run's lock until `close`.

    Methods may be called from one thread at a time. Each raises RecordingFailed once the file cannot be
    written any more; what was flushed before stays readable.
    """

    def __init__(self, path: Path, lock: RunLock, connection: sqlite3.Connection, max_snapshots: int) -> None:
        self.path = path
        self._lock = lock
        self._connection = connection
        self._max_snapshots = max_snapshots
        self._mutex = threading.Lock()  # guards the buffer; held for microseconds
        self._writing = threading.Lock()  # guards the connection; held during a flush
        self._wake = threading.Condition(self._mutex)
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _INSERTS}
        self._status: dict[str, Any] = {}
        self._buffered = 0
        self._dirty = False
        self._closed = False
        self._failure: RecordingFailed | None = None
        self._skipped: tuple[int, bytes, bytes] | None = None  # the newest snapshot that thinning left out
        self._resting: tuple[int, bytes, bytes] | None = None  # one of those, to be written after all
        self._load_counters()
        self._thread = threading.Thread(target=self._flush_often, name=f"recorder {path.stem}", daemon=True)
        self._thread.start()

    @classmethod
    def create(
        cls,
        path: Path | str,
        *,
        kind: str,
        config: Mapping[str, Any],
        run_id: str | None = None,
        parent: Mapping[str, Any] | None = None,
        total: int | None = None,
        provenance: Mapping[str, Any] | None = None,
        max_snapshots: int = MAX_SNAPSHOTS,
    ) -> Self:
        """Begin a new run file in state 'queued'.

        Parameters
        ----------
        path : path
            `<folder>/<id>.run`.
        kind, config : str, JSON object
            What the run computes.
        run_id : str, optional
            16 hex digits; the stem of `path` by default.
        parent : {"run": id, "step": k}, optional
            Where a branch begins.
        total : int, optional
            The number of the last step.
        provenance : JSON object, optional
            Versions, seeds, command.
        max_snapshots : int
            Beyond so many snapshots every second is dropped.

        Raises
        ------
        ValueError
            For an id that is none, or a config that is not JSON.
        RunBusy, FileExistsError, RecordingFailed
        """
        path = Path(path)
        run_id = path.stem if run_id is None else run_id
        if not schema.is_id(run_id):
            raise ValueError(f"run_id must be 16 lowercase hex digits, was {run_id!r}")
        now = time.time()
        meta = {
            "format": schema.FORMAT,
            "version": schema.VERSION,
            "id": run_id,
            "kind": kind,
            "config": dict(config),
            "created": now,
            "parent": dict(parent) if parent is not None else None,
            "provenance": dict(provenance) if provenance is not None else {},
            "stride": 1,
        }
        try:
            texts = {key: schema.to_json(value) for key, value in meta.items()}
        except (TypeError, ValueError) as error:
            raise ValueError(f"config, parent and provenance must be JSON objects: {error}") from error
        texts["seal"] = schema.to_json(schema.seal(texts))
        lock = RunLock(path.with_suffix(".lock"))
        lock.acquire()
        try:
            connection = schema.create(path, texts, total, now)
        except sqlite3.Error as error:
            path.unlink(missing_ok=True)
            lock.release(unlink=True)
            raise _failed(error) from error
        except BaseException:
            lock.release()
            raise
        return cls(path, lock, connection, max_snapshots)

    @classmethod
    def resume(cls, path: Path | str, *, max_snapshots: int = MAX_SNAPSHOTS) -> Self:
        """Go on writing an existing run.

        Raises
        ------
        RunBusy
            While another process writes it.
        RunNotFound, NotARun, RunTooNew, RunDamaged
        """
        path = Path(path)
        schema.check_header(path)
        lock = RunLock(path.with_suffix(".lock"))
        lock.acquire()
        try:
            with RunReader(path) as reader:  # all checks of a reader, before anything is written
                reader.status  # noqa: B018
            connection = schema.connect(path, "rw")
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                return cls(path, lock, connection, max_snapshots)
            except BaseException:
                connection.close()
                raise
        except (sqlite3.Error, ValueError, TypeError) as error:
            lock.release()
            raise schema.translate(error, path) from error
        except BaseException:
            lock.release()
            raise

    def _load_counters(self) -> None:
        steps = self._connection.execute("SELECT step FROM snapshots ORDER BY step").fetchall()
        text = self._connection.execute("SELECT value FROM meta WHERE key = 'stride'").fetchone()
        self._first: int | None = steps[0][0] if steps else None
        self._stride = self._written_stride = int(text[0])
        self._kept = [step for (step,) in steps if self._keeps(step)]
        state, step, seconds = self._connection.execute("SELECT state, step, seconds FROM status").fetchone()
        self._state: str = state
        self._step: int | None = step
        self._seconds: float = seconds
        self._running_since: float | None = None

    # What a run consists of

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        """Keep named numbers of one step; NaN and infinities are kept as they are."""
        self.record(step, scalars=values)

    def snapshot(self, step: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep a copy of named arrays for one step (left out when the run is thinned, see
        `RunMeta.stride`)."""
        self.record(step, snapshot=arrays)

    def event(self, step: int, kind: str, **data: Any) -> None:
        """Keep a JSON object about one step; the same object for the same step and kind is kept once."""
        self.record(step, events=((kind, data),))

    def record(
        self,
        step: int,
        *,
        scalars: Mapping[str, float] | None = None,
        snapshot: Mapping[str, np.ndarray] | None = None,
        events: Iterable[tuple[str, Mapping[str, Any]]] = (),
    ) -> None:
        """Keep everything about one step together: readers see all of it or none."""
        step = int(step)
        numbers = [(step, name, float(value)) for name, value in scalars.items()] if scalars else []
        rows = [(step, kind, schema.to_json(dict(data))) for kind, data in events]
        blob = None
        if snapshot is not None:
            encoded = encode(snapshot)
            blob = (step, checksum(encoded), encoded)
        with self._adding():
            if numbers:
                self._rows["scalars"] += numbers
            if rows:
                self._rows["events"] += rows
            if blob is not None:
                self._add_snapshot(blob)
            if self._step is None or step > self._step:
                self._step = step

    def _keeps(self, step: int) -> bool:
        return step % self._stride == 0 or step == self._first

    def _add_snapshot(self, blob: tuple[int, bytes, bytes]) -> None:
        step = blob[0]
        if self._first is None:
            self._first = step
        if not self._keeps(step):
            self._skipped = blob
            return
        self._skipped = None
        self._rows["snapshots"].append(blob)
        self._buffered += len(blob[2])
        if self._kept and step <= self._kept[-1]:
            return  # repeated after a checkpoint: it is in the file already
        self._kept.append(step)
        # Decided here and not in the flushing thread, so that what is kept depends on the steps alone.
        if len(self._kept) > self._max_snapshots:
            self._stride *= 2
            self._kept = [step for step in self._kept if self._keeps(step)]
            self._rows["events"].append((step, "thinned", schema.to_json({"stride": self._stride})))

    def artifact(
        self,
        name: str,
        content: Mapping[str, np.ndarray] | bytes,
        *,
        step: int | None = None,
        media_type: str | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep a result: named arrays, or bytes of a media type. The same name and step again replaces it."""
        if isinstance(content, bytes):
            blob, kind = content, media_type or "application/octet-stream"
        else:
            blob, kind = encode(content), media_type or SAFETENSORS
        row = (
            name,
            NO_STEP if step is None else int(step),
            kind,
            schema.to_json(dict(meta or {})),
            checksum(blob),
            blob,
        )
        with self._adding():
            self._rows["artifacts"].append(row)
            self._buffered += len(blob)

    def checkpoint(self, step: int, tensors: Mapping[str, np.ndarray], state: Any) -> None:
        """Replace the checkpoint: all that is needed to go on after `step`. Written together with its
        steps."""
        blob = encode(tensors)
        row = (int(step), schema.to_json(state), checksum(blob), blob)
        with self._adding():
            self._rows["checkpoint"] = [row]

    def status(
        self,
        state: str,
        *,
        step: int | None = None,
        message: str = "",
        total: int | None = None,
        released: bool = False,
    ) -> None:
        """Say how the run stands; written at once, after everything recorded before.

        `released` says that the writer lets go of a paused run on purpose: it is paused, not interrupted.

        Raises
        ------
        ValueError
            For a state that is none.
        """
        if state not in schema.STATES:
            raise ValueError(f"state must be one of {', '.join(schema.STATES)}, was {state!r}")
        with self._adding():
            now = time.monotonic()
            if self._running_since is not None:
                self._seconds += now - self._running_since
            self._running_since = now if state == "running" else None
            self._state = state
            if step is not None:
                self._step = int(step)
            self._status.update(state=state, message=message, released=int(released))
            if total is not None:
                self._status["total"] = int(total)
            if state != "running" and self._skipped is not None:
                self._resting = self._skipped  # where a run rests can be seen, also when it has been thinned
                self._skipped = None
        self.flush()

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

    # Writing

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
                failure = _failed(error)
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

    @property
    def state(self) -> str:
        """The state that was written last."""
        return self._state

    def fail(self, message: str) -> bool:
        """After RecordingFailed: say 'failed' in the file if there is any room at all. True if that
        worked."""
        with self._writing:
            self._lock.drop_ballast()
            try:
                self._connection.execute(
                    "UPDATE status SET state = 'failed', message = ?, updated = ?", (message, time.time())
                )
            except sqlite3.Error:
                return False
        return True

    def close(self) -> None:
        """Write the rest, leave one plain file, and free the lock. Closing twice does nothing."""
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
            self._leave_wal()
            self._connection.close()
            self._lock.release()

    def _leave_wal(self) -> None:
        # A reader that has the file open right now keeps it in WAL mode: it is out in a moment.
        deadline = time.monotonic() + 0.5
        while True:
            try:
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


def _failed(error: sqlite3.Error) -> RecordingFailed:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return RecordingFailed(
            "the disk is full: free some space, then Resume goes on from the last checkpoint"
        )
    return RecordingFailed(f"the run could not be written ({error}); Resume goes on from the last checkpoint")
