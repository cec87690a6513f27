"""Planted filters: edges of all directions with noise, as an uploaded file; and the questions about them."""

import io

import numpy as np
import pytest
from planted_filters import CONFIG, planted

from topodash.jobs.questions import question
from topodash.jobs.sources import Sources
from topodash.runs.uploads import Uploads
from topodash.settings import Settings


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    return Settings(data_dir=tmp_path_factory.mktemp("filters"), spare=False)


@pytest.fixture(scope="session")
def upload(settings):
    def keep(name="edges.npz", **arrays):
        data = io.BytesIO()
        np.savez(data, **arrays)
        data.seek(0)
        found = Uploads.of(settings).store(data, 10_000_000, "nobody", name)
        return {"from": {"upload": found}, "name": name, "layer": None, "channels": "mean"}

    return keep


@pytest.fixture(scope="session")
def ask(settings):
    def answer(name, /, **parameters):
        return question(name)(parameters, Sources(settings))

    return answer


@pytest.fixture(scope="session")
def edges(upload):
    return {"filters": upload(filters=planted()), "config": CONFIG}


@pytest.fixture(scope="session")
def ring(ask, edges):
    return ask("filter_ring", **edges)


@pytest.fixture(scope="session")
def homology(ask, edges):
    return ask("filter_homology", **edges)
