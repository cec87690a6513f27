"""Frames: what they hold against the view, how exactly, how large; and what hand-written requests are told."""

import json

import numpy as np
import pytest
from live_runs import flat_of, trained, write

from topodash.geometry import polyhedral_complex
from topodash.pages.live.samples import DRAWN_POINTS, read_sample
from topodash.runs import RunStore
from topodash.studies.live_view import layer_field, live_view, probability_field
from topodash.web.frame_codec import MAGIC, decode, encode, in_bytes, quantise

HUGE = "9" * 30


@pytest.fixture(scope="module")
def training():
    return trained(points=1000, epochs=3)


@pytest.fixture
def run_id(app, settings, training):
    return write(settings, *training)


@pytest.fixture
def sample(settings, run_id):
    with RunStore.of(settings).open(run_id) as reader:
        return read_sample(reader)


def frame(client, run_id, query="step=3"):
    answer = client.get(f"/api/runs/{run_id}/frame?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return decode(answer.data)


# The codec


def test_what_is_encoded_is_decoded_byte_for_byte():
    arrays = {
        "a": np.linspace(-1, 1, 7, dtype=np.float32).reshape(7, 1), "b": np.arange(5, dtype=np.uint8), "c": np.array([[65535, 1]], dtype="<u2"),
        "d": np.array([2**32 - 1], dtype="<u4"), "e": np.array([-32767, 0, 32767], dtype="<i2"), "none": np.zeros((0, 2), np.float32),
    }  # fmt: skip
    data = encode({"word": "∅", "n": 1.5}, arrays)
    head, found = decode(data)
    assert head == {"word": "∅", "n": 1.5}
    assert found.keys() == arrays.keys()
    for name, values in arrays.items():
        np.testing.assert_array_equal(found[name], values)
        assert found[name].dtype == values.dtype
    # Typed arrays of the browser need this.
    length = int.from_bytes(data[4:8], "little")
    places = json.loads(data[8 : 8 + length])["arrays"]
    assert (8 + length) % 4 == 0
    assert all(offset % 4 == 0 for _, _, offset in places.values())


def test_other_types_and_other_bytes_are_refused():
    with pytest.raises(ValueError, match="'ids' must be"):
        encode({}, {"ids": np.arange(3)})
    with pytest.raises(ValueError):
        encode({"x": float("nan")}, {})
    with pytest.raises(ValueError, match="frame of this version"):
        decode(b"TDF9" + bytes(100))


@pytest.mark.parametrize("size", [1e-30, 1e-3, 1.0, 7.7, 1e20])
def test_quantised_values_are_within_half_a_step(size):
    values = size * np.random.default_rng(0).normal(size=(500, 3))
    packed, scale = quantise(values)
    assert packed.dtype == np.dtype("<i2")
    assert np.abs(packed * scale - values).max() <= scale / 2 * (1 + 1e-9)
    assert scale == pytest.approx(np.abs(values).max() / 32767)
    positive = np.abs(values)
    small, top = in_bytes(positive)
    assert np.abs(small / 255 * top - positive).max() <= top / 510 * (1 + 1e-9)


def test_nothing_quantises_to_nothing():
    for values in (np.zeros((4, 3)), np.zeros((0, 3))):
        packed, scale = quantise(values)
        assert not packed.any()
        assert np.isfinite(scale)
        assert not in_bytes(values)[0].any()


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


# The surface of one neuron


def test_a_surface_is_the_neurons_activation_over_the_box(client, run_id, training):
    answer = client.get(f"/api/runs/{run_id}/surface?step=3&unit=1")
    assert answer.status_code == 200
    found = {name: np.array(values, dtype=float) for name, values in answer.json.items()}
    weights = training[1][3].weights
    heights = np.maximum(np.column_stack([found["x"], found["y"]]) @ weights["W1"][1] + weights["b1"][1], 0)
    np.testing.assert_allclose(found["z"], heights, atol=1e-5)
    triangles = np.column_stack([found["i"], found["j"], found["k"]]).astype(int)
    corners = np.column_stack([found["x"], found["y"]])[triangles]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    low, high = (
        np.column_stack([found["x"], found["y"]]).min(0),
        np.column_stack([found["x"], found["y"]]).max(0),
    )
    assert np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / 2 == pytest.approx(
        np.prod(high - low), rel=1e-4
    )


SURFACES = [
        "",
        "step=x",
        "step=3&unit=9",
        "step=3&unit=-1",
        "step=3&unit=x",
        f"step=3&unit={HUGE}",
        "step=3&layer=2",
        "step=3&layer=x",
        f"step=3&layer={'9' * 6000}",
        "step=50",
        f"step={HUGE}",
    ]  # fmt: skip


def test_surfaces_that_cannot_be_are_refused_in_json(client, run_id):
    for query in SURFACES:
        answer = client.get(f"/api/runs/{run_id}/surface?{query}")
        assert 400 <= answer.status_code < 500, query[:60]
        assert answer.json["error"]
        assert "damaged" not in answer.json["error"]


# Runs that are not there, not whole, or not of this kind

ROUTES = (
    "frame", "frame?step=0", "frame?step=0&panels=last", "surface?step=0&unit=0", "curves", "activations.csv", "activations.csv?step=0", "weights.json",
    "complex.json?step=0", "snippet.py?step=0", "plane.svg?step=0", "space.svg?step=0",
)  # fmt: skip


def test_an_unknown_run_is_404_in_json(client):
    for unknown in ("0" * 16, "nothing", "ABCDEF0123456789", "0123456789abcdef.run"):
        for route in ROUTES:
            answer = client.get(f"/api/runs/{unknown}/{route}")
            assert answer.status_code == 404, route
            assert answer.json["error"]
    assert client.get("/api/runs/..%2f..%2fetc/frame").status_code == 404


@pytest.mark.parametrize(
    "cut",
    [lambda data: data[: len(data) // 2], lambda data: b"nothing like a run" * 500],
    ids=["half", "foreign"],
)
def test_a_damaged_run_is_422_in_json_and_no_other_is_touched(client, settings, run_id, training, cut):
    path = RunStore.of(settings).path(run_id)
    path.write_bytes(cut(path.read_bytes()))
    for route in ROUTES:
        answer = client.get(f"/api/runs/{run_id}/{route}")
        assert answer.status_code == 422, route
        assert answer.json["error"]
    other = write(settings, *training)
    assert frame(client, other)[0]["step"] == 3


def hostile_runs(settings, training):
    """Well-formed run files whose content is nonsense for this page."""
    data, epochs = training
    strange = [
        type(e)(
            **{
                **vars(e),
                "weights": {"filters": np.zeros((2, 5, 5), np.float32), "biases": np.zeros(2, np.float32)},
                "events": (),
            }
        )
        for e in epochs[:1]
    ]
    wide = [
        type(e)(**{**vars(e), "weights": {**e.weights, "W1": np.ones((3, 5), np.float32)}, "events": ()})
        for e in epochs[:1]
    ]
    lost = [
        type(e)(**{**vars(e), "weights": {**e.weights, "b1": np.full(3, np.nan, np.float32)}, "events": ()})
        for e in epochs[:1]
    ]
    yield "cnn", write(settings, data, strange, kind="cnn")
    yield "five inputs", write(settings, data, wide)
    yield "diverged", write(settings, data, lost, state="failed")
    yield "train past the end", write(settings, data, epochs[:1], arrays={"train": np.array([99999])})
    yield "labels past the classes", write(settings, data, epochs[:1], arrays={"labels": np.full(1000, 7)})
    yield "negative labels", write(settings, data, epochs[:1], arrays={"labels": np.full(1000, -1)})
    yield "too few labels", write(settings, data, epochs[:1], arrays={"labels": np.zeros(3, np.int64)})
    yield (
        "points in space",
        write(settings, data, epochs[:1], arrays={"points": np.zeros((1000, 3), np.float32)}),
    )
    yield (
        "no points",
        write(
            settings,
            data,
            epochs[:1],
            arrays={
                "points": np.zeros((0, 2), np.float32),
                "labels": np.zeros(0, np.int64),
                "train": np.zeros(0, np.int64),
            },
        ),
    )
    yield (
        "points not finite",
        write(settings, data, epochs[:1], arrays={"points": np.full((1000, 2), np.nan, np.float32)}),
    )
    yield "no names", write(settings, data, epochs[:1], meta={"class_names": None})
    yield "three names, one logit", write(settings, data, epochs[:1], meta={"class_names": ["a", "b", "c"]})
    yield "odd scale", write(settings, data, epochs[:1], meta={"scale": ["x", 1]})


def test_no_content_of_a_run_gives_an_internal_error(client, app, settings, training):
    for name, run_id in hostile_runs(settings, training):
        answers = [
            (route, client.get(f"/api/runs/{run_id}/{route}")) for route in ROUTES if route != "curves"
        ]
        answers.append(
            (
                "preview",
                client.post(f"/api/runs/{run_id}/preview?panels=last", json={"step": 0, "changes": []}),
            )
        )
        for route, answer in answers:
            if answer.status_code != 200:
                assert answer.status_code in (400, 404, 422), (name, route, answer.status_code)
                assert answer.json["error"], (name, route)
