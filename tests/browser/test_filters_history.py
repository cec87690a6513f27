"""The browser's Back and Forward on the Filters page: another source and an opened filter are places to come back to."""

from waiting import until, until_address

BANK = "/filters?source=bank%3Amnist_512_128_1024"


def open_filter(page, row):
    page.evaluate(f"topodash.filters.choose({{slot: 'a', title: 'Filter {row}', rows: [{row}], one: true}})")
    until_address(page, f"filter={row}")


def shows(page, words):
    until(page, f"document.body.textContent.includes({words!r})")


def test_back_and_forward_go_through_sources_and_opened_filters(open_page):
    page = open_page(BANK)
    shows(page, "on MNIST: 512 filters of 1 network")
    until_address(page, "k=")
    row = page.evaluate("topodash.filters.rings.a.rows[0][0]")
    open_filter(page, row)
    page.get_by_label("Source", exact=True).first.click()
    page.get_by_role("option", name="M(512, 128, 1024) on circles and squares").click()
    shows(page, "on circles and squares: 512 filters of 1 network")
    until_address(page, "shapes_512")
    k = page.get_by_label("k, neighbour", exact=True).first
    k.fill("12")
    k.press("Tab")
    until_address(page, "k=12")
    page.go_back()
    shows(page, "on MNIST: 512 filters of 1 network")
    until(page, f"location.search.includes('filter={row}') && topodash.filters.selection?.rows[0] === {row}")
    page.go_back()
    until(page, "!location.search.includes('filter=') && !topodash.filters.selection")
    shows(page, "on MNIST: 512 filters of 1 network")
    page.go_forward()
    until(page, f"topodash.filters.selection?.rows[0] === {row}")
    page.go_forward()
    shows(page, "on circles and squares: 512 filters of 1 network")
    until_address(page, "k=12")
