"""What a web process does besides answering: it looks after what an earlier server left, and lets queued runs
start.

It begins with the first request, because a server may fork its workers after the application is made, and
threads do not survive a fork.
"""

from __future__ import annotations

import logging
import os
import threading

from flask import Flask, request

from topodash.jobs import question_workers, sweep
from topodash.pages.context import Services
from topodash.runs import RunError

log = logging.getLogger("topodash.web")

EXTENSION = "topodash_background"
#: The request of `create_app` itself carries this: it must not start threads in a process that forks later.
WARM_UP = "topodash.warm_up"


class Background:
    """The threads of one web process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._process: int | None = None

    def start(self) -> None:
        """Start, once in a process; returns at once."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            threading.Thread(target=self._sweep, name="topodash sweep", daemon=True).start()
            self._services.starter.watch()

    def stop(self) -> None:
        """Start no more runs and end the workers of this process; runs at work go on."""
        self._services.starter.close()
        question_workers(self._services.settings).close()

    def _sweep(self) -> None:
        try:
            interrupted = sweep(self._services.settings)
        except (RunError, OSError) as problem:
            log.warning("What an earlier server left could not be looked through: %s", problem)
            return
        question_workers(self._services.settings).warm()
        if interrupted:
            log.info("%d interrupted run(s) can be resumed: %s", len(interrupted), ", ".join(interrupted))


def register(server: Flask, services: Services) -> None:
    """Start with the first real request of each process."""
    background = Background(services)
    server.extensions[EXTENSION] = background

    @server.before_request
    def begin() -> None:
        if WARM_UP not in request.environ:
            background.start()
