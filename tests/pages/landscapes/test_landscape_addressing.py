"""The address says what is drawn, also while a control holds what cannot be."""

from topodash.pages.landscapes.addressing import drawn_with
from topodash.pages.landscapes.controls import VIEW


def test_a_control_that_cannot_be_read_counts_as_not_touched():
    raw = {**VIEW.defaults(), "permutations": 5, "network": 1.5, "axes": "own"}
    values, problem = drawn_with(raw)
    assert values == {**VIEW.defaults(), "axes": "own"}
    assert [name for name, _ in problem.errors] == ["network", "permutations"]


def test_controls_that_can_be_read_are_as_they_are():
    raw = {**VIEW.defaults(), "functions": 8, "degree": "0"}
    assert drawn_with(raw) == (raw, None)
