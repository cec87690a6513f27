"""The codec of frames: byte for byte, and how exactly numbers are packed."""

import json

import numpy as np
import pytest

from topodash.web.frame_codec import decode, encode, in_bytes, quantise


def test_what_is_encoded_is_decoded_byte_for_byte():
    arrays = {
        "a": np.linspace(-1, 1, 7, dtype=np.float32).reshape(7, 1), "b": np.arange(5, dtype=np.uint8), "c": np.array([[65535, 1]], dtype="<u2"),
        "d": np.array([2**32 - 1], dtype="<u4"), "e": np.array([-32767, 0, 32767], dtype="<i2"), "none": np.zeros((0, 2), np.float32),
    }  # fmt: skip
    data = encode({"word": "∅", "n": 1.5}, arrays)
    head, found = decode(data)
    assert head == {"word": "∅", "n": 1.5}
    assert found.keys() == arrays.keys()
    for name, values in arrays.items():
        np.testing.assert_array_equal(found[name], values)
        assert found[name].dtype == values.dtype
    # Typed arrays of the browser need this.
    length = int.from_bytes(data[4:8], "little")
    places = json.loads(data[8 : 8 + length])["arrays"]
    assert (8 + length) % 4 == 0
    assert all(offset % 4 == 0 for _, _, offset in places.values())


def test_other_types_and_other_bytes_are_refused():
    with pytest.raises(ValueError, match="'ids' must be"):
        encode({}, {"ids": np.arange(3)})
    with pytest.raises(ValueError):
        encode({"x": float("nan")}, {})
    with pytest.raises(ValueError, match="frame of this version"):
        decode(b"TDF9" + bytes(100))


@pytest.mark.parametrize("size", [1e-30, 1e-3, 1.0, 7.7, 1e20])
def test_quantised_values_are_within_half_a_step(size):
    values = size * np.random.default_rng(0).normal(size=(500, 3))
    packed, scale = quantise(values)
    assert packed.dtype == np.dtype("<i2")
    assert np.abs(packed * scale - values).max() <= scale / 2 * (1 + 1e-9)
    assert scale == pytest.approx(np.abs(values).max() / 32767)
    positive = np.abs(values)
    small, top = in_bytes(positive)
    assert np.abs(small / 255 * top - positive).max() <= top / 510 * (1 + 1e-9)


def test_nothing_quantises_to_nothing():
    for values in (np.zeros((4, 3)), np.zeros((0, 3))):
        packed, scale = quantise(values)
        assert not packed.any()
        assert np.isfinite(scale)
        assert not in_bytes(values)[0].any()
