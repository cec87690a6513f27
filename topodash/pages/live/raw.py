"""Raw values of Setup as callbacks get them: of the page's table, of the chosen data set's, of the CSV choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Input, Output, State

from topodash.pages.live import ids
from topodash.pages.live.controls import DATA_PAGE, POINT_SETS, data_table

_EVERY = {"page": DATA_PAGE, "control": ALL}
DATA_VALUES = State(_EVERY, "value")
DATA_IDS = State(_EVERY, "id")
DATA_INPUTS = Input(_EVERY, "value")
DATA_ERRORS = Output(_EVERY, "error")
_CSV = {
    "table": (ids.CSV, "data"), "x": (ids.CSV_X, "value"), "y": (ids.CSV_Y, "value"), "label": (ids.CSV_LABEL, "value"),
    "standardise": (ids.CSV_STANDARDISE, "checked"), "drop_bad_rows": (ids.CSV_DROP, "checked"),
}  # fmt: skip
CSV_STATE = {name: State(*place) for name, place in _CSV.items()}
CSV_INPUTS = {name: Input(*place) for name, place in _CSV.items()}


def data_raw(values: Sequence[Any], component_ids: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """{control: raw value} of the data set's controls that are on the page."""
    return {found["control"]: value for found, value in zip(component_ids, values, strict=True)}


def of_dataset(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Only what belongs to that data set: for a moment its controls and those of the one before may both be known."""
    known = data_table(name).names() if name in POINT_SETS else ()
    return {key: value for key, value in raw.items() if key in known}


def csv_table(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The chosen file and columns, or None without a file."""
    if not values["table"]:
        return None
    file = {"upload": values["table"].get("id"), "name": values["table"].get("name")}
    return {**file, **{name: value for name, value in values.items() if name != "table"}}


def error_lines(errors: Mapping[str, str], component_ids: Sequence[Mapping[str, str]]) -> list[str | None]:
    """The error line of each of the data set's controls."""
    return [errors.get(found["control"]) for found in component_ids]
