"""Waiting for a page: what a person sees comes when it comes, so a test asks again and again instead of looking once."""

import time

from playwright.sync_api import Error, expect

PATIENCE = 60  # seconds; a loaded machine with software graphics draws a scene in ten
expect.set_options(timeout=PATIENCE * 1000)


def until(page, condition, seconds=PATIENCE):
    """Wait until a JavaScript expression is true (the pages' policy forbids playwright's `wait_for_function`)."""
    end = time.monotonic() + seconds
    said = ""
    while time.monotonic() < end:
        try:
            if page.evaluate(f"() => Boolean({condition})"):
                return
        except Error as error:  # the page is on its way to another address, or the element is not there yet
            said = f" ({error.message.splitlines()[0]})"
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {condition}{said}; the page says: {words(page)!r}")


def until_address(page, part):
    until(page, f"window.location.href.includes({part!r})")


def words(page):
    return page.evaluate(
        "() => Array.from(document.querySelectorAll('#live-words, #filters-words, #mapper-words, .td-notice'), (e) => e.innerText).join(' | ')"
    )


__all__ = ["expect", "until", "until_address"]
