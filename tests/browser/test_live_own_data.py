"""Live training in a browser: one's own data, wrong input, deeper networks, what stands there before a run."""

from pathlib import Path

import pytest
from live_page import QUICK, VIEW, choose, press, send_csv, set_number, start, stop
from waiting import expect, until, until_address


def csv_file(folder, name, text):
    path = Path(folder) / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_csv_of_ones_own_is_learned_in_its_own_units(live, tmp_path):
    rows = ["height,weight,kind"]
    rows += [f"{150 + i % 40},{50 + (i * 7) % 30},{'small' if i % 40 < 20 else 'tall'}" for i in range(200)]
    page = live(QUICK)
    choose(page, "Data set", "Your own CSV file")
    send_csv(page, csv_file(tmp_path, "people.csv", "\n".join(rows)))
    page.get_by_text("200 rows, 3 columns").wait_for()
    until(page, f"{VIEW}.graph('plane')._fullLayout.xaxis.title.text === 'height'")
    start(page)
    box = page.evaluate(f"() => {VIEW}.frame.head.box")
    assert box[0][0] < 150 and box[0][1] > 189, "drawn in original units"
    assert page.evaluate(f"() => {VIEW}.info.class_names") == ["small", "tall"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("empty.csv", "", "empty"),
        ("binary.csv", bytes(range(256)) * 20, "text"),
        ("header.csv", "x,y,c\n", "no rows"),
    ],
)
def test_a_csv_that_cannot_be_learned_is_refused_in_words(live, tmp_path, name, text, says):
    page = live(QUICK, expect=("422", "400"))
    choose(page, "Data set", "Your own CSV file")
    send_csv(page, csv_file(tmp_path, name, text))
    page.locator(
        f"#live-csv-panel .td-upload-bad, #live-csv-said .td-notice, #live-plane-a .annotation-text:has-text('{says}')"
    ).first.wait_for()
    if page.locator("#live-csv-said .td-notice").count():
        assert says in page.inner_text("#live-csv-said").lower()


SCENE = f"{VIEW}.graph('space')._fullLayout.scene"
#: Axes of two dimensions that can be seen where points' images are to come.
AXES = "document.querySelector('#live-space-a .xaxislayer-above, #live-space-a .yaxislayer-above')?.childElementCount"


def test_without_points_there_is_no_scene_and_no_axes_and_with_them_it_comes_back(live):
    page = live(QUICK)
    until(page, SCENE)
    choose(page, "Data set", "Your own CSV file")
    until(page, f"!{SCENE}")
    assert not page.evaluate(f"() => {AXES}")
    expect(page.get_by_text("The points' images appear here.")).to_be_visible()
    expect(page.locator("#live-plane-a .annotation-text")).to_contain_text("Choose a CSV file first")
    choose(page, "Data set", "Two moons")
    until(page, SCENE)


def test_rows_that_cannot_be_read_are_left_out_by_the_button_that_stands_where_it_is_said(live, tmp_path):
    page = live(QUICK)
    choose(page, "Data set", "Your own CSV file")
    rows = [f"{i},{i * i % 7},{'ab'[i % 2]}" for i in range(30)]
    send_csv(page, csv_file(tmp_path, "holes.csv", "\n".join(["x,y,kind", *rows, "NaN,3,a", "n/a,2,b"])))
    button = page.get_by_role("button", name="Leave out rows that cannot be read")
    expect(page.locator("#live-plane-a .annotation-text")).to_contain_text("rows; import without them?")
    button.click()
    until(page, f"{VIEW}.graph('plane')._fullLayout.xaxis.title.text === 'x'")
    expect(button).to_be_hidden()
    expect(page.get_by_label("Leave out rows that cannot be read")).to_be_checked()
    start(page)
    assert page.evaluate(f"() => {VIEW}.frame.pred.length") == 30


def test_a_file_that_has_not_started_outlives_a_reload_and_is_its_browsers_own(live, open_page, tmp_path):
    page = live(QUICK)
    choose(page, "Data set", "Your own CSV file")
    rows = [f"{i},{i * i % 7},{i % 5},{'ab'[i % 2]}" for i in range(30)]
    send_csv(page, csv_file(tmp_path, "mine.csv", "\n".join(["u,v,w,kind", *rows])))
    page.get_by_text("30 rows, 4 columns").wait_for()
    choose(page, "Horizontal column", "w")
    until_address(page, "x=w")
    assert "upload=" in page.url
    page.reload()
    until(page, f"{VIEW}.graph('plane')._fullLayout.xaxis.title.text === 'w'")
    page.get_by_text("mine.csv: 30 rows, 4 columns.").wait_for()
    expect(page.get_by_label("Horizontal column", exact=True).first).to_have_value("w")
    other = open_page(page.url.partition(page.url.split("/")[2])[2], owner="cd" * 16)
    expect(other.get_by_text("was sent by another browser")).to_be_visible()
    start(page)
    expect(page.locator("#live-run-title")).to_contain_text("mine.csv")


def test_wrong_numbers_are_said_beside_their_control_and_start_nothing(live):
    page = live()
    set_number(page, "Epochs", -3)
    press(page, "Start")
    page.get_by_text("Epochs must be a whole number from 1 to 100000; it was -3.").first.wait_for()
    assert "run=" not in page.url


def test_a_link_to_a_run_that_is_not_there_says_so(live):
    page = live("?run=" + "0" * 16)
    page.get_by_text("This run cannot be shown:").first.wait_for()


def test_the_scene_is_there_before_a_run_and_the_points_come_once(live):
    page = live(QUICK)
    until(page, f"{VIEW}.graph('space')._fullLayout.scene")
    waiting = page.get_by_text("The points' images appear here.")
    expect(waiting).to_be_visible()
    until(page, "document.querySelector('#live-preview').src.includes('single_annulus')")
    # What stands already is not drawn again for the run.
    page.evaluate(
        """() => { window.again = []; const react = window.Plotly.react;
        window.Plotly.react = function (gd) { window.again.push(gd.parentElement.id || gd.id); return react.apply(this, arguments); }; }"""
    )
    start(page)
    expect(waiting).to_be_hidden()
    until(page, "window.topodashLive.page.curvesGraph()")
    drawn = page.evaluate("() => window.again.join()")
    assert "plane" not in drawn
    assert "space" not in drawn


def test_other_points_are_drawn_for_their_run_and_a_run_that_was_left_leaves_nothing(live):
    page = live(QUICK)
    points = f"JSON.stringify({VIEW}.graph('plane')._fullData.slice(1).map((t) => Array.from(t.x)))"
    rings = page.evaluate(f"() => {points}")
    start(page)
    until(page, "window.topodashLive.page.curvesGraph()")
    press(page, "New")
    expect(page.get_by_text("The points' images appear here.")).to_be_visible()
    until(page, "!document.querySelector('#live-curves-a')")
    # The address is that of Setup again: a reload does not bring the run back.
    until_address(page, "epochs=60")
    assert "run=" not in page.url
    until(page, f"{VIEW}.graph('space').data.every((t) => !t.x || Array.from(t.x).every((x) => x < 0))")
    choose(page, "Data set", "Two moons")
    until(page, f"{points} !== {rings!r}")
    moons = page.evaluate(f"() => {points}")
    start(page)
    assert page.evaluate(f"() => {points}") == moons


def test_dash_does_not_draw_a_graph_again_that_the_script_draws(live):
    page = live("?epochs=2000&speed=60")
    page.evaluate(
        """() => { window.again = 0; const react = window.Plotly.react;
        window.Plotly.react = function () { window.again++; return react.apply(this, arguments); }; }"""
    )
    press(page, "Start")
    until(page, f"{VIEW}.drawn > 5")
    until(
        page,
        "window.topodashLive.page.curvesGraph() && document.querySelectorAll('#live-neurons .js-plotly-plot').length === 3",
    )
    page.wait_for_timeout(500)
    page.evaluate("() => { window.again = 0; }")
    drawn = page.evaluate(f"() => {VIEW}.drawn")
    until(page, f"{VIEW}.drawn > {drawn} + 20")
    assert page.evaluate("() => window.again") == 0
    stop(page)


def test_the_neurons_of_any_layer_have_panels(live):
    page = live(QUICK + "&hidden2=2")
    start(page)
    titles = "#live-neurons .td-panel-title"
    expect(page.locator(titles)).to_have_text(["Neuron 2.1", "Neuron 2.2"])
    choose(page, "Layer whose neurons are shown", "hidden layer 1")
    page.get_by_text("Neuron 1.3").wait_for()
    until(page, f"{VIEW}.frame.head.panel_layer === 1 && {VIEW}.frame.panels.shape[0] === 3")
    until(page, f"{VIEW}.graph('neuron2') && {VIEW}.graph('neuron2').data[0].z.length > 4")
    until_address(page, "layer=1")
    page.reload()
    page.get_by_text("Neuron 1.3").wait_for()
    page.get_by_label("3-D: activation landscape of Neuron 1.2").click()
    page.get_by_text("Activation landscape of neuron 2 of layer 1").wait_for()


@pytest.mark.parametrize("kind", ["svg", "png", "html"])
def test_the_snapshot_strip_is_saved_as_one_picture(live, kind):
    page = live("?epochs=110&speed=max")
    start(page)
    page.locator("#live-strip [data-epoch='100'] img").first.wait_for()
    until(page, f"document.querySelector('[data-strip={kind}]')")
    with page.expect_download() as saved:
        page.evaluate(f"() => document.querySelector('[data-strip={kind}]').click()")
    data = Path(saved.value.path()).read_bytes()
    if kind == "png":
        assert data.startswith(b"\x89PNG")
    else:
        assert data.count(b"<svg") == 5, "one around two stills of two epochs"
        assert b"epoch 100" in data
