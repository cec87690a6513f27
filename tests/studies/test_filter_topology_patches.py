"""Maximal patches against all vertices of the box, against sampling, and against convolution."""

from itertools import product

import numpy as np
import pytest
from scipy.signal import correlate2d

from topodash.studies.patches import (
    best_data_patches,
    maximal_box_patch,
    maximal_norm_patch,
    maximal_relu_patch,
    mean_relu,
)

VERTICES = np.array(list(product((0.0, 1.0), repeat=9)))


@pytest.mark.parametrize("n", [1, 2, 5, 20])
@pytest.mark.parametrize("seed", range(8))
def test_relu_ascent_equals_exhaustive_search_for_3_by_3(n, seed):
    rng = np.random.default_rng([n, seed])
    filters, biases = rng.normal(size=(n, 3, 3)), rng.normal(size=n) * 0.5
    found = maximal_relu_patch(filters, biases, starts=128)
    assert found.response == pytest.approx(mean_relu(VERTICES, filters, biases).max())
    assert mean_relu(found.patch.reshape(1, -1), filters, biases)[0] == pytest.approx(found.response)
    assert 1 <= found.reached <= found.starts == 128 + n + 2


def test_the_vertex_is_best_in_the_whole_box():
    rng = np.random.default_rng(0)
    filters, biases = rng.normal(size=(6, 3, 3)), rng.normal(size=6)
    inside = rng.random((5000, 9))
    assert mean_relu(inside, filters, biases).max() < maximal_relu_patch(filters, biases).response


def test_filters_that_never_fire_respond_0():
    assert maximal_relu_patch(-np.ones((3, 3, 3))).response == 0.0


def test_linear_optimum_of_the_box_equals_exhaustive_search():
    rng = np.random.default_rng(1)
    filters, biases = rng.normal(size=(7, 3, 3)), rng.normal(size=7)
    found = maximal_box_patch(filters, biases)
    linear = (VERTICES @ filters.reshape(7, 9).T + biases).mean(axis=1)
    assert found.response == pytest.approx(linear.max())
    np.testing.assert_array_equal(found.patch.ravel(), VERTICES[linear.argmax()])


def test_linear_optimum_of_the_ball_is_the_normalised_mean():
    rng = np.random.default_rng(2)
    filters = rng.normal(size=(4, 5, 5))
    found = maximal_norm_patch(filters)
    assert np.linalg.norm(found.patch) == pytest.approx(1)
    others = rng.normal(size=(2000, 25))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    assert (others @ filters.reshape(4, 25).mean(axis=0)).max() < found.response
    assert not maximal_norm_patch(np.stack([filters[0], -filters[0]])).patch.any()


def test_the_search_is_seeded():
    filters = np.random.default_rng(3).normal(size=(30, 5, 5))
    a, b = maximal_relu_patch(filters, seed=4), maximal_relu_patch(filters, seed=4)
    np.testing.assert_array_equal(a.patch, b.patch)
    assert (a.response, a.reached) == (b.response, b.reached)


def test_data_patches_agree_with_correlation():
    rng = np.random.default_rng(4)
    images = rng.random((12, 9, 11)).astype(np.float32)
    filters, biases = rng.normal(size=(3, 3, 3)), rng.normal(size=3)
    found = best_data_patches(images, filters, biases, top=4, subsample=None)
    maps = np.array(
        [
            np.mean(
                [
                    np.maximum(correlate2d(im, f, "valid") + b, 0)
                    for f, b in zip(filters, biases, strict=True)
                ],
                0,
            )
            for im in images
        ]
    )
    best = maps.reshape(12, -1).max(axis=1)
    np.testing.assert_array_equal(found.images, np.argsort(-best)[:4])
    np.testing.assert_allclose(found.responses, np.sort(best)[::-1][:4], rtol=1e-5)
    for image, (row, column), patch in zip(found.images, found.corners, found.patches, strict=True):
        np.testing.assert_array_equal(patch, images[image, row : row + 3, column : column + 3])
    assert (found.searched, found.total) == (12, 12)


def test_a_subsample_of_the_images_is_seeded_and_said():
    images = np.random.default_rng(5).random((50, 6, 6))
    filters = np.ones((1, 5, 5))
    a = best_data_patches(images, filters, subsample=10, seed=1)
    b = best_data_patches(images, filters, subsample=10, seed=1)
    assert (a.searched, a.total) == (10, 50)
    np.testing.assert_array_equal(a.images, b.images)
    assert len(a.patches) == 9


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="images must have shape"):
        best_data_patches(np.zeros((2, 3, 3)), np.ones((1, 5, 5)))
    with pytest.raises(ValueError, match="filters must be finite"):
        maximal_box_patch(np.full((1, 5, 5), np.nan))
    with pytest.raises(ValueError, match="biases must be finite, one for each of 2"):
        maximal_box_patch(np.ones((2, 5, 5)), [1.0])
    with pytest.raises(ValueError, match="starts must be"):
        maximal_relu_patch(np.ones((2, 5, 5)), starts=-1)
    with pytest.raises(ValueError, match="top and subsample"):
        best_data_patches(np.zeros((2, 5, 5)), np.ones((1, 5, 5)), top=0)
