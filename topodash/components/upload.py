"""A place to drop a file on, or to choose one: `assets/upload.js` streams it to a route of the server.

Dash's own upload puts files as text into JSON and fails in silence past a limit; this one sends the
bytes, shows how far it is, and says what went wrong.
"""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from topodash.components.icons import icon
from topodash.components.store import store


def upload_zone(
    store_id: str,
    *,
    route: str,
    label: str,
    hint: str,
    accept: str,
    max_mb: int,
    data: Any = None,
    said: str = "",
) -> Component:
    """A drop zone with a button.

    Parameters
    ----------
    store_id : str
        A `dcc.Store` (made here) that gets the server's JSON answer, with the browser's own `at`
        (milliseconds) added so that the same file sent twice is news twice.
        Listen to it with `Input(store_id, "data")`.
    route : str
        Where the bytes go, as the body of a POST with `?name=`.
    label, hint : str
        What the button says, and what stands beside it.
    accept : str
        File endings, as in HTML (`.csv,.txt`).
    max_mb : int
        Larger files are refused before they are sent.
    data : JSON
        What the store holds from the start: an answer of the server to an earlier file.
    said : str
        The component in which the page says what is wrong with a file; emptied of an error when another is sent.
    """
    return html.Div(
        [
            html.Button([icon("import", 18), html.Span(label)], type="button", className="td-upload-button"),
            html.Span(hint, className="td-upload-hint"),
            html.Div(className="td-upload-said", role="status"),
            store(store_id, data),
        ],
        className="td-upload",
        **{
            "data-route": route,
            "data-accept": accept,
            "data-max": str(max_mb * 1_000_000),
            "data-store": store_id,
            "data-said": said,
        },
    )
