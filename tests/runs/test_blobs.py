"""Our fast writer of safetensors against the library that defines the format."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import load

from topodash.runs.blobs import decode, encode

DTYPES = [np.bool_, *(f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)), "f2", "f4", "f8"]
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
)


@given(st.dictionaries(st.text(max_size=8).filter(lambda name: name != "__metadata__"), ARRAYS, max_size=4))
def test_the_safetensors_library_reads_back_every_bit(arrays):
    blob = encode(arrays)
    assert list(decode(blob)) == list(arrays)
    for read in (load(blob), decode(blob)):
        assert set(read) == set(arrays)
        for name, array in arrays.items():
            assert read[name].dtype == array.dtype
            assert read[name].shape == array.shape
            assert read[name].tobytes() == array.tobytes()


def test_a_view_in_another_memory_order_keeps_its_values():
    array = np.arange(12.0).reshape(3, 4).T[::2]
    assert np.array_equal(decode(encode({"a": array}))["a"], array)


@pytest.mark.parametrize(
    "array", [np.array(["text"]), np.array([object()]), np.ones(2, complex), np.ones(2, ">f4")]
)
def test_what_safetensors_cannot_hold_is_refused_by_name(array):
    with pytest.raises(ValueError, match="array 'bad' must hold booleans, integers or floats"):
        encode({"bad": array})


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_and_never_crash(blob):
    try:
        decode(blob)
    except ValueError:
        return
    assert len(blob) >= 8
