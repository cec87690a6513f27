"""Arrays as safetensors bytes (https://huggingface.co/docs/safetensors), never pickle, each with a checksum.

The writer is our own: recording an epoch must cost microseconds, and all epochs of a run share one header,
which is built once for each layout of names, dtypes and shapes. The reader is the safetensors library, which
also checks it.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

SAFETENSORS = "application/x-safetensors"

_CODES = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "uint16": "U16",
    "int16": "I16",
    "uint32": "U32",
    "int32": "I32",
    "uint64": "U64",
    "int64": "I64",
    "float16": "F16",
    "float32": "F32",
    "float64": "F64",
}


def checksum(blob: bytes) -> bytes:
    """Sixteen bytes of blake2b: enough to notice any accident; not meant against an adversary."""
    return hashlib.blake2b(blob, digest_size=16).digest()


@lru_cache(maxsize=256)
def _header(layout: tuple[tuple[str, str, tuple[int, ...], int], ...]) -> bytes:
    entries, offset = {}, 0
    for name, dtype, shape, size in layout:
        entries[name] = {"dtype": _CODES[dtype], "shape": shape, "data_offsets": (offset, offset + size)}
        offset += size
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def encode(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Safetensors bytes of named arrays; a copy, so the caller may go on writing into them.

    Raises
    ------
    ValueError
        For a name that is no string, or an array whose dtype safetensors cannot hold (text, objects,
        complex).
    """
    layout, parts = [], []
    for name, given in arrays.items():
        array = np.asarray(given)
        dtype = array.dtype.name
        if dtype not in _CODES or not array.dtype.isnative:
            raise ValueError(
                f"array {name!r} must hold booleans, integers or floats, was of dtype {array.dtype}"
            )
        if not isinstance(name, str) or name == "__metadata__":
            raise ValueError(f"the name of an array must be a string other than '__metadata__', was {name!r}")
        layout.append((name, dtype, array.shape, array.nbytes))
        parts.append(array.tobytes())
    return b"".join((_header(tuple(layout)), *parts))


def decode(blob: bytes) -> dict[str, np.ndarray]:
    """The arrays of `encode`, writable copies, in the order in which they were given.

    Raises
    ------
    ValueError
        When these are no safetensors bytes.
    """
    try:
        arrays = load(blob)
        length = int.from_bytes(blob[:8], "little")
        return {name: arrays[name] for name in json.loads(blob[8 : 8 + length]) if name in arrays}
    except (SafetensorError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise ValueError(f"not readable as safetensors: {error}") from error
