"""Take a request's body piece by piece into a file, and no more of it than is allowed."""

from __future__ import annotations

import errno
import hashlib
import time
from pathlib import Path

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from topodash.web.errors import ApiError

_PIECE = 256 * 1024
#: A refused body is read for this long, so that the browser gets to read the answer before the line is cut.
_DRAIN_SECONDS = 3.0
_DRAIN_BYTES = 512 * 1024 * 1024


def megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB" if count >= 10e6 else f"{count / 1e6:.1f} MB"


def _drain() -> None:
    request.max_content_length = _DRAIN_BYTES
    until = time.monotonic() + _DRAIN_SECONDS
    stream = request.environ["wsgi.input"]
    left = request.content_length or 0
    while left > 0 and time.monotonic() < until:
        piece = stream.read(min(_PIECE, left))
        if not piece:
            return
        left -= len(piece)


def receive(target: Path, limit: int) -> tuple[int, str]:
    """Write the body of this request into `target`.

    Parameters
    ----------
    target : Path
        A new file; it is removed again when the body is refused.
    limit : int
        The greatest size in bytes.

    Returns
    -------
    size, digest : int, str
        Bytes written, and 32 hex digits of their BLAKE2b.

    Raises
    ------
    ApiError
        413 when the body is larger than `limit`, 400 when it is empty or breaks off, 507 when the disk
        is full.
    """
    too_large = ApiError(413, f"The file is larger than {megabytes(limit)}, the most that is taken here.")
    if request.content_length is not None and request.content_length > limit:
        _drain()
        raise too_large
    request.max_content_length = limit
    digest = hashlib.blake2b(digest_size=16)
    size = 0
    try:
        with target.open("xb") as file:
            while piece := request.stream.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise too_large
                digest.update(piece)
                file.write(piece)
        if size == 0:
            raise ApiError(400, "The file is empty.")
        if request.content_length is not None and size < request.content_length:
            raise ApiError(
                400, f"The file broke off after {size} of {request.content_length} bytes; send it again."
            )
    except RequestEntityTooLarge:
        target.unlink(missing_ok=True)
        raise too_large from None
    except OSError as problem:
        target.unlink(missing_ok=True)
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ApiError(
                507, "The disk of the server is full; nothing was saved. Delete some runs first."
            ) from None
        raise
    except ApiError:
        target.unlink(missing_ok=True)
        raise
    return size, digest.hexdigest()
