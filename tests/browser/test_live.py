"""The Live training page in a browser: what a person sees, presses, drags and breaks."""

import os
import signal
import sqlite3
import time

import pytest
from live_page import QUICK, VIEW, press, run_id, set_number, start, stop
from waiting import expect, until


def test_a_newcomer_presses_start_and_sees_a_network_learn(live):
    page = live("?epochs=1000&speed=max")
    assert not page.get_by_role("button", name="Pause", exact=True).is_visible()
    start(page)
    until(page, f"{VIEW}.history.region.steps.length > 900")
    expect(page.locator("#live-words")).to_have_text("finished, epoch 1000")
    # Seed 0 ends with an annulus around the disk.
    expect(page.locator("#live-number-b1")).to_have_text("1")
    assert float(page.inner_text("#live-number-accuracy")) > 0.99
    for shape in ("boundary", "neuron 0", "neuron 1", "neuron 2", "cells"):
        until(page, f"{VIEW}.graph('plane')._topodashLayout.shapes.some((s) => s.name === '{shape}')")
    space = f"{VIEW}.graph('space')"
    until(page, f"{space}._fullData.some((t) => t.name === 'output plane')")
    until(page, f"{space}.data[0].x.length + {space}.data[1].x.length === 1000")
    expect(page.locator("#live-events")).to_contain_text("the positive region became an annulus")
    expect(page.locator("#live-events")).to_contain_text("triangle flipped")
    expect(page.locator("#live-strip img")).to_have_count(8)
    assert page.locator("#live-curves-a .plot-container").first.bounding_box()["height"] > 200
    until(
        page,
        "[...document.querySelectorAll('#live-curves-a .scatterlayer path.js-line')].filter((p) => p.getBBox().width > 100).length >= 6",
    )
    assert page.locator(".td-panel .js-plotly-plot canvas").count() <= 16


def test_the_link_shows_the_same_after_a_reload_and_in_another_browser(live):
    page = live(QUICK)
    start(page)
    page.evaluate("() => window.topodashLive.page.jump(20)")
    until(page, f"{VIEW}.frame.head.step === 20")
    until(page, "window.location.search.includes('epoch=20')")
    address = page.url
    page.reload()
    until(page, f"window.topodashLive.page && {VIEW}.frame && {VIEW}.frame.head.step === 20")
    other = live("?" + address.split("?")[1], owner="cd" * 16)
    until(other, f"{VIEW}.frame && {VIEW}.frame.head.step === 20")
    expect(other.get_by_role("button", name="Rewind", exact=True)).not_to_be_visible()
    expect(other.get_by_role("button", name="Branch", exact=True)).to_be_visible()
    expect(other.locator(".td-notices")).to_contain_text("another browser")
    assert page.evaluate(f"() => Array.from({VIEW}.frame.act)") == other.evaluate(
        f"() => Array.from({VIEW}.frame.act)"
    )


def test_pause_step_and_a_new_learning_rate_act_on_the_running_network(live):
    page = live("?epochs=5000")
    press(page, "Start")
    until(page, f"{VIEW}.status && {VIEW}.status.state === 'running' && {VIEW}.status.step > 3")
    press(page, "Pause")
    until(page, f"{VIEW}.status.state === 'paused'")
    until(page, f"{VIEW}.frame.head.step === {VIEW}.status.step")
    at = page.evaluate(f"() => {VIEW}.status.step")
    press(page, "Step")
    until(page, f"{VIEW}.frame.head.step === {at + 1}")
    assert page.evaluate(f"() => {VIEW}.status.state") == "paused"
    set_number(page, "Learning rate", 0.05)
    press(page, "Resume")
    until(page, f"{VIEW}.history.events.some((e) => e.kind === 'learning_rate' && e.label.includes('0.05'))")
    stop(page)


def test_scrubbing_detaches_and_never_jumps_back_by_itself(live):
    page = live("?epochs=5000")
    press(page, "Start")
    until(page, f"{VIEW}.frame && {VIEW}.frame.head.step > 10")
    page.evaluate("() => window.topodashLive.page.scrubbed(5)")
    until(page, f"{VIEW}.frame.head.step === 5")
    time.sleep(1.5)
    assert page.evaluate(f"() => {VIEW}.frame.head.step") == 5
    until(page, f"{VIEW}.status.step > 5")
    page.get_by_label("Follow latest").locator("..").click()
    until(page, f"{VIEW}.frame.head.step > 20")
    stop(page)
    # What does not grow any more has nothing to follow.
    expect(page.locator(".td-follow")).to_be_hidden()


def test_a_cell_that_is_clicked_is_told_in_the_inspector_and_kept_in_the_address(live):
    page = live(QUICK)
    start(page)
    box = page.locator("#live-plane-a .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(page, "window.topodashLive.page.selection.pattern")
    pattern = page.evaluate("() => window.topodashLive.page.selection.pattern")
    until(page, f"document.querySelector('#live-inspector-body').innerText.includes('Cell {pattern}')")
    expect(page.locator("#live-inspector-body")).to_contain_text("fire")
    until(page, f"{VIEW}.graph('plane')._topodashLayout.shapes.some((s) => s.name === 'selected cell')")
    until(page, f"window.location.search.includes('cell={pattern}')")


def test_the_camera_stays_where_a_person_holds_it_while_the_network_trains(live):
    page = live("?epochs=5000&speed=100")
    press(page, "Start")
    until(page, f"{VIEW}.frame && {VIEW}.frame.head.step > 5")
    scene = page.locator("#live-space-a").bounding_box()
    x, y = scene["x"] + scene["width"] / 2, scene["y"] + scene["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=4)
    drawn = page.evaluate(f"() => {VIEW}.drawn")
    time.sleep(1)
    assert page.evaluate(f"() => {VIEW}.drawn") - drawn <= 1, "frames wait while the pointer is down"
    page.mouse.up()
    time.sleep(0.3)
    eye = page.evaluate(f"() => {VIEW}.graph('space')._fullLayout.scene._scene.getCamera().eye")
    until(page, f"{VIEW}.drawn > {drawn + 4}")
    after = page.evaluate(f"() => {VIEW}.graph('space')._fullLayout.scene._scene.getCamera().eye")
    assert all(abs(eye[axis] - after[axis]) < 1e-3 for axis in "xyz")
    stop(page)


MIDDLE_OF_LINE = f"""() => {{
    const gd = {VIEW}.graph("plane"), l = gd._fullLayout, box = gd.getBoundingClientRect(), n = {VIEW}.frame.lines;
    return [box.left + l.xaxis._offset + l.xaxis.c2p((n[0] + n[2]) / 2), box.top + l.yaxis._offset + l.yaxis.c2p((n[1] + n[3]) / 2)];
}}"""


def test_a_line_that_is_moved_becomes_a_network_that_trains_on(live):
    page = live(QUICK)
    start(page)
    first = run_id(page)
    page.get_by_label("Edit", exact=True).locator("..").click()
    until(page, "document.querySelectorAll('#live-weights input').length === 13")
    before = page.evaluate(f"() => Array.from({VIEW}.frame.lines)")
    page.locator("#live-plane-a").scroll_into_view_if_needed()
    x, y = page.evaluate(MIDDLE_OF_LINE)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 25, steps=3)
    page.mouse.move(x + 40, y + 50, steps=3)
    page.mouse.up()
    until(page, "!document.querySelector('#live-edit-bar').hidden")
    until(
        page,
        f"Math.abs({VIEW}.frame.lines[1] - {before[1]}) + Math.abs({VIEW}.frame.lines[0] - {before[0]}) > 0.05",
    )
    after = page.evaluate(f"() => Array.from({VIEW}.frame.lines)")
    assert after[4:] == before[4:], "the other lines stay"
    assert page.evaluate("() => window.topodashLive.page.edit.changes.length") == 1, "one drag is one change"
    press(page, "Train on from here")
    until(
        page, f"{VIEW}.id && {VIEW}.id !== '{first}' && {VIEW}.status && {VIEW}.status.state === 'finished'"
    )
    assert page.evaluate(f"() => [{VIEW}.info.first, {VIEW}.status.step]") == [60, 120], "as many again"
    expect(page.locator("#live-run-title")).to_contain_text("edited")


def test_rewind_and_branch_make_runs_of_their_own(live):
    page = live(QUICK)
    start(page)
    first = run_id(page)
    press(page, "Rewind")
    until(
        page, f"{VIEW}.id !== '{first}' && {VIEW}.status && {VIEW}.status.state === 'paused' && {VIEW}.frame"
    )
    assert page.evaluate(f"() => {VIEW}.frame.head.step") == 0
    press(page, "Resume")
    until(page, f"{VIEW}.status.state === 'finished'")
    set_number(page, "Epochs", 90)
    page.evaluate("() => window.topodashLive.page.jump(30)")
    until(page, f"{VIEW}.frame.head.step === 30")
    second = run_id(page)
    press(page, "Branch")
    until(page, f"{VIEW}.id !== '{second}' && {VIEW}.status && {VIEW}.status.state === 'finished'")
    assert page.evaluate(f"() => [{VIEW}.info.first, {VIEW}.status.step]") == [30, 90]


def test_a_killed_training_is_interrupted_and_resumes(live, data_dir):
    page = live("?epochs=400&speed=100")
    press(page, "Start")
    until(page, f"{VIEW}.status && {VIEW}.status.state === 'running' && {VIEW}.status.step > 20")
    catalogue = sqlite3.connect(data_dir / "data" / "catalogue.sqlite")
    try:
        slot = catalogue.execute("SELECT pid FROM slots WHERE id = ?", (run_id(page),)).fetchone()
    finally:
        catalogue.close()
    os.kill(slot[0], signal.SIGKILL)
    until(page, f"{VIEW}.status.state === 'interrupted'")
    expect(page.locator("#live-words")).to_contain_text("Resume goes on from there")
    press(page, "Resume")
    until(page, f"{VIEW}.status.state === 'finished'")


def test_two_runs_stand_side_by_side_with_one_cursor(live):
    page = live(QUICK)
    start(page)
    first = run_id(page)
    press(page, "New")
    until(page, f"!{VIEW}.id")
    set_number(page, "Network seed", 4)
    start(page)
    second = run_id(page)
    page.goto(page.url.split("?")[0] + f"?run={first}&with={second}&epoch=20")
    other = "window.topodashLive.page.views.b"
    until(
        page, f"window.topodashLive.page && {VIEW}.frame && {other}.frame && {other}.frame.head.step === 20"
    )
    page.evaluate("() => window.topodashLive.page.jump(40)")
    until(page, f"{VIEW}.frame.head.step === 40 && {other}.frame.head.step === 40")
    # One camera: the other scene follows once, and the page goes on.
    camera = "graph('space')._fullLayout.scene.camera.eye.x"
    page.locator("#live-space-a").scroll_into_view_if_needed()
    place = page.locator("#live-space-a canvas").first.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=4)
    page.mouse.up()
    until(page, f"{VIEW}.{camera} !== 2.03 && Math.abs({VIEW}.{camera} - {other}.{camera}) < 1e-6")
    page.evaluate("() => window.topodashLive.page.jump(50)")
    until(page, f"{VIEW}.frame.head.step === 50 && {other}.frame.head.step === 50")


def test_a_stopped_run_goes_on_from_the_runs_page(live):
    page = live("?epochs=20000")
    press(page, "Start")
    until(page, f"{VIEW}.status && {VIEW}.status.step > 5")
    stop(page)
    at, run, site = page.evaluate(f"() => {VIEW}.status.step"), run_id(page), page.url.split("/live")[0]
    page.goto(f"{site}/runs")
    page.locator(f"[id*='{run}'][id*='resume']").click()
    page.goto(f"{site}/live?run={run}")
    until(page, f"window.topodashLive.page && {VIEW}.status && {VIEW}.status.step > {at} + 20")
    stop(page)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize(
    "size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], ids=["wide", "phone"]
)
def test_no_serious_accessibility_finding(live, axe, look, size):
    page = live(QUICK, look=look, size=size)
    page.evaluate("() => document.querySelector('#live-start').click()")
    until(page, f"{VIEW}.frame && {VIEW}.status && {VIEW}.status.state === 'finished'")
    time.sleep(0.5)
    assert axe(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth + 1"), (
        "nothing scrolls sideways"
    )
