"""A user's CSV as the data set of a run: which columns, what is wrong, the points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topodash.datasets import LabelledPoints
from topodash.jobs import Answer
from topodash.pages.asking import asked

#: What Setup calls the file of a run that is opened again: its name stayed in the browser that sent it.
FILE_OF_RUN = "The file of this run"


class StillReading(ValueError):
    """A worker process is reading the file; the same question a moment later has an answer."""


def columns_answer(upload: str) -> Answer:
    """What an uploaded table offers (`jobs.answers.tables.table_columns`), or how far its reading is."""
    return asked("table_columns", {"upload": upload}, wait=1.0)


def csv_points(
    table: Mapping[str, Any] | None, *, seed: int, wait: float = 1.0
) -> tuple[dict[str, Any], LabelledPoints]:
    """Config and points of the chosen columns; a file that is not read yet is waited for `wait` seconds.

    Raises
    ------
    StillReading
        When it takes longer.
    ValueError
        Without a file or a column, and whatever `read_csv` finds wrong, in words.
    """
    if not table or not table.get("upload"):
        raise ValueError("Choose a CSV file first: the data set is your own file.")
    columns = {name: table.get(name) for name in ("x", "y", "label")}
    missing = [
        words
        for name, words in (("x", "horizontal"), ("y", "vertical"), ("label", "label"))
        if not columns[name]
    ]
    if missing:
        raise ValueError(f"Choose the {' and the '.join(missing)} column of your file.")
    options = {
        **columns,
        "standardise": bool(table.get("standardise", True)),
        "drop_bad_rows": bool(table.get("drop_bad_rows")),
    }
    upload = str(table["upload"])
    answer = asked("table_points", {"upload": upload, **options, "seed": seed}, wait=wait)
    if answer.state == "working":
        name = table.get("name") or "The file"
        raise StillReading(f"{name} is still being read. Its points appear here; then a network can start.")
    if answer.state == "failed":
        raise ValueError(answer.message)
    fields = {
        name: tuple(value) if isinstance(value, list) else value for name, value in answer.value.items()
    }
    return {"name": "csv", "upload": upload, "seed": seed, "parameters": options}, LabelledPoints(
        parameters=options, **fields
    )
