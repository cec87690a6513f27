"""The callbacks that run in the browser: they hand values between Dash's components and the page's script."""

from __future__ import annotations

import dash
from dash import ALL, ClientsideFunction, Input, Output, State

from topodash.components.timeline import part_id
from topodash.pages.live import ids

SPACE = "live"


def register_clientside(app: dash.Dash) -> None:
    """Wire the script `assets/live_wiring.js` to the page."""

    def wire(function: str, *inputs: Input | State) -> None:
        app.clientside_callback(ClientsideFunction(SPACE, function), *inputs, prevent_initial_call=True)

    def on(component: object, value: str) -> Input:
        return Input(component, value)  # type: ignore[arg-type]

    app.clientside_callback(
        ClientsideFunction(SPACE, "attach"),
        Input(ids.ATTACH, "data"),
        State(ids.THEMES, "data"),
        State(ids.RUN, "data"),
    )
    wire(
        "view",
        *(on(name, "value") for name in (ids.LAYERS, ids.AXES, ids.COLOUR, ids.SMOOTHING)),
        on(ids.LOG, "checked"),
    )
    wire("editing", on(ids.EDIT_ON, "checked"))
    wire("scrub", on(part_id(ids.PAGE, "slider"), "value"))
    wire("follow", on(part_id(ids.PAGE, "follow"), "checked"))
    wire("speed", on(part_id(ids.PAGE, "speed"), "value"))
    for name in ("play", "back", "step"):
        wire(name, on(part_id(ids.PAGE, name), "n_clicks"))
    wire("landscape", Input({"live-landscape": ALL, "unit": ALL}, "n_clicks"))
    wire("landscapeClosed", on(ids.LANDSCAPE, "opened"))
    wire("discard", on(ids.DISCARD, "n_clicks"))
    wire("weight", Input({"live-weight": ALL, "entry": ALL}, "value"))
    wire("weightsShown", on(ids.WEIGHT_VALUES, "data"))
    wire("camera", on(ids.CAMERA_HOME, "n_clicks"), State(ids.CAMERA, "data"))
    wire("editShown", on(ids.EDIT, "data"))
    app.clientside_callback(
        ClientsideFunction(SPACE, "moment"),
        Output(ids.MOMENT, "data"),
        *(Input(button, "n_clicks") for button in (ids.START, ids.REWIND, ids.BRANCH, ids.KEEP)),
        prevent_initial_call=True,
    )
