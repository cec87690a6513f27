"""Links of the Live training page: back, reload, and what of a link does not fit."""

import time

from live_page import OWNER, QUICK, VIEW, press, run_id, set_number, start, stop
from waiting import expect, until, until_address

#: Two trained networks that travel with the code.
SHIPPED = ("022ae7f8525c8e67", "0d7653a03f1361f2")


def test_back_from_a_network_that_trained_on_is_the_edited_one(live):
    page = live(QUICK)
    start(page)
    first = run_id(page)
    page.get_by_role("button", name="Edit lines").click()
    field = page.locator("#live-weights input").first
    until(page, "document.querySelectorAll('#live-weights input').length === 13")
    field.fill("2.5")
    # At once: what the address is about to say must not be written into the entry of the new run.
    field.press("Enter")
    until(page, "!document.querySelector('#live-edit-bar').hidden")
    page.evaluate("document.getElementById('live-keep').click()")
    until(page, f"{VIEW}.id && {VIEW}.id !== '{first}'")
    time.sleep(0.6)
    assert first not in page.url
    page.go_back()
    until(page, f"{VIEW}.id === '{first}' && !document.querySelector('#live-edit-bar').hidden")
    assert "edit=" in page.url


def test_a_reload_leaves_the_learning_rate_as_it_was_set(live):
    page = live("?epochs=20000&speed=30")
    press(page, "Start")
    until(page, f"{VIEW}.frame && {VIEW}.frame.head.step > 3")
    set_number(page, "Learning rate", 0.05)
    events = f"{VIEW}.history.events.filter((each) => each.kind === 'learning_rate').length"
    until(page, f"{events} === 1")
    page.reload()
    until(page, f"{VIEW}.frame && document.querySelector('#live-number-accuracy').textContent !== '–'")
    expect(page.get_by_label("Learning rate", exact=True)).to_have_value("0.05")
    before = page.evaluate(f"() => {VIEW}.status.step")
    until(page, f"{VIEW}.status.step > {before + 30} && {events} >= 1")
    assert page.evaluate(f"() => {events}") == 1
    stop(page)


def test_edited_weights_of_a_link_that_do_not_fit_are_said_and_left_out(open_page, live):
    page = live(QUICK)
    start(page)
    link = f"/live?run={run_id(page)}&epoch=30&edit=%5B%7B%22layer%22%3A9%7D%5D"
    page = open_page(link, owner=OWNER, expect=("422",))
    until(page, f"{VIEW}?.frame?.head.step === 30")
    expect(page.locator("#live-edit-bar")).to_be_hidden()
    expect(page.get_by_text("do not fit this network")).to_be_visible()


def test_back_and_forward_go_through_the_runs_and_comparisons_that_were_opened(open_page):
    first, second = SHIPPED
    page = open_page(f"/live?run={first}", owner=OWNER)
    until(page, f"{VIEW}.frame && document.querySelector('#live-neurons .js-plotly-plot')")
    field = page.get_by_label("Compare with", exact=True).first
    field.click()
    page.get_by_role("option", name="Single annulus, 3, seed 2 (shipped)").click()
    until_address(page, f"?run={first}&with={second}")
    compared = "window.topodashLive.page.views.b.id"
    press(page, "New")
    until(page, f"!{VIEW}.id && !location.search.includes('{first}')")
    # Dash still holds the address that the page was opened with, and would not hear of a way back to it.
    page.go_back()
    until(page, f"{VIEW}.id === '{first}' && {compared} === '{second}'")
    page.go_back()
    until(page, f"{VIEW}.id === '{first}' && !{compared} && location.search === '?run={first}'")
    page.go_forward()
    until(page, f"{VIEW}.id === '{first}' && {compared} === '{second}'")
    page.go_forward()
    until(page, f"!{VIEW}.id && !location.search.includes('{first}')")
    page.go_back()
    until(page, f"{VIEW}.id === '{first}' && {compared} === '{second}'")
    # A link to the page where one is.
    page.locator(".td-nav-link[href='/live']").click()
    until(page, f"!{VIEW}.id && location.search === ''")
    page.go_back()
    until(page, f"{VIEW}.id === '{first}' && {compared} === '{second}'")
