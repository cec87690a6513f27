"""The callbacks that run in the browser: they hand what Dash knows to `assets/mapper.js`."""

from __future__ import annotations

import dash
from dash import ClientsideFunction, Input, Output, State

from topodash.components.scripted import scripted
from topodash.components.timeline import part_id
from topodash.pages.mapper import ids

SPACE = "mapper"


def register(app: dash.Dash) -> None:
    """Wire the script to the page."""
    for slot in ids.SLOTS:
        scripted(app, SPACE, f"paint_{slot}", Input(ids.paint(slot), "data"))
    figures = (Input(each, "figure") for each in (ids.space("a"), ids.space("b"), ids.LENS, ids.PLANE))
    scripted(app, SPACE, "highlight", Input(ids.SELECTION, "data"), *figures)
    scripted(app, SPACE, "address", Input(ids.SEARCH, "data"))
    scripted(app, SPACE, "cell", Input(ids.SWEEP_GRAPH, "clickData"))
    scripted(app, SPACE, "look", Input("theme", "data"))
    scripted(app, SPACE, "room", Input(ids.view("b"), "hidden"))
    for name in ("play", "back", "step"):
        app.clientside_callback(
            ClientsideFunction(SPACE, name),
            Output(part_id(ids.PAGE, "slider"), "value", allow_duplicate=True),
            Input(part_id(ids.PAGE, name), "n_clicks"),
            State(ids.RUN_INFO, "data"),
            State(part_id(ids.PAGE, "slider"), "value"),
            State(part_id(ids.PAGE, "speed"), "value"),
            prevent_initial_call=True,
        )
