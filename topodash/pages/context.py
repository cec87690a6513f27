"""What a page may ask of the request it serves: who looks, and the stores of this application.

`web` puts the services into the Flask application; nothing here is global, so two applications in one
process do not meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import flask

from topodash.compute import Cache
from topodash.jobs import JobStarter
from topodash.runs import Catalogue, RunStore
from topodash.settings import Settings

EXTENSION = "topodash"
#: Written by the browser: `light` or `dark`.
THEME_COOKIE = "topodash_theme"


@dataclass(frozen=True)
class Services:
    """The settings and stores of one application."""

    settings: Settings
    store: RunStore
    catalogue: Catalogue
    starter: JobStarter
    cache: Cache


def services() -> Services:
    """The services of the application that serves this request.

    Raises
    ------
    RuntimeError
        Outside of a request or of an application made by `topodash.web.create_app`.
    """
    found = flask.current_app.extensions.get(EXTENSION)
    if found is None:
        raise RuntimeError("this Flask application was not made by topodash.web.create_app")
    return found


def owner() -> str:
    """The id of the browser that asks (32 hex digits), which owns the runs that it makes."""
    return flask.g.topodash_owner


def dark() -> bool:
    """Whether the browser shows the dark look, so that a page's first figures are drawn in it."""
    return flask.request.cookies.get(THEME_COOKIE) == "dark"
