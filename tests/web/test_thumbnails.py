"""Still pictures by address: well-formed, kept only when they cannot change, and polite to bad requests."""

import json
import xml.etree.ElementTree as ET
from urllib.parse import quote

import pytest
from live_runs import trained, write

from topodash.figures.scene_svg import STILL_POINTS, thin
from topodash.pages.live.controls import POINT_SETS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def training():
    return trained(points=900, epochs=2)


def svg(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    root = ET.fromstring(answer.data)
    assert root.tag == f"{SVG}svg"
    return root


def dots(root):
    return sum(path.get("d").count("h0") for path in root.iter(f"{SVG}path"))


@pytest.mark.parametrize("hidden", [(3,), (1,), (5,), (4, 2)], ids=str)
def test_both_pictures_of_an_epoch_are_svg_with_a_sample_of_the_points(client, settings, app, hidden):
    data, epochs = trained(points=900, epochs=2, hidden=hidden)
    run_id = write(settings, data, epochs)
    for name, title in (("plane", "Input plane at epoch 2"), ("space", "Activation space at epoch 2")):
        for dark in ("0", "1"):
            root = svg(client.get(f"/api/runs/{run_id}/{name}.svg?step=2&dark={dark}"))
            assert root.find(f"{SVG}title").text == title
            assert dots(root) == STILL_POINTS == len(thin(900))
            assert b"nan" not in ET.tostring(root)


def test_only_the_picture_of_a_named_epoch_is_kept(client, settings, app, training):
    run_id = write(settings, *training)
    for name in ("plane", "space"):
        assert "immutable" in client.get(f"/api/runs/{run_id}/{name}.svg?step=1").headers["Cache-Control"]
        assert client.get(f"/api/runs/{run_id}/{name}.svg").headers["Cache-Control"] == "no-store"
        for query, status in (("step=77", 404), ("step=x", 400), ("step=", 400), ("step=" + "9" * 30, 400)):
            answer = client.get(f"/api/runs/{run_id}/{name}.svg?{query}")
            assert answer.status_code == status, query
            assert answer.json["error"]


def test_every_data_set_has_a_preview(client):
    for name in POINT_SETS:
        root = svg(
            client.get(
                "/api/preview.svg",
                query_string={"dataset": json.dumps({"name": name, "seed": 3, "parameters": {}})},
            )
        )
        assert dots(root) > 50


def test_a_preview_of_very_many_points_is_sampled(client):
    asked = {"name": "moons", "seed": 0, "parameters": {"points": 200_000}}
    assert dots(svg(client.get("/api/preview.svg", query_string={"dataset": json.dumps(asked)}))) == 1200


BAD = (
    "", "null", "3", "[]", '"moons"', "{", "{}", '{"name": "mnist"}', '{"name": "../x"}', '{"name": ["moons"]}', '{"name": "moons", "seed": -1}', '{"name": "moons", "seed": "x"}',
    '{"name": "moons", "seed": NaN}', '{"name": "moons", "parameters": {"points": Infinity}}', '{"name": "moons", "parameters": {"points": NaN}}', '{"name": "moons", "parameters": {"points": null}}',
    '{"name": "moons", "parameters": {"points": -5}}', '{"name": "moons", "parameters": {"points": [1]}}', '{"name": "moons", "parameters": {"noise": 1e999}}', '{"name": "moons", "parameters": {"nothing": 1}}',
    '{"name": "moons", "parameters": {"seed": 1}}', '{"name": "moons", "parameters": [1]}', '{"name": "moons", "parameters": "abc"}', '{"name": "single_annulus", "parameters": {"outer_angles": [[0, 300], [200, 400]]}}',
    "[" * 5000,
)  # fmt: skip


def test_a_preview_that_cannot_be_is_refused_in_json(client):
    for text in BAD:
        answer = client.get(f"/api/preview.svg?dataset={quote(text)}")
        assert answer.status_code == 422, text[:60]
        assert answer.json["error"]
    assert client.get("/api/preview.svg").status_code == 422
