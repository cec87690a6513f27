"""The Setup drawer: the source with its own choices, then the table of settings."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.control_layout import searchable
from topodash.components.upload import upload_zone
from topodash.pages.asking import asked as question
from topodash.pages.mapper import ids
from topodash.pages.mapper.controls import TABLE
from topodash.pages.mapper.state import Chosen, RunChoice, own_runs


def _file(chosen: Chosen) -> dict[str, list[str]]:
    """The columns that a link's file offers; those of the link alone while the file is not read."""
    found: dict[str, Any] = {}
    if chosen.upload:
        answer = question("table_columns", {"upload": chosen.upload})
        found = answer.value if answer.state == "ready" else {}
    every = [*chosen.columns, *(each for each in (chosen.label, chosen.lens_column) if each)]
    return {name: list(dict.fromkeys([*found.get(name, []), *every])) for name in ("numeric", "columns")}


def _zone(chosen: Chosen, upload_mb: int) -> Component:
    return upload_zone(
        ids.UPLOAD,
        route="/api/uploads",
        label="Choose a CSV file",
        hint="Activations from the Live page, or any table.",
        accept=".csv,.txt,.tsv",
        max_mb=upload_mb,
        said=ids.UPLOAD_SAID,
        data={"id": chosen.upload, "name": "The file of the link"} if chosen.upload else None,
    )


def setup(chosen: Chosen, run: RunChoice | None, upload_mb: int) -> list[Component]:
    """Everything in the drawer; what belongs to another source than the chosen one is hidden."""
    kind, file = chosen.values["source"], _file(chosen)
    layers = [{"value": value, "label": label} for value, label in run.layers] if run else []
    layer = chosen.layer if run and chosen.layer in [value for value, _ in run.layers] else None
    return [
        dmc.Switch(id=ids.AUTO, label="Compute as I change settings", checked=True, size="xs", className="mapper-auto"),
        html.Div(
            [
                searchable(ids.RUN, "Run", "One of your networks, trained on the Live page.", data=own_runs(chosen.run), value=chosen.run,
                        allowDeselect=False, placeholder="no run yet"),
                searchable(ids.LAYER, "Layer", "Which layer's activations are the points.", data=layers,
                        value=layer or (run.default_layer if run else None), allowDeselect=False),
            ],
            id=ids.GROUP_RUN, hidden=kind != "run", className="mapper-source",
        ),
        html.Div(
            [
                _zone(chosen, upload_mb),
                html.Div(id=ids.UPLOAD_SAID, role="status"),
                searchable(ids.COLUMNS, "Number columns", "The coordinates of the points.", multiple=True, data=file["numeric"], value=list(chosen.columns)),
                searchable(ids.LABEL, "Label column", "The class of every row, for colours and purity; may be left empty.", clearable=True,
                        data=file["columns"], value=chosen.label),
                searchable(ids.LENS_COLUMN, "Lens column", "A column for the lens 'Column of the file'.", clearable=True,
                        data=file["numeric"], value=chosen.lens_column),
            ],
            id=ids.GROUP_UPLOAD, hidden=kind != "upload", className="mapper-source",
        ),
        TABLE.layout(chosen.values),
    ]  # fmt: skip
