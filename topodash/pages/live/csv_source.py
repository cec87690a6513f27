"""A user's CSV as the data set of a run: which columns, what is wrong, the points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topodash.datasets import LabelledPoints
from topodash.datasets.csv_points import read_csv
from topodash.datasets.csv_summary import inspect_csv
from topodash.pages.context import services
from topodash.runs.uploads import Uploads


def csv_points(table: Mapping[str, Any] | None, *, seed: int) -> tuple[dict[str, Any], LabelledPoints]:
    """Config and points of the chosen columns.

    Raises
    ------
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
    path = Uploads.of(services().settings).path(str(table["upload"]))
    options = {
        "standardise": bool(table.get("standardise", True)),
        "drop_bad_rows": bool(table.get("drop_bad_rows")),
    }
    with path.open("rb") as file:
        data = read_csv(file, **columns, **options, seed=seed)
    return {
        "name": "csv",
        "upload": str(table["upload"]),
        "seed": seed,
        "parameters": {**columns, **options},
    }, data


def summary(upload: str) -> dict[str, Any]:
    """What the page offers of an uploaded table: columns, which are numbers, which can be labels, what is wrong.

    Raises
    ------
    ValueError, RunError
        When it is no readable table.
    """
    path = Uploads.of(services().settings).path(upload)
    with path.open("rb") as file:
        found = inspect_csv(file)
    return {
        "columns": [column.name for column in found.columns],
        "numeric": list(found.numeric),
        "labels": list(found.label_candidates()),
        "rows": found.rows,
        "bad_rows": max(found.bad_rows, max((column.bad for column in found.columns), default=0)),
        "bad": [
            f'Row {cell.row}, column "{cell.column}": "{cell.text}" is not a number.'
            for cell in found.bad_cells[:3]
        ],
    }
