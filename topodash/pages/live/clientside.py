"""The callbacks that run in the browser: they hand values between Dash's components and the page's script."""

from __future__ import annotations

from typing import Any

import dash
from dash import ALL, ClientsideFunction, Input, Output, State

from topodash.components.scripted import scripted
from topodash.components.timeline import part_id
from topodash.pages.live import ids

SPACE = "live"


def register_clientside(app: dash.Dash) -> None:
    """Wire the script `assets/live_wiring.js` to the page."""

    def wire(function: str, *inputs: Input | State, at_opening: str = "") -> None:
        scripted(app, SPACE, function, *inputs, at_opening=at_opening)

    def timeline(part: str, value: str) -> Input:
        found: Any = part_id(ids.PAGE, part)
        return Input(found, value)

    wire("attach", Input(ids.ATTACH, "data"), State(ids.THEMES, "data"), State(ids.RUN, "data"))
    wire(
        "view",
        *(Input(name, "value") for name in (ids.LAYERS, ids.AXES, ids.COLOUR, ids.SMOOTHING, ids.LAYER)),
        Input(ids.LOG, "checked"),
    )
    wire("editing", Input(ids.EDIT_ON, "checked"))
    wire("panels", Input(ids.NEURONS, "children"))
    wire("curves", Input(ids.CURVES_BOX, "children"))
    wire("follow", timeline("follow", "checked"))
    wire("speed", timeline("speed", "value"))
    for name in ("play", "back", "step"):
        wire(name, timeline(name, "n_clicks"))
    wire("landscape", Input({"live-landscape": ALL, "unit": ALL}, "n_clicks"))
    wire("landscapeClosed", Input(ids.LANDSCAPE, "opened"))
    wire("discard", Input(ids.DISCARD, "n_clicks"))
    wire("camera", Input(ids.CAMERA_HOME, "n_clicks"), State(ids.CAMERA, "data"))
    wire("query", Input(ids.QUERY, "data"), at_opening=ids.QUERY_TOLD)
    wire("strip", Input(ids.STRIP, "children"), Input(ids.STRIP_EPOCHS, "value"))
    app.clientside_callback(
        ClientsideFunction(SPACE, "scene"),
        Output(ids.space("a"), "figure", allow_duplicate=True),
        Output(ids.SHOWN, "data", allow_duplicate=True),
        Input(ids.SCENE, "data"),
        State(ids.SHOWN, "data"),
        prevent_initial_call="initial_duplicate",
    )
    app.clientside_callback(
        ClientsideFunction(SPACE, "moment"),
        Output(ids.MOMENT, "data"),
        *(Input(button, "n_clicks") for button in (ids.START, ids.REWIND, ids.BRANCH, ids.KEEP)),
        prevent_initial_call=True,
    )
