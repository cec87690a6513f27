"""Messages between the web process and a worker: a kind, a length, and bytes; JSON or `compute.codec`, never
pickle."""

import json
from typing import IO, Any

QUESTION, PROGRESS, STORED, RESULT, FAILED = b"Q", b"P", b"S", b"R", b"F"


def send(stream: IO[bytes], kind: bytes, body: bytes) -> None:
    """Write one message; OSError when nobody reads any more."""
    stream.write(kind + len(body).to_bytes(8, "little") + body)
    stream.flush()


def send_json(stream: IO[bytes], kind: bytes, value: Any) -> None:
    """Write one message of JSON."""
    send(stream, kind, json.dumps(value).encode())


def receive(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The next message, or None when the other end is closed or died in mid-message."""
    head = stream.read(9)
    if len(head) < 9:
        return None
    size = int.from_bytes(head[1:], "little")
    body = stream.read(size)
    return (head[:1], body) if len(body) == size else None
