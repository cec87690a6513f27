"""What an uploaded table offers the Mapper page: a file of a hundred megabytes takes longer to look through than a
request may.
"""

from collections.abc import Mapping
from typing import Any

from topodash.datasets import inspect_csv
from topodash.jobs.sources import Sources


def mapper_table(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"upload": id} -> columns, numeric, labels (names), rows, unusable (counts), bad (sentences).

    `unusable` counts cells that are no finite number in number columns, and rows of a wrong width.

    Raises
    ------
    ValueError
        When the file is no table.
    """
    sources.progress(None, "reading the file")
    with sources.upload_path(str(parameters["upload"])).open("rb") as file:
        found = inspect_csv(file)
    return {
        "columns": [each.name for each in found.columns],
        "numeric": list(found.numeric),
        "labels": list(found.label_candidates()),
        "rows": found.rows,
        "unusable": found.bad_rows + sum(each.bad for each in found.columns),
        "bad": [str(cell) for cell in found.bad_cells[:3]],
    }
