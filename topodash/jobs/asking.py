"""Ask for a computation, without ever waiting long for it.

    answer = ask("activations", {"source": source})
    answer.state    'ready' (answer.value), 'working' (answer.progress, answer.message; ask again) or 'failed'

The same question asked many times is computed once: in this process by its key, among processes by the cache.
Answers are cached, so asking again is also how a page polls, and how it finds its answer after a reload.
"""

import collections
import contextlib
import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from topodash.compute import Cache, decode
from topodash.jobs import pipes
from topodash.jobs.hands import Hand
from topodash.jobs.questions import question_key
from topodash.jobs.sources import Sources
from topodash.runs import RunError
from topodash.settings import Settings

_MISSING = object()
_TRIES = 2
_REMEMBER_SECONDS = 30.0  # a failure, or an answer that could not be cached
_ASKER_SECONDS = 5.0  # who has not asked for so long does not wait any more
_ABANDONED_SECONDS = 20.0
_ENDED = "the process that computed this was ended, perhaps for want of memory; try a smaller question"


@dataclass(frozen=True)
class Answer:
    """How a question stands.

    Attributes
    ----------
    state : 'ready', 'working' or 'failed'
    key : str
        For `cancel`; empty when the question itself was wrong.
    value : JSON tree with numpy arrays
        When ready.
    progress : float in [0, 1] or None
        When working, where it is known.
    message : str
        What is being done, or what failed and what to do.
    """

    state: Literal["ready", "working", "failed"]
    key: str
    value: Any = None
    progress: float | None = None
    message: str = ""


@dataclass
class _Task:
    """One question on its way; guarded by the mutex of its Questions."""

    key: str
    name: str
    parameters: Mapping[str, Any]
    askers: dict[str, float] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)
    hand: Hand | None = None
    cancelled: bool = False
    progress: float | None = None
    message: str = ""
    answer: Answer | None = None
    ended: float = 0.0


class Questions:
    """Worker processes and the questions they work on, for one data folder in one web process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._cache = Cache.of(settings)
        self._sources = Sources(settings)
        self._mutex = threading.Condition()
        self._tasks: dict[str, _Task] = {}
        self._waiting: collections.deque[_Task] = collections.deque()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def ask(
        self,
        name: str,
        parameters: Mapping[str, Any],
        *,
        wait: float = 0.3,
        asker: str = "",
        again: bool = False,
    ) -> Answer:
        """The answer if it is there within `wait` seconds, else how far it is.

        Parameters
        ----------
        name, parameters : see `topodash.jobs.questions`
        wait : float
            Seconds.
        asker : str
            Who asks (a tab's or an owner's id): `cancel` by one then leaves the others theirs.
        again : bool
            Try once more what failed.

        Raises
        ------
        ValueError
            For an unknown question, or parameters that are not JSON.
        """
        try:
            key = question_key(name, parameters, self._sources)
        except RunError as error:
            return Answer("failed", "", message=str(error))
        value = self._cache.get(key, _MISSING)
        if value is not _MISSING:
            return Answer("ready", key, value)
        with self._mutex:
            task = self._tasks.get(key)
            if task is None or (again and task.answer is not None and task.answer.state == "failed"):
                task = self._tasks[key] = _Task(key, name, json.loads(json.dumps(parameters)))
                self._waiting.append(task)
                self._hire()
                self._mutex.notify()
            task.askers[asker] = time.monotonic()
            self._forget_old()
        task.done.wait(wait)
        with self._mutex:
            task.askers[asker] = time.monotonic()
            return task.answer or Answer("working", key, None, task.progress, self._standing(task))

    def _standing(self, task: _Task) -> str:
        if task in self._waiting:
            ahead = self._waiting.index(task) + 1
            return f"waiting, {ahead} computation{'s' if ahead > 1 else ''} ahead"
        return task.message or "computing"

    def cancel(self, key: str, *, asker: str = "") -> bool:
        """Stop a question; False when it is over, or somebody else still waits for it."""
        with self._mutex:
            task = self._tasks.get(key)
            if task is None or task.answer is not None:
                return False
            task.askers.pop(asker, None)
            now = time.monotonic()
            if any(now - asked < _ASKER_SECONDS for asked in task.askers.values()):
                return False
            self._stop(task, "Cancelled.")
            del self._tasks[key]
            return True

    def _stop(self, task: _Task, message: str) -> None:
        task.cancelled = True
        with contextlib.suppress(ValueError):
            self._waiting.remove(task)
        if task.hand is not None:
            task.hand.kill()
        self._finish(task, Answer("failed", task.key, message=message))

    def _finish(self, task: _Task, answer: Answer) -> None:
        if task.answer is None:
            task.answer, task.ended = answer, time.monotonic()
            task.done.set()

    def _forget_old(self) -> None:
        """Drop what is over; stop what nobody has asked for in a while if others wait for its worker."""
        now = time.monotonic()
        for key, task in list(self._tasks.items()):
            if task.answer is not None and now - task.ended > _REMEMBER_SECONDS:
                del self._tasks[key]
            elif (
                task.answer is None and self._waiting and now - max(task.askers.values()) > _ABANDONED_SECONDS
            ):
                self._stop(task, "Stopped: nobody was waiting for it.")
                del self._tasks[key]

    # Workers: a thread and a process each

    def warm(self) -> None:
        """Start the workers now, so that the first question need not wait for their imports."""
        with self._mutex:
            self._hire(all_of_them=True)

    def _hire(self, *, all_of_them: bool = False) -> None:
        wanted = self._settings.question_workers
        while len(self._threads) < wanted and not self._closed:
            thread = threading.Thread(
                target=self._work, daemon=True, name=f"question worker {len(self._threads) + 1}"
            )
            self._threads.append(thread)
            thread.start()
            if not all_of_them:
                break

    def _work(self) -> None:
        hand = Hand(self._settings)
        try:
            while (task := self._next()) is not None:
                for attempt in range(_TRIES):
                    hand = self._living(hand)
                    if self._try(task, hand, last=attempt == _TRIES - 1):
                        break
                hand = self._living(hand)  # ready for the next question before that is asked
        finally:
            hand.close()

    def _next(self) -> _Task | None:
        with self._mutex:
            while not self._waiting and not self._closed:
                self._mutex.wait()
            return None if self._closed else self._waiting.popleft()

    def _living(self, hand: Hand) -> Hand:
        if hand.alive() or self._closed:
            return hand
        hand.close()
        return Hand(self._settings)

    def _try(self, task: _Task, hand: Hand, *, last: bool) -> bool:
        """Put the question to a worker; False when that is worth another try."""
        with self._mutex:
            if task.cancelled:
                return True
            task.hand, task.progress, task.message = hand, None, ""

        def report(share: float | None, message: str) -> None:
            with self._mutex:
                task.progress, task.message = share, message

        question = {"key": task.key, "name": task.name, "parameters": task.parameters, "send": last}
        reply = hand.put(question, report)
        answer = None if reply is None else self._answer(task.key, *reply)
        with self._mutex:
            task.hand = None
            if answer is None and not (last or task.cancelled or self._closed):
                return False
            self._finish(task, answer or Answer("failed", task.key, message=_ENDED))
            if reply is not None and reply[0] == pipes.STORED:
                self._tasks.pop(task.key, None)  # the cache has it from now on
            return True

    def _answer(self, key: str, kind: bytes, body: bytes) -> Answer | None:
        """What a reply says; None when it cannot be used and is to be asked for again."""
        try:
            if kind == pipes.FAILED:
                return Answer("failed", key, message=json.loads(body)["message"])
            value = decode(body) if kind == pipes.RESULT else self._cache.get(key, _MISSING)
        except (ValueError, KeyError):
            return None
        return None if value is _MISSING else Answer("ready", key, value)

    def close(self) -> None:
        """End the workers."""
        with self._mutex:
            self._closed = True
            for task in self._tasks.values():
                self._stop(task, "the server is ending")
            self._mutex.notify_all()
        for thread in self._threads:
            thread.join()


_all: dict[tuple[int, Settings], Questions] = {}
_all_mutex = threading.Lock()


def question_workers(settings: Settings | None = None) -> Questions:
    """The workers of this process for these settings (by default those of the environment); made once."""
    settings = Settings.from_env() if settings is None else settings
    with _all_mutex:
        return _all.setdefault((os.getpid(), settings), Questions(settings))


def ask(
    name: str,
    parameters: Mapping[str, Any],
    *,
    wait: float = 0.3,
    asker: str = "",
    again: bool = False,
    settings: Settings | None = None,
) -> Answer:
    """As `Questions.ask`, of the workers for these settings."""
    return question_workers(settings).ask(name, parameters, wait=wait, asker=asker, again=again)


def cancel(key: str, *, asker: str = "", settings: Settings | None = None) -> bool:
    """As `Questions.cancel`."""
    return question_workers(settings).cancel(key, asker=asker)
