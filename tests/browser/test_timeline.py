"""The timeline's slider by keyboard: PageUp and PageDown move it by a tenth, and the page follows."""

import numpy as np
from waiting import expect, until, until_address

from topodash.datasets import load
from topodash.runs import Catalogue, Recorder, RunStore
from topodash.settings import Settings

OWNER, RUN = "e" * 32, "7e57000000000001"


def recorded(data_dir):
    """A run of epochs 0 to 100, of a network that hardly moves."""
    settings = Settings(data_dir=data_dir / "data")
    path = RunStore.of(settings).path(RUN)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    data = load("moons", seed=0)
    with Recorder.create(path, kind="mlp", config={"hidden": [3]}, total=100, run_id=RUN) as recorder:
        arrays = {"points": data.points, "labels": data.labels, "train": data.train, "test": data.test}
        meta = {"class_names": ["a", "b"], "columns": ["x", "y"], "centre": [0, 0], "scale": [1, 1]}
        recorder.artifact("dataset", arrays, meta=meta)
        for epoch in range(101):
            weights = {
                "W1": np.eye(3, 2, dtype=np.float32) * (1 + epoch / 200), "b1": np.zeros(3, np.float32),
                "W2": np.ones((1, 3), np.float32), "b2": np.zeros(1, np.float32),
            }  # fmt: skip
            recorder.record(epoch, snapshot=weights)
        recorder.status("finished")
    Catalogue.of(settings).add(RUN, OWNER, "hardly moves")


def slider(page):
    thumb = page.locator(".td-timeline [role=slider]")
    thumb.focus()
    return thumb


def test_on_mapper_a_tenth_each_time_within_the_ends(open_page, data_dir):
    recorded(data_dir)
    page = open_page(f"/mapper?source=run&run={RUN}&layer=1&step=50&intervals=6&eps=0.4", owner=OWNER)
    until(page, "topodash.mapper.shown.a")
    before = page.evaluate("topodash.mapper.shown.a")
    thumb = slider(page)
    expect(thumb).to_have_attribute("aria-valuenow", "50")
    page.keyboard.press("PageUp")
    expect(thumb).to_have_attribute("aria-valuenow", "60")
    until(page, "window.location.search.includes('step=60')")  # Dash knows, and so does the graph
    until(page, f"topodash.mapper.shown.a && topodash.mapper.shown.a !== {before!r}")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(thumb).to_have_attribute("aria-valuenow", "40")
    page.keyboard.press("ArrowRight")
    expect(thumb).to_have_attribute("aria-valuenow", "41")
    page.keyboard.press("End")
    page.keyboard.press("PageUp")
    expect(thumb).to_have_attribute("aria-valuenow", "100")
    until(page, "window.location.search.includes('step=100')")
    expect(page.locator(".td-readout")).to_contain_text("100 / 100")
    expect(thumb).to_be_focused()


def test_a_timeline_of_nothing_stays_where_it_is(open_page):
    page = open_page("/mapper?source=dataset&dataset=moons&lens=coordinate&eps=0.3&intervals=8")
    thumb = slider(page)
    before = thumb.get_attribute("aria-valuenow")
    page.keyboard.press("PageUp")
    page.wait_for_timeout(300)
    expect(thumb).to_have_attribute("aria-valuenow", before)


def test_on_landscapes_the_moment_goes_with_it(opened):
    thumb = slider(opened)
    at = int(thumb.get_attribute("aria-valuenow"))
    opened.keyboard.press("PageDown")
    expect(thumb).to_have_attribute("aria-valuenow", str(at - 1))
    until(opened, f"window.location.search.includes('moment={at - 1}')")


def test_on_filters_the_ring_of_the_iteration_comes(open_page):
    page = open_page("/filters?source=bank%3Amnist_512_128_1024")
    until(page, "topodash.filters.view('a')?.graph?.n > 0 && topodash.filters.moments?.steps.length > 2")
    thumb = slider(page)
    expect(thumb).to_have_attribute("aria-valuenow", "1000")
    # Its bank is recorded at 0, 100, 500 and 1000: the slider moves by a tenth all the same.
    for at in range(900, 300, -100):
        page.keyboard.press("PageDown")
        expect(thumb).to_have_attribute("aria-valuenow", str(at))
    until(page, "topodash.filters.request.a.filters.iteration === 500")
    until_address(page, "at=500")
