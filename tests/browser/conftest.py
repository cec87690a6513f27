"""A real server in a process of its own, and a headless Chromium that fails a test on any error in its console.

`site` is the address of the application with an empty data folder, `open_page(path, ...)` opens a page in a browser
profile without cookies or storage, `axe(page)` gives the serious accessibility findings.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path

import pytest
from landscapes_study import make_study
from live_page import opener
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium():
    found = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    assert found, "install Chromium (tests/browser/install_chromium.sh), or set CHROMIUM to its path"
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(url, process, log, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise AssertionError(f"no answer within {seconds} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(data_dir):
    port = free_port()
    url, log = f"http://127.0.0.1:{port}", data_dir / "server.log"
    environment = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TOPODASH_DATA_DIR": str(data_dir / "data"),
        "TOPODASH_WORKERS": "2",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(HERE.parent.parent), os.environ.get("PYTHONPATH", "")]),
    }
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "serve_gallery.py")],
            env=environment,
            stdout=out,
            stderr=out,
            cwd=data_dir,
        )
    try:
        wait_until_it_answers(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield found
        found.close()


class Profiles:
    """Browser profiles that one test after the other uses: emptied in between, but for the files that the browser has read
    and compiled."""

    def __init__(self, browser, site):
        self._browser, self._site = browser, site
        self._free, self._lent = defaultdict(list), []

    def take(self, look, size, motion):
        """A profile that nobody else has."""
        key = (look, size["width"], size["height"], motion)
        if self._free[key]:
            context = self._free[key].pop()
        else:
            context = self._browser.new_context(
                viewport=size,
                color_scheme=look,
                reduced_motion=motion,
                has_touch=size["width"] < 700,
                accept_downloads=True,
            )
        self._lent.append((key, context))
        return context

    def give_back(self):
        """Close all pages and empty what was lent."""
        for key, context in self._lent:
            page = context.new_page()
            for other in context.pages:
                if other is not page:
                    other.close()
            context.new_cdp_session(page).send(
                "Storage.clearDataForOrigin",
                {"origin": self._site, "storageTypes": "cookies,local_storage,indexeddb"},
            )
            page.close()
            self._free[key].append(context)
        self._lent.clear()


@pytest.fixture(scope="session")
def profiles(browser, site):
    return Profiles(browser, site)


@pytest.fixture
def open_page(site, profiles):
    """open_page(path='/', look='light', size=WIDE, owner=None, ready='h1', expect=(), motion='no-preference') -> page, in a profile of its own.

    At the end of the test no page may have logged an error, except those that contain a text of `expect`.
    """
    errors = []

    def open_(
        path="/", *, look="light", size=WIDE, owner=None, ready="h1", expect=(), motion="no-preference"
    ):
        context = profiles.take(look, size, motion)
        if owner:
            context.add_cookies([{"name": "topodash_owner", "value": owner, "url": site}])
        page = context.new_page()
        page.set_default_timeout(60_000)

        def note(text):
            if not any(word in text for word in expect):
                errors.append(text)

        page.on("pageerror", lambda error: note(f"{path}: {error}"))
        page.on("console", lambda message: message.type == "error" and note(f"{path}: {message.text}"))
        page.goto(site + path)
        page.wait_for_selector(ready)
        return page

    yield open_
    profiles.give_back()
    assert errors == []


@pytest.fixture
def axe():
    """axe(page) -> the serious and critical findings, as readable lines."""
    script = HERE / "axe" / "axe.min.js"

    def run(page):
        # Through the debugger, not as a script element, which the page's own policy would refuse.
        page.evaluate(script.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:4]]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    return run


@pytest.fixture
def live(open_page):
    """Opens the Live training page; see `live_page.opener`."""
    return opener(open_page)


@pytest.fixture(scope="session")
def study(site, data_dir):
    """The id of a small study of activation landscapes in the site's data folder."""
    return make_study(data_dir)


@pytest.fixture
def opened(open_page, study):
    """The Landscapes page with that study."""
    page = open_page(f"/landscapes?run={study}")
    page.locator("#landscapes-grid .scatterlayer .trace").first.wait_for()
    page.locator(".land-p").first.wait_for()
    return page
