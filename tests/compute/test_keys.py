"""Keys: equal for equal questions, different for different ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topodash.compute import fingerprint, key

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


def test_the_order_of_parameters_and_the_kind_of_number_do_not_matter():
    same = key("a", 1, {"x": 1, "y": [1.5, True]})
    assert key("a", 1, {"y": (1.5, True), "x": 1.0}) == same
    assert key("a", "1", {"y": [np.float64(1.5), np.True_], "x": np.int32(1)}) == same


def test_everything_else_matters():
    points = np.arange(6.0).reshape(3, 2)
    keys = [
        key("a", 1, {"x": 1}, [points]),
        key("b", 1, {"x": 1}, [points]),
        key("a", 2, {"x": 1}, [points]),
        key("a", 1, {"x": 2}, [points]),
        key("a", 1, {"x": True}, [points]),
        key("a", 1, {"x": "1"}, [points]),
        key("a", 1, {"x": None}, [points]),
        key("a", 1, {"x": [1]}, [points]),
        key("a", 1, {"x": 1, "y": None}, [points]),
        key("a", 1, {"x": 1}, []),
        key("a", 1, {"x": 1}, [points, points]),
        key("a", 1, {"x": 1}, [points.astype("f4")]),
        key("a", 1, {"x": 1}, [points.reshape(2, 3)]),
        key("a", 1, {"x": 1}, [points.ravel()]),
        key("a", 1, {"x": 1}, [points + 1e-12]),
        key("a", 1, {"x": 1}, [-points]),
    ]
    assert len(set(keys)) == len(keys)


def test_large_arrays_that_print_alike_differ():
    """`repr` shows both as the same five numbers and '...'."""
    one, other = np.zeros(5000), np.zeros(5000)
    other[2500] = 1
    assert repr(one) == repr(other)
    assert fingerprint(one) != fingerprint(other)


def test_memory_order_does_not_matter_and_empty_shapes_do():
    array = np.arange(12).reshape(3, 4)
    assert fingerprint(np.asfortranarray(array)) == fingerprint(array) == fingerprint(array[:, ::-1][:, ::-1])
    assert fingerprint(np.empty((0, 2))) != fingerprint(np.empty((2, 0)))
    assert fingerprint(np.array(["a"])) != fingerprint(np.array(["b"]))


@given(JSON)
def test_any_json_has_a_stable_key(value):
    assert key("a", 1, {"v": value}) == key("a", 1, {"v": value})


@pytest.mark.parametrize("value", [np.ones(2), {1: 2}, object(), {1, 2}, b"bytes"])
def test_what_is_not_json_is_refused(value):
    with pytest.raises(ValueError, match="parameters must be JSON"):
        key("a", 1, {"v": value})


def test_arrays_of_objects_have_no_fingerprint():
    with pytest.raises(ValueError, match="must hold numbers or text"):
        fingerprint(np.array([object()]))
