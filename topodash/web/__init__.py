"""The Flask side: application factory, HTTP routes, security headers, theme."""

from topodash.web.factory import create_app

__all__ = ["create_app"]
