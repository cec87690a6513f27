"""POST /api/uploads?name=<file name>: a file for a page to read, streamed to disk.

The body is the file itself. `topodash.runs.uploads` keeps it under a fingerprint of its bytes.
"""

from __future__ import annotations

from flask import Flask, Response, g, jsonify, request

from topodash.pages.context import Services
from topodash.runs.uploads import UploadError, Uploads
from topodash.web.errors import ApiError
from topodash.web.streams import Body


def clean_name(raw: str) -> str:
    """A file name fit to be shown: no folders, no control characters, at most 120 characters."""
    base = raw.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in base if letter.isprintable())[:120] or "upload"


def register(server: Flask, services: Services) -> None:
    """Answer with 201 and `{"id", "name", "size"}`."""
    settings = services.settings

    @server.post("/api/uploads", endpoint="api.uploads")
    def upload() -> tuple[Response, int]:
        uploads = Uploads.of(settings)
        limit = settings.upload_mb * 2**20
        name = clean_name(request.args.get("name", ""))
        try:
            found = uploads.entry(uploads.store(Body(limit), limit, g.topodash_owner, name))
        except UploadError as problem:
            raise ApiError(422, f"{name}: {problem}.") from problem
        return jsonify({"id": found.id, "name": name, "size": found.size}), 201
