"""An application of its own for each test that asks, with its data in a temporary folder and no threads."""

import pytest

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
