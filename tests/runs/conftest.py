"""A store in a temporary folder."""

import pytest
from sample_runs import write_run

from topodash.runs import RunStore


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def finished(store):
    return write_run(store)
