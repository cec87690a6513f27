"""Read a run: while it is written, after it ended, or after its file was damaged.

A reader is opened read-only, creates no file and never waits for the writer. Whatever SQLite or decoding
raises comes out as one of the errors of `topodash.runs.errors`, with a sentence that says what to do.
"""

import contextlib
import json
import math
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from topodash.runs import schema
from topodash.runs.blobs import checksum, decode
from topodash.runs.errors import RunDamaged, RunNotFound
from topodash.runs.opening import open_read_only
from topodash.runs.records import Artifact, ArtifactInfo, Checkpoint, Event, RunMeta, RunStatus

_DECODING = (sqlite3.Error, ValueError, TypeError, KeyError, OverflowError, MemoryError, RecursionError)


class RunReader:
    """One run, read-only; a context manager.

    Parameters
    ----------
    path : Path
        `<folder>/<id>.run`.
    shipped : bool
        The file can never change (it came with the code): opened immutable, without any lock.

    Raises
    ------
    RunNotFound, NotARun, RunTooNew, RunDamaged, RunBusy
    """

    def __init__(self, path: Path | str, *, shipped: bool = False) -> None:
        self.path = Path(path)
        schema.check_header(self.path)
        self._connection = open_read_only(self.path, immutable=shipped)
        try:
            self.meta = self._read_meta()
        except BaseException:
            self._connection.close()
            raise

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._connection
        except _DECODING as error:
            if isinstance(error, RunNotFound):
                raise
            raise schema.translate(error, self.path) from error

    def _read_meta(self) -> RunMeta:
        with self._reading() as connection:
            texts = dict(connection.execute("SELECT key, value FROM meta").fetchall())
            values = {key: json.loads(text) for key, text in texts.items()}
            if values["seal"] != schema.seal(texts):
                raise ValueError("its description was changed")
            meta = RunMeta(**{name: values[name] for name in RunMeta.__dataclass_fields__})
            good = (
                schema.is_id(meta.id)
                and isinstance(meta.kind, str)
                and isinstance(meta.config, dict)
                and isinstance(meta.created, int | float)
                and isinstance(meta.provenance, dict)
                and (meta.parent is None or isinstance(meta.parent, dict))
                and isinstance(meta.stride, int)
                and meta.stride >= 1
            )
            if not good:
                raise ValueError("its description has fields of the wrong type")
            return meta

    @property
    def status(self) -> RunStatus:
        """How the run stands now."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT state, step, total, started, updated, message, released, seconds FROM status"
            ).fetchone()
            if row is None or row[0] not in schema.STATES or not isinstance(row[5], str):
                raise ValueError("its status is unreadable")
            whole = [None if value is None else int(value) for value in row[1:3]]
            moments = [None if value is None else float(value) for value in row[3:5]]
            return RunStatus(
                row[0], whole[0], whole[1], moments[0], moments[1], row[5], bool(row[6]), float(row[7])
            )

    def snapshot_steps(self) -> np.ndarray:
        """The steps that have a snapshot: (k,) int64, ascending."""
        with self._reading() as connection:
            rows = connection.execute("SELECT step FROM snapshots ORDER BY step").fetchall()
            return np.array([step for (step,) in rows], dtype=np.int64)

    def snapshot(self, step: int) -> dict[str, np.ndarray]:
        """The arrays kept at exactly this step.

        Raises
        ------
        RunNotFound
            When none was kept at this step.
        RunDamaged
        """
        with self._reading() as connection:
            row = connection.execute(
                "SELECT checksum, blob FROM snapshots WHERE step = ?", (int(step),)
            ).fetchone()
            if row is None:
                raise RunNotFound(f"run {self.path.stem} has no snapshot at step {step}")
            return decode(_sound(row[0], row[1], f"the snapshot of step {step}"))

    def snapshots(self, steps: Iterable[int]) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
        """(step, arrays) for each of `steps`."""
        for step in steps:
            yield int(step), self.snapshot(int(step))

    def snapshot_checksum(self, step: int) -> str:
        """Fingerprint of the snapshot at this step, without reading it; RunNotFound when there is none."""
        with self._reading() as connection:
            row = connection.execute("SELECT checksum FROM snapshots WHERE step = ?", (int(step),)).fetchone()
            if row is None:
                raise RunNotFound(f"run {self.path.stem} has no snapshot at step {step}")
            return bytes(row[0]).hex()

    def newest_after(self, step: int) -> int | None:
        """The newest step with a snapshot, if it is greater than `step`."""
        with self._reading() as connection:
            newest = connection.execute("SELECT max(step) FROM snapshots").fetchone()[0]
            return None if newest is None or newest <= step else int(newest)

    def newest_before(self, step: int) -> int | None:
        """The newest step with a snapshot that is at most `step`: where a thinned run has nothing at `step`
        itself."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT max(step) FROM snapshots WHERE step <= ?", (int(step),)
            ).fetchone()
            return None if row[0] is None else int(row[0])

    def scalars(
        self, names: Iterable[str] | None = None, after: int = -1
    ) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Named series: name -> (steps (k,) int64, values (k,) float64), for steps greater than `after`."""
        wanted = None if names is None else list(names)
        query, values = "SELECT name, step, value FROM scalars WHERE step > ?", [int(after)]
        if wanted is not None:
            query += f" AND name IN ({', '.join('?' * len(wanted))})"
        with self._reading() as connection:
            columns: dict[str, tuple[list[int], list[float]]] = {}
            for name, step, value in connection.execute(query + " ORDER BY step", [*values, *(wanted or ())]):
                steps, numbers = columns.setdefault(name, ([], []))
                steps.append(step)
                numbers.append(math.nan if value is None else value)  # SQLite keeps NaN as NULL
            return {
                name: (np.array(steps, dtype=np.int64), np.array(numbers, dtype=np.float64))
                for name, (steps, numbers) in columns.items()
            }

    def last_scalars(self) -> dict[str, float]:
        """The scalars of the newest step that has any."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT name, value FROM scalars WHERE step = (SELECT max(step) FROM scalars)"
            ).fetchall()
            return {name: math.nan if value is None else float(value) for name, value in rows}

    def scalars_at(self, step: int) -> dict[str, float]:
        """The scalars of exactly this step; empty when there are none."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT name, value FROM scalars WHERE step = ?", (int(step),)
            ).fetchall()
            return {name: math.nan if value is None else float(value) for name, value in rows}

    def events(self, after_id: int = 0) -> list[Event]:
        """Events with an id greater than `after_id`, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT id, step, kind, data FROM events WHERE id > ? ORDER BY id", (int(after_id),)
            ).fetchall()
            return [
                Event(int(number), int(step), str(kind), _object(data)) for number, step, kind, data in rows
            ]

    def artifact(self, name: str, step: int | None = None) -> Artifact:
        """The artifact of this name and step; without a step the one that has none, else the newest.

        Raises
        ------
        RunNotFound, RunDamaged
        """
        query = "SELECT step, media_type, meta, checksum, blob FROM artifacts WHERE name = ? "
        with self._reading() as connection:
            if step is None:
                rows = connection.execute(query + "ORDER BY step = -1 DESC, step DESC LIMIT 1", (name,))
            else:
                rows = connection.execute(query + "AND step = ?", (name, int(step)))
            row = rows.fetchone()
            if row is None:
                at = "" if step is None else f" at step {step}"
                raise RunNotFound(f"run {self.path.stem} has no {name!r}{at}")
            blob = _sound(row[3], row[4], f"its {name!r}")
            return Artifact(name, _step(row[0]), str(row[1]), _object(row[2]), blob)

    def artifact_checksum(self, name: str) -> str:
        """Fingerprint of `artifact(name)`, without reading it; RunNotFound when there is none."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT checksum FROM artifacts WHERE name = ? ORDER BY step = -1 DESC, step DESC LIMIT 1",
                (name,),
            ).fetchone()
            if row is None:
                raise RunNotFound(f"run {self.path.stem} has no {name!r}")
            return bytes(row[0]).hex()

    def artifacts(self) -> list[ArtifactInfo]:
        """All artifacts without their bytes, by name and step."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT name, step, media_type, meta, length(blob) FROM artifacts ORDER BY name, step"
            ).fetchall()
            return [
                ArtifactInfo(str(name), _step(step), str(media_type), _object(meta), int(size))
                for name, step, media_type, meta, size in rows
            ]

    def checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint, if there is one."""
        with self._reading() as connection:
            row = connection.execute("SELECT step, state, checksum, blob FROM checkpoint").fetchone()
            if row is None:
                return None
            tensors = decode(_sound(row[2], row[3], "its checkpoint"))
            return Checkpoint(int(row[0]), tensors, json.loads(row[1]))

    def has_checkpoint(self) -> bool:
        """Whether there is a checkpoint, without reading it."""
        with self._reading() as connection:
            return connection.execute("SELECT 1 FROM checkpoint").fetchone() is not None

    def vacuum_into(self, target: Path) -> None:
        """A whole copy, also of a run that is being written."""
        with self._reading() as connection:
            connection.execute("VACUUM INTO ?", (str(target),))

    def verify(self) -> None:
        """Read everything and check every checksum; RunDamaged when anything is not as written."""
        with self._reading() as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise RunDamaged(schema.damaged(self.path, str(found)))
            for table in ("snapshots", "artifacts", "checkpoint"):
                for step, stored, blob in connection.execute(f"SELECT step, checksum, blob FROM {table}"):
                    _sound(stored, blob, f"{table}, step {step}")
        self.status  # noqa: B018
        self.scalars()
        self.events()
        self.artifacts()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _sound(stored: object, blob: object, what: str) -> bytes:
    if not isinstance(blob, bytes) or checksum(blob) != stored:
        raise ValueError(f"{what} does not match its checksum")
    return blob


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise TypeError("a JSON object was expected")
    return value


def _step(stored: int) -> int | None:
    return None if int(stored) < 0 else int(stored)
