"""What the shell answers over HTTP: pages, headers, cookies, health, and who may change anything."""

import base64
import hashlib
import logging
import re

import pytest

from topodash.pages import PAGES
from topodash.pages.context import EXTENSION
from topodash.settings import Settings
from topodash.web import background, compression, create_app
from topodash.web.request_log import is_noise

PATHS = [page.path for page in PAGES]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers_with_its_own_title(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    title = next(page.title for page in PAGES if page.path == path)
    assert ("TopoDash" if path == "/" else f"{title} · TopoDash") in re.search("<title>(.*?)<", answer.text)[
        1
    ]
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("path", ["/nope", "/live/deeper", "/mapper/../x", "/%00", "/runs/" + "a" * 5000])
def test_an_address_that_leads_nowhere_is_a_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/api/nope", "/api/", "/api/runs/zz/export", "/api/runs/../../etc/passwd/export"]
)
def test_under_api_errors_are_json(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json["error"]


def test_a_wrong_method_under_api_is_json(client):
    assert client.get("/api/uploads").status_code == 405
    assert client.get("/api/uploads").json["error"]


def test_every_inline_script_is_known_by_its_hash_and_none_may_be_made_from_text(client):
    answer = client.get("/")
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    inline = [
        script
        for head, script in re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.S)
        if "src=" not in head and "application/json" not in head
    ]
    assert len(inline) >= 2
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy["script-src"]
    assert "unsafe" not in policy["script-src"]
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert not re.search(r"https?://", answer.headers["Content-Security-Policy"])


def test_other_security_headers_are_on_every_answer(client):
    for path in ("/", "/health", "/api/nope", "/_dash-layout"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_nothing_is_fetched_from_elsewhere(client):
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', client.get("/").text)


def test_a_browser_gets_one_owner_that_scripts_cannot_read(client):
    first = client.get("/").headers["Set-Cookie"]
    assert re.match(r"topodash_owner=[0-9a-f]{32};", first)
    assert "HttpOnly" in first
    assert "SameSite=Lax" in first
    assert "Set-Cookie" not in client.get("/runs").headers


def test_a_made_up_owner_is_replaced(client):
    client.set_cookie("topodash_owner", "../../etc")
    assert re.match(r"topodash_owner=[0-9a-f]{32};", client.get("/").headers["Set-Cookie"])


def test_two_browsers_have_two_owners(app):
    cookies = {app.server.test_client().get("/").headers["Set-Cookie"][:47] for _ in range(2)}
    assert len(cookies) == 2


def test_shared_files_carry_no_cookie(client):
    assert "Set-Cookie" not in client.get("/assets/app.css").headers


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"Origin": "http://localhost"}, False),
        ({"Origin": "http://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind-a-proxy.example"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "none"}, False),
    ],
)
@pytest.mark.parametrize("path", ["/api/runs", "/api/uploads", "/_dash-update-component"])
def test_a_page_of_another_site_cannot_change_anything(client, path, headers, refused):
    answer = client.post(path, data=b"{}", headers=headers, content_type="application/json")
    assert (answer.status_code == 403) is refused


def test_health_and_ready(client):
    assert client.get("/health").status_code == 200
    answer = client.get("/ready")
    assert answer.status_code == 200
    assert answer.json == {"store": "ok", "cache": "ok", "job starter": "ok"}


def _break_store(settings):
    settings.catalogue.write_bytes(b"this is no database, and never was one" * 100)


def _break_cache(settings):
    settings.cache_dir.rename(settings.data_dir / "elsewhere")
    settings.cache_dir.write_text("a file where the folder was")


def _break_starter(settings):
    (settings.data_dir / "start.lock").unlink(missing_ok=True)
    (settings.data_dir / "start.lock").mkdir()


@pytest.mark.parametrize(
    ("damage", "part"), [(_break_store, "store"), (_break_cache, "cache"), (_break_starter, "job starter")]
)
def test_ready_names_the_part_that_does_not_work(settings, damage, part):
    client = create_app(settings).server.test_client()
    damage(settings)
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json[part] != "ok"
    assert client.get("/health").status_code == 200


def test_text_is_compressed_and_fixed_files_only_once(client, monkeypatch):
    plain = client.get("/assets/shell.js")
    small = client.get("/assets/shell.js", headers={"Accept-Encoding": "br"})
    assert small.headers["Content-Encoding"] == "br"
    assert len(small.data) < len(plain.data) / 2
    assert client.get("/", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    suite = re.search(r'src="(/_dash-component-suites/dash/deps/react-dom[^"]*)"', client.get("/").text)[1]
    first = client.get(suite, headers={"Accept-Encoding": "br"}).data
    monkeypatch.setattr("flask_compress.flask_compress._compress_data", None)
    assert client.get(suite, headers={"Accept-Encoding": "br"}).data == first


def test_the_largest_file_is_compressed_before_anybody_asks(client, monkeypatch):
    compression.prepare(client.application, {background.WARM_UP: True})
    monkeypatch.setattr("flask_compress.flask_compress._compress_data", None)
    browsers = client.get(compression.PLOTLY, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert browsers.headers["Content-Encoding"] == "br"
    assert 500_000 < len(browsers.data) < 2_500_000


def test_the_answers_of_callbacks_are_never_remembered():
    from topodash.web.compression import FixedFiles

    kept = FixedFiles()
    kept.set("br;", b"somebody's answer")
    assert kept.get("br;") is None


def test_a_file_named_with_its_time_may_be_kept_for_good(client):
    assert "immutable" in client.get("/assets/app.css?m=1").headers["Cache-Control"]
    assert "immutable" not in client.get("/assets/app.css").headers.get("Cache-Control", "")


def test_two_applications_in_one_process_do_not_share_anything(tmp_path):
    apps = [create_app(Settings(data_dir=tmp_path / name, spare=False)) for name in "ab"]
    stores = [app.server.extensions[EXTENSION].store.folder for app in apps]
    assert stores[0] != stores[1]
    for app in apps:
        assert app.server.test_client().get("/runs").status_code == 200


@pytest.mark.parametrize(
    ("path", "noise"),
    [
        ("/", False),
        ("/api/runs/0123456789abcdef/frame", True),
        ("/api/runs/0123456789abcdef/export", False),
        ("/_dash-update-component", True),
        ("/assets/app.css", True),
        ("/health", True),
    ],
)
def test_what_is_asked_for_many_times_a_second_is_not_logged(client, caplog, path, noise):
    assert is_noise(path) is noise
    caplog.set_level(logging.INFO, logger="topodash.web")
    client.get(path + "?secret=1")
    lines = [record.getMessage() for record in caplog.records if record.name == "topodash.web"]
    assert bool(lines) is not noise
    assert not any("secret" in line for line in lines)


def test_a_layout_that_fails_says_so_and_leaves_no_empty_window(app, monkeypatch):
    from topodash.web.problems import guarded

    def broken(**_query):
        raise RuntimeError("a secret detail")

    shown = str(guarded(PAGES[1], broken)(x="1").to_plotly_json())
    assert "Something went wrong" in shown
    assert "secret" not in shown


def test_a_page_with_figures_asks_for_plotly_at_once(client):
    (address,) = re.findall(r'<link rel="preload" as="script" href="([^"]*)"', client.get("/live").text)
    assert b"plotly.js" in client.get(address).data[:200]
    assert "preload" not in client.get("/runs").text
