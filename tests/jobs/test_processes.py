"""Runs as they really are: processes that are killed, stopped, paused and resumed from outside."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from topodash.jobs import JobStarter, create_run, delete_run, resume_run, steer, sweep
from topodash.jobs.loop import Loop
from topodash.runs import Control, Recorder, RunError, RunNotFound, RunStore

ENDLESS = {"steps": 1_000_000, "sleep": 0.002}


def step_of(store, run_id):
    with store.open(run_id) as run:
        return run.status.step or 0


def pid_of(catalogue, run_id):
    return next(slot.pid for slot in catalogue.slots() if slot.id == run_id)


def content(store, run_id):
    with store.open(run_id) as run:
        run.verify()
        return (
            run.snapshot_steps().tolist(),
            [
                [array.tobytes() for array in arrays.values()]
                for _, arrays in run.snapshots(run.snapshot_steps())
            ],
            {name: values.tobytes() for name, (_, values) in sorted(run.scalars().items())},
            [(event.step, event.kind, event.data) for event in run.events()],
        )


def uninterrupted(tmp_path, driver):
    """The same run, driven in this process from beginning to end."""
    store = RunStore(tmp_path / "whole")
    store.folder.mkdir()
    with Recorder.create(store.path("0" * 16), kind="toy", config={}) as recorder:
        assert Loop(driver, recorder, Control).run(None).state == "finished"
    return content(store, "0" * 16)


def kill(catalogue, store, run_id, wait, number=signal.SIGKILL):
    os.kill(pid_of(catalogue, run_id), number)
    wait(lambda: not store.is_running(run_id))


def test_killed_at_random_moments_and_resumed_it_is_bit_for_bit_the_same(
    settings, store, catalogue, wait, tmp_path
):
    from toy_kind import ToyDriver

    config = {"steps": 500, "seed": 7, "sleep": 0.002}
    generator = random.Random(int.from_bytes(os.urandom(4), "big"))
    run_id = create_run(settings, kind="toy", config=config)
    killed = 0
    while store.state(run_id) != "finished":
        before = step_of(store, run_id)
        wait(lambda before=before: step_of(store, run_id) > before or store.state(run_id) == "finished")
        if killed < 2:
            time.sleep(generator.uniform(0, 0.2))
            kill(catalogue, store, run_id, wait)
            killed += 1
            assert store.state(run_id) == "interrupted"
            resume_run(settings, run_id)
        else:
            wait(lambda: store.state(run_id) == "finished")
    assert killed == 2
    assert content(store, run_id) == uninterrupted(tmp_path, ToyDriver({**config, "sleep": 0}))


def test_a_killed_network_goes_on_bit_for_bit_the_same(settings, store, catalogue, wait, tmp_path):
    from topodash.jobs.kinds import make_driver

    config = {
        "dataset": {"name": "moons", "seed": 1, "parameters": {}}, "hidden": [3, 2], "optimiser": "adam",
        "learning_rate": 0.01, "batch_size": 64, "epochs": 150, "seed": 5, "epochs_per_second": 120,
    }  # fmt: skip
    run_id = create_run(settings, kind="mlp", config=config)
    wait(lambda: step_of(store, run_id) > 40, 60)
    kill(catalogue, store, run_id, wait)
    steer(settings, run_id, epochs_per_second=None)
    resume_run(settings, run_id)
    wait(lambda: store.state(run_id) in ("finished", "failed"), 60)
    assert content(store, run_id) == uninterrupted(tmp_path, make_driver("mlp", config))


def test_a_killed_convolutional_network_goes_on_bit_for_bit_the_same(
    settings, store, catalogue, wait, tmp_path
):
    from topodash.jobs.kinds import make_driver

    config = {
        "dataset": {"name": "mnist", "seed": 0, "parameters": {}}, "c1": 4, "c2": 2, "dense": 8, "iterations": 40,
        "record": [0, 10, 40], "test_images": 50, "seed": 3,
    }  # fmt: skip
    run_id = create_run(settings, kind="cnn", config=config)
    wait(lambda: step_of(store, run_id) > 12, 60)
    kill(catalogue, store, run_id, wait)
    assert store.state(run_id) == "interrupted"
    resume_run(settings, run_id)
    wait(lambda: store.state(run_id) in ("finished", "failed"), 60)
    assert content(store, run_id) == uninterrupted(tmp_path, make_driver("cnn", config))


def test_asked_to_end_it_checkpoints_and_is_interrupted(settings, store, catalogue, wait):
    run_id = create_run(settings, kind="toy", config=ENDLESS)
    wait(lambda: step_of(store, run_id) > 5)
    kill(catalogue, store, run_id, wait, signal.SIGTERM)
    assert store.state(run_id) == "interrupted"
    with store.open(run_id) as run:
        assert run.checkpoint().step == run.status.step == run.newest_after(-1)
    assert sweep(settings) == [run_id]
    steer(settings, run_id, stop=True)  # an interrupted run can be stopped, too
    assert store.state(run_id) == "stopped"
    assert sweep(settings) == []


def test_killing_one_run_touches_no_other_and_starts_the_next(settings, store, catalogue, wait):
    runs = [create_run(settings, kind="toy", config=ENDLESS) for _ in range(3)]
    wait(lambda: all(step_of(store, run_id) > 2 for run_id in runs[:2]))
    assert store.state(runs[2]) == "queued"
    kill(catalogue, store, runs[0], wait)
    wait(lambda: step_of(store, runs[2]) > 2)
    assert [store.state(run_id) for run_id in runs] == ["interrupted", "running", "running"]


def test_a_run_that_ends_starts_the_next_itself(settings, store, wait, tmp_path):
    """Nobody pumps here but the runs: their starter, another process, is gone."""
    code = (
        "import toy_registry, sys; from pathlib import Path\n"
        "from topodash.settings import Settings; from topodash.jobs import create_run\n"
        "settings = Settings(data_dir=Path(sys.argv[1]), workers=1, spare=False)\n"
        "for number in range(3): create_run(settings, kind='toy', config={'steps': 20})\n"
    )
    subprocess.run([sys.executable, "-c", code, str(settings.data_dir)], check=True)
    assert len(store.ids()) == 3
    wait(lambda: all(store.state(run_id) == "finished" for run_id in store.ids()))


def test_two_processes_that_start_the_same_queue_start_each_run_once(
    settings, store, catalogue, wait, tmp_path
):
    marks = tmp_path / "marks"
    names = [f"run {number}" for number in range(6)]
    for name in names:
        config = {"steps": 60, "sleep": 0.002, "marks": str(marks), "name": name}
        create_run(settings, kind="toy", config=config, start=False)
    code = (
        "import sys, time; from pathlib import Path\n"
        "from topodash.settings import Settings; from topodash.jobs import JobStarter\n"
        "starter = JobStarter(Settings(data_dir=Path(sys.argv[1]), workers=2, spare=False))\n"
        "for _ in range(200): starter.pump(); time.sleep(0.002)\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", code, str(settings.data_dir)]) for _ in range(2)]
    most = 0

    def all_finished():
        nonlocal most
        most = max(most, sum(store.is_running(run_id) for run_id in store.ids()))
        return all(store.state(run_id) == "finished" for run_id in store.ids())

    wait(all_finished, 60)
    assert sorted(marks.read_text().splitlines()) == names
    assert 1 <= most <= 2
    assert [process.wait() for process in others] == [0, 0]
    wait(lambda: catalogue.slots() == [])


def test_pause_step_resume_and_stop(settings, store, wait):
    run_id = create_run(settings, kind="toy", config=ENDLESS, owner="ann", title="mine")
    wait(lambda: step_of(store, run_id) > 3)
    steer(settings, run_id, pause=True)
    wait(lambda: store.state(run_id) == "paused")
    resting = step_of(store, run_id)
    with store.open(run_id) as run:
        assert run.newest_after(-1) == run.checkpoint().step == resting
    steer(settings, run_id, step_until=resting + 1)
    wait(lambda: store.state(run_id) == "paused" and step_of(store, run_id) == resting + 1)
    steer(settings, run_id, learning_rate=0.5, pause=False)
    wait(lambda: step_of(store, run_id) > resting + 3)
    steer(settings, run_id, stop=True)
    wait(lambda: store.state(run_id) == "stopped" and not store.is_running(run_id))
    with store.open(run_id) as run:
        assert run.scalars(["rate"])["rate"][1][resting + 1 : resting + 3].tolist() == [0.1, 0.5]
    resume_run(settings, run_id)  # a stopped run can go on
    stopped = step_of(store, run_id)
    wait(lambda: step_of(store, run_id) > stopped)


def test_a_long_pause_frees_the_slot_and_resume_takes_another(settings, store, catalogue, wait):
    from dataclasses import replace

    settings = replace(settings, pause_seconds=0.1, workers=1)
    run_id = create_run(settings, kind="toy", config=ENDLESS)
    wait(lambda: step_of(store, run_id) > 3)
    waiting = create_run(settings, kind="toy", config={"steps": 10})
    assert store.state(waiting) == "queued"
    steer(settings, run_id, pause=True)
    wait(lambda: store.state(waiting) == "finished")
    assert not store.is_running(run_id)
    assert store.state(run_id) == "paused"  # not interrupted: it let go on purpose
    assert sweep(settings) == []
    resting = step_of(store, run_id)
    steer(settings, run_id, step_until=resting + 2)
    wait(lambda: step_of(store, run_id) == resting + 2 and store.state(run_id) == "paused")
    wait(lambda: not store.is_running(run_id))
    steer(settings, run_id, pause=False)
    wait(lambda: step_of(store, run_id) > resting + 5)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"kind": "toy", "config": {"raise_at": 3}}, "RuntimeError: the toy broke"),
        ({"kind": "toy", "config": {"refuse_at": 3}}, "rate must be positive, was -1"),
        ({"kind": "toy", "config": {"fail_at": 3}}, "the loss is not finite"),
        ({"kind": "broken", "config": {}}, "ModuleNotFoundError: No module named 'toy_absent'"),
    ],
)
def test_a_run_that_fails_says_why(settings, store, wait, what, message):
    run_id = create_run(settings, **what)
    wait(lambda: store.state(run_id) == "failed" and not store.is_running(run_id))
    assert store.summary(run_id).status.message == message
    log = store.log_path(run_id).read_text()
    assert ("Traceback" in log) == ("fail_at" not in what["config"])


def test_a_process_that_dies_before_it_begins_is_tried_twice_and_then_failed(
    settings, store, catalogue, wait
):
    run_id = create_run(settings, kind="deadly", config={})
    wait(lambda: store.state(run_id) == "failed")
    assert "ended before it began" in store.summary(run_id).status.message
    assert catalogue.slots() == []
    assert catalogue.queued() == []


def test_a_queued_run_can_be_stopped_resumed_and_deleted(settings, store, catalogue, wait):
    run_id = create_run(settings, kind="toy", config={"steps": 5}, start=False)
    steer(settings, run_id, stop=True)
    assert (store.state(run_id), catalogue.queued()) == ("stopped", [])
    assert JobStarter(settings).pump() == []
    resume_run(settings, run_id)
    wait(lambda: store.state(run_id) == "finished" and not store.is_running(run_id))
    with pytest.raises(RunError, match="use Branch"):
        resume_run(settings, run_id)
    delete_run(settings, run_id)
    assert store.ids() == []
    with pytest.raises(RunNotFound):
        catalogue.entry(run_id)


def test_a_web_process_never_imports_torch():
    code = (
        "import sys, topodash.jobs as jobs, topodash.jobs.sources, topodash.compute\n"
        "[getattr(jobs, name) for name in jobs.__all__]\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
