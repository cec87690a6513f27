"""A user's CSV as the data set of a run: which columns, what is wrong, the points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topodash.datasets import LabelledPoints, counted
from topodash.jobs import Answer
from topodash.pages.asking import asked

#: What Setup calls the file of a run that is opened again: its name stayed in the browser that sent it.
FILE_OF_RUN = "The file of this run"

#: The switch of Setup that `drop_bad_rows` is, and the button beside the sentence that asks for it.
LEAVE_OUT = "Leave out rows that cannot be read"
_LABELS = ("label", "class", "target")


class BadRows(ValueError):
    """Some rows cannot be read, and without them the file can."""


class StillReading(ValueError):
    """A worker process is reading the file; the same question a moment later has an answer."""


def columns_answer(upload: str) -> Answer:
    """What an uploaded table offers (`jobs.answers.tables.table_columns`), or how far its reading is."""
    return asked("table_columns", {"upload": upload}, wait=1.0)


def likely_columns(found: Mapping[str, Any]) -> dict[str, str | None]:
    """The columns that are chosen when a file comes: `x`, `y` and `label`, from what `table_columns` found.

    The label is chosen whatever is in it, for what is wrong with it is said only of a chosen one: a column that is called so;
    else the first of few different values; else the first of text; else any.
    """
    columns, numeric = found["columns"], found["numeric"]
    if not found["rows"]:
        return {"x": None, "y": None, "label": None}
    label = next((name for name in columns if name.lower() in _LABELS), None)
    x, y = [*(name for name in numeric if name != label), None, None][:2]
    text = [name for name in columns if name not in numeric]
    left = [name for name in [*found["labels"], *text, *columns] if name not in (x, y)]
    return {"x": x, "y": y, "label": label or next(iter(left), None)}


def why_useless(found: Mapping[str, Any], name: str) -> str:
    """Why no choice of columns makes points of a file, as a sentence; empty where one may."""
    numbers = len(found["numeric"])
    if not found["rows"]:
        return f"{name} has a heading but no rows."
    if numbers < 2:
        return f"{name} has {counted(numbers, 'column') if numbers else 'no column'} of numbers; two are needed, and a label column."
    if len(found["columns"]) < 3:
        return f"{name} has {counted(len(found['columns']), 'column')}; three are needed: two of numbers and one of labels."
    return ""


def csv_points(
    table: Mapping[str, Any] | None, *, seed: int, wait: float = 1.0
) -> tuple[dict[str, Any], LabelledPoints]:
    """Config and points of the chosen columns; a file that is not read yet is waited for `wait` seconds.

    Raises
    ------
    StillReading
        When it takes longer.
    BadRows
        When rows must be left out.
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
    name = table.get("name") or "The file"
    if missing:
        why = _why_nothing(columns_answer(str(table["upload"])), name)
        raise ValueError(why or f"Choose the {' and the '.join(missing)} column of your file.")
    options = {
        **columns,
        "standardise": bool(table.get("standardise", True)),
        "drop_bad_rows": bool(table.get("drop_bad_rows")),
    }
    upload = str(table["upload"])
    answer = asked("table_points", {"upload": upload, **options, "seed": seed}, wait=wait)
    if answer.state == "working":
        raise StillReading(f"{name} is still being read. Its points appear here; then a network can start.")
    if answer.state == "failed":
        raise ValueError(answer.message)
    if refused := answer.value.get("refused"):
        raise BadRows(f'{refused["message"]} "{LEAVE_OUT}" in Setup does that.')
    fields = {
        name: tuple(value) if isinstance(value, list) else value for name, value in answer.value.items()
    }
    return {"name": "csv", "upload": upload, "seed": seed, "parameters": options}, LabelledPoints(
        parameters=options, **fields
    )


def _why_nothing(offered: Answer, name: str) -> str:
    if offered.state == "failed":
        return offered.message
    return why_useless(offered.value, name) if offered.state == "ready" else ""
