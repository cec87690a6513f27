"""The Runs page: the table, what it takes on disk, and the two questions it may ask."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.notices import notice
from topodash.components.page import document
from topodash.components.upload import upload_zone
from topodash.pages import RUNS
from topodash.pages.context import Services, owner, services
from topodash.pages.runs import ids
from topodash.pages.runs.lines import disk, line, lines
from topodash.pages.runs.table import table

HINT = "No runs yet. A run appears here when you start one on another page, or import a file."
#: While something trains the list follows at this pace (milliseconds).
PERIOD = 2000


def _linked(found: Services, run: str) -> list[Component]:
    row = line(found, owner(), run)
    if row is None:
        return [notice("There is no such run here; it may have been deleted.", kind="warning")]
    if row.own:
        return []
    return [
        notice("This run belongs to someone else: you can look at it and export it, not change it."),
        table([row], HINT),
    ]


def _rename() -> Component:
    return dmc.Modal(
        [
            dmc.TextInput(id=ids.RENAME_TITLE, label="New name", **{"data-autofocus": True}),
            dmc.Group([dmc.Button("Rename", id=ids.RENAME_SAVE)], justify="flex-end", mt="md"),
        ],
        id=ids.RENAME,
        title="Rename this run",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )


def _delete() -> Component:
    return dmc.Modal(
        [
            html.P(id=ids.DELETE_TEXT),
            dmc.Group(
                [dmc.Button("Delete run", id=ids.DELETE_CONFIRM, color="red")], justify="flex-end", mt="md"
            ),
        ],
        id=ids.DELETE,
        title="Delete this run?",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )


def layout(run: str = "", **_query: str) -> Component:
    """The page; `?run=` shows one run, anyone's."""
    found = services()
    rows = lines(found, owner())
    return document(
        RUNS.name,
        RUNS.title,
        [
            html.Div(_linked(found, run) if run else [], className="td-linked"),
            html.Div(table(rows, HINT), id=ids.ROWS),
            html.P(disk(found, rows), id=ids.DISK, className="td-quiet"),
            upload_zone(
                ids.IMPORTED,
                route="/api/runs",
                label="Import a run",
                hint="or drop a .run file here, as Export writes it",
                accept=".run",
                max_mb=found.settings.upload_mb,
            ),
            _rename(),
            _delete(),
            dcc.Store(id=ids.CHOSEN),
            dcc.Store(id=ids.CHANGED),
            dcc.Store(id=ids.FINGERPRINT),
            dcc.Interval(id=ids.TICK, interval=PERIOD),
        ],
        notices=html.Div(id=ids.SAID),
    )
