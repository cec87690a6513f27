"""Figures that wait for their turn: at once in the window, after what stands there when not (`assets/graphs.js`).

A callback writes the figure into the store `waiting(graph)`; the script hands the newest one to the graph.
"""

from __future__ import annotations

import dash
from dash import ClientsideFunction, Input, Output, dcc


def waiting(graph_id: str) -> str:
    """The id of the store in which a graph's next figure waits."""
    return f"{graph_id}-waiting"


def waiting_stores(*graphs: str) -> list[dcc.Store]:
    """The stores of these graphs."""
    return [dcc.Store(id=waiting(graph)) for graph in graphs]


def register_waiting(
    app: dash.Dash,
    *graphs: str,
    space: str = "topodash",
    function: str = "turn",
    also: tuple[Input, ...] = (),
) -> None:
    """Let a script's function hand waiting figures to these graphs; `also` are inputs that it looks at besides."""
    for graph in graphs:
        app.clientside_callback(
            ClientsideFunction(space, function),
            Output(graph, "figure"),
            Input(waiting(graph), "data"),
            *also,
            prevent_initial_call=True,
        )
