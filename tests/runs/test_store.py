"""The folder of runs: states, export and import, shipped results, deletion."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from sample_runs import RUN_ID, weights, write_run

from topodash.runs import NotARun, Recorder, RunBusy, RunDamaged, RunError, RunReader, RunStore

WRITER = """
import sys, time, numpy as np
from topodash.runs import Recorder
recorder = Recorder.create(sys.argv[1], kind="mlp", config={})
recorder.status("running")
for step in range(10_000):
    recorder.record(step, scalars={"loss": step}, snapshot={"a": np.full(50, step)})
    if step == 200:
        recorder.flush()
        print("ready", flush=True)
    time.sleep(0.0005)
"""


def test_interrupted_is_running_with_a_free_lock(store):
    """A real process, killed: no handler of its own can run."""
    store.folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store.path(RUN_ID))], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    assert store.state(RUN_ID) == "running"
    assert store.is_running(RUN_ID)
    with pytest.raises(RunBusy):
        store.delete(RUN_ID)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert store.state(RUN_ID) == "interrupted"
    with store.open(RUN_ID) as run:
        run.verify()
        steps = run.snapshot_steps().tolist()
        assert steps == list(range(len(steps)))
        assert len(steps) > 200
    with Recorder.resume(store.path(RUN_ID)) as recorder:
        recorder.status("finished")
    assert store.state(RUN_ID) == "finished"
    assert sorted(path.suffix for path in store.folder.iterdir()) == [".lock", ".run"]


def test_states_of_a_run_nobody_writes(store):
    for number, (state, released, expected) in enumerate(
        [
            ("queued", False, "queued"),
            ("running", False, "interrupted"),
            ("paused", False, "interrupted"),
            ("paused", True, "paused"),
            ("finished", False, "finished"),
            ("stopped", False, "stopped"),
            ("failed", False, "failed"),
        ]
    ):
        run_id = write_run(store, f"{number:016x}", steps=1)
        with Recorder.resume(store.path(run_id)) as recorder:
            recorder.status(state, released=released)
            assert store.state(run_id) == state
        assert store.state(run_id) == expected
        assert store.summary(run_id).state == expected


def test_a_run_that_ends_while_its_state_is_read_is_not_called_interrupted(store, finished, monkeypatch):
    with Recorder.resume(store.path(finished)) as recorder:
        recorder.status("running")

    def ends_now(path):
        with Recorder.resume(store.path(finished)) as recorder:
            recorder.status("finished")
        return False

    monkeypatch.setattr("topodash.runs.store.is_locked", ends_now)
    assert store.state(finished) == "finished"


def same_content(one, other):
    assert one.snapshot_steps().tolist() == other.snapshot_steps().tolist()
    for step in one.snapshot_steps():
        for name, array in one.snapshot(step).items():
            assert other.snapshot(step)[name].tobytes() == array.tobytes()
    assert one.events() == other.events()
    assert one.artifacts() == other.artifacts()
    assert (one.meta.config, one.meta.created) == (other.meta.config, other.meta.created)
    left, right = one.scalars(), other.scalars()
    assert {name: values.tolist() for name, (_, values) in left.items()} == {
        name: values.tolist() for name, (_, values) in right.items()
    }


def test_export_and_import_give_the_same_run(store, finished, tmp_path):
    exported = store.export(finished, tmp_path / "run.topodash")
    elsewhere = RunStore(tmp_path / "elsewhere")
    assert elsewhere.import_file(exported) == finished
    with store.open(finished) as one, elsewhere.open(finished) as other:
        same_content(one, other)
    again = elsewhere.import_file(exported)
    assert again != finished
    with elsewhere.open(again) as other, store.open(finished) as one:
        assert other.meta.id == again
        same_content(one, other)
        other.verify()
    assert elsewhere.state(again) == "finished"


def test_export_of_a_live_run_is_whole_while_a_plain_copy_is_not(store, tmp_path):
    store.folder.mkdir()
    with Recorder.create(store.path(RUN_ID), kind="mlp", config={}) as recorder:
        recorder.status("running")
        recorder.snapshot(0, weights(0))
        recorder.flush()
        exported = store.export(RUN_ID, tmp_path / "a.run")
        shutil.copy(store.path(RUN_ID), tmp_path / "copy.run")
    with RunReader(exported) as run:
        assert run.snapshot_steps().tolist() == [0]
    with RunReader(tmp_path / "copy.run") as run:  # readable, but it lacks what was still in the log
        assert run.snapshot_steps().tolist() == []
    imported = RunStore(tmp_path / "b").import_file(exported)
    assert RunStore(tmp_path / "b").state(imported) == "stopped"


def test_an_export_that_fails_leaves_the_target_alone(store, tmp_path):
    target = tmp_path / "a.run"
    target.write_bytes(b"before")
    with pytest.raises(RunError):
        store.export("0" * 16, target)
    assert [path.name for path in tmp_path.iterdir()] == ["a.run"]
    assert target.read_bytes() == b"before"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM snapshots; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE extra (a)",
        "DROP TABLE events",
        "ALTER TABLE status ADD COLUMN extra",
        "CREATE INDEX i ON scalars (value)",
    ],
)
def test_import_takes_exactly_our_tables(store, finished, tmp_path, statement):
    exported = store.export(finished, tmp_path / "a.run")
    with sqlite3.connect(exported) as connection:
        connection.execute(statement)
    connection.close()
    with pytest.raises(NotARun, match="its tables are not those of a run"):
        RunStore(tmp_path / "b").import_file(exported)
    assert RunStore(tmp_path / "b").ids() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE snapshots SET blob = zeroblob(100) WHERE step = 5",
        "UPDATE meta SET value = '{' WHERE key = 'config'",
        "DELETE FROM meta WHERE key = 'seal'",
        "UPDATE status SET state = 'hacked'",
        "DELETE FROM status",
        "UPDATE events SET data = '[]'",
        "UPDATE artifacts SET meta = 'x'",
        "UPDATE scalars SET value = 'text' WHERE step = 3",
    ],
)
def test_import_checks_the_contents(store, finished, tmp_path, statement):
    exported = store.export(finished, tmp_path / "a.run")
    with sqlite3.connect(exported) as connection:
        connection.execute(statement)
    connection.close()
    with pytest.raises(RunDamaged):
        RunStore(tmp_path / "b").import_file(exported)
    assert list((tmp_path / "b").iterdir()) == []


def test_import_refuses_what_is_too_large_or_absent(store, finished, tmp_path):
    exported = store.export(finished, tmp_path / "a.run")
    with pytest.raises(NotARun, match="at most"):
        store.import_file(exported, max_bytes=1000)
    with pytest.raises(RunError):
        store.import_file(tmp_path / "absent.run")


def test_shipped_runs_are_read_only_and_immutable(finished, store, tmp_path):
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    store.export(finished, shipped / f"{finished}.run")
    both = RunStore(tmp_path / "own", shipped=shipped)
    assert (both.ids(), both.shipped_ids()) == ([], [finished])
    assert both.exists(finished)
    assert both.is_shipped(finished)
    with both.open(finished) as run:
        assert run.snapshot(3)["W1"].tobytes() == weights(3)["W1"].tobytes()
    assert both.state(finished) == "finished"
    assert both.summary(finished).shipped
    with pytest.raises(RunError, match="came with TopoDash"):
        both.delete(finished)
    assert [path.name for path in shipped.iterdir()] == [f"{finished}.run"]
    assert not (tmp_path / "own").exists()


def test_delete_removes_everything_of_a_run_and_nothing_else(store, finished):
    other = write_run(store, "a" * 16, steps=2)
    store.log_path(finished).write_text("log")
    store.delete(finished)
    assert sorted(path.name for path in store.folder.iterdir()) == [f"{other}.lock", f"{other}.run"]
    store.delete(finished)  # nothing there any more
    assert not store.exists(finished)
    assert store.summary(finished).error


def test_a_reader_that_has_a_deleted_run_open_is_not_harmed(store, finished):
    with store.open(finished) as run:
        store.delete(finished)
        assert run.snapshot(3)["W1"].tobytes() == weights(3)["W1"].tobytes()


@contextlib.contextmanager
def unprivileged():
    """Permissions do not bind root: be nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("killed", [False, True])
def test_a_read_only_folder_can_be_read_and_nothing_is_created(killed):
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        store = RunStore(Path(name))
        store.folder.chmod(0o755)
        run_id = write_run(store)
        if killed:  # the file is left in WAL mode, without its log
            with contextlib.closing(sqlite3.connect(store.path(run_id))) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        before = sorted(path.name for path in store.folder.iterdir())
        for path in (*store.folder.iterdir(), store.folder):
            path.chmod(0o555)
        with unprivileged():
            with store.open(run_id) as run:
                assert len(run.snapshot_steps()) == 40
                run.verify()
            assert store.state(run_id) == "finished"
            assert sorted(path.name for path in store.folder.iterdir()) == before
        store.folder.chmod(0o755)


def test_size_counts_the_log_too(store):
    store.folder.mkdir()
    with Recorder.create(store.path(RUN_ID), kind="mlp", config={}) as recorder:
        before = store.size(RUN_ID)
        recorder.snapshot(0, {"a": np.zeros(20_000)})
        recorder.flush()
        assert store.size(RUN_ID) > before + 160_000
