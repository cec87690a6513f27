"""What commands share: the files that they are given, judged before anything is made, and the exit code of what goes wrong."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from topodash.runs import RecordingFailed

#: Exit codes: what was asked cannot be done; it was begun, and failed.
REFUSED, FAILED = 2, 1
EXIT_CODES = "exit codes: 0 done; 2 what was asked cannot be done; 1 it failed while it was being done"
#: What the system says of a file that was named wrongly; all else that it refuses is no fault of who asked.
_NAMED_WRONGLY = (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError)


def complain(command: str, problem: Exception) -> int:
    """Say what went wrong in a line on standard error; the exit code for it."""
    sys.stderr.write(f"topodash {command}: {problem}\n")
    failed = isinstance(problem, RecordingFailed) or (
        isinstance(problem, OSError) and not isinstance(problem, _NAMED_WRONGLY)
    )
    return FAILED if failed else REFUSED


def read_config(path: Path) -> dict[str, Any]:
    """A configuration from a JSON file.

    Raises
    ------
    ValueError
        With the file's name, when it cannot be read, is no JSON, or holds something else than one object.
    """
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ValueError(f"{path} cannot be read: {problem.strerror or problem}") from None
    except ValueError as problem:
        raise ValueError(f"{path} is no JSON file: {problem}") from None
    if not isinstance(config, dict):
        raise ValueError(f"{path} must hold one JSON object")
    return config


def refuse_target(option: str, path: Path | None) -> None:
    """ValueError when this file cannot be written when all is done: its folder is not there or is read-only, or it is a folder."""
    if path is None:
        return
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir():
        raise ValueError(f"{option} must name a file in a folder that there is, was {path}")
    if not os.access(folder, os.W_OK):
        raise ValueError(f"{option} must name a file in a folder that can be written to, was {path}")


def make_folder(option: str, path: Path) -> None:
    """Make a folder where there is none.

    Raises
    ------
    ValueError
        When it cannot be made, is a file, or cannot be written to.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        why = "" if os.access(path, os.W_OK | os.X_OK) else "it cannot be written to"
    except FileExistsError:
        why = "there is a file of this name"
    except OSError as problem:
        why = problem.strerror or str(problem)
    if why:
        raise ValueError(
            f"{option} must be a folder that can be written to, was {path}: {why[:1].lower()}{why[1:]}"
        )
