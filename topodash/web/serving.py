"""Serve the application with gunicorn: `python app.py`, `make run`, `topodash serve`.

One worker process with threads: callbacks are short, and everything long is a process of its own.
"""

from __future__ import annotations

import logging
import socket
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from topodash.settings import Settings
from topodash.web import background, compression

THREADS = 16


class _Server(BaseApplication):
    """gunicorn without its command line. The application is made in the worker, after the fork."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        from topodash.web.factory import create_app

        return create_app(self._settings).server


def address(settings: Settings) -> str:
    """The address to type into a browser."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(settings.host, settings.host)
    return f"http://{host}:{settings.port}"


def port_problem(settings: Settings) -> str | None:
    """What keeps us from listening there, in a sentence; None when nothing does."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as problem:
            return (
                f"TopoDash cannot listen on {settings.host} port {settings.port}: "
                f"{problem.strerror or problem}. "
                f"Stop what uses that port, or choose another one: PORT={settings.port + 1} python app.py"
            )
    return None


def options(settings: Settings) -> dict[str, Any]:
    """gunicorn's configuration."""
    bind = (
        f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
    )

    def ready(worker: Any) -> None:
        compression.prepare(worker.wsgi, {background.WARM_UP: True})
        worker.wsgi.extensions[background.EXTENSION].start()
        sys.stdout.write(f"TopoDash is ready: {address(settings)}\n")
        sys.stdout.flush()

    return {
        "bind": bind,
        "workers": 1,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 120,
        "graceful_timeout": 5,
        "keepalive": 15,
        "loglevel": "warning",
        "post_worker_init": ready,
    }


def serve(settings: Settings | None = None) -> int:
    """Serve until told to stop; the exit code of the process."""
    settings = Settings.from_env() if settings is None else settings
    problem = port_problem(settings)
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"
    )
    try:
        _Server(settings, options(settings)).run()
    except SystemExit as end:
        return int(end.code or 0)
    return 0
