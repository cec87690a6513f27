"""POST /api/mapper/graphs and /api/mapper/cancel: the Mapper page asks for its graphs, and stops what it does not want any more.

`pages/mapper/asking.py` says what goes in and what comes out.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request
from plotly.utils import PlotlyJSONEncoder

from topodash.pages.mapper import asking
from topodash.web.errors import ApiError


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(422, "The body must be JSON: an object with the settings of the page.")
    return body


def _json(found: Any) -> Response:
    """Notices are Dash components, which the encoder knows."""
    response = Response(
        json.dumps(found, cls=PlotlyJSONEncoder, separators=(",", ":")), mimetype="application/json"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def register(server: Flask) -> None:
    """Put the routes on the server."""

    @server.post("/api/mapper/graphs", endpoint="api.mapper_graphs")
    def graphs() -> Response:
        try:
            return _json(asking.composed(_body()))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise ApiError(422, f"These settings cannot be read: {problem}.") from problem

    @server.post("/api/mapper/cancel", endpoint="api.mapper_cancel")
    def cancel() -> Response:
        try:
            return _json({"progress": asking.dropped(_body())})
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise ApiError(422, f"This request cannot be read: {problem}.") from problem
