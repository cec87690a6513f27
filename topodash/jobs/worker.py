"""A worker process: answers one question after the other until the web process closes the pipe.

Whatever it runs may crash, run out of memory or be killed: only its present question is lost. It never
outlives the web process: a thread watches the pipe, also in the middle of a computation.
"""

import json
import logging
import os
import queue
import sys
import threading
import time
from importlib import import_module
from typing import Any, BinaryIO

from topodash.compute import Cache, encode
from topodash.jobs import pipes
from topodash.jobs.driver import FOR_PEOPLE, failure
from topodash.jobs.questions import answer_modules, question
from topodash.jobs.sources import Sources
from topodash.settings import Settings

_log = logging.getLogger("topodash.jobs")
_PROGRESS_SECONDS = 0.05


def main() -> int:
    """Serve questions from standard input; answers go to what was standard output."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what a library prints must not get between the answers
    settings = Settings.from_env()
    cache = Cache.of(settings)
    questions: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(incoming, questions), daemon=True).start()
    for module in answer_modules():  # a second of imports that the first question then need not wait for
        if questions.empty():
            import_module(module)
    while True:
        _answer(questions.get(), settings, cache, outgoing)


def _listen(incoming: BinaryIO, questions: "queue.Queue[dict[str, Any]]") -> None:
    while (message := pipes.receive(incoming)) is not None:
        questions.put(json.loads(message[1]))
    os._exit(0)  # the web process is gone: nobody waits for what is being computed


def _answer(asked: dict[str, Any], settings: Settings, cache: Cache, outgoing: BinaryIO) -> None:
    key, missing = asked["key"], object()
    sent = 0.0

    def report(share: float | None, message: str) -> None:
        nonlocal sent
        now = time.monotonic()
        if now - sent >= _PROGRESS_SECONDS:
            sent = now
            pipes.send_json(outgoing, pipes.PROGRESS, {"share": share, "message": message})

    try:
        with cache.alone(key):
            if not asked["send"] and cache.get(key, missing) is not missing:
                pipes.send(outgoing, pipes.STORED, b"")
                return
            data = encode(question(asked["name"])(asked["parameters"], Sources(settings, report)))
            if cache.put_encoded(key, data) and not asked["send"]:
                pipes.send(outgoing, pipes.STORED, b"")
            else:
                pipes.send(outgoing, pipes.RESULT, data)
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:  # a worker must survive its questions; the server's log has the rest
        if not isinstance(error, FOR_PEOPLE | MemoryError):
            _log.exception("question %s failed", asked["name"])
        pipes.send_json(outgoing, pipes.FAILED, {"message": failure(error)})


if __name__ == "__main__":
    sys.exit(main())
