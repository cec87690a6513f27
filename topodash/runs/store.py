"""The folder of runs: list, open, state, export, import, delete.

Two folders may stand behind one store: the user's own, and the results that ship with the code, which are
read-only. One damaged file never hides the others.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from topodash.runs import schema
from topodash.runs.errors import NotARun, RunError, RunNotFound
from topodash.runs.importing import check_tables, settle
from topodash.runs.lock import RunLock, is_locked
from topodash.runs.reader import RunReader
from topodash.runs.records import RunMeta, RunStatus

if TYPE_CHECKING:
    from topodash.settings import Settings

_SUFFIX = ".run"
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class RunSummary:
    """A line of the list of runs. When the run cannot be read, `error` says why and `meta` and `status` are
    None.

    Attributes
    ----------
    state : str
        One of the states of `RunStore.state`, or 'damaged'.
    size : int
        Bytes on disk.
    last : dict of str to float
        The newest scalars.
    """

    id: str
    state: str
    size: int
    meta: RunMeta | None = None
    status: RunStatus | None = None
    last: dict[str, float] | None = None
    error: str = ""
    shipped: bool = False


class RunStore:
    """The runs in a folder, and optionally those in a read-only folder of shipped results.

    Parameters
    ----------
    folder : Path
        Made when it is missing.
    shipped : Path, optional
        Its `*.run` files are opened immutable.
    """

    def __init__(self, folder: Path | str, *, shipped: Path | None = None) -> None:
        self.folder = Path(folder)
        self._shipped = shipped

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """The store that the settings name, with the shipped results."""
        return cls(settings.runs_dir, shipped=settings.shipped_runs_dir)

    def path(self, run_id: str) -> Path:
        """Where this run is, or would be, in the user's own folder.

        Raises
        ------
        RunNotFound
            When `run_id` cannot be an id: it never becomes part of a path.
        """
        if not schema.is_id(run_id):
            raise RunNotFound(f"there is no run {str(run_id)[:40]!r}; an id is 16 hex digits")
        return self.folder / f"{run_id}{_SUFFIX}"

    def lock_path(self, run_id: str) -> Path:
        """The file whose lock a writer of this run holds."""
        return self.path(run_id).with_suffix(".lock")

    def log_path(self, run_id: str) -> Path:
        """Where the process of this run writes what it prints."""
        return self.path(run_id).with_suffix(".log")

    def ids(self) -> list[str]:
        """The ids in the user's own folder, readable or not, in no particular order."""
        return _ids(self.folder)

    def shipped_ids(self) -> list[str]:
        """The ids of the results that ship with the code."""
        return sorted(_ids(self._shipped)) if self._shipped else []

    def is_shipped(self, run_id: str) -> bool:
        """Whether this run came with the code; such a run cannot be steered, renamed or deleted."""
        return self._find(run_id)[1]

    def exists(self, run_id: str) -> bool:
        """Whether there is a file for this id."""
        return schema.is_id(run_id) and self._find(run_id)[0].is_file()

    def _find(self, run_id: str) -> tuple[Path, bool]:
        own = self.path(run_id)
        if self._shipped is not None and not own.is_file():
            shipped = self._shipped / own.name
            if shipped.is_file():
                return shipped, True
        return own, False

    def open(self, run_id: str) -> RunReader:
        """A reader of this run; close it, or use it with `with`.

        Raises
        ------
        RunNotFound, NotARun, RunTooNew, RunDamaged, RunBusy
        """
        path, shipped = self._find(run_id)
        return RunReader(path, shipped=shipped)

    def state(self, run_id: str) -> str:
        """The state, with 'interrupted' for a run whose process is gone.

        Raises
        ------
        As `open`.
        """
        with self.open(run_id) as reader:
            return self.state_of(reader)

    def state_of(self, reader: RunReader) -> str:
        """The state of a run that is open already."""
        return self._state(reader)[0]

    def is_running(self, run_id: str) -> bool:
        """Whether a living process writes this run."""
        return is_locked(self.lock_path(run_id))

    def _state(self, reader: RunReader) -> tuple[str, RunStatus]:
        status = reader.status
        if not _waits_for_a_writer(status) or is_locked(reader.path.with_suffix(".lock")):
            return status.state, status
        # The lock is free now; the run may have ended between the two looks. What the file says now is final.
        status = reader.status
        return ("interrupted" if _waits_for_a_writer(status) else status.state), status

    def summary(self, run_id: str) -> RunSummary:
        """A line of the list of runs; never raises for a run that cannot be read."""
        shipped, size = False, 0
        try:
            shipped = self.is_shipped(run_id)
            size = self.size(run_id)
            with self.open(run_id) as reader:
                state, status = self._state(reader)
                return RunSummary(
                    run_id, state, size, reader.meta, status, reader.last_scalars(), shipped=shipped
                )
        except RunError as error:
            return RunSummary(run_id, "damaged", size, error=str(error), shipped=shipped)

    def size(self, run_id: str) -> int:
        """Bytes on disk, with the write-ahead log.

        Raises
        ------
        RunNotFound
        """
        path, _ = self._find(run_id)
        total = 0
        for part in (path, *_beside(path)):
            with contextlib.suppress(FileNotFoundError):
                total += part.stat().st_size
        if total == 0 and not path.exists():
            raise RunNotFound(f"there is no run {run_id}; it may have been deleted")
        return total

    def export(self, run_id: str, target: Path | str) -> Path:
        """Write one whole, plain file, also of a run that is being written; replaces `target` at once or not
        at all.

        Raises
        ------
        As `open`; OSError when `target` cannot be written.
        """
        target = Path(target)
        part = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
        try:
            with self.open(run_id) as reader:
                reader.vacuum_into(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    def import_file(self, path: Path | str, *, max_bytes: int | None = None) -> str:
        """Take an exported file in, after checking all of it; gives its id, or a new one when that is taken.

        Parameters
        ----------
        path : Path
            Left as it is.
        max_bytes : int, optional
            Refuse greater files.

        Raises
        ------
        NotARun, RunTooNew, RunDamaged, RunNotFound
        """
        path = Path(path)
        schema.check_header(path)
        size = path.stat().st_size
        if max_bytes is not None and size > max_bytes:
            raise NotARun(
                f"{path.name} has {size / 2**20:.0f} MB; at most {max_bytes / 2**20:.0f} MB can be imported"
            )
        check_tables(path)
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{os.urandom(8).hex()}.part"
        try:
            # The copy is written by our SQLite from what it could read: free pages and hidden bytes stay
            # behind.
            with RunReader(path, shipped=True) as reader:
                reader.verify()
                run_id = reader.meta.id
                reader.vacuum_into(part)
            if self.exists(run_id):
                run_id = schema.new_id()
            settle(part, run_id)
            while True:
                try:
                    os.link(part, self.path(run_id))  # unlike a rename, never replaces a run
                    return run_id
                except FileExistsError:
                    run_id = schema.new_id()
                    settle(part, run_id)
        finally:
            part.unlink(missing_ok=True)

    def delete(self, run_id: str) -> None:
        """Remove a run and all that stands beside it; nothing happens when there is none.

        Raises
        ------
        RunBusy
            While a process writes it.
        RunError
            For a shipped result.
        """
        path = self.path(run_id)
        if self.is_shipped(run_id):
            raise RunError(f"run {run_id} came with TopoDash and cannot be deleted")
        if not path.parent.is_dir():
            return
        lock = RunLock(self.lock_path(run_id))
        lock.acquire()
        try:
            for part in (path, *_beside(path), self.log_path(run_id)):
                part.unlink(missing_ok=True)
        finally:
            lock.release(unlink=True)


def _ids(folder: Path) -> list[str]:
    try:
        return [path.stem for path in folder.iterdir() if path.suffix == _SUFFIX and schema.is_id(path.stem)]
    except FileNotFoundError:
        return []


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in _BESIDE]


def _waits_for_a_writer(status: RunStatus) -> bool:
    return status.state == "running" or (status.state == "paused" and not status.released)
