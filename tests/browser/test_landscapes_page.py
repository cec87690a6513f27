"""The Landscapes page in a browser: it opens on a study, a cell opens a layer, a bar its cycle, a p-value its null."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PHONE, WIDE
from landscapes_study import make_study
from waiting import expect, until, until_address


def test_every_figure_of_a_study_is_drawn(opened):
    expect(opened.locator("#landscapes-norms .scatterlayer .trace").nth(3)).to_be_attached()
    expect(opened.locator("#landscapes-curves .scatterlayer .trace")).to_have_count(3)
    heat = "#landscapes-heat .heatmaplayer image, #landscapes-heat .heatmaplayer .hm"
    expect(opened.locator(heat).first).to_be_attached()
    opened.locator("#landscapes-space canvas").first.wait_for()
    expect(opened.locator("#landscapes-notes")).to_contain_text("largest class")


def test_a_click_on_a_cell_opens_its_layer_and_the_address_says_so(opened, study):
    box = opened.locator("#landscapes-grid .nsewdrag").first.bounding_box()
    opened.mouse.click(box["x"] + box["width"] * 1.5 / 4, box["y"] + box["height"] * 0.5 / 3)
    title = opened.locator("#landscapes-detail-title")
    title.filter(has_text="ReLU 1, iteration 0").wait_for()
    opened.wait_for_url(re.compile(r"layer=1&moment=0"))
    again = opened.url
    opened.reload()
    title.filter(has_text="ReLU 1, iteration 0").wait_for()
    expect(opened).to_have_url(again)


def test_the_timeline_moves_the_moment(opened):
    before = opened.locator(".td-readout").inner_text()
    opened.get_by_role("button", name="One threshold back").click()
    opened.locator(".td-readout").filter(has_not_text=before).wait_for()
    until_address(opened, "moment=0")
    # Its curves stand out in figures 3 and 4, the others do not, and no figure came anew.
    for name in ("norms", "curves"):
        graph = f"document.querySelector('#landscapes-{name} .js-plotly-plot')"
        until(opened, f"{graph}.layout.meta.moment === 0")
        wide = f"{graph}.data.filter((each) => each.line.width > 2).every((each) => each.meta.moment === 0)"
        until(opened, f"{wide} && {graph}.data.some((each) => each.line.width > 2)")


def test_a_p_value_shows_its_null(opened):
    opened.locator(".land-p").nth(1).click()
    opened.locator("#landscapes-null-said").filter(has_text=re.compile(r"iteration 0 and 0\.75")).wait_for()


def test_panels_outside_the_window_follow_and_show_the_newest_moment(opened):
    back = opened.get_by_role("button", name="One threshold back")
    for _ in range(2):
        back.click()
    expect(opened.locator("#landscapes-detail-title")).to_contain_text("iteration 0")
    expect(opened.locator("#landscapes-diagram .scatterlayer .trace").nth(1)).to_be_attached()
    expect(opened.locator("#landscapes-barcode .barlayer .trace").first).to_be_attached()
    # As many bars as are said: those of the newest moment, not of one before.
    said = "Number(/ of (\\d+)/.exec(document.querySelector('#landscapes-bar-said').textContent)[1])"
    until(
        opened,
        f"document.querySelector('#landscapes-diagram .js-plotly-plot')._fullData[1]._length === {said}",
    )


def test_the_page_has_no_serious_accessibility_finding(opened, axe):
    assert axe(opened) == []


def unfold(page, group):
    page.locator("summary", has_text=re.compile(f"^{group}$")).click()


def choose(page, label, option):
    """Pick an option of a select in Setup."""
    named = {"name": label, "exact": True}
    page.get_by_role("textbox", **named).or_(page.get_by_role("combobox", **named)).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_another_degree_is_computed_and_stands_in_the_address(opened):
    unfold(opened, "Homology")
    choose(opened, "Degree", "0, components")
    opened.get_by_role("button", name="Compute", exact=True).click()
    expect(opened.locator("#landscapes-grid-said")).to_contain_text("degree 0")
    expect(opened.locator("#landscapes-norms .scatterlayer .trace").first).to_be_attached()
    until_address(opened, "degree=0")
    again = opened.url
    opened.goto(again)
    expect(opened.locator("#landscapes-grid-said")).to_contain_text("degree 0")
    opened.get_by_role("button", name="As stored").click()
    expect(opened.locator("#landscapes-grid-said")).to_contain_text("degree 1")


def test_another_class_and_grid_are_computed(opened):
    unfold(opened, "Homology")
    choose(opened, "Points of", "All classes")
    opened.get_by_role("button", name="Compute", exact=True).click()
    expect(opened.locator("#landscapes-grid-said")).to_contain_text("points of all classes")
    opened.get_by_role("button", name="As stored").click()
    expect(opened.locator("#landscapes-grid-said")).to_contain_text("class complement")
    unfold(opened, "Grid")
    opened.get_by_role("textbox", name="Grid to").fill("0.05")
    opened.get_by_role("textbox", name="Grid to").press("Tab")
    compute_when_heard(opened)
    expect(opened.locator("#landscapes-grid-said")).to_contain_text("Recomputed")
    expect(opened.locator("#landscapes-notes")).to_contain_text("outside the grid")


def compute_when_heard(page):
    """A number is sent when typing has paused; then Compute."""
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Compute", exact=True).click()


@pytest.mark.parametrize(
    ("entry", "begins"),
    [
        ("Everything, npz", b"PK"),
        ("Average landscapes, CSV", b""),
        ("PNG, three times the screen", b"\x89PNG"),
        ("SVG", b"<svg"),
        ("HTML, stands alone", b"<!doctype html"),
    ],
)
def test_figure_2_is_saved_in_every_form(opened, tmp_path, entry, begins):
    opened.get_by_role("button", name="Export Average landscapes").click()
    with opened.expect_download() as coming:
        opened.get_by_role("menuitem", name=entry, exact=True).click()
    path = tmp_path / "saved"
    coming.value.save_as(path)
    content = path.read_bytes()
    assert len(content) > 1000
    assert content[: len(begins)].lower() == begins.lower()


def test_the_snippet_computes_the_same_in_a_process_of_its_own(opened, tmp_path, data_dir):
    opened.get_by_role("button", name="Export Average landscapes").click()
    with opened.expect_download() as coming:
        opened.get_by_role("menuitem", name="Python that recomputes this").click()
    path = tmp_path / "snippet.py"
    coming.value.save_as(path)
    here = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TOPODASH_DATA_DIR": str(data_dir / "data"),
    }
    done = subprocess.run(
        [sys.executable, str(path)],
        env=here,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_two_groups_are_compared_and_a_link_opens_the_same(opened, study):
    opened.get_by_role("textbox", name="Second group").or_(
        opened.get_by_role("combobox", name="Second group")
    ).first.click()
    # No network of this small study reaches 0.75.
    opened.get_by_role("option", name=re.compile(r"^0\.6 · landscapes: disks")).first.click()
    opened.locator("#landscapes-group-run").click()
    said = opened.locator("#landscapes-null-said")
    expect(said).to_contain_text("networks at both")
    until_address(opened, f"b={study}%3A1")
    words = said.inner_text()
    opened.goto(opened.url)
    expect(said).to_have_text(words)
    opened.locator(".land-p").first.click()
    expect(said).not_to_have_text(words)
    until(opened, "!location.href.includes('b=')")


def test_a_study_is_stopped_from_the_page_in_the_middle_of_a_unit(open_page, study):
    page = open_page(f"/landscapes?run={study}", owner="a" * 32)
    page.locator("#landscapes-grid .scatterlayer .trace").first.wait_for()
    page.get_by_text("New study").click()
    steps = page.get_by_role("textbox", name="Training steps at most")
    steps.fill("200000")
    steps.press("Tab")
    expect(page.locator("#landscapes-estimate")).to_contain_text("pieces of work")
    page.get_by_role("button", name="Start study").click()
    status = page.locator("#landscapes-status")
    expect(status).to_contain_text("piece 0")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(status).to_contain_text("stopped at piece 0", timeout=15_000)
    expect(page.get_by_role("button", name="Resume", exact=True)).to_be_visible()


def test_an_address_written_by_hand_past_its_bounds_is_told(open_page, study):
    page = open_page(
        f"/landscapes?run={study}&layer=99&moment=77&depth=-4&grid_end=1e9&degree=7&a=x&b=y&networks=0"
    )
    page.locator("#landscapes-grid .scatterlayer .trace").first.wait_for()
    expect(page.locator(".td-notice").first).to_be_visible()
    expect(page.locator("#landscapes-detail-title")).to_contain_text("input")


def test_a_threshold_that_no_network_reached_is_said(open_page, site, data_dir):
    made = make_study(data_dir, thresholds="[0.6, 1.0]", max_steps=20)
    page = open_page(f"/landscapes?run={made}&layer=1&moment=2")
    page.locator("#landscapes-grid .scatterlayer .trace").first.wait_for()
    expect(page.locator("#landscapes-words")).to_contain_text("No network has reached")
    expect(page.locator("#landscapes-band-said")).to_contain_text("never reached")


def test_a_finger_on_a_plot_scrolls_the_page_and_picks_nothing(open_page, study):
    page = open_page(f"/landscapes?run={study}&layer=2&moment=1", size=PHONE)
    page.locator("#landscapes-norms .scatterlayer .trace").first.wait_for()
    page.locator(".land-p").first.wait_for()
    touch = page.context.new_cdp_session(page)
    for plot in ("grid", "norms"):
        page.locator(f"#landscapes-{plot}").evaluate("e => e.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(300)
        before = page.evaluate("scrollY")
        for kind, y in (("touchStart", 500), *(("touchMove", 500 - 15 * k) for k in range(1, 11))):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": 200, "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        until(page, f"scrollY > {before} + 60")
    expect(page.locator("#landscapes-detail-title")).to_contain_text("ReLU 2, threshold 0.6")


def test_in_a_narrow_window_the_scenes_of_figure_1_stand_two_by_two(opened):
    domains = "['scene', 'scene2', 'scene3'].map(name => document.querySelector('#landscapes-space .js-plotly-plot').layout[name].domain)"
    until(opened, f"{domains}[2].y[1] > 0.9")
    opened.set_viewport_size(PHONE)
    until(opened, f"{domains}[2].y[1] < 0.5 && {domains}[1].x[0] === 0.5")
    opened.set_viewport_size(WIDE)
    until(opened, f"{domains}[2].y[1] > 0.9")


def test_a_number_out_of_bounds_is_said_where_it_was_typed(opened):
    opened.get_by_role("textbox", name="Network", exact=True).fill("0")
    expect(opened.get_by_text("Network must be a whole number from 1 to 2000")).to_be_visible()
    opened.get_by_role("textbox", name="Network", exact=True).fill("2")
    expect(opened.get_by_text("Network must be a whole number")).to_have_count(0)
    opened.get_by_role("textbox", name="Network", exact=True).fill("500")
    expect(opened.get_by_text("there are 4 networks; network 4 is shown")).to_be_visible()
    expect(opened.locator("#landscapes-detail-title")).to_contain_text("network 4 of 4")
    until_address(opened, "network=4")


def test_a_link_with_a_group_that_is_gone_says_so(open_page, study):
    page = open_page(f"/landscapes?run={study}&a={study}:0&b=0123456789abcdef:1")
    expect(page.get_by_text("There is no run 0123456789abcdef")).to_be_visible()
