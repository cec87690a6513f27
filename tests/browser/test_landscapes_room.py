"""Nothing on the Landscapes page is cut or scrolls for want of room."""

from waiting import expect, until

SCROLLED = """[...document.querySelectorAll('.td-stage .td-panel *')].filter(e => /auto|scroll/.test(getComputedStyle(e).overflowY)
    && e.scrollHeight > e.clientHeight + 1 && e.id !== 'landscapes-notes').length"""
CUT = "[...document.querySelectorAll('.td-stage .td-panel-title')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent).join()"


def test_panels_do_not_scroll_after_the_window_was_enlarged_and_titles_are_whole(opened):
    expect(opened.locator("#landscapes-null-said")).not_to_be_empty()
    opened.set_viewport_size({"width": 1150, "height": 700})
    opened.wait_for_timeout(500)
    opened.set_viewport_size({"width": 1440, "height": 900})
    until(opened, f"{SCROLLED} === 0")
    opened.locator(".td-drawer-button[data-drawer='landscapes-inspector']").click()
    until(opened, f"{CUT} === ''")
