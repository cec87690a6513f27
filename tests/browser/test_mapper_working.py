"""The Mapper page at work: jobs that are cancelled, cells of a sweep, two graphs, two people, and a cache that fails."""

import contextlib
import random

import pytest
from test_mapper import SHOWN, SMALL, node_places
from waiting import expect, until

OTHER = "/mapper?source=dataset&dataset=single_annulus&lens=coordinate&eps=0.4&intervals=6"


@pytest.fixture
def shown(open_page):
    page = open_page(SMALL)
    until(page, SHOWN)
    return page


def sweep(page, intervals, values):
    page.get_by_label("Intervals", exact=True).last.fill(intervals)
    page.get_by_label("values", exact=True).fill(str(values))
    page.get_by_role("button", name="Sweep", exact=True).click()


def test_a_click_in_the_heat_map_of_a_sweep_loads_that_cell(shown):
    sweep(shown, "4, 6", 2)
    until(shown, "/finished|done|complete/i.test(document.getElementById('mapper-sweep-said').textContent)")
    heat = "document.querySelector('#mapper-sweep-graph .js-plotly-plot')"
    until(shown, f"Array.from({heat}._fullData[0].z).every((row) => Array.from(row).every(Number.isFinite))")
    before = shown.evaluate("topodash.mapper.shown.a")
    shown.locator("#mapper-sweep-graph").scroll_into_view_if_needed()
    x, y = shown.evaluate(
        f"(() => {{ const g = {heat}, at = g.getBoundingClientRect(), l = g._fullLayout;"
        " return [at.left + l.xaxis._offset + l.xaxis.c2p(l.xaxis.d2c('20')), at.top + l.yaxis._offset + l.yaxis.c2p(l.yaxis.d2c('6'))]; })()"
    )
    shown.mouse.move(x - 3, y)
    shown.mouse.move(x, y)
    shown.mouse.click(x, y)
    until(shown, "document.getElementById('mapper-title-a').textContent.includes('6 intervals, 20 %')")
    until(shown, f"topodash.mapper.shown.a !== {before!r}")
    until(shown, "window.location.search.includes('overlap=20')")


def test_a_sweep_that_is_stopped_says_so_and_stays_stopped(shown):
    sweep(shown, ", ".join(str(k) for k in range(200, 220)), 20)
    stop = shown.get_by_role("button", name="Stop", exact=True).last
    expect(stop).to_be_visible()
    stop.click()
    expect(shown.locator("#mapper-sweep-said")).to_contain_text("stopped")
    expect(stop).to_be_hidden()
    shown.wait_for_timeout(2500)  # polls that were under way
    expect(shown.locator("#mapper-sweep-said")).to_contain_text("stopped")
    expect(stop).to_be_hidden()


def test_a_graph_that_takes_long_is_cancelled_and_no_poll_asks_for_it_again(open_page, tmp_path):
    page = open_page("/mapper?source=upload&lens=coordinate&clusterer=hdbscan&intervals=2&limit=60000")
    noise = random.Random(0)
    path = tmp_path / "long.csv"
    path.write_text(
        "a,b,c\n" + "".join(f"{noise.random()},{noise.random()},{noise.random()}\n" for _ in range(60_000))
    )
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a CSV file").click()
    chooser.value.set_files(path)
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    expect(cancel).to_be_visible()
    cancel.click()
    expect(page.locator("#mapper-progress")).to_contain_text("cancelled")
    page.wait_for_timeout(2500)  # polls that were under way
    expect(page.locator("#mapper-progress")).to_contain_text("cancelled")
    expect(cancel).to_be_hidden()
    assert not page.evaluate(f"Boolean({SHOWN})")


def test_two_graphs_side_by_side_share_a_selection(shown):
    shown.get_by_role("button", name="Keep beside").click()
    until(shown, "!!topodash.mapper.shown.b && topodash.mapper.view('b').graph.n > 0")
    first = shown.evaluate("topodash.mapper.shown.a")
    eps = shown.get_by_label("Eps", exact=True)
    eps.fill("0.2")
    until(shown, f"topodash.mapper.shown.a !== {first!r}")
    assert shown.evaluate("topodash.mapper.shown.b") == first
    shown.get_by_label("Find points by number or class").fill("0-9")
    shown.get_by_role("button", name="Find", exact=True).click()
    for slot in ("a", "b"):
        until(shown, f"topodash.mapper.view({slot!r}).marks?.size > 0")
        until(
            shown,
            f"topodash.mapper.view({slot!r}).marks?.size === topodash.mapper.selection.nodes[{slot!r}].length",
        )
    # A selection made in the right graph is drawn in the left one.
    place = shown.evaluate(
        "(() => { const v = topodash.mapper.view('b'), box = v.host.getBoundingClientRect(), at = v.screen(0);"
        " return [box.left + at.x, box.top + at.y]; })()"
    )
    shown.mouse.click(*place)
    until(shown, "topodash.mapper.selection?.slot === 'b'")
    until(shown, "topodash.mapper.view('a').marks?.size > 0")
    # A new graph on the left carries the selection by point.
    second = shown.evaluate("topodash.mapper.shown.a")
    eps.fill("0.25")
    until(shown, f"topodash.mapper.shown.a !== {second!r}")
    until(shown, "topodash.mapper.view('a').marks?.size > 0")
    shown.get_by_role("button", name="Close second").click()
    until(shown, "document.getElementById('mapper-view-b').hidden")


def test_two_people_at_once_see_nothing_of_each_other(open_page):
    one, two = open_page(SMALL, owner="a" * 32), open_page(OTHER, owner="b" * 32)
    for page in (one, two):
        until(page, SHOWN)
    keys = [page.evaluate("topodash.mapper.shown.a") for page in (one, two)]
    assert keys[0] != keys[1]
    one.mouse.click(*node_places(one)[0])
    until(one, "!!topodash.mapper.selection")
    two.get_by_label("Eps", exact=True).fill("0.3")
    until(two, f"topodash.mapper.shown.a !== {keys[1]!r}")
    assert two.evaluate("topodash.mapper.selection") is None
    expect(two.locator("#mapper-selected")).to_have_text("")
    assert one.evaluate("topodash.mapper.shown.a") == keys[0]
    expect(one.locator("#mapper-selected")).to_contain_text("of")


@contextlib.contextmanager
def no_cache(folder):
    """A file where the folder of the cache was: nothing can be read from it or written into it, even by root."""
    aside = folder.with_name("cache-aside")
    folder.rename(aside)
    folder.write_text("")
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


def test_a_cache_that_cannot_be_written_still_gives_graphs(shown, data_dir):
    before = shown.evaluate("topodash.mapper.shown.a")
    with no_cache(data_dir / "data" / "cache"):
        shown.get_by_label("Eps", exact=True).fill("0.27")
        until(shown, f"topodash.mapper.shown.a !== {before!r}")
        shown.mouse.click(*node_places(shown)[0])
        until(shown, "document.querySelector('#mapper-inspector-body h3')?.textContent === 'Node 0'")


def test_planted_entries_of_the_cache_are_computed_anew(shown, open_page, data_dir):
    nodes = shown.evaluate("topodash.mapper.view('a').graph.n")
    planted = 0
    for path in (data_dir / "data" / "cache").rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            path.write_bytes(b"\x80\x04cos\nsystem\n(S'exit 1'\ntR.")
            planted += 1
    assert planted
    page = open_page(SMALL)
    until(page, SHOWN)
    assert page.evaluate("topodash.mapper.view('a').graph.n") == nodes
