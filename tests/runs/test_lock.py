"""The lock of a run: one writer, any number who ask, freed by any death."""

import subprocess
import sys
import threading

import pytest

from topodash.runs import RunBusy
from topodash.runs.lock import RunLock, is_locked

HOLDER = """
import sys, time
from pathlib import Path
from topodash.runs.lock import RunLock
lock = RunLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.lock"


def test_the_kernel_frees_the_lock_of_a_killed_process(path):
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    assert is_locked(path)
    with pytest.raises(RunBusy):
        RunLock(path).acquire(patience=0.05)
    process.kill()
    process.wait()
    process.stdout.close()
    assert not is_locked(path)
    lock = RunLock(path)
    lock.acquire()
    lock.release()


def test_asking_creates_nothing_and_says_no(path):
    assert not is_locked(path)
    assert not path.exists()


def test_a_program_that_the_holder_starts_does_not_inherit_the_lock(path):
    lock = RunLock(path)
    lock.acquire()
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], close_fds=False)
    lock.release()
    assert not is_locked(path)
    child.kill()
    child.wait()


def test_many_who_ask_at_once_never_take_each_other_for_a_writer(path):
    lock = RunLock(path)
    lock.acquire()
    lock.release()
    answers = []

    def ask():
        answers.extend(is_locked(path) for _ in range(300))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):  # and a writer gets through all the same
        writer = RunLock(path)
        writer.acquire(patience=5.0)
        writer.release()
    for thread in threads:
        thread.join()
    assert len(answers) == 1200


def test_a_lock_on_a_deleted_file_is_no_lock(path):
    first = RunLock(path)
    first.acquire()
    first.release(unlink=True)
    assert not path.exists()
    second = RunLock(path)
    second.acquire()
    assert is_locked(path)
    second.release()


def test_the_ballast_is_given_back(path):
    lock = RunLock(path, ballast=5000)
    lock.acquire()
    assert path.stat().st_size == 5000
    lock.drop_ballast()
    assert path.stat().st_size == 0
    assert is_locked(path)
    lock.release()
    assert path.exists()
