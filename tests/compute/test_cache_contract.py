"""One contract for every backend: what is put is got, once for all who ask, and trouble is a miss."""

import errno
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from topodash.compute import Cache, encode
from topodash.compute.backends import FolderBackend, MemoryBackend, sweep

MB = 2**20
MISSING = object()


@pytest.fixture(params=["memory", "folder"])
def cache(request, tmp_path):
    return Cache(None if request.param == "memory" else tmp_path / "cache", max_mb=1)


@pytest.fixture
def folder(tmp_path):
    return Cache(tmp_path / "cache", max_mb=1)


def files(cache):
    return [path for path in cache._folder.iterdir() if path.suffix != ".lock"]


def test_what_is_put_is_got(cache):
    value = {"a": np.arange(3), "b": [None, 1.5, "∅"], "c": np.empty((0, 2))}
    assert cache.get("k", MISSING) is MISSING
    assert cache.put("k", value)
    found = cache.get("k")
    assert np.array_equal(found["a"], value["a"])
    assert found["b"] == value["b"]
    assert cache.put("k", "other")
    assert cache.get("k") == "other"


def test_none_is_a_result(cache):
    cache.put("k", None)
    assert cache.get("k", MISSING) is None
    calls = []
    assert cache.get_or_compute("k", lambda: calls.append(1)) is None
    assert calls == []


def test_a_result_is_a_copy(cache):
    value = {"a": np.zeros(3)}
    cache.put("k", value)
    value["a"][:] = 1
    found = cache.get("k")
    found["a"][:] = 2
    assert cache.get("k")["a"].tolist() == [0, 0, 0]


def test_computed_once_for_many_threads(cache):
    calls, results = [], []
    ready = threading.Barrier(8)

    def compute():
        calls.append(1)
        time.sleep(0.05)
        return {"a": np.arange(5)}

    def asker():
        ready.wait()
        results.append(cache.get_or_compute("k", compute)["a"].tolist())

    threads = [threading.Thread(target=asker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]
    assert results == [[0, 1, 2, 3, 4]] * 8
    assert cache._busy == {}


def test_a_failure_is_raised_and_not_remembered(cache):
    def fail():
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            cache.get_or_compute("k", fail)
    assert cache.get_or_compute("k", lambda: 1) == 1


def test_one_computation_may_ask_for_another(cache):
    assert cache.get_or_compute("a", lambda: cache.get_or_compute("b", lambda: 1) + 1) == 2


def test_what_is_no_tree_is_refused(cache):
    with pytest.raises(TypeError, match="a result must be"):
        cache.put("k", {1, 2})


def test_the_size_is_kept_and_what_was_unused_for_longest_goes_first(cache):
    for number in range(8):
        cache.put(f"k{number}", np.zeros(30_000))  # 240 kB: four fit
        if isinstance(cache._backend, FolderBackend):
            moment = time.time() - 1000 + number
            os.utime(cache._backend._open().path(f"k{number}"), (moment, moment))
        cache.get("k0")
    kept = [number for number in range(8) if cache.get(f"k{number}", MISSING) is not MISSING]
    assert 0 in kept  # used all the time
    assert 7 in kept
    assert kept[1:] == list(range(9 - len(kept), 8))
    assert 2 <= len(kept) <= 4


def test_a_result_greater_than_the_cache_is_computed_and_not_kept(cache, caplog):
    large = np.zeros(200_000)
    for _ in range(3):
        assert cache.get_or_compute("k", lambda: large).shape == (200_000,)
    assert "greater than the whole cache" in cache.trouble
    assert len(caplog.records) == 1  # said once
    assert cache.put("small", 1)
    assert cache.trouble == ""


COMPUTE = """
import sys, time
from topodash.compute import Cache
def compute():
    with open(sys.argv[2], "a") as file: file.write("x")
    time.sleep(0.3)
    return 42
assert Cache(sys.argv[1], 1).get_or_compute("k", compute) == 42
"""


def test_computed_once_for_many_processes(folder, tmp_path):
    marks = tmp_path / "marks"
    processes = [
        subprocess.Popen([sys.executable, "-c", COMPUTE, str(folder._folder), str(marks)]) for _ in range(3)
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert marks.read_text() == "x"
    assert folder.get("k") == 42


def test_a_process_that_dies_while_computing_lets_the_next_compute(folder):
    code = COMPUTE.replace("time.sleep(0.3)", "import os; print('at it', flush=True); time.sleep(60)")
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder._folder), os.devnull], stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"at it\n"
    process.kill()
    process.wait()
    process.stdout.close()
    assert folder.get_or_compute("k", lambda: 43) == 43


@pytest.mark.parametrize(
    "damage", [b"", b"abc", b"\0\0\0\0", b"\0\0\0\0not a result", bytes(5000), b"\xff" * 100]
)
def test_a_damaged_or_planted_file_is_a_miss_and_goes(folder, damage):
    folder.put("k", {"a": np.arange(5)})
    (path,) = files(folder)
    path.write_bytes(damage)
    assert folder.get("k", MISSING) is MISSING
    assert folder.get_or_compute("k", lambda: 1) == 1
    assert folder.get("k") == 1


def test_a_folder_in_place_of_a_file_is_a_miss(folder):
    folder.put("k", 1)
    (path,) = files(folder)
    path.unlink()
    path.mkdir()
    assert folder.get("k", MISSING) is MISSING
    assert folder.get_or_compute("k", lambda: 1) == 1


def test_a_folder_that_cannot_be_made_is_said_once_and_changes_nothing(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache", max_mb=1)
    for number in range(3):
        assert cache.get_or_compute(f"k{number}", lambda number=number: number) == number
    assert len(caplog.records) == 1
    assert "cannot be written" in caplog.text
    assert cache.trouble


def test_a_full_disk_leaves_no_half_written_file(folder, monkeypatch, caplog):
    folder.put("before", 1)

    def full(descriptor, mode):
        os.close(descriptor)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("topodash.compute.backends.os.fdopen", full)
    assert folder.get_or_compute("k", lambda: 2) == 2
    assert "No space left on device" in caplog.text
    assert len(files(folder)) == 1
    monkeypatch.undo()
    assert folder.put("k", 2)
    assert folder.get("before") == 1


def test_a_read_only_folder_is_read_and_not_written(caplog):
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        cache = Cache(Path(name), max_mb=1)
        cache.put("before", 1)
        for path in (*Path(name).iterdir(), Path(name)):
            path.chmod(0o555)
        was_root = os.geteuid() == 0
        if was_root:  # permissions do not bind root: be nobody for a while
            os.seteuid(65534)
        try:
            assert cache.get("before") == 1
            for _ in range(2):
                assert cache.get_or_compute("k", lambda: 2) == 2
            assert "cannot be written" in cache.trouble
            assert len(caplog.records) == 1
        finally:
            if was_root:
                os.seteuid(0)
            Path(name).chmod(0o755)


def test_the_folder_vanishing_is_no_trouble(folder):
    folder.put("k", 1)
    for path in folder._folder.iterdir():
        path.unlink()
    folder._folder.rmdir()
    assert folder.get_or_compute("k", lambda: 2) == 2


def test_several_processes_worth_of_writers_stay_under_the_size(tmp_path):
    caches = [Cache(tmp_path / "cache", max_mb=1) for _ in range(2)]
    for number in range(12):
        caches[number % 2].put(f"k{number}", np.zeros(30_000))
        for cache in caches:
            cache._backend._looked = float("-inf")  # as after ten seconds
        total = sum(path.stat().st_size for path in (tmp_path / "cache").iterdir())
        assert total <= MB


def test_the_sweeper_takes_leftovers_and_leaves_what_is_young(tmp_path):
    now = time.time()
    for name, age in (
        ("old.__wz_cache", 4000),
        ("young.__wz_cache", 10),
        ("old.lock", 90_000),
        ("young.lock", 10),
    ):
        path = tmp_path / name
        path.write_bytes(b"x" * 10)
        os.utime(path, (now - age, now - age))
    (tmp_path / "a folder").mkdir()
    assert sweep(tmp_path, MB) == 20
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a folder", "young.__wz_cache", "young.lock"]


def test_memory_counts_what_it_holds():
    memory = MemoryBackend(1000)
    for number in range(50):
        memory.store(f"k{number % 7}", encode(number))
    assert memory._size == sum(map(len, memory._items.values())) <= 1000
    memory.remove("k0")
    memory.remove("k0")
    assert memory.load("k0") is None
