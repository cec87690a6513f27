"""A worker process as the web process sees it: put one question, get one reply."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from topodash.jobs import pipes
from topodash.jobs.starter import child_environment
from topodash.settings import Settings


class Hand:
    """One worker (`topodash.jobs.worker`) and its pipe; used by one thread, killed by any."""

    def __init__(self, settings: Settings) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "topodash.jobs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(settings),
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process can be asked."""
        return self._process.poll() is None

    def put(
        self, question: dict[str, Any], report: Callable[[float | None, str], None]
    ) -> tuple[bytes, bytes] | None:
        """The reply (a kind of `pipes`, and its body); None when the process ended, or was killed, before it."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return None
        try:
            pipes.send_json(stdin, pipes.QUESTION, question)
            while (message := pipes.receive(stdout)) is not None:
                if message[0] != pipes.PROGRESS:
                    return message
                told = json.loads(message[1])
                report(told["share"], told["message"])
        except (OSError, ValueError, KeyError):  # a pipe that broke, or what is no message
            self.kill()
        self._process.wait()
        return None

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self) -> None:
        """End the process and close its pipe."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
