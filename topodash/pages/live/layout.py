"""What stands where on the Live training page."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.inspector import inspector
from topodash.components.notices import notices
from topodash.components.page import page
from topodash.components.panel import graph
from topodash.components.polling import poll
from topodash.components.store import store
from topodash.components.timeline import timeline
from topodash.figures import theme
from topodash.pages.live import ids
from topodash.pages.live.controls import POINT_SETS, TABLE, data_table
from topodash.pages.live.csv_address import read_csv_address
from topodash.pages.live.opening import empty_stage
from topodash.pages.live.setup import setup, setup_query
from topodash.pages.live.stage import views
from topodash.pages.live.state import Address, read_address

HINT = "Choose a data set and press Start. Then point at a cell, a point or an event; click a cell to keep it here."


def layout(**query: Any) -> Component:
    """The page for an address."""
    address = read_address(query)
    values, said = TABLE.values(query)
    own: dict[str, Any] = {}
    if values["dataset"] in POINT_SETS:
        own, more = data_table(str(values["dataset"])).values(query)
        said += more
    else:
        own, more = read_csv_address(query)
        said += more
    table = own if own.get("upload") else None
    stage = {} if address.store["a"] else empty_stage(values, own, table)
    return html.Div(
        [
            *_stores(address, stage, _query(values, own), reading=table is not None),
            page(
                ids.PAGE,
                "Live training",
                views(address, stage),
                setup=html.Div(setup(values, own), id=ids.SETUP),
                inspector=inspector(ids.INSPECTOR, HINT),
                timeline=timeline(ids.PAGE, scripted=True),
                subtitle=_subtitle(),
                actions=_actions(),
                notices=[*notices([*said, *address.notices]), html.Div(id=ids.ANSWER, role="alert")],
            ),
            _landscape(),
        ]
    )


def _query(values: dict[str, Any], own: dict[str, Any]) -> str:
    try:
        return setup_query(values, own)
    except ValueError:
        return ""


def _stores(address: Address, stage: dict[str, Any], query: str, *, reading: bool) -> list[Component]:
    known = stage.get("shown", {})
    scene = {"figure": stage["space"], "key": known["space"]} if known else None
    return [
        dcc.Store(id=ids.RUN, data=address.store),
        dcc.Store(id=ids.ATTACH),
        dcc.Store(id=ids.SELECTION),
        dcc.Store(id=ids.EDIT),
        dcc.Store(id=ids.MOMENT),
        dcc.Store(id=ids.THEMES, data=theme.browser_theme()),
        poll(ids.CSV_TICK, 1000, at_once=reading),
        poll(ids.CSV_POINTS_TICK, 1000),
        dcc.Store(id=ids.STRIP_TICK),
        dcc.Store(id=ids.QUERY, data=query),
        dcc.Store(id=ids.QUERY_TOLD),
        store(ids.SCENE, scene),
        # The scene comes when the page has a moment.
        dcc.Store(id=ids.SHOWN, data={**known, "space": None}),
        dcc.Store(id=ids.DRAWN),
        dcc.Store(id=ids.CURSOR),
        dcc.Store(id=ids.CAMERA, data=theme.STAGE_CAMERA),
    ]


def _button(button_id: str, label: str, help_text: str, *, filled: bool = False) -> Component:
    # Which of them can do something now is shown by the style sheet, from the state that the script writes.
    return dmc.Button(
        label,
        id=button_id,
        size="xs",
        variant="filled" if filled else "default",
        attributes={"root": {"title": help_text}},
    )


def _actions() -> list[Component]:
    return [
        _button(ids.START, "Start", "Train a new network with the settings of Setup.", filled=True),
        _button(ids.PAUSE, "Pause", "Hold the training after this epoch."),
        _button(ids.RESUME, "Resume", "Go on training from where it stands."),
        _button(ids.STEP, "Step", "Train one epoch."),
        _button(ids.STOP, "Stop", "End the training; what is recorded stays."),
        _button(ids.REWIND, "Rewind", "A new run from the same initialisation, paused at its first epoch."),
        _button(
            ids.BRANCH,
            "Branch",
            "A new run that goes on from the epoch under the cursor, with the settings of Setup.",
        ),
        _button(ids.NEW, "New", "Leave this run (it is kept) and set up another."),
    ]


def _subtitle() -> list[Component]:
    return [
        html.Span(id=ids.TITLE, className="live-title"),
        html.Span(className="live-dot", id=ids.STATE, **{"data-state": "", "aria-hidden": "true"}),
        html.Span(id=ids.WORDS, className="live-words td-number", role="status"),
    ]


def _landscape() -> Component:
    return dmc.Modal(
        graph(
            ids.LANDSCAPE_GRAPH,
            label="The exact surface of one neuron's activation over the input plane",
            height="60vh",
        ),
        id=ids.LANDSCAPE,
        title="Activation landscape",
        size="70%",
        zIndex=3500,
        closeButtonProps={"aria-label": "Close"},
    )
