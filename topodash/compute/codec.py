"""Results as bytes and back: a JSON tree with numpy arrays; never pickle.

    magic (8) | checksum of the rest (16) | length of the JSON (8, little-endian) | JSON | npz

Arrays are members of the npz, named 0, 1, 2, ...; the JSON holds {"__array__": 0} in their place. Tuples and
numpy scalars come back as what they were. Bytes that are not exactly this are refused with Undecodable,
whoever wrote them: nothing in them is executed, and nothing greater than the bytes themselves is allocated.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

_MAGIC = b"TOPODSH1"
_HEAD = len(_MAGIC) + 16 + 8
_TAGS = ("__array__", "__scalar__", "__tuple__", "__object__")


# RuntimeError covers too deep a tree and an encrypted member; the bytes may come from anybody.
_FAILURES = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RuntimeError,
    MemoryError,
    OSError,
    EOFError,
    zipfile.BadZipFile,
)


class Undecodable(ValueError):
    """These bytes are no result."""


def encode(value: Any) -> bytes:
    """The bytes of a result.

    Parameters
    ----------
    value : None, bool, int, float, str, numpy array or scalar, or a list, tuple or dict (text keys) of such

    Raises
    ------
    TypeError
        For anything else, and for arrays of objects.
    """
    arrays: list[np.ndarray] = []
    text = json.dumps(_pack(value, arrays), separators=(",", ":")).encode()
    packed = io.BytesIO()
    if arrays:
        named: dict[str, Any] = {str(index): array for index, array in enumerate(arrays)}
        np.savez(packed, allow_pickle=False, **named)
    body = len(text).to_bytes(8, "little") + text + packed.getvalue()
    return _MAGIC + _checksum(body) + body


def decode(data: bytes) -> Any:
    """The result that `encode` was given, with new, writable arrays.

    Raises
    ------
    Undecodable
    """
    start = len(_MAGIC) + 16
    body = data[start:]
    if len(data) < _HEAD or data[:start] != _MAGIC + _checksum(body):
        raise Undecodable("not a result, or damaged")
    length = int.from_bytes(body[:8], "little")
    try:
        tree = json.loads(body[8 : 8 + length])
        return _unpack(tree, _load(body[8 + length :]))
    except _FAILURES as error:
        raise Undecodable(f"not a result: {error}") from error


def _checksum(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


def _pack(value: Any, arrays: list[np.ndarray]) -> Any:
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.kind not in "biufcSUmM":
            raise TypeError(
                f"an array in a result must hold numbers, text or times, was of dtype {array.dtype}"
            )
        arrays.append(array)
        return {"__scalar__" if isinstance(value, np.generic) else "__array__": len(arrays) - 1}
    if type(value) is list:
        return [_pack(item, arrays) for item in value]
    if type(value) is tuple:
        return {"__tuple__": [_pack(item, arrays) for item in value]}
    if isinstance(value, Mapping) and all(type(name) is str for name in value):
        packed = {name: _pack(item, arrays) for name, item in value.items()}
        return {"__object__": packed} if any(tag in packed for tag in _TAGS) else packed
    raise TypeError(
        "a result must be a JSON tree with numpy arrays and text keys, "
        f"holds {type(value).__name__} ({value!r:.40})"
    )


def _unpack(tree: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(tree, list):
        return [_unpack(item, arrays) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if len(tree) == 1:
        if "__array__" in tree:
            return arrays[tree["__array__"]]
        if "__scalar__" in tree:
            return arrays[tree["__scalar__"]][()]
        if "__tuple__" in tree:
            return tuple(_unpack(item, arrays) for item in tree["__tuple__"])
        if "__object__" in tree:
            tree = tree["__object__"]
    return {name: _unpack(item, arrays) for name, item in tree.items()}


def _load(data: bytes) -> list[np.ndarray]:
    if not data:
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # np.savez stores without compression, so what claims to be greater than the file is no result of
        # ours.
        members = archive.infolist()
        if any(
            member.compress_type != zipfile.ZIP_STORED or member.file_size > len(data) for member in members
        ):
            raise ValueError("compressed or oversized arrays")
        return [_read(archive, f"{index}.npy", len(data)) for index in range(len(members))]


def _read(archive: zipfile.ZipFile, name: str, most: int) -> np.ndarray:
    with archive.open(name) as file:
        version = np.lib.format.read_magic(file)
        reader = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = reader(file)
        count = int(np.prod(shape, dtype=object)) if shape else 1
        if dtype.hasobject or count < 0 or count * dtype.itemsize > most:
            raise ValueError("an array greater than its bytes")
    with archive.open(name) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
