"""Questions: answered in other processes, computed once, and no wait longer than was allowed."""

import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from topodash.compute import Cache
from topodash.jobs import Questions, ask, cancel, question_workers


@pytest.fixture
def workers(settings):
    workers = Questions(settings)
    yield workers
    workers.close()


@pytest.fixture
def two(settings):
    workers = Questions(replace(settings, question_workers=2))
    yield workers
    workers.close()


def finally_(workers, name, parameters, **options):
    """Ask until there is an answer."""
    deadline = time.monotonic() + 30
    while (answer := workers.ask(name, parameters, **options)).state == "working":
        assert time.monotonic() < deadline
    return answer


def pid(workers):
    """The process that works on the only question under way."""
    return next(task.hand.pid for task in workers._tasks.values() if task.hand is not None)


def test_an_answer_comes_whole_and_is_then_cached(workers, settings, tmp_path):
    marks = tmp_path / "marks"
    question = ("toy count", {"n": 5, "marks": str(marks)})
    answer = finally_(workers, *question)
    assert answer.value["n"] == 5
    assert np.array_equal(answer.value["array"], np.arange(5))
    again = workers.ask(*question, wait=0.0)
    assert (again.state, again.key) == ("ready", answer.key)
    assert Cache.of(settings).get(answer.key)["n"] == 5
    assert marks.read_text() == "x"
    assert finally_(workers, "toy nothing", {}).state == "ready"  # None is an answer


def test_the_same_question_is_computed_once_for_all_who_ask(two, settings, tmp_path):
    marks = tmp_path / "marks"
    others = Questions(settings)  # another web process on the same data folder
    answers = []

    def asker(workers):
        answers.append(finally_(workers, "toy count", {"n": 3, "marks": str(marks), "sleep": 0.3}))

    threads = [threading.Thread(target=asker, args=(workers,)) for workers in (two, two, two, others, others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    others.close()
    assert [answer.value["n"] for answer in answers] == [3] * 5
    assert marks.read_text() == "x"


def test_no_one_waits_for_what_takes_long(workers):
    answer = workers.ask("toy slow", {"steps": 100_000})  # an hour and a half
    assert answer.state == "working"
    assert answer.value is None
    assert workers.cancel(answer.key)


def test_progress_is_reported_and_later_questions_know_their_place(workers):
    first = ("toy slow", {"steps": 500})
    deadline = time.monotonic() + 30
    while not (answer := workers.ask(*first, wait=0.05)).progress:
        assert time.monotonic() < deadline
    assert 0 < answer.progress < 1
    assert answer.message.startswith("step ")
    second = workers.ask("toy slow", {"steps": 400}, wait=0.0)
    assert second.message == "waiting, 1 computation ahead"
    assert workers.cancel(answer.key)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("toy refuse", "n must be positive, was -1"),
        ("toy crash", "ZeroDivisionError: division by zero"),
        ("toy wrong", "a result must be a JSON tree"),
        ("toy die", "the process that computed this was ended"),
    ],
)
def test_a_failing_question_says_why_and_harms_no_other(workers, tmp_path, name, message):
    answer = finally_(workers, name, {})
    assert answer.state == "failed"
    assert message in answer.message
    good = finally_(workers, "toy count", {"n": 1, "marks": str(tmp_path / "marks")})
    assert good.value["n"] == 1


def test_a_killed_worker_is_tried_again_once(workers, tmp_path):
    answer = finally_(workers, "toy die", {"marks": str(tmp_path / "marks")})
    assert (answer.state, answer.value) == ("ready", "alive")


def test_a_failure_is_remembered_until_somebody_tries_again(workers, tmp_path):
    question = ("toy refuse", {"n": 1})
    first = finally_(workers, *question)
    task = workers._tasks[first.key]
    assert workers.ask(*question).state == "failed"
    assert workers._tasks[first.key] is task
    workers.ask(*question, again=True)
    assert workers._tasks[first.key] is not task


def test_cancel_ends_the_worker_and_the_next_question_has_a_new_one(workers, tmp_path):
    answer = workers.ask("toy slow", {"steps": 5000}, wait=0.0)
    deadline = time.monotonic() + 30
    while not workers.ask("toy slow", {"steps": 5000}, wait=0.05).progress:
        assert time.monotonic() < deadline
    before = pid(workers)
    waiting = []
    other = threading.Thread(
        target=lambda: waiting.append(workers.ask("toy slow", {"steps": 5000}, wait=20.0))
    )
    other.start()
    time.sleep(0.05)
    assert workers.cancel(answer.key)
    other.join()
    assert (waiting[0].state, waiting[0].message) == ("failed", "Cancelled.")
    assert not workers.cancel(answer.key)
    assert finally_(workers, "toy count", {"n": 1, "marks": str(tmp_path / "m")}).value["n"] == 1
    assert _gone(before)


def test_cancel_by_one_leaves_the_others_theirs(workers):
    question = ("toy slow", {"steps": 5000})
    key = workers.ask(*question, wait=0.0, asker="ann").key
    workers.ask(*question, wait=0.0, asker="bob")
    assert not workers.cancel(key, asker="ann")
    assert workers.ask(*question, wait=0.0, asker="bob").state == "working"
    assert workers.cancel(key, asker="bob")


def test_cancelling_what_waits_takes_it_out_of_the_queue(workers):
    first = workers.ask("toy slow", {"steps": 5000}, wait=0.0)
    second = workers.ask("toy slow", {"steps": 5001}, wait=0.0)
    assert workers.cancel(second.key)
    assert [task.key for task in workers._waiting] in ([], [first.key])
    assert workers.cancel(first.key)


def test_what_nobody_waits_for_gives_way_to_others(workers, monkeypatch, tmp_path):
    monkeypatch.setattr("topodash.jobs.asking._ABANDONED_SECONDS", 0.6)
    workers.ask("toy slow", {"steps": 100_000})
    answer = finally_(workers, "toy count", {"n": 2, "marks": str(tmp_path / "m")})
    assert answer.value["n"] == 2


def test_a_cache_that_cannot_be_written_changes_no_answer(settings, tmp_path):
    settings.cache_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.cache_dir.write_text("a file where the folder should be")
    workers = Questions(settings)
    marks = tmp_path / "marks"
    for _ in range(3):
        assert finally_(workers, "toy count", {"n": 4, "marks": str(marks)}).value["n"] == 4
    assert marks.read_text() == "x"  # remembered for a while all the same
    workers.close()


def test_what_a_function_prints_does_not_get_into_the_answers(workers):
    assert finally_(workers, "toy chatty", {}).value == 1


def test_workers_end_with_the_web_process_even_in_mid_computation(settings, wait):
    code = (
        "import sys, os, time; from pathlib import Path\n"
        "from topodash.settings import Settings; from topodash.jobs import Questions\n"
        "workers = Questions(Settings(data_dir=Path(sys.argv[1]), question_workers=1))\n"
        "while not workers.ask('toy slow', {'steps': 100000}, wait=0.05).progress: pass\n"
        "print(next(iter(workers._tasks.values())).hand.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    web = subprocess.run(
        [sys.executable, "-c", code, str(settings.data_dir)], stdout=subprocess.PIPE, check=False
    )
    worker = int(web.stdout)
    wait(lambda: _gone(worker))


def _gone(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True


def test_wrong_questions_are_refused(workers):
    with pytest.raises(ValueError, match=r"name must be one of .*was 'nonsense'"):
        workers.ask("nonsense", {})
    with pytest.raises(ValueError, match="must be JSON"):
        workers.ask("toy count", {"a": np.ones(2)})
    answer = workers.ask("activations", {"source": {"run": "0" * 16, "step": 1}})
    assert (answer.state, answer.key) == ("failed", "")
    assert "no run" in answer.message


def test_the_functions_use_one_set_of_workers_for_the_same_settings(settings):
    assert question_workers(settings) is question_workers(replace(settings))
    answer = ask("toy nothing", {}, wait=30.0, settings=settings)
    assert (answer.state, answer.value) == ("ready", None)
    assert not cancel(answer.key, settings=settings)
    question_workers(settings).close()
