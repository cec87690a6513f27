"""What the loop does between two steps, in this process and without waiting for real time where possible."""

import numpy as np
import pytest
from toy_kind import ToyDriver

from topodash.jobs.driver import Note
from topodash.jobs.loop import Loop
from topodash.runs import Control, Recorder, RunStore

RUN_ID = "0" * 16


class Script:
    """Control that changes when the run has done certain steps: {step: Control}."""

    def __init__(self, changes, first):
        self.changes, self.current, self.loop = dict(changes), first, None

    def __call__(self):
        self.current = self.changes.pop(self.loop._step, self.current)
        return self.current


def new_run(folder):
    folder.mkdir(exist_ok=True)
    store = RunStore(folder)
    Recorder.create(store.path(RUN_ID), kind="toy", config={}).close()
    return store


@pytest.fixture
def folder(tmp_path):
    return new_run(tmp_path / "runs")


def drive(
    store, driver, changes=None, *, first=None, end_at=None, looks=1, pause_seconds=60.0, interval=None
):
    """What one process does: go on from the checkpoint if there is one; asked to end at step `end_at`."""
    script = Script(changes or {}, first or Control())
    looked = []

    def asked():
        if end_at is None or loop._step is None or loop._step < end_at:
            return False
        looked.append(loop._step)
        return len(looked) >= looks

    with Recorder.resume(store.path(RUN_ID)) as recorder:
        with store.open(RUN_ID) as run:
            checkpoint, recorded = run.checkpoint(), run.status.step
        loop = Loop(driver, recorder, script, pause_seconds=pause_seconds, asked_to_end=asked)
        script.loop = loop
        loop._interval = interval or loop._interval
        return loop.run(checkpoint, recorded)


def content(store):
    with store.open(RUN_ID) as run:
        return (
            run.snapshot_steps().tolist(),
            [run.snapshot(step)["x"].tobytes() for step in run.snapshot_steps()],
            {name: values.tolist() for name, (_, values) in run.scalars().items()},
            [(event.step, event.kind, event.data) for event in run.events()],
        )


def test_a_run_goes_from_its_first_step_to_its_last(folder):
    outcome = drive(folder, ToyDriver({"steps": 25, "message": "converged"}))
    assert (outcome.state, outcome.message) == ("finished", "converged")
    with folder.open(RUN_ID) as run:
        assert run.snapshot_steps().tolist() == list(range(26))
        assert run.status.total == 25
        assert run.checkpoint().step == 25
        assert [event.step for event in run.events()] == [0, 10, 20]


def test_stop_is_obeyed_at_the_next_step(folder):
    assert drive(folder, ToyDriver({"steps": 100}), {7: Control(stop=True)}).state == "stopped"
    with folder.open(RUN_ID) as run:
        assert run.status.step == 7
        assert run.checkpoint().step == 7


def test_a_new_learning_rate_holds_from_the_next_step_on(folder):
    changes = {4: Control(learning_rate=0.5), 7: Control()}
    drive(folder, ToyDriver({"steps": 9, "learning_rate": 0.1}), changes)
    with folder.open(RUN_ID) as run:
        assert run.scalars()["rate"][1].tolist() == [0.1] * 5 + [0.5] * 3 + [0.1] * 2


def test_step_until_goes_on_and_pauses_there(folder):
    first = Control(pause=True, step_until=3)
    assert drive(folder, ToyDriver({"steps": 100}), first=first, end_at=3, looks=20).state == "interrupted"
    with folder.open(RUN_ID) as run:
        assert (run.status.step, run.status.state) == (3, "paused")


def test_a_run_that_is_paused_from_the_start_shows_its_initialisation(folder):
    outcome = drive(folder, ToyDriver({"steps": 100}), first=Control(pause=True), pause_seconds=0.0)
    assert outcome.state == "released"
    with folder.open(RUN_ID) as run:
        assert run.snapshot_steps().tolist() == [0]
        assert run.checkpoint().step == 0


def test_what_a_driver_says_is_the_outcome(folder):
    outcome = drive(folder, ToyDriver({"fail_at": 5}))
    assert (outcome.state, outcome.message) == ("failed", "the loss is not finite")
    with folder.open(RUN_ID) as run:
        assert run.status.step == 4


def test_what_a_driver_says_of_the_step_under_way_stands_beside_the_state_until_that_is_there(folder):
    class Telling(ToyDriver):
        def steps(self, first):
            for step in super().steps(first):
                seen.append(message())
                if step.step == 2:
                    yield Note("half of it done")
                    seen.append(message())
                yield step

    def message():
        with folder.open(RUN_ID) as run:
            return run.status.message

    seen = []
    assert drive(folder, Telling({"steps": 3})).message == ""
    assert seen == ["", "", "", "half of it done", ""]


def test_the_pace_is_kept_and_missed_steps_are_not_owed(folder, monkeypatch):
    now, times = [0.0], []
    monkeypatch.setattr("topodash.jobs.loop.time.monotonic", lambda: now[0])
    monkeypatch.setattr("topodash.jobs.loop.time.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))

    class Timed(ToyDriver):
        def steps(self, first):
            for step in super().steps(first):
                times.append(now[0])
                if step.step == 5:
                    now[0] += 2.0  # one step takes as long as twenty
                yield step

    drive(folder, Timed({"steps": 12}), first=Control(epochs_per_second=10.0))
    gaps = np.diff(times)
    assert gaps[:5] == pytest.approx([0.1] * 5)
    assert gaps[5] == pytest.approx(2.0)
    assert gaps[6:] == pytest.approx([0.1] * 6)


RATES = {6: Control(learning_rate=0.3), 20: Control(learning_rate=0.02)}


def rate_at(step):
    """The control in force when the run has done `step`."""
    return RATES[max((at for at in RATES if at <= step), default=None)] if step >= 6 else Control()


@pytest.mark.parametrize("interruptions", [[3], [10, 11], [0, 5, 30], [6, 20], [39, 40]])
def test_interrupted_and_resumed_is_bit_for_bit_the_same(folder, tmp_path, interruptions):
    config = {"steps": 40, "seed": 3}
    whole = new_run(tmp_path / "whole")
    drive(whole, ToyDriver(config), RATES)
    before = -1
    for step in interruptions:
        outcome = drive(folder, ToyDriver(config), RATES, first=rate_at(before), end_at=step)
        assert outcome.state == "interrupted"
        before = step
    drive(folder, ToyDriver(config), RATES, first=rate_at(before))
    assert content(folder) == content(whole)


def test_killed_after_its_checkpoint_it_repeats_without_recording_again(folder, tmp_path):
    """A run that was killed at step 30 with its checkpoint at 12, where its rate had changed."""
    config, changes = {"steps": 40, "seed": 1}, {12: Control(learning_rate=0.4)}
    whole = new_run(tmp_path / "whole")
    drive(whole, ToyDriver(config), changes)

    class Killed(Exception):
        pass

    class Dies(ToyDriver):
        def steps(self, first):
            for step in super().steps(first):
                yield step
                if step.step == 30:
                    raise Killed

    with pytest.raises(Killed):
        drive(folder, Dies(config), changes, interval=1e9)
    with folder.open(RUN_ID) as run:
        assert (run.checkpoint().step, run.status.step) == (12, 30)
        events = run.events()
    # A pause that was asked for meanwhile waits until what was recorded is reached again.
    drive(folder, ToyDriver(config), first=Control(pause=True, learning_rate=0.4), end_at=30, looks=3)
    with folder.open(RUN_ID) as run:
        assert (run.status.step, run.status.state) == (30, "paused")
        assert run.events() == events
    drive(folder, ToyDriver(config), first=Control(learning_rate=0.4))
    assert content(folder) == content(whole)
