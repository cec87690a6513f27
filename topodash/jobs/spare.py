"""One process that has imported everything and waits for a run, so that Start acts at once.

The spare listens at a FIFO in the data folder, so that whichever process pumps can use it. It ends when the
process that made it does (its standard input closes), or after a while without work, and holds no run before
it is given one.
"""

import contextlib
import importlib
import logging
import os
import select
import sys
import time
from pathlib import Path

from topodash.jobs.kinds import KINDS
from topodash.runs import RunBusy, is_id
from topodash.runs.lock import RunLock, is_locked

_log = logging.getLogger("topodash.jobs")

_IDLE_SECONDS = 1800.0
_PREFIX, _SUFFIX = "spare-", ".fifo"


def exists(data_dir: Path) -> bool:
    """Whether a spare waits or is on its way."""
    return is_locked(data_dir / "spare.lock")


def claim(data_dir: Path, run_id: str) -> int | None:
    """Give the run to a waiting spare; its process id, or None when there is none. Call under the starting
    lock."""
    for path in data_dir.glob(f"{_PREFIX}*{_SUFFIX}"):
        descriptor = -1
        try:
            descriptor = os.open(
                path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC
            )  # fails when nobody listens
            path.unlink()  # nobody else finds it any more
            os.write(descriptor, run_id.encode() + b"\n")
            return int(path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX))
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                path.unlink()
        finally:
            if descriptor >= 0:
                os.close(descriptor)
    return None


def wait_for_run(data_dir: Path) -> str | None:
    """In the spare: import, listen, and give the id of the run; None when there is no use for a spare any
    more."""
    lock = RunLock(data_dir / "spare.lock", ballast=0)
    try:
        lock.acquire(patience=0.0)
    except RunBusy:
        return None
    path = data_dir / f"{_PREFIX}{os.getpid()}{_SUFFIX}"
    descriptor = -1
    try:
        _warm_up()
        os.mkfifo(path, 0o600)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        return _listen(descriptor)
    except OSError as error:  # a file system without FIFOs: runs start cold
        _log.warning("%s", error)
        return None
    finally:
        if descriptor >= 0:
            os.close(descriptor)
        path.unlink(missing_ok=True)
        lock.release()


def _listen(descriptor: int) -> str | None:
    deadline = time.monotonic() + _IDLE_SECONDS
    text = b""
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select([descriptor, 0], [], [], left)
        if descriptor in ready:
            part = os.read(descriptor, 64)
            text += part
            run_id = text.decode(errors="replace").strip()
            if text.endswith(b"\n"):
                return run_id if is_id(run_id) else None
            if not part:  # somebody opened the FIFO and said nothing
                return None
        elif 0 in ready and not os.read(0, 64):
            return None
    return None


def _warm_up() -> None:
    """Import what every kind needs, and let each do once what is slow the first time (`warm_up` in its
    module)."""
    for target in KINDS.values():
        try:
            module = importlib.import_module(target.split(":")[0])
        except ImportError as error:
            _log.warning("%s", error)
            continue
        getattr(module, "warm_up", lambda: None)()
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
