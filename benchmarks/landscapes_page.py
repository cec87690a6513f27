"""The section `page` of `benchmarks/landscapes.py`: a shipped study opened, and its controls changed, in Chromium."""

import statistics
import time
from typing import Any

import page_clock

#: The study of nine disks in `data/runs`.
STUDY = "616bcb3bce66ab37"
_GRAPH = "document.querySelector('#{} .js-plotly-plot')"


def opened(browser: Any, url: str) -> tuple[Any, float]:
    """The page, and seconds until the average landscapes and the norms are drawn."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    begin = time.perf_counter()
    page.goto(f"{url}/landscapes?run={STUDY}")
    for name in ("landscapes-grid", "landscapes-norms"):
        graph = _GRAPH.format(name)
        page_clock.wait(page, f"{graph} && {graph}.calcdata && {graph}.calcdata.length")
    return page, time.perf_counter() - begin


def row(what: str, times: list[float], goal: float) -> None:
    """One line of the table."""
    middle = statistics.median(times)
    word = "reached" if middle <= goal else "MISSED"
    print(
        f"  {what:<44} {middle:5.2f} s ({' '.join(f'{each:.2f}' for each in times)}), goal {goal:g}: {word}",
        flush=True,
    )


def moments(page: Any, keys: list[str]) -> list[float]:
    """Seconds for each key pressed on the slider."""
    page.get_by_role("slider").last.focus()
    times = []
    for key in keys:
        page.keyboard.press(key)
        times.append(page_clock.drawn(page))
    return times


def typed(page: Any, label: str, values: list[int]) -> list[float]:
    """Seconds for each number typed and sent with Enter."""
    times = []
    for value in values:
        field = page.get_by_label(label, exact=True).first
        field.click()
        field.press("Control+a")
        page.keyboard.insert_text(str(value))
        page.keyboard.press("Enter")
        times.append(page_clock.drawn(page))
    return times


def run() -> None:
    """Print the table."""
    print("Page on the shipped study of nine disks, until all figures in the window are drawn")
    with (
        page_clock.data_folder() as settings,
        page_clock.server(settings) as url,
        page_clock.chromium() as browser,
    ):
        times = []
        for _ in range(3):
            page, seconds = opened(browser, url)
            times.append(seconds)
            page.wait_for_timeout(4000)
            page.close()
        row("opened, figures 2 and 4", times, 3.0)
        page, _ = opened(browser, url)
        page.wait_for_timeout(6000)
        page.evaluate(page_clock.CLOCK)
        page.wait_for_timeout(500)
        back = ["ArrowLeft"] * 3 + ["ArrowRight"] * 3
        row("another moment", moments(page, back), 0.3)
        row("number of functions", typed(page, "Functions drawn", [4, 2, 5, 3]), 0.3)
        page.evaluate("document.querySelector('#landscapes-detail-title').scrollIntoView()")
        page.wait_for_timeout(3000)
        page.get_by_role("slider").last.focus()
        row("another moment, looking at the layer, known", moments(page, back), 0.3)
        page.close()
