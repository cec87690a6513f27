"""Statistics of angles against closed forms."""

import numpy as np
import pytest

from topodash.topology.angles import circular_correlation, circular_mean, uniform_scores, winding_number


def test_scores_are_even_and_ties_share_theirs():
    np.testing.assert_allclose(uniform_scores([0.1, 3.0, 0.2, 6.0]), 2 * np.pi * np.array([1, 3, 2, 4]) / 4)
    np.testing.assert_allclose(uniform_scores([1.0, 1.0, 2.0]), 2 * np.pi * np.array([1.5, 1.5, 3]) / 3)


@pytest.mark.parametrize("reflect", [1, -1])
def test_any_rotation_or_reflection_of_an_angle_has_correlation_1(reflect):
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 100)
    result = circular_correlation(angle, reflect * angle + 2.3, permutations=99)
    assert result.value == pytest.approx(1)
    assert result.reflected == (reflect == -1)
    assert result.p_value == 0.01


def test_concentrated_but_independent_angles_do_not_correlate():
    rng = np.random.default_rng(1)
    a, b = rng.vonmises(0, 8, 400), rng.vonmises(1, 8, 400)
    raw = abs(np.mean(np.exp(1j * (a - b))))
    result = circular_correlation(a, b, permutations=199)
    assert raw > 0.8
    assert result.value < 0.15
    assert result.p_value > 0.05


def test_p_values_of_independent_angles_are_uniform():
    rng = np.random.default_rng(2)
    p = [
        circular_correlation(rng.random(30), rng.random(30), permutations=19, seed=i).p_value
        for i in range(300)
    ]
    assert abs(np.mean(np.array(p) <= 0.05) - 0.05) < 0.04
    assert abs(np.mean(p) - 0.525) < 0.05


def test_the_null_is_seeded():
    a, b = np.random.default_rng(3).random((2, 20)) * 6
    np.testing.assert_array_equal(circular_correlation(a, b).null, circular_correlation(a, b).null)


@pytest.mark.parametrize("turns", [-2, -1, 0, 1, 3])
def test_winding_number(turns):
    along = np.arange(40) / 40
    angles = 2 * np.pi * turns * along + 0.3 * np.sin(2 * np.pi * along) + 5
    assert winding_number(np.mod(angles, 2 * np.pi)) == turns
    assert winding_number(np.roll(angles, 7)) == turns


def test_half_a_turn_of_lines_is_a_whole_turn_when_doubled():
    theta = np.pi * np.arange(16) / 16
    assert winding_number(2 * theta) == 1


def test_mean_direction():
    assert circular_mean([0.1, 2 * np.pi - 0.1]) == pytest.approx(0, abs=1e-12) or circular_mean(
        [0.1, 2 * np.pi - 0.1]
    ) == pytest.approx(2 * np.pi)


def test_bad_angles_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        circular_correlation([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="second must be a vector of finite angles"):
        circular_correlation([1, 2, 3], [1, np.nan, 2])
