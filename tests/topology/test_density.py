"""The density filter against brute force, and the refusals that it promises."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from topodash.topology import variance_normalised_distances
from topodash.topology.density import density_filter, neighbour_distances, normalise_filters


def brute(points, k, fraction, distances=None):
    distances = np.sort(cdist(points, points) if distances is None else distances, axis=1)
    return np.argsort(distances[:, k], kind="stable")[: int(fraction * len(points) + 1e-9)]


@pytest.mark.parametrize("dimension", [2, 8, 9, 25])  # both sides of where a k-d tree is used
@pytest.mark.parametrize("k", [1, 7, 99])
def test_agrees_with_brute_force(dimension, k):
    points = np.random.default_rng(dimension).normal(size=(700, dimension))
    np.testing.assert_array_equal(density_filter(points, k=k, fraction=0.3), brute(points, k, 0.3))


def test_variance_normalised_agrees_with_the_distance_matrix():
    points = np.random.default_rng(0).normal(size=(200, 12)) * np.arange(1, 13)
    expected = brute(points, 5, 0.2, variance_normalised_distances(points))
    np.testing.assert_array_equal(
        density_filter(points, k=5, fraction=0.2, metric="variance_normalised"), expected
    )


@pytest.mark.parametrize("dimension", [2, 10])
def test_ties_go_by_index(dimension):
    lattice = np.zeros((64, dimension))
    lattice[:, :2] = np.stack(np.meshgrid(np.arange(8), np.arange(8)), -1).reshape(-1, 2) * 0.1
    np.testing.assert_allclose(neighbour_distances(lattice, k=2), 0.1)
    duplicates = np.repeat(np.random.default_rng(1).normal(size=(5, dimension)), 4, axis=0)
    np.testing.assert_array_equal(density_filter(duplicates, k=3, fraction=1), np.arange(20))


def test_far_from_the_origin_nothing_is_lost():
    points = np.random.default_rng(2).normal(size=(300, 20))
    np.testing.assert_array_equal(
        density_filter(points + 1e6, k=5, fraction=0.5), density_filter(points, k=5, fraction=0.5)
    )


@pytest.mark.parametrize("size", [1e-60, 1.0, 1e60])
def test_points_that_float32_cannot_tell_apart_are_measured_exactly(size):
    rng = np.random.default_rng(4)
    points = rng.normal(size=(400, 25)) * np.r_[100.0, np.full(24, 1e-3)]
    points[200:] = points[:200] + rng.normal(size=(200, 25)) * 1e-5
    exact = np.sort(cdist(points, points), axis=1)
    for k in (1, 6, 150):
        np.testing.assert_allclose(neighbour_distances(points * size, k=k), exact[:, k] * size, rtol=1e-6)


@pytest.mark.parametrize(
    "n, fraction, kept", [(512, 0.2, 102), (6400, 0.3, 1920), (10, 0.3, 3), (100, 0.29, 29)]
)
def test_keeps_the_floor_of_the_share(n, fraction, kept):
    assert len(density_filter(np.random.default_rng(0).normal(size=(n, 3)), k=1, fraction=fraction)) == kept


def test_a_planted_dense_ring_comes_out():
    rng = np.random.default_rng(3)
    turn = rng.uniform(0, 2 * np.pi, 200)
    ring = np.zeros((200, 25))
    ring[:, :2] = np.stack([np.cos(turn), np.sin(turn)], 1)
    points = np.concatenate([rng.normal(size=(800, 25)), ring + rng.normal(size=(200, 25)) * 0.02])
    assert set(density_filter(points, k=5, fraction=0.2)) == set(range(800, 1000))


@pytest.mark.parametrize(
    "arguments, message",
    [
        (
            {"k": 10, "fraction": 0.5},
            r"k must be .* from 1 to 9, one less than the number of points 10; it was 10",
        ),
        ({"k": 0, "fraction": 0.5}, "k must be"),
        ({"k": 2, "fraction": 0.0}, r"fraction must be in \(0, 1\]; it was 0.0"),
        ({"k": 2, "fraction": 1.1}, "fraction must be"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        density_filter(np.random.default_rng(0).normal(size=(10, 3)), **arguments)


def test_nan_is_refused_with_row_and_column_and_constant_columns_by_number():
    points = np.random.default_rng(0).normal(size=(10, 3))
    constant = points.copy()
    constant[:, 1] = 2.0
    with pytest.raises(ValueError, match="column 1"):
        density_filter(constant, k=2, fraction=0.5, metric="variance_normalised")
    points[4, 2] = np.nan
    with pytest.raises(ValueError, match="row 4, column 2"):
        density_filter(points, k=2, fraction=0.5)


def test_normalised_filters_have_mean_0_and_variance_1_and_constants_are_left_out():
    filters = np.random.default_rng(0).normal(size=(6, 5, 5)).astype(np.float32)
    filters[2] = 0.3
    filters[4] = 0.0
    result = normalise_filters(filters)
    assert result.kept.tolist() == [0, 1, 3, 5]
    assert result.constant.tolist() == [2, 4]
    np.testing.assert_allclose(result.values.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(result.values.var(axis=1), 1)


def test_a_tiny_filter_is_not_constant():
    filters = np.random.default_rng(0).normal(size=(3, 9)) * 1e-30
    assert len(normalise_filters(filters).kept) == 3


def test_normalise_refuses_nan_by_place():
    filters = np.zeros((3, 2, 2))
    filters[1, 1, 0] = np.inf
    with pytest.raises(ValueError, match="row 1, column 2"):
        normalise_filters(filters)
