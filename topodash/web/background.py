"""A light thread in each web process that lets queued runs start, and keeps the cache within its size.

It begins with the first request, because a server may fork its workers after the application is made, and threads
do not survive a fork.
"""

from __future__ import annotations

import logging
import os
import threading

from flask import Flask, request

from topodash.pages.context import Services

log = logging.getLogger("topodash.web")

#: The request of `create_app` itself carries this: it must not start a thread in a process that forks later.
WARM_UP = "topodash.warm_up"
PERIOD = 2.0


class Pump:
    """Calls `starter.pump()` every `period` seconds while the process lives."""

    def __init__(self, services: Services, period: float = PERIOD) -> None:
        self._services = services
        self._period = period
        self._lock = threading.Lock()
        self._process: int | None = None
        self._stop = threading.Event()

    def start(self) -> None:
        """Start the thread, once in a process."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self._stop = threading.Event()
            threading.Thread(target=self._work, args=(self._stop,), name="topodash-pump", daemon=True).start()

    def stop(self) -> None:
        """End the thread after its present turn."""
        self._stop.set()

    def _work(self, stop: threading.Event) -> None:
        said = ""
        while not stop.is_set():
            try:
                self._services.starter.pump()
                said = ""
            except Exception as problem:  # a full disk today must not keep runs from starting tomorrow
                if str(problem) != said:
                    log.exception("queued runs could not be started; trying again every %g s", self._period)
                    said = str(problem)
            stop.wait(self._period)


def register(server: Flask, services: Services) -> None:
    """Start the pump with the first real request of each process."""
    pump = Pump(services)
    server.extensions["topodash_pump"] = pump

    @server.before_request
    def begin() -> None:
        if WARM_UP not in request.environ:
            pump.start()
