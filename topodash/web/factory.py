"""The application: pages, routes and headers put together, with nothing in module globals."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

import dash
from flask import Flask

from topodash.pages import PAGES, Page
from topodash.pages.context import EXTENSION
from topodash.pages.not_found.layout import layout as not_found
from topodash.pages.placeholder import placeholder
from topodash.resources import resource_dir
from topodash.settings import Settings
from topodash.web import (
    background,
    compression,
    filter_exports,
    filter_look,
    health,
    index,
    landscape_exports,
    mapper_exports,
    mapper_graphs,
    owner,
    problems,
    request_log,
    runs_api,
    security,
    shell,
    uploads,
)
from topodash.web.services import build_services


def create_app(settings: Settings | None = None) -> dash.Dash:
    """The whole application on a Flask server of its own.

    Parameters
    ----------
    settings : Settings, optional
        Read from the environment when None.

    Returns
    -------
    dash.Dash
        `.server` is the Flask application for any WSGI server.
    """
    settings = Settings.from_env() if settings is None else settings
    server = Flask("topodash", static_folder=None)
    services = build_services(settings)
    server.extensions[EXTENSION] = services

    # Before Dash, whose catch-all route would answer for these addresses.
    owner.register(server)
    security.register(server, PAGES)
    health.register(server, services)
    runs_api.register(server, services)
    uploads.register(server, services)
    filter_exports.register(server, services)
    filter_look.register(server)
    landscape_exports.register(server)
    mapper_exports.register(server, services)
    mapper_graphs.register(server)
    _frames(server, settings)
    request_log.register(server)

    app = index.App(
        "topodash",
        server=server,
        assets_folder=str(resource_dir("assets")),
        pages_folder="",
        use_pages=True,
        title="TopoDash",
        update_title=None,
        description="See the topology of a neural network while it learns.",
        suppress_callback_exceptions=True,
        add_log_handler=False,
        on_error=problems.callback_failed,
        enable_mcp=False,
        health_endpoint="health",
    )
    _pages(app, settings)
    app.layout = shell.layout
    shell.register(app)
    app.index_string = index.index_string(app)
    compression.register(server)
    security.allow_scripts(server, lambda: [*app.csp_hashes(), index.script_hash()])
    background.register(server, services)
    # The first request sets Dash up, and two of them at once race; let it be this one.
    server.test_client().get("/", environ_overrides={background.WARM_UP: True})
    return app


def _frames(server: Flask, settings: Settings) -> None:
    if importlib.util.find_spec("topodash.web.frames"):
        importlib.import_module("topodash.web.frames").register(server, settings)


def _part(page: Page, name: str) -> ModuleType | None:
    module = f"topodash.pages.{page.name}"
    if importlib.util.find_spec(module) is None or importlib.util.find_spec(f"{module}.{name}") is None:
        return None
    return importlib.import_module(f"{module}.{name}")


def _pages(app: dash.Dash, settings: Settings) -> None:
    # The registry is Dash's own global: what an earlier application of this process left is not ours.
    dash.page_registry.clear()
    for order, page in enumerate(PAGES):
        layout = _part(page, "layout")
        dash.register_page(
            f"topodash.pages.{page.name}",
            path=page.path,
            name=page.title,
            title=index.page_title(page),
            description=page.sentence,
            order=order,
            layout=problems.guarded(page, layout.layout if layout else placeholder(page)),
        )
        callbacks = _part(page, "callbacks")
        if callbacks:
            callbacks.register(app, settings)
    dash.register_page(
        "topodash.pages.not_found_404",
        path="/not-found",
        name="Not found",
        title="Not found · TopoDash",
        order=len(PAGES),
        layout=not_found,
    )
