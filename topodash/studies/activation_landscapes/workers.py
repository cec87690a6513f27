"""Processes that do units of work, for a driver that must be able to hold or end them in the middle of one."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any

_RETRIES = 3
Unit = Callable[..., Any]


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
        while waiting or under_way:
            try:
                while waiting and len(under_way) < 2 * self._count:
                    future = self._executor().submit(unit, *call(waiting[0]))
                    under_way.append((waiting.popleft(), future))
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
                self.close()
                continue
            name, _ = under_way.popleft()
            yield name, result

    def hold(self, on: bool) -> None:
        """Stop the processes where they are, or let them go on."""
        self._signal(signal.SIGSTOP if on else signal.SIGCONT)

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
            self._pool = ProcessPoolExecutor(self._count, mp_context=context, initializer=_begin)
        return self._pool

    def _signal(self, number: signal.Signals) -> None:
        # The pool's own table: it knows a process before that has begun, which could not say so itself.
        for process in list(getattr(self._pool, "_processes", None) or ()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


def _begin() -> None:
    """In a new process: leave Ctrl-C to the parent, and never outlive that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
