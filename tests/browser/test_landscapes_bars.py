"""The bars of the open layer on the Landscapes page: picked by keyboard, announced, their cycle in 3-D."""

from waiting import expect, until, until_address


def scene_lines(page, graph):
    """Scenes of the lines in a 3-D graph: those of a cycle."""
    return page.evaluate(
        """id => ((document.querySelector(`#${id} .js-plotly-plot`) || {}).data || [])
        .filter(t => t.mode !== 'markers').map(t => t.scene)""",
        graph,
    )


def test_bars_are_picked_by_keyboard_and_said(opened):
    said = opened.locator("#landscapes-bar-said")
    expect(said).to_contain_text("Bar 1 of")
    opened.get_by_role("button", name="Shorter bar").focus()
    opened.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Bar 2 of")
    until_address(opened, "bar=1")
    opened.keyboard.press("Home")
    expect(said).to_contain_text("Bar 1 of")
    opened.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("Bar 1 of")
    opened.keyboard.press("Enter")
    expect(said).to_contain_text("Bar 2 of")


def test_the_cycle_of_a_bar_stands_in_figure_1_where_its_layer_is_shown(opened):
    expect(opened.locator("#landscapes-cycle-said")).to_contain_text("a shortest cycle of it", timeout=20_000)
    until(
        opened,
        """(document.querySelector('#landscapes-space .js-plotly-plot').data || []).some(t => t.name === 'cycle of the bar')""",
    )
    assert set(scene_lines(opened, "landscapes-space")) == {"scene"}
    opened.get_by_role("button", name="One threshold back").click()
    expect(opened.locator("#landscapes-space-said")).to_contain_text("iteration 0")


def test_a_cycle_of_another_moment_or_layer_stays_out_of_figure_1(opened):
    found = opened.evaluate(
        """() => {
        const points = {data: [{mode: 'markers', scene: 'scene2'}], layout: {meta: {place: [1], layers: ['a', 'b']}}};
        const cycle = (place, layer) => ({data: [{mode: 'lines'}], layout: {meta: {place: [place], layers: [layer]}}});
        const joined = (...of) => window.topodash.withCycle(points, cycle(...of));
        return [joined(1, 'b').data.map(t => t.scene), joined(2, 'b') === points, joined(1, 'c') === points];
        }"""
    )
    assert found == [["scene2", "scene2"], True, True]
