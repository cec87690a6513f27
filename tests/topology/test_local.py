"""Local homology: k rays have k - 1 bars; a plain-Python reference; the normalisation."""

import math

import numpy as np
import pytest

from topodash.topology import (
    local_dissimilarity,
    local_persistence_diagrams,
    normalise_activations,
    persistence_diagrams,
)


def rays(k, dimension=12, points=24):
    directions = np.linalg.qr(np.random.default_rng(k).normal(size=(dimension, dimension)))[0][:k]
    return np.concatenate([np.linspace(0.02, 1, points)[:, None] * u for u in directions])


@pytest.mark.parametrize("engine", ["gudhi", "ripser"])
@pytest.mark.parametrize("k", [2, 3, 5, 10])
def test_k_rays_from_the_origin_have_exactly_k_minus_1_bars(k, engine):
    assert len(local_persistence_diagrams(rays(k), engine=engine)[1]) == k - 1


@pytest.mark.parametrize("n", [7, 8])
@pytest.mark.parametrize("ends_with_relu", [True, False])
def test_the_dissimilarity_follows_the_definition_step_by_step(n, ends_with_relu):
    points = np.random.default_rng(n).normal(size=(n, 3)) + 0.5
    rows = [list(map(float, p)) for p in points]
    if not ends_with_relu:
        mean = [sum(p[c] for p in rows) / n for c in range(3)]
        rows = [[x - m for x, m in zip(p, mean, strict=True)] for p in rows]
    order = sorted(range(n), key=lambda i: math.hypot(*rows[i]))
    radius = math.hypot(*rows[order[n // 2]])
    outside = set(order[n // 2 :])
    placed = [[x / (math.hypot(*rows[i]) if i in outside else radius) for x in rows[i]] for i in range(n)]
    expected = [
        [0.0 if i in outside and j in outside else math.dist(placed[i], placed[j]) for j in range(n)]
        for i in range(n)
    ]
    found = local_dissimilarity(points, ends_with_relu=ends_with_relu)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_array_equal(found, found.T)


def test_the_sphere_may_not_be_one_point():
    points = np.abs(np.random.default_rng(2).normal(size=(40, 5)))
    distances = local_dissimilarity(points)
    outside = np.argsort(np.linalg.norm(points, axis=1), kind="stable")[20:]
    assert (distances[np.ix_(outside, outside)] == 0).all()
    assert not np.allclose(distances[outside[0]], distances[outside[1]])
    assert distances.max() <= 2 + 1e-12


def test_scale_does_not_matter_and_an_offset_only_after_a_relu():
    points = rays(3, points=15)
    first = local_persistence_diagrams(points)[1]
    np.testing.assert_allclose(local_persistence_diagrams(1e-3 * points)[1], first, rtol=1e-9)
    centred = local_persistence_diagrams(points, ends_with_relu=False)[1]
    np.testing.assert_allclose(
        local_persistence_diagrams(points + 7, ends_with_relu=False)[1], centred, rtol=1e-6
    )


def test_a_ball_without_radius_is_refused():
    dead = np.zeros((9, 4))
    dead[:4] = 1
    with pytest.raises(ValueError, match="positive norm at rank 4 of 9; it was 0"):
        local_persistence_diagrams(dead)
    with pytest.raises(ValueError, match="row 0, column 0"):
        local_persistence_diagrams([[np.nan, 1.0]])


def test_normalised_activations_are_centred_with_greatest_distance_1():
    points = np.random.default_rng(0).normal(size=(50, 4)) * [1, 2, 3, 4] + 9
    found = normalise_activations(points)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-12)
    brute = max(math.dist(a, b) for a in found for b in found)
    assert brute == pytest.approx(1)
    np.testing.assert_allclose(
        persistence_diagrams(found)[1] * math.dist(points[0], points[1]) / math.dist(found[0], found[1]),
        persistence_diagrams(points)[1],
        rtol=1e-6,
    )


def test_a_dead_layer_is_one_point_after_normalising():
    assert (normalise_activations(np.full((6, 3), 0.1)) == 0).all()
    assert normalise_activations(np.empty((0, 3))).shape == (0, 3)
    assert persistence_diagrams(normalise_activations(np.full((6, 3), 0.1)))[1].shape == (0, 2)
