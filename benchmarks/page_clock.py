"""What benchmarks share: an empty data folder, a server on it, a headless Chromium, and a clock in the page.

The clock starts with a person's event (a key, the pointer) and runs until the last figure in the window is drawn.
"""

import contextlib
import dataclasses
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from topodash.settings import Settings

FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]

CLOCK = """
() => {
    const bench = (window.bench = {at: 0, drawn: {}});
    const start = (event) => { bench.at = event.timeStamp; bench.drawn = {}; };
    for (const name of ['keydown', 'pointerdown']) window.addEventListener(name, start, {capture: true});
    const seen = (box) => box.bottom > 0 && box.top < window.innerHeight && box.height > 0;
    const hear = () => document.querySelectorAll('.js-plotly-plot').forEach((graph) => {
        if (graph._bench || !graph.on) return;
        graph._bench = true;
        graph.on('plotly_afterplot', () => {
            if (seen(graph.getBoundingClientRect())) bench.drawn[graph.parentNode.id] = performance.now() - bench.at;
        });
    });
    hear();
    setInterval(hear, 100);
}
"""


@contextlib.contextmanager
def data_folder() -> Iterator[Settings]:
    """Settings of an empty data folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield dataclasses.replace(Settings(), data_dir=Path(folder), workers=2)


@contextlib.contextmanager
def server(settings: Settings) -> Iterator[str]:
    """The application on a free port; its address once it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).resolve().parent.parent
    environment = {**os.environ, **settings.environment(), "HOST": "127.0.0.1", "PORT": str(port)}
    environment["PYTHONPATH"] = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, str(root / "app.py")],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{url}/ready", timeout=5).close()
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def wait(page: Any, condition: str, seconds: float = 60.0) -> None:
    """Until an expression is true in the page."""
    end = time.monotonic() + seconds
    while not page.evaluate(f"() => Boolean({condition})"):
        if time.monotonic() > end:
            raise TimeoutError(condition)
        time.sleep(0.02)


def drawn(page: Any, rest: float = 2.0) -> float:
    """Seconds from the last event until the last figure in the window was drawn; waits until nothing more comes."""
    last, since = None, time.monotonic()
    while time.monotonic() - since < rest:
        found = page.evaluate("bench.drawn")
        if found != last:
            last, since = found, time.monotonic()
        time.sleep(0.1)
    return max(last.values(), default=float("nan")) / 1000 if last else float("nan")
