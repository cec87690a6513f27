"""Keys of results: what was computed, from what, by which version; never how often or by whom.

Arrays enter by dtype, shape and bytes. (Fingerprints by `repr`, as some memoisers make them, are equal for
different arrays whose middle is printed as '...'.)
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


def key(
    algorithm: str,
    version: int | str,
    parameters: Mapping[str, Any] | None = None,
    arrays: Iterable[np.ndarray] = (),
) -> str:
    """The key of one result: 40 hex digits.

    Parameters
    ----------
    algorithm, version : str, int or str
        A changed algorithm gets a new version, and with it new keys.
    parameters : JSON object
        The order of its keys does not matter; 1 and 1.0 are the same number; numpy numbers are numbers.
    arrays : iterable of ndarray
        In a fixed order. Memory layout does not matter, dtype and shape do.

    Raises
    ------
    ValueError
        For parameters that are not JSON, or an array of objects.
    """
    digest = hashlib.blake2b(digest_size=20)
    try:
        text = json.dumps([algorithm, str(version), _canonical(parameters or {})], sort_keys=True)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"parameters must be JSON: {error}") from error
    digest.update(text.encode())
    for array in arrays:
        digest.update(fingerprint(array).encode())
    return digest.hexdigest()


def fingerprint(array: np.ndarray) -> str:
    """Hash of an array's dtype, shape and bytes: 40 hex digits.

    Raises
    ------
    ValueError
        For an array of objects: its bytes are addresses.
    """
    array = np.asarray(array)
    if array.dtype.hasobject:
        raise ValueError(
            f"an array must hold numbers or text to have a fingerprint, was of dtype {array.dtype}"
        )
    digest = hashlib.blake2b(digest_size=20)
    digest.update(f"{array.dtype.str} {array.dtype.descr} {array.shape} ".encode())
    digest.update(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
    return digest.hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("the keys of an object must be text")
        return {name: _canonical(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is not JSON; arrays go in `arrays`")
