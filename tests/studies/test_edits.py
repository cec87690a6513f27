"""A dragged hyperplane passes where it was put; a typed weight is set; everything else is refused."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from topodash.studies.edits import LARGEST, apply_edits, move_line

WEIGHTS = {
    "W1": np.array([[1, 2], [3, 4], [-5, 6]], np.float32),
    "b1": np.array([0.5, 0, -1], np.float32),
    "W2": np.array([[1, -1, 2]], np.float32),
    "b2": np.array([0.25], np.float32),
}
coordinate = st.floats(-100, 100).map(lambda v: round(v, 3))
point = st.tuples(coordinate, coordinate)


@given(point, point, point)
def test_the_line_passes_through_both_points_as_steep_as_before_on_the_nearer_side(weight, first, second):
    assume(np.hypot(*weight) > 0.01)
    assume(np.hypot(*np.subtract(first, second)) > 0.01)
    moved, bias = move_line(np.array(weight), np.array([first, second]))
    steepness = np.hypot(*weight)
    assert np.hypot(*moved) == pytest.approx(steepness)
    for end in (first, second):
        assert abs(moved @ end + bias) <= 1e-9 * steepness * (1 + np.hypot(*end))
    assert moved @ weight >= -1e-9 * steepness**2


@pytest.mark.parametrize("degrees", [-89, -45, 0, 30, 89])
def test_a_line_turned_by_less_than_a_quarter_turn_keeps_its_positive_side(degrees):
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    old = np.array([0.0, 2.0])  # the line y = 0, positive above
    segment = np.array([[-1.0, 0], [1, 0]]) @ turn.T
    for ends in (segment, segment[::-1]):  # whichever end is named first
        moved, bias = move_line(old, ends)
        np.testing.assert_allclose(moved, turn @ old, atol=1e-12)
        assert bias == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("weight", "segment", "words"),
    [
        ([1, 0], [[1, 1], [1, 1]], "different"),
        ([0, 0], [[0, 0], [1, 1]], "weight must not be zero"),
        ([1, 0], [[0, np.nan], [1, 1]], "finite"),
        ([1, 0], [[0, np.inf], [1, 1]], "finite"),
        ([1, 0], [[0, 0]], "two finite points"),
    ],
)
def test_segments_that_are_no_line_are_refused(weight, segment, words):
    with pytest.raises(ValueError, match=words):
        move_line(np.array(weight, dtype=float), np.array(segment, dtype=float))


def test_changes_are_made_in_their_order_on_a_copy():
    before = {name: values.copy() for name, values in WEIGHTS.items()}
    edited = apply_edits(
        WEIGHTS,
        [
            {"entry": "W1[0,1]", "value": 7},
            {"entry": "b2[0]", "value": -0.1},
            {"unit": 2, "segment": [[0, 0], [1, 1]]},
            {"entry": "b1[2]", "value": 3},
        ],
    )
    assert edited["W1"][0, 1] == 7
    assert edited["b2"][0] == np.float32(-0.1)
    assert edited["b1"][2] == 3
    assert edited["W1"][2] @ [1, 1] == pytest.approx(0, abs=1e-5)
    assert all(values.dtype == np.float32 for values in edited.values())
    assert all(np.array_equal(before[name], WEIGHTS[name]) for name in before)
    assert all(np.array_equal(values, before[name]) for name, values in apply_edits(WEIGHTS, []).items())


def test_a_dragged_line_is_read_in_the_units_of_the_picture():
    scale, centre = np.array([10.0, 0.1]), np.array([100.0, -3.0])
    drawn = np.array([[105.0, -2.95], [90.0, -3.02]])
    edited = apply_edits(WEIGHTS, [{"unit": 0, "segment": drawn.tolist()}], lambda p: (p - centre) / scale)
    ends = (drawn - centre) / scale
    np.testing.assert_allclose(ends @ edited["W1"][0] + edited["b1"][0], 0, atol=1e-5)


@pytest.mark.parametrize(
    "change",
    [
        7, None, "W1[0,0]=1", [], {}, {"entry": "W1[0,0]"}, {"value": 1},
        {"entry": "W1[3,0]", "value": 1}, {"entry": "W1[0]", "value": 1}, {"entry": "b1[0,0]", "value": 1},
        {"entry": "W9[0,0]", "value": 1}, {"entry": "W1[-1,0]", "value": 1}, {"entry": "__class__", "value": 1},
        {"entry": 3, "value": 1}, {"entry": "W1[0,0]", "value": "1"}, {"entry": "W1[0,0]", "value": True},
        {"entry": "W1[0,0]", "value": None}, {"entry": "W1[0,0]", "value": float("nan")},
        {"entry": "W1[0,0]", "value": float("inf")}, {"entry": "W1[0,0]", "value": 2 * LARGEST},
        {"entry": "W1[0,0]", "value": 10**400}, {"entry": "W1[0,0]", "value": [1]},
        {"entry": "W1[0," + "9" * 5000 + "]", "value": 1},
        {"unit": 3, "segment": [[0, 0], [1, 1]]}, {"unit": -1, "segment": [[0, 0], [1, 1]]},
        {"unit": "0", "segment": [[0, 0], [1, 1]]}, {"unit": True, "segment": [[0, 0], [1, 1]]},
        {"unit": None, "segment": [[0, 0], [1, 1]]},
        {"unit": 0, "segment": None}, {"unit": 0, "segment": "abc"}, {"unit": 0, "segment": {"x": 1}},
        {"unit": 0, "segment": []}, {"unit": 0, "segment": [[0, 0], [1]]}, {"unit": 0, "segment": [[0, 0, 0], [1, 1, 1]]},
        {"unit": 0, "segment": [["a", 0], [1, 1]]}, {"unit": 0, "segment": [[None, 0], [1, 1]]},
        {"unit": 0, "segment": [[{}, 0], [1, 1]]}, {"unit": 0, "segment": [[10**400, 0], [1, 1]]},
        {"unit": 0, "segment": [[1e308, 1e308], [-1e308, -1e308]]},
    ],
    ids=lambda change: str(change)[:50],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(change):
    with pytest.raises(ValueError, match="must"):
        apply_edits(WEIGHTS, [change])
