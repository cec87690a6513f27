"""The Filters page in a browser: an uploaded ring on the screen, linked views, an opened filter, its address, the phone."""

import numpy as np
import pytest
from conftest import PHONE, WIDE
from waiting import expect, until, until_address

RING = "topodash.filters.view('a')?.graph?.n > 0"
WHEEL = "document.querySelector('#filters-wheel .js-plotly-plot')?.data.length > 1"


@pytest.fixture(scope="module")
def edges(tmp_path_factory):
    """A file of filters that form a ring."""
    turn = np.linspace(0, 2 * np.pi, 140, endpoint=False)
    x, y = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(1, -1, 5))
    filters = np.cos(turn)[:, None, None] * x + np.sin(turn)[:, None, None] * y
    filters += 0.05 * np.random.default_rng(0).normal(size=filters.shape)
    path = tmp_path_factory.mktemp("edges") / "edges.npz"
    np.savez(path, filters=filters.astype(np.float32))
    return path


@pytest.fixture
def shown(open_page, edges):
    def open_(**options):
        page = open_page("/filters", **options)
        if options.get("size") is PHONE:
            page.evaluate("topodash.drawer('filters-setup', true)")
        page.evaluate("document.querySelector('.td-upload-button').closest('details').open = true")
        with page.expect_file_chooser() as chooser:
            page.locator(".td-upload-button").click()
        chooser.value.set_files(edges)
        until(page, "document.getElementById('filters-words').textContent.startsWith('edges')")
        until(page, RING)
        until(page, WHEEL)
        if options.get("size") is PHONE:
            page.evaluate("topodash.drawer('filters-setup', false)")
        return page

    return open_


def test_an_uploaded_ring_is_drawn_linked_and_opened(shown):
    page = shown()
    expect(page.locator("#filters-words")).to_contain_text("layer filters: 140 filters")
    # Node 0 is painted as its mean filter, with more greys than a plain square has, and opened by a click on it.
    sheet = "topodash.filters.view('a').pictures"
    pixels = f"[...{sheet}.getContext('2d').getImageData(0, 0, 5, 5).data].filter((_, k) => k % 4 === 0)"
    assert page.evaluate(f"new Set({pixels}).size") > 5
    at = page.evaluate("topodash.filters.view('a').screen(0)")
    page.locator("#filters-graph-a").click(position=at)
    until(page, "document.querySelector('#filters-inspector-body .filters-thumb')")
    until(page, "topodash.filters.view('a').marks")
    lit = page.evaluate("topodash.filters.view('a').marks.size")
    assert 0 < lit < page.evaluate("topodash.filters.view('a').graph.n")
    marked = "document.querySelector('#filters-plane .js-plotly-plot')._fullData.some(trace => trace.selectedpoints?.length)"
    until(page, marked)
    page.locator("#filters-inspector-body .filters-thumb").first.click()
    until(page, "document.querySelector('#filters-inspector-body .filters-weights')")
    until_address(page, "filter=")


def test_a_click_beside_the_filters_of_the_klein_chart_opens_its_square(shown):
    page = shown()
    chart = "document.querySelector('#filters-klein .js-plotly-plot')"
    # The chart of these 140 filters, not that of the bank which stood there before.
    until(page, f"{chart}?._filters && {chart}.layout.meta?.rows.flat().every((row) => row < 140)")
    region = page.evaluate(f"{chart}.layout.meta.rows.findIndex(rows => rows.length > 1)")
    page.evaluate(
        f"{chart}.emit('plotly_click', {{points: [{{data: {{type: 'heatmap'}}, customdata: {region}}}]}})"
    )
    until(page, "topodash.filters.selection?.title.startsWith('Klein bottle')")
    assert page.evaluate(
        f"topodash.filters.selection.rows.length === {chart}.layout.meta.rows[{region}].length"
    )


def test_a_bar_that_was_not_held_against_its_null_gives_no_circular_coordinate(shown):
    page = shown()
    said = page.locator("#filters-wheel-said")
    expect(said).to_contain_text("Position: PCA angle")
    expect(said).to_contain_text("not been held against all null banks")
    expect(page.locator("#filters-legend")).to_contain_text("angle in the PCA plane")


def test_one_state_of_an_upload_at_a_time(shown, tmp_path):
    """What is refused takes the ring of before with it; the next file takes the refusal, and nothing says that all is well."""
    page, zone = shown(), "document.querySelector('.td-upload-said').textContent"
    for name, content in (("bad.npz", b"nonsense"), ("empty.npz", b"")):
        (tmp_path / name).write_bytes(content)

    def send(name):
        with page.expect_file_chooser() as chooser:
            page.locator(".td-upload-button").click()
        chooser.value.set_files(tmp_path / name)

    send("bad.npz")
    expect(page.locator(".td-notice-error")).to_contain_text("bad.npz must be")
    assert page.evaluate(zone) == ""
    until(page, "!topodash.filters.view('a').graph")
    expect(page.locator("#filters-words")).to_have_text("")
    send("empty.npz")
    until(page, f"{zone} === 'empty.npz is empty.'")
    expect(page.locator(".td-notice-error")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_ring_is_no_higher_than_it_needs_in_a_tall_window(open_page, width):
    page = open_page("/filters", size={"width": width, "height": 4000})
    height = page.evaluate(
        "document.getElementById('filters-graph-a').closest('.td-panel').getBoundingClientRect().height"
    )
    assert 400 < height < 900


def test_the_address_brings_the_same_view_back(shown, open_page):
    first = shown()
    first.evaluate("topodash.filters.choose({slot: 'a', title: 'Filter 3', rows: [3], one: true})")
    until(first, "location.search.includes('filter=3')")
    address = first.evaluate("location.pathname + location.search")
    again = open_page(address)
    until(again, RING)
    until(again, "document.querySelector('#filters-inspector-body .filters-weights')")
    expect(again.locator("#filters-words")).to_have_text(first.locator("#filters-words").text_content())


def test_a_wrong_setting_is_said_at_its_control(shown):
    page = shown()
    page.get_by_label("k, neighbour").first.fill("139000")
    page.get_by_text("k, neighbour must be a whole number").wait_for()
    page.get_by_label("k, neighbour").first.fill("150")
    page.get_by_text("k must be").first.wait_for()


def test_on_a_phone_the_evidence_is_read_with_the_page_and_patches_are_square(shown):
    page = shown(size=PHONE)
    until(page, "document.getElementById('filters-evidence-said').textContent")
    inner = "document.querySelector('.filters-scroll')"
    assert page.evaluate(f"{inner}.scrollHeight - {inner}.clientHeight") <= 20  # a bar below it at most
    chart = "document.querySelector('#filters-klein .js-plotly-plot')"
    until(page, f"{chart}?._filters")
    across, up = page.evaluate(
        f"['xaxis', 'yaxis'].map((axis) => {chart}._fullLayout[axis]._length / ({chart}._fullLayout[axis].range[1] - {chart}._fullLayout[axis].range[0]))"
    )
    assert 0.8 < across / up < 1.25


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_serious_finding_of_axe(shown, axe, look, size):
    page = shown(look=look, size=size)
    page.wait_for_timeout(800)
    assert axe(page) == []


def test_files_are_saved(shown):
    page = shown()
    # The entries of a menu are made when the page has a moment.
    until(page, "document.querySelector('[data-filters-export=html][data-slot=a]')")
    with page.expect_download() as saved:
        page.evaluate("document.querySelector('[data-filters-export=html][data-slot=a]').click()")
    assert "<svg" in saved.value.path().read_text()
    with page.expect_download() as saved:
        page.evaluate("document.querySelector('[data-filters-export=\"members.csv\"][data-slot=a]').click()")
    text = saved.value.path().read_text()
    assert text.startswith("filter,network,channel")
    with page.expect_download() as saved:
        page.evaluate("document.querySelector('[data-filters-export=png][data-slot=a]').click()")
    assert saved.value.path().read_bytes()[:4] == b"\x89PNG"
