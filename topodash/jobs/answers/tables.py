"""What an uploaded table offers, and the points of chosen columns: a file of a hundred megabytes takes longer to read
than a request may.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from topodash.datasets import CsvError, inspect_csv, read_csv
from topodash.jobs.sources import Sources


def table_columns(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"upload": id} -> columns, numeric, labels (names), rows, bad_rows, unusable (counts), bad (sentences).

    `unusable` counts cells that are no finite number in number columns, and rows of a wrong width; `bad_rows` how many
    rows at least are lost.

    Raises
    ------
    ValueError
        When the file is no table.
    """
    sources.progress(None, "reading the file")
    with sources.upload_path(str(parameters["upload"])).open("rb") as file:
        found = inspect_csv(file)
    bad = [each.bad for each in found.columns]
    return {
        "columns": [each.name for each in found.columns],
        "numeric": list(found.numeric),
        "labels": list(found.label_candidates()),
        "rows": found.rows,
        "bad_rows": max(found.bad_rows, *bad, 0),
        "unusable": found.bad_rows + sum(bad),
        "bad": [str(cell) for cell in found.bad_cells[:3]],
    }


def table_points(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"upload": id, and what `read_csv` takes by name} -> the fields of `LabelledPoints` but betti and parameters.

    Where leaving out bad rows would help, {"refused": the fields of the `CsvError`}, so that the page can offer that.

    Raises
    ------
    ValueError
        Whatever `read_csv` finds wrong, in words.
    """
    sources.progress(None, "reading the file")
    options = {name: value for name, value in parameters.items() if name != "upload"}
    with sources.upload_path(str(parameters["upload"])).open("rb") as file:
        try:
            data = read_csv(file, **options)
        except CsvError as problem:
            if not problem.can_drop:
                raise
            return {"refused": problem.as_dict()}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(data).items()
        if name not in ("betti", "parameters")
    }
