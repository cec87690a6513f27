"""Frames: what they hold against the view, how exactly, how large; and what hand-written requests are told."""

import json

import numpy as np
import pytest
from live_runs import HUGE, flat_of, frame, trained, write

from topodash.geometry import polyhedral_complex
from topodash.pages.live.samples import DRAWN_POINTS
from topodash.studies.live_view import layer_field, live_view, probability_field
from topodash.web.frame_codec import MAGIC, decode

# What a frame holds


def test_a_frame_of_a_thousand_points_is_small(client, run_id):
    data = client.get(f"/api/runs/{run_id}/frame?step=3").data
    assert data[:4] == MAGIC
    assert len(data) <= 20_000  # measured: 11,500


def test_a_frame_is_the_view_of_its_step(client, run_id, sample, training):
    weights = training[1][3].weights
    view = live_view(weights, sample.sample)
    head, arrays = frame(client, run_id)
    assert (head["run"], head["step"], head["widths"]) == (run_id, 3, [3])
    np.testing.assert_allclose(arrays["prob"] / 65535, view.probabilities[:, 1], atol=0.5 / 65535 + 1e-9)
    np.testing.assert_array_equal(arrays["pred"], view.predicted)
    assert np.abs(arrays["act"] * head["act_scale"] - view.activations).max() <= head["act_scale"] * 0.5001
    np.testing.assert_allclose(arrays["polygon"], view.complex.polygons, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(arrays["offsets"], view.complex.offsets)
    np.testing.assert_array_equal(arrays["pattern"], view.complex.patterns)
    np.testing.assert_array_equal(arrays["counts"], view.counts)
    np.testing.assert_allclose(arrays["area"].sum(), np.prod([b - a for a, b in head["box"]]), rtol=1e-5)
    assert head["confusion"]["train"] == view.confusion["train"].tolist()
    assert head["numbers"]["cells"] == str(len(view.complex))
    assert head["numbers"]["loss"] == f"{training[1][3].loss:.4f}"
    # The affine maps give the image corners of their cells.
    for cell in range(len(view.complex)):
        rows = slice(arrays["offsets"][cell], arrays["offsets"][cell + 1])
        mapped = arrays["polygon"][rows] @ arrays["A"][cell].T + arrays["c"][cell]
        np.testing.assert_allclose(mapped, arrays["image"][rows], atol=1e-5)
    # The table of weights is the snapshot.
    np.testing.assert_allclose(head["weights"][0]["W"], weights["W1"], rtol=1e-6)
    np.testing.assert_allclose(head["weights"][1]["b"], weights["b2"], rtol=1e-6)


def test_a_recorded_accuracy_is_the_one_beside_the_picture(client, run_id, training):
    numbers = frame(client, run_id)[0]["numbers"]
    assert numbers["accuracy"] == f"{training[1][3].accuracy:.4f}"
    assert numbers["test_accuracy"] == f"{training[1][3].test_accuracy:.4f}"


def test_hyperplanes_stand_where_the_unit_vanishes_with_their_positive_side(client, run_id, training):
    weights = training[1][3].weights
    _, arrays = frame(client, run_id)
    for unit, (segment, normal) in enumerate(zip(arrays["lines"], arrays["normals"], strict=True)):
        if np.isnan(segment).any():
            continue
        values = segment @ weights["W1"][unit] + weights["b1"][unit]
        assert np.abs(values).max() < 1e-5
        assert (segment[0] + 0.1 * normal) @ weights["W1"][unit] + weights["b1"][unit] > 0
        assert np.hypot(*normal) == pytest.approx(1, abs=1e-6)


def test_the_field_and_the_panels_are_the_functions_on_their_grids(client, run_id, sample, training):
    weights = training[1][3].weights
    head, arrays = frame(client, run_id, "step=3&field=1&panels=last")
    field = probability_field(weights, sample.sample.box, 48)
    assert np.abs(arrays["field"] / 255 - field.ravel()).max() <= 0.501 / 255
    values = layer_field(weights, sample.sample.box, 32, 1)
    tops = np.array(head["panel_max"])
    assert np.abs(arrays["panels"] / 255 * tops[:, None] - values.reshape(3, -1)).max() <= tops.max() / 509


def test_data_of_other_units_are_drawn_in_theirs(client, settings, app, training):
    data, epochs = training
    run_id = write(settings, data, epochs, meta={"centre": [100.0, -5.0], "scale": [10.0, 0.5]})
    head, arrays = frame(client, run_id)
    plain_head, plain = frame(client, write(settings, data, epochs))
    np.testing.assert_allclose(arrays["polygon"], plain["polygon"] * [10, 0.5] + [100, -5], rtol=1e-5)
    np.testing.assert_allclose(arrays["area"], plain["area"] * 5, rtol=1e-5)
    np.testing.assert_array_equal(arrays["act"], plain["act"])
    # A point a little along the drawn normal of the first line lies on its positive side.
    weights = epochs[3].weights
    for unit, (segment, normal) in enumerate(zip(arrays["lines"], arrays["normals"], strict=True)):
        if not np.isnan(segment).any():
            ahead = (segment.mean(axis=0) + 0.01 * normal - [100, -5]) / [10, 0.5]
            assert ahead @ weights["W1"][unit] + weights["b1"][unit] > 0
            along = (segment[1] - segment[0]) / np.hypot(*(segment[1] - segment[0]))
            assert normal @ along == pytest.approx(0, abs=1e-4)
    assert plain_head["numbers"] == head["numbers"]


def test_many_points_are_sampled_and_said(client, settings, app):
    data, epochs = trained(points=6000, epochs=1)
    run_id = write(settings, data, epochs)
    head, arrays = frame(client, run_id, "step=1")
    assert len(arrays["prob"]) == len(arrays["act"]) == DRAWN_POINTS
    assert f"{DRAWN_POINTS:,} of 6,000 points are drawn; all are counted." in head["notices"]
    assert arrays["counts"].sum() == 6000


def test_deep_networks_say_their_axes_and_send_their_bent_lines(client, settings, app):
    data, epochs = trained(hidden=(4, 5), epochs=1)
    head, arrays = frame(client, write(settings, data, epochs), "step=1")
    assert head["axes_kind"] == "pca"
    assert any("Principal components" in text for text in head["notices"])
    hidden, _ = flat_of(epochs[1].weights)
    first = np.maximum(arrays["bent"].reshape(-1, 2) @ hidden[0][0].T + hidden[0][1], 0)
    second = (first @ hidden[1][0].T + hidden[1][1]).reshape(-1, 2, 5)
    for unit, values in zip(arrays["bent_unit"], second, strict=True):
        np.testing.assert_allclose(values[:, unit], 0, atol=1e-5)


# Which frame


def test_the_newest_after_exactly_that_step_and_the_nearest_before(client, settings, app, training):
    data, epochs = training
    run_id = write(settings, data, [epochs[0], epochs[2]])  # thinned: step 1 is not kept
    assert frame(client, run_id, "after=-1")[0]["step"] == 2
    assert frame(client, run_id, "after=1")[0]["step"] == 2
    assert client.get(f"/api/runs/{run_id}/frame?after=2").status_code == 204
    assert frame(client, run_id, "step=0")[0]["step"] == 0
    missing = client.get(f"/api/runs/{run_id}/frame?step=1")
    assert missing.status_code == 404
    assert "no snapshot at step 1" in missing.json["error"]
    assert frame(client, run_id, "step=1&near=1")[0]["step"] == 0
    assert frame(client, run_id, "step=900&near=1")[0]["step"] == 2
    assert client.get(f"/api/runs/{run_id}/frame?step=-5&near=1").status_code == 204


def test_every_answer_says_how_the_run_stands(client, run_id):
    for query in ("step=3", "after=3"):
        status = json.loads(client.get(f"/api/runs/{run_id}/frame?{query}").headers["X-Run-Status"])
        assert status["state"] == "finished"
        assert (status["step"], status["total"]) == (3, 1000)
        assert status["words"]


def test_a_run_without_an_epoch_is_204(client, settings, app, training):
    run_id = write(settings, training[0], [], state="queued")
    answer = client.get(f"/api/runs/{run_id}/frame")
    assert answer.status_code == 204
    assert json.loads(answer.headers["X-Run-Status"])["state"] in ("queued", "interrupted")


def test_a_frame_is_computed_once_however_many_look(client, app, run_id, monkeypatch):
    frame(client, run_id)
    monkeypatch.setattr("topodash.pages.live.views.live_view", None)
    assert frame(client, run_id)[0]["step"] == 3


# Edits that are not yet runs


def test_a_preview_is_the_frame_of_the_edited_network_and_nothing_is_kept(client, run_id, training):
    asked = {
        "step": 3,
        "changes": [{"entry": "W1[0,1]", "value": 2.5}, {"unit": 1, "segment": [[0, 0], [1, 0.5]]}],
    }
    answer = client.post(f"/api/runs/{run_id}/preview", json=asked)
    assert answer.status_code == 200
    head, arrays = decode(answer.data)
    assert head["weights"][0]["W"][0][1] == 2.5
    along = arrays["lines"][1][1] - arrays["lines"][1][0]
    assert along[1] / along[0] == pytest.approx(0.5, rel=1e-4)
    weights = {
        **training[1][3].weights,
        "W1": np.array(head["weights"][0]["W"]),
        "b1": np.array(head["weights"][0]["b"]),
    }
    hidden, _ = flat_of(weights)
    wanted = polyhedral_complex(hidden, head["box"])
    assert {tuple(p) for p in arrays["pattern"].tolist()} == {tuple(p) for p in wanted.patterns.tolist()}
    assert frame(client, run_id)[0]["weights"][0]["W"][0][1] != 2.5


BODIES = [
        b"", b"null", b"[]", b"3", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000, b'{"step": ' + b"[" * 3000, b'{"step": 3}', b'{"changes": []}', b'{"step": "3", "changes": []}',
        b'{"step": 3.0, "changes": []}', b'{"step": NaN, "changes": []}', b'{"step": 3, "changes": {}}', b'{"step": 3, "changes": "abc"}', b'{"step": 777, "changes": []}',
        b'{"step": true, "changes": []}', b'{"step": null, "changes": []}', b'{"step": 3, "changes": [1]}', b'{"step": 3, "changes": [null]}', b'{"step": 3, "changes": [[]]}',
        b'{"step": %s, "changes": []}' % HUGE.encode(), b'{"step": -%s, "changes": []}' % HUGE.encode(), b'{"step": %s, "changes": []}' % (b"9" * 6000),
        b'{"step": 3, "changes": [{"entry": "W1[0,0]", "value": NaN}]}', b'{"step": 3, "changes": [{"entry": "W1[0,0]", "value": 1e999}]}', b'{"step": 3, "changes": [{"entry": "W1[0,0]", "value": "1"}]}',
        b'{"step": 3, "changes": [{"entry": "W1[0,0]", "value": %s}]}' % HUGE.encode(), b'{"step": 3, "changes": [{"unit": 0, "segment": [[NaN, 0], [1, 1]]}]}',
        b'{"step": 3, "changes": [{"unit": 0, "segment": [[1e300, 0], [1, 1]]}]}', b'{"step": 3, "changes": [{"unit": 0, "segment": [[0, 0], [0, 0]]}]}',
        b'{"step": 3, "changes": [{"unit": 9, "segment": [[0, 0], [1, 0]]}]}', b'{"step": 3, "changes": [{"unit": 0, "segment": {"a": 1}}]}',
        json.dumps({"step": 3, "changes": [{"entry": "W1[0,0]", "value": 1}] * 501}).encode(),
    ]  # fmt: skip


def test_a_preview_that_cannot_be_is_refused_in_json(client, run_id):
    for body in BODIES:
        answer = client.post(f"/api/runs/{run_id}/preview", data=body, content_type="application/json")
        assert 400 <= answer.status_code < 500, body[:60]
        assert answer.json["error"]
        assert "damaged" not in answer.json["error"]


def test_five_hundred_changes_are_taken(client, run_id):
    asked = {"step": 3, "changes": [{"entry": "W1[0,0]", "value": 1}] * 500}
    assert client.post(f"/api/runs/{run_id}/preview", json=asked).status_code == 200


QUERIES = [
        "step=abc", "step=", "step=1.5", "step=nan", f"step={HUGE}", f"step=-{HUGE}", f"step={'9' * 6000}", "after=x", f"after={HUGE}", f"step={HUGE}&near=1",
        "step=3&axes=9", "step=3&axes=", "step=3&axes=1,1", "step=3&axes=<script>", "step=3&axes=last", f"step=3&axes={'9' * 6000}", "step=3&axes=%00", "step=3&axes=nan",
        "step=3&panels=0", "step=3&panels=2", "step=3&panels=-1", "step=3&panels=x", "step=3&panels=", f"step=3&panels={'9' * 6000}", "step=777",
    ]  # fmt: skip


def test_frames_that_cannot_be_are_refused_in_json(client, run_id):
    for query in QUERIES:
        for address in ("frame", "preview"):
            if address == "frame":
                answer = client.get(f"/api/runs/{run_id}/frame?{query}")
            elif "panels" in query or "axes" in query:
                answer = client.post(f"/api/runs/{run_id}/preview?{query}", json={"step": 3, "changes": []})
            else:
                continue
            assert 400 <= answer.status_code < 500, answer.status_code
            assert answer.json["error"]
            assert "damaged" not in answer.json["error"]
