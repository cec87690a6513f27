"""POST /api/mapper/export: a Mapper graph, or the members of a selection, as a file.

The body is {"kind", "request", "points"?}; 202 with the progress while it is computed, then the file.
"""

from __future__ import annotations

from flask import Flask, Response, g, jsonify

from topodash.jobs import ask
from topodash.jobs.sources import is_source
from topodash.pages.context import Services
from topodash.web.errors import ApiError
from topodash.web.query import body


def register(server: Flask, services: Services) -> None:
    """Put the route on the server."""

    @server.post("/api/mapper/export", endpoint="api.mapper_export")
    def export() -> Response | tuple[Response, int]:
        sent = body()
        if (
            not isinstance(sent, dict)
            or not isinstance(sent.get("request"), dict)
            or not is_source(sent["request"].get("source"))
        ):
            raise ApiError(422, "The body must be JSON with the kind of file and the request of the graph.")
        points = sent.get("points")
        if points is not None and not (
            isinstance(points, list) and all(type(each) is int and each >= 0 for each in points) and points
        ):
            raise ApiError(422, "points must be a list of one or more row numbers.")
        asked = {"kind": sent.get("kind"), "request": sent["request"], "points": points}
        answer = ask("mapper_export", asked, wait=2.0, asker=g.topodash_owner, settings=services.settings)
        if answer.state == "working":
            return jsonify({"progress": answer.progress, "message": answer.message}), 202
        if answer.state == "failed":
            raise ApiError(422, answer.message)
        found = answer.value
        response = Response(found["text"], mimetype=found["type"])
        response.headers["Content-Disposition"] = f'attachment; filename="{found["name"]}"'
        response.headers["Cache-Control"] = "no-store"
        return response
