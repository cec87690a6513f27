"""A request's body, read piece by piece, and no more of it than is allowed."""

from __future__ import annotations

import time
from pathlib import Path

from flask import request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from topodash.web.errors import ApiError

PIECE = 256 * 1024
#: A refused body is read on for a while, so that the browser gets to read the answer before the line is cut.
_DRAIN_SECONDS = 3.0


def megabytes(count: int) -> str:
    """A size limit as it is said: '200 MB'."""
    return f"{count / 2**20:.0f} MB" if count >= 2**20 else f"{count} bytes"


class Body:
    """The body of the present request as a stream of at most `limit` bytes.

    Raises
    ------
    ApiError
        413 when it is longer than `limit`: at once where the length is announced, else while it is read.
        400 when it breaks off.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen = 0
        self._announced = request.content_length
        if self._announced is not None and self._announced > limit:
            _drain(self._announced)
            raise self._too_large()
        request.max_content_length = limit

    def _too_large(self) -> ApiError:
        return ApiError(
            413, f"The file is larger than {megabytes(self._limit)}, the most that is taken here."
        )

    def read(self, size: int = PIECE, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        try:
            piece = request.stream.read(min(size, PIECE))
        except RequestEntityTooLarge:
            raise self._too_large() from None
        except ClientDisconnected:
            raise ApiError(400, "The file broke off on its way; send it again.") from None
        self._seen += len(piece)
        if self._seen > self._limit:
            raise self._too_large()
        if not piece and self._announced is not None and self._seen < self._announced:
            raise ApiError(400, "The file broke off on its way; send it again.")
        return piece

    def save(self, target: Path) -> int:
        """Write all of it into a new file; the number of bytes. A file that is not whole is removed again."""
        try:
            with target.open("xb") as file:
                while piece := self.read():
                    file.write(piece)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        if self._seen == 0:
            target.unlink()
            raise ApiError(400, "The file is empty.")
        return self._seen


def _drain(left: int) -> None:
    until = time.monotonic() + _DRAIN_SECONDS
    stream = request.environ["wsgi.input"]
    while left > 0 and time.monotonic() < until:
        piece = stream.read(min(PIECE, left))
        if not piece:
            return
        left -= len(piece)
