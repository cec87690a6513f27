"""The Landscapes page in a browser: it opens on a study, a cell opens a layer, a bar its cycle, a p-value its null."""

import re

import pytest
from waiting import expect

from topodash.cli_landscapes import main

SMALL = {
    "networks": 4, "group_size": 4, "points": 700, "hidden": "[5, 4]", "every": 3, "max_steps": 60, "check_every": 5, "thresholds": "[0.6, 0.75]",
    "grid_step": 0.01, "depth": 6, "permutations": 200, "learning_rate": 0.01,
}  # fmt: skip


@pytest.fixture(scope="module")
def study(site, data_dir):
    """The id of a small study in the site's data folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOPODASH_DATA_DIR", str(data_dir / "data"))
        before = set((data_dir / "data" / "runs").glob("*.run"))
        assert main(["disks", *(f"--set={name}={value}" for name, value in SMALL.items())]) == 0
        (made,) = set((data_dir / "data" / "runs").glob("*.run")) - before
    return made.stem


@pytest.fixture
def opened(open_page, study):
    page = open_page(f"/landscapes?run={study}")
    page.locator("#landscapes-grid .scatterlayer .trace").first.wait_for()
    page.locator(".land-p").first.wait_for()
    return page


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


def test_a_p_value_shows_its_null(opened):
    opened.locator(".land-p").nth(1).click()
    opened.locator("#landscapes-null-said").filter(has_text=re.compile(r"iteration 0 and 0\.75")).wait_for()


def test_the_page_has_no_serious_accessibility_finding(opened, axe):
    assert axe(opened) == []
