"""The section `browser` of `benchmarks/mapper.py`: from a change of a setting to its graph on screen, in Chromium.

A server of its own on an empty data folder, 1,000 points of the paper's kind as an uploaded file, a headless Chromium.
The clock starts with the event in the page (the key, the click) and stops when the new graph has been painted.
"""

import csv
import io
import json
import statistics
import time
import urllib.request
from typing import Any
from urllib.parse import urlencode

import numpy as np
import page_clock

GOALS = {"new": 0.3, "known": 0.1}

#: The last event of a person, and the first painting of a graph that was not there at that event.
CLOCK = """
() => {
    const bench = (window.bench = {at: 0, key: null, took: null});
    const start = (event) => { bench.at = event.timeStamp; bench.key = topodash.mapper.shown.a; bench.took = null; };
    for (const name of ['keydown', 'pointerdown', 'click']) window.addEventListener(name, start, {capture: true});
    const view = topodash.mapper.view('a'), now = view.now.bind(view);
    view.now = () => {
        now();
        if (bench.took === null && topodash.mapper.shown.a && topodash.mapper.shown.a !== bench.key) bench.took = performance.now() - bench.at;
    };
}
"""


def upload(url: str, points: np.ndarray) -> str:
    """Store points (n, 3) as a table with the columns a, b, c and a class; its id."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["a", "b", "c", "class"])
    for k, row in enumerate(points.tolist()):
        writer.writerow([*(f"{value:.7g}" for value in row), "inner" if k < len(points) // 2 else "outer"])
    request = urllib.request.Request(
        f"{url}/api/uploads?name=points.csv", data=text.getvalue().encode(), method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["id"])


def address(url: str, table: str, **settings: Any) -> str:
    """The Mapper page of that table."""
    chosen = {"upload": table, "columns": json.dumps(["a", "b", "c"]), "label": "class"}
    return f"{url}/mapper?{urlencode({**settings, 'source': 'upload', **chosen})}"


class Page:
    """The Mapper page under the clock."""

    def __init__(self, browser: Any, where: str) -> None:
        self.page = browser.new_page(viewport={"width": 1440, "height": 900})
        self.page.goto(where)
        page_clock.wait(self.page, "window.topodash && topodash.mapper && topodash.mapper.shown.a")
        time.sleep(2.5)
        self.page.evaluate(CLOCK)
        time.sleep(0.5)

    def nodes(self) -> int:
        """How many nodes the graph on screen has."""
        return int(self.page.evaluate("topodash.mapper.painted.a.n"))

    def type(self, label: str, value: float) -> float:
        """Type a number and press Enter; seconds until its graph is painted."""
        field = self.page.get_by_label(label, exact=True).first
        field.click()
        field.press("Control+a")
        text = f"{value:g}"
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")
        return self.took()

    def choose(self, label: str, option: str) -> float:
        """Choose from a list; seconds until its graph is painted."""
        self.page.get_by_label(label, exact=True).first.click()
        entry = self.page.get_by_role("option", name=option, exact=True).first
        entry.wait_for()
        time.sleep(0.4)
        entry.click()
        return self.took()

    def took(self) -> float:
        """Seconds from the last event to the painting; then the page comes to rest."""
        page_clock.wait(self.page, "bench.took !== null")
        seconds = float(self.page.evaluate("bench.took")) / 1000
        time.sleep(2.5)
        return seconds


def row(what: str, kind: str, nodes: int, times: list[float]) -> None:
    """One line of the table."""
    middle = statistics.median(times)
    word = "reached" if middle <= GOALS[kind] else "MISSED"
    spread = " ".join(f"{each:.2f}" for each in times)
    print(f"  {nodes:>5} nodes, {what:<34} {middle:5.2f} s ({spread}): {word}", flush=True)


def measure(page: Page) -> None:
    """Settings never asked for, then the way back to known ones."""
    nodes = page.nodes()
    fresh = [page.type("Eps", value) for value in (0.11, 0.105, 0.115)]
    row("new, eps typed and Enter", "new", nodes, fresh)
    known = [page.type("Eps", value) for value in (0.11, 0.1, 0.105, 0.115)]
    row("known, eps typed and Enter", "known", nodes, known)
    page.type("Eps", 0.1)
    fresh = [page.choose("Lens", name) for name in ("L2 norm", "Sum", "Maximum")]
    known = [page.choose("Lens", name) for name in ("L2 norm", "Sum", "Maximum")]
    row("new, chosen from a list", "new", nodes, fresh)
    row("known, chosen from a list", "known", nodes, known)


def large(browser: Any, url: str) -> None:
    """A graph of about 5,000 nodes: frames a second while it is moved, zoomed, and one of its nodes is dragged."""
    points = np.random.default_rng(0).uniform(size=(30_000, 3)) * [1, 1, 0.01]
    where = address(
        url, upload(url, points), lens="coordinate", lens2="coordinate", intervals=71, eps=0.05, limit=30_000
    )
    page = Page(browser, where)
    mouse, inside = page.page.mouse, "topodash.mapper.view('a')"
    box = page.page.evaluate(
        f"(() => {{ const b = {inside}.host.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; }})()"
    )
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    paint = page.page.evaluate(
        f"(() => {{ const v = {inside}, t = performance.now(); v.at = null; v.now(); return performance.now() - t; }})()"
    )
    edges = page.page.evaluate(f"{inside}.graph.edges.length / 3")
    print(
        f"large graph, {page.nodes():,} nodes, {edges:,.0f} edges, goal: usable (15 frames a second); painted anew in {paint / 1000:.3f} s"
    )

    def frames(what: str, go: Any) -> None:
        before, begin = page.page.evaluate(f"{inside}.drawn"), time.perf_counter()
        go()
        rate = (page.page.evaluate(f"{inside}.drawn") - before) / (time.perf_counter() - begin)
        print(
            f"  {what:<24} {rate:5.1f} frames a second: {'reached' if rate >= 15 else 'MISSED'}", flush=True
        )
        mouse.up()
        time.sleep(1)

    def move() -> None:
        mouse.down()
        for k in range(120):
            mouse.move(x + 60 * np.sin(k / 10), y + 60 * np.cos(k / 10))

    def zoom() -> None:
        for k in range(60):
            mouse.wheel(0, -120 if k < 30 else 120)

    mouse.move(box[0] + 4, box[1] + 4)
    frames("moved", move)
    mouse.move(x, y)
    frames("zoomed", zoom)
    page.page.evaluate(f"{inside}.fit()")
    time.sleep(1)
    at = page.page.evaluate(
        f"(() => {{ const v = {inside}, k = v.hit({box[2] / 2}, {box[3] / 2}, 40), p = v.screen(k); return [p.x, p.y]; }})()"
    )
    mouse.move(box[0] + at[0], box[1] + at[1])
    frames("a node dragged", move)
    page.page.close()


def run(points: np.ndarray, *, quick: bool = False) -> None:
    """Print the tables."""
    print("page, 1,000 points, goals: new picture 0.3 s, from the cache 0.1 s")
    with (
        page_clock.data_folder() as settings,
        page_clock.server(settings) as url,
        page_clock.chromium() as browser,
    ):
        table = upload(url, points)
        for chosen in (
            {"lens": "pc1", "intervals": 12},
            {"lens": "pca"},
            {"lens": "pca", "intervals": 45, "overlap": 66},
        ):
            page = Page(browser, address(url, table, **chosen))
            measure(page)
            page.page.close()
            if quick:
                break
        large(browser, url)
