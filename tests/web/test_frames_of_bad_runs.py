"""The live page's answers for runs that are not there, not whole, or not of its kind."""

import numpy as np
import pytest
from live_runs import frame, write

from topodash.runs import RunStore

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
