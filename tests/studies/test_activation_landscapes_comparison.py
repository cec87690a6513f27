"""Tests between moments and the landscape curves, against the plain permutation test and plane geometry."""

from dataclasses import replace

import numpy as np
import pytest

from topodash.studies.activation_landscapes import LandscapeConfig, LandscapeStudy, compare, curves
from topodash.topology import permutation_test

SMALL = LandscapeConfig(
    networks=4, group_size=2, points=600, hidden=(6, 5), thresholds=(0.5, 0.72, 0.99), permutations=50
)


def test_a_comparison_is_the_permutation_test_of_its_gram_matrix():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(8, 2, 5)) + rng.normal(size=(8, 1, 5))
    features[:, 1, 0] += 1.0
    config = replace(SMALL, networks=8, thresholds=(0.9,), permutations=10_000)
    flat = features.reshape(16, 5)
    study = _bare_study(config, gram=(flat @ flat.T)[None])
    expected = permutation_test(features[:, 0], features[:, 1], permutations=10_000, seed=0, paired=True)
    found = compare(study, 0, 1)
    assert found.test.p_value == expected.p_value
    assert found.test.statistic == pytest.approx(expected.statistic)
    assert not compare(study, 0, 1, paired=False).test.paired


def test_curves_keep_the_distances_of_averages_that_lie_in_a_plane():
    rng = np.random.default_rng(1)
    plane = rng.normal(size=(8, 2))
    config = replace(SMALL, thresholds=(0.9,))
    study = _bare_study(config, curve_gram=(plane @ plane.T)[None])
    found = curves(study)
    assert found.points.shape == (2, 4, 2)
    assert found.explained.sum() == pytest.approx(1)
    points = found.points.reshape(8, 2)
    for i in range(8):
        np.testing.assert_allclose(
            np.linalg.norm(points - points[i], axis=1), np.linalg.norm(plane - plane[i], axis=1), atol=1e-9
        )
    largest = np.abs(points).argmax(axis=0)
    assert (points[largest, [0, 1]] > 0).all()


def _bare_study(config, **arrays):
    moments, layers, items = (
        len(config.snapshots),
        len(config.layers),
        config.networks * len(config.snapshots),
    )
    shape = (config.networks, moments)
    values = {
        "mean_landscapes": np.zeros((moments, layers, 1, 1, 2), dtype=np.float32),
        "networks_used": np.full((moments, layers), config.networks),
        "norms": np.zeros((*shape, layers, 1)),
        "norm_of_mean": np.zeros((moments, layers, 1)),
        "retained_share": np.ones((moments, layers, 1)),
        "lost_share": np.zeros((moments, layers, 1)),
        "gram": np.zeros((1, items, items)),
        "usable": np.ones(shape, dtype=bool),
        "curve_gram": np.zeros((1, moments * layers, moments * layers)),
        "steps": np.tile(np.arange(moments), (config.networks, 1)),
        "accuracy": np.zeros(shape),
        "test_accuracy": np.zeros(shape),
        "reason": np.zeros((*shape, layers, 1), dtype=np.int8),
        "batch_sizes": np.array([10]),
    }
    return LandscapeStudy(config=config, majority_share=0.7, **(values | arrays))
