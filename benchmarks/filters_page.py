"""The section `page` of `benchmarks/filters.py`: the Filters page in Chromium, alone and beside two networks that train."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import page_clock

from topodash.jobs import create_run
from topodash.runs import RunStore
from topodash.settings import Settings

_RING = (
    "window.topodash?.filters?.view && topodash.filters.view('a')?.drawn && topodash.filters.view('a').graph"
)
TRAINING = {
    "dataset": {"name": "mnist", "seed": 0, "parameters": {}}, "c1": 64, "c2": 8, "dense": 512, "standard_deviation": 0.1, "bias": 0.1,
    "learning_rate": 0.001, "dropout": 0.5, "batch_size": 100, "iterations": 20_000, "record": [100, 500, 1000], "test_images": 1000,
}  # fmt: skip

#: From the pointer to the moment at which the inspector names the node and its pictures are there.
CLICK = """
() => {
    const bench = (window.bench = {at: 0, took: null, node: -1});
    const there = (body) => body.querySelector('.filters-figure') && body.innerText.trim().split('\\n')[0] === 'Node ' + bench.node;
    window.addEventListener('pointerdown', (event) => { bench.at = event.timeStamp; bench.took = null; }, {capture: true});
    new MutationObserver(() => {
        const body = document.getElementById('filters-inspector-body');
        if (bench.took === null && bench.at && there(body)) requestAnimationFrame(() => { bench.took ??= performance.now() - bench.at; });
    }).observe(document.body, {childList: true, subtree: true});
}
"""


def opened(page: Any, url: str) -> float:
    """Seconds until the ring is painted."""
    page.goto(f"{url}/filters")
    page_clock.wait(page, _RING)
    return float(page.evaluate("performance.now()")) / 1000


def clicks(page: Any, nodes: list[int]) -> list[float]:
    """Seconds from a click on each node to its inspector."""
    times = []
    for k in nodes:
        at = page.evaluate(f"topodash.filters.view('a').screen({k})")
        page.evaluate(f"bench.node = {k}")
        page.locator("#filters-graph-a").click(position=at)
        page_clock.wait(page, "bench.took !== null", seconds=90)
        times.append(float(page.evaluate("bench.took")) / 1000)
        page.wait_for_timeout(700)
    return times


@contextlib.contextmanager
def training(settings: Settings) -> Iterator[None]:
    """Two networks of the improved model train meanwhile."""
    runs = [
        create_run(settings, kind="cnn", config={**TRAINING, "seed": seed}, start=False) for seed in (1, 2)
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "topodash.jobs", run],
            env={**os.environ, **settings.environment()},
        )
        for run in runs
    ]
    try:
        end = time.monotonic() + 120
        while any((RunStore.of(settings).open(run).status.step or 0) < 5 for run in runs):
            if time.monotonic() > end:
                raise TimeoutError("the trainings did not begin")
            time.sleep(0.5)
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def measured() -> dict[str, float]:
    """The numbers of the section, in seconds."""
    found: dict[str, float] = {}
    with (
        page_clock.data_folder() as settings,
        page_clock.server(settings) as url,
        page_clock.chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        found["first"] = opened(page, url)
        page.wait_for_timeout(15_000)
        times = []
        for _ in range(3):
            times.append(opened(page, url))
            page.wait_for_timeout(6000)
        found["ring"] = float(np.median(times))
        count = int(page.evaluate("topodash.filters.view('a').graph.n"))
        nodes = np.random.default_rng(0).choice(count, size=20, replace=False).tolist()
        page.evaluate(CLICK)
        clicks(page, nodes)  # the answers come into the cache

        def known(name: str, rest: float) -> None:
            page.reload()
            page_clock.wait(page, _RING)
            page.wait_for_timeout(rest)
            page.evaluate(CLICK)
            times = clicks(page, nodes)
            found.update({name: float(np.median(times)), f"{name} p95": float(np.percentile(times, 95))})

        known("click", 6000)
        with training(settings):
            known("busy click", 10_000)
    return found
