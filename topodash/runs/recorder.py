"""Write a run: what a training loop calls. How it gets to disk is `topodash.runs.writer`'s.

Every row is keyed by its step and inserted 'or ignore': a run that goes on from a checkpoint repeats the few
steps after it, bit for bit, and the rows that are there already stay. So a crash loses at most the unflushed
steps, and nothing is ever taken back from a reader.
"""

import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np

from topodash.runs import schema
from topodash.runs.blobs import SAFETENSORS, checksum, encode
from topodash.runs.lock import RunLock
from topodash.runs.reader import RunReader
from topodash.runs.writer import BufferedWriter, failed

MAX_SNAPSHOTS = 20_000
NO_STEP = -1


class Recorder(BufferedWriter):
    """Writes one run; made by `create` or `resume`, and holds the run's lock until `close`.

    Methods may be called from one thread at a time. Each raises RecordingFailed once the file cannot be
    written any more; what was flushed before stays readable.
    """

    def __init__(self, path: Path, lock: RunLock, connection: sqlite3.Connection, max_snapshots: int) -> None:
        super().__init__(path, lock, connection)
        self._max_snapshots = max_snapshots
        self._first = self._steps[0] if self._steps else None
        self._kept = [step for step in self._steps if self._keeps(step)]
        self._skipped: tuple[int, bytes, bytes] | None = None  # the newest snapshot that thinning left out

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
            raise failed(error, "start it again") from error
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
                schema.begin_log(connection)
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
