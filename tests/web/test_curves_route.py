"""GET /api/runs/<id>/curves: scalars as recorded, events in words, the topology as far as it is known."""

import json
import math
import time

import numpy as np
import pytest
from live_runs import trained, write

from topodash.jobs import Answer
from topodash.jobs.answers.region_history import region_history_chunk
from topodash.jobs.sources import Sources
from topodash.pages.context import EXTENSION
from topodash.runs import Event, Recorder, RunStore
from topodash.web import curves
from topodash.web.curves import CHUNK, RegionChunks, event_label


@pytest.fixture(autouse=True)
def asked(settings, monkeypatch):
    """Questions are answered here and now; the list of what was asked."""
    seen = []

    def ask(name, parameters, **_):
        assert name == "region_history"
        seen.append(json.loads(json.dumps(parameters)))
        return Answer("ready", "k", region_history_chunk(parameters, Sources(settings)))

    monkeypatch.setattr(curves, "ask", ask)
    return seen


@pytest.fixture(scope="module")
def training():
    return trained(epochs=150, points=60)


def test_scalars_and_topology_are_those_recorded(client, settings, run_id, training):
    answer = client.get(f"/api/runs/{run_id}/curves").json
    assert answer["steps"] == answer["region"]["steps"] == list(range(151))
    np.testing.assert_allclose(answer["scalars"]["loss"], [e.loss for e in training[1]], rtol=1e-5)
    np.testing.assert_allclose(
        answer["scalars"]["test_accuracy"], [e.test_accuracy for e in training[1]], rtol=1e-5
    )
    whole = region_history_chunk({"run": run_id, "steps": list(range(151)), "before": []}, Sources(settings))
    for name in ("b0", "b1"):
        np.testing.assert_array_equal(answer["region"][name], whole[name])
    assert answer["region_complete"]
    assert not answer["more"]
    assert answer["state"] == "finished"


def test_only_what_is_new_is_sent(client, run_id):
    first = client.get(f"/api/runs/{run_id}/curves").json
    more = client.get(f"/api/runs/{run_id}/curves?after=140&events={first['events_after']}&region=100").json
    assert more["steps"] == list(range(141, 151))
    assert more["events"] == []
    # The script appends what it gets: nothing may come twice, wherever a chunk begins.
    assert more["region"]["steps"] == list(range(101, 151))
    assert len(more["region"]["b0"]) == len(more["region"]["b1"]) == 50
    assert all(event["step"] > 100 for event in more["region"]["events"])
    nothing = client.get(f"/api/runs/{run_id}/curves?after=150&region=150").json
    assert nothing["steps"] == nothing["region"]["steps"] == []
    assert nothing["region_complete"]


def test_chunks_are_asked_once_and_only_when_they_are_whole(app, run_id, asked):
    chunks = RegionChunks(app.server.extensions[EXTENSION])
    steps = np.arange(150)
    columns, complete = chunks.known(run_id, steps, False, -1)
    assert columns["steps"] == list(range(2 * CHUNK))
    assert not complete
    assert [(a["steps"][0], a["before"][-1:]) for a in asked] == [(0, []), (CHUNK, [CHUNK - 1])]
    columns, complete = chunks.known(run_id, steps, True, -1)
    assert complete
    assert columns["steps"] == list(range(150))
    assert len(asked) == 3


def test_what_is_being_computed_is_not_waited_for(client, run_id, monkeypatch):
    monkeypatch.setattr(curves, "ask", lambda *a, **k: Answer("working", "k"))
    begun = time.monotonic()
    answer = client.get(f"/api/runs/{run_id}/curves").json
    assert time.monotonic() - begun < 5
    assert not answer["region_complete"]
    assert answer["region"] == {"steps": [], "b0": [], "b1": [], "events": []}


def test_a_computation_that_failed_is_an_event_and_the_rest_goes_on(client, settings, run_id, monkeypatch):
    def ask(name, parameters, **_):
        if not parameters["before"]:
            return Answer("failed", "k", message="too many cells")
        return Answer("ready", "k", region_history_chunk(parameters, Sources(settings)))

    monkeypatch.setattr(curves, "ask", ask)
    region = client.get(f"/api/runs/{run_id}/curves").json["region"]
    assert region["steps"] == list(range(151))
    assert region["b0"][:CHUNK] == [None] * CHUNK, "the curve has a gap there"
    assert region["events"][0] == {"step": 0, "kind": "event", "label": "too many cells"}


def test_values_that_are_not_finite_are_null(client, settings, app, training):
    data, epochs = training
    broken = [type(e)(**{**vars(e), "loss": math.inf if e.step == 1 else math.nan}) for e in epochs[:3]]
    text = client.get(f"/api/runs/{write(settings, data, broken)}/curves").get_data(as_text=True)
    answer = json.loads(text, parse_constant=pytest.fail)
    assert answer["scalars"]["loss"] == [None, None, None]


def test_long_runs_come_in_parts(client, run_id, monkeypatch):
    monkeypatch.setattr(curves, "MOST_ROWS", 100)
    first = client.get(f"/api/runs/{run_id}/curves").json
    assert (first["steps"], first["more"]) == (list(range(100)), True)
    second = client.get(f"/api/runs/{run_id}/curves?after=99").json
    assert (second["steps"], second["more"]) == (list(range(100, 151)), False)


def test_a_thinned_run_says_so_and_keeps_its_scalars(client, settings, app, training):
    data, epochs = training
    run_id = write(settings, data, [])
    with Recorder.resume(RunStore.of(settings).path(run_id), max_snapshots=50) as recorder:
        for epoch in epochs:
            recorder.record(epoch.step, scalars={"loss": epoch.loss}, snapshot=epoch.weights)
        recorder.status("finished", step=150)
    answer = client.get(f"/api/runs/{run_id}/curves").json
    assert answer["steps"] == list(range(151))
    assert any("more snapshots than are kept" in event["label"] for event in answer["events"])
    assert set(answer["region"]["steps"]) <= set(range(0, 151, 2)) | {150}
    assert len(answer["region"]["steps"]) <= 52


def test_events_are_told_in_words():
    def words(kind, **data):
        return event_label(Event(1, 5, kind, data))

    assert words("dead", layer=1, unit=3) == "neuron 3 of layer 1 died: it fires on no training point"
    assert words("revived", layer=2, unit=1) == "neuron 1 of layer 2 fires again"
    assert words("learning_rate", before=0.5, after=0.05) == "learning rate set to 0.05"
    assert words("diverged", loss=None, first=0.7) == "the loss diverged"
    assert words("thinned", stride=4) == "more snapshots than are kept: from here on every 4th"
    assert words("something_new") == "something new"


def test_questions_that_cannot_be_are_refused_in_json(client, run_id):
    for query in ("after=x", "after=" + "9" * 30, "events=1.5", "region=nan", "events=-" + "9" * 30):
        answer = client.get(f"/api/runs/{run_id}/curves?{query}")
        assert answer.status_code == 400, query
        assert "whole number" in answer.json["error"]
