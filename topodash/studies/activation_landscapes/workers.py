"""Processes that do units of work, for a driver that must be able to hold or end them in the middle of one."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import cycle
from multiprocessing.connection import wait
from typing import Any

_RETRIES = 3
Unit = Callable[..., Any]

#: Who hears how much of the unit under way is done; in a worker it is memory shared with the parent.
_listener: Callable[[float], None] | None = None
#: In a worker: that memory, a place a unit under way.
_board: Any = None


def report(share: float) -> None:
    """Said by a unit: so much of it is done, from 0 to 1. Nothing comes of it where nobody listens."""
    if _listener is not None:
        _listener(share)


@contextlib.contextmanager
def reports_to(listener: Callable[[float], None]) -> Iterator[None]:
    """Hear what the units report that are done in here, in this process."""
    global _listener  # noqa: PLW0603
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before


class WorkersDied(RuntimeError):
    """Processes died again and again; the message is for the person."""


class Workers:
    """Results in the order asked for, at most two tasks a worker under way; survives a killed worker.

    Parameters
    ----------
    count : int
        Processes.
    patience : float, optional
        Seconds after which `in_order` gives None instead of waiting on, so that its caller can look around.
        Without it one worker is this process itself.

    Raises
    ------
    ValueError
        For fewer than one.
    """

    def __init__(self, count: int, patience: float | None = None) -> None:
        if count < 1:
            raise ValueError(f"workers must be 1 or more; it was {count}")
        self._count = count
        self._patience = patience
        self._pool: ProcessPoolExecutor | None = None
        self._board: Any = None
        self._places: dict[str, int] = {}
        self._held = 0.0
        self._held_since: float | None = None

    def in_order(
        self, unit: Unit, names: list[str], call: Callable[[str], tuple[Any, ...]]
    ) -> Iterator[tuple[str, Any] | None]:
        """(name, unit(*call(name))) of each name; None whenever nothing came in time.

        Raises
        ------
        WorkersDied
            When a process dies again and again.
        """
        if self._count == 1 and self._patience is None:
            for name in names:
                yield name, unit(*call(name))
            return
        waiting, under_way, deaths = deque(names), deque[tuple[str, Future[Any]]](), 0
        places = cycle(range(2 * self._count))
        while waiting or under_way:
            try:
                while waiting and len(under_way) < 2 * self._count:
                    pool, place = self._executor(), next(places)
                    self._board[place] = 0.0
                    under_way.append((waiting[0], pool.submit(_do, unit, place, call(waiting[0]))))
                    self._places[waiting.popleft()] = place
                result = under_way[0][1].result(self._patience)
            except TimeoutError:
                if under_way[0][1].done():  # the unit itself raised it
                    raise
                yield None
                continue
            except BrokenProcessPool as error:
                deaths += 1
                if deaths > _RETRIES:
                    raise WorkersDied(
                        f"a worker process died {deaths} times; is there enough memory?"
                        " Fewer workers need less"
                    ) from error
                waiting.extendleft(name for name, _ in reversed(under_way))
                under_way.clear()
                self._places.clear()
                self.close()
                continue
            name, _ = under_way.popleft()
            del self._places[name]
            yield name, result

    def shares(self) -> dict[str, float]:
        """How much of each unit under way is done, as far as it reported."""
        return {name: float(self._board[place]) for name, place in self._places.items()}

    def clock(self) -> float:
        """Seconds, standing still while the processes are held."""
        return (self._held_since or time.monotonic()) - self._held

    def hold(self, on: bool) -> None:
        """Stop the processes where they are, or let them go on."""
        self._signal(signal.SIGSTOP if on else signal.SIGCONT)
        if on and self._held_since is None:
            self._held_since = time.monotonic()
        elif not on and self._held_since is not None:
            self._held, self._held_since = self._held + time.monotonic() - self._held_since, None

    def close(self) -> None:
        """End the processes; what they had under way is lost, and can be done again."""
        if self._pool is not None:
            self._signal(signal.SIGKILL)
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _executor(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Spawned, not forked: this process may have threads (torch, a recorder).
            context = multiprocessing.get_context("spawn")
            self._board = context.RawArray("d", 2 * self._count)
            self._pool = ProcessPoolExecutor(
                self._count, mp_context=context, initializer=_begin, initargs=(self._board,)
            )
        return self._pool

    def _signal(self, number: signal.Signals) -> None:
        # The pool's own table: it knows a process before that has begun, which could not say so itself.
        for process in list(getattr(self._pool, "_processes", None) or ()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


def _do(unit: Unit, place: int, arguments: tuple[Any, ...]) -> Any:
    """In a worker: one unit, which reports to this place."""
    with reports_to(partial(_board.__setitem__, place)):
        return unit(*arguments)


def _begin(board: Any) -> None:
    """In a new process: know where to report, leave Ctrl-C to the parent, and never outlive that."""
    global _board  # noqa: PLW0603
    _board = board
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
