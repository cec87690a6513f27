"""The Mapper page in a browser: a graph appears, a click selects points everywhere, links bring it back."""

import random
import time

import pytest
from waiting import expect, until

SMALL = "/mapper?source=dataset&dataset=moons&lens=coordinate&eps=0.3&intervals=8"
SHOWN = "!!(window.topodash && topodash.mapper && topodash.mapper.shown.a)"


def node_places(page):
    """Where the nodes are on the screen, once the panels around the graph have found their sizes."""
    before, end = None, time.monotonic() + 30
    while time.monotonic() < end:
        places = page.evaluate(
            "(() => { const v = topodash.mapper.view('a'), box = v.host.getBoundingClientRect();"
            " return v.graph.tips.map((_, k) => [box.left + v.screen(k).x, box.top + v.screen(k).y]); })()"
        )
        if places == before:
            return places
        before = places
        time.sleep(0.4)
    raise AssertionError("the nodes do not come to rest")


@pytest.fixture
def shown(open_page):
    page = open_page(SMALL)
    until(page, SHOWN)
    return page


def test_a_click_on_a_node_selects_its_points_in_every_view(shown):
    size = shown.evaluate("topodash.mapper.view('a').graph.size[0]")
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
    assert len(graph) == shown.evaluate("topodash.mapper.view('a').graph.n")


def test_the_page_of_kmapper_opens_without_a_network(shown, browser, tmp_path):
    with shown.expect_download() as download:
        shown.get_by_role("button", name="Export Mapper graph").click()
        shown.get_by_role("menuitem", name="HTML, by kmapper").click()
    path = tmp_path / "kmapper.html"
    download.value.save_as(path)
    context = browser.new_context(offline=True)
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    nodes = shown.evaluate("topodash.mapper.view('a').graph.n")
    until(page, f"document.querySelectorAll('svg .node').length === {nodes}")
    assert asked == [path.as_uri()]
    assert errors == []
    context.close()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_serious_accessibility_finding(open_page, axe, look):
    page = open_page(SMALL, look=look)
    until(page, SHOWN)
    page.mouse.click(*node_places(page)[0])
    until(page, "!!document.querySelector('#mapper-inspector-body h3')")
    assert axe(page) == []


def graph_frame(page):
    """Left, top, width and height of the drawing."""
    return page.evaluate(
        "(() => { const b = topodash.mapper.view('a').host.getBoundingClientRect();"
        " return [b.left, b.top, b.width, b.height]; })()"
    )


def chosen_nodes(page):
    until(page, "!!topodash.mapper.selection")
    return set(page.evaluate("topodash.mapper.selection.nodes.a.map((n) => n[0])"))


def left_half(page):
    places = node_places(page)
    left, _, width, _ = graph_frame(page)
    found = {k for k, (x, _) in enumerate(places) if x < left + width / 2 - 1}
    assert 0 < len(found) < len(places)
    return found


def test_a_lasso_around_the_left_half_selects_the_nodes_inside(shown):
    expected = left_half(shown)
    left, top, width, height = graph_frame(shown)
    middle, bottom = left + width / 2, top + height - 2
    shown.get_by_role("button", name="Lasso").first.click()
    shown.mouse.move(left + 2, top + 2)
    shown.mouse.down()
    for corner in ((middle, top + 2), (middle, bottom), (left + 2, bottom)):
        shown.mouse.move(*corner, steps=4)
    shown.mouse.up()
    assert chosen_nodes(shown) == expected
    shown.keyboard.press("Escape")
    until(shown, "!document.querySelector('.mapper-lasso')")


def test_shift_and_drag_takes_a_box(shown):
    expected = left_half(shown)
    left, top, width, height = graph_frame(shown)
    shown.keyboard.down("Shift")
    shown.mouse.move(left + 3, top + 3)
    shown.mouse.down()
    shown.mouse.move(left + width / 2, top + height - 3, steps=5)
    shown.mouse.up()
    shown.keyboard.up("Shift")
    assert expected <= chosen_nodes(shown)  # a box takes nodes that it touches


def drag_first_node(page):
    x, y = node_places(page)[0]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=6)
    page.mouse.up()
    return page.evaluate("topodash.mapper.places('a')")


def layout(page, entry):
    page.get_by_role("button", name="Layout of graph A").click()
    page.get_by_role("menuitem", name=entry).click()


def test_a_layout_is_dragged_kept_over_a_reload_put_back_and_read_from_the_json_file(shown, open_page):
    computed = shown.evaluate("topodash.mapper.places('a')")
    dragged = drag_first_node(shown)
    assert dragged[0] != computed[0]
    assert dragged[1:] == computed[1:]
    layout(shown, "Save in this browser")
    with shown.expect_download() as download:
        shown.get_by_role("button", name="Export Mapper graph").click()
        shown.get_by_role("menuitem", name="JSON").click()
    path = download.value.path()
    shown.reload()
    until(shown, SHOWN)
    until(shown, f"topodash.mapper.places('a')[0][0] === {dragged[0][0]}")
    layout(shown, "Put the nodes back")
    until(shown, f"topodash.mapper.places('a')[0][0] === {computed[0][0]}")
    assert shown.evaluate("topodash.mapper.places('a')") == computed
    # In another browser, from the file.
    other = open_page(SMALL)
    until(other, SHOWN)
    with other.expect_file_chooser() as chooser:
        layout(other, "Take it from a JSON file")
    chooser.value.set_files(path)
    until(other, f"topodash.mapper.places('a')[0][0] === {dragged[0][0]}")
    assert other.evaluate("topodash.mapper.places('a')") == dragged


def test_a_file_that_is_no_layout_of_this_graph_is_refused_in_words(shown, tmp_path):
    path = tmp_path / "other.json"
    path.write_text('{"nodes": [[1, 2]], "positions": [[0, 0]]}')
    with shown.expect_file_chooser() as chooser:
        layout(shown, "Take it from a JSON file")
    chooser.value.set_files(path)
    until(shown, "document.body.innerText.includes('layout of another graph')")


def test_a_path_joins_two_clicked_nodes(shown):
    a, b, *_ = shown.evaluate("topodash.mapper.view('a').graph.edges")
    far = shown.evaluate(
        "(() => { const e = topodash.mapper.view('a').graph.edges, seen = new Set([e[0]]); let last = e[0];"
        " for (let again = true; again; ) { again = false; for (let k = 0; k < e.length; k += 3) for (const [p, q] of [[e[k], e[k + 1]], [e[k + 1], e[k]]])"
        " if (seen.has(p) && !seen.has(q)) { seen.add(q); last = q; again = true; } } return last; })()"
    )
    ends = [a, far if far != a else b]
    shown.get_by_role("button", name="Path", exact=True).first.click()
    places = node_places(shown)
    shown.mouse.click(*places[ends[0]])
    time.sleep(0.4)  # two clicks in one place and moment are a double click
    shown.mouse.click(*places[ends[1]])
    until(shown, "topodash.mapper.selection?.title.startsWith('Path from')")
    found = shown.evaluate("topodash.mapper.selection.nodes.a.map((n) => n[0])")
    assert set(ends) <= set(found)


def asked_graphs(page):
    """The list of questions that the page sends from now on."""
    found = []
    page.on(
        "request", lambda request: found.append(request.url) if "/api/mapper/graphs" in request.url else None
    )
    return found


def test_known_settings_are_drawn_without_a_question(shown):
    first, eps = shown.evaluate("topodash.mapper.shown.a"), shown.get_by_label("Eps", exact=True)
    eps.fill("0.21")
    eps.press("Enter")
    until(shown, f"topodash.mapper.shown.a && topodash.mapper.shown.a !== {first!r}")
    until(shown, "document.getElementById('mapper-title-a').textContent.includes('eps 0.21')")
    asked = asked_graphs(shown)
    eps.fill("0.3")
    eps.press("Enter")
    until(shown, f"topodash.mapper.shown.a === {first!r}")
    until(shown, "document.getElementById('mapper-title-a').textContent.includes('eps 0.3')")
    until(shown, "window.location.search.includes('eps=0.3')")
    assert asked == []


def test_a_wrong_number_is_said_under_its_control_and_the_right_one_takes_that_away(shown):
    eps = shown.get_by_label("Eps", exact=True)
    eps.fill("-1")
    until(shown, "document.querySelector('[data-control=eps]').innerText.includes('must be a number from 0')")
    eps.fill("0.3")
    eps.press("Enter")
    until(shown, "!document.querySelector('[data-control=eps]').innerText.includes('must be')")


def test_the_wheel_zooms_about_the_pointer_and_fit_shows_all_again(shown):
    place, before = node_places(shown)[0], shown.evaluate("topodash.mapper.view('a').scale")
    shown.mouse.move(*place)
    shown.mouse.wheel(0, -240)
    until(shown, f"topodash.mapper.view('a').scale > {before}")
    assert node_places(shown)[0] == pytest.approx(place, abs=1)  # events have whole pixels
    shown.get_by_role("button", name="Fit", exact=True).first.click()
    until(shown, f"Math.abs(topodash.mapper.view('a').scale - {before}) < 1e-9")


def test_a_picture_as_svg_has_every_node_and_edge(shown):
    with shown.expect_download() as download:
        shown.get_by_role("button", name="Export Mapper graph").click()
        shown.get_by_role("menuitem", name="SVG").click()
    text = download.value.path().read_text()
    assert text.count("<title>") == shown.evaluate("topodash.mapper.view('a').graph.n")
    assert text.count("<line ") == shown.evaluate("topodash.mapper.view('a').graph.edges.length / 3")


def test_five_thousand_nodes_can_be_dragged(open_page, tmp_path):
    page = open_page(
        "/mapper?source=upload&lens=coordinate&lens2=coordinate&eps=0.05&intervals=71&limit=30000"
    )
    noise, path = random.Random(0), tmp_path / "plane.csv"
    path.write_text("a,b\n" + "".join(f"{noise.random()},{noise.random()}\n" for _ in range(30_000)))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a CSV file").click()
    chooser.value.set_files(path)
    until(page, "topodash.mapper.shown.a && topodash.mapper.view('a').graph.n > 4900")
    before = page.evaluate("topodash.mapper.places('a')")
    after = drag_first_node(page)
    assert after[0] != before[0]
    assert after[1:] == before[1:]


def test_an_uploaded_table_becomes_a_graph_and_its_bad_rows_are_said(open_page, tmp_path):
    page = open_page("/mapper?source=upload&lens=coordinate&eps=2&intervals=4", ready="h1")
    path = tmp_path / "table.csv"
    path.write_text("a,b,label\n" + "".join(f"{k % 7},{k % 5},c{k % 3}\n" for k in range(60)) + "nan,1,c0\n")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a CSV file").click()
    chooser.value.set_files(path)
    until(page, "document.getElementById('mapper-upload-said').textContent.includes('61 rows')")
    expect(page.locator("#mapper-upload-said")).to_contain_text('"nan" is not finite')
    until(page, SHOWN)
    until(page, "topodash.mapper.view('a').graph.n > 0")
