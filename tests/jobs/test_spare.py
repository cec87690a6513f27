"""The warm spare: used by whoever starts, one at a time, and gone when there is no use for it."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from topodash.jobs import JobStarter, create_run, spare

MAKER = """
import sys, time
from pathlib import Path
from topodash.settings import Settings
from topodash.jobs import JobStarter
starter = JobStarter(Settings(data_dir=Path(sys.argv[1]), spare=True))
starter.warm()
print("warm", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def light(monkeypatch):
    """A spare that imports the toy kind only: it is ready in a moment."""
    monkeypatch.setenv("TOPODASH_TEST_LIGHT", "1")


def waiting(settings):
    return [path.name for path in settings.data_dir.glob("spare-*.fifo")]


def test_a_start_uses_the_spare_and_others_start_cold(settings, store, catalogue, wait):
    starter = JobStarter(replace(settings, spare=True))
    starter.warm()
    (name,) = wait(lambda: waiting(settings))
    starter.warm()  # there is one
    JobStarter(replace(settings, spare=True)).warm()
    assert waiting(settings) == [name]
    runs = [create_run(settings, kind="toy", config={"steps": 10**6, "sleep": 0.01}) for _ in range(2)]
    pids = {slot.id: slot.pid for slot in catalogue.slots()}
    assert f"spare-{pids[runs[0]]}.fifo" == name
    assert pids[runs[1]] != pids[runs[0]]
    assert waiting(settings) == []
    wait(lambda: all(store.is_running(run_id) for run_id in runs))
    wait(lambda: not spare.exists(settings.data_dir))
    starter.close()  # the run that took the spare goes on without its maker
    with store.open(runs[0]) as run:
        before = run.status.step or 0
        wait(lambda: (run.status.step or 0) > before + 5)


def test_a_spare_ends_with_its_maker(settings, wait):
    maker = subprocess.Popen([sys.executable, "-c", MAKER, str(settings.data_dir)], stdout=subprocess.PIPE)
    assert maker.stdout.readline() == b"warm\n"
    wait(lambda: waiting(settings))
    maker.kill()
    maker.wait()
    maker.stdout.close()
    wait(lambda: not spare.exists(settings.data_dir))
    assert waiting(settings) == []


def test_a_spare_ends_when_its_maker_closes_it(settings, wait):
    starter = JobStarter(replace(settings, spare=True))
    starter.warm()
    wait(lambda: waiting(settings))
    starter.close()
    wait(lambda: not spare.exists(settings.data_dir))


def test_what_a_dead_spare_left_is_no_spare(settings, store, wait):
    os.mkfifo(settings.data_dir / "spare-999999.fifo")
    (settings.data_dir / "spare-text.fifo").write_text("no fifo")
    run_id = create_run(settings, kind="toy", config={"steps": 3})
    assert waiting(settings) == []
    wait(lambda: store.state(run_id) == "finished")


def test_without_the_setting_there_is_no_spare(settings):
    JobStarter(settings).warm()
    assert not spare.exists(settings.data_dir)


def test_watching_pumps_and_keeps_a_spare(settings, store, wait):
    run_id = create_run(settings, kind="toy", config={"steps": 3}, start=False)
    starter = JobStarter(replace(settings, spare=True))
    starter.watch(seconds=0.05)
    wait(lambda: store.state(run_id) == "finished")
    wait(lambda: waiting(settings))
    starter.close()
    wait(lambda: not spare.exists(settings.data_dir))
