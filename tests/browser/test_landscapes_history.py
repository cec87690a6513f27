"""The browser's Back and Forward on the Landscapes page: what was opened is a place to come back to, what only moved is not."""

from landscapes_study import make_study
from waiting import expect, until, until_address


def click_cell(page, layer, moment):
    """Click a cell of figure 2 of the small study: four layers at three moments."""
    box = page.locator("#landscapes-grid .nsewdrag").first.bounding_box()
    page.mouse.click(
        box["x"] + box["width"] * (layer + 0.5) / 4, box["y"] + box["height"] * (moment + 0.5) / 3
    )


def test_back_and_forward_go_through_the_layers_that_were_opened_and_make_nothing_anew(opened, study):
    title = opened.locator("#landscapes-detail-title")
    click_cell(opened, 1, 0)
    until_address(opened, "layer=1&moment=0")
    click_cell(opened, 2, 0)
    until_address(opened, "layer=2&moment=0")
    # The timeline and the bars change the place where one is.
    opened.get_by_role("button", name="One threshold on").click()
    until_address(opened, "layer=2&moment=1")
    opened.get_by_role("button", name="Shorter bar").click()
    until_address(opened, "layer=2&moment=1&bar=1")
    opened.evaluate("document.querySelector('#landscapes-grid').dataset.same = 'yes'")
    opened.go_back()
    expect(title).to_contain_text("ReLU 1, iteration 0")
    until(opened, "document.querySelector('.td-readout').textContent === 'iteration 0'")
    opened.go_back()
    expect(title).to_contain_text("input")
    until(opened, f"location.search === '?run={study}'")
    opened.go_forward()
    expect(title).to_contain_text("ReLU 1, iteration 0")
    opened.go_forward()
    expect(title).to_contain_text("ReLU 2, threshold 0.6")
    expect(opened.locator("#landscapes-bar-said")).to_contain_text("Bar 2 of")
    until_address(opened, "layer=2&moment=1&bar=1")
    assert opened.evaluate("document.querySelector('#landscapes-grid').dataset.same") == "yes"


def test_back_returns_to_the_source_before_and_to_the_page_before(open_page, site, study, data_dir):
    other = make_study(data_dir, networks=2, group_size=2, thresholds="[0.55]")
    page = open_page(f"/landscapes?run={study}")
    said = page.locator("#landscapes-grid-said")
    expect(said).to_contain_text("Mean of 4 networks")
    page.locator(".land-p").first.wait_for()
    page.evaluate(f"window.dash_clientside.set_props('landscapes-source', {{value: '{other}'}})")
    expect(said).to_contain_text("Mean of 2 networks")
    until_address(page, f"run={other}")
    page.go_back()
    expect(said).to_contain_text("Mean of 4 networks")
    assert f"run={study}" in page.url
    page.go_forward()
    expect(said).to_contain_text("Mean of 2 networks")
    # One entry a change: before the source stands the page's own opening, and nothing else of this site.
    page.go_back()
    expect(said).to_contain_text("Mean of 4 networks")
    page.go_back()
    assert not page.url.startswith(site)


def test_back_from_another_page_and_from_a_p_value(opened):
    opened.locator(".land-p").nth(1).click()
    until_address(opened, "test=")
    opened.locator(".td-nav-link[href='/runs']").click()
    expect(opened.locator("h1")).to_have_text("Runs")
    opened.go_back()
    said = opened.locator("#landscapes-null-said")
    expect(said).to_contain_text("iteration 0 and 0.75")
    opened.go_back()
    expect(said).to_contain_text("iteration 0 and 0.6")
