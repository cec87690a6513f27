"""The tables of a run file, its version, and how it is opened.

While a run is written its file is in SQLite's WAL mode: readers never wait for the writer, nor it for them.
When the writer closes, the file goes back to the rollback mode, so that a finished run is one file that even
a read-only folder can serve, and opening it creates nothing beside it.
"""

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from topodash.runs.errors import NotARun, RunDamaged, RunError, RunNotFound, RunTooNew

FORMAT = "topodash-run"
VERSION = 1
APPLICATION_ID = 0x544F504F  # 'TOPO', so that `file` and we know a run from any other SQLite file

STATES = ("queued", "running", "paused", "finished", "stopped", "failed")
FINAL = frozenset({"finished", "stopped", "failed"})
MUTABLE_META = frozenset({"stride", "seal"})

TABLES = {
    "meta": "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "status": (
        "CREATE TABLE status (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL, step INTEGER, "
        "total INTEGER, started REAL, updated REAL, message TEXT NOT NULL, released INTEGER NOT NULL, "
        "seconds REAL NOT NULL)"
    ),
    "scalars": (
        "CREATE TABLE scalars (step INTEGER NOT NULL, name TEXT NOT NULL, value REAL, "
        "PRIMARY KEY (step, name)) WITHOUT ROWID"
    ),
    "snapshots": (
        "CREATE TABLE snapshots (step INTEGER PRIMARY KEY, checksum BLOB NOT NULL, blob BLOB NOT NULL)"
    ),
    "artifacts": (
        "CREATE TABLE artifacts (name TEXT NOT NULL, step INTEGER NOT NULL, media_type TEXT NOT NULL, "
        "meta TEXT NOT NULL, checksum BLOB NOT NULL, blob BLOB NOT NULL, PRIMARY KEY (name, step))"
    ),
    "events": (
        "CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL, "
        "kind TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (step, kind, data))"
    ),
    "checkpoint": (
        "CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), step INTEGER NOT NULL, "
        "state TEXT NOT NULL, checksum BLOB NOT NULL, blob BLOB NOT NULL)"
    ),
}

_ID = re.compile(r"[0-9a-f]{16}")
_MAGIC = b"SQLite format 3\0"


def new_id() -> str:
    """A random run id: 16 lowercase hex digits."""
    return os.urandom(8).hex()


def is_id(text: object) -> bool:
    """Whether `text` can be a run id; asked before an id ever becomes part of a path."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def to_json(value: Any) -> str:
    """JSON with sorted keys and no spaces; the same value is always the same text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(meta: Mapping[str, str]) -> str:
    """Checksum of what never changes in `meta` (JSON texts by key)."""
    fixed = sorted((key, text) for key, text in meta.items() if key not in MUTABLE_META)
    return hashlib.blake2b(repr(fixed).encode(), digest_size=16).hexdigest()


def create(path: Path, meta: Mapping[str, str], total: int | None, now: float) -> sqlite3.Connection:
    """A new run file in state 'queued', open for writing; `meta` holds JSON texts by key.

    Raises
    ------
    FileExistsError
        When there is a file already.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = connect(path, "rw")
    try:
        # Not waiting for the disk makes Start quick; the first checkpoint of the log makes up for it.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={VERSION}")
        for statement in TABLES.values():
            connection.execute(statement)
        connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", meta.items())
        connection.execute(
            "INSERT INTO status VALUES (1, 'queued', NULL, ?, NULL, ?, '', 0, 0.0)", (total, now)
        )
        connection.execute("COMMIT")
        # Only now: what makes the file a run must be in the main file, whatever happens to the log.
        begin_log(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def begin_log(connection: sqlite3.Connection) -> None:
    """Into WAL mode, in which a power cut can cost the newest steps but never the file."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def connect(path: Path, mode: str, *, immutable: bool = False) -> sqlite3.Connection:
    """A bare connection in autocommit, `mode` 'ro' or 'rw'; never creates the file."""
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}" + ("&immutable=1" if immutable else "")
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5.0, check_same_thread=False)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def check_header(path: Path) -> None:
    """Refuse, by the first hundred bytes, what is no run or too new, before SQLite parses anything.

    Raises
    ------
    RunNotFound, NotARun, RunTooNew, RunDamaged
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        raise RunNotFound(f"there is no run {path.stem}; it may have been deleted") from None
    except OSError as error:
        raise RunDamaged(f"the file of run {path.stem} cannot be read: {error.strerror}") from error
    if len(head) < 100 and _MAGIC.startswith(head[:16]):
        raise RunDamaged(damaged(path, "it is cut off at the very beginning"))
    if not head.startswith(_MAGIC) or int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise NotARun(f"{path.name} is not a TopoDash run; only files made by Export can be used")
    version = int.from_bytes(head[60:64], "big")
    if version > VERSION:
        raise RunTooNew(
            f"{path.name} was written by a newer TopoDash (format {version}, this one reads up to "
            f"{VERSION}); update TopoDash to open it"
        )
    if version < 1:
        raise RunDamaged(damaged(path, f"its format number is {version}"))


def damaged(path: Path, what: str) -> str:
    """The sentence for a damaged file."""
    return (
        f"run {path.stem} is damaged: {what}. Import it again from a copy, or delete it; "
        "other runs are not affected"
    )


def translate(error: Exception, path: Path) -> RunError:
    """The named error for what SQLite (or decoding) raised while `path` was read."""
    if isinstance(error, RunError):
        return error
    what = (
        f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error) or type(error).__name__
    )
    return RunDamaged(damaged(path, what))
