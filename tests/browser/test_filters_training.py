"""A training on the Filters page that is killed in the middle and goes on, and the two long computations, started and stopped."""

import os
import re
import signal
import sqlite3

from waiting import expect, until, until_address

SAID = "document.getElementById('filters-train-said').textContent"
BANK = "/filters?source=bank%3Amnist_512_128_1024"


def iteration(said):
    return int(re.search(r"iteration (\d+)", said).group(1))


def process_of(data_dir, run_id):
    """The process that trains the run, as the catalogue has it."""
    catalogue = sqlite3.connect(data_dir / "data" / "catalogue.sqlite", timeout=30)
    try:
        found = catalogue.execute("SELECT pid FROM slots WHERE id = ?", (run_id,)).fetchone()
    finally:
        catalogue.close()
    assert found, "the run has no process"
    return found[0]


def test_a_killed_training_is_interrupted_and_resumed_where_it_was(open_page, data_dir):
    owner = "f" * 32
    page = open_page(BANK, owner=owner)
    page.evaluate(
        "document.getElementById('filters-train').closest('.td-setup, aside, body').querySelectorAll('details').forEach((each) => { each.open = true; })"
    )
    page.get_by_label("First-layer filters").fill("16")
    page.get_by_label("Dense units").fill("16")
    page.locator("#filters-train").click()
    until_address(page, "run%3A")
    expect(page.locator("#filters-words")).not_to_contain_text("M(512, 128, 1024)")
    until(page, f"/iteration ([2-9]|\\d\\d)/.test({SAID})")
    page.reload()
    page.wait_for_selector("h1")
    until(page, f"/iteration [1-9]/.test({SAID})")
    expect(page.locator("#filters-train-said")).to_be_in_viewport()
    expect(page.locator(".td-readout")).to_contain_text("/ 400")  # planned, not recorded so far
    assert "at=" not in page.url  # the newest is followed
    run_id = re.search(r"run%3A(\w+)", page.url).group(1)
    os.kill(process_of(data_dir, run_id), signal.SIGKILL)

    expect(page.locator("#filters-train-said")).to_contain_text("interrupted at iteration")
    at = iteration(page.locator("#filters-train-said").text_content())
    assert at >= 1
    resume = page.locator("#filters-train-pause")
    expect(resume).to_have_text("Resume")
    expect(resume).to_be_in_viewport()
    runs = open_page("/runs", owner=owner)
    expect(runs.locator("table")).to_contain_text(f"interrupted at iteration {at}; Resume goes on from there")

    resume.click()
    until(page, f"Number(({SAID}.match(/training, iteration (\\d+)/) || [0, 0])[1]) > {at}")
    until(
        page,
        f"topodash.filters.moments.steps[0] === 0 && topodash.filters.moments.steps.some((step) => step > {at})",
    )
    page.locator("#filters-train-stop").click()
    until(page, f"/stopped|finished/.test({SAID})")

    # Deleted elsewhere: what is drawn of it stays, and a setting that can no longer be answered says why.
    runs.reload()
    runs.locator("main button[aria-label^=Delete]").first.click()
    runs.get_by_role("button", name="Delete run", exact=True).click()
    expect(runs.locator("main")).to_contain_text("No runs yet")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.get_by_label("Intervals", exact=True).first.fill("7")
    expect(page.locator(".td-notice-error")).to_contain_text("There is no run")


def started_and_stopped(page, what, done, enough):
    """Start, wait for so much, stop; what is done then is on the page after a reload, and Compute goes on from it."""
    go, stop = page.locator(f"#filters-{what}-go"), page.locator(f"#filters-{what}-stop")
    expect(go).to_be_visible()
    go.click()
    until(page, f"{done} >= {enough}", 150)
    stop.click()
    expect(stop).to_be_hidden()
    kept = page.evaluate(f"() => {done}")
    assert kept > 0
    page.reload()
    page.wait_for_selector("h1")
    until(page, f"{done} >= {kept}")
    kept = page.evaluate(f"() => {done}")
    expect(go).to_be_visible()
    go.click()
    until(page, f"{done} > {kept}", 150)
    stop.click()
    expect(stop).to_be_hidden()


def test_evidence_stops_and_goes_on_where_it_was(open_page):
    # At other settings than those whose null banks travel with the bank.
    page = open_page(f"{BANK}&k=11")
    done = "Number((document.getElementById('filters-evidence-progress').textContent.match(/^[0-9]+/) || [0])[0])"
    started_and_stopped(page, "evidence", done, 20)


def test_sensitivity_stops_and_goes_on_where_it_was(open_page):
    page = open_page("/filters?source=bank%3Amnist_64_8_512")
    done = "Number((document.getElementById('filters-sensitivity-said').textContent.match(/ of ([0-9]+) settings/) || [0, 0])[1])"
    started_and_stopped(page, "sensitivity", done, 1)
