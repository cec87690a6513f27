"""POST /api/filters/look: the inspector's tree, of html elements only; what does not fit is refused in words."""

import numpy as np
import pytest

from topodash.jobs import Answer
from topodash.pages.filters import looking
from topodash.web import background, create_app


@pytest.fixture
def client(settings, monkeypatch):
    monkeypatch.setattr(background.Background, "start", lambda self: None)
    return create_app(settings).server.test_client()


@pytest.fixture
def answers(monkeypatch, ask, ring):
    """Questions are answered here and now; the ring is known."""
    monkeypatch.setattr(looking, "known", lambda *_: ring)
    monkeypatch.setattr(
        looking, "asked", lambda name, question: Answer("ready", "", value=ask(name, **question))
    )


def elements(tree):
    if isinstance(tree, list):
        for each in tree:
            yield from elements(each)
    elif isinstance(tree, dict):
        yield tree
        yield from elements(tree["props"].get("children"))


def test_one_filter_comes_with_its_weights(client, answers, edges, ring):
    row = int(ring["rows"][0])
    chosen = {"slot": "a", "title": "Filter", "rows": [row], "one": True}
    answer = client.post("/api/filters/look", json={"chosen": chosen, "ready": {"a": edges, "b": None}})
    assert answer.status_code == 200
    found = list(elements(answer.json))
    assert {each["namespace"] for each in found} == {"dash_html_components"}
    cells = [each["props"]["children"] for each in found if each["type"] == "Td"]
    np.testing.assert_allclose([float(cell) for cell in cells], ring["weights"][0], atol=0.0051)


def test_several_filters_come_with_their_members(client, answers, edges, ring):
    rows = [int(row) for row in ring["rows"][:4]]
    chosen = {"slot": "a", "title": "Node 7", "rows": rows, "one": False}
    answer = client.post("/api/filters/look", json={"chosen": chosen, "ready": {"a": edges, "data": None}})
    opened = [each["props"].get("data-filters-open") for each in elements(answer.json)]
    assert sorted(int(row) for row in opened if row is not None) == sorted(rows)


def test_images_that_cannot_be_read_take_only_the_real_patches_away(client, edges, ask, ring, monkeypatch):
    def asked(name, question):
        if question.get("data"):
            return Answer("failed", "", message="train-images.gz is damaged.")
        return Answer("ready", "", value=ask(name, **question))

    monkeypatch.setattr(looking, "known", lambda *_: ring)
    monkeypatch.setattr(looking, "asked", asked)
    chosen = {"slot": "a", "title": "Node 7", "rows": [int(row) for row in ring["rows"][:4]], "one": False}
    answer = client.post("/api/filters/look", json={"chosen": chosen, "ready": {"a": edges, "data": "mnist"}})
    assert "Real patches cannot be searched: train-images.gz is damaged." in answer.text
    assert "best patch, ReLU" in answer.text


def test_an_answer_that_is_on_its_way_is_202(client, edges, monkeypatch):
    monkeypatch.setattr(looking, "asked", lambda *_: Answer("working", "", progress=0.4))
    chosen = {"slot": "a", "title": "Node 7", "rows": [1, 2], "one": False}
    answer = client.post("/api/filters/look", json={"chosen": chosen, "ready": {"a": edges}})
    assert answer.status_code == 202
    assert "computing, 40%" in answer.text


CHOSEN = {"slot": "a", "title": "x", "rows": [1], "one": True}
READY = {"a": {"filters": {}, "config": {}}}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"chosen": CHOSEN},
        {"chosen": {**CHOSEN, "rows": []}, "ready": READY},
        {"chosen": {**CHOSEN, "rows": ["1"]}, "ready": READY},
        {"chosen": {**CHOSEN, "rows": [True]}, "ready": READY},
        {"chosen": {**CHOSEN, "slot": "c"}, "ready": READY},
        {"chosen": {**CHOSEN, "title": {}}, "ready": READY},
        {"chosen": CHOSEN, "ready": {"b": READY["a"]}},
        {"chosen": CHOSEN, "ready": {"a": READY["a"], "b": {"filters": 3, "config": {}}}},
        {"chosen": CHOSEN, "ready": {"a": []}},
    ],
)
def test_what_is_no_selection_is_refused(client, body):
    answer = client.post("/api/filters/look", json=body)
    assert answer.status_code == 422
    assert answer.json["error"]


def test_what_cannot_be_computed_is_said_in_the_inspector(client, monkeypatch):
    monkeypatch.setattr(
        looking, "asked", lambda *_: Answer("failed", "", message="There is no bank of that name.")
    )
    answer = client.post("/api/filters/look", json={"chosen": CHOSEN, "ready": READY})
    assert answer.status_code == 200
    assert answer.json["props"] == {
        "children": "There is no bank of that name.",
        "className": "td-empty",
        "role": "alert",
    }


def test_a_page_of_another_site_cannot_ask(client):
    answer = client.post("/api/filters/look", json={}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
