"""An application of its own for each test, in temporary folders, that starts nothing; a request of one browser."""

import flask
import pytest

from topodash.datasets import load_points
from topodash.jobs import JobStarter
from topodash.networks import MLPConfig, train
from topodash.pages.live.start import dataset_artifact
from topodash.runs import Catalogue, Recorder, RunStore, new_id
from topodash.settings import Settings
from topodash.web import background, create_app

MINE, OTHERS = "a" * 32, "b" * 32


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(background.Background, "start", lambda self: None)
    monkeypatch.setattr(JobStarter, "pump", lambda self: None)


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path / "data", spare=False)


@pytest.fixture
def app(settings):
    return create_app(settings)


@pytest.fixture
def browser(app):
    """A request of the browser MINE."""
    with app.server.test_request_context("/live"):
        flask.g.topodash_owner = MINE
        yield


@pytest.fixture
def make(app, settings):
    """make(owner=, config=, ...) -> id of a run of five epochs on the single annulus."""

    def make_(owner=MINE, state="finished", kind="mlp", config=None, title="rings"):
        data = load_points("single_annulus", seed=0, points=60)
        run_id = new_id()
        settings.runs_dir.mkdir(parents=True, exist_ok=True)
        found = {
            "dataset": {"name": "single_annulus", "seed": 0, "parameters": {"points": 60}},
            "hidden": [3],
            "epochs": 5,
            **(config or {}),
        }
        artifact = dataset_artifact(data)
        with Recorder.create(
            RunStore.of(settings).path(run_id), kind=kind, config=found, total=5
        ) as recorder:
            recorder.status("running")
            recorder.artifact("dataset", artifact.content, meta=artifact.meta)
            for epoch in train(MLPConfig(epochs=5), data):
                recorder.record(epoch.step, scalars={"loss": epoch.loss}, snapshot=epoch.weights)
            recorder.status(state, step=5)
        Catalogue.of(settings).add(run_id, owner, title)
        return run_id

    return make_
