"""What stands in the inspector of the Filters page: POST /api/filters/look.

Not a Dash callback: each property that Dash sets costs a look at every component of the page, and the answer to a click
has to come at once, while networks train too. The body is `{"chosen": selection, "ready": request}`, the answer is the
component tree as JSON, `{"type", "props"}`, which `assets/filters_inspector.js` builds; 202 while it is being computed.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from topodash.pages.filters.looking import inspected
from topodash.web.component_json import component_json
from topodash.web.errors import ApiError, told
from topodash.web.query import body


def register(server: Flask) -> None:
    """Put the route on the server."""

    @server.post("/api/filters/look", endpoint="api.filters.look")
    @told
    def look() -> Response:
        tree, working = inspected(*asked_for())
        return component_json(tree, status=202 if working else 200)

    def asked_for() -> tuple[dict[str, Any], dict[str, Any]]:
        sent = body()
        chosen, ready = (
            (sent.get(name) for name in ("chosen", "ready")) if isinstance(sent, dict) else (None, None)
        )
        if not isinstance(chosen, dict) or not isinstance(ready, dict):
            raise ApiError(422, 'The body must be a JSON object with "chosen" and "ready".')
        rows, title = chosen.get("rows"), chosen.get("title")
        if not isinstance(rows, list) or not rows or not all(type(row) is int for row in rows):
            raise ApiError(422, "chosen.rows must be a list of whole numbers, at least one.")
        if not isinstance(title, str) or chosen.get("slot") not in ("a", "b", None):
            raise ApiError(422, 'chosen must have a title, and "a" or "b" as its slot.')
        requests = [ready.get(slot) for slot in ("a", "b") if ready.get(slot) is not None]
        if not isinstance(ready.get("a"), dict) or not all(
            isinstance(each, dict)
            and isinstance(each.get("filters"), dict)
            and isinstance(each.get("config"), dict)
            for each in requests
        ):
            raise ApiError(422, 'ready must hold the requests "a" and, if there is one, "b".')
        return chosen, ready
