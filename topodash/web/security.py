"""Security headers, the origin check of everything that changes something, and JSON errors under /api."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from topodash.pages import Page

#: The greatest body of an ordinary request, a callback's values; uploads have their own bound.
CALLBACK_LIMIT = 8 * 1024 * 1024
_SCRIPTS = "TOPODASH_SCRIPT_HASHES"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


def policy(script_hashes: Sequence[str]) -> str:
    """The Content-Security-Policy.

    Scripts come from this server or are known by their hash; there is no `unsafe-eval`. Styles need
    `unsafe-inline`: plotly and Mantine write style elements and attributes while they draw. Plotly saves
    pictures through `blob:` and `data:` images.
    """
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def allow_scripts(server: Flask, hashes: Callable[[], Sequence[str]]) -> None:
    """Tell the policy how to get the hashes of the page's inline scripts.

    They are asked for with the first answer, because Dash adds its own page callbacks with the first request.
    """
    server.config[_SCRIPTS] = functools.cache(lambda: policy(hashes()))


def is_foreign(headers: object, host: str) -> bool:
    """Whether a request that changes something was sent by another site's page.

    Browsers say where a request comes from in `Sec-Fetch-Site` (on https and on localhost) or in `Origin`; a
    program that is no browser says neither, and carries no stolen cookie.
    """
    site = headers.get("Sec-Fetch-Site")  # type: ignore[attr-defined]
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("Origin")  # type: ignore[attr-defined]
    return bool(origin) and urlsplit(origin).netloc != host


def _api_error(status: int, message: str) -> Response:
    response = jsonify({"error": message})
    response.status_code = status
    return response


def register(server: Flask, pages: Sequence[Page]) -> None:
    """Put the checks and headers on every request of the server."""
    server.config["MAX_CONTENT_LENGTH"] = CALLBACK_LIMIT
    paths = {page.path.strip("/") for page in pages}
    allow_scripts(server, tuple)

    @server.before_request
    def same_origin() -> Response | None:
        if request.method in ("GET", "HEAD", "OPTIONS") or not is_foreign(request.headers, request.host):
            return None
        return _api_error(403, "This request was sent by a page of another site, and is refused.")

    @server.before_request
    def no_page_under_api() -> Response | None:
        # Dash's catch-all would answer with a page; a program that asked for data wants to be told.
        rule = request.url_rule.rule if request.url_rule else ""
        if (
            request.path.startswith("/api/")
            and not rule.startswith("/api/")
            and request.routing_exception is None
        ):
            other = set(server.create_url_adapter(request).allowed_methods()) - {"GET", "HEAD", "OPTIONS"}
            if other:
                return _api_error(405, f"{request.path} takes {' or '.join(sorted(other))}.")
            return _api_error(404, f"There is nothing at {request.path[:100]}.")
        return None

    @server.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Response:
        limit = request.max_content_length or CALLBACK_LIMIT
        return _api_error(413, f"The request is too large: at most {limit / 1e6:.0f} MB are taken.")

    @server.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response | HTTPException:
        if request.path.startswith("/api/"):
            return _api_error(error.code or 500, error.description or error.name)
        return error

    @server.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", server.config[_SCRIPTS]())
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith("/assets/") and "m" in request.args and response.status_code == 200:
            # Dash names the file's own time in the address: the file behind it never changes.
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    @server.after_request
    def honest_status(response: Response) -> Response:
        # Dash answers 200 for every address; a page that does not exist is a 404.
        if (
            response.status_code == 200
            and response.mimetype == "text/html"
            and request.path.strip("/") not in paths
            and not request.path.startswith(("/_dash", "/assets/", "/api/"))
        ):
            response.status_code = 404
        return response
