"""Results as bytes: everything comes back as it was, and no bytes whatever do harm."""

import io
import json
import math
import pickle
import random
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from topodash.compute import Undecodable, decode, encode
from topodash.compute.codec import _MAGIC, _checksum

DTYPES = st.sampled_from(["?", "i1", "u2", "i8", "u8", "f2", "f4", "f8", "c16", "<U3", "S2", "M8[s]", ">f8"])
ARRAYS = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0)))
TAGS = st.sampled_from(["__array__", "__scalar__", "__tuple__", "__object__"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text() | TAGS, inner, max_size=3)
    ),
    max_leaves=6,
)


def same(one, other):
    """Equal in type, shape, bits and structure; NaN equals NaN."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray | np.generic):
        assert one.dtype == other.dtype
        assert one.shape == other.shape
        assert one.tobytes() == other.tobytes()
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for name in one:
            same(one[name], other[name])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            same(left, right)
    else:
        assert one == other or (math.isnan(one) and math.isnan(other))


@given(VALUES)
def test_whatever_goes_in_comes_out(value):
    same(decode(encode(value)), value)


def test_the_cases_that_others_lose():
    same(decode(encode(None)), None)
    value = {
        "nan": math.nan,
        "empty": np.empty((0, 2)),
        "large": 2**70,
        "int64": np.array([2**63 - 1, -(2**63)]),
        "scalar": np.float32(0.1),
        "bool": np.array([True, False]),
        "unicode": ["∅", "ü", "\ud800"],
        "nested": [{"a": ({"b": np.arange(3)},)}],
        "fortran": np.asfortranarray(np.arange(6).reshape(2, 3)),
        "__array__": 0,
        "": {"__tuple__": [1]},
    }
    same(decode(encode(value)), value)
    result = decode(encode(np.arange(3)))
    result[0] = 7  # ours to write into


@pytest.mark.parametrize(
    "value", [{1: 2}, {1, 2}, object(), b"bytes", np.array([object()]), [np.zeros(1, dtype="i4,f8")], 1 + 2j]
)
def test_what_cannot_come_back_is_refused_at_once(value):
    with pytest.raises(TypeError, match="result"):
        encode(value)


def test_damaged_bytes_are_refused():
    good = encode({"a": np.arange(100), "b": "text"})
    generator = random.Random(0)
    for _ in range(300):
        data = bytearray(good)
        data[generator.randrange(len(data))] ^= generator.randrange(1, 256)
        with pytest.raises(Undecodable):
            decode(bytes(data))
    for length in range(0, len(good), 7):
        with pytest.raises(Undecodable):
            decode(good[:length])


def planted(tree, archive=b""):
    """Bytes with a right checksum, as somebody who can write into the folder could leave them."""
    text = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    body = len(text).to_bytes(8, "little") + text + archive
    return _MAGIC + _checksum(body) + body


def zipped(members, compression=zipfile.ZIP_STORED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def npy(header, data=b""):
    text = header.encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


class Evil:
    """Would call a function when unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("code from a cache entry was run",))


def test_planted_bytes_do_nothing():
    array = io.BytesIO()
    np.save(array, np.array([Evil()], dtype=object), allow_pickle=True)
    huge = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }")
    negative = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }")
    reference = {"__array__": 0}
    for data in (
        pickle.dumps(Evil()),
        planted(pickle.dumps(Evil())),
        planted(reference, pickle.dumps(Evil())),
        planted(reference, zipped({"0.npy": array.getvalue()})),
        planted(reference, zipped({"0.npy": pickle.dumps(Evil())})),
        planted(reference, zipped({"0.npy": huge})),
        planted(reference, zipped({"0.npy": negative})),
        planted(reference, zipped({"0.npy": bytes(10**7)}, zipfile.ZIP_DEFLATED)),
        planted(reference, zipped({"../../1.npy": b"x"})),
        planted(reference),
        planted({"__array__": "0"}),
        planted({"__array__": -5}),
        planted({"__tuple__": 3}),
        planted({"__object__": 3}),
        planted(b"[" * 100_000 + b"]" * 100_000),
        planted(b"\xff\xfe"),
        b"",
        bytes(1000),
    ):
        with pytest.raises(Undecodable):
            decode(data)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused(data):
    with pytest.raises(Undecodable):
        decode(data)
