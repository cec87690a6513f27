"""What is recorded is what is read, soon, whole, and through every kind of interruption."""

import math
import sqlite3
import threading
import time

import numpy as np
import pytest
from sample_runs import RUN_ID, weights, write_run

from topodash.runs import Recorder, RecordingFailed, RunBusy, RunNotFound, RunStore


def test_everything_recorded_is_read_back(store, finished):
    with store.open(finished) as run:
        assert run.meta.kind == "mlp"
        assert run.meta.config == {"hidden": [3], "title": "Gröbner ∅"}
        assert (run.status.state, run.status.step, run.status.total) == ("finished", 39, 40)
        assert run.status.message == "done"
        assert run.snapshot_steps().tolist() == list(range(40))
        for step in (0, 17, 39):
            for name, array in weights(step).items():
                assert run.snapshot(step)[name].tobytes() == array.tobytes()
        steps, losses = run.scalars(["loss"], after=29)["loss"]
        assert steps.tolist() == list(range(30, 40))
        assert losses.tolist() == [1.0 / (step + 1) for step in range(30, 40)]
        assert [(event.step, event.data) for event in run.events(after_id=2)] == [
            (20, {"step": 20}),
            (30, {"step": 30}),
        ]
        dataset = run.artifact("dataset")
        assert np.array_equal(dataset.arrays["points"], np.eye(5, 2))
        assert dataset.meta == {"class_names": ["inner", "outer"]}
        checkpoint = run.checkpoint()
        assert (checkpoint.step, checkpoint.state) == (39, {"generator": [1, 2]})
        assert run.newest_after(38) == 39
        assert run.newest_after(39) is None
        assert run.last_scalars() == {"loss": 1 / 40, "accuracy": 0.5}


def test_what_is_not_there_is_said(store, finished):
    with store.open(finished) as run:
        with pytest.raises(RunNotFound, match="no snapshot at step 99"):
            run.snapshot(99)
        with pytest.raises(RunNotFound, match="no 'start'"):
            run.artifact("start")


def test_nan_and_infinity_survive(store, tmp_path):
    with Recorder.create(tmp_path / f"{RUN_ID}.run", kind="mlp", config={}) as recorder:
        recorder.scalars(3, {"a": math.nan, "b": math.inf, "c": -math.inf, "d": 5e-324})
    with RunStore(tmp_path).open(RUN_ID) as run:
        values = {name: series[1][0] for name, series in run.scalars().items()}
    assert math.isnan(values["a"])
    assert (values["b"], values["c"], values["d"]) == (math.inf, -math.inf, 5e-324)


def test_arrays_are_copied_when_they_are_recorded(store):
    store.folder.mkdir()
    array = np.zeros(3)
    with Recorder.create(store.path(RUN_ID), kind="mlp", config={}) as recorder:
        for step in range(3):
            array[:] = step
            recorder.snapshot(step, {"a": array})
    with store.open(RUN_ID) as run:
        assert [run.snapshot(step)["a"][0] for step in range(3)] == [0, 1, 2]


def test_a_reader_sees_a_step_soon_without_another_being_recorded(store):
    store.folder.mkdir()
    with Recorder.create(store.path(RUN_ID), kind="mlp", config={}) as recorder:
        recorder.snapshot(0, weights(0))
        deadline = time.monotonic() + 5
        with store.open(RUN_ID) as run:
            while run.newest_after(-1) is None:
                assert time.monotonic() < deadline
                time.sleep(0.005)


def test_a_reader_never_sees_half_a_step(store):
    store.folder.mkdir()
    recorder = Recorder.create(store.path(RUN_ID), kind="mlp", config={})
    ended = threading.Event()

    def write():
        step = 0
        while not ended.is_set():
            recorder.record(
                step, scalars={"loss": step}, snapshot={"a": np.array([step])}, events=(("e", {}),)
            )
            step += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with store.open(RUN_ID) as run:
            for _ in range(30):
                run._connection.execute("BEGIN")  # one moment of the file for all three questions
                newest = (run.newest_after(-1), run.last_scalars().get("loss"), len(run.events()) - 1)
                run._connection.execute("COMMIT")
                assert newest in {(None, None, -1), (newest[0], newest[0], newest[0])}
    finally:
        ended.set()
        writer.join()
        recorder.close()


def test_repeated_steps_change_nothing(store, finished):
    with store.open(finished) as run:
        before = (run.snapshot(39)["W1"].tobytes(), run.scalars(), run.events())
    with Recorder.resume(store.path(finished)) as recorder:
        for step in range(30, 40):
            events = (("tenth", {"step": step}),) if step % 10 == 0 else ()
            recorder.record(step, scalars={"loss": 9.0}, snapshot={"W1": np.zeros(1)}, events=events)
    with store.open(finished) as run:
        assert run.snapshot(39)["W1"].tobytes() == before[0]
        assert run.scalars()["loss"][1].tolist() == before[1]["loss"][1].tolist()
        assert run.events() == before[2]


def test_only_one_recorder_at_a_time(store, finished):
    with Recorder.resume(store.path(finished)):
        assert store.is_running(finished)
        with pytest.raises(RunBusy, match="being written by another process"):
            Recorder.resume(store.path(finished))
    assert not store.is_running(finished)
    Recorder.resume(store.path(finished)).close()


def test_a_closed_run_is_one_plain_file_and_reading_creates_nothing(store, finished):
    def names():
        return sorted(path.name for path in store.folder.iterdir())

    assert names() == [f"{finished}.lock", f"{finished}.run"]
    with store.open(finished) as run:
        run.snapshot(3)
        assert names() == [f"{finished}.lock", f"{finished}.run"]
    assert store.path(finished).read_bytes()[18:20] == b"\x01\x01"  # not WAL


def test_a_reader_that_stays_open_does_not_keep_a_run_from_closing_or_going_on(store):
    store.folder.mkdir()
    recorder = Recorder.create(store.path(RUN_ID), kind="mlp", config={})
    recorder.snapshot(0, weights(0))
    recorder.flush()
    with store.open(RUN_ID) as run:
        run.snapshot_steps()
        recorder.close()
        with Recorder.resume(store.path(RUN_ID)) as again:
            again.snapshot(1, weights(1))
        assert run.snapshot_steps().tolist() == [0, 1]
    with store.open(RUN_ID) as run:
        assert run.snapshot_steps().tolist() == [0, 1]


def expected_steps(count, most):
    """Keep every second when there are more than `most`: the definition, step by step."""
    kept, stride = [], 1
    for step in range(count):
        if step % stride == 0:
            kept.append(step)
            if len(kept) > most:
                stride *= 2
                kept = [step for step in kept if step % stride == 0]
    return kept, stride


@pytest.mark.parametrize(("count", "most"), [(10, 10), (11, 10), (57, 10), (400, 7)])
def test_thinning_keeps_every_second_and_says_so(store, count, most):
    store.folder.mkdir()
    with Recorder.create(store.path(RUN_ID), kind="mlp", config={}, max_snapshots=most) as recorder:
        for step in range(count):
            recorder.record(step, scalars={"loss": step}, snapshot=weights(step))
            if step % 5 == 0:
                recorder.flush()
    kept, stride = expected_steps(count, most)
    with store.open(RUN_ID) as run:
        assert run.snapshot_steps().tolist() == kept
        assert run.meta.stride == stride
        assert len(run.scalars()["loss"][0]) == count  # numbers are never thinned
        strides = [event.data["stride"] for event in run.events() if event.kind == "thinned"]
        assert strides == [2**power for power in range(1, int(math.log2(stride)) + 1)]
        assert run.newest_before(count) == kept[-1]


def test_thinning_does_not_depend_on_pauses_or_resumes(store):
    store.folder.mkdir()
    kept, _ = expected_steps(60, 10)
    recorder = Recorder.create(store.path(RUN_ID), kind="mlp", config={}, max_snapshots=10)
    for step in range(60):
        recorder.snapshot(step, weights(step))
        if step == 33:
            recorder.status("paused")
            with store.open(RUN_ID) as run:
                assert run.newest_after(-1) == 33  # the step at which a run rests can be seen
            recorder.close()
            recorder = Recorder.resume(store.path(RUN_ID), max_snapshots=10)
    recorder.close()
    with store.open(RUN_ID) as run:
        assert set(run.snapshot_steps()) - {33} == set(kept)


def test_a_full_disk_stops_recording_clearly_and_keeps_what_is_there(store):
    store.folder.mkdir()
    recorder = Recorder.create(store.path(RUN_ID), kind="mlp", config={})
    recorder.snapshot(0, weights(0))
    recorder.status("running")
    recorder._connection.execute(
        "PRAGMA max_page_count = 40"
    ).fetchone()  # a disk of 160 kB, SQLite's own error
    with pytest.raises(RecordingFailed, match="the disk is full: free some space, then Resume"):
        for step in range(1, 1000):
            recorder.snapshot(step, {"a": np.zeros(10_000)})
            recorder.flush()
    with pytest.raises(RecordingFailed, match="the disk is full"):
        recorder.scalars(1000, {"loss": 0.0})
    assert recorder.fail("the disk is full")
    recorder.close()
    with store.open(RUN_ID) as run:
        assert (run.status.state, run.status.message) == ("failed", "the disk is full")
        run.verify()
        assert run.snapshot(0)["W1"].tobytes() == weights(0)["W1"].tobytes()
    with Recorder.resume(store.path(RUN_ID)) as again:
        again.snapshot(2000, weights(1))
    with store.open(RUN_ID) as run:
        assert run.newest_after(-1) == 2000


def test_a_run_that_cannot_be_created_leaves_nothing(store, monkeypatch):
    store.folder.mkdir()

    def full(path, *rest):
        path.touch()
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("topodash.runs.schema.create", full)
    with pytest.raises(RecordingFailed, match="the disk is full"):
        Recorder.create(store.path(RUN_ID), kind="mlp", config={})
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("run_id", ["", "../../etc/passwd", "0123456789ABCDEF", "0123456789abcde", "0" * 17])
def test_ids_are_checked(tmp_path, run_id):
    with pytest.raises(ValueError, match="run_id must be 16 lowercase hex digits"):
        Recorder.create(tmp_path / "x.run", kind="mlp", config={}, run_id=run_id)


def test_a_config_that_is_not_json_is_refused(tmp_path):
    with pytest.raises(ValueError, match="must be JSON objects"):
        Recorder.create(tmp_path / f"{RUN_ID}.run", kind="mlp", config={"a": np.ones(2)})
    assert not (tmp_path / f"{RUN_ID}.run").exists()


def test_a_wrong_state_is_refused(store, finished):
    with (
        Recorder.resume(store.path(finished)) as recorder,
        pytest.raises(ValueError, match="state must be one of"),
    ):
        recorder.status("interrupted")


def test_time_at_work_is_counted_only_while_running(store, monkeypatch):
    store.folder.mkdir()
    now = [100.0]
    monkeypatch.setattr("topodash.runs.writer.time.monotonic", lambda: now[0])
    with Recorder.create(store.path(RUN_ID), kind="mlp", config={}) as recorder:
        for state, seconds in (("running", 2.0), ("paused", 50.0), ("running", 3.0), ("finished", 9.0)):
            recorder.status(state)
            now[0] += seconds
        recorder.flush()
    with store.open(RUN_ID) as run:
        assert run.status.seconds == 5.0


def test_many_runs_can_be_written_at_once(store):
    ids = [f"{number:016x}" for number in range(6)]
    threads = [threading.Thread(target=write_run, args=(store, run_id)) for run_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(store.ids()) == ids
    for run_id in ids:
        with store.open(run_id) as run:
            run.verify()
