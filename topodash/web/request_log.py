"""A line for each request that somebody may want to know of: pages, API calls, what failed, what was slow."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from topodash.web import background

log = logging.getLogger("topodash.web")

#: Asked for many times a second or a page: they are logged only when they fail or are slow.
_NOISE = ("/_dash", "/_reload-hash", "/_favicon.ico", "/assets/", "/health", "/ready")
_SLOW = 1.0


def is_noise(path: str) -> bool:
    """Whether an ordinary answer at that path is not worth a line."""
    return path.startswith(_NOISE) or (path.startswith("/api/runs/") and path.endswith("/frame"))


def register(server: Flask) -> None:
    """Log to the logger `topodash.web`; who sets the process up decides where that goes."""

    @server.before_request
    def begin() -> None:
        g.topodash_began = time.perf_counter()

    @server.after_request
    def end(response: Response) -> Response:
        if background.WARM_UP in request.environ:
            return response
        seconds = time.perf_counter() - g.get("topodash_began", time.perf_counter())
        failed = response.status_code >= 500
        if failed or seconds > _SLOW or not is_noise(request.path):
            level = logging.ERROR if failed else logging.WARNING if seconds > _SLOW else logging.INFO
            # The path only: a query may hold what somebody typed.
            log.log(
                level, "%s %s %d %.0f ms", request.method, request.path, response.status_code, 1000 * seconds
            )
        return response
