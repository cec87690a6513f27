"""The callbacks that run in the browser: they hand values to `assets/filters*.js`."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input

from topodash.components.scripted import scripted
from topodash.components.timeline import part_id
from topodash.components.waiting import register_waiting
from topodash.pages.filters import ids

SPACE = "filters"


def register_clientside(app: dash.Dash) -> None:
    """Wire the script."""

    def wire(function: str, *inputs: Input, told: str = "") -> None:
        scripted(app, SPACE, function, *inputs, at_opening=told)

    def timeline(part: str, value: str) -> Input:
        found: Any = part_id(ids.PAGE, part)
        return Input(found, value)

    wire("rings", Input(ids.RINGS, "data"))
    wire("paint", Input(ids.PAINT, "data"))
    wire("select", Input(ids.SELECTION, "data"), told=ids.TOLD["selection"])
    wire("address", Input(ids.SEARCH, "data"))
    wire("moments", Input(ids.MOMENTS, "data"), told=ids.TOLD["moments"])
    wire("source", Input(ids.SOURCE, "value"))
    wire("ready", Input(ids.READY, "data"))
    for name in ("play", "back", "step"):
        wire(name, timeline(name, "n_clicks"))
    wire("speed", timeline("speed", "value"))
    register_waiting(app, *ids.IN_TURN)
