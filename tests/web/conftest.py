"""An application of its own for each test that asks, with its data in a temporary folder and no threads."""

import pytest
from live_runs import trained, write

from topodash.pages.live.samples import read_sample
from topodash.runs import RunStore
from topodash.settings import Settings
from topodash.web import background, create_app


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """No test starts runs, spare processes or question workers behind its back."""
    monkeypatch.setattr(background.Background, "start", lambda self: None)


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path / "data", upload_mb=1, uploads_mb=3, spare=False)


@pytest.fixture
def app(settings):
    return create_app(settings)


@pytest.fixture
def client(app):
    return app.server.test_client()


@pytest.fixture(scope="session")
def training():
    return trained(points=1000, epochs=3)


@pytest.fixture
def run_id(app, settings, training):
    return write(settings, *training)


@pytest.fixture
def sample(settings, run_id):
    with RunStore.of(settings).open(run_id) as reader:
        return read_sample(reader)
