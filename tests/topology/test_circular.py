"""Circular coordinates of spaces whose angle is known."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from topodash.geometry.klein import gradient_direction, patch
from topodash.topology import circular_coordinates
from topodash.topology.angles import circular_correlation, winding_number
from topodash.topology.circular import NoBarError


def follow(a, b):
    return circular_correlation(a, b, permutations=0).value


@pytest.mark.parametrize("n", [8, 31, 60])
def test_a_regular_polygon_gets_its_own_angles(n):
    turn = 2 * np.pi * np.arange(n) / n
    result = circular_coordinates(np.c_[np.cos(turn), np.sin(turn)])
    assert abs(winding_number(result.angles)) == 1
    steps = np.diff(np.unwrap(result.angles))
    np.testing.assert_allclose(np.abs(steps), 2 * np.pi / n, atol=1e-6)
    assert result.prime == 47
    assert result.scale == pytest.approx(0.1 * result.birth + 0.9 * result.death)
    assert (result.angles >= 0).all() and (result.angles < 2 * np.pi).all()


@pytest.mark.parametrize("landmarks", [None, 40])
def test_a_noisy_circle(landmarks):
    rng = np.random.default_rng(0)
    turn = rng.uniform(0, 2 * np.pi, 150)
    points = np.c_[np.cos(turn), np.sin(turn)] + rng.normal(size=(150, 2)) * 0.08
    result = circular_coordinates(points, landmarks=landmarks)
    assert follow(turn, result.angles) > 0.98
    # not only in rank: the angles themselves, up to rotation and reflection
    assert max(abs(np.exp(1j * (turn - s * result.angles)).mean()) for s in (1, -1)) > 0.97
    assert not len(result.outside)
    assert len(result.landmarks) == (150 if landmarks is None else 40)


def test_rotated_edges_follow_their_angle():
    turn = 2 * np.pi * np.arange(64) / 64
    filters = patch(turn, np.pi / 2, 5)
    filters = filters + np.random.default_rng(1).normal(size=filters.shape) * 0.03
    result = circular_coordinates(filters)
    assert follow(turn, result.angles) >= 0.98
    assert follow(gradient_direction(filters), result.angles) >= 0.98


def test_distances_and_points_give_the_same():
    rng = np.random.default_rng(2)
    turn = rng.uniform(0, 2 * np.pi, 60)
    points = np.c_[np.cos(turn), 2 * np.sin(turn)]
    a = circular_coordinates(points)
    b = circular_coordinates(squareform(pdist(points)), metric="precomputed")
    np.testing.assert_allclose(a.angles, b.angles)
    c = circular_coordinates(points, metric="variance_normalised")
    assert follow(turn, c.angles) > 0.98


def test_each_of_two_circles_has_its_own_bar():
    turn = 2 * np.pi * np.arange(30) / 30
    ring = np.c_[np.cos(turn), np.sin(turn)]
    points = np.concatenate([2 * ring, 1 * ring + [10, 0]])
    large, small = circular_coordinates(points), circular_coordinates(points, bar=1)
    assert abs(winding_number(large.angles[:30])) == 1
    assert winding_number(large.angles[30:]) == 0
    assert abs(winding_number(small.angles[30:])) == 1


def test_far_points_take_the_nearest_landmark_and_are_named():
    turn = 2 * np.pi * np.arange(40) / 40
    points = np.concatenate([np.c_[np.cos(turn), np.sin(turn)], [[1.5, 0.0]]])
    result = circular_coordinates(points, landmarks=12)
    assert len(result.angles) == 41
    assert np.isin(result.outside, np.arange(41)).all()


def test_without_a_bar_there_is_no_coordinate():
    with pytest.raises(NoBarError, match="one of the 0 degree-1 bars"):
        circular_coordinates(np.arange(10.0)[:, None])
    turn = 2 * np.pi * np.arange(20) / 20
    ring = np.c_[np.cos(turn), np.sin(turn)]
    with pytest.raises(NoBarError, match="longer than 5"):
        circular_coordinates(ring, longer_than=5.0)
    with pytest.raises(NoBarError, match="it was 3"):
        circular_coordinates(ring, bar=3)


def test_bad_arguments_are_named():
    ring = np.random.default_rng(0).normal(size=(20, 2))
    with pytest.raises(ValueError, match="scale must be between"):
        circular_coordinates(ring, scale=1.0)
    with pytest.raises(ValueError, match="prime"):
        circular_coordinates(ring, prime=2)
    with pytest.raises(ValueError, match="metric must be"):
        circular_coordinates(ring, metric="cosine")
    ring[3, 1] = np.nan
    with pytest.raises(ValueError, match="row 3, column 1"):
        circular_coordinates(ring)
