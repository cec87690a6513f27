"""Compressed responses; what never changes is compressed once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from flask import Flask, Request
from flask_compress import Compress

_FIXED = ("/_dash-component-suites/", "/assets/")
#: There are about a hundred such files; more entries than this would be made-up addresses.
_MOST = 256


class FixedFiles:
    """What Flask-Compress asks for a finished answer: it remembers scripts and styles and nothing else."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        if key.endswith(";"):
            return
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = value


def fixed_key(request: Request) -> str:
    """The address of a fixed file; empty for everything else."""
    return request.full_path if request.path.startswith(_FIXED) else ""


#: By far the largest file of all: the first page with a graph would wait for its compression.
PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"


def prepare(server: Flask, environ: Mapping[str, Any]) -> None:
    """Compress what takes longest before anybody asks; `environ` goes with the request that does it."""
    server.test_client().get(PLOTLY, headers={"Accept-Encoding": "br"}, environ_overrides=dict(environ))


def register(server: Flask) -> None:
    """Compress text answers with what the browser takes, fast levels for what is made anew each time."""
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_LEVEL=5,
        COMPRESS_MIN_SIZE=600,
        COMPRESS_CACHE_KEY=fixed_key,
        COMPRESS_CACHE_BACKEND=FixedFiles,
    )
    Compress(server)
