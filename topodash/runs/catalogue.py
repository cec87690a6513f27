"""What is about runs rather than in them: owner, title, queue and control. One small SQLite file.

Web processes write it (a button, a slider), the processes of runs read it: before each step a run asks
`PRAGMA data_version`, which costs microseconds, and looks further only when somebody has written.
"""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from topodash.runs import schema
from topodash.runs.catalogue_records import Control, Entry, Slot
from topodash.runs.errors import RunError, RunNotFound, RunTooNew

if TYPE_CHECKING:
    from topodash.settings import Settings

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, added REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS runs_by_owner ON runs (owner, added);
CREATE TABLE IF NOT EXISTS queue (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS slots (
    id TEXT PRIMARY KEY, pid INTEGER NOT NULL, launched REAL NOT NULL, tries INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS control (
    id TEXT PRIMARY KEY, pause INTEGER NOT NULL, stop INTEGER NOT NULL, step_until INTEGER,
    learning_rate REAL, epochs_per_second REAL, version INTEGER NOT NULL) WITHOUT ROWID;
"""


class CatalogueError(RunError):
    """The catalogue cannot be read or written."""


class Catalogue:
    """The catalogue in one file; safe to share between threads, and every process opens its own.

    Raises (all methods)
    --------------------
    CatalogueError
        When the file is damaged, from a newer TopoDash, or cannot be written.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._local = threading.local()

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """The catalogue that the settings name."""
        return cls(settings.catalogue)

    def _connect(self) -> sqlite3.Connection:
        # One connection a thread; after a fork the child must not touch its parent's.
        if getattr(self._local, "pid", None) != os.getpid():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=5.0)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                connection.close()
                raise RunTooNew(f"{self.path} was written by a newer TopoDash; update TopoDash to use it")
            if version < _VERSION:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}PRAGMA user_version={_VERSION};COMMIT;")
            connection.execute("PRAGMA synchronous=NORMAL")
            self._local.connection, self._local.pid = connection, os.getpid()
        return self._local.connection

    @contextlib.contextmanager
    def _using(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connect()
            if not write:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except (sqlite3.Error, OSError) as error:
            raise CatalogueError(f"the catalogue {self.path} cannot be used: {error}") from error

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        if getattr(self._local, "pid", None) == os.getpid():
            self._local.connection.close()
            self._local.pid = None

    # Owner and title

    def add(
        self, run_id: str, owner: str, title: str, *, control: Control | None = None, queue: bool = False
    ) -> None:
        """Enter a run, with its first control, and queue it if wanted; all of it or nothing.

        Raises
        ------
        ValueError
            For an id that is none.
        """
        if not schema.is_id(run_id):
            raise ValueError(f"run_id must be 16 lowercase hex digits, was {run_id!r}")
        first = control or Control()
        with self._using(write=True) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)", (run_id, owner, title, time.time())
            )
            connection.execute(
                "INSERT OR REPLACE INTO control VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    run_id,
                    first.pause,
                    first.stop,
                    first.step_until,
                    first.learning_rate,
                    first.epochs_per_second,
                    first.version + 1,
                ),
            )
            if queue:
                connection.execute("INSERT OR IGNORE INTO queue (id) VALUES (?)", (run_id,))

    def entry(self, run_id: str) -> Entry:
        """Owner and title of a run.

        Raises
        ------
        RunNotFound
        """
        with self._using() as connection:
            row = connection.execute(
                "SELECT id, owner, title, added FROM runs WHERE id = ?", (run_id,)
            ).fetchone()
        if row is None:
            raise RunNotFound(f"there is no run {run_id} in the catalogue; it may have been deleted")
        return Entry(*row)

    def entries(self, owner: str | None = None, limit: int | None = None) -> list[Entry]:
        """The runs of an owner, or all, newest first."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT id, owner, title, added FROM runs WHERE ?1 IS NULL OR owner = ?1 "
                "ORDER BY added DESC, id LIMIT ?2",
                (owner, -1 if limit is None else limit),
            ).fetchall()
        return [Entry(*row) for row in rows]

    def rename(self, run_id: str, title: str) -> None:
        """Change the title; RunNotFound when there is no such run."""
        with self._using(write=True) as connection:
            changed = connection.execute("UPDATE runs SET title = ? WHERE id = ?", (title, run_id)).rowcount
        if not changed:
            raise RunNotFound(f"there is no run {run_id} in the catalogue; it may have been deleted")

    def delete(self, run_id: str) -> None:
        """Forget everything about a run (its file is the store's to delete)."""
        with self._using(write=True) as connection:
            for table in ("runs", "queue", "control", "slots"):
                connection.execute(f"DELETE FROM {table} WHERE id = ?", (run_id,))

    # Queue and slots

    def enqueue(self, run_id: str) -> None:
        """Put a run at the end of the queue, once."""
        with self._using(write=True) as connection:
            connection.execute("INSERT OR IGNORE INTO queue (id) VALUES (?)", (run_id,))

    def dequeue(self, run_id: str) -> bool:
        """Take a run out of the queue; False when it was not in it."""
        with self._using(write=True) as connection:
            return connection.execute("DELETE FROM queue WHERE id = ?", (run_id,)).rowcount > 0

    def queued(self) -> list[str]:
        """The waiting runs, first come first."""
        with self._using() as connection:
            return [
                run_id for (run_id,) in connection.execute("SELECT id FROM queue ORDER BY place").fetchall()
            ]

    def slots(self) -> list[Slot]:
        """The processes that were started and not yet seen to be gone."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT id, pid, launched, tries FROM slots ORDER BY launched"
            ).fetchall()
        return [Slot(*row) for row in rows]

    def occupy(self, run_id: str, pid: int, *, tries: int = 1) -> None:
        """From the queue into a slot."""
        with self._using(write=True) as connection:
            connection.execute("DELETE FROM queue WHERE id = ?", (run_id,))
            connection.execute(
                "INSERT OR REPLACE INTO slots VALUES (?, ?, ?, ?)", (run_id, pid, time.time(), tries)
            )

    def move_in(self, run_id: str, pid: int) -> None:
        """The process of this slot; nothing when the slot is vacant again already."""
        with self._using(write=True) as connection:
            connection.execute("UPDATE slots SET pid = ? WHERE id = ?", (pid, run_id))

    def vacate(self, run_id: str) -> None:
        """The process of this run is gone."""
        with self._using(write=True) as connection:
            connection.execute("DELETE FROM slots WHERE id = ?", (run_id,))

    # Control

    def data_version(self) -> int:
        """A number that changes when another connection has written; costs microseconds."""
        with self._using() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def control(self, run_id: str) -> Control:
        """What is wanted of a run.

        Raises
        ------
        RunNotFound
        """
        with self._using() as connection:
            row = connection.execute(
                "SELECT pause, stop, step_until, learning_rate, epochs_per_second, version "
                "FROM control WHERE id = ?",
                (run_id,),
            ).fetchone()
        if row is None:
            raise RunNotFound(f"there is no run {run_id} in the catalogue; it may have been deleted")
        return Control(bool(row[0]), bool(row[1]), *row[2:])

    def set_control(self, run_id: str, **changes: Any) -> Control:
        """Change some of what is wanted; gives the whole of it, with a version greater than before.

        Raises
        ------
        ValueError
            For a name that `Control` does not have.
        RunNotFound
        """
        wrong = set(changes) - {"pause", "stop", "step_until", "learning_rate", "epochs_per_second"}
        if wrong:
            raise ValueError(f"changes must be fields of Control, was {sorted(wrong)}")
        columns = "".join(f"{name} = :{name}, " for name in changes)
        with self._using(write=True) as connection:
            connection.execute(
                f"UPDATE control SET {columns}version = version + 1 WHERE id = :id", {**changes, "id": run_id}
            )
        return self.control(run_id)
