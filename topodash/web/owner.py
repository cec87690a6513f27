"""Whose runs these are: a random id in a cookie that scripts cannot read.

There are no accounts. A browser owns the runs that it makes; whoever has a link to a run may look at it.
"""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, request

COOKIE = "topodash_owner"
_FORM = re.compile(r"[0-9a-f]{32}")
_AGE = 2 * 365 * 24 * 3600
#: Files that are the same for everyone: a cookie would only keep caches from sharing them.
_SHARED = ("/assets/", "/_dash-component-suites/", "/health", "/ready")


def register(server: Flask) -> None:
    """Give each request `g.topodash_owner`, and each browser without one the cookie."""

    @server.before_request
    def know() -> None:
        given = request.cookies.get(COOKIE, "")
        g.topodash_owner_is_new = not _FORM.fullmatch(given)
        g.topodash_owner = secrets.token_hex(16) if g.topodash_owner_is_new else given

    @server.after_request
    def tell(response: Response) -> Response:
        if g.get("topodash_owner_is_new") and not request.path.startswith(_SHARED):
            response.set_cookie(
                COOKIE,
                g.topodash_owner,
                max_age=_AGE,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
                path="/",
            )
        return response
