"""A damaged, foreign or newer file gives one of the named errors, and never hides another run."""

import random
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from sample_runs import RUN_ID, weights, write_run

from topodash.runs import NotARun, Recorder, RunDamaged, RunError, RunNotFound, RunTooNew

OTHER = "f" * 16


def read_all(store, run_id):
    """Everything a page could ask of a run; gives what was read."""
    with store.open(run_id) as run:
        seen = [run.meta, run.status, run.scalars(), run.last_scalars(), run.events(), run.artifacts()]
        for step in run.snapshot_steps():
            run.newest_after(step)
            seen.append({name: array.tobytes() for name, array in run.snapshot(step).items()})
        seen.append(run.artifact("dataset").arrays["points"].tobytes())
        seen.append(run.checkpoint())
        return seen


@pytest.fixture
def good(store, finished):
    write_run(store, OTHER, steps=3)
    return store.path(finished).read_bytes()


def assert_named_error_or_whole(store, run_id, data):
    """The file with these bytes: readable or one of the named errors, which say what to do."""
    store.path(run_id).write_bytes(data)
    summary = store.summary(run_id)
    assert summary.state == ("damaged" if summary.meta is None else "finished") or not summary.error
    try:
        read_all(store, run_id)
        return True
    except (RunDamaged, NotARun, RunTooNew, RunNotFound) as error:
        assert len(str(error)) > 30
        return False


def test_cut_off_anywhere(store, finished, good):
    points = {0, 1, 15, 16, 99, 100, 101, 511, 4095, 4096, 4097, len(good) - 1}
    points |= {random.Random(0).randrange(len(good)) for _ in range(60)}
    for point in sorted(points):
        assert not assert_named_error_or_whole(store, finished, good[:point]), point
    assert store.summary(OTHER).state == "finished"


def test_bytes_changed_anywhere(store, finished, good):
    generator = random.Random(1)
    for _ in range(250):
        data = bytearray(good)
        for _ in range(generator.choice([1, 1, 4, 64])):
            data[generator.randrange(len(data))] ^= generator.randrange(1, 256)
        assert_named_error_or_whole(store, finished, bytes(data))
    assert store.summary(OTHER).state == "finished"


def test_a_block_of_zeros_or_noise_anywhere(store, finished, good):
    generator = random.Random(2)
    for size in (512, 4096):
        for start in range(0, len(good), size):
            filling = bytes(size) if generator.random() < 0.5 else generator.randbytes(size)
            assert_named_error_or_whole(store, finished, good[:start] + filling + good[start + size :])


def test_a_changed_snapshot_is_never_given_out(store, finished, good):
    """The weights are found in the file and changed by one bit: SQLite cannot notice, the checksum must."""
    needle = weights(7)["W1"].tobytes()
    assert good.count(needle) == 1
    data = bytearray(good)
    data[good.index(needle)] ^= 1
    store.path(finished).write_bytes(data)
    with store.open(finished) as run:
        with pytest.raises(RunDamaged, match="the snapshot of step 7 does not match its checksum"):
            run.snapshot(7)
        assert run.snapshot(8)["W1"].tobytes() == weights(8)["W1"].tobytes()


def test_a_changed_config_is_never_given_out(store, finished, good):
    needle = '"title":"Gröbner ∅"'.encode()
    data = bytearray(good)
    for start in (good.index(needle), good.rindex(needle)):
        data[start + 9 : start + 10] = b"X"
    store.path(finished).write_bytes(data)
    with pytest.raises(RunDamaged, match="its description was changed"):
        store.open(finished)


def test_files_that_are_no_runs(store, finished, good):
    with sqlite3.connect(store.folder / "a.db") as connection:
        connection.execute("CREATE TABLE meta (key, value)")
    connection.close()
    foreign = (store.folder / "a.db").read_bytes()
    for data in (b"x,y,label\n" * 100, foreign, bytes(5000), b"PK\x03\x04" + bytes(500)):
        store.path(finished).write_bytes(data)
        with pytest.raises(NotARun, match="is not a TopoDash run"):
            store.open(finished)
        assert "not a TopoDash run" in store.summary(finished).error


def test_a_newer_file_says_to_update(store, finished, good):
    data = bytearray(good)
    data[60:64] = (2).to_bytes(4, "big")
    store.path(finished).write_bytes(data)
    with pytest.raises(RunTooNew, match="update TopoDash"):
        store.open(finished)
    with pytest.raises(RunTooNew):
        Recorder.resume(store.path(finished))
    assert not store.is_running(finished)  # the lock was given back


def test_a_damaged_run_is_not_resumed(store, finished, good):
    store.path(finished).write_bytes(good[: len(good) // 2])
    with pytest.raises(RunError):
        Recorder.resume(store.path(finished))
    assert not store.is_running(finished)


@pytest.mark.parametrize("size", [0, 10, 31, 32, 5000])
def test_a_log_cut_off_loses_only_what_was_in_it(store, size):
    """The writer is killed, and its write-ahead log damaged as well: the main file alone must be readable."""
    store.folder.mkdir()
    recorder = Recorder.create(store.path(RUN_ID), kind="mlp", config={})
    for step in range(5):
        recorder.record(step, snapshot={"a": np.full(100, step)})
    recorder.flush()
    copies = {path.name: path.read_bytes() for path in store.folder.iterdir()}
    recorder.close()
    for name, data in copies.items():
        (store.folder / name).write_bytes(data[:size] if name.endswith("-wal") else data)
    (store.folder / f"{RUN_ID}.run-shm").unlink()  # as after a restart of the machine
    with store.open(RUN_ID) as run:
        steps = run.snapshot_steps().tolist()
        assert steps == list(range(len(steps)))
        for step in steps:
            assert run.snapshot(step)["a"][0] == step


def test_ids_never_become_paths(store, finished):
    for bad in ("../runs/" + finished, "", "x", finished.upper(), None, finished + ".run"):
        assert not store.exists(bad)
        with pytest.raises(RunNotFound):
            store.open(bad)
        with pytest.raises(RunNotFound):
            store.delete(bad)
    with pytest.raises(RunNotFound, match="may have been deleted"):
        store.open("0" * 16)
    assert store.summary("0" * 16).state == "damaged"


HALF_A_TRANSACTION = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 2")  # so that pages are written before the end of the transaction
connection.execute("BEGIN")
connection.execute("UPDATE snapshots SET blob = zeroblob(3000)")
os.kill(os.getpid(), 9)
"""


def test_half_a_transaction_of_a_killed_writer_is_undone(store, finished):
    subprocess.run([sys.executable, "-c", HALF_A_TRANSACTION, str(store.path(finished))], check=False)
    assert store.path(finished).with_name(f"{finished}.run-journal").stat().st_size > 0
    with store.open(finished) as run:
        assert run.snapshot(7)["W1"].tobytes() == weights(7)["W1"].tobytes()
        run.verify()
    assert not store.is_running(finished)
