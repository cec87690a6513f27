"""One frame of the live page as bytes: four letters, the length of a JSON header, the header, the arrays.

`assets/live_frame.js` reads it. The header says of each array its type (`f4`, `u1`, `u2`, `u4`, `i2`, little-endian),
shape and place. Activations travel as 16-bit integers with one scale: 1000 points fit into 20 kB.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

MAGIC = b"TDF1"
#: Affine maps go along while the complex has at most this many cells.
MAPS_UP_TO = 64
_CODES = {"<f4": "f4", "|u1": "u1", "<u2": "u2", "<u4": "u4", "<i2": "i2"}


def encode(head: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """Pack a header and arrays; float64 becomes float32, every array starts at a multiple of four bytes.

    Raises
    ------
    ValueError
        For an array of a type that frames do not have.
    """
    places: dict[str, list[Any]] = {}
    pieces: list[bytes] = []
    offset = 0
    for name, values in arrays.items():
        array = np.ascontiguousarray(values, dtype="<f4" if values.dtype.kind == "f" else None)
        code = _CODES.get(array.dtype.str)
        if code is None:
            raise ValueError(
                f"the array {name!r} must be float, uint8, uint16, uint32 or int16, was {array.dtype}"
            )
        data = array.tobytes()
        places[name] = [code, list(array.shape), offset]
        padding = -len(data) % 4
        pieces += [data, b"\0" * padding]
        offset += len(data) + padding
    text = json.dumps({**head, "arrays": places}, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *pieces])


def decode(data: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The inverse, for tests and scripts.

    Raises
    ------
    ValueError
        When the bytes are not a frame of this version.
    """
    if data[:4] != MAGIC:
        raise ValueError(f"data must begin with {MAGIC!r}, a frame of this version, was {data[:4]!r}")
    length = int.from_bytes(data[4:8], "little")
    head = json.loads(data[8 : 8 + length])
    arrays = {}
    for name, (code, shape, offset) in head.pop("arrays").items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, dtype=f"<{code}", count=count, offset=8 + length + offset).reshape(
            shape
        )
    return head, arrays


def quantise(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Floats as int16 and the scale that gives them back, to one part in 32767 of the greatest."""
    greatest = float(np.abs(values).max(initial=0.0))
    scale = greatest / 32767 if greatest > 0 else 1.0
    return np.round(values / scale).astype("<i2"), scale


def in_bytes(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Non-negative floats as uint8 of their greatest value, and that value."""
    greatest = float(values.max(initial=0.0))
    return np.round(values * (255 / greatest if greatest > 0 else 0.0)).astype(np.uint8), greatest
