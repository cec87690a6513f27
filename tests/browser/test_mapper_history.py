"""The browser's Back and Forward on the Mapper page: what was chosen is a place to come back to, a number that is typed is not."""

from waiting import until, until_address

SMALL = "/mapper?source=dataset&dataset=moons&lens=coordinate&eps=0.3&intervals=8"
TITLE = "document.querySelector('#mapper-title-a').textContent"
BESIDE = "!document.querySelector('#mapper-view-b').hidden"


def shows(page, words):
    until(page, f"{TITLE}.includes({words!r})")


def test_back_and_forward_go_through_what_was_chosen(open_page):
    page = open_page(SMALL)
    shows(page, "Two moons; eps 0.3")
    until_address(page, "dataset=moons&lens=coordinate&intervals=8&eps=0.3")
    page.get_by_label("Data set", exact=True).first.click()
    page.get_by_role("option", name="Single annulus", exact=True).click()
    shows(page, "Single annulus; eps 0.3")
    until(page, "!location.search.includes('moons')")
    eps = page.get_by_label("Eps", exact=True).first
    eps.fill("0.25")
    eps.press("Tab")
    shows(page, "Single annulus; eps 0.25")
    until_address(page, "eps=0.25")
    page.get_by_role("button", name="Keep beside").click()
    until_address(page, "beside=")
    page.go_back()
    until(page, f"!({BESIDE}) && {TITLE}.includes('Single annulus; eps 0.25')")
    page.go_back()
    shows(page, "Two moons; eps 0.3")
    page.go_forward()
    shows(page, "Single annulus; eps 0.25")
    page.go_forward()
    until(page, f"{BESIDE} && {TITLE}.includes('Single annulus; eps 0.25')")
    page.go_back()
    page.go_back()
    shows(page, "Two moons; eps 0.3")
    # Before it stands the page's own opening, and nothing else of this site.
    page.go_back()
    until(page, "location.pathname !== '/mapper'")
