"""An interval that asks once and waits for the answer: no second question while the first is on its way.

Left alone, an interval goes on ticking while a slow answer travels or is drawn; each tick then brings the whole answer
once more.
"""

from __future__ import annotations

import dash
from dash import ClientsideFunction, Input, Output, dcc


def poll(interval_id: str, milliseconds: int, *, at_once: bool = False) -> dcc.Interval:
    """The interval, at rest unless ``at_once``; a callback that it triggers says in every answer whether it goes on."""
    return dcc.Interval(id=interval_id, interval=milliseconds, disabled=not at_once)


def register_polls(app: dash.Dash, *interval_ids: str) -> None:
    """Each tick stops the interval in the browser, before its question leaves."""
    for interval_id in interval_ids:
        app.clientside_callback(
            ClientsideFunction("topodash", "asked"),
            Output(interval_id, "disabled", allow_duplicate=True),
            Input(interval_id, "n_intervals"),
            prevent_initial_call=True,
        )
