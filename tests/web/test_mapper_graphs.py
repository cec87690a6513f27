"""The route of the Mapper page: settings in, graphs out, and what cannot be read is said."""

import time

import numpy as np
import pytest

from topodash.datasets import load
from topodash.pages.mapper.controls import TABLE
from topodash.topology import DBSCAN, CubicalCover, mapper_graph

CHOSEN = {"run": None, "layer": None, "step": None, "upload": None, "columns": [], "label": None, "lens_column": None}  # fmt: skip


def body(**changes):
    settings = {**TABLE.defaults(), "source": "dataset", "dataset": "moons", "lens": "coordinate", "eps": 0.3, "intervals": 8}  # fmt: skip
    return {
        "values": list({**settings, **changes}.values()),
        "chosen": CHOSEN,
        "colour": "class",
        "threshold": 1,
    }


def ask(client, asked):
    """The answer once nothing is worked on any more."""
    for _ in range(600):
        answer = client.post("/api/mapper/graphs", json=asked)
        assert answer.status_code == 200, answer.json
        if not answer.json["working"]:
            return answer.json
        asked = {"request": answer.json["request"], "colour": "class", "threshold": 1}
        time.sleep(0.05)
    raise AssertionError("not within half a minute")


def test_the_graph_of_the_settings_is_the_library_s(client):
    found = ask(client, body())
    points = load("moons", seed=0).points.astype(np.float64)
    graph = mapper_graph(points, points[:, :1], cover=CubicalCover(8, 0.5), clusterer=DBSCAN(0.3, 2))
    drawn = found["pictures"]["a"]["graph"]
    assert drawn["n"] == graph.sizes.tolist()
    assert [drawn["edges"][k : k + 2] for k in range(0, len(drawn["edges"]), 3)] == graph.edges.tolist()
    assert found["pictures"]["a"]["request"] == found["request"]["a"]
    assert found["errors"] == {}


def test_a_graph_on_screen_is_not_sent_again(client):
    key = ask(client, body())["pictures"]["a"]["key"]
    assert ask(client, {**body(), "have": {"a": key}})["pictures"] == {}


def test_the_second_graph_comes_with_the_first(client):
    other = ask(client, body(eps=0.2))["request"]["a"]
    found = ask(client, {**body(), "beside": other})
    assert set(found["pictures"]) == {"a", "b"}
    assert found["request"]["b"] == other


@pytest.mark.parametrize(("changes", "control"), [({"eps": "much"}, "eps"), ({"intervals": 0}, "intervals"), ({"lens2": "sum", "lens": "pca"}, "lens2"), ({"source": "run"}, "source")])  # fmt: skip
def test_settings_that_will_not_do_are_said_under_their_control(client, changes, control):
    found = client.post("/api/mapper/graphs", json=body(**changes)).json
    assert list(found["errors"]) == [control]
    assert found["request"] is None
    assert found["pictures"] == {}


@pytest.mark.parametrize(
    "asked", [None, [], {}, {"values": [1], "chosen": {}}, {"values": "x"}, {"request": {"a": {"source": 3}}}, {"request": 4}, {**body(), "beside": []}]
)  # fmt: skip
def test_a_body_that_is_no_question_is_refused_in_words(client, asked):
    answer = client.post("/api/mapper/graphs", json=asked)
    assert answer.status_code == 422
    assert answer.json["error"]


def test_what_fails_in_the_worker_comes_as_a_notice(client):
    found = ask(client, body(column=7))
    assert "column" in str(found["said"])
    assert found["pictures"] == {}


def test_what_nobody_waits_for_is_dropped_without_an_error(client):
    request = client.post("/api/mapper/graphs", json=body(eps=0.31)).json["request"]
    assert "cancelled" in client.post("/api/mapper/cancel", json=request).json["progress"]
    assert client.post("/api/mapper/cancel", json={"a": "x"}).status_code == 422


@pytest.mark.parametrize("route", ["mapper/graphs", "mapper/cancel", "mapper/export", "filters/look"])
def test_brackets_in_brackets_are_refused_in_words(client, route):
    deep = b"[" * 100_000 + b"]" * 100_000
    answer = client.post(f"/api/{route}", data=deep, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["error"]
