"""`/ready`: whether store, cache and job starter work. (`/health` is Dash's own: the process lives.)"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import Flask, Response, jsonify

from topodash.compute import key
from topodash.pages.context import Services


def _store(services: Services) -> None:
    services.store.ids()
    services.catalogue.queued()
    probe = services.settings.runs_dir / f".ready-{secrets.token_hex(4)}"
    try:
        probe.write_bytes(b"ready")
    finally:
        probe.unlink(missing_ok=True)


def _cache(services: Services) -> None:
    value = secrets.token_hex(8)
    place = key("ready", 1, {"value": value}, ())
    if not services.cache.put(place, value):
        raise OSError(services.cache.trouble)
    if services.cache.get(place) != value:
        raise OSError("what was put into the cache did not come back")


def _starter(services: Services) -> None:
    services.starter.check()


CHECKS: dict[str, Callable[[Services], None]] = {"store": _store, "cache": _cache, "job starter": _starter}


def report(services: Services) -> dict[str, str]:
    """{part: 'ok' or what is wrong with it}."""
    found = {}
    for name, check in CHECKS.items():
        try:
            check(services)
            found[name] = "ok"
        except Exception as problem:  # whatever breaks a part, it is not ready, and says so
            found[name] = f"{type(problem).__name__}: {problem}"
    return found


def register(server: Flask, services: Services) -> None:
    """GET /ready: 200 when all parts work, else 503; the body names each part."""

    @server.get("/ready", endpoint="ready")
    def ready() -> Response:
        found = report(services)
        response = jsonify(found)
        response.status_code = 200 if all(state == "ok" for state in found.values()) else 503
        response.headers["Cache-Control"] = "no-store"
        return response
