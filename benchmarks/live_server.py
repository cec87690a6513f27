"""Sections of `benchmarks/live.py` that need runs, a server and a browser: recording, frames, viewers, drawn frames."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time

import numpy as np
from page_clock import chromium, server

from topodash.jobs import JobStarter, create_run
from topodash.runs import RunStore
from topodash.settings import Settings

CONFIG = {
    "dataset": {"name": "single_annulus", "seed": 0, "parameters": {}}, "hidden": [3], "learning_rate": 0.5, "epochs": 1000, "seed": 0,
    "epochs_per_second": None,
}  # fmt: skip
PACE = 30


def bare_loop() -> float:
    """Seconds of 1000 full-batch epochs of the three-neuron network in torch, nothing evaluated, nothing kept."""
    import torch

    from topodash.datasets import load

    torch.set_num_threads(1)
    data = load("single_annulus")
    points = torch.tensor(data.points[data.train])
    labels = torch.tensor(data.labels[data.train], dtype=torch.float32)[:, None]
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    optimiser, loss_of = torch.optim.SGD(model.parameters(), lr=0.5), torch.nn.BCEWithLogitsLoss()
    begin = time.perf_counter()
    for _ in range(1000):
        optimiser.zero_grad()
        loss_of(model(points), labels).backward()
        optimiser.step()
    return time.perf_counter() - begin


def wait_for(condition: object, seconds: float = 60.0) -> None:
    """Poll until a callable is true; TimeoutError otherwise."""
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.002)


def recorded_run(settings: Settings) -> tuple[str, float]:
    """A finished run of CONFIG and the seconds it spent running."""
    run_id = create_run(settings, kind="mlp", config=CONFIG, start=False)
    subprocess.run(
        [sys.executable, "-m", "topodash.jobs", run_id],
        env={**os.environ, **settings.environment()},
        check=True,
    )
    with RunStore.of(settings).open(run_id) as reader:
        assert len(reader.snapshot_steps()) == 1001
        return run_id, reader.status.seconds


def first_epoch(settings: Settings) -> float:
    """Seconds from 'Start' to the first recorded epoch, with the spare process warm, as on a page."""
    starter, store = JobStarter(settings), RunStore.of(settings)
    starter.warm()
    time.sleep(4)
    begin = time.perf_counter()
    run_id = create_run(settings, kind="mlp", config=CONFIG)

    def recorded() -> bool:
        with store.open(run_id) as reader:
            return reader.newest_after(0) is not None

    wait_for(recorded)
    took = time.perf_counter() - begin
    wait_for(lambda: store.state(run_id) == "finished")
    starter.close()
    return took


def frame_cost(settings: Settings, run_id: str) -> tuple[float, float, float]:
    """Bytes of a frame, processor milliseconds to make one, and to hand out one that is known."""
    from topodash.web import create_app
    from topodash.web.background import Background

    Background.start = lambda *_: None  # type: ignore[method-assign]
    client = create_app(settings).server.test_client()
    size = len(client.get(f"/api/runs/{run_id}/frame?step=500").data)

    def cost(steps: list[int]) -> float:
        begin = time.process_time()
        for step in steps:
            assert client.get(f"/api/runs/{run_id}/frame?step={step}").status_code == 200
        return 1e3 * (time.process_time() - begin) / len(steps)

    return size, cost(list(range(1, 201))), cost([200] * 100)


def watch(address: str, run_id: str, until: float, lags: list[float], errors: list[str]) -> None:
    """One viewer: asks for the newest frame after its last, as the page does."""
    connection, last = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10), -1
    while time.monotonic() < until:
        try:
            connection.request("GET", f"/api/runs/{run_id}/frame?after={last}")
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                last = json.loads(body[8 : 8 + int.from_bytes(body[4:8], "little")])["step"]
                lags.append((json.loads(answer.headers["X-Run-Status"])["step"] - last) / PACE)
            elif answer.status != 204:
                errors.append(f"{answer.status}")
        except (OSError, http.client.HTTPException) as problem:
            errors.append(repr(problem))
            connection.close()
        time.sleep(0.066)


def viewers(settings: Settings, count: int = 20, seconds: float = 20.0) -> tuple[float, int, int]:
    """The 95th percentile of the lag of many viewers of one run, the errors, the frames."""
    lags: list[float] = []
    errors: list[str] = []
    with server(settings) as address:
        run_id = create_run(
            settings, kind="mlp", config={**CONFIG, "epochs": 20_000, "epochs_per_second": PACE}
        )
        time.sleep(3)
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=watch, args=(address, run_id, until, lags, errors)) for _ in range(count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return float(np.percentile(lags, 95)), len(errors), len(lags)


#: Times as the page itself sees them, in milliseconds: points painted after the navigation began; a frame drawn after a press.
CLOCK = """
const found = (window.clock = {});
const look = () => {
  if (!found.picture && document.querySelector("#live-plane-a .scatterlayer .point")) {
    requestAnimationFrame(() => setTimeout(() => { found.picture = performance.now(); }, 0));
  }
  const view = window.topodashLive && window.topodashLive.page && window.topodashLive.page.views.a;
  if (found.pressed && !found.frame && view && view.drawn > 0) found.frame = performance.now() - found.pressed;
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
document.addEventListener("click", (e) => { if (e.target.closest("#live-start")) found.pressed = performance.now(); }, true);
"""


def drawn_frames(settings: Settings, seconds: float = 20.0) -> dict[str, float]:
    """In headless Chromium: first picture, Start to first frame, frames a second in training and play-back, lag on screen."""
    view = "window.topodashLive.page.views.a"
    found: dict[str, float] = {}
    with server(settings) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})

        def until(condition: str) -> None:
            wait_for(lambda: page.evaluate(f"() => Boolean({condition})"))

        page.add_init_script(CLOCK)
        page.goto(address)
        page.wait_for_selector("h1")
        page.goto(f"{address}/live?epochs=20000")
        until("window.clock.picture")
        found["first picture"] = page.evaluate("() => window.clock.picture") / 1000
        time.sleep(5)
        page.click("#live-start")
        until("window.clock.frame")
        found["start to first frame"] = page.evaluate("() => window.clock.frame") / 1000
        time.sleep(3)

        def rate() -> float:
            before, begin = page.evaluate(f"() => {view}.drawn"), time.perf_counter()
            lags = []
            while time.perf_counter() < begin + seconds:
                time.sleep(0.5)
                lags.append(page.evaluate(f"() => ({view}.status.step - {view}.frame.head.step) / {PACE}"))
            found["lag"] = float(np.percentile(lags, 95))
            return (page.evaluate(f"() => {view}.drawn") - before) / (time.perf_counter() - begin)

        found["training"] = rate()
        lag = found["lag"]
        page.click("#live-stop")
        until(f"{view}.status.state === 'stopped'")
        page.evaluate("() => { window.topodashLive.page.jump(0); window.topodashLive.page.playToggle(); }")
        time.sleep(1)
        found["play-back"] = rate()
        found["lag"] = lag
    return found
