"""POST /api/mapper/graphs and /api/mapper/cancel: the Mapper page asks for its graphs, and stops what it does not want any more.

`pages/mapper/asking.py` says what goes in and what comes out.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from topodash.pages.mapper import asking
from topodash.web.component_json import component_json
from topodash.web.errors import ApiError
from topodash.web.query import body


def _asked() -> dict[str, Any]:
    found = body()
    if not isinstance(found, dict):
        raise ApiError(422, "The body must be JSON: an object with the settings of the page.")
    return found


def register(server: Flask) -> None:
    """Put the routes on the server."""

    @server.post("/api/mapper/graphs", endpoint="api.mapper_graphs")
    def graphs() -> Response:
        try:
            return component_json(asking.composed(_asked()))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise ApiError(422, f"These settings cannot be read: {problem}.") from problem

    @server.post("/api/mapper/cancel", endpoint="api.mapper_cancel")
    def cancel() -> Response:
        try:
            return component_json({"progress": asking.dropped(_asked())})
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise ApiError(422, f"This request cannot be read: {problem}.") from problem
