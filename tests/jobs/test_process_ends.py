"""Runs that are deleted or vanish while they are at work, and what cannot be created or steered."""

import shutil
from pathlib import Path

import pytest
from test_processes import ENDLESS, pid_of, step_of

from topodash.jobs import create_run, delete_run, steer
from topodash.runs import RunBusy, RunNotFound


def test_deleting_a_run_at_work_stops_it_first(settings, store, wait):
    quick = create_run(settings, kind="toy", config=ENDLESS)
    slow = create_run(settings, kind="toy", config={"steps": 5, "sleep": 2.0})
    wait(lambda: step_of(store, quick) > 3)
    delete_run(settings, quick)
    assert not store.exists(quick)
    assert not store.lock_path(quick).exists()
    # In the middle of a step: told to stop before its first one, it would end at once.
    wait(lambda: store.is_running(slow) and step_of(store, slow) > 0)
    with pytest.raises(RunBusy, match="still at work"):
        delete_run(settings, slow, patience=0.05)
    assert store.exists(slow)


def test_a_run_whose_folder_vanishes_ends(settings, store, catalogue, wait):
    run_id = create_run(settings, kind="toy", config=ENDLESS)
    wait(lambda: step_of(store, run_id) > 3)
    process = pid_of(catalogue, run_id)
    catalogue.close()
    shutil.rmtree(settings.data_dir)
    wait(lambda: not alive(process))
    settings.runs_dir.mkdir(parents=True)


def alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_what_cannot_be_created_leaves_nothing(settings, store, catalogue):
    with pytest.raises(ValueError, match=r"kind must be one of .*mlp.*was 'nonsense'"):
        create_run(settings, kind="nonsense", config={})
    with pytest.raises(ValueError, match="JSON"):
        create_run(settings, kind="toy", config={"a": object()})
    with pytest.raises(ValueError, match="dtype"):
        create_run(settings, kind="toy", config={}, artifacts={"start": {"a": ["text"]}})
    assert (store.ids(), catalogue.entries(), catalogue.queued()) == ([], [], [])


@pytest.mark.parametrize("name", ["learning_rate", "epochs_per_second"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_steering_checks_its_numbers(settings, name, value):
    run_id = create_run(settings, kind="toy", config={}, start=False)
    with pytest.raises(ValueError, match=f"{name} must be a positive number"):
        steer(settings, run_id, **{name: value})


def test_steering_an_unknown_run_says_so(settings):
    with pytest.raises(RunNotFound):
        steer(settings, "0" * 16, pause=True)
