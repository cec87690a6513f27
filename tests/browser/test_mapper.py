"""The Mapper page in a browser: a graph appears, a click selects points everywhere, links bring it back."""

import time

import pytest

SMALL = "/mapper?source=dataset&dataset=moons&lens=coordinate&eps=0.3&intervals=8"
SHOWN = "!!(window.topodash && topodash.mapper && topodash.mapper.shown.a)"


def until(page, script, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if page.evaluate(script):
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {script}")


def node_places(page):
    return page.evaluate(
        "(() => { const cy = topodash.mapper.cy('a'); const box = cy.container().getBoundingClientRect();"
        " return cy.nodes().map((n) => [box.left + n.renderedPosition().x, box.top + n.renderedPosition().y]); })()"
    )


@pytest.fixture
def shown(open_page):
    page = open_page(SMALL)
    until(page, SHOWN)
    return page


def test_a_click_on_a_node_selects_its_points_in_every_view(shown):
    size = shown.evaluate("topodash.mapper.cy('a').nodes()[0].data('n')")
    shown.mouse.click(*node_places(shown)[0])
    until(shown, f"document.getElementById('mapper-selected').textContent.startsWith('{size} of')")
    until(shown, "document.querySelector('#mapper-inspector-body h3')?.textContent === 'Node 0'")
    until(
        shown,
        "(() => { const g = document.querySelector('#mapper-space-a .js-plotly-plot');"
        f" const t = g._fullData[g._fullData.length - 1]; return t.x && t.x.length === {size}; }})()",
    )
    until(
        shown,
        "(() => { const g = document.querySelector('#mapper-lens .js-plotly-plot');"
        f" return g._fullData.reduce((s, t) => s + (t.selectedpoints || []).length, 0) === {size}; }})()",
    )


def test_a_search_selects_points_and_tells_how_many_of_each_node(shown):
    shown.get_by_label("Find points by number or class").fill("0-4")
    shown.get_by_role("button", name="Find", exact=True).click()
    until(shown, "document.getElementById('mapper-selected').textContent.startsWith('5 of')")
    counts = shown.evaluate("topodash.mapper.selection.nodes.a.reduce((s, n) => s + n[1], 0)")
    assert counts >= 5


def test_a_link_brings_the_graph_back(shown, open_page):
    until(shown, "window.location.search.includes('eps=0.3')")
    link = shown.evaluate("window.location.pathname + window.location.search")
    key = shown.evaluate("topodash.mapper.shown.a")
    again = open_page(link)
    until(again, SHOWN)
    assert again.evaluate("topodash.mapper.shown.a") == key


def test_the_graph_is_saved_as_json(shown):
    with shown.expect_download() as download:
        shown.get_by_role("button", name="Export Mapper graph").click()
        shown.get_by_role("menuitem", name="JSON").click()
    from topodash.topology import MapperGraph

    graph = MapperGraph.from_json(download.value.path().read_text())
    assert len(graph) == shown.evaluate("topodash.mapper.cy('a').nodes().length")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_serious_accessibility_finding(open_page, axe, look):
    page = open_page(SMALL, look=look)
    until(page, SHOWN)
    page.mouse.click(*node_places(page)[0])
    until(page, "!!document.querySelector('#mapper-inspector-body h3')")
    assert axe(page) == []
