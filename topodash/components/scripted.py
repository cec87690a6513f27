"""Callbacks that run in the browser and hand what Dash knows to a page's script."""

from __future__ import annotations

import dash
from dash import ClientsideFunction, Input, Output, State


def scripted(app: dash.Dash, space: str, function: str, *inputs: Input | State, at_opening: str = "") -> None:
    """Call `dash_clientside[space][function]` at each change of its inputs.

    Parameters
    ----------
    at_opening : str
        The id of a store of its own, which stays empty, for a function that has to be called when the page opens too: Dash
        does not call one without an output then. The function returns `no_update`.
    """
    outputs = [Output(at_opening, "data")] if at_opening else []
    app.clientside_callback(
        ClientsideFunction(space, function), *outputs, *inputs, prevent_initial_call=not at_opening
    )
