"""What the browser tests of the Live training page share: opening it, pressing, waiting."""

import re
import time

from waiting import until

VIEW = "window.topodashLive.page.views.a"
OWNER = "ab" * 16


def press(page, name):
    """Press the visible button of that name."""
    page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()


def choose(page, label, text):
    page.get_by_label(label, exact=True).first.click()
    page.get_by_role("option", name=text, exact=True).first.click()


def send_csv(page, path):
    """Choose a file in Setup's zone."""
    with page.expect_file_chooser() as chooser:
        page.locator("#live-csv-panel .td-upload-button").click()
    chooser.value.set_files(path)


def set_number(page, label, value):
    field = page.get_by_label(label, exact=True).first
    field.fill(str(value))
    field.press("Tab")
    time.sleep(0.6)


def start(page, state="finished"):
    press(page, "Start")
    until(page, f"{VIEW}.frame && {VIEW}.status && {VIEW}.status.state === '{state}'")


def stop(page):
    """Stop the run and wait until it is: two that are left at work would keep every later one in the queue."""
    press(page, "Stop")
    until(page, f"{VIEW}.status.state === 'stopped'")


def run_id(page):
    return re.search(r"run=([0-9a-f]{16})", page.url)[1]


QUICK = "?epochs=60&speed=max"


def opener(open_page):
    """live(query, ...) -> the page, once its points are drawn and its script is ready."""

    def open_(query="", **options):
        page = open_page("/live" + query, **{"owner": OWNER, **options})
        page.wait_for_selector(
            "#live-plane-a .js-plotly-plot .scatterlayer .point", state="attached", timeout=60_000
        )
        until(page, "window.topodashLive.page && window.topodashLive.page.themes")
        return page

    return open_
