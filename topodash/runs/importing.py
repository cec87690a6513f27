"""What a run file from anywhere must pass before it becomes one of ours."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from topodash.runs import schema
from topodash.runs.errors import NotARun, RunDamaged


def check_tables(path: Path) -> None:
    """A file from anywhere must have exactly our tables: no triggers, views or virtual tables, whatever they
    say."""
    try:
        with contextlib.closing(schema.connect(path, "ro", immutable=True)) as connection:
            found = {
                name: (kind, sql)
                for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_schema")
                if not str(name).startswith("sqlite_")
            }
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise schema.translate(error, path) from error
    if found != {name: ("table", sql) for name, sql in schema.TABLES.items()}:
        raise NotARun(f"{path.name} is not a TopoDash run: its tables are not those of a run")


def settle(part: Path, run_id: str) -> None:
    """Give an imported copy its id; a run that was waiting or under way elsewhere is stopped here."""
    try:
        with contextlib.closing(schema.connect(part, "rw")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            texts: dict[str, Any] = dict(connection.execute("SELECT key, value FROM meta").fetchall())
            texts["id"] = schema.to_json(run_id)
            texts["seal"] = schema.to_json(schema.seal(texts))
            for key in ("id", "seal"):
                connection.execute("UPDATE meta SET value = ? WHERE key = ?", (texts[key], key))
            connection.execute(
                "UPDATE status SET state = 'stopped', released = 0, message = 'imported' "
                "WHERE state IN ('queued', 'running', 'paused')"
            )
            connection.execute("COMMIT")
    except (sqlite3.Error, ValueError) as error:
        raise RunDamaged(schema.damaged(part, str(error))) from error
