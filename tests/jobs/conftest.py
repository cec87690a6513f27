"""A data folder of one's own, the toy kind, and the end of every process that a test left behind."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

TOYS = Path(__file__).parent / "toys"
sys.path.insert(0, str(TOYS))

import toy_registry  # noqa: E402

from topodash.jobs import spare  # noqa: E402
from topodash.runs import Catalogue, RunStore  # noqa: E402
from topodash.settings import Settings  # noqa: E402


def wait_for(condition, seconds=20.0):
    """Wait until `condition()` is true; gives what it gave."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "this did not happen in time"
        time.sleep(0.005)
    return value


@pytest.fixture
def wait():
    return wait_for


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TOYS), str(TOYS.parents[2])]))
    toy_registry.register()
    settings = Settings(data_dir=tmp_path / "data", workers=2, question_workers=1, spare=False)
    settings.runs_dir.mkdir(parents=True)
    yield settings
    toy_registry.unregister()
    store, catalogue = RunStore.of(settings), Catalogue.of(settings)
    slots = catalogue.slots()
    for run_id in {*store.ids(), *catalogue.queued()}:
        catalogue.delete(run_id)  # first, or whoever sees it die starts it once more
    for slot in slots:
        if slot.pid != os.getpid():
            with contextlib.suppress(ProcessLookupError):
                os.kill(slot.pid, signal.SIGKILL)
    for path in settings.data_dir.glob("spare-*.fifo"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(path.stem.removeprefix("spare-")), signal.SIGKILL)
    wait_for(lambda: not any(store.is_running(run_id) for run_id in store.ids()))
    wait_for(lambda: not spare.exists(settings.data_dir))


@pytest.fixture
def store(settings):
    return RunStore.of(settings)


@pytest.fixture
def catalogue(settings):
    return Catalogue.of(settings)
