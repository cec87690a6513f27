"""A study can be held and ended in the middle of a unit, and loses no finished one."""

import re
import time
from contextlib import closing

import numpy as np
import pytest

from topodash.jobs.kinds import make_driver
from topodash.jobs.loop import Loop
from topodash.runs import Control, Recorder, RunReader
from topodash.studies.activation_landscapes import LandscapeConfig, Workers
from topodash.studies.activation_landscapes.forecast import seconds_left
from topodash.studies.activation_landscapes.workers import report

LONG = 10**8  # numbers to sum: a second or more
#: Its training group takes far longer than a test may.
SLOW = {
    "networks": 2, "group_size": 2, "points": 600, "hidden": [5], "max_steps": 200_000, "check_every": 100, "batch_size": 64, "thresholds": [0.5, 1.0],
    "every": 2, "grid_step": 0.02, "depth": 4, "permutations": 20,
}  # fmt: skip


def test_results_come_in_order_and_none_while_there_is_none():
    with closing(Workers(2, patience=0.05)) as workers:
        found = list(
            workers.in_order(sum, ["a", "b", "c"], lambda name: (range(LONG if name == "a" else 3),))
        )
    assert found[0] is None
    assert [each for each in found if each is not None] == [("a", LONG * (LONG - 1) // 2), ("b", 3), ("c", 3)]


def test_workers_that_are_held_do_nothing_until_they_may_go_on():
    with closing(Workers(1, patience=0.1)) as workers:
        results = workers.in_order(sum, ["a"], lambda name: (range(LONG),))
        assert next(results) is None
        workers.hold(True)
        assert [next(results) for _ in range(60)] == [None] * 60
        workers.hold(False)
        assert [each for each in results if each] == [("a", LONG * (LONG - 1) // 2)]


def halfway(seconds):
    report(0.5)
    time.sleep(seconds)


def test_units_report_how_far_they_are_and_held_time_does_not_count():
    with closing(Workers(1, patience=0.1)) as workers:
        results = workers.in_order(halfway, ["a", "b"], lambda name: (5.0,))
        while not any(workers.shares().values()):
            assert next(results) is None
        assert workers.shares() == {"a": 0.5, "b": 0.0}
        workers.hold(True)
        before = workers.clock()
        time.sleep(0.2)
        assert workers.clock() == before
        workers.hold(False)
        assert before <= workers.clock() < before + 0.1


def test_what_is_left_shrinks_within_one_training_group():
    config = LandscapeConfig.from_json(SLOW)
    todo = ["weights/0", "network/0", "network/1"]
    networks = seconds_left(config, {}, ["network/0", "network/1"])
    later = [
        seconds_left(config, {}, todo, shares={"weights/0": share}, since=100 * share) - networks
        for share in (0.0, 0.1, 0.5, 0.9)
    ]
    assert later == sorted(later, reverse=True)
    assert later[0] == pytest.approx(seconds_left(config, {}, ["weights/0"]))
    finished = seconds_left(config, {"weights": [100.0]}, todo, shares={"weights/0": 0.9}, since=90)
    assert finished == pytest.approx(10 + networks)


def test_an_error_of_a_unit_is_told():
    with closing(Workers(1, patience=0.1)) as workers, pytest.raises(ValueError, match="invalid literal"):
        list(workers.in_order(int, ["a"], lambda name: ("x",)))


def test_a_stop_in_the_middle_of_a_unit_acts_at_once_and_keeps_what_is_finished(tmp_path):
    path = tmp_path / "00000000000000aa.run"
    asked = []

    told = []

    def control():
        with RunReader(path) as reader:
            if reader.status.message:
                told.append(reader.status.message)
            if told and not asked:  # the input is measured, the group is under way
                assert reader.status.step == 0
                asked.append(time.monotonic() + 0.2)
        return Control(stop=bool(asked) and time.monotonic() > asked[0])

    with Recorder.create(path, kind="landscapes", config=SLOW) as recorder:
        outcome = Loop(make_driver("landscapes", SLOW), recorder, control).run(None)
        late = time.monotonic() - asked[0]
    assert outcome.state == "stopped"
    assert late < 2
    assert re.fullmatch(r"training group 1 of 1 \(\d+%\), about .* left", told[0])
    with RunReader(path) as reader:
        assert [each.name for each in reader.artifacts()] == ["input"]
        assert reader.checkpoint().step == 0
        before = reader.artifact("input").arrays
    with RunReader(path) as reader:
        checkpoint = reader.checkpoint()
    with Recorder.resume(path) as recorder:
        outcome = Loop(make_driver("landscapes", {**SLOW, "max_steps": 20}), recorder, Control).run(
            checkpoint, 0
        )
        assert outcome.state == "finished"
    with RunReader(path) as reader:
        assert {each.name for each in reader.artifacts()} == {"input", "network/0", "network/1", "study"}
        after = reader.artifact("input").arrays
    assert all(np.array_equal(before[name], after[name]) for name in before)
