"""The bars of plots, and words that come with a pointer, in a browser: they are there when asked for and cover nothing else."""

import pytest
from conftest import PHONE
from waiting import expect, until

BAR = "#gallery-plane .modebar"


@pytest.fixture
def phone(open_page):
    page = open_page("/gallery", size=PHONE)
    page.wait_for_selector("#gallery-plane .modebar", state="attached")
    return page


def test_on_a_phone_a_plots_bar_comes_with_a_tap_and_goes_with_the_next(phone):
    bar, plot = phone.locator(BAR), phone.locator("#gallery-plane")
    expect(bar).to_be_hidden()
    plot.tap()
    expect(bar).to_be_visible()
    plot.tap()
    expect(bar).to_be_hidden()
    plot.tap()
    expect(bar).to_be_visible()
    phone.locator("h1").tap()
    expect(bar).to_be_hidden()


def test_on_a_phone_a_drag_is_chosen_in_the_bar_and_a_finger_that_scrolls_brings_none(phone):
    phone.locator("#gallery-plane").tap()
    button = phone.locator("#gallery-plane .modebar-btn[data-attr=dragmode]").first
    expect(button).to_be_visible()
    button.tap()
    until(phone, "document.querySelector('#gallery-plane .js-plotly-plot')._fullLayout.dragmode === 'zoom'")
    expect(phone.locator(BAR)).to_be_visible()
    phone.locator("h1").tap()
    expect(phone.locator(BAR)).to_be_hidden()
    box, touch = phone.locator("#gallery-plane").bounding_box(), phone.context.new_cdp_session(phone)
    at = {"x": box["x"] + 100, "y": box["y"] + 100}
    for kind, points in (
        ("touchStart", [at]),
        ("touchMove", [{**at, "y": at["y"] - 60}]),
        ("touchEnd", []),
    ):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.wait_for_timeout(400)
    expect(phone.locator(BAR)).to_be_hidden()


def test_with_a_mouse_the_bar_comes_when_the_pointer_is_over_the_plot(open_page):
    page = open_page("/gallery")
    page.wait_for_selector("#gallery-plane .modebar", state="attached")
    opacity = f"Number(getComputedStyle(document.querySelector('{BAR}-group')).opacity)"
    until(page, f"{opacity} === 0")
    page.locator("#gallery-plane").hover()
    until(page, f"{opacity} > 0.5")


def test_what_a_button_says_does_not_stay_over_its_neighbours_when_it_is_pressed(open_page):
    page = open_page("/mapper", size=PHONE)
    button = page.get_by_role("button", name="Keep beside", exact=True)
    button.hover()
    page.wait_for_timeout(700)
    button.click()
    page.wait_for_timeout(700)
    expect(page.get_by_role("tooltip")).to_have_count(0)
