"""Setup: the data set with its preview, a user's file, the network, the training."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.control_layout import searchable
from topodash.components.upload import upload_zone
from topodash.pages.context import dark, services
from topodash.pages.live import ids
from topodash.pages.live.controls import POINT_SETS, TABLE, data_table, dataset_parameters
from topodash.pages.live.csv_address import csv_query
from topodash.pages.live.csv_source import FILE_OF_RUN, LEAVE_OUT, columns_answer
from topodash.pages.live.raw import of_dataset


def setup(values: Mapping[str, Any], own: Mapping[str, Any]) -> list[Component]:
    """All of Setup.

    Parameters
    ----------
    values : of the page's table.
    own : of the table of the chosen data set, or of a file its `upload` and columns; what is missing has its default.
    """
    return [
        html.Img(
            id=ids.PREVIEW,
            alt="Preview of the data set",
            className="live-preview",
            src=_preview(values, own),
            **{"data-themed": "1"},
        ),
        _csv(own if values["dataset"] == "csv" else {}, hidden=values["dataset"] != "csv"),
        TABLE.layout(values),
        html.Div(data_controls(str(values["dataset"]), own), id=ids.DATA, className="live-data-sets"),
    ]


def data_controls(name: str, own: Mapping[str, Any]) -> list[Component]:
    """The chosen data set's own controls."""
    if name not in POINT_SETS:
        return []
    return [html.H3("The data set's own settings", className="live-sub"), data_table(name).layout(dict(own))]


def _csv(own: Mapping[str, Any], *, hidden: bool) -> Component:
    upload = own.get("upload")
    offered = columns_answer(str(upload)) if upload else None
    columns = offered.value["columns"] if offered and offered.state == "ready" else []

    def choice(select_id: str, label: str, help_text: str) -> Component:
        value = own.get(select_id.rsplit("-", 1)[-1])
        return searchable(select_id, label, help_text, data=columns or [value] * bool(value), value=value)

    zone = upload_zone(
        ids.CSV,
        route="/api/uploads",
        label="Choose a CSV file",
        hint="Two number columns and a label column; a heading row is best.",
        accept=".csv,.txt,.tsv",
        max_mb=services().settings.upload_mb,
        said=ids.CSV_SAID,
        data={"id": upload, "name": own.get("name") or FILE_OF_RUN} if upload else None,
    )
    return html.Div(
        [
            zone,
            html.Div(id=ids.CSV_SAID, role="status"),
            choice(ids.CSV_X, "Horizontal column", "The number that goes along the horizontal axis."),
            choice(ids.CSV_Y, "Vertical column", "The number that goes along the vertical axis."),
            choice(
                ids.CSV_LABEL,
                "Label column",
                "What the network learns to tell apart: 2 to 10 different values.",
            ),
            dmc.Switch(
                id=ids.CSV_STANDARDISE,
                label="Standardise",
                checked=bool(own.get("standardise", True)),
                size="xs",
                description="Each column to mean 0 and deviation 1 for the network; drawn in its own units.",
            ),
            dmc.Switch(
                id=ids.CSV_DROP,
                label=LEAVE_OUT,
                checked=bool(own.get("drop_bad_rows")),
                size="xs",
            ),
        ],
        id=ids.CSV_PANEL,
        hidden=hidden,
        className="live-csv",
    )


def _preview(values: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    name = str(values["dataset"])
    try:
        parameters = dataset_parameters(name, of_dataset(own, name)) if name in POINT_SETS else {}
    except ValueError:
        return ""
    return preview_address(name, {"name": name, "seed": values["data_seed"], "parameters": parameters})


def preview_address(name: str, source: dict[str, Any]) -> str:
    """The address of a still picture of a data set; empty for a file, whose points the stage shows."""
    if name not in POINT_SETS:
        return ""
    return f"/api/preview.svg?dataset={quote(json.dumps(source, separators=(',', ':')))}&dark={int(dark())}"


def setup_query(checked: dict[str, Any], own: dict[str, Any]) -> str:
    """The address of a page without a run: what differs from the defaults; `own` as `setup` takes it."""
    name = str(checked["dataset"])
    if name in POINT_SETS:
        more = data_table(name).query(data_table(name).parse(of_dataset(own, name))).removeprefix("?")
    else:
        more = csv_query(own)
    parts = [part for part in (TABLE.query(checked).removeprefix("?"), more) if part]
    return "?" + "&".join(parts) if parts else ""
