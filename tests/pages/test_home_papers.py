"""Home's list of the papers' figures: every entry has its data, and every link opens as it says."""

import importlib
from urllib.parse import parse_qsl, urlsplit

import flask
import pytest

from topodash.components.notices import notices
from topodash.pages.home.papers import Entry, papers, papers_section
from topodash.pages.titles import run_title, shipped_networks
from topodash.settings import Settings


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    from topodash.web import create_app

    return create_app(Settings(data_dir=tmp_path_factory.mktemp("home"), spare=False, question_workers=1))


@pytest.fixture
def context(app):
    with app.server.test_request_context("/"):
        flask.g.topodash_owner = "0" * 32
        yield


def test_every_figure_has_a_link_that_opens_without_a_word(context, monkeypatch):
    entries = [entry for _, each in papers() for entry in each]
    assert len(entries) == 12
    assert [entry.figures for entry in entries if not entry.href] == []
    for entry in entries:
        parts = urlsplit(entry.href)
        page = importlib.import_module(f"topodash.pages.{parts.path.strip('/')}.layout")
        said = []
        monkeypatch.setattr(
            page,
            "notices",
            lambda found, *rest, said=said: said.extend(found) or notices(found),
            raising=False,
        )
        assert page.layout(**dict(parse_qsl(parts.query)))
        assert said == [], entry


def test_an_entry_without_its_data_is_left_out():
    section = papers_section(
        [("A paper", [Entry("Figure 1", "Something", None), Entry("Figure 2", "Else", "/live")])]
    )
    text = str(section)
    assert "Figure 2" in text
    assert "Figure 1" not in text


def test_shipped_networks_have_names(context):
    found = dict(shipped_networks())
    assert sorted(found.values()) == [
        "Double annulus, 3, seed 0",
        "Single annulus, 3, seed 0",
        "Single annulus, 3, seed 2",
    ]
    for run_id, title in found.items():
        assert run_title(run_id) == title
    assert run_title("0" * 16) == "run 000000"
