"""Files that people upload: streamed to disk, bounded, named by their content.

The id is a hash of the bytes, so that a file uploaded twice is kept once and a link to it never changes its
meaning. Beside each file a small JSON file keeps its name, its owners and when it came.
"""

import contextlib
import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from topodash.runs.errors import RunError

if TYPE_CHECKING:
    from topodash.settings import Settings

_ID = re.compile(r"[0-9a-f]{32}")
_CHUNK = 1 << 20


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...


class UploadError(RunError):
    """An upload that cannot be kept or found; the message is for the person."""


class UploadTooLarge(UploadError):
    """More bytes than allowed."""


@dataclass(frozen=True)
class Upload:
    """One uploaded file; `stored` in seconds since 1970."""

    id: str
    name: str
    size: int
    stored: float
    owners: tuple[str, ...]


class Uploads:
    """The uploads in a folder.

    Parameters
    ----------
    folder : Path
        Made when the first file comes.
    max_bytes : int
        Beyond so many bytes the files that were unused for longest are deleted.
    """

    def __init__(self, folder: Path | str, max_bytes: int) -> None:
        self.folder = Path(folder)
        self._max = max_bytes

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """The uploads that the settings name."""
        return cls(settings.uploads_dir, settings.uploads_mb * 2**20)

    def store(self, stream: Readable, limit: int, owner: str, name: str = "") -> str:
        """Keep a stream; gives its id.

        Parameters
        ----------
        stream : object with `read`
        limit : int
            Greatest number of bytes.
        owner : str
        name : str
            What the person's file was called.

        Raises
        ------
        UploadTooLarge, UploadError
            Nothing is kept then. UploadError when the disk is full, or for an empty file.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".{os.urandom(8).hex()}.part"
            try:
                upload_id = _spool(stream, part, limit)
                part.replace(self._file(upload_id))
            finally:
                part.unlink(missing_ok=True)
            self._describe(upload_id, owner, name)
        except OSError as error:
            raise UploadError(f"the file could not be kept: {error.strerror or error}") from error
        self.expire(keep=upload_id)
        return upload_id

    def _describe(self, upload_id: str, owner: str, name: str) -> None:
        try:
            before = self.entry(upload_id)
            owners, name, stored = before.owners, before.name or name, before.stored
        except UploadError:
            owners, stored = (), time.time()
        text = json.dumps({"name": name[:200], "stored": stored, "owners": sorted({*owners, owner})})
        part = self.folder / f".{os.urandom(8).hex()}.part"
        try:
            part.write_text(text)
            part.replace(self._note(upload_id))
        finally:
            part.unlink(missing_ok=True)

    def _file(self, upload_id: str) -> Path:
        if not isinstance(upload_id, str) or not _ID.fullmatch(upload_id):
            raise UploadError("there is no such upload")
        return self.folder / f"{upload_id}.bin"

    def _note(self, upload_id: str) -> Path:
        return self._file(upload_id).with_suffix(".json")

    def path(self, upload_id: str) -> Path:
        """The file of an upload, marked as used.

        Raises
        ------
        UploadError
            When there is none (any more).
        """
        path = self._file(upload_id)
        try:
            os.utime(path)
        except OSError:
            raise UploadError("this upload is no longer there; upload the file again") from None
        return path

    def entry(self, upload_id: str) -> Upload:
        """What is known of an upload; UploadError when there is none."""
        try:
            size = self._file(upload_id).stat().st_size
            note = json.loads(self._note(upload_id).read_text())
            return Upload(
                upload_id, str(note["name"]), size, float(note["stored"]), tuple(map(str, note["owners"]))
            )
        except (OSError, ValueError, KeyError, TypeError):
            raise UploadError("this upload is no longer there; upload the file again") from None

    def entries(self, owner: str | None = None) -> list[Upload]:
        """The uploads of an owner, or all, newest first."""
        found = []
        for path in self.folder.glob("*.bin"):
            with contextlib.suppress(UploadError):
                entry = self.entry(path.stem)
                if owner is None or owner in entry.owners:
                    found.append(entry)
        return sorted(found, key=lambda entry: (-entry.stored, entry.id))

    def delete(self, upload_id: str) -> None:
        """Remove an upload; nothing happens when there is none."""
        self._file(upload_id).unlink(missing_ok=True)
        self._note(upload_id).unlink(missing_ok=True)

    def expire(self, *, keep: str | None = None) -> list[str]:
        """Delete what was unused for longest until the folder is small enough; never `keep`. Gives the
        deleted ids."""
        files = []
        for path in self.folder.glob("*.bin"):
            with contextlib.suppress(OSError):
                info = path.stat()
                files.append((info.st_mtime, info.st_size, path.stem))
        total, gone = sum(size for _, size, _ in files), []
        for _, size, upload_id in sorted(files):
            if total <= self._max:
                break
            if upload_id != keep:
                self.delete(upload_id)
                total -= size
                gone.append(upload_id)
        for part in self.folder.glob(".*.part"):
            with contextlib.suppress(OSError):
                if time.time() - part.stat().st_mtime > 3600:
                    part.unlink()
        return gone


def _spool(stream: Readable, part: Path, limit: int) -> str:
    digest, size = hashlib.blake2b(digest_size=16), 0
    with part.open("xb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise UploadTooLarge(f"the file is larger than {limit / 2**20:.0f} MB")
            digest.update(chunk)
            file.write(chunk)
    if size == 0:
        raise UploadError("the file is empty")
    return digest.hexdigest()
