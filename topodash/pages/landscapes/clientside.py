"""The callbacks that run in the browser (`assets/landscapes.js`): cursor, frames, address."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State

from topodash.components.scripted import scripted
from topodash.components.timeline import part_id
from topodash.components.waiting import register_waiting, waiting
from topodash.pages.landscapes import ids

SPACE = "landscapes"


def register_clientside(app: dash.Dash) -> None:
    """Wire the page's script."""

    def timeline(part: str) -> Any:
        return part_id(ids.PAGE, part)

    app.clientside_callback(
        ClientsideFunction(SPACE, "moved"),
        Output(ids.CURSOR, "data"),
        Output(ids.MOMENT, "data"),
        Output(timeline("slider"), "value"),
        Input(timeline("slider"), "value"),
        Input(timeline("back"), "n_clicks"),
        Input(timeline("step"), "n_clicks"),
        Input(ids.SHAPE, "data"),
        State(ids.CURSOR, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(SPACE, "framed"),
        Output(timeline("readout"), "children"),
        Input(ids.CURSOR, "data"),
        Input(ids.GRID, "figure"),
        Input(ids.SHAPE, "data"),
        prevent_initial_call=True,
    )
    register_waiting(app, *ids.IN_TURN, space=SPACE)
    cycle = Input(waiting(ids.CYCLE), "data")
    register_waiting(app, ids.SPACE, space=SPACE, function="spread", also=(cycle,))
    scripted(app, SPACE, "query", Input(ids.QUERY, "data"))
