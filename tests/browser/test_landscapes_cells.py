"""The cells of figure 2 and of the heat map, chosen and opened without a pointer."""

import re

from waiting import expect, until_address


def test_a_cell_is_chosen_with_the_arrow_keys_said_and_opened_with_enter(opened):
    cells = opened.get_by_role("group", name=re.compile("^Cells of the average landscapes"))
    said, title = opened.locator("#landscapes-grid-cell"), opened.locator("#landscapes-detail-title")
    expect(title).to_contain_text("input, threshold 0.6")
    opened.keyboard.press("Tab")
    cells.focus()
    expect(said).to_contain_text("input, threshold 0.6")
    expect(said).to_contain_text("is open")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowUp")
    expect(said).to_have_text(re.compile(r"^ReLU 1, iteration 0, norm 0\.\d+: Enter opens it\.$"))
    expect(title).to_contain_text("input, threshold 0.6")
    opened.keyboard.press("Enter")
    expect(title).to_contain_text("ReLU 1, iteration 0")
    expect(said).to_contain_text("is open")
    until_address(opened, "layer=1&moment=0")
    opened.keyboard.press("End")
    expect(said).to_contain_text("logits, iteration 0")
    opened.keyboard.press("Tab")
    expect(said).to_be_hidden()


def test_the_heat_map_is_walked_in_the_same_way(opened):
    heat = opened.get_by_role("group", name=re.compile("^Norms over training"))
    opened.keyboard.press("Tab")
    heat.focus()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    expect(opened.locator("#landscapes-heat-cell")).to_contain_text("ReLU 2, threshold 0.6")
    opened.keyboard.press("Enter")
    expect(opened.locator("#landscapes-detail-title")).to_contain_text("ReLU 2, threshold 0.6")
